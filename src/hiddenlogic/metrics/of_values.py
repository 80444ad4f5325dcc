"""The classes of metrics that compare numbers or probabilities, by Keras's names if it has any.

`name` is the key in the history throughout.
"""

from __future__ import annotations

from typing import ClassVar

from hiddenlogic.metrics.metric import Metric
from hiddenlogic.registry import explains_arguments


class Plain(Metric):
    """Base of the metrics without settings."""

    row_name: ClassVar[str]

    def __init__(self, name: str | None = None) -> None:
        super().__init__(self.row_name, name)


@explains_arguments()
class MeanSquaredError(Plain):
    """The mean of squares.

    Examples
    --------
    >>> MeanSquaredError("squares").key
    'squares'
    """

    row_name = "mean_squared_error"


@explains_arguments()
class MeanAbsoluteError(Plain):
    """The mean of distances."""

    row_name = "mean_absolute_error"


@explains_arguments()
class RootMeanSquaredError(Plain):
    """The root of the mean of squares, in units of the target."""

    row_name = "root_mean_squared_error"


@explains_arguments()
class MeanAbsolutePercentageError(Plain):
    """The mean of distances in percent of the target; scikit-learn's times 100."""

    row_name = "mean_absolute_percentage_error"


@explains_arguments()
class MeanSquaredLogarithmicError(Plain):
    """The mean of squares of log(1 + y) - log(1 + t); what is below 0 counts as 0."""

    row_name = "mean_squared_logarithmic_error"


@explains_arguments()
class PinballLoss(Metric):
    """The loss whose least value a quantile of the target has: scikit-learn's mean_pinball_loss.

    Parameters
    ----------
    quantile : float
        From 0 to 1; scikit-learn's `alpha`. Default 0.5: half the mean distance.
    name : str, optional
        The key in the history.

    Raises
    ------
    RangeError
        If `quantile` is out of its range.
    """

    def __init__(self, quantile: float = 0.5, name: str | None = None) -> None:
        super().__init__("pinball_loss", name, quantile=quantile)


@explains_arguments()
class R2Score(Metric):
    """The share of the variance that is explained: 1 is perfect, 0 is saying the mean.

    Parameters
    ----------
    class_aggregation : {"uniform_average", "variance_weighted_average"}
        How several outputs become one number.
    num_regressors : int
        At least 0. Above 0 the score is adjusted for so many inputs,
        1 - (1 - R2) * (n - 1) / (n - num_regressors - 1), where n is greater than that.
    name : str, optional
        The key in the history.

    Notes
    -----
    A target that does not vary has the score of scikit-learn: 1 if every output is exact, else 0;
    of one row NaN. Keras's score of the former is 0 or NaN; and of several outputs Keras adjusts as
    if each target were a row.
    """

    def __init__(
        self,
        class_aggregation: str = "uniform_average",
        num_regressors: int = 0,
        name: str | None = None,
    ) -> None:
        super().__init__(
            "r2_score", name, class_aggregation=class_aggregation, num_regressors=num_regressors
        )


@explains_arguments()
class BrierScore(Plain):
    """The mean square between probability and outcome: scikit-learn's brier_score_loss.

    Of labels the mean over the outputs; of classes the sum over them, halved if there are two.
    """

    row_name = "brier_score"


@explains_arguments()
class ExpectedCalibrationError(Metric):
    """How far probabilities are from the shares that come true, over bins of equal width.

    Of one output: its probability against the share of ones; of classes: the largest probability
    against how often that class is right; of several labels: all of them together.

    Parameters
    ----------
    bins : int
        At least 1; a bin holds its upper edge. Default 15, as in the source.
    name : str, optional
        The key in the history.

    References
    ----------
    Guo et al. (2017), arXiv:1706.04599, equation 3.
    """

    def __init__(self, bins: int = 15, name: str | None = None) -> None:
        super().__init__("expected_calibration_error", name, bins=bins)
