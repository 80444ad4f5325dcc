"""Penalties that are divided by what the rows of a batch weigh, as scikit-learn has them."""

import numpy as np
import pytest

from hiddenlogic import layers, losses, optimizers, regularizers
from hiddenlogic.engine import Trainer
from hiddenlogic.network import Network

X = np.random.default_rng(0).normal(size=(8, 3))
Y = X.sum(axis=1, keepdims=True)
WEIGHT = np.array([0.5, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0])  # the batches weigh 4 and 16


def weights_after_an_epoch(regularizer, *, shared, rows=slice(None), start=None, **settings):
    network = Network.sequential(
        3,
        [
            layers.Dense(4, "tanh", kernel_regularizer=regularizer),
            layers.Dense(1, kernel_regularizer=regularizer),
        ],
    )
    trainer = Trainer(
        network,
        loss=losses.get("mse", reduction="mean_with_sample_weight"),
        optimizer=optimizers.SGD(0.1),
        dtype="float64",
        weights=start,
        shared_penalties=shared,
        **settings,
    )
    run = trainer.fit(X[rows], Y[rows], sample_weight=WEIGHT[rows], batch_size=4, shuffle=False)
    return trainer.get_weights(), run.history["loss"][0]


@pytest.mark.parametrize("kind", ["L1", "L2"])
def test_each_batch_has_the_penalty_divided_by_what_it_weighs(kind):
    penalty = getattr(regularizers, kind)
    together, loss = weights_after_an_epoch(penalty(0.5), shared=True)
    first, a = weights_after_an_epoch(penalty(0.5 / 4), shared=False, rows=slice(4))
    second, b = weights_after_an_epoch(
        penalty(0.5 / 16), shared=False, rows=slice(4, None), start=first
    )
    # Powers of two divide exactly, so the bits are the same.
    assert all(map(np.array_equal, together, second))
    unshared, _ = weights_after_an_epoch(penalty(0.5), shared=False)
    assert not any(map(np.array_equal, together[::2], unshared[::2]))
    assert min(a, b) < loss < max(a, b)


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_shared_penalties_have_the_same_bits_on_any_number_of_threads(threads):
    settings = {"adaptive_threads": False, "shared": True}
    one, _ = weights_after_an_epoch("l2", n_threads=1, **settings)
    several, _ = weights_after_an_epoch("l2", n_threads=threads, **settings)
    assert all(map(np.array_equal, one, several))
