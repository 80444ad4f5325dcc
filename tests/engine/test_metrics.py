"""Each metric, with each setting, beside scikit-learn's (or its formula) on the same outputs."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from measured import LOSSES, SETTINGS, Case, agrees, case_of, check, fitting, flat, outputs_of
from reference import metrics as reference
from reference.examples import example
from sklearn import metrics as sk

from hiddenlogic import engine, losses, metrics
from hiddenlogic.errors import UnknownNameError
from hiddenlogic.metrics import Metric
from hiddenlogic.optimizers import SGD

DTYPES = ["float32", "float64"]
KINDS = ["random", "tied", "one class"]
IDS = [f"{loss.name}-{k}" for loss, k in LOSSES]


def evaluated(case: Case, found, dtype: str, **how) -> dict[str, float]:
    trainer = case.trainer(found, dtype, **how)
    return trainer.evaluate(case.logits.astype(dtype), case.targets, case.sample_weight)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 300])
@pytest.mark.parametrize(("loss", "k"), LOSSES, ids=IDS)
def test_every_metric_equals_scikit_learn_weighted_or_not(loss, k, n, kind, dtype):
    case, found = case_of(loss, k, kind, n), fitting(loss, k)
    check(case, evaluated(case, found, dtype), found, outputs_of(case, dtype), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("loss", "k"), [(one, k) for one, k in LOSSES if one.row.output])
def test_metrics_of_logits_read_the_probabilities(loss, k, dtype):
    case = case_of(losses.get(loss.name, from_logits=True), k, "random", 300)
    found = fitting(case.loss, k)
    measured = evaluated(case, found, dtype)
    check(case, measured, found, outputs_of(case, dtype), dtype)
    # What Keras does: 0.5 is compared with the logits themselves.
    if k == 1:
        recall = Metric("recall")
        raw = reference.value(recall, loss, case.logits, case.targets)
        due = reference.value(recall, loss, outputs_of(case, dtype), case.targets)
        assert abs(raw - due) > tolerances.score(1.0, 1200) >= abs(measured["recall 0"] - due)


def test_every_metric_and_every_setting_is_among_these():
    every = {one.name for loss, k in LOSSES for one in fitting(loss, k)}
    assert every == set(metrics.ROWS.names)
    for row in metrics.ROWS:
        tried = {name for settings in SETTINGS.get(row.name, []) for name in settings}
        assert tried == {setting.name for setting in row.settings}, row.name


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("loss", "k"), LOSSES, ids=IDS)
def test_bits_are_the_same_on_any_threads_and_instruction_set(loss, k, dtype):
    case, found = case_of(loss, k, "tied", 1000), fitting(loss, k)
    results = {
        flat(evaluated(case, found, dtype, **how)).tobytes()
        for instruction_set in engine.available_isas()
        for how in (
            {"instruction_set": instruction_set, "n_threads": threads, "adaptive_threads": False}
            for threads in (1, 2, 3, 7)
        )
    }
    assert len(results) == 1


def value_of(name: str, loss, logits, targets, **settings) -> float:
    case = Case(loss, np.asarray(logits, float), np.asarray(targets, float), np.ones(len(targets)))
    metric = Metric(name, "it", **settings)
    return evaluated(case, [metric], "float64")["it"]


def test_an_area_that_ignores_ties_is_another():
    case = case_of(losses.get("mse"), 1, "tied", 400)
    due = sk.roc_auc_score(case.targets[:, 0], case.logits[:, 0])
    found = value_of("auc", case.loss, case.logits, case.targets)
    assert abs(found - due) <= tolerances.score(due, 1600)
    rank = case.logits[:, 0].argsort(kind="stable").argsort(kind="stable")
    assert abs(sk.roc_auc_score(case.targets[:, 0], rank) - due) > tolerances.score(due, 1600)


def test_an_area_of_200_thresholds_is_another():
    case = case_of(losses.get("binary_crossentropy"), 1, "random", 400)
    outputs = outputs_of(case, "float64")[:, 0]
    due = sk.roc_auc_score(case.targets[:, 0], outputs)
    found = value_of("auc", case.loss, case.logits, case.targets)
    buckets = sk.roc_auc_score(case.targets[:, 0], np.floor(outputs * 199))
    assert abs(found - due) <= tolerances.score(due, 1600) < abs(buckets - due)


def test_the_average_precision_is_no_trapezoid():
    case = case_of(losses.get("mse"), 1, "random", 100)
    found = value_of("average_precision", case.loss, case.logits, case.targets)
    precision, recall, _ = sk.precision_recall_curve(case.targets[:, 0], case.logits[:, 0])
    assert abs(sk.auc(recall, precision) - found) > tolerances.score(found, 400)


def test_averages_over_classes_differ_from_each_other():
    loss = losses.get("sparse_categorical_crossentropy")
    case = case_of(loss, 5, "random", 200)
    found = [
        value_of("f1", loss, case.logits, case.targets, average=average)
        for average in ("macro", "micro", "weighted")
    ]
    assert min(abs(np.diff([*found, found[0]]))) > 1e3 * tolerances.score(1.0, 4000)


def test_the_correlation_is_not_that_of_swapped_cells():
    loss = losses.get("mse")
    targets, outputs = [[1], [1], [1], [0], [0]], [[1], [1], [0], [1], [0]]
    found = value_of("mcc", loss, outputs, targets)
    # tp 2, fn 1, fp 1, tn 1
    assert abs(found - (2 * 1 - 1 * 1) / np.sqrt(3 * 3 * 2 * 2)) <= tolerances.score(1.0, 20)
    assert abs(found - (1 * 1 - 2 * 1) / np.sqrt(3 * 3 * 2 * 2)) > tolerances.score(1.0, 20)


def test_undefined_cases_have_the_values_of_scikit_learn():
    mse = losses.get("mse")
    ones, mixed = [[1.0], [1.0], [1.0]], [[0.0], [1.0], [1.0]]
    low, some = [[0.1], [0.2], [0.3]], [[0.7], [0.2], [0.9]]
    assert np.isnan(value_of("auc", mse, some, ones))
    assert value_of("average_precision", mse, some, np.zeros((3, 1))) == 0.0
    assert value_of("precision", mse, low, mixed) == 0.0
    assert value_of("recall", mse, some, np.zeros((3, 1))) == 0.0
    assert value_of("f1", mse, low, np.zeros((3, 1))) == 0.0
    assert value_of("mcc", mse, low, mixed) == 0.0
    assert np.isnan(value_of("kappa", mse, low, np.zeros((3, 1))))
    assert value_of("r2", mse, some, ones) == 0.0
    assert value_of("r2", mse, ones, ones) == 1.0
    assert value_of("r2", mse, low, np.full((3, 1), 0.1)) == 0.0
    assert np.isnan(value_of("r2", mse, [[0.5]], [[0.5]]))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_nan_output_makes_no_good_score(dtype):
    for loss, k in LOSSES:
        case, found = case_of(loss, k, "random", 40), fitting(loss, k)
        case.logits[7] = np.nan
        measured = evaluated(case, found, dtype)
        for metric in found:
            value = measured[metric.key]
            if metric.row.over == "set" or not metric.row.larger_is_better:
                assert np.isnan(value).all(), metric
            elif "top_k" in metric.name:
                assert value <= 39 / 40


def test_a_class_between_two_counts_as_distance_though_it_never_occurs():
    loss = losses.get("sparse_categorical_crossentropy")
    classes, called = [0, 0, 1, 3, 3, 1], [0, 1, 1, 3, 1, 3]
    logits = np.eye(4)[called]
    found = value_of("linear_kappa", loss, logits, np.array(classes, float)[:, None])
    every = sk.cohen_kappa_score(classes, called, weights="linear", labels=range(4))
    present = sk.cohen_kappa_score(classes, called, weights="linear")
    assert abs(found - every) <= tolerances.score(1.0, 24) < abs(found - present)


def test_all_equal_outputs_are_not_among_the_best():
    loss = losses.get("sparse_categorical_crossentropy")
    found = value_of(
        "sparse_top_k_categorical_accuracy", loss, np.zeros((4, 4)), [[0], [1], [2], [3]], k=2
    )
    assert found == 0.5
    assert (
        value_of("sparse_top_k_categorical_accuracy", loss, np.zeros((4, 4)), np.ones((4, 1)), k=4)
        == 1.0
    )


def test_weights_of_one_are_no_weights_and_a_share_of_all_is_1():
    loss = losses.get("sparse_categorical_crossentropy")
    case, found = case_of(loss, 5, "random", 333), fitting(loss, 5)
    random = np.random.default_rng(0)
    for weight, same in ((np.ones(333), True), (random.uniform(0.1, 1, 333), False)):
        measured = case.trainer(found, "float32").evaluate(case.logits, case.targets, weight)
        assert measured["weighted sparse_top_k_categorical_accuracy 0"] == 1.0
        plain, weighted = (
            flat({one.key: measured[f"{prefix}{one.key}"] for one in found})
            for prefix in ("", "weighted ")
        )
        assert np.array_equal(plain, weighted, equal_nan=True) == same


@pytest.mark.parametrize("name", losses.ROWS.names)
def test_metrics_of_every_loss_read_the_output_that_belongs_to_the_target(name):
    loss = losses.get(name, **({"quantiles": (0.1, 0.5, 0.9)} if name == "quantile" else {}))
    k = 2 * loss.outputs_per_target if loss.outputs_per_target > 1 else 4
    case = example("tanh", loss, n=50, outputs=k)
    numbers = metrics.targets_of(loss) == "numbers"
    found = [one for one in fitting(loss, k) if not (numbers and one.row.of_labels)]
    assert found
    trainer = engine.Trainer(
        case.network,
        loss=loss,
        optimizer=SGD(),
        metrics=found,
        weights=case.weights,
        dtype="float64",
    )
    measured = trainer.evaluate(case.inputs, case.targets)
    outputs = trainer.predict(case.inputs)
    for metric in found:
        read = outputs
        if loss.outputs_per_target > 1:
            quantile = metric.get_config().get("quantile", 0.5)
            place = (0.1, 0.5, 0.9).index(quantile) if name == "quantile" else 0
            read = outputs[:, place :: loss.outputs_per_target]
        due = reference.value(metric, loss, read, case.targets)
        bound = tolerances.metric(metric, due, read, case.targets, "float64")
        assert agrees(measured[metric.key], due, bound), metric


def test_a_quantile_that_is_not_learned_is_refused():
    loss = losses.get("quantile", quantiles=(0.1, 0.9))
    assert metrics.output_of(Metric("pinball_loss", quantile=0.9), loss) == 1
    with pytest.raises(UnknownNameError) as caught:
        metrics.get("mae", loss, 2)
    assert str(caught.value) == (
        "`metrics` has 'mae', which reads the quantile 0.5, but the loss learns 0.1, 0.9. Add it "
        "to `quantiles` of the loss, or use PinballLoss of one of these."
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("loss", "k"), LOSSES, ids=IDS)
def test_a_row_of_weight_0_is_a_row_left_out_even_if_it_is_no_number(loss, k, dtype):
    case, found = case_of(loss, k, "random", 40), fitting(loss, k)
    case.sample_weight[[0, 17]] = 0.0
    counts = case.sample_weight > 0
    left = Case(loss, case.logits[counts], case.targets[counts], case.sample_weight[counts])
    without = evaluated(left, found, dtype)
    case.logits[[0, 17]] = np.nan
    measured = evaluated(case, found, dtype)
    outputs = outputs_of(left, dtype)
    for metric in found:
        key = f"weighted {metric.key}"
        bound = tolerances.metric(metric, without[key], outputs, left.targets, dtype)
        assert agrees(measured[key], without[key], bound), metric
        # Where rows count alike, the NaN does.
        if metric.row.over == "set" or not metric.row.larger_is_better:
            assert np.isnan(measured[metric.key]).all(), metric
