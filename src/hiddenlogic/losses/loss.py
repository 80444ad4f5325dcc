"""What all losses have: their settings, checked, and what they are in the core."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from hiddenlogic import schedules
from hiddenlogic.errors import StateError, UnknownNameError, did_you_mean
from hiddenlogic.losses.row import LossRow
from hiddenlogic.registry import check_flag
from hiddenlogic.schedules import Number

# How the losses l_i of n rows with weights w_i become one number: sum(w * l) / n,
# sum(w * l) / sum(w), and sum(w * l). The order is that of the C++ core.
REDUCTIONS = ("sum_over_batch_size", "mean_with_sample_weight", "sum")


@dataclass(frozen=True, repr=False)
class Loss:
    """Base of the losses: a row of the registry and its settings.

    Parameters
    ----------
    reduction : {"sum_over_batch_size", "mean_with_sample_weight", "sum"}
        How the losses l_i of the n rows of a batch, which weigh w_i, become one number:
        sum(w * l) / n (default, as in Keras; 'mean' is the same), sum(w * l) / sum(w), or
        sum(w * l). With the last two a row of weight 2 counts as that row twice, and one of weight
        0 is left out; with the default too, but that n counts all rows alike. Over an epoch, and in
        `evaluate`, the sums are of all its rows, whatever the batches.

    Notes
    -----
    Every number of a loss may be a schedule instead: `label_smoothing`, `delta`, `gamma` and so on.
    Held-out rows, and `evaluate`, are measured with its first value, so that losses of different
    epochs can be compared.

    Raises
    ------
    RangeError
        If a number, or some value of a schedule, is out of its range.
    UnknownNameError
        For a keyword or a reduction that there is not.
    """

    row: ClassVar[LossRow]
    reduction: str = field(default="sum_over_batch_size", kw_only=True)

    def __post_init__(self) -> None:
        owner = type(self).__name__
        for parameter in self.row.parameters:
            value = schedules.check(getattr(self, parameter.name), parameter, owner)
            object.__setattr__(self, parameter.name, value)
        if (several := self.row.several) is not None:
            values = several.check_each(getattr(self, several.name), owner)
            object.__setattr__(self, several.name, values)
        flags = (*self.row.flags, "from_logits") if self.row.output else self.row.flags
        for flag in flags:
            check_flag(getattr(self, flag), f"`{flag}` of {owner}")
        if self.reduction == "mean":
            object.__setattr__(self, "reduction", REDUCTIONS[0])
        if self.reduction not in REDUCTIONS:
            raise UnknownNameError(
                f"`reduction` of {owner} must be one of {', '.join(REDUCTIONS)}; got "
                f"{self.reduction!r}." + did_you_mean(self.reduction, REDUCTIONS)
            )

    @property
    def name(self) -> str:
        """Canonical name."""
        return self.row.name

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The settings as the core takes them: parameters, flags, then those that are several."""
        parameters = (getattr(self, one.name) for one in self.row.parameters)
        flags = (float(getattr(self, name)) for name in self.row.flags)
        several = self.row.several
        last: tuple[float, ...] = () if several is None else getattr(self, several.name)
        return (*parameters, *flags, *last)

    @property
    def outputs_per_target(self) -> int:
        """Outputs that each target needs, side by side."""
        several = self.row.several
        if self.row.outputs_per_target or several is None:
            return self.row.outputs_per_target
        return len(getattr(self, several.name))

    def target_columns(self, outputs: int) -> int:
        """Return how many columns the targets of so many outputs have."""
        return 1 if self.row.is_sparse else outputs // self.outputs_per_target

    def check_outputs(self, outputs: int) -> None:
        """Refuse a number of outputs that the loss can make nothing of.

        Raises
        ------
        StateError
            If they are no whole number of targets, or the one share of one class.
        """
        each = self.outputs_per_target
        if outputs % each:
            raise StateError(
                f"The loss {self!r} takes {each} outputs for each target; the last layer has "
                f"{outputs}. Give it {each} units for each column of the targets."
            )
        if self.row.task == "multiclass" and outputs == 1:
            raise StateError(
                f"The loss {self.name} compares classes, but the last layer has 1 unit. Use a unit "
                "a class, or sigmoid and binary_crossentropy."
            )

    def get_config(self) -> dict[str, Any]:
        """Return the settings that make an equal loss again, as plain data."""
        config = schedules.plain({one.name: getattr(self, one.name) for one in fields(self)})
        if (several := self.row.several) is not None:
            config[several.name] = list(config[several.name])
        return config

    def __repr__(self) -> str:
        own = [one.name for one in fields(self) if one.name != "reduction"]
        if self.reduction != REDUCTIONS[0]:
            own.append("reduction")
        settings = ", ".join(f"{name}={getattr(self, name)!r}" for name in own)
        return f"{type(self).__name__}({settings})"


class CrossEntropy(Loss):
    """Base of the cross-entropies, of which the output may be a probability or a pre-activation.

    Of the activation that its row names, and of pre-activations, a cross-entropy is computed from
    z without cancellation or overflow. Of any other output it is Keras's formula of probabilities:
    those nearer to 0 or 1 than 1e-7 count as that near and have no gradient, and those of classes
    are divided by their sum.
    """

    from_logits: bool
    label_smoothing: Number
