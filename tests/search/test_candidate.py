"""Choosing among trained networks."""

import numpy as np

from hiddenlogic.layers import Dense
from hiddenlogic.network import Network
from hiddenlogic.optimizers import AdamW
from hiddenlogic.search.candidate import Setup, Trial, exceeds_by, smallest_good


def _trial(hidden: tuple[int, ...], losses: list[float]) -> Trial:
    layers = [*(Dense(units, "relu") for units in hidden), Dense(1)]
    return Trial(
        setup=Setup(hidden),
        network=Network.sequential(3, layers),
        weights=[],
        validation_losses=np.array(losses),
        history={},
        seconds=0.0,
        complete=True,
    )


def test_the_smallest_within_a_standard_error_is_chosen():
    small = _trial((2,), [1.0, 3.0, 1.1, 2.9])
    large = _trial((64, 64), [0.9, 3.0, 1.0, 2.8])
    other = _trial((8,), [1.5, 3.5, 1.5, 3.5])
    assert smallest_good([large, other, small]) is large
    close = _trial((2,), [0.8, 3.0, 1.0, 3.0])
    assert smallest_good([large, other, close]) is close


def test_of_equal_size_the_better_is_chosen():
    worse, better = _trial((8,), [1.0, 2.0, 3.0]), _trial((8,), [1.0, 1.5, 3.0])
    assert smallest_good([worse, better]) is better


def test_the_error_of_a_difference_is_that_of_pairs():
    losses = np.array([1.0, 10.0, 100.0])
    assert exceeds_by(losses + 0.5, losses) == (0.5, 0.0)


def test_one_row_says_nothing():
    assert exceeds_by(np.array([3.0]), np.array([1.0])) == (2.0, float("inf"))


def test_a_setup_says_how_it_is_optimised():
    setup = Setup((8,), learning_rate=0.02, weight_decay=0.3)
    assert setup.optimizer() == AdamW(0.02, weight_decay=0.3, beta_2=0.95)
    assert setup.optimizer(0.1).learning_rate == 0.02 * 0.1


def test_a_trial_is_found_among_others_of_the_same_setup():
    first, second = _trial((8,), [1.0, 2.0]), _trial((8,), [1.0, 3.0])
    assert second in [first, second]
    assert second not in [first]
