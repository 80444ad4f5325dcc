"""Normalisation over the samples of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic import constraints, initializers, regularizers
from hiddenlogic.errors import ShapeError
from hiddenlogic.layers.config import check_axis
from hiddenlogic.layers.layer import Layer
from hiddenlogic.layers.weight_spec import WeightSpec, checked_weight
from hiddenlogic.registry import Parameter, check_flag, explains_arguments

_MOMENTUM = Parameter("momentum", 0.99, low=0.0, high=1.0, low_included=True, high_included=True)
_EPSILON = Parameter("epsilon", 1e-3, low=0.0)


@explains_arguments()
@dataclass(frozen=True)
class BatchNormalization(Layer):
    """Each unit standardised: (x - mean) / sqrt(variance + epsilon) * gamma + beta.

    While training, mean and variance are those of the unit over the samples of the batch, the
    variance divided by their number; a partial last batch is a batch of its own, and sample weights
    do not count. Otherwise they are the moving ones, which each batch changes:
    moving * momentum + batch * (1 - momentum).

    Parameters
    ----------
    axis : int
        -1 or 1, both the units.
    momentum : float
        From 0 to 1: what the moving statistics keep at each batch. Default 0.99.
    epsilon : float
        Greater than 0: added to the variance. Default 0.001.
    center, scale : bool
        Whether there is a `beta`, and a `gamma`. Default True.
    beta_initializer, gamma_initializer : str or Initializer
        Default 'zeros' and 'ones'.
    moving_mean_initializer, moving_variance_initializer : str or Initializer
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
    The weights are gamma, beta, moving_mean and moving_variance; the last two are no trainable
    ones: no optimizer changes them. torch's momentum is 1 - momentum, its epsilon 1e-5, and its
    running variance is divided by n - 1.

    References
    ----------
    Ioffe and Szegedy (2015), arXiv:1502.03167, algorithms 1 and 2.

    Examples
    --------
    >>> [(one.name, one.trainable) for one in BatchNormalization(center=False).weights([3])]
    [('gamma', True), ('moving_mean', False), ('moving_variance', False)]
    """

    has_weights: ClassVar[bool] = True

    axis: int = -1
    momentum: float = 0.99
    epsilon: float = 1e-3
    center: bool = True
    scale: bool = True
    beta_initializer: initializers.InitializerSpec = "zeros"
    gamma_initializer: initializers.InitializerSpec = "ones"
    moving_mean_initializer: initializers.InitializerSpec = "zeros"
    moving_variance_initializer: initializers.InitializerSpec = "ones"
    beta_regularizer: regularizers.RegularizerSpec = None
    gamma_regularizer: regularizers.RegularizerSpec = None
    beta_constraint: constraints.ConstraintSpec = None
    gamma_constraint: constraints.ConstraintSpec = None
    name: str | None = None

    def checked(self) -> dict[str, object]:
        owner = "BatchNormalization"
        return {
            "axis": check_axis(self.axis, owner),
            "momentum": _MOMENTUM.check(self.momentum, owner),
            "epsilon": _EPSILON.check(self.epsilon, owner),
            "center": check_flag(self.center, f"`center` of {owner}"),
            "scale": check_flag(self.scale, f"`scale` of {owner}"),
            **checked_weight(self, "gamma"),
            **checked_weight(self, "beta"),
            **{
                f"{one}_initializer": initializers.get(
                    getattr(self, f"{one}_initializer"), f"`{one}_initializer` of {owner}"
                )
                for one in ("moving_mean", "moving_variance")
            },
        }

    def members_after(self, arriving: Sequence[int], label: str) -> int:
        if arriving[0]:
            raise ShapeError(
                f"{label} must take a value without members: it would count the rows of all of "
                "them as one batch. Put it before the Members, or use LayerNormalization."
            )
        return 0

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        shape = (arriving[0],)
        mean = initializers.get(self.moving_mean_initializer)
        variance = initializers.get(self.moving_variance_initializer)
        return (
            *learned_weights(self, shape, gamma=self.scale, beta=self.center),
            WeightSpec("moving_mean", shape, mean, trainable=False),
            WeightSpec("moving_variance", shape, variance, trainable=False),
        )


def learned_weights(layer: Layer, shape: tuple[int], **wanted: bool) -> tuple[WeightSpec, ...]:
    """Return those of a layer's learned weights that are wanted, by name."""
    return tuple(WeightSpec.of(layer, name, shape) for name, has in wanted.items() if has)
