"""Which optimizer the parameters of an estimator describe, and how its rate goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hiddenlogic import optimizers
from hiddenlogic.engine import Trainer
from hiddenlogic.errors import StateError
from hiddenlogic.optimizers import LBFGS, SGD, Adam, Optimizer
from hiddenlogic.schedules import Schedule

# Those of scipy's L-BFGS-B, which scikit-learn uses: looks along one direction, and the relative
# descent of the loss at which it ends.
LINE_LOOKS = 20
LEAST_DESCENT = 2.220446049250313e-09
# Where 'adaptive' ends: rates up to this are not divided any further.
_SMALLEST_RATE = 1e-6


def is_lbfgs(solver: object) -> bool:
    """Return whether a solver takes the whole table at once."""
    return solver == "lbfgs" or isinstance(solver, LBFGS)


def is_stepwise(estimator: Any) -> bool:
    """Return True; AttributeError, as `hasattr` expects it, where partial_fit means nothing."""
    if is_lbfgs(estimator.solver):
        raise AttributeError(
            "partial_fit is only available for stochastic optimizers. "
            f"{estimator.solver} is not stochastic."
        )
    return True


def optimizer(estimator: Any) -> Optimizer:
    """Return the optimizer of an estimator.

    Raises
    ------
    UnknownNameError, RangeError
        If there is none of this name, or it refuses a number.
    """
    solver = estimator.solver
    if isinstance(solver, Optimizer):
        return solver
    if solver == "lbfgs":
        return LBFGS(tolerance_grad=estimator.tol, max_evaluations=LINE_LOOKS)
    given = estimator.learning_rate
    rate = given if isinstance(given, Schedule) else estimator.learning_rate_init
    if solver == "sgd":
        momentum = estimator.momentum
        return SGD(rate, momentum=momentum, nesterov=estimator.nesterovs_momentum and momentum > 0)
    if solver == "adam":
        return Adam(rate, estimator.beta_1, estimator.beta_2, estimator.epsilon)
    return optimizers.get(solver, learning_rate=rate)


@dataclass
class Descent:
    """A training that goes on from call to call, with scikit-learn's rules of its rate.

    Parameters
    ----------
    trainer : Trainer
    course : {"constant", "invscaling", "adaptive"}
        Anything but 'constant' is for plain descent only, as in scikit-learn.
    first_rate, power : float
        Of 'invscaling': the rate after t rows is first_rate / (t + 1)**power.
    """

    trainer: Trainer
    course: str
    first_rate: float
    power: float

    @classmethod
    def of(cls, trainer: Trainer, estimator: Any) -> Descent:
        """Return the descent that an estimator describes."""
        course = estimator.learning_rate
        ruled = estimator.solver == "sgd" and isinstance(course, str)
        if (
            isinstance(course, str)
            and course != "constant"
            and not isinstance(estimator.solver, str)
        ):
            raise StateError(
                f"learning_rate={course!r} rules the rate of solver='sgd'; got an optimizer with "
                "a rate of its own. Give that a schedule."
            )
        return cls(
            trainer,
            course if ruled else "constant",
            estimator.learning_rate_init,
            estimator.power_t,
        )

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return self.trainer.learning_rate

    def epoch_ended(self, rows_seen: int) -> None:
        """Lower the rate as 'invscaling' has it."""
        if self.course == "invscaling":
            self.trainer.learning_rate = self.first_rate / (rows_seen + 1) ** self.power

    def give_up(self) -> str:
        """Return why training ends, now that nothing improves; empty: it goes on, more slowly."""
        if self.course != "adaptive":
            return "Stopping."
        if self.learning_rate <= _SMALLEST_RATE:
            return "Learning rate too small. Stopping."
        self.trainer.learning_rate = self.learning_rate / 5.0
        return ""
