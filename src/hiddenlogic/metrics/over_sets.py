"""Metrics of a whole set of rows, which no sum of values a row gives, one frozen row each.

The outputs of an epoch are kept, each as it was before its step, and reduced at the epoch's end by
native/engine/scores.cpp. Where scikit-learn gives an undefined case a value, it is that value.
"""

from __future__ import annotations

from collections.abc import Mapping

from hiddenlogic.metrics.row import Choice, Count, MetricRow, Targets
from hiddenlogic.registry import Parameter

_ANY: tuple[Targets, ...] = ("numbers", "signs", "labels", "one_hot", "index")
_THRESHOLDS = Parameter("thresholds", 0.5)
_ONE_OF_A_ROW = (Count("top_k", 1), Count("class_id", 0, least=0))
_AVERAGE = Choice("average", "macro", ("binary", "micro", "macro", "weighted", "none"))
_VAN_RIJSBERGEN = "van Rijsbergen (1979), Information Retrieval, chapter 7"
_AUC_PRESETS: dict[str, Mapping[str, str]] = {
    "roc_auc_ovr": {"average": "macro"},
    "roc_auc_ovr_weighted": {"average": "weighted"},
    "roc_auc_ovo": {"multi_class": "ovo"},
    "roc_auc_ovo_weighted": {"multi_class": "ovo", "average": "weighted"},
    "average_precision": {"curve": "PR"},
    "pr_auc": {"curve": "PR"},
    "auprc": {"curve": "PR"},
}


def _averages(*names: str) -> tuple[tuple[str, ...], Mapping[str, Mapping[str, str]]]:
    """Return scikit-learn's names of scorers, 'f1_macro' and so on, and what they stand for."""
    presets = {
        f"{name}_{average}": {"average": average}
        for name in names
        for average in ("micro", "macro", "weighted")
    }
    return tuple(presets), presets


_PRECISION, _PRECISION_PRESETS = _averages("precision")
_RECALL, _RECALL_PRESETS = _averages("recall")
_F1, _F1_PRESETS = _averages("f1")

