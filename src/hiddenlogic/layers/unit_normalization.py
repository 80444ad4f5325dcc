"""Normalisation of each sample over its units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic import constraints, initializers, regularizers
from hiddenlogic.layers.batch_normalization import learned_weights
from hiddenlogic.layers.config import check_axis
from hiddenlogic.layers.layer import Layer
from hiddenlogic.layers.weight_spec import WeightSpec, checked_weight
from hiddenlogic.registry import Parameter, check_flag, explains_arguments

_EPSILON = Parameter("epsilon", 1e-3, low=0.0)


@explains_arguments()
@dataclass(frozen=True)
class LayerNormalization(Layer):
    """Each sample over its units: (x - mean) / sqrt(variance + epsilon) * gamma + beta.

    Parameters
    ----------
    axis : int
        -1 or 1, both the units.
    epsilon : float
        Greater than 0: added to the variance, which is divided by the number of units. Default
        0.001.
    center, scale : bool
        Whether there is a `beta`, and a `gamma`. Default True.
    beta_initializer, gamma_initializer : str or Initializer
        Default 'zeros' and 'ones'.
    beta_regularizer, gamma_regularizer : str, L1, L2, L1L2 or None
        Default None: no penalty.
    beta_constraint, gamma_constraint : str, Constraint or None
        What they are made to fulfil after each step. Default None.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Notes
    -----
    torch's epsilon is 1e-5. Keras's former argument `rms_scaling`, which divided by the standard
    deviation without taking the mean away, is not there: see RMSNormalization.

    References
    ----------
    Ba, Kiros and Hinton (2016), arXiv:1607.06450.

    Examples
    --------
    >>> [one.name for one in LayerNormalization().weights([3])]
    ['gamma', 'beta']
    """

    has_weights: ClassVar[bool] = True

    axis: int = -1
    epsilon: float = 1e-3
    center: bool = True
    scale: bool = True
    beta_initializer: initializers.InitializerSpec = "zeros"
    gamma_initializer: initializers.InitializerSpec = "ones"
    beta_regularizer: regularizers.RegularizerSpec = None
    gamma_regularizer: regularizers.RegularizerSpec = None
    beta_constraint: constraints.ConstraintSpec = None
    gamma_constraint: constraints.ConstraintSpec = None
    name: str | None = None

    def checked(self) -> dict[str, object]:
        owner = "LayerNormalization"
        return {
            "axis": check_axis(self.axis, owner),
            "epsilon": _EPSILON.check(self.epsilon, owner),
            "center": check_flag(self.center, f"`center` of {owner}"),
            "scale": check_flag(self.scale, f"`scale` of {owner}"),
            **checked_weight(self, "gamma"),
            **checked_weight(self, "beta"),
        }

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        return learned_weights(self, (arriving[0],), gamma=self.scale, beta=self.center)


@explains_arguments()
@dataclass(frozen=True)
class RMSNormalization(Layer):
    """Each sample over the root of its mean square: x / sqrt(mean(x**2) + epsilon) * scale.

    Parameters
    ----------
    axis : int
        -1 or 1, both the units.
    epsilon : float
        Greater than 0: added to the mean square. Default 1e-6.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If a number is out of its range.

    References
    ----------
    Zhang and Sennrich (2019), arXiv:1910.07467, equation 4.
    """

    has_weights: ClassVar[bool] = True

    axis: int = -1
    epsilon: float = 1e-6
    name: str | None = None

    def checked(self) -> dict[str, object]:
        owner = "RMSNormalization"
        return {
            "axis": check_axis(self.axis, owner),
            "epsilon": _EPSILON.check(self.epsilon, owner),
        }

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        return (WeightSpec("scale", (arriving[0],), initializers.Ones()),)


@explains_arguments()
@dataclass(frozen=True)
class UnitNormalization(Layer):
    """Each sample over its length: x / sqrt(sum(x**2)), or x * 1e12 where it is shorter than 1e-12.

    Parameters
    ----------
    axis : int
        -1 or 1, both the units.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If `axis` is another.
    """

    # Of the factor: Keras's epsilon is 1e-12.
    most: ClassVar[float] = 1e12

    axis: int = -1
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {"axis": check_axis(self.axis, "UnitNormalization")}
