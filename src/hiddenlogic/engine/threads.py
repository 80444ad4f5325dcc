"""How many threads a run may use: what this process is allowed, unless told otherwise."""

from __future__ import annotations

import functools
import math
import os
from pathlib import Path

from hiddenlogic.errors import RangeError

_MOST = 1024


@functools.cache
def _cgroup_cores(folder: Path = Path("/sys/fs/cgroup")) -> float:
    """Return the cores that a container's quota amounts to; infinity without a quota."""
    try:
        quota, period = (folder / "cpu.max").read_text(encoding="ascii").split()
        return math.inf if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError):
        pass
    try:
        micros = int((folder / "cpu/cpu.cfs_quota_us").read_text(encoding="ascii"))
        period_micros = int((folder / "cpu/cpu.cfs_period_us").read_text(encoding="ascii"))
        return micros / period_micros if micros > 0 else math.inf
    except (OSError, ValueError):
        return math.inf


def available_cores() -> int:
    """Return the cores that affinity and container quota leave to this process, at least 1."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(1, math.floor(min(cores, _cgroup_cores())))


def default_threads(n_threads: int | None = None) -> int:
    """Return the number of threads to use.

    Parameters
    ----------
    n_threads : int, optional
        At least 1. Not given: HIDDENLOGIC_THREADS, else every core this process may use.

    Raises
    ------
    RangeError
        If the number, or the variable, is not a whole number from 1 to 1024.
    """
    if n_threads is None:
        variable = os.environ.get("HIDDENLOGIC_THREADS", "")
        if not variable:
            return available_cores()
        if not variable.isdigit() or not 1 <= int(variable) <= _MOST:
            raise RangeError(
                f"HIDDENLOGIC_THREADS must be a whole number from 1 to {_MOST}; got "
                f"{variable!r}. Unset it to use every core of this process."
            )
        return int(variable)
    if isinstance(n_threads, bool) or not 1 <= n_threads <= _MOST or n_threads != int(n_threads):
        raise RangeError(
            f"`n_threads` must be a whole number from 1 to {_MOST}; got {n_threads!r}. Leave it "
            "out to use every core of this process."
        )
    return int(n_threads)
