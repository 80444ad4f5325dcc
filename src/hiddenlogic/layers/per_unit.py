"""Layers with a learned number a unit, and those that map each unit by given numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic import activations, constraints, initializers, regularizers
from hiddenlogic.errors import UnknownNameError
from hiddenlogic.layers.layer import Layer
from hiddenlogic.layers.weight_spec import WeightSpec, checked_weight
from hiddenlogic.registry import Parameter, explains_arguments


@explains_arguments()
@dataclass(frozen=True)
class Scale(Layer):
    """Each unit times a number of its own, which is learned: inputs * scale.

    Parameters
    ----------
    scale_initializer : str or Initializer
        Default 'ones'.
    scale_regularizer : str, L1, L2, L1L2 or None
        A penalty on it. Default None.
    scale_constraint : str, Constraint or None
        What it is made to fulfil after each step. Default None.
    name : str, optional
        What summary() calls it.

    References
    ----------
    Holzmüller, Grinsztajn and Steinwart (2024), arXiv:2407.04491, section 3: the scaling layer of
    RealMLP, a soft selection of features.

    Examples
    --------
    >>> Scale().weights([3])[0].shape
    (3,)
    """

    has_weights: ClassVar[bool] = True

    scale_initializer: initializers.InitializerSpec = "ones"
    scale_regularizer: regularizers.RegularizerSpec = None
    scale_constraint: constraints.ConstraintSpec = None
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return checked_weight(self, "scale")

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        return (WeightSpec.of(self, "scale", (arriving[0],)),)


@explains_arguments()
@dataclass(frozen=True)
class PReLU(Layer):
    """x where it is positive, alpha * x elsewhere, alpha being learned for each unit.

    Parameters
    ----------
    alpha_initializer : str or Initializer
        Default 'zeros', as in Keras (torch: 0.25).
    alpha_regularizer : str, L1, L2, L1L2 or None
        A penalty on it. Default None.
    alpha_constraint : str, Constraint or None
        What it is made to fulfil after each step. Default None.
    name : str, optional
        What summary() calls it.

    References
    ----------
    He et al. (2015), arXiv:1502.01852, equation 1.
    """

    has_weights: ClassVar[bool] = True

    alpha_initializer: initializers.InitializerSpec = "zeros"
    alpha_regularizer: regularizers.RegularizerSpec = None
    alpha_constraint: constraints.ConstraintSpec = None
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return checked_weight(self, "alpha")

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        return (WeightSpec.of(self, "alpha", (arriving[0],)),)


@explains_arguments()
@dataclass(frozen=True)
class ParametricActivation(Layer):
    """x + alpha * (f(x) - x), alpha being learned for each unit: from linear (0) to f (1).

    Parameters
    ----------
    activation : str or Activation
        The function f, one that treats each unit by itself.
    alpha_initializer : str or Initializer
        Default 'ones': the activation itself.
    alpha_regularizer : str, L1, L2, L1L2 or None
        A penalty on it. Default None.
    alpha_constraint : str, Constraint or None
        What it is made to fulfil after each step. Default None.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    UnknownNameError
        If `activation` is unknown or couples units, as softmax and glu do.

    References
    ----------
    Holzmüller, Grinsztajn and Steinwart (2024), arXiv:2407.04491, section 3.
    """

    has_weights: ClassVar[bool] = True

    activation: activations.ActivationSpec
    alpha_initializer: initializers.InitializerSpec = "ones"
    alpha_regularizer: regularizers.RegularizerSpec = None
    alpha_constraint: constraints.ConstraintSpec = None
    name: str | None = None

    def checked(self) -> dict[str, object]:
        function = activations.get(self.activation, "ParametricActivation")
        if not function.row.c:
            raise UnknownNameError(
                f"`activation` of ParametricActivation must treat each unit by itself; "
                f"{function.name} couples units. Use another, or Activation({function.name!r})."
            )
        return {"activation": function, **checked_weight(self, "alpha")}

    @property
    def function(self) -> activations.Activation:
        """The function f."""
        return activations.get(self.activation)

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        return (WeightSpec.of(self, "alpha", (arriving[0],)),)


_SCALE = Parameter("scale", 1.0)
_OFFSET = Parameter("offset", 0.0)


@explains_arguments()
@dataclass(frozen=True)
class Rescaling(Layer):
    """inputs * scale + offset, two given numbers.

    Parameters
    ----------
    scale : float
        Any finite number.
    offset : float
        Any finite number. Default 0.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If a number is not finite.
    """

    scale: float
    offset: float = 0.0
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {
            "scale": _SCALE.check(self.scale, "Rescaling"),
            "offset": _OFFSET.check(self.offset, "Rescaling"),
        }
