"""Interleaved repeats, medians and their spread; what machine it was."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

Predict = Callable[[np.ndarray], np.ndarray]

# A run shorter than this is repeated within one timing, so that the clock's grain is no part of it.
SHORTEST_TIMING = 0.05


@dataclass
class Variant:
    """One way in which one library does the work: `train` builds, fits and returns a predictor."""

    library: str
    form: str
    train: Callable[[], Predict]
    seconds: list[float] = field(default_factory=list)
    loss: float = float("nan")

    @property
    def median(self) -> float:
        """Seconds of one run."""
        return statistics.median(self.seconds)


def interleave(variants: list[Variant], inputs: np.ndarray, targets: np.ndarray, repeats: int):
    """Time each variant `repeats` times, round after round, so that drift meets all alike.

    The first run of each is not timed: it fills caches, and its predictions give `loss`.
    """
    loops: list[int] = []
    for variant in variants:
        start = time.perf_counter()
        predict = variant.train()
        seconds = time.perf_counter() - start
        variant.loss = float(np.mean((np.ravel(predict(inputs)) - targets) ** 2))
        if seconds < 1:
            start = time.perf_counter()
            variant.train()
            seconds = time.perf_counter() - start
        loops.append(max(1, round(SHORTEST_TIMING / seconds)))
    for _ in range(repeats):
        for variant, n in zip(variants, loops, strict=True):
            start = time.perf_counter()
            for _ in range(n):
                variant.train()
            variant.seconds.append((time.perf_counter() - start) / n)


def machine() -> str:
    """Return the processor's name, the number of cores to be used, the system and the Python."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.partition(":")[2].strip()
            for line in cpuinfo.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        name = names[0] if names else name
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores, {platform.system()}, Python {platform.python_version()}"
