"""Dense in the neural tangent parametrisation."""

from __future__ import annotations

from dataclasses import dataclass, field

from hiddenlogic import initializers
from hiddenlogic.layers.core import Dense
from hiddenlogic.registry import explains_arguments


@explains_arguments()
@dataclass(frozen=True)
class NTKDense(Dense):
    """A Dense whose inputs are divided by sqrt(features): activation(x @ kernel / sqrt(d) + bias).

    So its weights are of the size of 1 at any width, and the optimizer's steps mean the same.

    Parameters
    ----------
    units, activation, use_bias, bias_initializer, name, input_shape, input_dim
        As those of `Dense`; its penalties and constraints too.
    kernel_initializer : str or Initializer
        Default normal of deviation 1.

    References
    ----------
    Jacot, Gabriel and Hongler (2018), arXiv:1806.07572, section 2; in RealMLP: Holzmüller,
    Grinsztajn and Steinwart (2024), arXiv:2407.04491, section 3.

    Examples
    --------
    >>> NTKDense(3).weights([2])[0].shape
    (2, 3)
    """

    kernel_initializer: initializers.InitializerSpec = field(
        default_factory=lambda: initializers.RandomNormal(stddev=1.0)
    )