ROWS = (
    MetricRow(
        name="auc",
        aliases=("roc_auc", "auroc", *_AUC_PRESETS),
        over="set",
        targets=_ANY,
        larger_is_better=True,
        formula="ROC: trapezoids under (false positives / negatives, true positives / positives) "
        "over every distinct output, so ties count half; PR: the average precision, "
        "sum((recall_i - recall_(i-1)) * precision_i), without interpolation; ovo: the mean over "
        "pairs of classes that occur of the two areas that tell their rows apart",
        keras="AUC",
        sklearn="roc_auc_score, average_precision_score",
        source="Mann and Whitney (1947), doi:10.1214/aoms/1177730491; ovo: Hand and Till (2001), "
        "doi:10.1023/A:1010920819831, equation 7",
        choices=(
            Choice("curve", "ROC", ("ROC", "PR")),
            Choice("multi_class", "ovr", ("ovr", "ovo")),
            Choice("average", "micro", ("micro", "macro", "weighted", "none")),
        ),
        left_open=("multi_class", "average"),
        presets=_AUC_PRESETS,
        of_labels=True,
    ),
    MetricRow(
        name="precision",
        aliases=("precision_score", *_PRECISION),
        over="set",
        targets=_ANY,
        larger_is_better=True,
        formula="true positives / called positive; 0 if nothing is called so",
        keras="Precision",
        sklearn="precision_score",
        source=_VAN_RIJSBERGEN,
        parameters=(_THRESHOLDS,),
        counts=_ONE_OF_A_ROW,
        choices=(_AVERAGE,),
        left_open=("thresholds", "top_k", "class_id", "average"),
        several=("thresholds",),
        presets=_PRECISION_PRESETS,
        of_labels=True,
    ),
    MetricRow(
        name="recall",
        aliases=("recall_score", "sensitivity", *_RECALL),
        over="set",
        targets=_ANY,
        larger_is_better=True,
        formula="true positives / positives; 0 if there are none",
        keras="Recall",
        sklearn="recall_score",
        source=_VAN_RIJSBERGEN,
        parameters=(_THRESHOLDS,),
        counts=_ONE_OF_A_ROW,
        choices=(_AVERAGE,),
        left_open=("thresholds", "top_k", "class_id", "average"),
        several=("thresholds",),
        presets=_RECALL_PRESETS,
        of_labels=True,
    ),
    MetricRow(
        name="fbeta_score",
        aliases=("fbeta", "f1", "f1_score", *_F1),
        over="set",
        targets=_ANY,
        larger_is_better=True,
        formula="(1 + beta**2) * true positives / (beta**2 * positives + called positive); 0 if "
        "both are none",
        keras="FBetaScore",
        sklearn="fbeta_score",
        source=_VAN_RIJSBERGEN,
        parameters=(Parameter("beta", 1.0, low=0.0), Parameter("threshold", 0.5)),
        choices=(_AVERAGE,),
        left_open=("threshold", "average"),
        presets=_F1_PRESETS,
        of_labels=True,
    ),
    MetricRow(
        name="balanced_accuracy",
        aliases=("balanced_accuracy_score",),
        over="set",
        targets=_ANY,
        larger_is_better=True,
        formula="mean over the classes that occur of the share of their rows that is called right",
        keras="",
        sklearn="balanced_accuracy_score",
        source="Brodersen et al. (2010), doi:10.1109/ICPR.2010.764",
        of_labels=True,
        single=True,
    ),
    MetricRow(
        name="matthews_correlation",
        aliases=("mcc", "matthews_corrcoef"),
        over="set",
        targets=_ANY,
        larger_is_better=True,
        formula="cov(t, c) / sqrt(cov(t, t) * cov(c, c)), c called; 0 if one never varies",
        keras="",
        sklearn="matthews_corrcoef",
        source="Gorodkin (2004), doi:10.1016/j.compbiolchem.2004.09.006",
        of_labels=True,
        single=True,
    ),
    MetricRow(
        name="cohen_kappa",
        aliases=("kappa", "cohens_kappa", "cohen_kappa_score", "quadratic_kappa", "linear_kappa"),
        over="set",
        targets=_ANY,
        larger_is_better=True,
        formula="1 - sum(w * counts) / sum(w * counts by chance), w = 1 off the diagonal, or the "
        "distance of the classes, or its square; NaN if chance makes no disagreement",
        keras="",
        sklearn="cohen_kappa_score",
        source="Cohen (1968), doi:10.1037/h0026256",
        choices=(Choice("weights", "none", ("none", "linear", "quadratic")),),
        presets={
            "quadratic_kappa": {"weights": "quadratic"},
            "linear_kappa": {"weights": "linear"},
        },
        of_labels=True,
        single=True,
    ),
    MetricRow(
        name="r2_score",
        aliases=("r2",),
        over="set",
        targets=("numbers",),
        larger_is_better=True,
        formula="1 - sum((t - y)**2) / sum((t - mean(t))**2), the mean over the outputs; a target "
        "that does not vary: 1 if every output is exact, else 0; one row: NaN",
        keras="R2Score",
        sklearn="r2_score",
        source="Wright (1921), the coefficient of determination",
        counts=(Count("num_regressors", 0, least=0),),
        choices=(
            Choice(
                "class_aggregation",
                "uniform_average",
                ("uniform_average", "variance_weighted_average"),
            ),
        ),
    ),
    MetricRow(
        name="expected_calibration_error",
        aliases=("ece",),
        over="set",
        targets=("labels", "one_hot", "index"),
        larger_is_better=False,
        formula="sum over bins of equal width of |share that is right - mean probability| * share "
        "of rows; of the largest class, or of each label",
        keras="",
        sklearn="",
        source="Guo et al. (2017), arXiv:1706.04599, equation 3",
        counts=(Count("bins", 15),),
        of_probabilities=True,
    ),
)
