"""Members of many kinds over one table, and the same trained each by itself."""

from __future__ import annotations

import numpy as np

from hiddenlogic import constraints, losses, metrics, optimizers, regularizers, schedules
from hiddenlogic.engine import EarlyStop, Member, Trainer
from hiddenlogic.layers import BatchNormalization, Dense, Dropout, GaussianNoise
from hiddenlogic.network import Network

ENDLESS = 10**8
N, FEATURES = 203, 5
RANDOM = np.random.default_rng(3)
INPUTS = RANDOM.normal(size=(N, FEATURES))
TARGETS = np.tanh(INPUTS[:, :1]) + INPUTS[:, 1:2] ** 2
WEIGHT = np.round(RANDOM.uniform(0.5, 2, N) * 8) / 8
MSE = losses.get("mse")
LINE = Network.sequential(FEATURES, [Dense(1)])

FOLD = RANDOM.permutation(N)
SETTINGS = [
    {"layers": [Dense(1)], "optimizer": optimizers.SGD(0.05), "batch_size": 16},
    {
        "layers": [Dense(17, "tanh"), Dropout(schedules.FlatCosine(0.4, 20)), Dense(1)],
        "optimizer": optimizers.Adam(schedules.CosineDecay(0.01, 30)),
        "rows": FOLD[:150],
        "validation_rows": FOLD[150:],
        "metrics": ["mean_absolute_error", "root_mean_squared_error"],
        "seed": 7,
    },
    {
        "layers": [Dense(33, "gelu", kernel_regularizer=regularizers.L2(0.01)), Dense(1)],
        "optimizer": optimizers.AdamW(0.02),
        "validation_rows": np.arange(0, N, 3),
        "early_stop": EarlyStop(patience=1, min_delta=0.5),
        "batch_size": 7,
        "seed": 2**64 - 1,
    },
    {
        "layers": [Dense(8, "relu"), Dense(3, "relu"), Dense(1, use_bias=False)],
        "optimizer": optimizers.SGD(0.02, momentum=0.9, nesterov=True),
        "rows": RANDOM.integers(0, N, N),
        "sample_weight": WEIGHT,
        "loss": losses.Huber(0.7),
        "shuffle": False,
        "batch_size": 64,
    },
    {
        "layers": [GaussianNoise(0.1), Dense(9), BatchNormalization(), Dense(1)],
        "optimizer": optimizers.Adam(0.02),
        "validation_rows": np.arange(0, N, 4),
        "early_stop": EarlyStop(patience=1),
        "batch_size": 32,
        "seed": 11,
    },
    {
        "layers": [Dense(5, "selu"), Dense(1)],
        "optimizer": optimizers.Adam(0.05),
        "rows": np.arange(N)[::-1].astype(np.uint32),
        "batch_size": 1000,
        "early_stop": EarlyStop("loss", patience=2, restore_best=False),
    },
    {
        "layers": [
            Dense(
                19,
                "tanh",
                kernel_regularizer=regularizers.OrthogonalRegularizer(0.1),
                activity_regularizer=regularizers.L1(0.01),
                kernel_constraint=constraints.MaxNorm(0.7),
            ),
            Dense(1, bias_constraint="non_neg"),
        ],
        "optimizer": optimizers.Adam(0.01),
        "rows": FOLD[:150],
        "validation_rows": FOLD[150:],
    },
]


def split(settings):
    """Return the arguments that a Trainer takes, those of its fit, and the rows."""
    rest = dict(settings)
    kinds = [metrics.Metric(name, name) for name in rest.pop("metrics", ())]
    made = {
        "network": Network.sequential(FEATURES, rest.pop("layers")),
        "loss": rest.pop("loss", MSE),
        "optimizer": rest.pop("optimizer"),
        "metrics": kinds,
        "seed": rest.pop("seed", 0),
    }
    chosen = {name: rest.pop(name, None) for name in ("rows", "validation_rows", "sample_weight")}
    return made, rest, chosen


def member_of(settings, data):
    made, fit, chosen = split(settings)
    return Member(made.pop("network"), data, **made, **fit, **chosen)


def alone(settings, data, epochs):
    """Train the same by itself, on copies of its rows."""
    made, fit, chosen = split(settings)
    rows, held_out, weight = chosen["rows"], chosen["validation_rows"], chosen["sample_weight"]
    if rows is None:
        rows = np.setdiff1d(np.arange(N), held_out) if held_out is not None else np.arange(N)
    weight = data.sample_weight if weight is None else weight
    validation = None
    if held_out is not None:
        validation = [data.inputs[held_out], data.targets[held_out]]
        if data.sample_weight is not None:
            validation.append(data.sample_weight[held_out])
    trainer = Trainer(made.pop("network"), **made, dtype=data.dtype, n_threads=1)
    run = trainer.fit(
        data.inputs[rows],
        data.targets[rows],
        sample_weight=None if weight is None else weight[rows],
        validation=validation,
        epochs=epochs,
        **fit,
    )
    return run, bits(trainer.get_weights())


def bits(weights):
    return b"".join(w.tobytes() for w in weights)


def outcome(run):
    return (run.status, run.history, run.epochs, run.best_epoch, run.steps)
