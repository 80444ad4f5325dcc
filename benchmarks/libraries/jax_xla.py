"""JAX: all epochs in one jitted call: the order of rows, a scan over the batches, Adam.

Data stays on the device and the state is donated. Timed is the warm call alone. What did not help
here: unrolling the scan, a jitted call for each epoch, fast-math, XLA's oneDNN and XNNPACK; and
training a population's networks one by one, without vmap.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from measure import Run, Variant, cores, whole
from works import Beginners, Member, Population, Trained, Training

from libraries.stacking import by_depth, by_shape, first_weights, stacked

NAME = "JAX"

PROGRAM = "first weights, state, jit, scan over 500 steps"
FIT = "resident; jit, scan over 500 steps"


def load() -> str:
    import os

    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax

    return jax.__version__


def _forward(parameters, x):
    import jax

    for kernel, bias in parameters[:-1]:
        x = jax.nn.relu(x @ kernel + bias)
    kernel, bias = parameters[-1]
    return x @ kernel + bias


def _mean_squares(parameters, x, y):
    import jax.numpy as jnp

    return jnp.mean((_forward(parameters, x)[:, 0] - y) ** 2)


def _cross_entropy(parameters, x, y):
    import jax
    import jax.numpy as jnp

    logs = jax.nn.log_softmax(_forward(parameters, x))
    return -jnp.mean(jnp.take_along_axis(logs, y[:, None], axis=1))


def _initial_state(parameters):
    import jax
    import jax.numpy as jnp

    zeros = partial(jax.tree.map, jnp.zeros_like)
    return jax.block_until_ready(
        (jax.tree.map(jnp.asarray, parameters), zeros(parameters), zeros(parameters), jnp.int32(0))
    )


def _adam(loss: Callable, state, rate, x, y):
    import jax
    import jax.numpy as jnp

    parameters, m, v, t = state
    gradient = jax.grad(loss)(parameters, x, y)
    t = t + 1
    step = rate * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    m = jax.tree.map(lambda m, g: m + 0.1 * (g - m), m, gradient)
    v = jax.tree.map(lambda v, g: v + 0.001 * (g * g - v), v, gradient)
    parameters = jax.tree.map(lambda p, m, v: p - step * m / (jnp.sqrt(v) + 1e-7), parameters, m, v)
    return parameters, m, v, t


def _sgd(loss: Callable, state, rate, x, y):
    import jax

    parameters, m, v, t = state
    gradient = jax.grad(loss)(parameters, x, y)
    return jax.tree.map(lambda p, g: p - rate * g, parameters, gradient), m, v, t + 1


def _fit(update: Callable, epochs: int, batch_size: int, by_epoch: bool, state, rate, key, x, y):
    """Train `state`; rows are gathered once an epoch or batch by batch."""
    import jax

    n_full, rest = divmod(len(x), batch_size)

    def batch(state, rows):
        return update(state, rate, *(rows if by_epoch else (x[rows], y[rows]))), None

    def epoch(state, key):
        order = jax.random.permutation(key, len(x)) if n_full > 1 or rest else np.arange(len(x))
        head, tail = order[: n_full * batch_size], order[n_full * batch_size :]
        rows = head.reshape(n_full, batch_size)
        state, _ = jax.lax.scan(batch, state, (x[rows], y[rows]) if by_epoch else rows)
        return (update(state, rate, x[tail], y[tail]) if rest else state), None

    return jax.lax.scan(epoch, state, jax.random.split(key, epochs))[0]


def _variant(work: Training, form: str, by_epoch: bool, *, resident: bool = True) -> Variant:
    import jax
    import jax.numpy as jnp

    loss = _cross_entropy if work.n_classes else _mean_squares
    update = partial({"adam": _adam, "sgd": _sgd}[work.optimizer], loss)
    fit = jax.jit(partial(_fit, update, work.epochs, work.batch_size, by_epoch), donate_argnums=0)
    x, y = jnp.asarray(work.inputs), jnp.asarray(work.targets)
    key = jax.random.key(0)

    def initial_state():
        return _initial_state(first_weights(work.widths, seed=0))

    def start() -> Run:
        ready = initial_state() if resident else None

        def train() -> Trained:
            state = ready or initial_state()
            parameters, _, _, t = jax.block_until_ready(
                fit(state, np.float32(work.learning_rate), key, x, y)
            )

            def predict(inputs):
                outputs = _forward(parameters, inputs)
                return jax.nn.softmax(outputs) if work.n_classes else outputs

            return Trained(predict, int(t))

        return train

    return Variant(NAME, form, start)


def beginners(work: Beginners) -> list[Variant]:
    return [
        _variant(work, PROGRAM, by_epoch=False, resident=False),
        _variant(work, FIT, by_epoch=False),
    ]


def training(work: Training) -> list[Variant]:
    return [
        _variant(work, "jit, scan; rows gathered each epoch", by_epoch=True),
        _variant(work, "jit, scan; rows gathered each batch", by_epoch=False),
    ]


def population(work: Population) -> list[Variant]:
    import jax
    import jax.numpy as jnp

    x, y = jnp.asarray(work.inputs), jnp.asarray(work.targets)
    key = jax.random.key(0)
    fit = partial(_fit, partial(_adam, _mean_squares), work.epochs, work.batch_size, True)
    # Members of a call share the order of rows, which spares JAX a gather for each of them.
    shared = (((0, 0, 0, None), 0, None, None, None), (0, 0, 0, None))
    together = jax.jit(jax.vmap(fit, in_axes=shared[0], out_axes=shared[1]))

    def by_vmap(groups: list[tuple[Member, ...]]) -> Run:
        def train():
            states = [stacked(work, members) for members in groups]
            # Groups side by side: a group's many small products leave cores idle.
            with ThreadPoolExecutor(cores()) as pool:
                trained = list(
                    pool.map(
                        lambda state: jax.block_until_ready(
                            together(_initial_state(state[0]), state[1], key, x, y)[0]
                        ),
                        states,
                    )
                )
            predict = jax.vmap(_forward, (0, None))
            return lambda: np.concatenate([predict(weights, x)[:, :, 0] for weights in trained])

        return train

    return [
        Variant(NAME, "jit, scan, vmap over equal shapes", whole(by_vmap(by_shape(work)))),
        Variant(NAME, "jit, scan, vmap padded by depth", whole(by_vmap(by_depth(work)))),
    ]
