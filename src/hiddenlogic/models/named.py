"""What a user gives for each input or output of a model: in their order, or by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from hiddenlogic.errors import RangeError, ShapeError, UnknownNameError, did_you_mean
from hiddenlogic.losses import LossSpec
from hiddenlogic.metrics import MetricSpec
from hiddenlogic.registry import Parameter

# What `compile` takes: for the only output, or for each of several.
LossSpecs = LossSpec | Sequence[LossSpec] | Mapping[str, LossSpec]
LossWeights = float | Sequence[float] | Mapping[str, float]
OutputMetrics = MetricSpec | Sequence[MetricSpec] | None
MetricSpecs = Sequence[OutputMetrics] | Mapping[str, OutputMetrics]


def by_name(
    given: Mapping[str, object], argument: str, names: Sequence[str], kind: str, *, complete: bool
) -> list[object]:
    """Return the entries of a dict in the order of `names`; None for those left out.

    Parameters
    ----------
    given : mapping
    argument : str
        What messages call it, e.g. "`x`".
    names : sequence of str
        Of the inputs or outputs.
    kind : {"input", "output"}
        Which of them.
    complete : bool
        Whether none may be left out.

    Raises
    ------
    UnknownNameError
        If a key is none of the names.
    ShapeError
        If one is missing that may not.
    """
    for key in given:
        if key not in names:
            raise UnknownNameError(
                f"{argument} has the key {key!r}, but the model has no such {kind}. "
                f"There are: {', '.join(names)}.{did_you_mean(key, names)}"
            )
    missing = [repr(name) for name in names if name not in given]
    if complete and missing:
        raise ShapeError(
            f"{argument} must have a key for each {kind} of the model; {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing."
        )
    return [given.get(name) for name in names]


def in_order(given: object, argument: str, names: Sequence[str], kind: str) -> list[object]:
    """Return the entries of a list, one for each of `names`.

    Raises
    ------
    ShapeError
        If it is no list or tuple, or has more or fewer entries.
    """
    places = f"the {len(names)} {kind}s ({', '.join(names)})"
    if not isinstance(given, (list, tuple)):
        raise ShapeError(
            f"{argument} must be a list or a dict with an entry for each of {places}; "
            f"got {type(given).__name__}."
        )
    entries = list(cast("Sequence[object]", given))
    if len(entries) != len(names):
        raise ShapeError(f"{argument} must have an entry for each of {places}; got {len(entries)}.")
    return entries


def losses_of(given: object, names: Sequence[str]) -> list[object]:
    """Return the loss of each output: from a list, a dict, or one for all."""
    if given is None:
        return [None] * len(names)
    if isinstance(given, Mapping):
        return _all_there(
            by_name(cast("Mapping[str, object]", given), "`loss`", names, "output", complete=True),
            names,
        )
    if isinstance(given, (list, tuple)):
        return _all_there(in_order(cast("object", given), "`loss`", names, "output"), names)
    return [given] * len(names)


def _all_there(losses: list[object], names: Sequence[str]) -> list[object]:
    if None in losses:
        raise RangeError(
            f"`loss` must be a loss for each output; got None for {names[losses.index(None)]!r}. "
            "Leave that output out of the model."
        )
    return losses


def weights_of(given: object, names: Sequence[str]) -> list[float]:
    """Return the factor of each output's loss: from a list or a dict; 1 where there is none."""
    argument = "`loss_weights`"
    if given is None:
        found: list[object] = [None] * len(names)
    elif isinstance(given, Mapping):
        entries = cast("Mapping[str, object]", given)
        found = by_name(entries, argument, names, "output", complete=False)
    elif len(names) == 1 and not isinstance(given, (list, tuple)):
        found = [given]
    else:
        found = in_order(cast("object", given), argument, names, "output")
    limits = Parameter("loss_weights", 1.0, low=0.0, low_included=True)
    return [1.0 if one is None else limits.check(one, "compile") for one in found]


def metrics_of(given: object, argument: str, names: Sequence[str]) -> list[tuple[object, ...]]:
    """Return the metrics of each output: from a list of lists or a dict; of one, also a list."""
    if given is None:
        return [() for _ in names]
    if isinstance(given, Mapping):
        entries = cast("Mapping[str, object]", given)
        return [_specs(one) for one in by_name(entries, argument, names, "output", complete=False)]
    if len(names) > 1:
        return [_specs(one) for one in in_order(given, argument, names, "output")]
    if not isinstance(given, (list, tuple)):
        raise RangeError(f"{argument} must be a list, such as ['mae']; got {given!r}.")
    specs = _specs(cast("object", given))
    if len(specs) == 1 and isinstance(specs[0], (list, tuple)):
        return [_specs(cast("object", specs[0]))]  # Keras's list of lists, of one output
    return [specs]


def _specs(value: object) -> tuple[object, ...]:
    """Return one metric, several or none as a tuple."""
    if value is None:
        return ()
    return tuple(cast("Sequence[object]", value)) if isinstance(value, (list, tuple)) else (value,)
