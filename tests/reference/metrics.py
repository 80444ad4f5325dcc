"""Metrics over a whole set: scikit-learn's where it has them, else from their formulas.

Outputs and targets come as float64 matrices, shape (n, k), targets of a sparse loss as (n, 1).
"""

from __future__ import annotations

import itertools
import warnings

import numpy as np
from sklearn import metrics as sk

from hiddenlogic.losses import Loss
from hiddenlogic.metrics import Metric, targets_of


def value(metric: Metric, loss: Loss, outputs, targets, sample_weight=None):
    """Return the metric; undefined cases warn in scikit-learn, and have its value here.

    An array where it is several numbers. A row of weight 0 is a row left out.
    """
    if sample_weight is not None:
        counts = np.asarray(sample_weight) > 0
        outputs, targets = outputs[counts], targets[counts]
        sample_weight = sample_weight[counts]
    rows = Rows(loss, outputs, targets, sample_weight)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.array(_FORMULAS[metric.name](rows, **metric.get_config()), dtype=float)[()]


class Rows:
    """Outputs beside what was due, in the forms that scikit-learn's functions take."""

    def __init__(self, loss: Loss, outputs, targets, sample_weight) -> None:
        self.y, self.t, self.w = outputs, targets, sample_weight
        self.k = outputs.shape[1]
        kind = targets_of(loss)
        self.has_classes = kind in ("one_hot", "index")
        self.middle = 0.0 if kind == "signs" else 0.5
        # Labels of each output, (n, k), and the class of each row.
        self.labels = (targets > 0.5).astype(int)
        self.classes = self.labels[:, 0]
        if self.k > 1:
            self.classes = targets[:, 0].astype(int) if kind == "index" else targets.argmax(axis=1)
        if self.has_classes:
            self.labels = np.eye(self.k, dtype=int)[self.classes]

    def mean(self, values) -> float:
        """Return the mean over the rows of values of a row, or of each output."""
        return np.average(np.reshape(values, (len(self.t), -1)).mean(axis=1), weights=self.w)

    def called(self, threshold=None):
        """Return the class called of each row."""
        if self.k > 1:
            return self.y.argmax(axis=1)
        return (self.y[:, 0] > (self.middle if threshold is None else threshold)).astype(int)

    def largest(self, k: int):
        """Return which outputs are among the k largest of their row, of equals the first."""
        order = np.argsort(-self.y, axis=1, kind="stable")
        return np.argsort(order, axis=1) < k


def _of_labels(rows: Rows, function) -> float:
    """Return the mean over outputs that are yes or no each."""
    return np.mean([function(rows.labels[:, i], rows.y[:, i]) for i in range(rows.k)])


def _log_loss(rows: Rows, label_smoothing: float = 0.0, from_logits: bool = False) -> float:
    """Scikit-learn's; smoothed from the formula. What logits are, the loss has said."""
    if label_smoothing and rows.has_classes:
        due = rows.labels * (1 - label_smoothing) + label_smoothing / rows.k
        return rows.mean(-(due * np.log(rows.y)).sum(axis=1))
    if label_smoothing:
        due = rows.labels * (1 - label_smoothing) + label_smoothing / 2
        return rows.mean(-due * np.log(rows.y) - (1 - due) * np.log(1 - rows.y))
    if rows.has_classes:
        return sk.log_loss(rows.classes, y_proba=rows.y, sample_weight=rows.w, labels=range(rows.k))
    return _of_labels(
        rows, lambda t, p: sk.log_loss(t, y_proba=p, sample_weight=rows.w, labels=[0, 1])
    )


def _brier(rows: Rows) -> float:
    if rows.has_classes:
        return sk.brier_score_loss(rows.classes, rows.y, sample_weight=rows.w, labels=range(rows.k))
    return _of_labels(rows, lambda t, p: sk.brier_score_loss(t, p, sample_weight=rows.w))


def _top_k(rows: Rows, k: int) -> float:
    """Scikit-learn's, which does not take two classes with a column each."""
    if rows.k > 2:
        return sk.top_k_accuracy_score(
            rows.classes, rows.y, k=k, sample_weight=rows.w, labels=range(rows.k)
        )
    best = np.argsort(rows.y, axis=1, kind="stable")[:, ::-1][:, :k]
    return rows.mean((best == rows.classes[:, None]).any(axis=1))


def _one_against_one(rows: Rows, average: str) -> float:
    """Hand and Till (2001), equation 7, pair by pair; scikit-learn's takes no weights."""
    w = np.ones(len(rows.t)) if rows.w is None else rows.w
    areas, weights = [], []
    for a, b in itertools.combinations(np.unique(rows.classes), 2):
        pair = np.isin(rows.classes, (a, b))
        areas += [
            sk.roc_auc_score(rows.classes[pair] == one, rows.y[pair, one], sample_weight=w[pair])
            for one in (a, b)
        ]
        weights += [w[pair].sum()] * 2
    if not areas:
        return np.nan
    return np.average(areas, weights=weights if average == "weighted" else None)


def _auc(rows: Rows, curve: str, multi_class: str | None, average: str | None):
    function = sk.roc_auc_score if curve == "ROC" else sk.average_precision_score
    if rows.k == 1:
        return function(rows.classes, rows.y[:, 0], sample_weight=rows.w)
    average = average or ("macro" if multi_class else "micro")
    if multi_class == "ovo":
        return _one_against_one(rows, average)
    labels, outputs, weight = rows.labels, rows.y, rows.w
    if average == "micro":
        weight = None if weight is None else np.repeat(weight, rows.k)
        return function(labels.ravel(), outputs.ravel(), sample_weight=weight)
    average = None if average == "none" else average
    return function(labels, outputs, average=average, sample_weight=weight)


