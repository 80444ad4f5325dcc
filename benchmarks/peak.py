"""What the cores could do at most: fused multiply-adds on registers alone."""

from __future__ import annotations

import time

import numpy as np

SECONDS = 0.5


def fma_peak(n_threads: int) -> tuple[float, str]:
    """Return GFLOP/s in float32 on so many threads, and how it was measured."""
    from hiddenlogic.engine import _core, isa  # noqa: TID251 - no part of the engine proper

    if hasattr(_core, "fma_peak"):
        return _core.fma_peak(isa(), "float32", n_threads, SECONDS), "register-only loop"
    return _product_peak(n_threads), "NumPy's product 1024³"


def _product_peak(n_threads: int) -> float:
    from threadpoolctl import threadpool_limits

    a = np.random.default_rng(0).random((1024, 1024), dtype=np.float32)
    best = np.inf
    with threadpool_limits(n_threads):
        for _ in range(20):
            start = time.perf_counter()
            a @ a
            best = min(best, time.perf_counter() - start)
    return 2 * 1024**3 / best / 1e9
