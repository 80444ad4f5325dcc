"""Losses: Keras's names and defaults, what they take, and what is refused."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hiddenlogic import losses
from hiddenlogic.errors import RangeError, StateError, UnknownNameError
from hiddenlogic.losses import (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalFocalCrossentropy,
    GaussianNLL,
    Huber,
    MeanSquaredError,
    Quantile,
)


@pytest.mark.parametrize("row", losses.ROWS, ids=lambda row: row.name)
def test_every_loss_has_a_class_that_makes_itself_again(row):
    loss = losses.get(row.name, reduction="sum")
    assert loss.name == row.name
    assert losses.get(row.name, **json.loads(json.dumps(loss.get_config()))) == loss
    assert type(loss).__name__ in (row.keras, row.name) or not row.keras
    assert repr(loss) == repr(losses.get(row.name))[:-1] + (
        ", reduction='sum')" if len(dataclasses.fields(loss)) > 1 else "reduction='sum')"
    )


@pytest.mark.parametrize("row", losses.ROWS, ids=lambda row: row.name)
def test_defaults_of_the_classes_are_those_of_the_rows(row):
    loss = losses.get(row.name)
    for parameter in row.parameters:
        assert getattr(loss, parameter.name) == parameter.default
    if row.several is not None:
        assert getattr(loss, row.several.name) == (row.several.default,)
    assert loss.reduction == "sum_over_batch_size"


def test_keras_class_names_find_every_loss_that_keras_has():
    for row in losses.ROWS:
        if row.keras:
            assert losses.get(row.keras) == losses.get(row.name)
            assert getattr(losses, row.keras)() == losses.get(row.name)


def test_losses_with_other_settings_are_others():
    assert Huber(2).delta == 2.0
    assert Huber(2) != Huber(3)
    assert losses.get("mse") == MeanSquaredError() != MeanSquaredError(reduction="sum")
    assert losses.get(losses.Huber) == Huber()
    assert losses.get("mse", reduction="mean") == MeanSquaredError()


def test_arguments_come_in_the_order_of_keras():
    assert BinaryCrossentropy(True, 0.1) == BinaryCrossentropy(
        from_logits=True, label_smoothing=0.1
    )
    assert BinaryFocalCrossentropy(True, 0.3, 1.5, True, 0.1) == BinaryFocalCrossentropy(
        apply_class_balancing=True, alpha=0.3, gamma=1.5, from_logits=True, label_smoothing=0.1
    )
    assert CategoricalFocalCrossentropy([0.3, 0.7], 1) == CategoricalFocalCrossentropy(
        alpha=(0.3, 0.7), gamma=1.0
    )


def test_the_core_gets_numbers_then_flags_then_those_that_are_several():
    assert MeanSquaredError().numbers == ()
    assert BinaryFocalCrossentropy(True, 0.3, 1.5, label_smoothing=0.1).numbers == (
        0.3,
        1.5,
        0.1,
        1.0,
    )
    assert CategoricalFocalCrossentropy((0.3, 0.7)).numbers == (2.0, 0.0, 0.3, 0.7)


def test_a_loss_says_how_many_outputs_and_columns_its_targets_have():
    assert MeanSquaredError().target_columns(3) == 3
    assert GaussianNLL().target_columns(6) == 3
    assert Quantile((0.1, 0.5, 0.9)).target_columns(6) == 2
    assert Quantile(0.5) == Quantile() == Quantile(np.array([0.5]))
    assert losses.get("sparse_categorical_crossentropy").target_columns(6) == 1


@pytest.mark.parametrize("name", ["categorical_crossentropy", "categorical_hinge"])
def test_one_class_is_refused(name):
    with pytest.raises(StateError) as caught:
        losses.get(name).check_outputs(1)
    assert str(caught.value) == (
        f"The loss {name} compares classes, but the last layer has 1 unit. Use a unit a class, or "
        "sigmoid and binary_crossentropy."
    )


def test_a_loss_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Huber().delta = 3


@pytest.mark.parametrize("delta", [0, -1, float("inf"), "1", True])
def test_huber_needs_a_delta_above_zero(delta):
    with pytest.raises(RangeError) as caught:
        Huber(delta)
    assert str(caught.value) == (
        f"`delta` of Huber must be a finite number greater than 0; got {delta!r}."
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Quantile((0.1, 1)),
            "`quantiles` of Quantile must be a number greater than 0 and less than 1; got 1.",
        ),
        (
            lambda: Quantile(()),
            "`quantiles` of Quantile must be a number greater than 0 and less than 1, or several; "
            "got ().",
        ),
        (
            lambda: Quantile("0.5"),
            "`quantiles` of Quantile must be a number greater than 0 and less than 1; got '0.5'.",
        ),
        (
            lambda: BinaryCrossentropy(label_smoothing=1.5),
            "`label_smoothing` of BinaryCrossentropy must be a number of at least 0 and at most 1; "
            "got 1.5.",
        ),
        (
            lambda: BinaryCrossentropy(from_logits=1),
            "`from_logits` of BinaryCrossentropy must be True or False; got 1.",
        ),
        (
            lambda: BinaryFocalCrossentropy(gamma=-1),
            "`gamma` of BinaryFocalCrossentropy must be a finite number of at least 0; got -1.",
        ),
        (
            lambda: BinaryFocalCrossentropy(0.25),
            "`apply_class_balancing` of BinaryFocalCrossentropy must be True or False; got 0.25.",
        ),
        (
            lambda: GaussianNLL(0),
            "`eps` of GaussianNLL must be a finite number of at least 1e-30; got 0.",
        ),
    ],
)
def test_numbers_out_of_range_are_refused(make, message):
    with pytest.raises(RangeError) as caught:
        make()
    assert str(caught.value) == message


def test_an_unknown_loss_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        losses.get("binary_crossentropi")
    assert str(caught.value) == (
        f"`loss` must be one of {', '.join(sorted(losses.ROWS.names))}; got "
        "'binary_crossentropi'. Did you mean 'binary_crossentropy'?"
    )


def test_an_unknown_reduction_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        MeanSquaredError(reduction="none")
    assert str(caught.value) == (
        "`reduction` of MeanSquaredError must be one of sum_over_batch_size, "
        "mean_with_sample_weight, sum; got 'none'."
    )


def test_a_keyword_that_a_loss_lacks_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        BinaryCrossentropy(from_logit=True)
    assert str(caught.value) == (
        "BinaryCrossentropy has no argument `from_logit`; it takes from_logits, label_smoothing, "
        "reduction. Did you mean 'from_logits'?"
    )
    with pytest.raises(UnknownNameError, match=r"no argument `delta`; it takes reduction\.$"):
        MeanSquaredError(delta=1)
