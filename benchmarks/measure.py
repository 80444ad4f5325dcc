"""Interleaved repeats, medians and their spread; what machine it was."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# A run shorter than this is repeated within one timing, so that the clock's grain is no part of it.
SHORTEST_TIMING = 0.05
# Whoever has had so many seconds and so many timings sits out the rounds that are left.
TURNS = ((30.0, 3), (90.0, 1))

Run = Callable[[], Any]


@dataclass
class Variant:
    """One way in which one library does the work.

    `start` prepares what is not to be timed and returns what is: a function whose result the
    work can score. `first_seconds` is the first run, with whatever it compiles or caches.
    """

    library: str
    form: str
    start: Callable[[], Run]
    first_seconds: float = float("nan")
    seconds: list[float] = field(default_factory=list)
    score: float = float("nan")

    @property
    def median(self) -> float:
        """Seconds of one run, warm."""
        return statistics.median(self.seconds)

    @property
    def compile_seconds(self) -> float:
        """What the first run took beyond a warm one; 0 where that is within the spread."""
        extra = self.first_seconds - self.median
        return extra if self.first_seconds > 1.5 * max(self.seconds) else 0.0


def whole(program: Run) -> Callable[[], Run]:
    """A variant of which everything is timed."""
    return lambda: program


def _timed(variant: Variant) -> tuple[float, Any]:
    run = variant.start()
    begin = time.perf_counter()
    result = run()
    return time.perf_counter() - begin, result


def interleave(variants: list[Variant], score: Callable[[Any], float], repeats: int) -> None:
    """Time each variant `repeats` times, round after round, so that drift meets all alike.

    The first run of each is kept apart: it compiles and fills caches, and its result is scored.
    """
    spent: dict[int, float] = {}
    for i, variant in enumerate(variants):
        variant.first_seconds, result = _timed(variant)
        variant.score = score(result)
        spent[i] = variant.first_seconds
    loops = dict.fromkeys(spent, 1)
    for done in range(repeats):
        for i, variant in enumerate(variants):
            if any(spent[i] > most and done >= fewest for most, fewest in TURNS):
                continue
            if done == 0 and variant.first_seconds < TURNS[0][0]:
                # Timed anew, for the first run may have compiled.
                loops[i] = max(1, round(SHORTEST_TIMING / _timed(variant)[0]))
            seconds = sum(_timed(variant)[0] for _ in range(loops[i]))
            variant.seconds.append(seconds / loops[i])
            spent[i] += seconds


def cores() -> int:
    """Return the number of cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def thread_counts() -> list[int]:
    """Return 1, 2, 4 … and all cores."""
    most = cores()
    return sorted({most, *(2**k for k in range(most.bit_length()))} - {0} & set(range(most + 1)))


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
    return f"{name}, {cores()} cores, {platform.system()}, Python {platform.python_version()}"
