"""The bounds of a trajectory refuse the nearest wrong gradient of every loss."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest
import tolerances
from reference import losses as reference
from reference.activations import sigmoid, softmax
from reference.cross_entropies import SMALLEST, smoothed
from reference.examples import example, rate_for
from reference.training import train_example

from hiddenlogic import losses
from hiddenlogic.optimizers import SGD

right = reference.row_gradients


def focus_kept(loss, outputs, targets):
    """A focal loss whose modulating factor is taken for a constant."""
    t = smoothed(loss, outputs, targets)
    if loss.row.task == "binary":
        p = sigmoid(outputs) if loss.from_logits else outputs
        factor = (t * (1 - p) + (1 - t) * p) ** loss.gamma
        return factor * right(losses.BinaryCrossentropy(loss.from_logits), outputs, targets)
    p = softmax(outputs)
    factor = np.array(loss.alpha) * (1 - p) ** loss.gamma * t
    return p * factor.sum(axis=1, keepdims=True) - factor


def towards_0(loss, outputs, targets):
    """Smoothed targets that are smaller and not more even."""
    plain = replace(loss, label_smoothing=0.0)
    t = smoothed(plain, outputs, targets) * (1 - loss.label_smoothing)
    if loss.row.task == "binary":
        return right(plain, outputs, t)
    return softmax(outputs) * t.sum(axis=1, keepdims=True) - t


def not_normalised(loss, outputs, targets):
    """Shares of classes whose sum has no gradient."""
    t = smoothed(loss, outputs, targets)
    return -t / outputs


def of_the_output(loss, outputs, targets):
    """A probability from another activation, taken for a sigmoid's."""
    return (outputs - smoothed(loss, outputs, targets)) / outputs.shape[1]


def all_alike(loss, outputs, targets):
    """The alpha of the first class for all."""
    return right(replace(loss, alpha=loss.alpha[0]), outputs, targets)


def without_half_the_logarithm(loss, outputs, targets):
    gradient = right(loss, outputs, targets)
    gradient[:, 1::2] -= 0.5 / targets.shape[1]
    return gradient


def with_the_right_class(loss, outputs, targets):
    """The largest of all classes, the right one among them."""
    missing = outputs.max(axis=1) - (targets * outputs).sum(axis=1) + 1
    rise = np.eye(outputs.shape[1])[outputs.argmax(axis=1)]
    return np.where(missing[:, None] > 0, rise - targets, 0)


def radial(loss, outputs, targets):
    """A cosine whose norm of the output has no gradient."""
    norms = [np.sqrt((one**2).sum(axis=1, keepdims=True)) for one in (outputs, targets)]
    return -targets / (norms[0] * norms[1])


def of_the_squares(loss, outputs, targets):
    return right(losses.MeanSquaredError(), outputs, targets)


def of_another(**settings):
    """The gradient of the loss with other settings."""
    return lambda loss, outputs, targets: right(replace(loss, **settings), outputs, targets)


WRONG = [
    (losses.MeanSquaredError(), None, lambda *rows: right(*rows) / 2),
    (losses.MeanAbsoluteError(), None, lambda *rows: right(losses.LogCosh(), *rows[1:])),
    (losses.Huber(0.55), None, of_another(delta=0.6)),
    (losses.LogCosh(), None, lambda *rows: right(losses.Huber(), *rows[1:])),
    (
        losses.MeanAbsolutePercentageError(),
        None,
        lambda loss, y, t: 100 * np.sign(y - t) / np.maximum(abs(y), SMALLEST) / y.shape[1],
    ),
    (losses.MeanSquaredLogarithmicError(), None, of_the_squares),
    (losses.CosineSimilarity(), None, radial),
    (losses.Poisson(), None, lambda loss, y, t: (y - t) / y.shape[1]),
    (losses.GaussianNLL(), None, without_half_the_logarithm),
    (losses.GaussianNLL(eps=3.0), None, of_another(eps=1e-6)),
    (losses.Quantile(0.2), None, of_another(quantiles=(0.8,))),
    (losses.Quantile((0.2, 0.5, 0.7)), None, of_another(quantiles=(0.7, 0.5, 0.2))),
    (losses.KLDivergence(), None, lambda loss, y, t: np.log(y / t) + 1),
    (losses.Hinge(), None, lambda loss, y, t: right(loss, y, (t + 1) / 2)),
    (losses.SquaredHinge(), None, lambda *rows: right(*rows) / 2),
    (losses.CategoricalHinge(), None, with_the_right_class),
    (losses.BinaryCrossentropy(label_smoothing=0.1), None, towards_0),
    (losses.BinaryCrossentropy(), "softmax", of_the_output),
    (losses.CategoricalCrossentropy(label_smoothing=0.1), None, towards_0),
    (losses.CategoricalCrossentropy(), "sigmoid", not_normalised),
    (losses.SparseCategoricalCrossentropy(label_smoothing=0.1), None, towards_0),
    (losses.SparseCategoricalCrossentropy(), "sigmoid", not_normalised),
    (losses.BinaryFocalCrossentropy(), None, focus_kept),
    (losses.BinaryFocalCrossentropy(), "softmax", focus_kept),
    (losses.BinaryFocalCrossentropy(True), None, of_another(alpha=0.75)),
    (losses.CategoricalFocalCrossentropy(), None, focus_kept),
    (losses.CategoricalFocalCrossentropy((0.2, 0.5, 0.7)), None, all_alike),
]


def test_every_loss_has_a_wrong_one_beside_it():
    assert {loss.name for loss, _, _ in WRONG} == set(losses.ROWS.names)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("place", range(len(WRONG)), ids=lambda i: repr(WRONG[i][0]))
def test_ten_steps_of_the_nearest_wrong_gradient_are_refused(place, dtype, monkeypatch):
    loss, output, wrong = WRONG[place]
    case = example("tanh", loss, output=output)

    reference_run = functools.partial(
        train_example,
        case,
        SGD(rate_for(loss), momentum=0.9),
        epochs=2,
        batch_size=5,
        sample_weight=case.sample_weight,
    )

    bounds, _ = tolerances.drift(reference_run, case.network, dtype)
    due, _ = reference_run()
    monkeypatch.setattr(reference, "row_gradients", wrong)
    found, _ = reference_run()
    assert any(abs(a - b).max() > c for a, b, c in zip(due, found, bounds, strict=True))
