"""Metrics of a training: over each epoch's own outputs, exact, and no trace in the weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import tolerances
from measured import Case, agrees, fitting, flat
from reference import metrics as reference

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.engine import Dataset, EarlyStop, Member, train_many
from hiddenlogic.layers import Dense, Dropout
from hiddenlogic.metrics import Metric
from hiddenlogic.network import Network

ROWS, FEATURES, BATCH = 203, 5, 32
LOSSES = [
    (losses.get("mse"), 2),
    (losses.get("binary_crossentropy"), 1),
    (losses.get("binary_crossentropy", from_logits=True), 1),
    (losses.get("categorical_crossentropy"), 3),
    (losses.get("sparse_categorical_crossentropy"), 3),
    (losses.get("sparse_categorical_crossentropy", from_logits=True), 3),
]
IDS = [f"{loss!r}-{k}" for loss, k in LOSSES]


@dataclass
class Training:
    """A network, and rows to train it on."""

    loss: losses.Loss
    k: int
    dtype: str

    def __post_init__(self) -> None:
        random = np.random.default_rng(3)
        output = "linear" if getattr(self.loss, "from_logits", False) else self.loss.row.suits
        self.network = Network.sequential(FEATURES, [Dense(9, "tanh"), Dense(self.k, output)])
        self.inputs = random.normal(size=(ROWS, FEATURES)).astype(self.dtype)
        self.targets = random.integers(0, 2, (ROWS, self.k)).astype(self.dtype)
        if self.loss.row.task == "multiclass":
            classes = random.integers(0, self.k, ROWS)
            sparse = self.loss.name.startswith("sparse")
            self.targets = classes[:, None] if sparse else np.eye(self.k)[classes]
            self.targets = self.targets.astype(self.dtype)
        self.weight = (np.round(random.uniform(0, 2, ROWS) * 4) / 4).astype(self.dtype)
        self.found = fitting(self.loss, self.k)

    def trainer(self, measures: bool = True, **how) -> engine.Trainer:
        """Return one that measures everything, once plainly and once weighted, or nothing."""
        weighted = [one.called(f"weighted {one.key}") for one in self.found]
        return engine.Trainer(
            how.pop("network", self.network),
            loss=self.loss,
            optimizer=optimizers.Adam(0.05),
            metrics=self.found if measures else (),
            weighted_metrics=weighted if measures else (),
            dtype=self.dtype,
            seed=4,
            **how,
        )

    def fit(self, trainer, **how):
        """Train a few epochs with validation rows."""
        held_out = slice(0, 70)
        return trainer.fit(
            self.inputs,
            self.targets,
            sample_weight=self.weight,
            validation=(self.inputs[held_out], self.targets[held_out], self.weight[held_out]),
            batch_size=BATCH,
            **{"epochs": 3, **how},
        )

    def probabilities(self, outputs):
        """Return what the metrics read of outputs, in float64."""
        if getattr(self.loss, "from_logits", False):
            make = Network.sequential(self.k, [Dense(self.k, self.loss.row.output)])
            weights = [np.eye(self.k, dtype=self.dtype), np.zeros(self.k, self.dtype)]
            outputs = engine.predict(make, weights, outputs, dtype=self.dtype)
        return outputs.astype(np.float64)

    def due(self, metric, outputs, rows, *, weighted: bool):
        """Return the reference's value, and how far from it a right one may be."""
        y, t = self.probabilities(outputs), self.targets[rows].astype(np.float64)
        w = self.weight[rows].astype(np.float64) if weighted else None
        value = reference.value(metric, self.loss, y, t, w)
        return value, tolerances.metric(metric, value, y, t, self.dtype)


def outputs_of_steps(training: Training, epochs: int):
    """Return what each step of each epoch made of its rows before it changed the weights."""
    trainer = training.trainer(measures=False)
    for _ in range(epochs):
        parts = []
        for start in range(0, ROWS, BATCH):
            rows = slice(start, start + BATCH)
            parts.append(trainer.predict(training.inputs[rows]))
            batch = training.inputs[rows], training.targets[rows]
            trainer.fit(*batch, sample_weight=training.weight[rows], batch_size=BATCH)
        yield parts, trainer.predict(training.inputs[:70])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("loss", "k"), LOSSES, ids=IDS)
