"""A small problem of each task."""

import numpy as np
import pytest

from hiddenlogic.search.problem import Part, Problem, Task


def _problem(task: Task, bent: bool) -> Problem:
    """180 rows of three columns, of which the first two matter."""
    random = np.random.default_rng(7)
    inputs = random.normal(size=(180, 3)).astype(np.float32)
    level = np.abs(inputs[:, 0]) * 2 - 1.5 if bent else inputs[:, 0]
    # Noise on the bent ones alone: on a noisy line, a network beats the line by more than the
    # standard error every now and then.
    level = level + 0.5 * inputs[:, 1] + (random.normal(0, 0.1, 180) if bent else 0.0)
    if task == "regression":
        targets, n_classes = level, 0
    elif task == "binary":
        targets, n_classes = level > 0, 2
    else:
        targets, n_classes = np.digitize(level, [-0.5, 0.5]), 3
    targets = targets.astype(np.float32)[:, None]
    train, validation = Part(inputs[:120], targets[:120]), Part(inputs[120:], targets[120:])
    return Problem(task, n_classes, train, validation, unit=3.0 if task == "regression" else 1.0)


@pytest.fixture(params=["regression", "binary", "multiclass"])
def problem(request: pytest.FixtureRequest) -> Problem:
    """A bent problem of each task."""
    return _problem(request.param, bent=True)


@pytest.fixture
def bent() -> Problem:
    """A regression that no straight line solves."""
    return _problem("regression", bent=True)


@pytest.fixture
def straight() -> Problem:
    """A regression that a straight line solves."""
    return _problem("regression", bent=False)
