"""Trainings of random networks against the float64 reference, whatever the registries hold.

Each run of the suite tries the same EXAMPLES; to try others, and more of them:
HIDDENLOGIC_EXAMPLES=2000 make test PYTEST="tests/engine/test_random_networks.py"
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, replace

import numpy as np
import pytest
import rounding
import tolerances
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference import training
from reference.exact import Exact
from reference.examples import gateable, random_weights, targets_for
from reference.losses import over_logits
from reference.network import forward, predict

from hiddenlogic import activations, engine, losses, optimizers
from hiddenlogic.layers import Activation, Dense, Dropout
from hiddenlogic.losses import Loss
from hiddenlogic.network import Network
from hiddenlogic.optimizers import Optimizer
from hiddenlogic.regularizers import L2

MORE = os.environ.get("HIDDENLOGIC_EXAMPLES")
EXAMPLES = int(MORE or 250)

# Around vector widths and tile heights, and anything else up to 70.
WIDTHS = st.sampled_from([1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 65]) | st.integers(1, 70)
# Values of the optimizers' settings other than the defaults; a later setting has its default.
SETTINGS = {
    "learning_rate": (0.001, 0.03),
    "momentum": (0.0, 0.9),
    "beta_1": (0.9, 0.5),
    "beta_2": (0.999, 0.9),
    "rho": (0.9, 0.5),
    "epsilon": (1e-7, 1e-3),
    "weight_decay": (0.0, 0.1),
}
# Of all optimizers, nine in ten times as they are.
COMMON = {
    "weight_decay": (0.1,),
    "clipnorm": (0.1,),
    "use_ema": (True,),
    "gradient_accumulation_steps": (2, 3),
    "groups": ([{"pattern": "bias", "rate_factor": 0.1, "decay_factor": 0.0}],),
}

# Its square, and the square of that, are numbers of float32.
LARGEST = 1e6


@dataclass(frozen=True)
class Training:
    """All that a training takes, but for the numbers, which come from the seed."""

    network: Network
    loss: Loss
    optimizer: Optimizer
    rows: int
    batch_size: int
    epochs: int
    weighted: bool
    seed: int

    def data(self):
        """Return weights, inputs, targets and the weights of the rows."""
        random = np.random.default_rng(self.seed)
        inputs = random.normal(0, 1, (self.rows, self.network.n_inputs)).astype(np.float32)
        targets = targets_for(self.loss, self.rows, self.network.n_outputs, self.seed)
        sample_weight = random.integers(0, 9, self.rows) / 4 if self.weighted else None
        return random_weights(self.network, self.seed), inputs, targets, sample_weight

    def by_reference(self, **how):
        """Return the weights and the history of the reference."""
        names = ("weights", "inputs", "targets", "sample_weight")
        arguments = {
            **dict(zip(names, self.data(), strict=True)),
            "loss": self.loss,
            "optimizer": self.optimizer,
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "dropout_seed": self.seed,
        }
        return training.train(self.network, **(arguments | how))

    def explodes(self) -> bool:
        """Whether its numbers leave what dtypes hold, as exponentials of exponentials do."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            weights, history = self.by_reference()
            inputs = self.data()[1]
            passed = forward(self.network, self.data()[0], inputs)
            passed += forward(self.network, weights, inputs)
        values = [np.array(history), *(one.output for one in passed)]
        return not all((np.abs(value) < LARGEST).all() for value in values)

    def trainer(self, dtype: str, **how):
        """Return a trainer of the engine that has not begun."""
        return engine.Trainer(
            self.network,
            loss=self.loss,
            optimizer=self.optimizer,
            weights=[w.astype(dtype) for w in self.data()[0]],
            dtype=dtype,
            seed=self.seed,
            adaptive_threads=False,
            **how,
        )

    def by_engine(self, trainer, dtype: str):
        """Train, without shuffling; return the weights and the history."""
        _, inputs, targets, sample_weight = self.data()
        run = trainer.fit(
            inputs.astype(dtype),
            targets.astype(dtype),
            sample_weight=None if sample_weight is None else sample_weight.astype(dtype),
            epochs=self.epochs,
            batch_size=self.batch_size,
            shuffle=False,
        )
        assert run.steps == self.epochs * -(-self.rows // self.batch_size)
        return trainer.get_weights(), run.history["loss"]


@st.composite
def functions(draw):
    row = draw(st.sampled_from(list(activations.ROWS)))
    chosen = [
        draw(st.sampled_from([one.default, 0.5 * min(one.default, 4.0)])) for one in row.parameters
    ]
    return activations.Activation(row.name, *chosen)


@st.composite
def hidden_layers(draw):
    """One hidden layer: perhaps a dropout, then a Dense whose activation may stand apart."""
    function = draw(functions())
    apart = draw(st.booleans())
    dense_layer = Dense(
        gateable(function.name, draw(WIDTHS)),
        "linear" if apart else function,
        use_bias=draw(st.booleans()),
        kernel_regularizer=draw(st.sampled_from([None, None, L2(0.01)])),
    )
    dropout = [Dropout(draw(st.sampled_from([0.1, 0.5, 0.9])))] if draw(st.booleans()) else []
    return [*dropout, dense_layer, *([Activation(function)] if apart else [])]


@st.composite
def all_losses(draw):
    row = draw(st.sampled_from(list(losses.ROWS)))
    chosen = {one.name: one.default * draw(st.sampled_from([1, 0.5])) for one in row.parameters}
    chosen |= {flag: draw(st.booleans()) for flag in row.flags}
    if row.output:
        chosen["from_logits"] = draw(st.booleans())
        chosen["label_smoothing"] = draw(st.sampled_from([0.0, 0.1]))
    if row.name == "quantile":
        chosen["quantiles"] = draw(st.sampled_from([0.5, (0.1, 0.9), (0.05, 0.5, 0.7)]))
    return losses.get(row.name, reduction=draw(st.sampled_from(losses.REDUCTIONS)), **chosen)


@st.composite
def all_optimizers(draw):
    step_by_step = [one for one in optimizers.ROWS if one.name != "lbfgs"]
    row = draw(st.sampled_from(step_by_step))
    chosen = {
        one.name: draw(st.sampled_from(SETTINGS.get(one.name, (one.default,))))
        for one in row.parameters
    }
    chosen |= {flag: draw(st.booleans()) for flag in row.flags}
    for name, values in COMMON.items():
        if draw(st.integers(0, 9)) == 0:
            chosen[name] = draw(st.sampled_from(values))
    return optimizers.get(row.name, **chosen)


@st.composite
def trainings(draw):
    """Up to 5 hidden layers, up to 4 batches an epoch; the last batch is full, or less, or all."""
    loss = draw(all_losses())
    output = activations.get("linear" if over_logits(loss) else loss.row.suits)
    if loss.row.suits == "linear":
        output = draw(functions())
    hidden = draw(st.lists(hidden_layers(), max_size=5))
    width = max(draw(WIDTHS), 2 if loss.row.task == "multiclass" else 1) * loss.outputs_per_target
    last = Dense(width * (2 if output.row.gates else 1), output, use_bias=draw(st.booleans()))
    full_batches, batch_size = draw(st.integers(0, 3)), draw(st.integers(1, 40))
    return Training(
        network=Network.sequential(draw(WIDTHS), [*(one for part in hidden for one in part), last]),
        loss=loss,
        optimizer=draw(all_optimizers()),
        rows=full_batches * batch_size + draw(st.integers(1, batch_size)),
        batch_size=batch_size,
        epochs=draw(st.integers(1, 2)),
        weighted=draw(st.booleans()),
        seed=draw(st.integers(0, 2**32)),
    )


@settings(max_examples=EXAMPLES, derandomize=MORE is None, print_blob=True)
@given(
    case=trainings(),
    dtype=st.sampled_from(["float32", "float64"]),
    n_threads=st.integers(1, 7),
    instruction_set=st.sampled_from(engine.available_isas()),
)
def test_a_random_network_trains_as_the_reference_does(case, dtype, n_threads, instruction_set):
    assume(not case.explodes())
    weights, history, bounds, history_bounds = rounding.bounds(case.by_reference, dtype)
    trainer = case.trainer(dtype, n_threads=n_threads, instruction_set=instruction_set)
    found, found_history = case.by_engine(trainer, dtype)
    for array, due, bound in zip(found, weights, bounds, strict=True):
        assert abs(array - due).max() <= bound
    assert (abs(np.subtract(found_history, history)) <= history_bounds).all()
    # Of its own weights it predicts what the reference does, with dropout switched off.
    inputs = case.data()[1]
    own = [array.astype(np.float64) for array in found]
    error = abs(trainer.predict(inputs) - predict(case.network, own, inputs))
    assert (error <= tolerances.prediction(case.network, own, inputs, dtype)).all()


class BiasLeftOut(Exact):
    """The gradient of a bias, which is the sum over the rows, is never added."""

    def sums(self, values, a, b):
        return np.zeros_like(values) if (a == 1).all() else values


class TermLeftOut(Exact):
    """Each sum of the backward pass lacks its last term."""

    def sums(self, values, a, b):
        return a[:, :-1] @ b[:-1]


def stale(case):
    """Each gradient is of the weights before the last step."""
    seen = []
    original = training.dense.gradients

    def gradients(network, weights, *arguments, **how):
        seen.append([w.copy() for w in weights])
        return original(network, seen[max(0, len(seen) - 2)], *arguments, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training.dense, "gradients", gradients)
        return case.by_reference()


def without_last_batch(case):
    """A partial last batch is skipped."""
    kept = case.rows - case.rows % case.batch_size
    _, inputs, targets, sample_weight = case.data()
    return case.by_reference(
        inputs=inputs[:kept], targets=targets[:kept], sample_weight=sample_weight[:kept]
    )


def half_penalty(case):
    """The gradient of l2 * w**2 is taken for l2 * w."""
    first, *rest = (node.layer for node in case.network.nodes[1:])
    lighter = replace(first, kernel_regularizer=L2(first.kernel_regularizer.l2 / 2))
    network = Network.sequential(case.network.n_inputs, [lighter, *rest])
    return replace(case, network=network).by_reference()


WRONG = {
    "no gradient of a bias": lambda case: case.by_reference(rounding=BiasLeftOut()),
    "a term left out of the sums": lambda case: case.by_reference(rounding=TermLeftOut()),
    "an update from stale weights": stale,
    "a partial last batch skipped": without_last_batch,
    "half the penalty": half_penalty,
    "rows without their weights": lambda case: case.by_reference(sample_weight=None),
    "the dropout of another seed": lambda case: case.by_reference(dropout_seed=1),
}


@functools.cache
def right(optimizer, dtype):
    """Return a training with something of everything, its weights, and their bounds."""
    layers = [
        Dense(33, "tanh", kernel_regularizer=L2(0.01)),
        Dropout(0.5),
        Dense(17, "gelu"),
        Dense(3, use_bias=False),
    ]
    case = Training(
        network=Network.sequential(7, layers),
        loss=losses.MeanSquaredError(),
        optimizer=optimizers.get(optimizer, learning_rate=0.03),
        rows=38,
        batch_size=15,
        epochs=2,
        weighted=True,
        seed=0,
    )
    weights, _, bounds, _ = rounding.bounds(case.by_reference, dtype)
    return case, weights, bounds


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("wrong", WRONG)
def test_the_bounds_refuse(wrong, optimizer, dtype):
    case, weights, bounds = right(optimizer, dtype)
    found, _ = WRONG[wrong](case)
    assert any(abs(a - b).max() > bound for a, b, bound in zip(found, weights, bounds, strict=True))
