"""The engine beside the float64 reference: the same training, compared within derived bounds."""

from __future__ import annotations

import functools

import numpy as np
import tolerances
from reference.training import train_example

from hiddenlogic import engine, metrics


def trainer_for(case, optimizer, dtype, metric_names=()):
    """Return a trainer that starts from the weights of an example."""
    return engine.Trainer(
        case.network,
        loss=case.loss,
        optimizer=optimizer,
        metrics=[metrics.Metric(name, name) for name in metric_names],
        weights=[w.astype(dtype) for w in case.weights],
        dtype=dtype,
    )


def check_trajectory(case, optimizer, dtype, *, batch_size, epochs=3, weighted=True):
    """Assert that losses and weights follow the reference, without shuffling."""
    sample_weight = case.sample_weight if weighted else None

    reference = functools.partial(
        train_example,
        case,
        optimizer,
        epochs=epochs,
        batch_size=batch_size,
        sample_weight=sample_weight,
    )

    weights, history = reference()
    bounds, loss_bounds = tolerances.drift(reference, case.network, dtype)
    trainer = trainer_for(case, optimizer, dtype)
    run = trainer.fit(
        case.inputs.astype(dtype),
        case.targets.astype(dtype),
        sample_weight=None if sample_weight is None else sample_weight.astype(dtype),
        epochs=epochs,
        batch_size=batch_size,
        shuffle=False,
    )
    assert (run.status, run.epochs) == ("finished", epochs)
    assert run.steps == epochs * -(-len(case.inputs) // batch_size)
    for found, due, bound in zip(trainer.get_weights(), weights, bounds, strict=True):
        assert abs(found - due).max() <= bound
    assert (abs(np.subtract(run.history["loss"], history)) <= loss_bounds).all()
