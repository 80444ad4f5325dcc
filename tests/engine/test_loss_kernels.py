"""The kernels of the losses: awkward numbers, weights of 0, equality of instruction sets."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import rounding
from reference import losses as reference
from reference.examples import VARIANTS, targets_for

from hiddenlogic import losses
from hiddenlogic.engine import _core, available_isas

DTYPES = [np.float32, np.float64]
BEST = available_isas()[0]
UNITS, SAMPLES = 6, 40


def run(loss, outputs, targets, *, dtype=np.float64, weight=None, isa=BEST):
    """Return the loss of each row and its gradient, shape (n, outputs)."""
    given, due = (np.ascontiguousarray(np.asarray(one, dtype).T) for one in (outputs, targets))
    if weight is not None:
        weight = np.asarray(weight, dtype)
    of_logits = reference.over_logits(loss)
    values, gradient = _core.loss(isa, loss.name, loss.numbers, of_logits, given, due, weight, 1.0)
    return values, gradient.T


def rows_for(loss, seed=0):
    """Return outputs that suit the formula, and targets."""
    random = np.random.default_rng(seed)
    outputs = random.normal(0, 2, (SAMPLES, UNITS))
    if loss.row.suits != "linear" and not reference.over_logits(loss):
        outputs = random.uniform(0.01, 0.99, outputs.shape)
    outputs = outputs.astype(np.float32).astype(np.float64)
    return outputs, targets_for(loss, SAMPLES, UNITS)


def all_losses():
    """Return each loss, and each that has them of logits too."""
    for loss in dict.fromkeys(loss for loss, _ in VARIANTS):
        if getattr(loss, "alpha", (1,)) in ((0.2, 0.5, 0.7),):
            loss = dataclasses.replace(loss, alpha=(0.2, 0.5, 0.7) * 2)
        yield loss


LOSSES = list(all_losses())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_every_loss_and_its_gradient_equal_the_reference(loss, dtype):
    outputs, targets = rows_for(loss)
    values, gradient = run(loss, outputs, targets, dtype=dtype)
    share = np.ones((SAMPLES, 1))
    due = reference.row_losses(loss, outputs, targets)
    due_gradient = reference.row_gradients(loss, outputs, targets)
    noise = [rounding.Rounding(np.dtype(dtype).name, seed) for seed in range(rounding.RUNS)]
    bound = 4 * np.max([abs(one.losses(due, loss, outputs, targets) - due) for one in noise])
    assert abs(values - due).max() <= bound
    drawn = [one.loss_gradients(due_gradient, loss, outputs, targets, share) for one in noise]
    bound = 4 * np.max([abs(one - due_gradient) for one in drawn])
    assert abs(gradient - due_gradient).max() <= bound


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_loss_has_the_same_bits_on_every_instruction_set(loss, dtype):
    outputs, targets = rows_for(loss)
    outputs = outputs * np.geomspace(0.01, 50, SAMPLES)[:, None]
    outputs[:6, 0] = [0.0, -0.0, 1.0, np.inf, -np.inf, np.nan]
    weight = np.linspace(0, 3, SAMPLES)
    results = {
        b"".join(
            # Which NaN it is says nothing: the sign is the compiler's choice.
            np.where(np.isnan(one), np.nan, one).tobytes()
            for one in run(loss, outputs, targets, dtype=dtype, weight=weight, isa=isa)
        )
        for isa in available_isas()
    }
    assert len(results) == 1


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("isa", available_isas())
def test_nan_is_a_loss_that_is_no_number_and_weight_0_leaves_it_out(loss, isa):
    outputs, targets = rows_for(loss)
    outputs[3] = np.nan
    values, _ = run(loss, outputs, targets, isa=isa)
    assert np.isnan(values[3])
    assert np.isfinite(np.delete(values, 3)).all()
    weight = np.ones(SAMPLES)
    weight[3] = 0
    values, gradient = run(loss, outputs, targets, weight=weight, isa=isa)
    assert values[3] == 0
    assert (gradient[3] == 0).all()


BINARY = [losses.BinaryCrossentropy(True), losses.BinaryFocalCrossentropy(from_logits=True)]
SHARES = [losses.BinaryCrossentropy(), losses.BinaryFocalCrossentropy(gamma=1.5)]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", BINARY, ids=repr)
def test_a_sure_logit_costs_nothing_where_it_is_right_and_itself_where_it_is_wrong(loss, dtype):
    z = np.array([[88.0], [-88.0], [1e30], [-1e30], [np.inf], [-np.inf]])
    right = np.array([[1.0], [0.0]] * 3)
    values, gradient = run(loss, z, right, dtype=dtype)
    assert (values <= np.exp(-87)).all()
    assert (values >= 0).all()
    assert (abs(gradient) <= np.exp(-87)).all()
    values, gradient = run(loss, z, 1 - right, dtype=dtype)
    assert values.tolist() == abs(z.astype(dtype))[:, 0].tolist()
    assert gradient[:4].ravel().tolist() == [1, -1, 1, -1]


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_probability_of_0_or_1_counts_as_1e_7_from_it_and_has_no_gradient(dtype):
    p, t = np.array([[0.0], [1.0], [-0.5], [1.5]]), np.array([[1.0], [0.0], [1.0], [0.0]])
    for loss in SHARES:
        values, gradient = run(loss, p, t, dtype=dtype)
        # The focal factor is (1 - 1e-7)**1.5.
        bound = (8 * np.finfo(dtype).eps + 1.5e-7) * -np.log(1e-7)
        assert (abs(values + np.log(1e-7)) <= bound).all()
        assert (gradient == 0).all()
        values, gradient = run(loss, p, 1 - t, dtype=dtype)
        assert (values >= 0).all()
        assert (values <= 1.5e-7).all()
        assert (gradient == 0).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["categorical_crossentropy", "categorical_focal_crossentropy"])
def test_an_impossible_class_that_is_not_the_target_changes_nothing(name, dtype):
    loss = losses.get(name, from_logits=True)
    z = np.array([[1.0, -np.inf, 2.0, -1e30], [88.0, -np.inf, -88.0, -1e30]])
    targets = np.eye(4)[[0, 2]]
    values, gradient = run(loss, z, targets, dtype=dtype)
    kept, kept_gradient = run(loss, z[:, [0, 2]], targets[:, [0, 2]], dtype=dtype)
    assert values.tolist() == kept.tolist()
    assert gradient[:, [0, 2]].tolist() == kept_gradient.tolist()
    assert (gradient[:, [1, 3]] == 0).all()


def test_gamma_0_leaves_the_cross_entropies_as_they_are():
    for focal, plain in [
        (losses.BinaryFocalCrossentropy(gamma=0), losses.BinaryCrossentropy()),
        (losses.CategoricalFocalCrossentropy(1.0, gamma=0), losses.CategoricalCrossentropy()),
    ]:
        for logits in (False, True):
            focal = dataclasses.replace(focal, from_logits=logits)
            plain = dataclasses.replace(plain, from_logits=logits)
            outputs, targets = rows_for(plain)
            bound = 64 * np.finfo(np.float64).eps * (1 + abs(outputs).max())
            for one, other in zip(
                run(focal, outputs, targets), run(plain, outputs, targets), strict=True
            ):
                assert (abs(one - other) <= bound * (1 + abs(other))).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_variance_below_eps_counts_as_eps_and_has_a_gradient_still(dtype):
    loss = losses.GaussianNLL(eps=0.25, full=True)
    outputs, targets = np.array([[1.0, np.log(0.0625)], [1.0, 100.0]]), np.array([[2.0], [2.0]])
    values, gradient = run(loss, outputs, targets, dtype=dtype)
    unit = 16 * np.finfo(dtype).eps
    due = [(np.log(0.25) + 4 + np.log(2 * np.pi)) / 2, (100 + np.log(2 * np.pi)) / 2]
    assert (abs(values - due) <= unit * np.abs(due)).all()
    assert (abs(gradient[0] - [-4.0, (1 - 4) / 2 * 0.25]) <= unit).all()
    assert abs(gradient[1, 1] - 0.5) <= unit
