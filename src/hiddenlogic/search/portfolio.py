"""Which networks to try, in which order: the ladder first, then variations of what did well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, zip_longest

from hiddenlogic.search.baselines import straight_lines
from hiddenlogic.search.candidate import Setup, Trial
from hiddenlogic.search.problem import Problem

LADDER: tuple[tuple[int, ...], ...] = ((128, 128, 128), (64, 64), (32,), (8,))
"""Structures of the first round above the straight line; the slowest first, so that the others
are trained beside it."""

_DECAYS = (0.3, 0.03)
_ACTIVATIONS = ("silu", "selu", "mish", "relu")
_MAX_UNITS, _MAX_LAYERS = 512, 5
# Higher rates now and then fit the validation rows with huge weights and are wild beside them.
_LEAST_RATE, _MOST_RATE = 0.0003, 0.0301
# Batch sizes by training rows, after RealMLP's automatic choice (arXiv:2407.04491, code).
_BATCHES = ((300, 32), (1024, 64), (8192, 128), (30_000, 256), (100_000, 512))


def batch_size(n_rows: int) -> int:
    """Rows of one update: few for small tables, which need many updates."""
    return next((size for most, size in _BATCHES if n_rows <= most), 1024)


def first_round(problem: Problem, seed: int) -> list[Setup]:
    """The straight lines and the ladder."""
    batch = batch_size(len(problem.train))
    rungs = [Setup(hidden, batch_size=batch, seed=seed) for hidden in LADDER]
    return [*straight_lines(problem, batch, seed), *rungs]


def next_round(trials: list[Trial], tried: Iterable[Setup], count: int) -> list[Setup]:
    """Variations of the three best structures, none tried before.

    Parameters
    ----------
    trials : list of Trial
        Trained so far; at least one.
    tried : iterable of Setup
        Everything that was begun, also what failed.
    count : int
        How many are wanted.

    Returns
    -------
    list of Setup
        `count` of them; the same arguments always give the same ones.
    """
    seen = set(tried)
    turns = zip_longest(*(_variations(trial.setup) for trial in best_by_structure(trials)[:3]))
    chosen: list[Setup] = []
    for setup in chain.from_iterable(turns):
        if setup is not None and setup not in seen:
            seen.add(setup)
            chosen.append(setup)
            if len(chosen) == count:
                break
    return chosen


def best_by_structure(trials: Iterable[Trial]) -> list[Trial]:
    """The best trial of each structure, best first."""
    best: dict[tuple[int, ...], Trial] = {}
    for trial in sorted(trials, key=lambda trial: trial.loss):
        best.setdefault(trial.setup.hidden, trial)
    return list(best.values())


def _variations(setup: Setup) -> Iterator[Setup]:
    """Neighbours of a setup, the more promising first; without end, by ever new seeds."""
    seed = setup.seed
    if setup.hidden:
        for rate in (setup.learning_rate * 3, setup.learning_rate / 3):
            if _LEAST_RATE <= rate <= _MOST_RATE:
                yield replace(setup, learning_rate=_rounded(rate))
        yield from (replace(setup, weight_decay=decay) for decay in _DECAYS)
        yield from (replace(setup, activation=one) for one in _ACTIVATIONS)
        if max(setup.hidden) >= 32:
            yield replace(setup, dropout=0.1)
        wider = tuple(min(2 * units, _MAX_UNITS) for units in setup.hidden)
        yield replace(setup, hidden=wider)
        if len(setup.hidden) < _MAX_LAYERS:
            yield replace(setup, hidden=(*setup.hidden, setup.hidden[-1]))
        if len(setup.hidden) > 1:
            yield replace(setup, hidden=setup.hidden[:-1])
        while True:
            seed += 1
            yield replace(setup, seed=seed)


def _rounded(rate: float) -> float:
    """A rate of two digits, so that raising and lowering it leads back to where it was."""
    return float(f"{rate:.1e}")
