"""Gradients that are no finite numbers, under each limit: they are never turned into one."""

from __future__ import annotations

import numpy as np
import pytest
from reference import network as dense
from reference.exact import EXACT
from reference.layers import Pass
from reference.optimizers import clipped

from hiddenlogic import engine, losses
from hiddenlogic.errors import DivergenceError
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD
from hiddenlogic.optimizers.optimizer import CLIPPINGS

# A row whose first unit is 0, so that both outputs are their biases, however large the weights.
# In the first step the outputs are on different sides of their targets, and the gradients of the
# unit cancel. In the second step both are below: their sum is beyond the largest number, and the
# gradient of the weight is the feature times minus infinity. The loss is moderate all the while.
NETWORK = Network.sequential(1, [Dense(1, use_bias=False), Dense(2)])
TARGETS = np.array([[1.0, -0.01]])
WEIGHT = np.array([4.0])
NO_NUMBER, INFINITE = 0.0, 1.0

KINDS = pytest.mark.parametrize("kind", CLIPPINGS)
DTYPES = pytest.mark.parametrize("dtype", ["float32", "float64"])


def start(dtype):
    large = 0.3 * np.finfo(dtype).max
    return [np.zeros((1, 1)), np.full((1, 2), large), np.zeros(2)]


def trainer(kind, dtype):
    return engine.Trainer(
        NETWORK,
        loss=losses.get("mae"),
        optimizer=SGD(0.1, **{kind: 0.5}),
        weights=start(dtype),
        dtype=dtype,
    )


def fit(one, feature, *, rows=1, epochs=1):
    arrays = (np.full((rows, 1), feature), np.repeat(TARGETS, rows, axis=0))
    weight = np.repeat(WEIGHT, rows)
    return one.fit(*arrays, sample_weight=weight, epochs=epochs, batch_size=1)


def bits(one):
    return [w.tobytes() for w in one.get_weights()]


@KINDS
@DTYPES
def test_nan_is_found_at_the_end_of_its_epoch_and_the_epoch_before_is_kept(kind, dtype):
    one, good = trainer(kind, dtype), trainer(kind, dtype)
    with pytest.raises(DivergenceError) as caught:
        fit(one, NO_NUMBER, epochs=5)
    assert str(caught.value) == (
        "Training diverged in epoch 2: a weight is no longer a finite number. Lower learning_rate "
        "(now 0.1) or scale the inputs and targets. The weights of epoch 1 are kept."
    )
    assert one.last_run.history == fit(good, NO_NUMBER).history
    assert bits(one) == bits(good) != bits(trainer(kind, dtype))


@KINDS
@DTYPES
def test_nan_in_an_epoch_is_found_by_the_loss_of_the_next_step(kind, dtype):
    one = trainer(kind, dtype)
    with pytest.raises(DivergenceError) as caught:
        fit(one, NO_NUMBER, rows=3)
    assert str(caught.value) == (
        "Training diverged in epoch 1, step 3: the loss became NaN. Lower learning_rate (now 0.1) "
        "or scale the inputs and targets. The weights from before this training are kept."
    )
    assert bits(one) == bits(trainer(kind, dtype))


@DTYPES
def test_an_infinite_gradient_has_a_value_to_be_clipped_to_and_no_length(dtype):
    one = trainer("clipvalue", dtype)
    assert fit(one, INFINITE, epochs=2).status == "finished"
    assert one.get_weights()[0] == np.array(0.1, dtype) * np.array(0.5, dtype)
    for kind in ("clipnorm", "global_clipnorm"):
        with pytest.raises(DivergenceError, match="in epoch 2: a weight is no longer a finite"):
            fit(trainer(kind, dtype), INFINITE, epochs=2)


def silencing(kind, gradients):
    """Clip as with comparisons that a NaN passes through as if it were within the limit."""
    if kind == "clipvalue":
        return [np.fmin(np.fmax(g, -0.5), 0.5) for g in gradients]
    return clipped(SGD(**{kind: 0.5}), [np.where(np.isnan(g), 0.5, g) for g in gradients])


@KINDS
def test_the_second_step_tells_a_clip_that_turns_nan_into_its_limit(kind):
    weights = trainer(kind, "float64")
    fit(weights, NO_NUMBER)
    how = Pass(seed=0, step=1, training=True, rounding=EXACT)
    with np.errstate(over="ignore", invalid="ignore"):
        gradients = dense.gradients(
            NETWORK,
            [w.astype(np.float64) for w in weights.get_weights()],
            np.array([[NO_NUMBER]]),
            TARGETS,
            losses.get("mae"),
            WEIGHT,
            how=how,
        )
    assert [bool(np.isnan(g).any()) for g in gradients] == [True, False, False]
    right = clipped(SGD(**{kind: 0.5}), gradients)
    assert np.isnan(right[0]).all()
    assert all(np.isfinite(g).all() for g in silencing(kind, gradients))
