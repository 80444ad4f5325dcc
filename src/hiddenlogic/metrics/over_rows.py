"""Metrics that are means of a value a row, one frozen row each.

They are summed in float64 over all rows and divided once, so the value of an epoch is no average of
batch values. Each has a SIMD body in native/kernels/metrics.hpp, which takes one number at most.
"""

from __future__ import annotations

from hiddenlogic.metrics.row import Count, Flag, MetricRow, Targets
from hiddenlogic.registry import Parameter

_NUMBERS: tuple[Targets, ...] = ("numbers",)
# A sparse target is the index of a class, so a distance to it would mean nothing.
_SAME_SHAPE: tuple[Targets, ...] = ("numbers", "signs", "labels", "one_hot")
_ONE_HOT: tuple[Targets, ...] = ("numbers", "one_hot")
_K = (Count("k", 5),)
_SMOOTHING = Parameter(
    "label_smoothing", 0.0, low=0.0, high=1.0, low_included=True, high_included=True
)
_FROM_LOGITS = (Flag("from_logits"),)
_MANNING = "Manning, Raghavan and Schuetze (2008), Introduction to Information Retrieval, chapter 8"

ROWS = (
    MetricRow(
        name="mean_squared_error",
        aliases=("mse",),
        over="rows",
        targets=_SAME_SHAPE,
        larger_is_better=False,
        formula="mean((y - t)**2)",
        keras="MeanSquaredError",
        sklearn="mean_squared_error",
        source="Legendre (1805), least squares",
    ),
    MetricRow(
        name="mean_absolute_error",
        aliases=("mae",),
        over="rows",
        targets=_SAME_SHAPE,
        larger_is_better=False,
        formula="mean(|y - t|)",
        keras="MeanAbsoluteError",
        sklearn="mean_absolute_error",
        source="Boscovich (1757), least absolute deviations",
    ),
    MetricRow(
        name="root_mean_squared_error",
        aliases=("rmse",),
        over="rows",
        targets=_SAME_SHAPE,
        larger_is_better=False,
        formula="square root of the mean over all rows of mean((y - t)**2); with several outputs "
        "scikit-learn means the root of each",
        keras="RootMeanSquaredError",
        sklearn="root_mean_squared_error",
        source="the standard error of Gauss (1816)",
    ),
    MetricRow(
        name="mean_absolute_percentage_error",
        aliases=("mape",),
        over="rows",
        targets=_NUMBERS,
        larger_is_better=False,
        formula="mean(100 * |y - t| / max(|t|, 1e-7)); scikit-learn leaves out the 100",
        keras="MeanAbsolutePercentageError",
        sklearn="mean_absolute_percentage_error",
        source="Makridakis et al. (1982), doi:10.1002/for.3980010202",
    ),
    MetricRow(
        name="mean_squared_logarithmic_error",
        aliases=("msle", "mean_squared_log_error"),
        over="rows",
        targets=_NUMBERS,
        larger_is_better=False,
        formula="mean((log(1 + max(y, 1e-7)) - log(1 + max(t, 1e-7)))**2)",
        keras="MeanSquaredLogarithmicError",
        sklearn="mean_squared_log_error",
        source="least squares of log(1 + t)",
    ),
    MetricRow(
        name="pinball_loss",
        aliases=("pinball", "mean_pinball_loss", "quantile_loss"),
        over="rows",
        targets=_NUMBERS,
        larger_is_better=False,
        formula="mean(max(quantile * (t - y), (quantile - 1) * (t - y)))",
        keras="",
        sklearn="mean_pinball_loss",
        source="Koenker and Bassett (1978), doi:10.2307/1913643",
        parameters=(
            Parameter("quantile", 0.5, low=0.0, high=1.0, low_included=True, high_included=True),
        ),
    ),
    MetricRow(
        name="binary_accuracy",
        aliases=(),
        over="rows",
        targets=("numbers", "signs", "labels"),
        larger_is_better=True,
        formula="mean((y > threshold) == (t > 0.5)), threshold 0.5, or 0 for labels of -1 and 1",
        keras="BinaryAccuracy",
        sklearn="accuracy_score",
        source=_MANNING,
        parameters=(Parameter("threshold", 0.5),),
        left_open=("threshold",),
        of_labels=True,
    ),
    MetricRow(
        name="categorical_accuracy",
        aliases=(),
        over="rows",
        targets=_ONE_HOT,
        larger_is_better=True,
        formula="argmax(y) == argmax(t), the first of equals",
        keras="CategoricalAccuracy",
        sklearn="accuracy_score",
        source=_MANNING,
    ),
    MetricRow(
        name="sparse_categorical_accuracy",
        aliases=(),
        over="rows",
        targets=("index",),
        larger_is_better=True,
        formula="argmax(y) == t, the first of equals",
        keras="SparseCategoricalAccuracy",
        sklearn="accuracy_score",
        source=_MANNING,
    ),
    MetricRow(
        name="top_k_categorical_accuracy",
        aliases=(),
        over="rows",
        targets=_ONE_HOT,
        larger_is_better=True,
        formula="argmax(t) is among the k largest of y, of equals the later ones",
        keras="TopKCategoricalAccuracy",
        sklearn="top_k_accuracy_score",
        source="Krizhevsky, Sutskever and Hinton (2012), top-5 error",
        counts=_K,
    ),
    MetricRow(
        name="sparse_top_k_categorical_accuracy",
        aliases=(),
        over="rows",
        targets=("index",),
        larger_is_better=True,
        formula="t is among the k largest of y, of equals the later ones",
        keras="SparseTopKCategoricalAccuracy",
        sklearn="top_k_accuracy_score",
        source="Krizhevsky, Sutskever and Hinton (2012), top-5 error",
        counts=_K,
    ),
    MetricRow(
        name="binary_crossentropy",
        aliases=("bce", "binary_cross_entropy"),
        over="rows",
        targets=("labels",),
        larger_is_better=False,
        formula="mean(-t * log(y) - (1 - t) * log(1 - y)), y and 1 - y taken as between u and "
        "1 - u, u being the spacing of numbers at 1 (Keras takes 1e-7); t taken as "
        "t * (1 - label_smoothing) + label_smoothing / 2",
        keras="BinaryCrossentropy",
        sklearn="log_loss",
        source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.90",
        parameters=(_SMOOTHING,),
        flags=_FROM_LOGITS,
        of_probabilities=True,
    ),
    MetricRow(
        name="categorical_crossentropy",
        aliases=("cce", "categorical_cross_entropy"),
        over="rows",
        targets=("one_hot",),
        larger_is_better=False,
        formula="-sum(t * log(y)), y taken as between u and 1 - u, t as "
        "t * (1 - label_smoothing) + label_smoothing / n_classes",
        keras="CategoricalCrossentropy",
        sklearn="log_loss",
        source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108",
        parameters=(_SMOOTHING,),
        flags=_FROM_LOGITS,
        of_probabilities=True,
    ),
    MetricRow(
        name="sparse_categorical_crossentropy",
        aliases=("scce", "sparse_categorical_cross_entropy"),
        over="rows",
        targets=("index",),
        larger_is_better=False,
        formula="-log(y[t]), y taken as between u and 1 - u",
        keras="SparseCategoricalCrossentropy",
        sklearn="log_loss",
        source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108",
        flags=_FROM_LOGITS,
        of_probabilities=True,
    ),
    MetricRow(
        name="brier_score",
        aliases=("brier", "brier_score_loss"),
        over="rows",
        targets=("labels", "one_hot", "index"),
        larger_is_better=False,
        formula="mean((y - t)**2) of labels; of classes sum((y - t)**2), halved if there are two",
        keras="",
        sklearn="brier_score_loss",
        source="Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
        of_probabilities=True,
    ),
)
