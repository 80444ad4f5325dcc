"""One network to try, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.network import Network
from hiddenlogic.optimizers import AdamW

STRAIGHT_LINE = "straight line"
"""What linear and logistic regression are called: a network without hidden layers."""


@dataclass(frozen=True)
class Setup:
    """What is chosen before a network is trained.

    Parameters
    ----------
    hidden : tuple of int
        Units of the hidden layers; empty for the straight line (linear or logistic).
    activation : str
        Of the hidden layers.
    learning_rate : float
        Of AdamW at the start; it falls in stages.
    batch_size : int
    dropout : float
        Rate after each hidden layer.
    weight_decay : float
        Of AdamW; 0 makes it Adam.
    seed : int
        Of the first weights, the shuffling and the dropout.
    clipped : bool
        Whether it takes the inputs with the smooth clip; a straight line may do without.
    """

    hidden: tuple[int, ...]
    activation: str = "silu"
    learning_rate: float = 0.01
    batch_size: int = 32
    dropout: float = 0.0
    weight_decay: float = 0.03
    seed: int = 0
    clipped: bool = True

    @property
    def structure(self) -> str:
        """The hidden layers as people write them: '[64, 64]', or 'straight line' without any."""
        return str(list(self.hidden)) if self.hidden else STRAIGHT_LINE

    def optimizer(self, share: float = 1.0) -> AdamW:
        """Return AdamW at a share of the learning rate.

        beta_2 is RealMLP's (arXiv:2407.04491), worth more than any other setting there.
        """
        rate = self.learning_rate * share
        return AdamW(rate, weight_decay=self.weight_decay, beta_2=0.95)


@dataclass(frozen=True, eq=False)  # arrays have no one answer to ==
class Trial:
    """A trained network; equal to itself alone.

    Parameters
    ----------
    setup : Setup
    network : Network
    weights : list of ndarray of float32
        Those of the best epoch on the validation rows.
    validation_losses : ndarray of float64, shape (n_validation,)
        Loss of each validation row with these weights.
    history : dict of str to list of float
        ``loss`` and ``val_loss``, one number an epoch.
    seconds : float
        Spent on training.
    complete : bool
        Whether training ended by itself; False when its time ran out before.
    """

    setup: Setup
    network: Network
    weights: list[NDArray[np.float32]]
    validation_losses: NDArray[np.float64]
    history: dict[str, list[float]]
    seconds: float
    complete: bool

    @property
    def loss(self) -> float:
        """Mean loss on the validation rows."""
        return float(np.mean(self.validation_losses))

    @property
    def epochs(self) -> int:
        """Epochs trained."""
        return len(self.history.get("loss", []))

    def describe(self) -> dict[str, Any]:
        """The setup as plain data, for the receipt."""
        return {
            "hidden": list(self.setup.hidden),
            "activation": self.setup.activation,
            "optimizer": "adamw",
            "learning_rate": self.setup.learning_rate,
            "batch_size": self.setup.batch_size,
            "dropout": self.setup.dropout,
            "weight_decay": self.setup.weight_decay,
            "seed": self.setup.seed,
            "epochs": self.epochs,
        }


def smallest_good(trials: list[Trial]) -> Trial:
    """Choose the smallest network that is within one standard error of the best.

    Parameters
    ----------
    trials : list of Trial
        At least one, all scored on the same validation rows.

    Returns
    -------
    Trial
        Fewest weights first, then lowest loss, among those whose mean loss lies at most one
        standard error of the paired difference above the lowest.

    References
    ----------
    Breiman, Friedman, Olshen and Stone (1984), Classification and Regression Trees, section 3.4.3:
    the one-standard-error rule; the paired difference takes the place of the score's own error.
    """
    best = min(trials, key=lambda trial: trial.loss)
    good = [
        trial
        for trial in trials
        if trial is best
        or exceeds_by(trial.validation_losses, best.validation_losses)[0]
        <= exceeds_by(trial.validation_losses, best.validation_losses)[1]
    ]
    return min(good, key=lambda trial: (trial.network.n_parameters, trial.loss))


def exceeds_by(losses: NDArray[np.float64], others: NDArray[np.float64]) -> tuple[float, float]:
    """Mean of the paired difference of two losses over the same rows, and its standard error.

    Parameters
    ----------
    losses, others : ndarray of float64, shape (n,)

    Returns
    -------
    tuple of float
        mean(losses - others), and std(losses - others) / sqrt(n), which is infinite for fewer
        than two rows.

    Examples
    --------
    >>> import numpy as np
    >>> exceeds_by(np.array([3.0, 5.0]), np.array([2.0, 2.0]))
    (2.0, 1.0)
    """
    difference = losses - others
    if len(difference) < 2:
        return float(np.mean(difference)), float("inf")
    return float(np.mean(difference)), float(np.std(difference, ddof=1) / len(difference) ** 0.5)
