"""What a training would measure of outputs that are there already."""

from __future__ import annotations

from typing import Any

import numpy as np

from hiddenlogic.engine.training import Trainer
from hiddenlogic.layers import Activation
from hiddenlogic.losses import Loss
from hiddenlogic.metrics import Metric
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD


def measure(
    metric: Metric, loss: Loss, outputs: object, targets: object, sample_weight: object = None
) -> Any:
    """Return a metric of given outputs, by the computation of every training, in float64.

    Parameters
    ----------
    metric : Metric
    loss : Loss
        Says what the targets are.
    outputs : array_like, shape (n, outputs)
    targets : array_like, shape (n, columns)
        As many columns as the loss takes.
    sample_weight : array_like, shape (n,), optional
        How much each row counts; a row of weight 0 is left out.

    Returns
    -------
    float or ndarray
        An array where the metric is several numbers.

    Raises
    ------
    ShapeError, RangeError
        If they do not fit each other or the loss.

    Examples
    --------
    >>> from hiddenlogic import losses
    >>> measure(Metric("r2"), losses.get("mse"), [[1.0], [2.0], [6.0]], [[1.0], [2.0], [3.0]])
    -3.5
    """
    rows = np.asarray(outputs, dtype=np.float64)
    trainer = Trainer(
        Network.sequential(rows.shape[1], [Activation("linear")]),
        loss=loss,
        optimizer=SGD(),
        weighted_metrics=[metric],
        dtype="float64",
    )
    return trainer.evaluate(rows, targets, sample_weight)[metric.key]
