"""L-BFGS: small networks to the bottom of their valley."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from hiddenlogic.errors import RangeError
from hiddenlogic.optimizers.optimizer import Optimizer
from hiddenlogic.registry import explains_arguments
from hiddenlogic.schedules import Number


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class LBFGS(Optimizer):
    """Full-batch quasi-Newton steps, each with a strong-Wolfe search along its direction.

    An epoch is one iteration over the whole table, in which the loss may be looked at several
    times; the recorded loss is that of the weights reached. `fit` ends with the status 'converged'
    when a tolerance is met. In float64 small networks reach the precision of the machine.

    Parameters
    ----------
    learning_rate : float
        Greater than 0: the share of each direction that is tried first. Default 1.
    history_size : int
        Iterations that it remembers, at least 1; two numbers a weight each. Default 10.
    tolerance_grad : float
        It has converged when no element of the gradient is larger; at least 0. Default 1e-7.
    tolerance_change : float
        Or when neither a weight nor the loss changes by more; at least 0. Default 1e-9.
    max_evaluations : int
        Looks along one direction, at least 1. Default 25.

    Raises
    ------
    RangeError
        If a number is out of its range, or for what the other optimizers may have besides: its
        search needs the gradient and the weights as they are.
    UnknownNameError
        For a keyword that it does not take.

    Notes
    -----
    Names and defaults of the tolerances are torch's; history_size is 10 as in scipy (torch: 100).
    Networks with a Dropout are refused by `compile` or `fit`: the loss must be the same each time.
    Factors of layers on their learning rates are not used: the curvature takes their place.

    Examples
    --------
    >>> import numpy as np
    >>> from hiddenlogic import layers
    >>> from hiddenlogic.models import Sequential
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], dtype="float64", seed=0)
    >>> model.compile(LBFGS(), loss="mse")
    >>> x = np.linspace(-1, 1, 20)[:, None]
    >>> history = model.fit(x, 2 * x + 3, epochs=50, verbose=0)
    >>> history.history["loss"][-1] < 1e-12
    True
    """

    name: ClassVar[str] = "lbfgs"
    learning_rate: Number = 1.0
    history_size: int = 10
    tolerance_grad: float = 1e-7
    tolerance_change: float = 1e-9
    max_evaluations: int = 25

    def __post_init__(self) -> None:
        super().__post_init__()
        for one in fields(Optimizer):
            if one.name != "learning_rate" and getattr(self, one.name) != one.default:
                raise RangeError(
                    f"LBFGS takes no `{one.name}`: its search along a line needs the gradient and "
                    "the weights as they are. Leave it out."
                )
        if not isinstance(self.learning_rate, float):
            raise RangeError(
                f"`learning_rate` of LBFGS must be one number; got {self.learning_rate!r}."
            )

    @property
    def takes_whole_table(self) -> bool:
        """True: each update is of all rows together."""
        return True

    @property
    def slots(self) -> int:
        """Numbers kept for each weight: two an iteration remembered, and four of this one."""
        return 2 * self.history_size + 4
