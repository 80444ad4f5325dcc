"""Ranks."""

import numpy as np

from hiddenlogic.search.candidate import STRAIGHT_LINE, Setup, Trial
from hiddenlogic.search.leaderboard import leaderboard
from hiddenlogic.search.problem import Problem


def _trial(problem: Problem, setup: Setup, loss: float, trained: bool = True) -> Trial:
    network = problem.network(setup.hidden, setup.activation)
    history = {"loss": [loss]} if trained else {}
    return Trial(setup, network, [], np.full(4, loss), history, 0.1, True)


def test_structures_are_ranked_and_the_chosen_one_stands_for_its_own(bent: Problem):
    line = _trial(bent, Setup(()), 4.0)
    chosen, luckier = _trial(bent, Setup((8,)), 1.0), _trial(bent, Setup((8,), seed=1), 0.25)
    other = _trial(bent, Setup((32,)), 0.5)
    mean = _trial(bent, Setup(()), 9.0, trained=False)
    scores = {id(chosen): {"RMSE": 1.0}, id(line): {"RMSE": 2.0}, id(mean): {"RMSE": 3.0}}
    rows = leaderboard(bent, [line, chosen, luckier, other, mean], chosen, scores)
    assert [(row.name, row.networks, row.chosen, row.parameters) for row in rows] == [
        ("[32]", 1, False, 161),
        ("[8]", 2, True, 41),
        (STRAIGHT_LINE, 1, False, 4),
        ("mean", 1, False, 1),
    ]
    assert [row.validation for row in rows] == [3 * 0.5**0.5, 3.0, 6.0, 9.0]
    assert [bool(row.held_out) for row in rows] == [False, True, True, True]
