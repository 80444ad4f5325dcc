"""The classes of metrics of decisions and ranks, by Keras's names if it has any.

`name` is the key in the history throughout. One output says yes above its threshold; the largest of
several outputs is the class, unless a threshold is given, which then holds for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from hiddenlogic.metrics.metric import Metric
from hiddenlogic.metrics.of_values import Plain
from hiddenlogic.registry import check_count, check_flag, explains_arguments


@explains_arguments()
class BinaryAccuracy(Metric):
    """The share of outputs on the right side of a threshold.

    Parameters
    ----------
    name : str, optional
        The key in the history.
    threshold : float, optional
        Default 0.5, or 0 for a loss of labels -1 and 1. A target above 0.5 is a yes.

    Notes
    -----
    Beside a loss with ``from_logits=True`` it compares the sigmoid of the outputs, as all metrics
    do; Keras's compares the logits themselves with 0.5.
    """

    def __init__(self, name: str | None = None, threshold: float | None = None) -> None:
        super().__init__("binary_accuracy", name, threshold=threshold)


@explains_arguments()
class CategoricalAccuracy(Plain):
    """The share of rows whose largest output is the target's; of equals, the first."""

    row_name = "categorical_accuracy"


@explains_arguments()
class SparseCategoricalAccuracy(Plain):
    """The share of rows whose largest output is the class; of equals, the first."""

    row_name = "sparse_categorical_accuracy"


class _TopK(Metric):
    row_name: ClassVar[str]

    def __init__(self, k: int = 5, name: str | None = None) -> None:
        super().__init__(self.row_name, name, k=k)


@explains_arguments()
class TopKCategoricalAccuracy(_TopK):
    """The share of rows whose class, one-hot, is among the `k` largest outputs.

    Of equal outputs the later ones come first, as in scikit-learn; Keras takes all of them, so a
    network whose outputs are all equal would be always right.
    """

    row_name = "top_k_categorical_accuracy"


@explains_arguments()
class SparseTopKCategoricalAccuracy(_TopK):
    """The share of rows whose class, an index, is among the `k` largest outputs."""

    row_name = "sparse_top_k_categorical_accuracy"


@explains_arguments()
class AUC(Metric):
    """The area under the ROC curve, or under that of precision and recall, by exact ranks.

    Parameters
    ----------
    num_thresholds : int
        Taken for Keras's sake and without effect: every distinct output is a threshold.
    curve : {"ROC", "PR"}
        PR is the average precision, without interpolation.
    name : str, optional
        The key in the history.
    multi_label : bool
        Whether several outputs have an area each, whose mean is taken. Default False, as in Keras:
        all outputs are ranked together.
    average : {"micro", "macro", "weighted", "none"}, optional
        The same in scikit-learn's words: ranked together; the mean of the outputs' areas; that mean
        weighted by how often each is true; the area of each output (scikit-learn's None).
    multi_class : {"ovr", "ovo"}, optional
        Of classes, as in scikit-learn, 'macro' being the default of `average`. 'ovr': each output
        ranks the rows of its class against the rest. 'ovo': outputs rank the rows of two classes
        against each other, and the mean over all pairs of classes that occur is taken, each weighed
        by its rows if `average` is 'weighted' (Hand and Till); only of the ROC curve.

    Notes
    -----
    Where all targets are of one kind nothing is ranked, and the area is NaN as in scikit-learn;
    the average precision without a positive is 0. So the mean of 'ovr' is NaN where a class does
    not occur, as is scikit-learn's with ``labels=range(n_outputs)``; 'weighted' and 'ovo' leave
    such a class out.

    References
    ----------
    Hand and Till (2001), doi:10.1023/A:1010920819831, equation 7.
    """

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        name: str | None = None,
        *,
        multi_label: bool = False,
        average: str | None = None,
        multi_class: str | None = None,
    ) -> None:
        check_count(num_thresholds, "`num_thresholds` of AUC", least=2)
        if check_flag(multi_label, "`multi_label` of AUC") and average is None:
            average = "macro"
        super().__init__("auc", name, curve=curve, average=average, multi_class=multi_class)


class _Share(Metric):
    row_name: ClassVar[str]

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        *,
        average: str | None = None,
    ) -> None:
        super().__init__(
            self.row_name,
            name,
            thresholds=thresholds,
            top_k=top_k,
            class_id=class_id,
            average=average,
        )


@explains_arguments()
class Precision(_Share):
    """The share of what is called positive that is positive; 0 if nothing is called so.

    Parameters
    ----------
    thresholds : float or sequence of float, optional
        An output above it is called positive; of several, there is a value for each of them.
        Default 0.5, or 0 for a loss of labels -1 and 1; with `top_k` none.
    top_k : int, optional
        Of each row only so many outputs, the largest (of equals the first), are called positive.
    class_id : int, optional
        The output to judge, from 0; default all of them together, each by the threshold.
    name : str, optional
        The key in the history.
    average : {"binary", "micro", "macro", "weighted", "none"}, optional
        As in scikit-learn, of the classes called: without a threshold the largest output is the
        class; one output is taken as the classes 0 and 1. 'none', which is None there: a value for
        each class.

    Examples
    --------
    >>> import hiddenlogic as keras
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Activation("linear")])
    >>> model.compile(loss="binary_crossentropy", metrics=[Precision([0.3, 0.6])])
    >>> model.evaluate([0.2, 0.4, 0.5, 0.8], [0, 0, 1, 1], verbose=0)[1]
    array([0.66666667, 1.        ])
    """

    row_name = "precision"


@explains_arguments()
class Recall(_Share):
    """The share of what is positive that is called so; 0 if nothing is. As `Precision`."""

    row_name = "recall"


@explains_arguments()
class FBetaScore(Metric):
    """The harmonic mean of precision and recall, which counts `beta` times as much.

    Parameters
    ----------
    average : {"binary", "micro", "macro", "weighted", "none"}, optional
        As in scikit-learn. Default: of one output the score of yes; of several a score for each
        class, as in Keras, which is 'none'. 'macro' is the mean of the classes that occur.
    beta : float
        Greater than 0. Default 1.
    threshold : float, optional
        Default: 0.5 (0 for labels of -1 and 1) where each output says yes or no; of classes the
        largest output.
    name : str, optional
        The key in the history.
    """

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__("fbeta_score", name, average=average, beta=beta, threshold=threshold)


@explains_arguments()
class F1Score(FBetaScore):
    """`FBetaScore` with a `beta` of 1."""

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
    ) -> None:
        super().__init__(average, 1.0, threshold, name)


@explains_arguments()
class BalancedAccuracy(Plain):
    """The mean over the classes that occur of the share of each that is called right."""

    row_name = "balanced_accuracy"


@explains_arguments()
class MatthewsCorrelation(Plain):
    """The correlation of the class and the class called, from -1 to 1; 0 if one never varies."""

    row_name = "matthews_correlation"


@explains_arguments()
class CohenKappa(Metric):
    """How much more agreement there is than chance would make: 1 is perfect, 0 is chance.

    Parameters
    ----------
    weights : {None, "linear", "quadratic"}
        Whether a disagreement weighs the distance of the classes, or its square. Default None: each
        the same. The distance is that of the outputs' numbers, also where a class between does not
        occur: scikit-learn's with ``labels=range(n_outputs)``.
    name : str, optional
        The key in the history.

    Notes
    -----
    NaN where both know one class alone, as in scikit-learn.
    """

    def __init__(self, weights: str | None = None, name: str | None = None) -> None:
        super().__init__("cohen_kappa", name, weights=weights or "none")
