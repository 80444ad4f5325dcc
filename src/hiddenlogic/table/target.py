"""The target: a standardised number or the index of a class, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, FormatError, SchemaError, ShapeError
from hiddenlogic.table import plain
from hiddenlogic.table.cells import numbers, texts
from hiddenlogic.table.schema import Schema
from hiddenlogic.table.task import TASKS
from hiddenlogic.table.wording import less, plural, which_rows

Label = str | int | float | bool


@dataclass(frozen=True)
class TargetPreparation:
    """What a network is taught, and what its outputs mean.

    Attributes
    ----------
    column : str
    task : {'regression', 'binary', 'multiclass'}
    labels : tuple of str, int, float or bool
        Of the classes in the order of their indices, of the type they have in the table; empty for
        regression.
    mean, std : float
        Of the training rows, in the unit of the target; 0 and 1 for classes.
    """

    column: str
    task: str
    labels: tuple[Label, ...] = ()
    mean: float = 0.0
    std: float = 1.0

    @classmethod
    def fit(
        cls, schema: Schema, frame: pl.DataFrame, rows: NDArray[np.integer]
    ) -> TargetPreparation:
        """Learn mean and standard deviation from the training rows, in float64.

        Parameters
        ----------
        schema : Schema
        frame : polars.DataFrame
        rows : ndarray of integers, shape (n_training_rows,)
            Indices from 0.

        Raises
        ------
        DataError
            If a training row has no target, or all have the same number.
        """
        column = schema.target.name
        cells = frame[column]
        if schema.task != "regression":
            labels = tuple(_typed(label, cells.dtype) for label in schema.classes)
            return cls(column, schema.task, labels)
        values = numbers(cells)[np.sort(rows)]
        _refuse_missing(column, np.isnan(values), np.sort(rows))
        # Sums of squares overflow beyond 1e154; scaling by a power of two changes no other bit.
        power = math.frexp(float(np.abs(values).max(initial=0.0)))[1]
        scaled = np.ldexp(values, -power)
        mean = float(np.ldexp(scaled.mean(), power))
        std = float(np.ldexp(scaled.std(), power))
        if std == 0 or bool(np.all(values == values[0])):
            raise DataError(
                f"The target {column!r} is {values[0]:g} in all {len(values)} training rows, so"
                " there is nothing to learn. Add rows, or split with another seed."
            )
        return cls(column, "regression", (), mean, std)

    @property
    def n_outputs(self) -> int:
        """Outputs that the network needs: one, or one a class where there are several."""
        return len(self.labels) if self.task == "multiclass" else 1

    def transform(self, frame: pl.DataFrame) -> NDArray[np.float32]:
        """Turn the target column into what the network is taught.

        Parameters
        ----------
        frame : polars.DataFrame

        Returns
        -------
        ndarray of float32, shape (n_rows, 1)
            (y - mean) / std, or the index of the class.

        Raises
        ------
        SchemaError
            If the table lacks the column.
        DataError
            If a cell is missing, no number, or a class that training did not have.
        """
        if self.column not in frame.columns:
            raise SchemaError(
                f"The table lacks the target {self.column!r}. Add it, or only predict."
            )
        cells = frame[self.column]
        row_numbers = np.arange(len(cells))
        if self.task == "regression":
            values = numbers(cells)
            _refuse_missing(self.column, np.isnan(values), row_numbers)
            return self._standardised(values)
        words = texts(cells)
        _refuse_missing(self.column, words.is_null().to_numpy(), row_numbers)
        classes = [_text(label) for label in self.labels]
        codes = words.replace_strict(
            classes, range(len(classes)), default=None, return_dtype=pl.Int64
        )
        unknown = codes.is_null().arg_true().to_list()
        if unknown:
            raise DataError(
                f"The target {self.column!r} has a class in row {unknown[0] + 1} that training did"
                f" not have: {words[unknown[0]]!r}. Its classes are {', '.join(classes[:10])}."
            )
        return codes.to_numpy().astype(np.float32)[:, None]

    def _standardised(self, values: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return numbers as the network is taught them."""
        standard = (values - self.mean) / self.std
        far = np.flatnonzero(np.abs(standard) > np.finfo(np.float32).max)
        if len(far):
            raise DataError(
                f"The target {self.column!r} is {values[far[0]]:g} in row {far[0] + 1}, too far"
                f" from the training rows' {self.mean:g} ± {self.std:g}. Correct that cell."
            )
        return np.ascontiguousarray(standard.astype(np.float32)[:, None])

    def restore(self, outputs: NDArray[np.floating]) -> NDArray[np.generic]:
        """Turn the network's outputs into predictions.

        Parameters
        ----------
        outputs : ndarray, shape (n_rows, n_outputs)
            Standardised numbers; the probability of the second class; or one probability a class.

        Returns
        -------
        ndarray, shape (n_rows,)
            float64 in the unit of the target, or labels of the type that they have in the table.

        Raises
        ------
        ShapeError
            If `outputs` has another shape.
        """
        if outputs.ndim != 2 or outputs.shape[1] != self.n_outputs:
            raise ShapeError(
                f"`outputs` must have the shape (n_rows, {self.n_outputs}); got {outputs.shape}."
            )
        if self.task == "regression":
            return outputs[:, 0].astype(np.float64) * self.std + self.mean
        if self.task == "binary":
            index = (outputs[:, 0] > 0.5).astype(np.int64)
        else:
            index = outputs.argmax(axis=1)
        return np.array(self.labels)[index]

    def describe(self) -> str:
        """Say in one sentence what is done."""
        if self.task == "regression":
            return f"{self.column!r}: {less('y', self.mean)} / {self.std:g}"
        pairs = ", ".join(f"{label!r} is {index}" for index, label in enumerate(self.labels[:10]))
        more = ", …" if len(self.labels) > 10 else ""
        return f"{self.column!r}: {len(self.labels)} classes, {pairs}{more}"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {**vars(self), "labels": list(self.labels)}

    @classmethod
    def from_json(cls, data: object) -> TargetPreparation:
        """Check plain data and return the preparation.

        Raises
        ------
        FormatError
            If anything is not what `to_json` writes.
        """
        found = plain.record(data, "target", ("column", "task", "labels", "mean", "std"))
        task = plain.text(found["task"], "target.task", TASKS)
        labels = plain.items(found["labels"], "target.labels", _label)
        plain.distinct(tuple(_text(label) for label in labels), "target.labels")
        fits = {"regression": not labels, "binary": len(labels) == 2, "multiclass": len(labels) > 1}
        if not fits[task] or len({type(label) for label in labels}) > 1:
            raise FormatError(
                f"The model file is damaged: `target.labels` does not fit the task {task!r};"
                f" it has {len(labels)}."
            )
        std = plain.number(found["std"], "target.std", least=0.0)
        if std == 0:
            raise FormatError("The model file is damaged: `target.std` must be greater than 0.")
        return cls(
            column=plain.text(found["column"], "target.column"),
            task=task,
            labels=labels,
            mean=plain.number(found["mean"], "target.mean"),
            std=std,
        )


def _typed(label: str, dtype: pl.DataType) -> Label:
    """Return a label with the type that it has in the table."""
    if dtype == pl.Boolean:
        return label == "true"
    if dtype.is_integer():
        return int(label)
    if dtype.is_float() or dtype.is_decimal():
        return float(label)
    return label


def _text(label: Label) -> str:
    """Return a label as `cells.texts` writes it."""
    if isinstance(label, bool):
        return "true" if label else "false"
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return repr(label) if isinstance(label, float) else str(label)


def _label(value: object, where: str) -> Label:
    """Check one label."""
    if isinstance(value, str | bool):
        return value
    number = plain.number(value, where)
    # Labels are Int64 in a table; a longer number could not be made into an array of labels.
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise FormatError(f"The model file is damaged: `{where}` must be a 64-bit whole number.")
    return value if isinstance(value, int) else number


def _refuse_missing(
    column: str, missing: NDArray[np.bool_], row_numbers: NDArray[np.integer]
) -> None:
    """Raise for rows without a target."""
    gaps = (row_numbers[missing] + 1).tolist()
    if gaps:
        raise DataError(
            f"The target {column!r} has {plural(len(gaps), 'missing value')} ({which_rows(gaps)})."
            " Leave those rows out, or fill them in."
        )
