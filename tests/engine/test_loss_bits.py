"""Every setting of every loss: the same bits on any threads and in a population."""

from __future__ import annotations

import numpy as np
import pytest
from reference.examples import VARIANTS, targets_for, variant_name
from reference.losses import over_logits

from hiddenlogic import engine, losses
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network
from hiddenlogic.optimizers import Adam

# A batch of columns for each of seven threads, and a partial one.
ROWS, BATCH, FEATURES, TARGETS = 150, 112, 9, 3


def parts(variant, place):
    """Return a network, a loss of one reduction or another, and rows."""
    loss, output = variant
    config = loss.get_config() | {"reduction": losses.REDUCTIONS[place % 3]}
    loss = losses.get(loss.name, **config)
    output = output or ("linear" if over_logits(loss) else loss.row.suits)
    width = TARGETS * loss.outputs_per_target
    network = Network.sequential(FEATURES, [Dense(17, "tanh"), Dense(width, output)])
    random = np.random.default_rng(place)
    inputs = random.normal(size=(ROWS, FEATURES))
    return network, loss, inputs, targets_for(loss, ROWS, width), random.integers(0, 9, ROWS) / 8


def trained(variant, place, dtype, **how):
    network, loss, *rows = parts(variant, place)
    inputs, targets, weight = (one.astype(dtype) for one in rows)
    trainer = engine.Trainer(
        network, loss=loss, optimizer=Adam(), dtype=dtype, adaptive_threads=False, **how
    )
    run = trainer.fit(inputs, targets, sample_weight=weight, epochs=2, batch_size=BATCH)
    return b"".join(w.tobytes() for w in trainer.get_weights()), run.history


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("place", range(len(VARIANTS)), ids=lambda i: variant_name(VARIANTS[i]))
def test_every_loss_gives_the_same_bits_on_any_threads_and_instruction_set(place, dtype):
    variant = VARIANTS[place]
    wanted = trained(variant, place, dtype, n_threads=1)
    for instruction_set in engine.available_isas():
        for threads in (1, 2, 3, 7):
            how = {"n_threads": threads, "instruction_set": instruction_set}
            assert trained(variant, place, dtype, **how) == wanted, how


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_population_of_every_loss_has_the_bits_of_each_alone(dtype):
    members = []
    for place, variant in enumerate(VARIANTS):
        network, loss, inputs, targets, weight = parts(variant, place)
        data = engine.Dataset(inputs, targets, weight, dtype=dtype)
        optimizer = Adam()
        members.append(
            engine.Member(network, data, loss=loss, optimizer=optimizer, batch_size=BATCH)
        )
    runs = engine.train_many(members, epochs=2, n_threads=3)
    for place, (member, run) in enumerate(zip(members, runs, strict=True)):
        weights, history = trained(VARIANTS[place], place, dtype, n_threads=1)
        assert b"".join(w.tobytes() for w in member.get_weights()) == weights
        assert run.history == history
