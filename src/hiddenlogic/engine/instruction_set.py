"""Which kernels run: the best this processor has, or the one that HIDDENLOGIC_ISA names."""

from __future__ import annotations

import os
from collections.abc import Sequence

from hiddenlogic.engine import _core
from hiddenlogic.errors import UnknownNameError, UnsupportedCPUError, did_you_mean


def choose_isa(wanted: str | None, available: Sequence[str]) -> str:
    """Return the instruction set to use among those available, best first.

    Parameters
    ----------
    wanted : str or None
        The value of HIDDENLOGIC_ISA; None or empty takes the best.
    available : sequence of str
        What this processor has of what is compiled in.

    Raises
    ------
    UnsupportedCPUError
        If nothing is available.
    UnknownNameError
        If `wanted` is not available here.

    Examples
    --------
    >>> choose_isa(None, ["x86_64_v4", "x86_64_v3"])
    'x86_64_v4'
    """
    if not available:
        raise UnsupportedCPUError(
            "hiddenlogic needs a processor with AVX2 and FMA (x86-64-v3: Intel since 2013, AMD "
            "since 2015) or a 64-bit ARM; this one has less. Run it on a newer machine."
        )
    if not wanted:
        return available[0]
    if wanted not in available:
        raise UnknownNameError(
            f"HIDDENLOGIC_ISA must be one of {', '.join(available)} on this processor; got "
            f"{wanted!r}. Unset it, or set one of these.{did_you_mean(wanted, available)}"
        )
    return wanted


def available_isas() -> tuple[str, ...]:
    """Return the instruction sets that this processor can run, best first."""
    return tuple(_core.available_isas())


_chosen = choose_isa(os.environ.get("HIDDENLOGIC_ISA"), available_isas())


def isa() -> str:
    """Return the instruction set in use; chosen once, when the engine is imported."""
    return _chosen
