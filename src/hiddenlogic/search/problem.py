"""What a search works on: matrices, split, and how good an output is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.layers import Dense, Dropout, Layer
from hiddenlogic.models.front import line_of, network_of
from hiddenlogic.network import Network
from hiddenlogic.table.blocks import Block, plain_blocks

Task = Literal["regression", "binary", "multiclass"]

_OUTPUT = {"regression": "linear", "binary": "sigmoid", "multiclass": "softmax"}
LOSS = {
    "regression": "mean_squared_error",
    "binary": "binary_crossentropy",
    "multiclass": "sparse_categorical_crossentropy",
}
# What a probability of 0 counts as, so that it does not cost infinity: as `training.scores` has it.
_LEAST_PROBABILITY = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Part:
    """Rows with their targets.

    Parameters
    ----------
    inputs : ndarray of float32, shape (n, n_features)
    targets : ndarray of float32, shape (n, 1)
        Standardised numbers, or the index of the class.
    """

    inputs: NDArray[np.float32]
    targets: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class Problem:
    """Rows to train on and rows to choose by.

    Parameters
    ----------
    task : {"regression", "binary", "multiclass"}
    n_classes : int
        2 for binary; 0 for regression.
    train, validation : Part
    unit : float
        One standardised unit of the target in its own units, or of its logarithm; 1 for classes.
    straight : tuple of Part, optional
        The same rows without the smooth clip of the inputs, for straight lines.
    blocks : tuple of Block
        What the columns of the inputs are; numbers if not given.
    log : bool
        Whether the targets are logarithms.
    """

    task: Task
    n_classes: int
    train: Part
    validation: Part
    unit: float = 1.0
    straight: tuple[Part, Part] | None = None
    blocks: tuple[Block, ...] = ()
    log: bool = False

    def parts(self, clipped: bool) -> tuple[Part, Part]:
        """The training and the validation rows, with the smooth clip or without."""
        if clipped or self.straight is None:
            return self.train, self.validation
        return self.straight

    @property
    def n_outputs(self) -> int:
        """Units of the last layer."""
        return self.n_classes if self.task == "multiclass" else 1

    @property
    def measure(self) -> str:
        """What networks are compared by."""
        if self.task != "regression":
            return "log-loss"
        return "RMSE of log" if self.log else "RMSE"

    def network(self, hidden: tuple[int, ...], activation: str, dropout: float = 0.0) -> Network:
        """A network for this problem; no hidden layers make it linear or logistic."""
        blocks = self.blocks or plain_blocks(self.train.inputs.shape[1])
        if not hidden:
            return line_of(blocks, self.n_outputs, _OUTPUT[self.task])
        layers: list[Layer] = []
        for units in hidden:
            layers.append(Dense(units, activation, kernel_initializer=_initializer(activation)))
            if dropout:
                layers.append(Dropout(dropout))
        layers.append(Dense(self.n_outputs, _OUTPUT[self.task]))
        return network_of(blocks, layers)

    def row_losses(self, outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[np.float64]:
        """The loss of each row: squared error, or minus the log of the true class's probability.

        Parameters
        ----------
        outputs : ndarray, shape (n, n_outputs)
        targets : ndarray, shape (n, 1)

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        outputs = outputs.astype(np.float64)
        if self.task == "regression":
            return (outputs[:, 0] - targets[:, 0]) ** 2
        if self.task == "binary":
            outputs = np.hstack([1 - outputs, outputs])
        true = outputs[np.arange(len(outputs)), targets[:, 0].astype(np.int64)]
        return -np.log(np.clip(true, _LEAST_PROBABILITY, 1.0))

    def score(self, row_losses: NDArray[np.float64]) -> float:
        """The measure from the losses of rows: RMSE in the target's units, or the log-loss."""
        mean = float(np.mean(row_losses))
        return mean**0.5 * self.unit if self.task == "regression" else mean


def _initializer(activation: str) -> str:
    """The start that keeps the spread of a layer's outputs as it is: He's, LeCun's for selu."""
    return "lecun_uniform" if activation == "selu" else "he_uniform"
