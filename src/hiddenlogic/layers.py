"""The layers of a network, as frozen data with Keras's names.

A layer says what it is and holds no numbers; the weights belong to the network that it is built in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, ClassVar, cast

from hiddenlogic import activations, initializers, regularizers
from hiddenlogic.errors import RangeError, ShapeError, StateError
from hiddenlogic.registry import Parameter, check_count, check_flag, explains_arguments

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RATE = Parameter("rate", 0.5, low=0.0, high=1.0, low_included=True)


@dataclass(frozen=True)
class Layer:
    """Base of the layers.

    Two layers are equal if they say the same; which model a layer is built in does not count.
    """

    has_weights: ClassVar[bool] = False

    # Set by the model that a layer is built in (`bind`); the one thing about it that can change.
    _read_weights: Callable[[], list[NDArray[np.floating]]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

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
        config: dict[str, object] = {}
        for one in fields(self):
            if one.init:
                config[one.name] = _plain(getattr(self, one.name))
        return config


def _plain(value: object) -> object:
    """Turn what a layer holds into JSON's own kinds."""
    if isinstance(value, activations.Activation):
        return value.get_config()
    if isinstance(value, initializers.Initializer):
        return value.name
    if isinstance(value, regularizers.L2):
        return {"name": "l2", "l2": value.l2}
    if isinstance(value, tuple):
        return [*cast("tuple[object, ...]", value)]
    return value


def _width(shape: object, argument: str) -> int:
    """Read the number of features from a shape such as (4,), [4] or 4."""
    if isinstance(shape, (tuple, list, Sequence)) and not isinstance(shape, str):
        sizes = list(cast("Sequence[object]", shape))
        if len(sizes) != 1:
            raise ShapeError(
                f"{argument} must hold one number, the features of a row, such as (4,); "
                f"got {shape!r}. A dense network takes each row as a vector: flatten the rest."
            )
        return check_count(sizes[0], argument)
    return check_count(shape, argument)


def _check_name(name: object, owner: str) -> None:
    """Refuse a layer name that is not a string with something in it."""
    if name is not None and (not isinstance(name, str) or not name):
        raise RangeError(f"`name` of {owner} must be a string that is not empty; got {name!r}.")


@explains_arguments()
@dataclass(frozen=True)
class Input(Layer):
    """Where the rows come in.

    Parameters
    ----------
    shape : tuple of one int
        Features of a row, e.g. ``(4,)``; ``[4]`` and ``4`` are taken as well.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    ShapeError
        If the shape has not exactly one number.
    RangeError
        If that number is not a whole one of at least 1.

    Examples
    --------
    >>> Input(shape=(4,)).units
    4
    """

    shape: Sequence[int] | int
    name: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", (_width(self.shape, "`shape` of Input"),))
        _check_name(self.name, "Input")

    @property
    def units(self) -> int:
        """Features of a row."""
        return _width(self.shape, "`shape` of Input")


@explains_arguments()
@dataclass(frozen=True)
class Dense(Layer):
    """A layer in which every unit sees every input: activation(inputs @ kernel + bias).

    Parameters
    ----------
    units : int
        Outputs, at least 1.
    activation : str, Activation or None
        Default None: linear.
    use_bias : bool
        Whether a number is added to each unit. Default True.
    kernel_initializer, bias_initializer : str or Initializer
        Default 'glorot_uniform' and 'zeros', as in Keras.
    kernel_regularizer : str, L2 or None
        Default None: no penalty.
    name : str, optional
        What summary() calls it. A model names its own: dense, dense_1, …
    input_shape, input_dim : sequence of one int, int
        Features of a row, in the first layer of a Sequential only: the older way to write an
        `Input` before it.

    Raises
    ------
    RangeError, ShapeError
        If a number or shape is out of its range.
    UnknownNameError
        For an unknown name or a keyword that it does not take.

    Examples
    --------
    >>> Dense(8, activation="relu").units
    8
    """

    has_weights: ClassVar[bool] = True

    units: int
    activation: activations.ActivationSpec = None
    use_bias: bool = True
    kernel_initializer: initializers.InitializerSpec = "glorot_uniform"
    bias_initializer: initializers.InitializerSpec = "zeros"
    kernel_regularizer: regularizers.RegularizerSpec = None
    name: str | None = None
    input_shape: Sequence[int] | int | None = None
    input_dim: int | None = None

    def __post_init__(self) -> None:
        width = None
        if self.input_shape is not None:
            width = _width(self.input_shape, "`input_shape` of Dense")
        if self.input_dim is not None:
            other = check_count(self.input_dim, "`input_dim` of Dense")
            if width not in (None, other):
                raise ShapeError(
                    f"`input_shape` and `input_dim` of Dense must agree; got {width} and {other}. "
                    "Give one of them."
                )
            width = other
        checked: dict[str, object] = {
            "units": check_count(self.units, "`units` of Dense"),
            "activation": activations.get(self.activation, "Dense"),
            "use_bias": check_flag(self.use_bias, "`use_bias` of Dense"),
            "kernel_initializer": initializers.get(self.kernel_initializer),
            "bias_initializer": initializers.get(
                self.bias_initializer, "`bias_initializer` of Dense"
            ),
            "kernel_regularizer": regularizers.get(self.kernel_regularizer),
            "input_shape": None if width is None else (width,),
            "input_dim": None,
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        _check_name(self.name, "Dense")

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        return activations.get(self.activation)


@explains_arguments()
@dataclass(frozen=True)
class Activation(Layer):
    """An activation as a layer of its own.

    Parameters
    ----------
    activation : str or Activation
        Its function.
    name : str, optional
        What summary() calls it.

    Examples
    --------
    >>> Activation("relu").function.name
    'relu'
    """

    activation: activations.ActivationSpec
    name: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "activation", activations.get(self.activation, "Activation"))
        _check_name(self.name, "Activation")

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        return activations.get(self.activation)


@explains_arguments()
@dataclass(frozen=True)
class Dropout(Layer):
    """While training, each value is 0 with probability `rate`, else divided by 1 - rate.

    Parameters
    ----------
    rate : float
        At least 0, less than 1.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If `rate` is out of its range.

    References
    ----------
    Srivastava et al. (2014), Journal of Machine Learning Research 15; scaled while training.
    """

    rate: float
    name: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", _RATE.check(self.rate, "Dropout"))
        _check_name(self.name, "Dropout")


KINDS: dict[str, type[Layer]] = {
    "Input": Input,
    "Dense": Dense,
    "Activation": Activation,
    "Dropout": Dropout,
}
