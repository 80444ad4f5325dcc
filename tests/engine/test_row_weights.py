"""What the weight of a row means: 2 is the row twice, 0 is the row left out."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import tolerances
from agreement import trainer_for
from reference.examples import example, rate_for
from reference.training import train_example

from hiddenlogic import losses
from hiddenlogic.optimizers import SGD, Adam

BY_WEIGHT = ["mean_with_sample_weight", "sum"]
EPOCHS = 3


def trained(case, optimizer, rows, weight, dtype="float64"):
    """Return the weights and the history of trainings on all rows at once."""
    trainer = trainer_for(case, optimizer, dtype)
    run = trainer.fit(
        case.inputs[rows].astype(dtype),
        case.targets[rows].astype(dtype),
        sample_weight=None if weight is None else weight.astype(dtype),
        epochs=EPOCHS,
        batch_size=len(case.inputs) * 2,
    )
    return trainer.get_weights(), np.array(run.history["loss"])


def bounds_of(case, optimizer, weight):
    """Return what rounding may do to the weights and losses of such a training."""

    reference = functools.partial(
        train_example,
        case,
        optimizer,
        epochs=EPOCHS,
        batch_size=len(case.inputs),
        sample_weight=weight,
    )

    return tolerances.drift(reference, case.network, "float64")


# Rows by how often they come: some twice or three times, some never.
COUNTS = {
    "twice": np.array([1, 2, 1, 1, 3, 1, 1, 1, 1, 2, 1, 1, 1]),
    "left out": np.array([0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0]),
}


@pytest.mark.parametrize("reduction", BY_WEIGHT)
@pytest.mark.parametrize("name", losses.ROWS.names)
@pytest.mark.parametrize("counts", COUNTS)
def test_a_weight_is_how_often_the_row_comes(counts, name, reduction):
    case = example("tanh", losses.get(name, reduction=reduction), n=13)
    optimizer = SGD(rate_for(case.loss) / 10)
    weight = COUNTS[counts].astype(float)
    bounds, history_bounds = bounds_of(case, optimizer, weight)
    found, history = trained(case, optimizer, np.arange(13), weight)
    due, due_history = trained(case, optimizer, np.repeat(np.arange(13), COUNTS[counts]), None)
    once, _ = trained(case, optimizer, np.arange(13), None)
    for one, other, without, bound in zip(found, due, once, bounds, strict=True):
        assert abs(one - other).max() <= 2 * bound
        assert abs(one - without).max() > 2 * bound
    assert (abs(history - due_history) <= 2 * history_bounds).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("reduction", BY_WEIGHT)
@pytest.mark.parametrize("name", losses.ROWS.names)
def test_last_rows_of_weight_0_change_no_bit(name, reduction, dtype):
    case = example("tanh", losses.get(name, reduction=reduction), n=13)
    weight = case.sample_weight * (np.arange(13) < 10)  # eighths, whose sums are exact
    found, _ = trained(case, Adam(0.01), np.arange(13), weight, dtype)
    due, _ = trained(case, Adam(0.01), np.arange(10), weight[:10], dtype)
    for one, other in zip(found, due, strict=True):
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("name", losses.ROWS.names)
def test_the_default_divides_by_all_rows_as_keras_does(name):
    # 8 of 16 rows left out, at twice the rate: the same bits, both being powers of 2.
    case = example("tanh", losses.get(name), n=16, l2=0.0)
    kept = np.arange(0, 16, 2)
    weight = np.zeros(16)
    weight[kept] = 1
    found, history = trained(case, SGD(2 * rate_for(case.loss)), np.arange(16), weight)
    due, due_history = trained(case, SGD(rate_for(case.loss)), kept, None)
    for one, other in zip(found, due, strict=True):
        assert one.tobytes() == other.tobytes()
    bound = np.array([tolerances.score(value, 16) for value in due_history])
    assert (abs(2 * history - due_history) <= 2 * bound).all()


@pytest.mark.parametrize("reduction", losses.REDUCTIONS)
def test_evaluate_reduces_all_rows_at_once(reduction):
    case = example("tanh", losses.MeanSquaredError(reduction=reduction), n=700, l2=0.0)
    trainer = trainer_for(case, SGD(0.1), "float64")
    squares = ((trainer.predict(case.inputs) - case.targets) ** 2).mean(axis=1)
    weight = case.sample_weight
    due = (weight * squares).sum()
    due /= {"sum": 1, "mean_with_sample_weight": weight.sum()}.get(reduction, 700)
    found = trainer.evaluate(case.inputs, case.targets, weight)["loss"]
    assert abs(found - due) <= tolerances.score(due, 700)


def test_a_batch_that_weighs_nothing_changes_nothing():
    case = example("tanh", losses.MeanSquaredError(reduction=BY_WEIGHT[0]), n=8, l2=0.0)
    weight = np.array([1.0] * 4 + [0.0] * 4)
    found, due = (trainer_for(case, SGD(0.1), "float64") for _ in range(2))
    both = found.fit(case.inputs, case.targets, sample_weight=weight, batch_size=4, shuffle=False)
    half = due.fit(case.inputs[:4], case.targets[:4], batch_size=4)
    assert both.history == half.history
    for one, other in zip(found.get_weights(), due.get_weights(), strict=True):
        assert one.tobytes() == other.tobytes()
