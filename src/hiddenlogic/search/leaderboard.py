"""The networks that were tried, ranked by the validation rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hiddenlogic.search.candidate import Trial
from hiddenlogic.search.portfolio import best_by_structure
from hiddenlogic.search.problem import Problem


@dataclass(frozen=True)
class Row:
    """One structure, by the best network that has it.

    Parameters
    ----------
    name : str
        "[64, 64]", "straight line", "mean" or "shares of the classes".
    activation : str
        Empty without hidden layers.
    parameters : int
    networks : int
        How many of this structure were trained.
    validation : float
        Score on the validation rows.
    chosen : bool
        Whether this is the network that is kept.
    held_out : mapping of str to float
        Scores on the held-out rows by name; only for the chosen network and the baselines.
    """

    name: str
    activation: str
    parameters: int
    networks: int
    validation: float
    chosen: bool = False
    held_out: Mapping[str, float] = field(default_factory=dict[str, float])


def leaderboard(
    problem: Problem,
    trials: Sequence[Trial],
    chosen: Trial,
    held_out: Mapping[int, Mapping[str, float]],
) -> tuple[Row, ...]:
    """Rank structures, the best first.

    Parameters
    ----------
    problem : Problem
    trials : sequence of Trial
        All networks, among them the constant one, whose history is empty.
    chosen : Trial
        The one that is kept; it stands for its structure even if another seed did better.
    held_out : mapping of int to scores
        By the `id` of the trial.

    Returns
    -------
    tuple of Row
    """
    constants = [trial for trial in trials if not trial.history]
    trained = [trial for trial in trials if trial.history]
    counts = Counter(trial.setup.hidden for trial in trained)
    shown = [
        chosen if trial.setup.hidden == chosen.setup.hidden else trial
        for trial in best_by_structure(trained)
    ]
    rows = [
        Row(
            name=_name(problem, trial),
            activation=trial.setup.activation if trial.setup.hidden else "",
            # The kernel of the constant is zero and stands for nothing.
            parameters=trial.network.n_parameters if trial.history else problem.n_outputs,
            networks=counts[trial.setup.hidden] if trial.history else 1,
            validation=problem.score(trial.validation_losses),
            chosen=trial is chosen,
            held_out=held_out.get(id(trial), {}),
        )
        for trial in [*shown, *constants]
    ]
    return tuple(sorted(rows, key=lambda row: row.validation))


def _name(problem: Problem, trial: Trial) -> str:
    """What people call a structure."""
    if not trial.history:
        return "mean" if problem.task == "regression" else "shares of the classes"
    return trial.setup.structure
