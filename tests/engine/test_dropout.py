"""Dropout seen from outside: one linear layer behind it, trained by one step."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from reference import dropout, schedules

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.layers import Dense, Dropout
from hiddenlogic.network import Network
from hiddenlogic.schedules import FlatCosine

ROWS = 4096


def masks(rate, *, seed=0, steps=1, instruction_set=None):
    """Return each row's factor of its one input, by step.

    With w = 0, target −1/2 and squared errors, d loss / d w is the mean of mask · x; where the
    inputs are the rows of the identity, weight i shows the mask of row i.
    """
    network = Network.sequential(ROWS, [Dropout(rate), Dense(1, use_bias=False)])
    weights = [np.zeros((ROWS, 1))]
    trainer = engine.Trainer(
        network,
        loss=losses.MeanSquaredError(),
        optimizer=optimizers.SGD(1.0),
        weights=weights,
        dtype="float64",
        seed=seed,
        instruction_set=instruction_set,
    )
    inputs, targets = np.eye(ROWS), np.full((ROWS, 1), -0.5)
    found = []
    for _ in range(steps):
        trainer.set_weights(weights)
        trainer.fit(inputs, targets, epochs=1, batch_size=ROWS, shuffle=False)
        # gradient of column i: (2/n) · (0 + 1/2) · mask[i]; the step subtracts it
        found.append(-trainer.get_weights()[0][:, 0] * ROWS)
    return found


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_kept_cells_are_scaled_up_and_the_share_is_right(rate):
    (mask,) = masks(rate)
    for instruction_set in engine.available_isas():
        assert np.array_equal(masks(rate, instruction_set=instruction_set)[0], mask)
    kept = mask != 0
    # three roundings: 1 − rate, its inverse, and the mean that is undone here
    assert (np.abs(mask[kept] * (1 - rate) - 1) <= 3 * tolerances.UNIT["float64"]).all()
    deviation = np.sqrt(rate * (1 - rate) / ROWS)
    assert abs(kept.mean() - (1 - rate)) < 4 * deviation


def test_each_step_and_each_seed_drops_other_cells():
    first, second = masks(0.5, steps=2)
    (other,) = masks(0.5, seed=1)
    for mask in (second, other):
        # two independent fair masks agree in half of the cells
        agreement = np.mean((first != 0) == (mask != 0))
        assert abs(agreement - 0.5) < 4 * np.sqrt(0.25 / ROWS)


@pytest.mark.parametrize("instruction_set", engine.available_isas())
def test_a_rate_of_zero_changes_nothing(instruction_set):
    (mask,) = masks(0.0, instruction_set=instruction_set)
    assert (mask == 1.0).all()


def test_a_scheduled_rate_drops_the_cells_of_each_steps_own_rate():
    fading = FlatCosine(0.8, total_steps=4, flat=0.25)

    def due(step, rate):
        return dropout.cells(rate, 0, 1, step, range(ROWS), range(ROWS))

    found = masks(fading, steps=5)
    for step, mask in enumerate(found):
        rate = schedules.rate(fading, step)
        # as above, and the rounding of the rate
        near = 5 * tolerances.UNIT["float64"] * due(step, rate) / (1 - rate)
        assert (abs(mask - due(step, rate)) <= near).all()
        for wrong in (0.5, schedules.rate(fading, step + 1)):
            if wrong != rate:
                assert (abs(mask - due(step, wrong)) > near).any()
    for instruction_set in engine.available_isas():
        for one, other in zip(
            masks(fading, steps=5, instruction_set=instruction_set), found, strict=True
        ):
            assert np.array_equal(one, other)