def test_an_epoch_is_measured_by_the_outputs_of_its_steps(loss, k, dtype):
    training = Training(loss, k, dtype)
    history = training.fit(training.trainer(), shuffle=False).history
    for epoch, (parts, validation) in enumerate(outputs_of_steps(training, 3)):
        for key, weighted in (("", False), ("weighted ", True)):
            for metric in training.found:
                for prefix, outputs, rows in (
                    ("", np.concatenate(parts), slice(None)),
                    ("val_", validation, slice(0, 70)),
                ):
                    due, bound = training.due(metric, outputs, rows, weighted=weighted)
                    value = history[f"{prefix}{key}{metric.key}"][epoch]
                    assert agrees(value, due, bound), (prefix, key, metric, value, due)


def test_averages_of_batches_are_refused():
    training = Training(losses.get("binary_crossentropy"), 1, "float64")
    training.targets[:BATCH] = training.inputs[:BATCH, :1] > 0.5  # a batch unlike the others
    history = training.fit(training.trainer(), shuffle=False, epochs=1).history
    ((parts, _),) = outputs_of_steps(training, 1)
    starts = range(0, ROWS, BATCH)
    for name in ("auc", "precision", "fbeta_score", "matthews_correlation", "cohen_kappa",
                 "root_mean_squared_error", "expected_calibration_error"):  # fmt: skip
        metric = Metric(name, f"{name} 0")
        values = [
            training.due(metric, part, slice(start, start + BATCH), weighted=False)[0]
            for part, start in zip(parts, starts, strict=True)
        ]
        due, bound = training.due(metric, np.concatenate(parts), slice(None), weighted=False)
        sizes = [len(part) for part in parts]
        assert (
            abs(history[metric.key][0] - due)
            <= bound
            < abs(np.average(values, weights=sizes) - due)
        )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("loss", "k"), LOSSES, ids=IDS)
def test_measuring_changes_no_bit_of_the_weights_and_no_thread_changes_what_is_measured(
    loss, k, dtype
):
    training = Training(loss, k, dtype)
    layers = [Dense(70, "tanh"), Dropout(0.3), Dense(65, "relu"), Dense(k, training_output(loss))]
    network = Network.sequential(FEATURES, layers)
    results = {}
    for measures in (False, True):
        for instruction_set in engine.available_isas():
            for threads in (1, 2, 3, 7):
                trainer = training.trainer(
                    measures,
                    network=network,
                    n_threads=threads,
                    adaptive_threads=False,
                    instruction_set=instruction_set,
                )
                run = training.fit(trainer)
                weights = b"".join(one.tobytes() for one in trainer.get_weights())
                bits = {key: np.array(one).tobytes() for key, one in run.history.items()}
                results.setdefault("weights", set()).add(weights)
                for key, one in bits.items():
                    results.setdefault(key, set()).add(one)
    assert {key for key, found in results.items() if len(found) > 1} == set()


def training_output(loss):
    return "linear" if getattr(loss, "from_logits", False) else loss.row.suits


def test_wide_layers_whose_units_are_shared_are_measured_alike():
    training = Training(losses.get("binary_crossentropy"), 1, "float32")
    network = Network.sequential(
        FEATURES, [Dense(600, "relu"), Dense(600, "relu"), Dense(1, "sigmoid")]
    )
    found = set()
    for threads in (1, 3):
        trainer = training.trainer(network=network, n_threads=threads, adaptive_threads=False)
        run = trainer.fit(training.inputs, training.targets, batch_size=8, epochs=1)
        found.add(flat(run.history).tobytes())
    assert len(found) == 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("loss", "k"), LOSSES, ids=IDS)
def test_a_member_measures_what_a_trainer_does(loss, k, dtype):
    training = Training(loss, k, dtype)
    rows = np.random.default_rng(0).integers(0, ROWS, 150)
    held_out = np.arange(0, ROWS, 3)
    data = Dataset(training.inputs, training.targets, training.weight, dtype=dtype)
    weighted = [one.called(f"weighted {one.key}") for one in training.found]
    members = [
        Member(
            training.network,
            data,
            loss=loss,
            optimizer=optimizers.Adam(0.05),
            metrics=training.found,
            weighted_metrics=weighted,
            rows=rows,
            validation_rows=held_out,
            batch_size=BATCH,
            seed=seed,
        )
        for seed in (4, 5, 4)
    ]
    runs = train_many(members, epochs=2, n_threads=2)
    alone = training.trainer().fit(
        training.inputs[rows],
        training.targets[rows],
        sample_weight=training.weight[rows],
        validation=(
            training.inputs[held_out],
            training.targets[held_out],
            training.weight[held_out],
        ),
        batch_size=BATCH,
        epochs=2,
    )
    bits = [flat(run.history).tobytes() for run in (*runs, alone)]
    assert bits[0] == bits[2] == bits[3] != bits[1]
    assert list(runs[0].history) == list(alone.history)


