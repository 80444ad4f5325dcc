"""The metrics that Keras has, beside Keras's own, on the same outputs."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from measured import LOSSES, agrees, case_of, fitting, outputs_of

from hiddenlogic import losses
from hiddenlogic.metrics import Metric, targets_of

keras = pytest.importorskip("keras", reason="needs Keras and PyTorch: make interop")

N = 300


def keras_form(metric: Metric, loss, k: int):
    """Return Keras's metric of the same meaning; None where it has none."""
    settings = metric.get_config()
    if settings.get("num_regressors") and k > 1:
        return None  # Keras takes the number of targets for that of rows
    if settings.get("k", 0) > k or (loss.row.is_sparse and metric.row.over == "set"):
        return None  # which Keras over PyTorch cannot compute
    match metric.name:
        case "precision" | "recall" if settings["average"] is None:
            del settings["average"]
            if isinstance(settings["thresholds"], tuple):
                settings["thresholds"] = list(settings["thresholds"])
        case "fbeta_score" if loss.name == "categorical_crossentropy" or settings["threshold"]:
            # Of classes by the largest output, or by a threshold; of one output Keras's is that of
            # yes, and scikit-learn's averages are over no and yes.
            if k == 1 and settings["average"]:
                return None
            settings["average"] = {"none": None}.get(settings["average"], settings["average"])
        case "auc":
            return None  # its thresholds are another test's
        case "precision" | "recall" | "fbeta_score":
            return None
        case _:
            settings = {name: value for name, value in settings.items() if value is not None}
    return getattr(keras.metrics, metric.row.keras)(**settings) if metric.row.keras else None


def keras_value(theirs, targets, outputs, weight=None):
    theirs.update_state(targets.astype(np.float32), outputs.astype(np.float32), weight)
    return np.asarray(theirs.result(), dtype=np.float64)


# Keras compares labels of -1 and 1 with 0 and 1.
SHARED = [(loss, k) for loss, k in LOSSES if targets_of(loss) != "signs"]


@pytest.mark.parametrize(("loss", "k"), SHARED, ids=[f"{one.name}-{k}" for one, k in SHARED])
def test_a_metric_of_keras_has_its_value(loss, k):
    case = case_of(loss, k, "random", N)
    if loss.name == "categorical_crossentropy":  # every class is due: Keras counts the others too
        case.targets[:] = np.eye(k)[np.arange(N) % k]
    outputs, found = outputs_of(case, "float32"), fitting(loss, k)
    measured = case.trainer(found, "float32").evaluate(
        case.logits, case.targets, case.sample_weight
    )
    compared = 0
    for metric in found:
        theirs = keras_form(metric, loss, k)
        if theirs is None:
            continue
        due = keras_value(theirs, case.targets, outputs)
        # Keras sums n * k values in float32; its floor under a probability is 1e-7.
        bound = 4 * N * k * tolerances.UNIT["float32"] * max(np.abs(due).max(), 1.0)
        # Keras has an array of one number for one output.
        due = due[0] if due.shape == (1,) else due
        assert agrees(measured[metric.key], due, bound), metric
        compared += 1
        if metric.row.over == "rows":
            due = keras_value(
                keras_form(metric, loss, k), case.targets, outputs, case.sample_weight
            )
            assert abs(measured[f"weighted {metric.key}"] - due) <= bound, metric
    assert compared >= 2


@pytest.mark.parametrize(("k", "average"), [(1, None), (3, None), (3, "macro")])
def test_the_area_of_keras_is_as_far_as_its_thresholds_are_apart(k, average):
    loss = losses.get("binary_crossentropy")
    case = case_of(loss, k, "random", N)
    outputs = outputs_of(case, "float64")
    metric = Metric("auc", average=average)
    measured = case.trainer([metric], "float64").evaluate(case.logits, case.targets)["auc"]
    theirs = keras.metrics.AUC(multi_label=average == "macro", num_labels=k if average else None)
    due = keras_value(theirs, case.targets, outputs)
    # Pairs between the same two of 200 thresholds count half, whichever way they are ranked.
    bucket = np.floor(outputs * 199)
    groups = [(bucket[:, i : i + 1], case.targets[:, i : i + 1]) for i in range(k)]
    if average is None:
        groups = [(bucket, case.targets)]
    halves = []
    for place, target in groups:
        due_places, other_places = place[target == 1], place[target == 0]
        halves.append((due_places[:, None] == other_places[None]).mean() / 2)
    slack = 4 * N * k * tolerances.UNIT["float32"]
    assert abs(measured - due) <= np.mean(halves) + slack
