"""An estimator in a safetensors file: parameters, weights and curves; data, never code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import hiddenlogic
from hiddenlogic.errors import FormatError, HiddenLogicError
from hiddenlogic.formats.safetensors import read, write
from hiddenlogic.formats.snapshot import Snapshot
from hiddenlogic.network import Network
from hiddenlogic.sklearn import door
from hiddenlogic.sklearn.plain import plain, restored

CURVES = ("loss_curve_", "validation_scores_", "validation_loss_curve_")
_NUMBERS = (
    "n_features_in_",
    "feature_names_in_",
    "n_iter_",
    "t_",
    "n_layers_",
    "n_outputs_",
    "out_activation_",
    "loss_",
    "best_loss_",
    "best_validation_score_",
    "stopped_early_",
    "classes_",
    "_no_improvement_count",
)
_LABELS = "labels"


def save(
    path: str | os.PathLike[str],
    estimator: door.BaseEstimator,
    network: Network,
    weights: list[NDArray[Any]],
) -> None:
    """Write a fitted estimator.

    Raises
    ------
    FormatError
        If a parameter is no plain data, or the file cannot be written.
    """
    attributes = vars(estimator)
    parameters = estimator.get_params(deep=False)
    if isinstance(parameters["random_state"], np.random.RandomState):
        parameters["random_state"] = None  # its stream cannot go on from a file
    binarizer = attributes.get("_label_binarizer")
    receipt = {
        "kind": f"sklearn.{type(estimator).__name__}",
        "versions": {"hiddenlogic": hiddenlogic.__version__, "numpy": np.__version__},
        "parameters": {
            name: plain(value, f"The parameter {name!r}") for name, value in parameters.items()
        },
        "attributes": {
            name: plain(attributes[name], f"The attribute {name!r}")
            for name in _NUMBERS
            if name in attributes
        },
        _LABELS: binarizer is not None and binarizer.y_type_ == "multilabel-indicator",
    }
    curves = {name: attributes[name] for name in CURVES if attributes.get(name) is not None}
    dtype = str(weights[0].dtype)
    write(path, Snapshot(network, weights, history=curves, receipt=receipt, dtype=dtype))


def load(path: str | os.PathLike[str], cls: type[Any]) -> tuple[Any, Snapshot]:
    """Return an estimator of this class with all but its weights, and what the file holds.

    Raises
    ------
    FormatError
        If the file is missing, foreign, truncated, or holds another kind of model.
    """
    found = read(path)
    name, kind = Path(path).name, found.receipt.get("kind")
    if kind != f"sklearn.{cls.__name__}":
        raise FormatError(f"`{name}` holds a {kind}; a {cls.__name__} was expected.")
    try:
        parameters = _all_restored(found.receipt["parameters"])
        attributes = _all_restored(found.receipt["attributes"])
        unknown = set(attributes) - set(_NUMBERS)
        estimator = cls(**parameters)
        for attribute, value in {**dict.fromkeys(CURVES), **attributes, **found.history}.items():
            setattr(estimator, attribute, value)
        if "classes_" in attributes:
            classes = attributes["classes_"]
            due = np.eye(len(classes), dtype=int) if found.receipt[_LABELS] else classes
            estimator._label_binarizer = door.LabelBinarizer().fit(due)
    except HiddenLogicError as problem:
        raise FormatError(f"The parameters in `{name}` do not fit: {problem}") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        raise FormatError(f"`{name}` holds no estimator that hiddenlogic wrote.") from None
    if unknown:
        raise FormatError(f"`{name}` holds an attribute {min(unknown)!r} that no estimator has.")
    return estimator, found


def _all_restored(entries: Any) -> dict[str, Any]:
    return {name: restored(entry) for name, entry in entries.items()}
