"""What the cores could do at most: fused multiply-adds on registers alone."""

from __future__ import annotations

SECONDS = 0.5


def fma_peak(n_threads: int) -> float:
    """Return GFLOP/s in float32 on so many threads, by the core's register-only loop."""
    from hiddenlogic.engine import _core, isa  # noqa: TID251 - no part of the engine proper

    return _core.fma_peak(isa(), "float32", n_threads, SECONDS)
