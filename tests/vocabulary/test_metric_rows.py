"""The rows of the metrics, their classes and their settings."""

from __future__ import annotations

import inspect

import pytest

from hiddenlogic import losses, metrics
from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.metrics import Metric

CLASSES = [
    one
    for one in vars(metrics).values()
    if inspect.isclass(one) and issubclass(one, Metric) and one is not Metric
]


def test_every_row_has_a_class_and_the_name_of_keras():
    assert {one().name for one in CLASSES} == set(metrics.ROWS.names)
    for row in metrics.ROWS:
        named = {one.__name__ for one in CLASSES if one().name == row.name}
        assert row.keras in named if row.keras else named, row.name


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.__name__)
def test_a_class_and_its_row_have_the_same_defaults_and_answer_to_the_same_names(one):
    made = one()
    assert made == Metric(made.name, made.key)
    assert metrics.ROWS.find(one.__name__, "it") is made.row
    assert one(name="mine").key == "mine"
    assert Metric(made.name, made.key, **made.get_config()) == made
    assert hash(made) == hash(made.called(made.key))
    assert made != made.called("other")


def test_names_of_scikit_learn_bring_their_settings():
    f1 = {"beta": 1.0, "threshold": None}
    assert Metric("f1_macro").get_config() == f1 | {"average": "macro"}
    assert Metric("F1_Weighted").get_config() == f1 | {"average": "weighted"}
    assert Metric("f1").get_config() == f1 | {"average": None}
    roc, pr = ({"curve": curve, "multi_class": None, "average": None} for curve in ("ROC", "PR"))
    assert Metric("average_precision").get_config() == pr
    assert Metric("roc_auc_ovr").get_config() == roc | {"average": "macro"}
    assert Metric("roc_auc_ovo").get_config() == roc | {"multi_class": "ovo"}
    weighted = {"multi_class": "ovo", "average": "weighted"}
    assert Metric("roc_auc_ovo_weighted").get_config() == roc | weighted
    assert Metric("quadratic_kappa").get_config() == {"weights": "quadratic"}
    assert Metric("mcc").name == "matthews_correlation"
    assert metrics.AUC(multi_label=True) == Metric("roc_auc_ovr", "auc")
    assert metrics.F1Score("macro", name="f1_macro") == Metric("f1_macro")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: metrics.PinballLoss(1.5), "`quantile` of pinball_loss must be a number of at "
         "least 0 and at most 1; got 1.5."),
        (lambda: metrics.FBetaScore(beta=0), "`beta` of FBetaScore must be a finite number greater "
         "than 0; got 0."),
        (lambda: metrics.TopKCategoricalAccuracy(0), "`k` of TopKCategoricalAccuracy must be a "
         "whole number of at least 1; got 0."),
        (lambda: metrics.Precision(thresholds=[0.2, "0.4"]), "`thresholds` of Precision must be a "
         "finite number; got '0.4'."),
        (lambda: metrics.Precision(thresholds=[]), "`thresholds` of Precision must be a finite "
         "number, or several; got []."),
        (lambda: metrics.Recall(top_k=0), "`top_k` of Recall must be a whole number of at least "
         "1; got 0."),
        (lambda: metrics.AUC(multi_class="raise"), "`multi_class` of AUC must be one of ovr, ovo; "
         "got 'raise'."),
        (lambda: metrics.BinaryCrossentropy(label_smoothing=1.5), "`label_smoothing` of "
         "BinaryCrossentropy must be a number of at least 0 and at most 1; got 1.5."),
        (lambda: metrics.BinaryCrossentropy(from_logits=1), "`from_logits` of BinaryCrossentropy "
         "must be True or False; got 1."),
        (lambda: metrics.CategoricalCrossentropy(axis=0), "`axis` of CategoricalCrossentropy must "
         "be -1 or 1, the outputs of a row; got 0."),
        (lambda: metrics.AUC(curve="PRC"), "`curve` of AUC must be one of ROC, PR; got 'PRC'."),
        (lambda: metrics.FBetaScore("makro"), "`average` of FBetaScore must be one of binary, "
         "micro, macro, weighted, none; got 'makro'. Did you mean 'macro'?"),
        (lambda: metrics.CohenKappa("square"), "`weights` of cohen_kappa must be one of none, "
         "linear, quadratic; got 'square'."),
        (lambda: metrics.Recall(topk=3), "Recall has no argument `topk`; it takes thresholds, "
         "top_k, class_id, name, average. Did you mean 'top_k'?"),
        (lambda: Metric("mse", power=2), "mean_squared_error takes no setting; got 'power'."),
        (lambda: Metric("ece", bin=2), "expected_calibration_error takes bins; got 'bin'."),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_refused(make, message):
    with pytest.raises((RangeError, UnknownNameError)) as caught:
        make()
    assert str(caught.value) == message


BCE, SCCE = losses.get("binary_crossentropy"), losses.get("sparse_categorical_crossentropy")