def _hits(function, by_threshold: bool):
    """Return precision, recall or F-beta of decisions; `by_threshold`: Keras's, without average."""

    def score(rows: Rows, threshold=None, top_k=None, class_id=None, average=None, **settings):
        settings |= {"sample_weight": rows.w, "zero_division": 0}
        each = average == "none" or (average is None and rows.k > 1 and not by_threshold)
        chosen = None if each else average
        if rows.k == 1:
            chosen = chosen if each else average or "binary"
            settings |= {"labels": [0, 1]} if each else {}
            return function(rows.classes, rows.called(threshold), average=chosen, **settings)
        judges = threshold is not None or top_k is not None or (by_threshold and average is None)
        if rows.has_classes and not judges:
            settings |= {"labels": range(rows.k)} if each else {}
            return function(rows.classes, rows.called(), average=chosen, **settings)
        bar = threshold
        if bar is None:
            bar = -np.inf if top_k else rows.middle
        called = ((rows.y > bar) & rows.largest(top_k or rows.k)).astype(int)
        if class_id is not None:
            return function(rows.labels[:, class_id], called[:, class_id], **settings)
        return function(
            rows.labels, called, average=chosen if each else average or "micro", **settings
        )

    def scores(rows: Rows, thresholds=None, **settings):
        if not isinstance(thresholds, tuple):
            return score(rows, **({"threshold": thresholds} if by_threshold else {}), **settings)
        return [score(rows, threshold=one, **settings) for one in thresholds]

    return scores


def _kappa(rows: Rows, weights: str) -> float:
    return sk.cohen_kappa_score(
        rows.classes,
        rows.called(),
        labels=range(max(rows.k, 2)),
        weights=None if weights == "none" else weights,
        sample_weight=rows.w,
    )


def _r2(rows: Rows, num_regressors: int, class_aggregation: str) -> float:
    multioutput = class_aggregation.replace("weighted_average", "weighted")
    plain = sk.r2_score(rows.t, rows.y, sample_weight=rows.w, multioutput=multioutput)
    n = len(rows.t)
    if not 0 < num_regressors < n - 1:
        return plain
    return 1 - (1 - plain) * (n - 1) / (n - num_regressors - 1)


def _calibration(rows: Rows, bins: int) -> float:
    """Guo et al. (2017), equations 2 and 3, over bins (a, b]."""
    if rows.has_classes:
        p, right = rows.y.max(axis=1), rows.classes == rows.called()
        w = np.ones(len(p)) if rows.w is None else rows.w
    else:
        p, right = rows.y.ravel(), rows.labels.ravel() == 1
        w = np.repeat(np.ones(len(rows.y)) if rows.w is None else rows.w, rows.k)
    place = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], p)
    gaps = [abs(np.sum(w * (right - p), where=place == i)) for i in range(bins)]
    return np.sum(gaps) / w.sum()


def _pinball(rows: Rows, quantile: float) -> float:
    return sk.mean_pinball_loss(rows.t, rows.y, alpha=quantile, sample_weight=rows.w)


def _binary_accuracy(rows: Rows, threshold: float | None) -> float:
    bar = rows.middle if threshold is None else threshold
    return _of_labels(rows, lambda t, y: sk.accuracy_score(t, y > bar, sample_weight=rows.w))


def _class_accuracy(rows: Rows) -> float:
    return sk.accuracy_score(rows.classes, rows.called(), sample_weight=rows.w)


_FORMULAS = {
    "mean_squared_error": lambda r: sk.mean_squared_error(r.t, r.y, sample_weight=r.w),
    "mean_absolute_error": lambda r: sk.mean_absolute_error(r.t, r.y, sample_weight=r.w),
    # Keras's root of the mean over all outputs; scikit-learn's is the mean of roots.
    "root_mean_squared_error": lambda r: np.sqrt(
        sk.mean_squared_error(r.t, r.y, sample_weight=r.w)
    ),
    # Keras's floor of 1e-7 where scikit-learn has the spacing at 1, and its percent.
    "mean_absolute_percentage_error": lambda r: r.mean(
        100 * np.abs(r.y - r.t) / np.maximum(np.abs(r.t), 1e-7)
    ),
    "mean_squared_logarithmic_error": lambda r: sk.mean_squared_log_error(
        np.maximum(r.t, 1e-7), np.maximum(r.y, 1e-7), sample_weight=r.w
    ),
    "pinball_loss": _pinball,
    "binary_accuracy": _binary_accuracy,
    "categorical_accuracy": _class_accuracy,
    "sparse_categorical_accuracy": _class_accuracy,
    "top_k_categorical_accuracy": _top_k,
    "sparse_top_k_categorical_accuracy": _top_k,
    "binary_crossentropy": _log_loss,
    "categorical_crossentropy": _log_loss,
    "sparse_categorical_crossentropy": _log_loss,
    "brier_score": _brier,
    "auc": _auc,
    "precision": _hits(sk.precision_score, by_threshold=True),
    "recall": _hits(sk.recall_score, by_threshold=True),
    "fbeta_score": _hits(sk.fbeta_score, by_threshold=False),
    "balanced_accuracy": lambda r: sk.balanced_accuracy_score(
        r.classes, r.called(), sample_weight=r.w
    ),
    "matthews_correlation": lambda r: sk.matthews_corrcoef(
        r.classes, r.called(), sample_weight=r.w
    ),
    "cohen_kappa": _kappa,
    "r2_score": _r2,
    "expected_calibration_error": _calibration,
}
