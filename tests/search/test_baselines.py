"""One number for all rows."""

import numpy as np
import pytest

from hiddenlogic import engine
from hiddenlogic.search.baselines import constant
from hiddenlogic.search.problem import Problem


def test_the_constant_says_the_mean_of_the_training_targets(problem: Problem):
    trial = constant(problem)
    outputs = engine.predict(trial.network, trial.weights, problem.validation.inputs)
    targets = problem.train.targets[:, 0]
    if problem.task == "multiclass":
        expected = np.bincount(targets.astype(int), minlength=3) / len(targets)
    else:
        expected = np.array([targets.mean()])
    assert outputs == pytest.approx(np.tile(expected, (len(outputs), 1)), rel=1e-5)
    assert trial.history == {}


def test_its_losses_are_those_of_the_validation_rows(bent: Problem):
    mean = bent.train.targets.mean(dtype=np.float64)
    losses = constant(bent).validation_losses
    assert losses == pytest.approx((bent.validation.targets[:, 0] - mean) ** 2, rel=1e-4)
