"""Activations as layers of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic import activations
from hiddenlogic.layers.layer import Layer
from hiddenlogic.registry import explains_arguments


@dataclass(frozen=True)
class ActivationLayer(Layer):
    """Base of the layers that are one activation and nothing else."""

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        raise NotImplementedError

    def check_arriving(self, arriving: Sequence[int], label: str) -> None:
        self.function.units_after(arriving[0], label)

    def units_after(self, arriving: Sequence[int]) -> int:
        return self.function.units_after(arriving[0], type(self).__name__)


@explains_arguments()
@dataclass(frozen=True)
class Activation(ActivationLayer):
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

    def checked(self) -> dict[str, object]:
        return {"activation": activations.get(self.activation, "Activation")}

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        return activations.get(self.activation)


@dataclass(frozen=True)
class _Named(ActivationLayer):
    """Base of the layers that are called like an activation; their arguments are its numbers."""

    row_name: ClassVar[str]

    def checked(self) -> dict[str, object]:
        numbers = self.function.named_parameters.items()
        return {name: value if math.isfinite(value) else None for name, value in numbers}

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        row = activations.ROWS.find(self.row_name, "`name` of an Activation")
        given = {one.name: getattr(self, one.name) for one in row.parameters}
        return activations.Activation(self.row_name, **given)


@explains_arguments()
@dataclass(frozen=True)
class ReLU(_Named):
    """max(x, 0), with a highest value, a slope below and a threshold if they are given.

    Parameters
    ----------
    max_value : float, optional
        At least 0. Default None: no highest value.
    negative_slope : float
        At least 0: the slope below the threshold. Default 0.
    threshold : float
        At least 0: where the function begins to rise. Default 0.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> ReLU(max_value=6).function
    Activation('bounded_relu', negative_slope=0.0, max_value=6.0, threshold=0.0)
    """

    row_name: ClassVar[str] = "bounded_relu"

    max_value: float | None = None
    negative_slope: float = 0.0
    threshold: float = 0.0
    name: str | None = None


@explains_arguments()
@dataclass(frozen=True)
class LeakyReLU(_Named):
    """x where it is positive, negative_slope * x elsewhere.

    Parameters
    ----------
    negative_slope : float
        At least 0. Default 0.3, as in keras.layers (the activation leaky_relu has 0.2).
    name : str, optional
        What summary() calls it.
    """

    row_name: ClassVar[str] = "leaky_relu"

    negative_slope: float = 0.3
    name: str | None = None


@explains_arguments()
@dataclass(frozen=True)
class ELU(_Named):
    """x where it is positive, alpha * (exp(x) - 1) elsewhere.

    Parameters
    ----------
    alpha : float
        Greater than 0. Default 1.
    name : str, optional
        What summary() calls it.
    """

    row_name: ClassVar[str] = "elu"

    alpha: float = 1.0
    name: str | None = None


@explains_arguments()
@dataclass(frozen=True)
class Softmax(_Named):
    """The shares of the classes: exp(x) over the sum of them.

    Parameters
    ----------
    name : str, optional
        What summary() calls it.
    """

    row_name: ClassVar[str] = "softmax"

    name: str | None = None
