"""The whole path: from a file to a model with its leaderboard and verdict."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hiddenlogic.errors import DataError
from hiddenlogic.search.conclusion import TableFit, conclude
from hiddenlogic.search.events import Listener, Stage, ignore
from hiddenlogic.search.interrupt import Interrupt, listening
from hiddenlogic.search.ladder import Climb, climb
from hiddenlogic.search.prepared import prepare
from hiddenlogic.table import read_table
from hiddenlogic.table.wishes import Wishes

# What scoring and saving may take of the budget; measured in hundredths of a second.
_RESERVE, _MOST_RESERVE = 0.03, 0.2
# Training gets at least this share of the budget, even if reading has used it up.
_LEAST_TRAINING = 0.25


def fit_table(
    path: str | os.PathLike[str],
    *,
    target: str | None = None,
    task: str = "auto",
    seconds: float = 10.0,
    seed: int = 0,
    kinds: Mapping[str, str] | None = None,
    groups: str | None = None,
    time_column: str | None = None,
    split_column: str | None = None,
    encodings: Wishes = None,
    missing: Wishes = None,
    target_scale: str = "auto",
    n_threads: int | None = None,
    reading: Mapping[str, Any] | None = None,
    interrupt: Interrupt | None = None,
    listener: Listener = ignore,
) -> TableFit:
    """Find the network behind a table.

    Parameters
    ----------
    path : path-like
        CSV or Parquet.
    target : str, optional
        The column to predict; the last one if not given.
    task : {"auto", "regression", "binary", "multiclass"}
    seconds : float
        Budget for all of it; a table whose reading uses it up is given a quarter of it more.
    seed : int
        Of the split and of the networks.
    kinds : mapping of str to str, optional
        Columns whose kind is known better than it can be inferred.
    groups, time_column, split_column : str, optional
        At most one of them: a column that names groups to keep whole, that says when each row was,
        or that says which part it is in; see `split_rows`. At random if none is given.
    encodings, missing : str or mapping of str to str, optional
        As `Preparation.fit` has them: what numbers, categories and missing cells become.
    target_scale : {"auto", "standard", "log"}
        Whether a number or its logarithm is taught; 'auto' takes the logarithm of positive, highly
        skewed numbers. Predictions are means either way.
    n_threads : int, optional
        Networks at a time; as many as usable cores if not given.
    reading : mapping, optional
        Arguments for `read_table`.
    interrupt : Interrupt, optional
        Armed when the search begins. If not given, the first Ctrl-C asks the search to end.
    listener : callable
        Gets events in the calling thread.

    Returns
    -------
    TableFit

    Raises
    ------
    DataError, UnknownNameError
        If the table cannot be learned from, or the time was too short for a single network.
    KeyboardInterrupt
        If Ctrl-C comes before there is a network to keep.

    Notes
    -----
    Networks are trained on 70% of the rows and chosen by 15%, unless a column says which; the
    chosen one and the baselines are scored on the other 15%, once.
    """
    started = time.perf_counter()
    with ExitStack() as stack:
        interrupt = interrupt or stack.enter_context(listening())
        listener(Stage(f"Reading {Path(path).name or path}"))
        table = read_table(Path(path), **(reading or {}))
        height, width = table.frame.shape
        rows, columns = "row" if height == 1 else "rows", "column" if width == 1 else "columns"
        listener(Stage(f"Preparing {height} {rows} of {width} {columns}"))
        prepared = prepare(
            table,
            target,
            task,
            kinds or {},
            seed,
            listener,
            groups=groups,
            time=time_column,
            split_column=split_column,
            encodings=encodings,
            missing=missing,
            target_scale=target_scale,
        )
        problem = prepared.problem()
        spent = time.perf_counter() - started
        listener(Stage("Training"))
        interrupt.arm()
        found = climb(
            problem,
            # A table that takes long to read would otherwise end in no network at all.
            seconds=max(seconds, spent + _LEAST_TRAINING * seconds),
            reserve=min(_RESERVE * seconds, _MOST_RESERVE),
            seed=seed,
            n_threads=n_threads,
            interrupt=interrupt,
            listener=listener,
            started=started,
        )
        if not found.trials:
            raise _nothing_trained(found, seconds)
        listener(Stage("Scoring on held-out rows"))
        return conclude(prepared, problem, found, seed)


def _nothing_trained(found: Climb, seconds: float) -> BaseException:
    """Why there is no network at all."""
    if found.interrupted:
        return KeyboardInterrupt()
    if found.failures:
        return DataError(f"No network could be trained: {found.failures[0].reason}")
    return DataError(
        f"{seconds:g} s were too short to train a single network. Give more time with --time."
    )
