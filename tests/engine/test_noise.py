"""Noise seen from outside: what one linear layer behind it is told of a row."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tolerances
from reference import noise

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.layers import AlphaDropout, Dense, GaussianDropout, GaussianNoise
from hiddenlogic.network import Network
from hiddenlogic.schedules import FlatCosine

UNITS, STEPS = 4096, 8
N = UNITS * STEPS
# Probability that a right generator fails a test here.
FAILS = 1e-9
# The same in standard deviations of a normal number: exp(-z**2 / 2) bounds both tails together.
DEVIATIONS = math.sqrt(2 * math.log(2 / FAILS))


def disturbed(layer, row, *, seed=0, steps=STEPS, dtype="float64", instruction_set=None):
    """Return what the layer makes of a row at each step, shape (steps, units).

    With w = 0 and target -1/2, the gradient of (w @ y - t)**2 is y; SGD with rate 1 subtracts it.
    """
    network = Network.sequential(UNITS, [layer, Dense(1, use_bias=False)])
    start = [np.zeros((UNITS, 1), dtype)]
    trainer = engine.Trainer(
        network,
        loss=losses.MeanSquaredError(),
        optimizer=optimizers.SGD(1.0),
        weights=start,
        dtype=dtype,
        seed=seed,
        instruction_set=instruction_set,
    )
    inputs = np.broadcast_to(row, (1, UNITS)).astype(dtype)
    found = []
    for _ in range(steps):
        trainer.set_weights(start)
        trainer.fit(inputs, np.full((1, 1), -0.5, dtype), epochs=1, shuffle=False)
        found.append(-trainer.get_weights()[0][:, 0])
    return np.array(found)


def check_standard_normal(z):
    """Assert that numbers are independent standard normal ones, as far as they can show it."""
    n = z.size
    assert abs(z.mean()) < DEVIATIONS / math.sqrt(n)
    # Of the mean of squares the variance is 2/n, of that of fourth powers (105 − 9)/n.
    assert abs((z**2).mean() - 1) < DEVIATIONS * math.sqrt(2 / n)
    assert abs((z**4).mean() - 3) < DEVIATIONS * math.sqrt(96 / n)
    # Dvoretzky, Kiefer and Wolfowitz (1956), with the constant of Massart (1990): the distribution
    # function is nowhere off by more.
    farthest = math.sqrt(math.log(2 / FAILS) / (2 * n))
    due = np.array([0.5 * math.erfc(-one / math.sqrt(2)) for one in np.sort(z.ravel())])
    assert abs(due - (np.arange(n) + 0.5) / n).max() < farthest + 0.5 / n


def check_independent(one, other):
    """Assert that standard normal numbers are uncorrelated with others, and so are the squares."""
    n = one.size
    assert abs((one * other).mean()) < DEVIATIONS / math.sqrt(n)
    assert abs(((one**2 - 1) * (other**2 - 1)).mean()) < DEVIATIONS * 2 / math.sqrt(n)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gaussian_noise_is_normal_and_other_at_each_unit_step_and_seed(dtype):
    z = disturbed(GaussianNoise(1.0), 0.0, dtype=dtype).astype(np.float64)
    check_standard_normal(z)
    check_independent(z[:, 0::2], z[:, 1::2])  # a pair of Box and Muller's
    check_independent(z[:, :-2], z[:, 2:])
    check_independent(z[:-1], z[1:])
    check_independent(z, disturbed(GaussianNoise(1.0), 0.0, seed=1, dtype=dtype))


@pytest.mark.parametrize("wrong", ["uniform", "wider", "shifted"])
def test_other_distributions_are_told_apart(wrong):
    random = np.random.default_rng(0)
    z = {
        "uniform": random.uniform(-math.sqrt(3), math.sqrt(3), N),
        "wider": random.normal(0, 1 + 2 * DEVIATIONS / math.sqrt(2 * N), N),
        "shifted": random.normal(2 * DEVIATIONS / math.sqrt(N), 1, N),
    }[wrong]
    with pytest.raises(AssertionError):
        check_standard_normal(z)


def test_the_numbers_are_those_of_the_counters():
    found = disturbed(GaussianNoise(1.0), 0.0, seed=2**40 + 3)
    for step, z in enumerate(found):
        due, radius = noise.normals(2**40 + 3, 1, step, 1, UNITS)
        # as in the reference: an error of the logarithm counts for more, the smaller the radius is
        near = tolerances.UNIT["float64"] * (16 * radius + 4 / radius + abs(due))
        assert (abs(z - due) <= near).all()


@pytest.mark.parametrize("stddev", [0.25, 3.0])
def test_the_standard_deviation_is_the_one_asked_for(stddev):
    row = np.linspace(-2, 2, UNITS)
    z = (disturbed(GaussianNoise(stddev), row) - row) / stddev
    check_standard_normal(z)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_gaussian_dropout_multiplies_with_the_variance_of_dropout(rate):
    row = np.linspace(1, 2, UNITS)
    factors = disturbed(GaussianDropout(rate), row) / row
    check_standard_normal((factors - 1) / math.sqrt(rate / (1 - rate)))


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_alpha_dropout_keeps_mean_and_variance_of_standard_normal_values(rate):
    row = np.random.default_rng(0).normal(size=UNITS)
    row = (row - row.mean()) / row.std()
    found = disturbed(AlphaDropout(rate), row)
    lowest = -noise.ALPHA * noise.SCALE
    a = ((1 - rate) * (1 + rate * lowest**2)) ** -0.5
    b = -a * lowest * rate
    dropped = a * lowest + b
    kept = abs(found - dropped) > abs(found - (a * row + b))
    near = 8 * tolerances.UNIT["float64"] * (a * abs(row) + abs(b) + abs(a * lowest))
    assert (abs(found - np.where(kept, a * row + b, dropped)) <= near).all()
    assert abs(kept.mean() - (1 - rate)) < DEVIATIONS * math.sqrt(rate * (1 - rate) / N)
    # What is left to chance in a mean over the cells: which of them are kept.
    for power, due in ((1, 0.0), (2, 1.0)):
        swing = ((a * row + b) ** power - dropped**power).std() + abs(
            ((a * row + b) ** power - dropped**power).mean()
        )
        assert (
            abs((found**power).mean() - due) < DEVIATIONS * math.sqrt(rate * (1 - rate) / N) * swing
        )
    plain = np.where(kept, row, 0) / (1 - rate)  # of plain dropout the variance is 1/(1 − rate)
    assert abs((plain**2).mean() - 1) > abs((found**2).mean() - 1)


@pytest.mark.parametrize("layer", [AlphaDropout(0.0), GaussianNoise(0.0), GaussianDropout(0.0)])
def test_no_strength_changes_nothing(layer):
    row = np.linspace(-2, 2, UNITS)
    for instruction_set in engine.available_isas():
        found = disturbed(layer, row, steps=1, instruction_set=instruction_set)
        assert np.array_equal(found[0], row)


def test_a_scheduled_strength_is_that_of_each_step():
    fading = FlatCosine(0.8, total_steps=4, flat=0.25)
    (first, *others) = disturbed(GaussianNoise(fading), 0.0, steps=4)
    due = [noise.normals(0, 1, step, 1, UNITS)[0][0] for step in range(4)]
    assert np.allclose(first / due[0], 0.8)
    strengths = [float(np.median(z / one)) for z, one in zip(others, due[1:], strict=True)]
    assert strengths == sorted(strengths, reverse=True)
    assert strengths[-1] < 0.8


@pytest.mark.parametrize("layer", [AlphaDropout(0.5), GaussianNoise(0.5), GaussianDropout(0.5)])
def test_predictions_and_evaluations_are_not_disturbed(layer):
    network = Network.sequential(5, [layer, Dense(1)])
    inputs = np.random.default_rng(0).normal(size=(40, 5))
    weights = [np.ones((5, 1)), np.zeros(1)]
    trainer = engine.Trainer(
        network,
        loss=losses.MeanSquaredError(),
        optimizer=optimizers.SGD(0.1),
        weights=weights,
        dtype="float64",
    )
    plain = engine.Predictor(Network.sequential(5, [Dense(1)]), weights, dtype="float64")
    assert np.array_equal(trainer.predict(inputs), plain.predict(inputs))
    assert trainer.evaluate(inputs, plain.predict(inputs))["loss"] == 0.0
