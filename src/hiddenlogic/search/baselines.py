"""What every network must beat: one number for all rows, and the straight line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hiddenlogic import engine
from hiddenlogic.search.candidate import Setup, Trial
from hiddenlogic.search.problem import Problem

# The share of a class that no training row has is not known to be 0.
_LEAST_SHARE = 1e-6


def constant(problem: Problem) -> Trial:
    """The network that says the same of every row: the mean, or the share of each class.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Trial
        The straight line with all weights zero but one: the bias, or where there are only codes
        what each code of the first column adds. That is the mean of the training targets, or the
        logarithms of the shares of the classes among them.
    """
    network = problem.network((), "linear")
    specs = network.parameters
    weights = [np.zeros(spec.shape, np.float32) for spec in specs]
    biases = [index for index, spec in enumerate(specs) if spec.name == "bias"]
    weights[biases[0] if biases else 0][:] = _bias(problem)
    outputs = engine.predict(network, weights, problem.validation.inputs, n_threads=1)
    return Trial(
        setup=Setup(()),
        network=network,
        weights=weights,
        validation_losses=problem.row_losses(outputs, problem.validation.targets),
        history={},
        seconds=0.0,
        complete=True,
    )


def _bias(problem: Problem) -> NDArray[np.float32]:
    """The pre-activation whose output is the mean target."""
    targets = problem.train.targets[:, 0]
    if problem.task == "regression":
        return np.array([targets.mean(dtype=np.float64)], np.float32)
    counts = np.bincount(targets.astype(np.int64), minlength=problem.n_classes)
    logs = np.log(np.maximum(counts / len(targets), _LEAST_SHARE))
    if problem.task == "binary":
        return np.array([logs[1] - logs[0]], np.float32)
    return logs.astype(np.float32)


def straight_lines(problem: Problem, batch_size: int, seed: int) -> list[Setup]:
    """The setups of linear or logistic regression: a Dense layer without hidden ones.

    Parameters
    ----------
    problem : Problem
    batch_size, seed : int

    Returns
    -------
    list of Setup
        One on the inputs as networks get them, whose smooth clip bends the line but tames
        outliers; and, where there is something to clip, one without the clip.
    """
    # Its loss has one valley, so the rate may start high; the stages bring it to the bottom.
    line = Setup(
        hidden=(),
        activation="linear",
        learning_rate=0.02,
        batch_size=batch_size,
        weight_decay=0.0,
        seed=seed,
    )
    return [line] if problem.straight is None else [replace(line, clipped=False), line]
