"""Penalties on weights and their constraints, as the core's program takes them."""

from __future__ import annotations

from hiddenlogic.engine import _core
from hiddenlogic.engine.scheduled import core_schedule
from hiddenlogic.layers import WeightSpec
from hiddenlogic.regularizers import OrthogonalRegularizer


def add_rules(program: _core.ProgramFloat32, place: int, spec: WeightSpec) -> None:
    """Give the parameter at a place of the program what its layer asks for."""
    regularizer, constraint = spec.regularizer, spec.constraint
    if isinstance(regularizer, OrthogonalRegularizer):
        factor = core_schedule(regularizer.factor)
        program.penalise_pairs(place, factor, of_rows=regularizer.mode == "rows")
    elif regularizer is not None:
        l1, l2 = map(core_schedule, regularizer.factors)
        program.penalise(place, l1=l1, l2=l2)
    if constraint is None:
        return
    if constraint.norms is None:
        program.forbid_negative(place)
    else:
        least, most, rate, axis = constraint.norms
        # In the core a vector is a row, whose norm is that of all its weights.
        of_rows = axis == 1 or len(spec.shape) == 1
        program.constrain_norms(place, of_rows=of_rows, least=least, most=most, rate=rate)
