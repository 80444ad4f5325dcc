"""Metrics that the engine computes beside the loss: exact over the epoch, no average of batches.

One frozen row each: `over_rows` are means of a value a row, `over_sets` see all rows together. Over
training rows, the outputs are those that each step made before its update, as in Keras. The key in
the history is what the user wrote: 'mae' stays 'mae'.

A metric may be several numbers: one for each of several thresholds, or for each class. It is then
an array in the history, in `logs` and in what `evaluate` returns, as in Keras.

A loss with ``from_logits=True`` has its metrics read the probabilities, the sigmoid or softmax of
the outputs, where Keras's would compare the logits themselves with 0.5.

`metrics` of `compile` count each row once; `weighted_metrics` count it with its weight, as the
``sample_weight`` of scikit-learn's functions does; so a row of weight 0 is left out, even if its
outputs are NaN.
"""

from __future__ import annotations

from hiddenlogic.metrics.choosing import MetricSpec as MetricSpec
from hiddenlogic.metrics.choosing import get as get
from hiddenlogic.metrics.choosing import instance as instance
from hiddenlogic.metrics.deciding import Decisions as Decisions
from hiddenlogic.metrics.deciding import check_single as check_single
from hiddenlogic.metrics.deciding import decisions as decisions
from hiddenlogic.metrics.deciding import output_of as output_of
from hiddenlogic.metrics.deciding import targets_of as targets_of
from hiddenlogic.metrics.metric import ROWS as ROWS
from hiddenlogic.metrics.metric import Metric as Metric
from hiddenlogic.metrics.of_classes import AUC as AUC
from hiddenlogic.metrics.of_classes import BalancedAccuracy as BalancedAccuracy
from hiddenlogic.metrics.of_classes import BinaryAccuracy as BinaryAccuracy
from hiddenlogic.metrics.of_classes import CategoricalAccuracy as CategoricalAccuracy
from hiddenlogic.metrics.of_classes import CohenKappa as CohenKappa
from hiddenlogic.metrics.of_classes import F1Score as F1Score
from hiddenlogic.metrics.of_classes import FBetaScore as FBetaScore
from hiddenlogic.metrics.of_classes import MatthewsCorrelation as MatthewsCorrelation
from hiddenlogic.metrics.of_classes import Precision as Precision
from hiddenlogic.metrics.of_classes import Recall as Recall
from hiddenlogic.metrics.of_classes import SparseCategoricalAccuracy as SparseCategoricalAccuracy
from hiddenlogic.metrics.of_classes import (
    SparseTopKCategoricalAccuracy as SparseTopKCategoricalAccuracy,
)
from hiddenlogic.metrics.of_classes import TopKCategoricalAccuracy as TopKCategoricalAccuracy
from hiddenlogic.metrics.of_probabilities import BinaryCrossentropy as BinaryCrossentropy
from hiddenlogic.metrics.of_probabilities import CategoricalCrossentropy as CategoricalCrossentropy
from hiddenlogic.metrics.of_probabilities import (
    SparseCategoricalCrossentropy as SparseCategoricalCrossentropy,
)
from hiddenlogic.metrics.of_values import BrierScore as BrierScore
from hiddenlogic.metrics.of_values import ExpectedCalibrationError as ExpectedCalibrationError
from hiddenlogic.metrics.of_values import MeanAbsoluteError as MeanAbsoluteError
from hiddenlogic.metrics.of_values import MeanAbsolutePercentageError as MeanAbsolutePercentageError
from hiddenlogic.metrics.of_values import MeanSquaredError as MeanSquaredError
from hiddenlogic.metrics.of_values import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
from hiddenlogic.metrics.of_values import PinballLoss as PinballLoss
from hiddenlogic.metrics.of_values import R2Score as R2Score
from hiddenlogic.metrics.of_values import RootMeanSquaredError as RootMeanSquaredError
