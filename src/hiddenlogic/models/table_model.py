"""Table in, prediction out: a network with the preparation of its columns."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic import engine
from hiddenlogic.errors import DataError, StateError
from hiddenlogic.formats import safetensors
from hiddenlogic.formats.snapshot import Snapshot
from hiddenlogic.models.rows import TableLike, read_rows
from hiddenlogic.models.scoring import score
from hiddenlogic.table import Preparation, Schema, TargetPreparation

if TYPE_CHECKING:
    import polars as pl


class TableModel:
    """A trained network that takes tables, made by ``hiddenlogic fit`` or loaded from its file.

    Parameters
    ----------
    snapshot : Snapshot
        With schema, preparation and target.

    Raises
    ------
    StateError
        If the snapshot is of a network that was trained on arrays and knows no columns.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        if snapshot.schema is None or snapshot.preparation is None or snapshot.target is None:
            kind = "Sequential" if snapshot.network.is_straight else "Model"
            raise StateError(
                "This network was trained on arrays and knows no columns."
                f" Read it with hiddenlogic.{kind}.load()."
            )
        self.snapshot = snapshot
        self.schema: Schema = snapshot.schema
        self.preparation: Preparation = snapshot.preparation
        self.target: TargetPreparation = snapshot.target

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> TableModel:
        """Read a model file.

        Parameters
        ----------
        path : path-like

        Returns
        -------
        TableModel
            It predicts the same bits as the one that was saved.

        Raises
        ------
        FormatError
            If the file is missing, foreign, truncated or newer than this version.
        StateError
            If its network was trained on arrays.
        """
        return cls(safetensors.read(path))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to one file, atomically.

        Parameters
        ----------
        path : path-like

        Raises
        ------
        FormatError
            If it cannot be written; what was there before is still there.
        """
        kept = replace(self.snapshot, receipt=_plain(self.snapshot.receipt))
        safetensors.write(path, kept)

    def outputs(self, rows: TableLike) -> NDArray[Any]:
        """Return what the network itself says: standardised numbers, or probabilities.

        Parameters
        ----------
        rows : path-like, Table, DataFrame or mapping
            With the columns of the schema; the target is not needed.

        Returns
        -------
        ndarray, shape (n, n_outputs)

        Raises
        ------
        SchemaError
            If a column is missing or of another kind.
        """
        inputs = self.preparation.transform(self._frame(rows))
        return engine.predict(
            self.snapshot.network, self.snapshot.weights, inputs, dtype=self.snapshot.dtype
        )

    def predict(self, rows: TableLike, *, median: bool = False) -> pl.DataFrame:
        """Predict the target of each row.

        Parameters
        ----------
        rows : path-like, Table, DataFrame or mapping
            With the columns of the schema; further ones are ignored.
        median : bool
            Whether to predict medians rather than means where the network was taught logarithms.

        Returns
        -------
        polars.DataFrame
            One row a row: ``prediction``, in units of the target or a class; for classes also
            ``probability of <class>``, one column a class.

        Raises
        ------
        SchemaError
            If a column is missing or of another kind.
        """
        import polars as pl

        outputs = self.outputs(rows)
        prediction = pl.Series("prediction", self.target.restore(outputs, median=median))
        if self.schema.task == "regression":
            return pl.DataFrame([prediction])
        if outputs.shape[1] == 1:
            outputs = np.hstack([1 - outputs, outputs])
        probabilities = [
            pl.Series(f"probability of {label}", outputs[:, place])
            for place, label in enumerate(self.target.labels)
        ]
        return pl.DataFrame([prediction, *probabilities])

    def evaluate(self, rows: TableLike) -> dict[str, float]:
        """Score the predictions of rows whose target is known.

        Parameters
        ----------
        rows : path-like, Table, DataFrame or mapping
            With the columns of the schema and the target.

        Returns
        -------
        dict of str to float
            RMSE, MAE and R², or accuracy, log-loss and AUC.

        Raises
        ------
        SchemaError
            If a column is missing or of another kind.
        DataError
            If a row has no target.
        """
        frame = self._frame(rows)
        if not frame.height:
            raise DataError("Rows to evaluate must be at least one; got none.")
        return score(self.target, self.outputs(frame), frame)

    def _frame(self, rows: TableLike) -> pl.DataFrame:
        """Read rows so that what was text in training is text again."""
        return read_rows(rows, text=self.preparation.text_columns).frame


def _plain(value: Any) -> Any:
    """Write scores that are not defined, such as the AUC of one class, as JSON's null."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[Any, Any]", value)
        return {name: _plain(entry) for name, entry in entries.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def load(path: str | os.PathLike[str]) -> TableModel:
    """Read a model file: the same as `TableModel.load`."""
    return TableModel.load(path)
