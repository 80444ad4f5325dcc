"""Where rows come in, and the layer of neurons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic import activations, constraints, initializers, regularizers
from hiddenlogic.errors import ShapeError
from hiddenlogic.layers.config import width
from hiddenlogic.layers.layer import Layer
from hiddenlogic.layers.weight_spec import WeightSpec, checked_weight
from hiddenlogic.registry import check_count, check_flag, explains_arguments


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

    inputs_taken: ClassVar[tuple[int, int | None]] = (0, 0)

    shape: Sequence[int] | int
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {"shape": (width(self.shape, "`shape` of Input"),)}

    @property
    def units(self) -> int:
        """Features of a row."""
        return width(self.shape, "`shape` of Input")

    @property
    def is_source(self) -> bool:
        return True

    def units_after(self, arriving: Sequence[int]) -> int:
        return self.units


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
    kernel_regularizer, bias_regularizer : str, Regularizer or None
        Penalties on the weights. Default None: no penalty.
    activity_regularizer : str, L1, L2, L1L2 or None
        A penalty on the layer's value: its sum over the units, the mean over the rows of the batch,
        which weights of the rows leave as it is. Default None.
    kernel_constraint, bias_constraint : str, Constraint or None
        What the weights are made to fulfil after each step. Default None.
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
    bias_regularizer: regularizers.RegularizerSpec = None
    activity_regularizer: regularizers.RegularizerSpec = None
    kernel_constraint: constraints.ConstraintSpec = None
    bias_constraint: constraints.ConstraintSpec = None
    name: str | None = None
    input_shape: Sequence[int] | int | None = None
    input_dim: int | None = None

    def checked(self) -> dict[str, object]:
        return {
            "units": check_count(self.units, "`units` of Dense"),
            "activation": activations.get(self.activation, "Dense"),
            "use_bias": check_flag(self.use_bias, "`use_bias` of Dense"),
            **checked_weight(self, "kernel", is_matrix=True),
            **checked_weight(self, "bias"),
            "activity_regularizer": regularizers.get(
                self.activity_regularizer, "`activity_regularizer` of Dense", elementwise=True
            ),
            "input_shape": self._declared(),
            "input_dim": None,
        }

    def _declared(self) -> tuple[int] | None:
        """Return the width of the rows as one of the two older spellings has it."""
        declared = None
        if self.input_shape is not None:
            declared = width(self.input_shape, "`input_shape` of Dense")
        if self.input_dim is not None:
            other = check_count(self.input_dim, "`input_dim` of Dense")
            if declared not in (None, other):
                raise ShapeError(
                    f"`input_shape` and `input_dim` of Dense must agree; got {declared} and "
                    f"{other}. Give one of them."
                )
            declared = other
        return None if declared is None else (declared,)

    def check_arriving(self, arriving: Sequence[int], label: str) -> None:
        self.function.units_after(self.units, label)
        if self.input_shape is not None and self.input_shape != (arriving[0],):
            raise ShapeError(
                f"`input_shape` of {label} must be ({arriving[0]},), the units that "
                f"arrive there; got {self.input_shape!r}. Leave it out."
            )

    def units_after(self, arriving: Sequence[int]) -> int:
        return self.function.units_after(self.units, "Dense")

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        kernel = WeightSpec.of(self, "kernel", (arriving[0], self.units))
        if not self.use_bias:
            return (kernel,)
        return kernel, WeightSpec.of(self, "bias", (self.units,))

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        return activations.get(self.activation)
