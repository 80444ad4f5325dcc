"""Training of one candidate."""

import time

import numpy as np
import pytest

from hiddenlogic import engine
from hiddenlogic.errors import DivergenceError
from hiddenlogic.search.candidate import Setup
from hiddenlogic.search.interrupt import Interrupt
from hiddenlogic.search.problem import Problem
from hiddenlogic.search.trainer import StoppedEarly, train


def _later(seconds: float) -> float:
    return time.perf_counter() + seconds


def test_the_losses_are_those_of_the_weights(problem: Problem):
    trial = train(problem, Setup((8,)), deadline=_later(60), interrupt=Interrupt())
    outputs = engine.predict(trial.network, trial.weights, problem.validation.inputs)
    losses = problem.row_losses(outputs, problem.validation.targets)
    assert trial.validation_losses.tobytes() == losses.tobytes()
    assert trial.complete
    assert len(trial.history["loss"]) == len(trial.history["val_loss"]) == trial.epochs


def test_the_best_epoch_is_kept(bent: Problem):
    trial = train(bent, Setup((8,)), deadline=_later(60), interrupt=Interrupt())
    assert trial.loss == pytest.approx(min(trial.history["val_loss"]), rel=1e-4)


def test_the_same_setup_gives_the_same_bits(bent: Problem):
    setup = Setup((8, 4), "relu", dropout=0.1, seed=5)
    one, other = (train(bent, setup, deadline=_later(60), interrupt=Interrupt()) for _ in range(2))
    for first, second in zip(one.weights, other.weights, strict=True):
        assert first.tobytes() == second.tobytes()


def test_a_straight_line_finds_the_least_squares(straight: Problem):
    setup = Setup((), "linear", learning_rate=0.02, weight_decay=0.0)
    trial = train(straight, setup, deadline=_later(60), interrupt=Interrupt())
    inputs = np.hstack([straight.train.inputs, np.ones((len(straight.train), 1))])
    solution = np.linalg.lstsq(inputs, straight.train.targets[:, 0], rcond=None)[0]
    found = np.append(trial.weights[0][:, 0], trial.weights[1])
    # Early stopping keeps what is best on the validation rows, which is near but not the solution.
    assert found == pytest.approx(solution, abs=0.05)


def test_no_time_is_no_network(bent: Problem):
    with pytest.raises(StoppedEarly):
        train(bent, Setup((8,)), deadline=_later(-1), interrupt=Interrupt())


def test_an_interrupt_ends_training(bent: Problem):
    interrupt = Interrupt()
    interrupt.request()
    with pytest.raises(StoppedEarly):
        train(bent, Setup((8,)), deadline=_later(60), interrupt=interrupt)


def test_divergence_is_raised(bent: Problem):
    setup = Setup((8,), "relu", learning_rate=1e30)
    with pytest.raises(DivergenceError):
        train(bent, setup, deadline=_later(60), interrupt=Interrupt())
