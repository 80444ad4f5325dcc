"""Training one candidate: AdamW whose rate falls in stages, each from the best weights so far."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from hiddenlogic import engine, losses
from hiddenlogic.errors import DivergenceError
from hiddenlogic.search.candidate import Setup, Trial
from hiddenlogic.search.interrupt import Interrupt
from hiddenlogic.search.problem import LOSS, Part, Problem, Task

# Shares of the learning rate, and how much of the time left each stage may take: a network that
# runs out of time on its first rate would never see the gain of the lower one. A third and fourth
# stage between and below these gained under 1% on five small tables and took half as long again.
_STAGES = ((1.0, 0.6), (0.1, 1.0))
# The straight line has one valley only and is taken to its bottom.
_LINE_STAGES = ((1.0, 0.6), (0.1, 0.7), (0.01, 1.0))
_MAX_EPOCHS = 100_000
# Smaller gains are not waited for: the log-loss of classes that can be told apart falls for ever.
# Numbers are standardised, so this is a share of the target's variance.
_LEAST_GAIN = {"regression": 1e-5, "binary": 1e-4, "multiclass": 1e-4}
_LEAST_LINE_GAIN = 1e-8
# Updates without progress after which a stage ends, and bounds of that in epochs.
_PATIENCE_STEPS = 400
_PATIENCE_EPOCHS = (8, 60)


class StoppedEarly(Exception):
    """A network that had no time for even one step."""


def train(
    problem: Problem,
    setup: Setup,
    *,
    deadline: float,
    interrupt: Interrupt,
    weights: list[NDArray[np.float32]] | None = None,
) -> Trial:
    """Train one candidate on one thread until it no longer improves on the validation rows.

    Parameters
    ----------
    problem : Problem
    setup : Setup
    deadline : float
        On the clock of `time.perf_counter`.
    interrupt : Interrupt
        Asked twenty times a second.
    weights : list of ndarray, optional
        Where to go on; the first weights are drawn from ``setup.seed`` if not given.

    Returns
    -------
    Trial

    Raises
    ------
    DivergenceError
        If the loss stops being a finite number in the first stage.
    StoppedEarly
        If not one step was made.
    """
    start = time.perf_counter()
    rows, validation = problem.parts(setup.clipped)
    network = problem.network(setup.hidden, setup.activation, setup.dropout)
    history: dict[str, list[float]] = {"loss": [], "val_loss": []}
    best: list[NDArray[np.float32]] | None = None
    lowest = float("inf")
    complete = True
    for factor, share in _STAGES if setup.hidden else _LINE_STAGES:
        left = deadline - time.perf_counter()
        if left <= 0 or interrupt.requested:
            complete = False
            break
        trainer = engine.Trainer(
            network,
            loss=losses.get(LOSS[problem.task]),
            optimizer=setup.optimizer(factor),
            weights=weights if best is None else best,
            seed=setup.seed,
            n_threads=1,
        )
        try:
            run = _fit(trainer, (rows, validation), problem.task, setup, left * share, interrupt)
        except DivergenceError:
            if best is None:
                raise
            # What the stages before have found is good.
            break
        for name, values in history.items():
            values.extend(run.history[name])
        reached = min(run.history["val_loss"], default=float("inf"))
        # On a large table the time may be over within the first epoch: better that than nothing.
        if reached < lowest or (best is None and run.steps):
            lowest, best = reached, trainer.get_weights()
        complete = complete and run.status == "stopped_early"
    if best is None:
        raise StoppedEarly
    outputs = engine.predict(network, best, validation.inputs, n_threads=1)
    return Trial(
        setup=setup,
        network=network,
        weights=best,
        validation_losses=problem.row_losses(outputs, validation.targets),
        history=history,
        seconds=time.perf_counter() - start,
        complete=complete,
    )


def _fit(
    trainer: engine.Trainer,
    parts: tuple[Part, Part],
    task: Task,
    setup: Setup,
    seconds: float,
    interrupt: Interrupt,
) -> engine.Run:
    """One stage: epochs at one rate, with the best weights restored at its end."""

    def asked_to_stop(progress: engine.Progress) -> bool:
        return interrupt.requested

    rows, validation = parts
    return trainer.fit(
        rows.inputs,
        rows.targets,
        epochs=_MAX_EPOCHS,
        batch_size=setup.batch_size,
        validation=(validation.inputs, validation.targets),
        early_stop=engine.EarlyStop(
            patience=_patience(len(rows), setup.batch_size),
            min_delta=_LEAST_GAIN[task] if setup.hidden else _LEAST_LINE_GAIN,
        ),
        seconds=seconds,
        on_progress=asked_to_stop,
    )


def _patience(n_rows: int, batch_size: int) -> int:
    """Epochs without progress that end a stage: few long ones or many short ones."""
    steps = max(1, -(-n_rows // batch_size))
    low, high = _PATIENCE_EPOCHS
    return min(max(_PATIENCE_STEPS // steps, low), high)
