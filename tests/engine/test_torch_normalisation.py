"""Normalisations from equal weights beside PyTorch, which has gradients of its own.

Both are held to the bounds of their own rounding around the float64 reference.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
import rounding
from reference.examples import random_weights
from reference.training import train

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.layers import BatchNormalization, Dense, LayerNormalization, RMSNormalization
from hiddenlogic.network import Network

torch = pytest.importorskip("torch", reason="needs PyTorch: make interop")

# The last batch of each epoch has 6 rows.
EPOCHS, BATCH, ROWS, WIDTH = 10, 8, 38, 6
RATE, MOMENTUM, EPSILON = 0.05, 0.75, 1e-2
MSE = losses.MeanSquaredError()

LAYERS = {
    "batch": BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON),
    "layer": LayerNormalization(epsilon=EPSILON),
    "rms": RMSNormalization(epsilon=EPSILON),
}


def network_of(kind):
    return Network.sequential(4, [Dense(WIDTH), LAYERS[kind], Dense(2)])


def rows():
    random = np.random.default_rng(0)
    inputs = random.normal(1, 2, (ROWS, 4)).astype(np.float32).astype(np.float64)
    return inputs, np.sin(inputs[:, :2]).astype(np.float32).astype(np.float64)


def batches():
    return [slice(start, start + BATCH) for _ in range(EPOCHS) for start in range(0, ROWS, BATCH)]


def by_torch(kind, dtype, biased=True):
    """Return the weights after all steps, in our order.

    PyTorch's momentum is what comes in, not what stays, and its running variance is divided by one
    row less than the batch has: told a cumulative average of one batch (momentum 1), it tells the
    batch's own, from which the biased one and the moving average are made here.
    """
    kernel, bias, *own = random_weights(network_of(kind), 1)
    *own, last_kernel, last_bias = own
    norm = {
        "batch": lambda: torch.nn.BatchNorm1d(WIDTH, eps=EPSILON, momentum=1.0),
        "layer": lambda: torch.nn.LayerNorm(WIDTH, eps=EPSILON),
        "rms": lambda: torch.nn.RMSNorm(WIDTH, eps=EPSILON),
    }[kind]()
    model = torch.nn.Sequential(torch.nn.Linear(4, WIDTH), norm, torch.nn.Linear(WIDTH, 2))
    start = [kernel.T, bias, *own[:2], last_kernel.T, last_bias]
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), start, strict=True):
            parameter.copy_(torch.as_tensor(value))
    model = model.to(getattr(torch, dtype))
    stepper = torch.optim.SGD(model.parameters(), lr=RATE)
    inputs, targets = (torch.as_tensor(one).to(getattr(torch, dtype)) for one in rows())
    moving = [one.copy() for one in own[2:]]
    for batch in batches():
        stepper.zero_grad()
        torch.nn.functional.mse_loss(model(inputs[batch]), targets[batch]).backward()
        stepper.step()
        if moving:
            n = len(inputs[batch])
            variance = norm.running_var.numpy() * ((n - 1) / n if biased else 1)
            for old, new in zip(moving, (norm.running_mean.numpy(), variance), strict=True):
                old[...] = MOMENTUM * old + (1 - MOMENTUM) * new
    found = [p.detach().numpy().T for p in model.parameters()]
    return [*found[:-2], *moving, *found[-2:]]


def by_engine(kind, dtype):
    trainer = engine.Trainer(
        network_of(kind),
        loss=MSE,
        optimizer=optimizers.SGD(RATE),
        weights=[w.astype(dtype) for w in random_weights(network_of(kind), 1)],
        dtype=dtype,
    )
    inputs, targets = (one.astype(dtype) for one in rows())
    trainer.fit(inputs, targets, epochs=EPOCHS, batch_size=BATCH, shuffle=False)
    return trainer.get_weights()


@functools.cache
def bounds_of(kind, dtype):
    def reference(**how):
        return train(
            network_of(kind),
            random_weights(network_of(kind), 1),
            *rows(),
            loss=MSE,
            optimizer=optimizers.SGD(RATE),
            epochs=EPOCHS,
            batch_size=BATCH,
            **how,
        )

    return rounding.bounds(reference, dtype)[2]


def apart(one, other, bounds):
    """Return which weights are further apart than two trainings with rounding may be."""
    return [abs(a - b).max() > 2 * bound for a, b, bound in zip(one, other, bounds, strict=True)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", LAYERS)
def test_a_normalisation_goes_where_pytorch_goes(kind, dtype):
    assert not any(apart(by_engine(kind, dtype), by_torch(kind, dtype), bounds_of(kind, dtype)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_unbiased_running_variance_of_pytorch_is_told_apart(dtype):
    found = apart(
        by_engine("batch", dtype), by_torch("batch", dtype, False), bounds_of("batch", dtype)
    )
    assert found == [False] * 5 + [True] + [False] * 2
