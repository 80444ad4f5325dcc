"""What is tried next."""

import numpy as np

from hiddenlogic.search.candidate import Setup, Trial
from hiddenlogic.search.portfolio import batch_size, best_by_structure, first_round, next_round
from hiddenlogic.search.problem import Problem


def _trial(problem: Problem, setup: Setup, loss: float) -> Trial:
    network = problem.network(setup.hidden, setup.activation)
    return Trial(setup, network, [], np.full(4, loss), {"loss": [loss]}, 0.1, True)


def test_the_first_round_holds_the_straight_line_and_the_ladder(bent: Problem):
    hidden = {setup.hidden for setup in first_round(bent, seed=3)}
    assert hidden == {(), (8,), (32,), (64, 64), (128, 128, 128)}
    assert {setup.seed for setup in first_round(bent, seed=3)} == {3}


def test_nothing_is_tried_twice(bent: Problem):
    tried = first_round(bent, seed=0)
    trials = [_trial(bent, setup, 1.0 + place) for place, setup in enumerate(tried)]
    for _ in range(30):
        setups = next_round(trials, tried, 4)
        assert len(set(setups)) == 4
        assert set(setups).isdisjoint(tried)
        assert setups == next_round(trials, tried, 4)
        tried = [*tried, *setups]


def test_the_straight_line_alone_has_no_variations(bent: Problem):
    line = first_round(bent, seed=0)[0]
    assert next_round([_trial(bent, line, 1.0)], [line], 4) == []


def test_a_structure_is_known_by_its_best(bent: Problem):
    good, bad = Setup((8,)), Setup((8,), seed=1)
    best = best_by_structure([_trial(bent, bad, 2.0), _trial(bent, good, 1.0)])
    assert [trial.setup for trial in best] == [good]


def test_batches_grow_with_the_table():
    sizes = [batch_size(rows) for rows in (10, 1000, 8000, 30_000, 100_000, 10**6)]
    assert sizes == [32, 64, 128, 256, 512, 1024]
