"""scikit-learn's multi-layer perceptrons, on the core of this library: change the import.

`MLPRegressor` and `MLPClassifier` have scikit-learn 1.9's arguments, attributes, messages and
semantics, and what its users asked for besides; docs/sklearn.md tells the differences.
"""

from hiddenlogic.sklearn.classifier import MLPClassifier as MLPClassifier
from hiddenlogic.sklearn.regressor import MLPRegressor as MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
