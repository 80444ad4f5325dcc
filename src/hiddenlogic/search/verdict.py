"""What the held-out rows say, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.search.candidate import STRAIGHT_LINE, exceeds_by
from hiddenlogic.search.problem import Problem

Outcome = Literal["network", "not proven", "straight line", "nothing"]


@dataclass(frozen=True)
class Verdict:
    """The answer to the question whether it is worth it.

    Parameters
    ----------
    outcome : {"network", "not proven", "straight line", "nothing"}
    text : str
        Whole sentences.
    """

    outcome: Outcome
    text: str


@dataclass(frozen=True)
class Contest:
    """Losses of the same held-out rows.

    Parameters
    ----------
    structure : str
        Hidden layers of the chosen network, or `STRAIGHT_LINE`.
    chosen, line, constant : ndarray of float64, shape (n_test,)
        Of the chosen network, the straight line, and the mean or the shares of the classes.
    """

    structure: str
    chosen: NDArray[np.float64]
    line: NDArray[np.float64]
    constant: NDArray[np.float64]


def judge(problem: Problem, contest: Contest) -> Verdict:
    """Compare the chosen network with the baselines on rows that neither trained nor chose it.

    Parameters
    ----------
    problem : Problem
        For the measure and its unit.
    contest : Contest

    Returns
    -------
    Verdict
        A difference counts when it is more than one standard error of the paired difference.
    """
    rows = f"the {len(contest.chosen)} held-out rows"
    if len(contest.chosen) < 2:
        return Verdict("not proven", "Too few rows are held out to say anything: bring more rows.")
    measure = problem.measure
    chosen, line, constant = (
        _number(problem.score(losses))
        for losses in (contest.chosen, contest.line, contest.constant)
    )
    guess = "predicting the mean" if problem.task == "regression" else "the shares of the classes"
    straight = STRAIGHT_LINE + ("" if problem.task == "regression" else " (logistic)")
    over_constant, chosen_learns = _advantage(problem, contest.chosen, contest.constant)
    _, line_learns = _advantage(problem, contest.line, contest.constant)
    is_line = contest.structure == STRAIGHT_LINE
    if not chosen_learns and not line_learns:
        subject = STRAIGHT_LINE if is_line else f"network {contest.structure}"
        return Verdict(
            "nothing",
            f"Nothing to learn was found: on {rows} the {subject} has {measure} {chosen},"
            f" against {constant} for {guess} ({over_constant}).",
        )
    if is_line:
        return Verdict(
            "straight line",
            f"Use the straight line: nothing bigger helps. On {rows} it has {measure} {chosen},"
            f" against {constant} for {guess} ({over_constant}).",
        )
    over_line, beats_line = _advantage(problem, contest.chosen, contest.line)
    if not (chosen_learns and beats_line):
        return Verdict(
            "not proven",
            f"Not proven: the network {contest.structure} was better on the validation rows, but"
            f" on {rows} it has {measure} {chosen}, against {line} for the {straight}"
            f" ({over_line}) and {constant} for {guess}. The straight line may do as well.",
        )
    return Verdict(
        "network",
        f"Use the network {contest.structure}: on {rows} it has {measure} {chosen}, against"
        f" {line} for the {straight} ({over_line}) and {constant} for {guess}.",
    )


def _advantage(
    problem: Problem, losses: NDArray[np.float64], others: NDArray[np.float64]
) -> tuple[str, bool]:
    """How much better the first are, in words, and whether that is more than a standard error."""
    difference, error = exceeds_by(others, losses)
    if problem.task == "regression":
        # From squares to roots: d sqrt(m) = dm / (2 sqrt(m)), taken between the two.
        roots = float(np.mean(losses)) ** 0.5 + float(np.mean(others)) ** 0.5
        slope = problem.unit / max(roots, 1e-300)
        difference, error = difference * slope, error * slope
    word = "better" if difference >= 0 else "worse"
    return f"{word} by {_number(abs(difference))} ± {_number(error)}", difference > error


def _number(value: float) -> str:
    """Three digits, and no exponent where people would not use one."""
    if value != 0 and (abs(value) < 1e-4 or abs(value) >= 1e9):
        return f"{value:.2e}"
    return f"{value:,.0f}" if abs(value) >= 1e3 else f"{value:#.3g}".rstrip(".")