@pytest.mark.parametrize(
    ("spec", "loss", "outputs", "message"),
    [
        ("mcc", BCE, 3, "`metrics` has 'mcc', which takes one class a row; the 3 outputs may all "
         "be right for the loss binary_crossentropy. Use softmax and a categorical loss, or "
         "'f1_macro'."),
        (metrics.Precision(class_id=3), SCCE, 3, "`class_id` of 'precision' must be less than 3, "
         "the outputs of the network; got 3."),
        (metrics.Precision(class_id=1, average="macro"), SCCE, 3, "'precision' takes `class_id` or "
         "`average`, one class or a mean over them; got 1 and 'macro'."),
        (metrics.F1Score("binary"), SCCE, 3, "`average` of 'f1_score' must be micro, macro, "
         "weighted or none for 3 outputs; got 'binary'."),
        (metrics.Precision([0.2, 0.3], average="none"), SCCE, 3, "'precision' takes several "
         "`thresholds` or average='none', a value for each threshold or for each class; got "
         "[0.2, 0.3] and 'none'."),
        (metrics.Precision(top_k=4), SCCE, 3, "`top_k` of 'precision' must be at most 3, the "
         "outputs of the network; got 4."),
        (metrics.Precision(top_k=1), BCE, 1, "`top_k` of 'precision' takes the largest of several "
         "outputs; the network has one. Use `thresholds`."),
        (metrics.AUC(multi_class="ovo", curve="PR"), SCCE, 3, "`curve` of 'auc' must be ROC for "
         "multi_class='ovo'; got 'PR'."),
        (metrics.AUC(multi_class="ovo", average="none"), SCCE, 3, "`average` of 'auc' must be "
         "macro or weighted for multi_class='ovo', which is a mean over pairs of classes; got "
         "'none'."),
        (metrics.AUC(multi_class="ovo"), BCE, 3, "`multi_class` of 'auc' is 'ovo', for rows of one "
         "class each; the 3 outputs may all be right for the loss binary_crossentropy. Use "
         "'ovr'."),
        (metrics.SparseCategoricalCrossentropy(from_logits=True), SCCE, 3, "`from_logits` of "
         "'sparse_categorical_crossentropy' is True, but the loss sparse_categorical_crossentropy "
         "takes the outputs for probabilities. Leave it out: metrics read outputs as the loss "
         "does."),
        ("ece", losses.get("categorical_hinge"), 3, "`metrics` has 'ece', which reads "
         "probabilities, but the loss categorical_hinge learns scores. Use a cross-entropy as the "
         "loss."),
        ("logloss", losses.get("mse"), 1, "`metrics` has 'logloss', the log-loss of probabilities, "
         "but the loss mean_squared_error learns numbers. Use 'mae' or 'rmse', or a cross-entropy "
         "as the loss."),
    ],
)  # fmt: skip
def test_what_means_nothing_for_the_outputs_is_refused(spec, loss, outputs, message):
    with pytest.raises((RangeError, UnknownNameError)) as caught:
        metrics.get(spec, loss, outputs)
    assert str(caught.value) == message


def test_general_names_are_resolved_by_the_loss():
    for written in ("logloss", "log_loss", "crossentropy", "ce"):
        assert metrics.get(written, BCE, 1) == Metric("binary_crossentropy", written)
        assert metrics.get(written, SCCE, 3) == Metric("sparse_categorical_crossentropy", written)
    hinge = losses.get("hinge")
    assert metrics.get("accuracy", hinge, 1).name == "binary_accuracy"
    assert metrics.decisions(metrics.get("accuracy", hinge, 1), hinge, 1).thresholds == (0.0,)
    assert metrics.decisions(Metric("precision"), BCE, 1).thresholds == (0.5,)


def test_a_class_stands_for_a_metric_with_its_defaults():
    assert metrics.get(metrics.AUC, BCE, 1) == metrics.AUC()
    with pytest.raises(UnknownNameError, match="must be one of"):
        metrics.get(Metric, BCE, 1)


def test_keras_judges_each_output_where_scikit_learn_takes_the_largest():
    keras, sklearn = Metric("precision"), Metric("precision_macro")
    assert metrics.decisions(keras, SCCE, 3).thresholds == (0.5,)
    assert metrics.decisions(sklearn, SCCE, 3).thresholds == ()
    assert metrics.decisions(Metric("f1"), SCCE, 3).average == "none"
    one_output = metrics.decisions(Metric("f1"), BCE, 1)
    assert (one_output.average, one_output.class_id) == ("one", 1)


def test_a_metric_is_a_number_for_each_threshold_or_each_class():
    for metric, outputs, values in (
        (metrics.Precision(), 3, 1),
        (metrics.Precision([0.5]), 3, 1),
        (metrics.Precision([0.2, 0.5]), 1, 2),
        (metrics.Recall([0.2, 0.5], class_id=2), 3, 2),
        (metrics.Recall(average="none"), 3, 3),
        (metrics.Recall(average="none"), 1, 2),
        (metrics.FBetaScore(), 3, 3),
        (metrics.FBetaScore(), 1, 1),
        (metrics.F1Score("macro"), 3, 1),
        (metrics.AUC(average="none"), 3, 3),
        (metrics.AUC(average="none"), 1, 1),
        (metrics.AUC(multi_class="ovo"), 3, 1),
    ):
        loss = SCCE if outputs > 1 else BCE
        assert metrics.decisions(metric, loss, outputs).values == values, metric
