"""Metrics of several classes: areas of pairs, the k largest, a value a class or a threshold."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import tolerances
from measured import agrees, case_of, flat, outputs_of
from sklearn import metrics as sk

from hiddenlogic import engine, losses, metrics
from hiddenlogic.engine import EarlyStop, ReduceOnPlateau
from hiddenlogic.errors import RangeError
from hiddenlogic.layers import Dense
from hiddenlogic.metrics import Metric
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD

SCCE = losses.get("sparse_categorical_crossentropy")
BCE = losses.get("binary_crossentropy")
N = 300


def measure(metric, outputs, classes, weight=None, loss=SCCE):
    targets = np.reshape(classes, (len(outputs), -1))
    return engine.measure(metric, loss, outputs, targets, weight)


@pytest.fixture
def rows():
    random = np.random.default_rng(5)
    return random.dirichlet([1, 2, 3, 4], N), random.choice(4, N, p=[0.1, 0.2, 0.3, 0.4])


@pytest.mark.parametrize("how", ["ovr", "ovo"])
@pytest.mark.parametrize("average", ["macro", "weighted"])
@pytest.mark.parametrize("kind", ["random", "tied"])
def test_areas_of_classes_equal_those_of_scikit_learn(rows, how, average, kind):
    p, classes = rows
    if kind == "tied":
        p = np.round(p, 1) + 0.1
        p /= p.sum(axis=1, keepdims=True)
    due = sk.roc_auc_score(classes, p, multi_class=how, average=average, labels=range(4))
    found = measure(metrics.AUC(multi_class=how, average=average), p, classes)
    assert abs(found - due) <= tolerances.score(due, 4 * N * 4)


def test_the_four_areas_of_classes_are_told_apart(rows):
    found = [
        measure(metrics.AUC(multi_class=how, average=average), *rows)
        for how in ("ovr", "ovo")
        for average in ("macro", "weighted")
    ]
    apart = np.abs(np.subtract.outer(found, found))[~np.eye(4, dtype=bool)]
    assert apart.min() > tolerances.score(1.0, 4 * N * 4)


def test_a_pair_is_ranked_by_both_of_its_outputs(rows):
    p, classes = rows
    found = measure(metrics.AUC(multi_class="ovo"), p, classes)
    by_one = np.mean(
        [
            sk.roc_auc_score(classes[pair] == a, p[pair, a])
            for a in range(4)
            for b in range(a)
            for pair in [np.isin(classes, (a, b))]
        ]
    )
    assert abs(found - by_one) > tolerances.score(1.0, 4 * N * 4)


def test_a_weight_of_two_is_the_row_twice_in_pairs_of_classes(rows):
    p, classes = rows
    times = np.random.default_rng(0).integers(0, 4, N)
    for name in ("roc_auc_ovo", "roc_auc_ovo_weighted"):
        found = measure(Metric(name), p, classes, times)
        due = measure(Metric(name), np.repeat(p, times, axis=0), np.repeat(classes, times))
        assert abs(found - due) <= tolerances.score(due, 4 * N * 4)


@pytest.mark.parametrize(
    ("name", "how", "average"),
    [("roc_auc_ovo", "ovo", "macro"), ("roc_auc_ovr_weighted", "ovr", "weighted")],
)
def test_a_class_that_never_occurs_is_left_out_where_scikit_learn_does(rows, name, how, average):
    p, classes = rows
    classes[classes == 0] = 3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the area of the class itself
        due = sk.roc_auc_score(classes, p, multi_class=how, average=average, labels=range(4))
    assert abs(measure(Metric(name), p, classes) - due) <= tolerances.score(due, 4 * N * 4)


def test_classes_that_never_occur_make_no_pair():
    p = np.array([[0.5, 0.3, 0.2], [0.1, 0.3, 0.6], [0.2, 0.5, 0.3]])
    assert measure(Metric("roc_auc_ovo"), p, [0, 2, 2]) == 1.0
    assert np.isnan(measure(Metric("roc_auc_ovr"), p, [0, 2, 2]))
    assert measure(Metric("roc_auc_ovr_weighted"), p, [0, 2, 2]) == 1.0
    assert np.isnan(measure(Metric("roc_auc_ovo"), p, [1, 1, 1]))


def test_of_equal_outputs_the_first_are_among_the_k_largest():
    p = [[0.2, 0.4, 0.4], [0.2, 0.4, 0.4]]
    assert measure(metrics.Precision(top_k=1), p, [1, 2]) == 0.5
    assert measure(metrics.Precision(top_k=1, class_id=1), p, [1, 2]) == 0.5
    assert measure(metrics.Recall(top_k=1, class_id=2), p, [1, 2]) == 0.0
    # All of the largest, as thresholds take them, would be right once more.
    assert measure(metrics.Recall(0.3, class_id=2), p, [1, 2]) == 1.0


def test_the_k_largest_are_judged_by_the_threshold_too(rows):
    p, classes = rows
    k_largest = measure(metrics.Precision(top_k=2), p, classes)
    both = measure(metrics.Precision([0.0, 0.2], top_k=2), p, classes)
    above = measure(metrics.Precision(0.2), p, classes)
    assert both[0] == k_largest
    assert len({*both, above}) == 3


def test_each_class_has_the_value_that_it_has_alone(rows):
    p, classes = rows
    each = measure(metrics.Recall(0.3, average="none"), p, classes)
    alone = [measure(metrics.Recall(0.3, class_id=one), p, classes) for one in range(4)]
    assert each.tolist() == alone
    each = measure(metrics.AUC(average="none", curve="PR"), p, classes)
    alone = [measure(Metric("pr_auc"), p[:, [i]], classes == i, loss=BCE) for i in range(4)]
    assert agrees(each, alone, tolerances.score(1.0, 4 * N))


def test_each_threshold_has_the_value_that_it_has_alone(rows):
    p, classes = rows
    thresholds = [0.9, 0.1, 0.1, 0.4]
    each = measure(metrics.Precision(thresholds), p, classes)
    alone = [measure(metrics.Precision(one), p, classes) for one in thresholds]
    assert each.tolist() == alone


@pytest.mark.parametrize(("loss", "k"), [(BCE, 3), (losses.get("categorical_crossentropy"), 3)])
def test_smoothing_spreads_over_two_answers_or_over_all_classes(loss, k):
    case = case_of(loss, k, "random", N)
    outputs = outputs_of(case, "float64")
    found = measure(Metric(loss.name, label_smoothing=0.3), outputs, case.targets, loss=loss)
    bound = tolerances.metric(Metric(loss.name), found, outputs, case.targets, "float64")
    y, t = outputs, case.targets
    for classes in (2, k):
        due = t * 0.7 + 0.3 / classes
        terms = -due * np.log(y) - (0 if loss is not BCE else (1 - due) * np.log(1 - y))
        value = terms.mean() if loss is BCE else terms.sum(axis=1).mean()
        assert (abs(found - value) <= bound) == (classes == (2 if loss is BCE else k))


def test_the_smoothing_of_the_loss_is_not_that_of_the_metric():
    case = case_of(losses.get("binary_crossentropy", label_smoothing=0.3), 1, "random", N)
    outputs = outputs_of(case, "float64")
    found = [
        measure(Metric("bce", label_smoothing=own), outputs, case.targets, loss=case.loss)
        for own in (0.0, 0.3)
    ]
    due = sk.log_loss(case.targets, outputs)
    bound = tolerances.metric(Metric("bce"), due, outputs, case.targets, "float64")
    assert abs(found[0] - due) <= bound < abs(found[1] - due)


def trainer(*chosen: Metric) -> engine.Trainer:
    network = Network.sequential(3, [Dense(4, "softmax")])
    return engine.Trainer(network, loss=SCCE, optimizer=SGD(0.5), metrics=chosen, dtype="float64")


ROWS = np.random.default_rng(1).normal(size=(90, 3)), np.arange(90.0)[:, None] % 4


def test_arrays_in_a_record_move_no_other_value():
    accuracy = metrics.SparseCategoricalAccuracy("accuracy")
    several = trainer(Metric("f1"), metrics.Precision([0.2, 0.3]), accuracy)
    alone = trainer(accuracy)
    seen: list[dict[str, object]] = []
    runs = [
        one.fit(
            *ROWS,
            validation=(ROWS[0][::2], ROWS[1][::2]),
            epochs=30,
            early_stop=EarlyStop("val_accuracy", "max", patience=3),
            reduce_on_plateau=ReduceOnPlateau("val_loss", patience=1),
            on_epoch=lambda _, logs: seen.append(logs),
        )
        for one in (several, alone)
    ]
    assert runs[0].best_epoch == runs[1].best_epoch
    assert runs[0].status == runs[1].status
    for key, values in runs[1].history.items():
        assert runs[0].history[key] == values
    assert [np.shape(runs[0].history[key]) for key in ("f1", "val_precision")] == [
        (runs[0].epochs, 4),
        (runs[0].epochs, 2),
    ]
    last = {key: values[-1] for key, values in runs[0].history.items()}
    assert np.array_equal(flat(seen[runs[0].epochs - 1]), flat(last))


@pytest.mark.parametrize("rule", [EarlyStop("val_f1", "max"), ReduceOnPlateau("val_f1", "max")])
def test_several_numbers_cannot_be_watched(rule):
    name = "early_stop" if isinstance(rule, EarlyStop) else "reduce_on_plateau"
    with pytest.raises(RangeError) as caught:
        trainer(Metric("f1")).fit(*ROWS, validation=ROWS, **{name: rule})
    assert str(caught.value) == (
        f"{type(rule).__name__} watches 'val_f1', which is 4 numbers an epoch; it takes one. Give "
        "the metric average='macro', a `class_id` or one threshold."
    )
