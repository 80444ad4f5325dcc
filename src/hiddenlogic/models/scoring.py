"""How good outputs are, in the units and classes of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table import TargetPreparation
from hiddenlogic.table.cells import numbers
from hiddenlogic.training import scores

if TYPE_CHECKING:
    import polars as pl


def score(
    target: TargetPreparation, outputs: NDArray[Any], frame: pl.DataFrame
) -> dict[str, float]:
    """Score outputs against the targets of the same rows.

    Parameters
    ----------
    target : TargetPreparation
    outputs : ndarray, shape (n, n_outputs)
        Of the network.
    frame : polars.DataFrame
        n rows, each with a target.

    Returns
    -------
    dict of str to float
        RMSE, MAE and R² of numbers, in units of the target; accuracy, log-loss and AUC of classes.
        AUC is the mean over classes of one against the rest, NaN where a class does not occur.
    """
    if target.task == "regression":
        observed, predicted = numbers(frame[target.column]), target.restore(outputs)
        return {
            "RMSE": scores.root_mean_squared_error(observed, predicted),
            "MAE": scores.mean_absolute_error(observed, predicted),
            "R²": scores.r2(observed, predicted),
        }
    classes = target.transform(frame)[:, 0].astype(np.int64)
    chosen = (outputs[:, 0] > 0.5) if outputs.shape[1] == 1 else outputs.argmax(axis=1)
    return {
        "accuracy": scores.accuracy(classes, chosen.astype(np.int64)),
        "log-loss": scores.log_loss(classes, outputs),
        "AUC": scores.auc(classes, outputs),
    }
