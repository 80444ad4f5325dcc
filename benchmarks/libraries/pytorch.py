"""PyTorch: tensors resident, one shuffle an epoch, slices as batches.

Two ways to a step: modules with autograd and a fused optimizer, and one function of the weights
(`torch.func`) with the optimizer written into it, compiled whole. Compiling only the module
is left out: on one thread it lay between a quarter slower than eager and a twentieth faster.
`cpp_wrapper` takes Python out of the compiled step. A population in groups of equal shape, not
compiled, is left out too: on two shapes it took four times as long as the form here.
"""

import itertools
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from measure import Run, Variant, thread_counts
from works import Beginners, Population, Prediction, Trained, Training

from libraries.stacking import by_depth, first_weights, stacked

NAME = "PyTorch"

# As many rows as leave a layer's outputs in the cache of a core.
CHUNK = 4096


def load() -> str:
    import torch

    return torch.__version__


def _threads(n: int) -> str:
    return f"{n} thread{'s' * (n > 1)}"


def _on(n_threads: int, run: Run) -> Callable[[], Run]:
    """What sets the number of threads, untimed, and starts `run`."""
    import torch

    def start() -> Run:
        torch.set_num_threads(n_threads)
        return run

    return start


def _batches(inputs, targets, batch_size: int):
    import torch

    if batch_size >= len(inputs):
        return [(inputs, targets)]
    # One gather an epoch, then views: faster than indexing each batch, or a DataLoader.
    order = torch.randperm(len(inputs))
    return zip(inputs[order].split(batch_size), targets[order].split(batch_size), strict=True)


def _stack(widths: Sequence[int]):
    import torch

    layers = []
    for n_in, n_out in itertools.pairwise(widths):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def _tensors(work: Training):
    import torch

    targets = torch.from_numpy(work.targets)
    return torch.from_numpy(work.inputs), targets if work.n_classes else targets[:, None]


