"""What layers with weights of each member have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from hiddenlogic import initializers
from hiddenlogic.errors import ShapeError
from hiddenlogic.layers.layer import Layer
from hiddenlogic.layers.weight_spec import WeightSpec
from hiddenlogic.registry import check_count

# PyTorch's start of a Linear, uniform up to 1 / sqrt(inputs), which TabM uses throughout.
UP_TO_ROOT = initializers.VarianceScaling(1 / 3, mode="fan_in", distribution="uniform")


@dataclass(frozen=True)
class MemberLayer(Layer):
    """Base of the layers with weights of each member."""

    has_weights: ClassVar[bool] = True

    def weights(self, arriving: Sequence[int], members: int = 1) -> tuple[WeightSpec, ...]:
        """Return the arrays of weights, in the order of get_weights(), for so many members."""
        raise NotImplementedError

    def members_after(self, arriving: Sequence[int], label: str) -> int:
        """Return how many members the value has; refuse one without any."""
        if arriving[0] == 0:
            raise ShapeError(
                f"{label} must take a value of several members; got one without. Put Members(k) "
                "before it."
            )
        return arriving[0]


def checked_chunks(chunks: object, owner: str) -> tuple[int, ...] | None:
    """Return the widths of runs of inputs as a tuple."""
    if chunks is None:
        return None
    if isinstance(chunks, str) or not isinstance(chunks, Sequence):
        raise ShapeError(
            f"`chunks` of {owner} must be a sequence of widths, such as (8, 8, 1); got {chunks!r}."
        )
    widths = cast("Sequence[object]", chunks)
    return tuple(check_count(one, f"`chunks` of {owner}") for one in widths)


def check_chunks(chunks: Sequence[int] | None, width: int, label: str) -> None:
    """Refuse widths that do not sum to that of the inputs."""
    if chunks is not None and sum(chunks) != width:
        raise ShapeError(
            f"`chunks` of {label} must sum to {width}, the units that arrive there; got "
            f"{tuple(chunks)!r}, which sum to {sum(chunks)}."
        )


def input_scale(
    name: str, members: int, width: int, start: object, chunks: Sequence[int] | None
) -> WeightSpec:
    """Return the numbers [members, width] that the inputs of each member are multiplied with."""
    return WeightSpec(
        name,
        (members, width),
        initializers.get(start),
        alike=() if chunks is None else ((), tuple(chunks)),
    )
