"""Losses of rows, by hand."""

import math

import numpy as np
import pytest

from hiddenlogic.search.problem import Part, Problem

NOTHING = Part(np.zeros((0, 2), np.float32), np.zeros((0, 1), np.float32))


def _column(*values: float) -> np.ndarray:
    return np.array(values, np.float32)[:, None]


def test_numbers_lose_squares_and_score_in_their_unit():
    problem = Problem("regression", 0, NOTHING, NOTHING, unit=10.0)
    losses = problem.row_losses(_column(1, 2), _column(1, 5))
    assert losses.tolist() == [0.0, 9.0]
    assert problem.score(losses) == pytest.approx(10 * math.sqrt(4.5))
    assert problem.measure == "RMSE"


def test_two_classes_lose_the_log_of_the_true_one():
    problem = Problem("binary", 2, NOTHING, NOTHING)
    losses = problem.row_losses(_column(0.25, 0.25), _column(1, 0))
    assert losses == pytest.approx([math.log(4), math.log(4 / 3)])
    assert problem.measure == "log-loss"


def test_more_classes_do_too():
    problem = Problem("multiclass", 3, NOTHING, NOTHING)
    outputs = np.array([[0.5, 0.25, 0.25], [0.0, 0.0, 1.0]], np.float32)
    assert problem.row_losses(outputs, _column(1, 2)) == pytest.approx([math.log(4), 0.0])


def test_certainty_of_the_wrong_class_is_finite():
    problem = Problem("binary", 2, NOTHING, NOTHING)
    assert problem.row_losses(_column(1.0), _column(0)) == pytest.approx([52 * math.log(2)])


def test_networks_end_as_the_task_needs():
    endings = {"regression": ("linear", 1), "binary": ("sigmoid", 1), "multiclass": ("softmax", 4)}
    for task, (activation, units) in endings.items():
        problem = Problem(task, 4 if task == "multiclass" else 2, NOTHING, NOTHING)
        network = problem.network((8,), "silu", dropout=0.1)
        assert network.nodes[-1].layer.function.name == activation
        assert network.units == (2, 8, 8, units)
