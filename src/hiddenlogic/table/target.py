"""The target: a standardised number, or the index of a class, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, FormatError, SchemaError, ShapeError
from hiddenlogic.table import plain
from hiddenlogic.table.cells import numbers, texts
from hiddenlogic.table.schema import Schema
from hiddenlogic.table.target_scale import SCALES, choose_scale, exponential, smearing
from hiddenlogic.table.task import TASKS
from hiddenlogic.table.wording import less, plural, which_rows

Label = str | int | float | bool | date


@dataclass(frozen=True)
class TargetPreparation:
    """What a network is taught, and what its outputs mean.

    Attributes
    ----------
    column : str
    task : {'regression', 'binary', 'multiclass'}
    labels : tuple of str, int, float, bool or date
        Of the classes in the order of their indices, of the type they have in the table; empty for
        regression.
    mean, std : float
        Of the training rows, in the unit of the target, or of their logarithms; 0 and 1 for
        classes.
    scale : {'standard', 'log'}
        Whether the number or its logarithm is standardised.
    smearing : float
        From the median, which the exp of a mean logarithm is, to the mean; see `smearing`.
    reason : str
        Why the logarithm was chosen.
    """

    column: str
    task: str
    labels: tuple[Label, ...] = ()
    mean: float = 0.0
    std: float = 1.0
    scale: str = "standard"
    smearing: float = 1.0
    reason: str = ""

    @classmethod
    def fit(
        cls, schema: Schema, frame: pl.DataFrame, rows: NDArray[np.integer], scale: str = "auto"
    ) -> TargetPreparation:
        """Learn mean and standard deviation from the training rows, in float64.

        Parameters
        ----------
        schema : Schema
        frame : polars.DataFrame
        rows : ndarray of integers, shape (n_training_rows,)
            Indices from 0.
        scale : {'auto', 'standard', 'log'}
            'auto' takes the logarithm of numbers that are all positive and highly skewed in the
            training rows, if their logarithms are not.

        Raises
        ------
        DataError
            If a training row has no target, all have the same number, or a logarithm is not
            defined.
        """
        column = schema.target.name
        cells = frame[column]
        if schema.task != "regression":
            labels = tuple(_typed(label, cells.dtype) for label in schema.classes)
            return cls(column, schema.task, labels)
        every = numbers(cells)
        values = every[np.sort(rows)]
        _refuse_missing(column, np.isnan(values), np.sort(rows))
        chosen, reason = choose_scale(column, scale, values, float(np.nanmin(every)))
        same = bool(np.all(values == values[0]))
        values = np.log(values) if chosen == "log" else values
        # Sums of squares overflow beyond 1e154; scaling by a power of two changes no other bit.
        power = math.frexp(float(np.abs(values).max(initial=0.0)))[1]
        scaled = np.ldexp(values, -power)
        mean = float(np.ldexp(scaled.mean(), power))
        std = float(np.ldexp(scaled.std(), power))
        if std == 0 or same:
            raise DataError(
                f"The target {column!r} is {every[np.min(rows)]:g} in all {len(values)} training"
                " rows, so there is nothing to learn. Add rows, or split with another seed."
            )
        return cls(column, "regression", (), mean, std, chosen, reason=reason)

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
            (y - mean) / std, or the same of the logarithm; or the index of the class.

        Raises
        ------
        SchemaError
            If the table lacks the column.
        DataError
            If a cell is missing, no number, not positive where the logarithm is taken, or a class
            that training did not have.
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
            if self.scale == "log":
                values = self._logarithms(values)
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

    def restore(
        self, outputs: NDArray[np.floating], *, median: bool = False
    ) -> NDArray[np.generic]:
        """Turn the network's outputs into predictions.

        Parameters
        ----------
        outputs : ndarray, shape (n_rows, n_outputs)
            Standardised numbers; the probability of the second class; or one probability a class.
        median : bool
            Where the logarithm is taken, whether to return the median rather than the mean, which
            lies above it. They are one where the number itself is standardised.

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
            values = outputs[:, 0].astype(np.float64) * self.std + self.mean
            if self.scale == "log":
                return exponential(values, 1.0 if median else self.smearing)
            return values
        if self.task == "binary":
            index = (outputs[:, 0] > 0.5).astype(np.int64)
        else:
            index = outputs.argmax(axis=1)
        days = isinstance(self.labels[0], date)
        return np.array(self.labels, "datetime64[D]" if days else None)[index]

    def corrected(self, outputs: NDArray[np.floating], frame: pl.DataFrame) -> TargetPreparation:
        """Return the preparation whose means are right, measured on rows that no training saw.

        Parameters
        ----------
        outputs : ndarray, shape (n_rows, 1)
            Of the trained network.
        frame : polars.DataFrame
            The same rows, with their targets.

        Returns
        -------
        TargetPreparation
            Itself where no logarithm is taken: means of numbers need no correction.
        """
        if self.scale != "log":
            return self
        medians = np.asarray(self.restore(outputs, median=True), np.float64)
        return replace(self, smearing=smearing(numbers(frame[self.column]), medians))

    def describe(self) -> str:
        """Say in one sentence what is done."""
        if self.task == "regression":
            if self.scale == "standard":
                return f"{self.column!r}: {less('y', self.mean)} / {self.std:g}"
            why = f", as it {self.reason}" if self.reason else ""
            return (
                f"{self.column!r}: {less('log(y)', self.mean)} / {self.std:g}{why}; the exp of a"
                f" prediction, a median, becomes a mean by the factor {self.smearing:.4g}"
            )
        pairs = ", ".join(f"{label!r} is {index}" for index, label in enumerate(self.labels[:10]))
        more = ", …" if len(self.labels) > 10 else ""
        return f"{self.column!r}: {len(self.labels)} classes, {pairs}{more}"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        labels = [{"date": str(x)} if isinstance(x, date) else x for x in self.labels]
        return {**vars(self), "labels": labels}

    @classmethod
    def from_json(cls, data: object) -> TargetPreparation:
        """Check plain data and return the preparation.

        Raises
        ------
        FormatError
            If anything is not what `to_json` writes.
        """
        keys = ("column", "task", "labels", "mean", "std", "scale", "smearing", "reason")
        found = plain.record(data, "target", keys)
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
        factor = plain.number(found["smearing"], "target.smearing", least=0.0)
        if factor == 0:
            raise FormatError(
                "The model file is damaged: `target.smearing` must be greater than 0."
            )
        return cls(
            column=plain.text(found["column"], "target.column"),
            task=task,
            labels=labels,
            mean=plain.number(found["mean"], "target.mean"),
            std=std,
            scale=plain.text(found["scale"], "target.scale", SCALES[1:]),
            smearing=factor,
            reason=plain.text(found["reason"], "target.reason"),
        )

    def _logarithms(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take logarithms, or raise for the rows that have none."""
        wrong = (np.flatnonzero(values <= 0) + 1).tolist()
        if wrong:
            raise DataError(
                f"The target {self.column!r} is not greater than 0 in {which_rows(wrong)}, and this"
                " model is taught its logarithm. Leave those rows out, or fit with"
                " --target-scale standard."
            )
        return np.log(values)


def _typed(label: str, dtype: pl.DataType) -> Label:
    """Return a label with the type that it has in the table."""
    if dtype == pl.Boolean:
        return label == "true"
    if dtype.is_integer():
        return int(label)
    if dtype.is_float() or dtype.is_decimal():
        return float(label)
    if dtype == pl.Date:
        return date.fromisoformat(label)
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
    if isinstance(value, dict):
        day = plain.text(
            plain.record(cast("object", value), where, ("date",))["date"], f"{where}.date"
        )
        try:
            return date.fromisoformat(day)
        except ValueError:
            raise FormatError(f"The model file is damaged: `{where}.date` is no date.") from None
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