def _outputs(forward: Callable, work: Training) -> Callable[[np.ndarray], np.ndarray]:
    import torch

    def predict(inputs: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            outputs = forward(torch.from_numpy(inputs))
        return (outputs.softmax(1) if work.n_classes else outputs).numpy()

    return predict


def _modules(work: Training, n_threads: int, **options) -> Variant:
    import torch

    inputs, targets = _tensors(work)
    measure = torch.nn.CrossEntropyLoss() if work.n_classes else torch.nn.MSELoss()

    def train() -> Trained:
        model = _stack(work.widths)
        if work.optimizer == "sgd":
            optimizer = torch.optim.SGD(model.parameters(), lr=work.learning_rate, **options)
        else:
            optimizer = torch.optim.Adam(
                model.parameters(), lr=work.learning_rate, eps=1e-7, **options
            )
        updates = 0
        for _ in range(work.epochs):
            for batch, wanted in _batches(inputs, targets, work.batch_size):
                optimizer.zero_grad(set_to_none=True)
                measure(model(batch), wanted).backward()
                optimizer.step()
                updates += 1
        return Trained(_outputs(model, work), updates)

    form = f"eager, {', '.join(f'{k}={v}' for k, v in options.items())}, {_threads(n_threads)}"
    return Variant(NAME, form, _on(n_threads, train))


def _forward(weights, x):
    import torch

    for kernel, bias in weights[:-1]:
        x = torch.relu(torch.addmm(bias, x, kernel))
    kernel, bias = weights[-1]
    return torch.addmm(bias, x, kernel)


def _mean_squares(weights, x, y):
    import torch

    return torch.nn.functional.mse_loss(_forward(weights, x), y)


def _cross_entropy(weights, x, y):
    import torch

    return torch.nn.functional.cross_entropy(_forward(weights, x), y)


def _adam(gradient: Callable, state, rates, x, y) -> None:
    """Update the state in place; `rates` has one for each array, shaped to broadcast."""
    import torch

    weights, means, squares, t = state
    t.add_(1)
    correction = torch.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    slots = zip(weights, means, squares, gradient(weights, x, y), rates, strict=True)
    for layer, m_layer, v_layer, g_layer, rate_layer in slots:
        for w, m, v, g, rate in zip(layer, m_layer, v_layer, g_layer, rate_layer, strict=True):
            m.lerp_(g, 0.1)
            v.mul_(0.999).addcmul_(g, g, value=0.001)
            w.sub_(rate * correction * m / (v.sqrt() + 1e-7))


def _sgd(gradient: Callable, state, rates, x, y) -> None:
    weights, t = state[0], state[-1]
    t.add_(1)
    for layer, g_layer, rate_layer in zip(weights, gradient(weights, x, y), rates, strict=True):
        for w, g, rate in zip(layer, g_layer, rate_layer, strict=True):
            w.sub_(rate * g)


def _state(weights: list[tuple[np.ndarray, np.ndarray]]):
    import torch

    def zeros():
        return [tuple(torch.zeros(array.shape) for array in layer) for layer in weights]

    first = [tuple(torch.from_numpy(array.copy()) for array in layer) for layer in weights]
    return first, zeros(), zeros(), torch.zeros(())


def _compiled_step(update: Callable, gradient: Callable, *, cpp_wrapper: bool = True) -> Callable:
    import torch

    torch.compiler.reset()  # or the shapes of earlier works fill the cache and end compiling
    # A shape of its own for the last batch, rather than one program for any shape.
    options = {"cpp_wrapper": cpp_wrapper}
    return torch.compile(partial(update, gradient), dynamic=False, options=options)


def _function(work: Training, n_threads: int, *, cpp_wrapper: bool = True) -> Variant:
    import torch

    inputs, targets = _tensors(work)
    gradient = torch.func.grad(_cross_entropy if work.n_classes else _mean_squares)
    update = {"adam": _adam, "sgd": _sgd}[work.optimizer]
    step = _compiled_step(update, gradient, cpp_wrapper=cpp_wrapper)
    rates = [(work.learning_rate, work.learning_rate)] * (len(work.widths) - 1)

    def start() -> Run:
        torch.set_num_threads(n_threads)
        state = _state(first_weights(work.widths, seed=0))

        def train() -> Trained:
            for _ in range(work.epochs):
                for batch, wanted in _batches(inputs, targets, work.batch_size):
                    step(state, rates, batch, wanted)
            return Trained(_outputs(partial(_forward, state[0]), work), int(state[-1]))

        return train

    form = "torch.func, step compiled whole" + (", cpp_wrapper" if cpp_wrapper else "")
    return Variant(NAME, f"{form}, {_threads(n_threads)}", start)


def beginners(work: Beginners) -> list[Variant]:
    return [_modules(work, 1, foreach=False), _modules(work, 1, fused=True), _function(work, 1)]


def training(work: Training) -> list[Variant]:
    counts = sorted({1, thread_counts()[-1]})
    return [
        *[_modules(work, n_threads, fused=True) for n_threads in counts],
        *[_function(work, n_threads) for n_threads in counts],
        # Large products on several threads may be faster without it.
        *[_function(work, n_threads, cpp_wrapper=False) for n_threads in counts[1:]],
    ]


def population(work: Population) -> list[Variant]:
    import torch

    inputs, targets = torch.from_numpy(work.inputs), torch.from_numpy(work.targets)[:, None]
    # Members of a call share the order of rows, which spares PyTorch a gather for each of them.
    gradient = torch.func.vmap(torch.func.grad(_mean_squares), in_dims=(0, None, None))

    step = _compiled_step(_adam, gradient)
    groups = by_depth(work)

    def form(n_threads: int) -> Variant:
        def train():
            trained = []
            for members in groups:
                weights, rates = stacked(work, members)
                state = _state(weights)
                rate = torch.from_numpy(rates)
                shaped = [(rate[:, None, None], rate[:, None])] * len(weights)
                for _ in range(work.epochs):
                    for batch, wanted in _batches(inputs, targets, work.batch_size):
                        step(state, shaped, batch, wanted)
                trained.append(state[0])
            predict = torch.func.vmap(_forward, in_dims=(0, None))
            return lambda: np.concatenate([predict(w, inputs)[:, :, 0].numpy() for w in trained])

        name = f"vmap padded by depth, compiled, {_threads(n_threads)}"
        return Variant(NAME, name, _on(n_threads, train))

    return [form(n_threads) for n_threads in sorted({1, thread_counts()[-1]})]


def prediction(work: Prediction) -> list[Variant]:
    import torch

    model = _stack(work.widths).eval()
    with torch.no_grad():
        for linear, (kernel, bias) in zip(model[::2], work.layers, strict=True):
            linear.weight.copy_(torch.from_numpy(kernel.T))
            linear.bias.copy_(torch.from_numpy(bias))
    inputs = torch.from_numpy(work.inputs)
    torch.compiler.reset()
    forwards = {
        "eager": torch.inference_mode()(model),
        "torch.jit.trace, frozen": torch.jit.freeze(torch.jit.trace(model, inputs[:1])),
        "torch.compile": torch.inference_mode()(
            torch.compile(model, dynamic=False, options={"cpp_wrapper": True})
        ),
    }

    def form(forward: Callable, n_threads: int, rows: int) -> Callable[[], Run]:
        if rows >= len(inputs):
            return _on(n_threads, lambda: forward(inputs))
        parts = inputs.split(rows)
        return _on(n_threads, lambda: torch.cat([forward(part) for part in parts]))

    return [
        Variant(
            NAME,
            f"{name}, {_threads(n_threads)}" + (f", by {rows:,} rows" if rows == CHUNK else ""),
            form(forward, n_threads, rows),
        )
        for name, forward in forwards.items()
        for n_threads in sorted({1, thread_counts()[-1]})
        for rows in sorted({len(inputs), min(len(inputs), CHUNK)})
    ]
