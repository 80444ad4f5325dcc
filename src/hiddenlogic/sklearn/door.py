# pyright: basic
"""The one door to scikit-learn. What it gives has no types of its own; door.pyi says them."""

from hiddenlogic.errors import MissingPackageError

try:
    import sklearn as _package
except ImportError as problem:
    raise MissingPackageError(
        "`hiddenlogic.sklearn` needs the package 'scikit-learn'. Install it with: pip install "
        "'hiddenlogic[sklearn]'."
    ) from problem

from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    ClassNamePrefixFeaturesOutMixin,
    RegressorMixin,
    TransformerMixin,
    is_classifier,
)
from sklearn.base import _fit_context as checks_parameters
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import check_random_state, column_or_1d
from sklearn.utils._param_validation import Interval, Options, StrOptions
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call as first_call_of_partial_fit
from sklearn.utils.multiclass import type_of_target, unique_labels
from sklearn.utils.validation import _check_sample_weight as checked_sample_weight
from sklearn.utils.validation import check_is_fitted, validate_data

VERSION = _package.__version__

__all__ = [
    "VERSION",
    "BaseEstimator",
    "ClassNamePrefixFeaturesOutMixin",
    "ClassifierMixin",
    "ConvergenceWarning",
    "Interval",
    "LabelBinarizer",
    "Options",
    "RegressorMixin",
    "StrOptions",
    "TransformerMixin",
    "available_if",
    "check_is_fitted",
    "check_random_state",
    "checked_sample_weight",
    "checks_parameters",
    "column_or_1d",
    "compute_sample_weight",
    "first_call_of_partial_fit",
    "is_classifier",
    "train_test_split",
    "type_of_target",
    "unique_labels",
    "validate_data",
]
