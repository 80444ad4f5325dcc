"""The end of a search: choose by the validation rows, then open the held-out rows once."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

import hiddenlogic
from hiddenlogic.formats.snapshot import Snapshot
from hiddenlogic.models.compilation import Compilation
from hiddenlogic.models.scoring import score
from hiddenlogic.models.table_model import TableModel
from hiddenlogic.search.baselines import constant
from hiddenlogic.search.candidate import Trial, smallest_good
from hiddenlogic.search.events import NetworkFailed
from hiddenlogic.search.ladder import Climb
from hiddenlogic.search.leaderboard import Row, leaderboard
from hiddenlogic.search.prepared import Prepared
from hiddenlogic.search.problem import LOSS, Problem
from hiddenlogic.search.verdict import Contest, Verdict, judge
from hiddenlogic.table import fingerprint

_SAMPLE_ROWS = 10


@dataclass(frozen=True)
class TableFit:
    """What `fit_table` found.

    Parameters
    ----------
    model : TableModel
    leaderboard : tuple of Row
        Best first by the validation rows.
    verdict : Verdict
    measure : str
        What networks were compared by: "RMSE" or "log-loss".
    sample : polars.DataFrame
        Some held-out rows: ``true`` and ``predicted``.
    rows : dict of str to int
        How many rows served to "train", to choose by ("validation"), and were "held out".
    notes : tuple of str
        What should be known about the search.
    networks : int
    seconds : float
        From the start to the end of training, reading included.
    interrupted : bool
        Whether Ctrl-C ended the search.
    """

    model: TableModel
    leaderboard: tuple[Row, ...]
    verdict: Verdict
    measure: str
    sample: pl.DataFrame
    rows: Mapping[str, int]
    notes: tuple[str, ...]
    networks: int
    seconds: float
    interrupted: bool


def conclude(prepared: Prepared, problem: Problem, found: Climb, seed: int) -> TableFit:
    """Choose a network, and compare it with the baselines on rows that none of them has seen.

    Parameters
    ----------
    prepared : Prepared
    problem : Problem
        Of the same table.
    found : Climb
        With at least one trial.
    seed : int
        For the receipt and the sample.

    Returns
    -------
    TableFit
    """
    chosen = smallest_good(found.trials)
    guess = constant(problem)
    lines = [trial for trial in found.trials if not trial.setup.hidden]
    line = min(lines, key=lambda trial: trial.loss, default=guess)
    if not chosen.setup.hidden:
        line = chosen
    held_out = prepared.table.frame[prepared.split.test]
    models = {id(trial): _model(prepared, trial) for trial in (chosen, line, guess)}
    outputs = {key: model.outputs(held_out) for key, model in models.items()}
    true = prepared.target.transform(held_out)
    losses_of = {key: problem.row_losses(output, true) for key, output in outputs.items()}
    scores = {key: score(models[key].target, output, held_out) for key, output in outputs.items()}
    verdict = judge(
        problem,
        Contest(
            chosen.setup.structure, losses_of[id(chosen)], losses_of[id(line)], losses_of[id(guess)]
        ),
    )
    receipt = _receipt(prepared, found, seed)
    receipt["network"] = chosen.describe()
    receipt["held-out scores"] = {
        name: scores[id(trial)]
        for name, trial in (("network", chosen), ("straight line", line), ("constant", guess))
    }
    receipt["verdict"] = verdict.text
    return TableFit(
        model=_model(prepared, chosen, receipt),
        leaderboard=leaderboard(problem, [*found.trials, guess], chosen, scores),
        verdict=verdict,
        measure=problem.measure,
        sample=_sample(models[id(chosen)], outputs[id(chosen)], held_out, seed),
        rows=receipt["rows"],
        notes=_notes(found.failures),
        networks=len(found.trials),
        seconds=found.seconds,
        interrupted=found.interrupted,
    )


def _model(prepared: Prepared, trial: Trial, receipt: dict[str, Any] | None = None) -> TableModel:
    """A trial with the preparation of its table; its means are corrected by the validation rows."""
    made = TableModel(
        Snapshot(
            network=trial.network,
            weights=trial.weights,
            schema=prepared.schema,
            preparation=prepared.inputs(trial.setup.clipped),
            target=prepared.target,
            compile=Compilation.create(
                trial.setup.optimizer(), LOSS[prepared.target.task], None
            ).to_json(),
            history=trial.history,
            receipt=receipt or {},
        )
    )
    if prepared.target.scale != "log":
        return made
    validation = prepared.table.frame[prepared.split.validation]
    target = prepared.target.corrected(made.outputs(validation), validation)
    return TableModel(replace(made.snapshot, target=target))


def _receipt(prepared: Prepared, found: Climb, seed: int) -> dict[str, Any]:
    """Where a model comes from, as plain data."""
    return {
        "hiddenlogic": hiddenlogic.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "seed": seed,
        "table": {
            "file": prepared.table.path.name,
            "rows": prepared.table.frame.height,
            "columns": prepared.table.frame.width,
            "fingerprint": fingerprint(prepared.table.frame),
        },
        "rows": {
            "train": len(prepared.split.train),
            "validation": len(prepared.split.validation),
            "held out": len(prepared.split.test),
        },
        "split": prepared.split.how,
        "networks tried": len(found.trials),
        "seconds": round(found.seconds, 3),
    }


def _sample(
    model: TableModel, outputs: NDArray[Any], held_out: pl.DataFrame, seed: int
) -> pl.DataFrame:
    """True and predicted targets of some held-out rows, drawn by the seed."""
    count = min(_SAMPLE_ROWS, held_out.height)
    rows = np.sort(np.random.default_rng(seed).choice(held_out.height, count, replace=False))
    true = held_out[model.target.column].gather(rows)
    predicted = pl.Series("predicted", model.target.restore(outputs)[rows])
    return pl.DataFrame([true.alias("true"), predicted])


def _notes(failures: Sequence[NetworkFailed]) -> tuple[str, ...]:
    """Networks that were given up."""
    return tuple(f"{failure.structure} was left out: {failure.reason}" for failure in failures)
