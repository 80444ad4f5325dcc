"""Processors are a hundred times slower with subnormal numbers: networks at rest make none."""

from __future__ import annotations

import ctypes
import math
import platform
from dataclasses import replace

import numpy as np
import pytest
from optimizer_cases import EACH

from hiddenlogic import engine, losses
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD

# FE_UNDERFLOW of fenv.h: a result was subnormal and not exact.
UNDERFLOW = {"x86_64": 16, "aarch64": 8}.get(platform.machine())
FACTOR = 0.9  # what moments shrink by in each step without a gradient
TARGET = {"float32": 1e-12, "float64": 1e-100}  # so small that moments have a short way to go

pytestmark = pytest.mark.skipif(UNDERFLOW is None, reason="knows no flag of this processor")


def underflows_at_rest(optimizer, dtype):
    """Return whether the processor met an underflow after gradients had become 0."""
    trainer = engine.Trainer(
        Network.sequential(1, [Dense(20, use_bias=False)]),
        loss=losses.get("mse"),
        optimizer=optimizer,
        weights=[np.zeros((1, 20))],
        dtype=dtype,
        n_threads=1,
    )
    trainer.fit(np.ones((4, 1)), np.full((4, 20), TARGET[dtype]), epochs=1)
    steps = math.ceil(math.log(np.finfo(dtype).tiny / TARGET[dtype]) / math.log(FACTOR))
    flags = []
    fenv = ctypes.CDLL(None)
    fenv.feclearexcept(UNDERFLOW)
    trainer.fit(
        np.zeros((steps, 1)),
        np.zeros((steps, 20)),
        epochs=1,
        batch_size=1,
        # Before NumPy clears them.
        on_epoch=lambda *_: flags.append(fenv.fetestexcept(UNDERFLOW)),
    )
    return flags != [0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", EACH, ids=lambda one: one.name)
def test_moments_without_a_gradient_end_at_zero_and_not_among_the_subnormals(optimizer, dtype):
    shrinking = {
        name: FACTOR for name in ("momentum", "beta_1", "beta_2", "rho") if hasattr(optimizer, name)
    }
    assert not underflows_at_rest(replace(optimizer, **shrinking), dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_subnormal_weight_is_noticed(dtype):
    smallest = float(np.finfo(dtype).tiny)
    assert underflows_at_rest(SGD(1e-3 * smallest / TARGET[dtype], weight_decay=0.5), dtype)
