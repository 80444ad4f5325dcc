"""What all layers have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, ClassVar, cast

from hiddenlogic.errors import ShapeError, StateError
from hiddenlogic.layers.config import check_name, plain
from hiddenlogic.layers.weight_spec import WeightSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Layer:
    """Base of the layers.

    Two layers are equal if they say the same; which model a layer is built in does not count.

    Attributes
    ----------
    has_weights : bool
        Whether the layer may have weights.
    inputs_taken : (int, int or None)
        The least and the most values that it takes; None: any number.
    """

    has_weights: ClassVar[bool] = False
    inputs_taken: ClassVar[tuple[int, int | None]] = (1, 1)

    # Set by the model that a layer is built in (`bind`); the one thing about it that can change.
    _read_weights: Callable[[], list[NDArray[np.floating]]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self._set(**self.checked())
        check_name(getattr(self, "name", None), type(self).__name__)

    def checked(self) -> dict[str, object]:
        """Return the arguments that are to be kept in another form than they were given in.

        Raises
        ------
        HiddenLogicError
            If one is out of its range or unknown.
        """
        return {}

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def units_after(self, arriving: Sequence[int]) -> int:
        """Return the width of the layer's value, given those of the values it takes."""
        return arriving[0]

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        """Return the arrays of weights, in the order of get_weights()."""
        del arriving
        return ()

    def check_arriving(self, arriving: Sequence[int], label: str) -> None:
        """Refuse values that the layer cannot take.

        Raises
        ------
        ShapeError
            If their widths do not fit; `label` is what the message calls the layer.
        """

    def members_after(self, arriving: Sequence[int], label: str) -> int:
        """Return how many members its value has, given those of the values it takes; 0: none.

        Raises
        ------
        ShapeError
            If these do not go together; `label` is what the message calls the layer.
        """
        if len(set(arriving)) > 1:
            raise ShapeError(
                f"{label} must take values of one number of members; got {list(arriving)!r}, 0 "
                "being a value without any. Let that go through a Members of its own."
            )
        if max(arriving, default=0) and getattr(self, "activity_regularizer", None) is not None:
            raise ShapeError(
                f"{label} must take a value without members, for its own is penalised. Put it "
                "before the Members, or leave out the penalty."
            )
        return max(arriving, default=0)

    def __call__(self, inputs: object) -> Tensor:
        """Return the value of this layer over the values of others, for `Model`.

        Parameters
        ----------
        inputs : Input, Tensor, or list of these

        Raises
        ------
        ShapeError
            If something else is given, or another number of values than the layer takes.

        Examples
        --------
        >>> from hiddenlogic.layers import Dense, Input
        >>> Dense(3)(Input((2,))).units
        3
        """
        given = list(cast("Sequence[object]", inputs)) if isinstance(inputs, (list, tuple)) else []
        values = given or [inputs]
        name = type(self).__name__
        taken: list[Layer | Tensor] = []
        for value in values:
            if not isinstance(value, Tensor) and not (isinstance(value, Layer) and value.is_source):
                raise ShapeError(
                    f"{name} must be called with an Input, or with what another layer returned; "
                    f"got {value!r}. To compute numbers, call the model."
                )
            taken.append(value)
        least, most = self.inputs_taken
        if len(taken) < least or (most is not None and len(taken) > most):
            due = f"{least}" if least == most else f"at least {least}"
            raise ShapeError(f"{name} must be called with {due} values; got {len(taken)}.")
        arriving = [units_of(value) for value in taken]
        self.check_arriving(arriving, name)
        return Tensor(self, tuple(taken), self.units_after(arriving))

    @property
    def is_source(self) -> bool:
        """Whether rows come in here: true of an Input."""
        return False

    @property
    def n_codes(self) -> int | None:
        """How many category codes its input may hold, 0, 1, …; None: it takes any numbers."""
        return None

    def get_weights(self) -> list[NDArray[np.floating]]:
        """Return copies of the weights: kernel (in, units), then bias (units,).

        Raises
        ------
        StateError
            If the layer has weights but no built model holds it yet.
        """
        if not self.has_weights:
            return []
        if self._read_weights is None:
            raise StateError(
                f"This {type(self).__name__} has no weights yet. Add it to a Sequential and call "
                "build() or fit() first."
            )
        return self._read_weights()

    @property
    def is_bound(self) -> bool:
        """Whether a built model holds this layer."""
        return self._read_weights is not None

    def bind(self, read_weights: Callable[[], list[NDArray[np.floating]]] | None) -> None:
        """Let `get_weights` read from the model that holds this layer; None lets go of it."""
        object.__setattr__(self, "_read_weights", read_weights)

    def get_config(self) -> dict[str, object]:
        """Return the arguments that make an equal layer again, as plain data."""
        return {one.name: plain(getattr(self, one.name)) for one in fields(self) if one.init}


@dataclass(frozen=True, eq=False)
class Tensor:
    """The value of a layer in a graph that is being drawn; it holds no numbers.

    Attributes
    ----------
    layer : Layer
        What computes it.
    inputs : tuple of Layer or Tensor
        The values that the layer takes: an Input, or what other layers returned.
    units : int
        Numbers a row.
    """

    layer: Layer
    inputs: tuple[Layer | Tensor, ...]
    units: int

    @property
    def shape(self) -> tuple[None, int]:
        """``(None, units)``, None standing for any number of rows."""
        return (None, self.units)


def units_of(value: Layer | Tensor) -> int:
    """Return the width of what a layer was called with."""
    return value.units if isinstance(value, Tensor) else value.units_after([])
