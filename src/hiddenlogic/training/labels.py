"""Whether targets that are numbers to the loss are labels to the metrics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hiddenlogic.errors import DataError
from hiddenlogic.losses import Loss
from hiddenlogic.metrics import Metric, targets_of
from hiddenlogic.training.arrays import Matrix


def check_labels(
    targets: Matrix, argument: str, *, loss: Loss, metrics: Sequence[Metric] = ()
) -> None:
    """Refuse numbers where a metric takes yes and no.

    Parameters
    ----------
    targets : ndarray, shape (n, outputs)
    argument : str
        What the message calls them, e.g. "y".
    loss : Loss
    metrics : sequence of Metric

    Raises
    ------
    DataError
        If the loss learns numbers, a metric judges labels, and a target is neither 0 nor 1.
    """
    judging = [metric for metric in metrics if metric.row.of_labels]
    if not judging or targets_of(loss) != "numbers":
        return
    wrong = (targets != 0) & (targets != 1)
    if wrong.any():
        row, column = (int(i) for i in np.argwhere(wrong)[0])
        place = f"row {row}" if targets.shape[1] == 1 else f"row {row}, column {column}"
        raise DataError(
            f"`{argument}` must be 0 or 1 for the metric {judging[0].key!r}; got "
            f"{targets[row, column]:g} in {place}. Leave the metric out, or judge numbers by "
            "'mae', 'rmse' or 'r2'."
        )