def test_one_batch_is_measured_in_its_order_in_every_epoch():
    training = Training(losses.get("sparse_categorical_crossentropy"), 3, "float64")
    trainer = training.trainer()
    run = trainer.fit(training.inputs, training.targets, batch_size=ROWS, epochs=4)
    step = training.trainer(measures=False)
    for epoch in range(4):
        outputs = step.predict(training.inputs)
        for metric in training.found:
            due, bound = training.due(metric, outputs, slice(None), weighted=False)
            assert agrees(run.history[metric.key][epoch], due, bound)
        step.fit(training.inputs, training.targets, batch_size=ROWS)


def test_the_core_stops_by_a_score_and_by_the_root_itself():
    training = Training(losses.get("mse"), 1, "float64")
    training.targets = np.tanh(training.inputs[:, :1])
    mse = losses.get("mse")
    for name, mode in (("r2", "max"), ("rmse", "min")):
        for min_delta in (0.01, 0.03):
            trainer = engine.Trainer(
                Network.sequential(FEATURES, [Dense(9, "tanh"), Dense(1)]),
                loss=mse,
                optimizer=optimizers.Adam(0.01),
                metrics=[Metric(name)],
                dtype="float64",
                seed=1,
            )
            run = training.fit(
                trainer,
                epochs=200,
                early_stop=EarlyStop(f"val_{name}", mode, min_delta=min_delta, patience=2),
            )
            values = run.history[f"val_{name}"]
            signed = np.array(values) * (1 if mode == "max" else -1)
            best, best_epoch, waited = -np.inf, 0, 0
            for epoch, one in enumerate(signed):
                waited += 1
                if one - min_delta > best:
                    best, best_epoch, waited = one, epoch, 0
            assert (run.status, run.best_epoch, waited) == ("stopped_early", best_epoch, 2)


def test_a_score_that_is_not_defined_is_never_the_best():
    training = Training(losses.get("binary_crossentropy"), 1, "float64")
    trainer = training.trainer()
    one_class = training.targets[:, 0] == 1
    run = trainer.fit(
        training.inputs,
        training.targets,
        validation=(training.inputs[one_class], training.targets[one_class]),
        epochs=9,
        early_stop=EarlyStop("val_auc 0", "max", patience=3),
    )
    assert np.isnan(run.history["val_auc 0"]).all()
    assert np.isfinite(run.history["auc 0"]).all()
    assert (run.status, run.epochs, run.best_epoch) == ("stopped_early", 3, 0)


def test_class_numbers_beyond_the_outputs_are_refused():
    from hiddenlogic.errors import RangeError

    training = Training(losses.get("sparse_categorical_crossentropy"), 3, "float32")
    targets = training.targets.copy()
    targets[5] = 3
    with pytest.raises(RangeError) as caught:
        training.trainer().fit(training.inputs, targets)
    assert str(caught.value) == (
        "`targets` must be classes from 0 to 2 for the loss sparse_categorical_crossentropy; got "
        "0 to 3."
    )


def test_a_case_of_labels_that_never_vary_has_a_value_for_all_but_the_area():
    loss = losses.get("binary_crossentropy")
    case = Case(loss, np.array([[2.0], [-1.0]]), np.ones((2, 1)), np.ones(2))
    found = case.trainer(fitting(loss, 1), "float64").evaluate(case.logits, case.targets)
    assert {key.split()[0] for key, value in found.items() if np.isnan(value).any()} <= {
        "auc",
        "weighted",
    }


def test_an_iteration_of_l_bfgs_is_measured_where_it_ends():
    training = Training(losses.get("sparse_categorical_crossentropy"), 3, "float64")
    trainer = engine.Trainer(
        training.network,
        loss=training.loss,
        optimizer=optimizers.LBFGS(),
        metrics=training.found,
        dtype="float64",
        seed=4,
    )
    for _ in range(3):
        history = trainer.fit(training.inputs, training.targets, epochs=2).history
        outputs = trainer.predict(training.inputs)
        for metric in training.found:
            due, bound = training.due(metric, outputs, slice(None), weighted=False)
            assert agrees(history[metric.key][-1], due, bound), metric
