"""Sets of rows with outputs of every kind, and what the engine measures of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tolerances
from reference import metrics as reference

from hiddenlogic import engine, losses, metrics
from hiddenlogic.layers import Activation
from hiddenlogic.losses import Loss
from hiddenlogic.metrics import Metric
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD

# Losses by what their targets are, with how many outputs.
LOSSES: list[tuple[Loss, int]] = [
    (losses.get("mse"), 1),
    (losses.get("mse"), 3),
    (losses.get("hinge"), 1),
    (losses.get("binary_crossentropy"), 1),
    (losses.get("binary_crossentropy"), 3),
    (losses.get("categorical_crossentropy"), 2),
    (losses.get("categorical_crossentropy"), 4),
    (losses.get("sparse_categorical_crossentropy"), 5),
]

# Settings beside the defaults.
SETTINGS: dict[str, list[dict[str, object]]] = {
    "pinball_loss": [{"quantile": 0.9}, {"quantile": 0.0}],
    "binary_accuracy": [{"threshold": 0.3}],
    "top_k_categorical_accuracy": [{"k": 1}, {"k": 2}],
    "sparse_top_k_categorical_accuracy": [{"k": 1}, {"k": 2}],
    "binary_crossentropy": [{"label_smoothing": 0.3}, {"from_logits": True}],
    "sparse_categorical_crossentropy": [{"from_logits": True}],
    "auc": [
        *(
            {"curve": curve, "average": average}
            for curve in ("ROC", "PR")
            for average in (None, "macro", "weighted", "none")
        ),
        {"multi_class": "ovr"},
        {"multi_class": "ovo"},
        {"multi_class": "ovo", "average": "weighted"},
    ],
    "precision": [
        {"thresholds": 0.3},
        {"thresholds": [0.2, 0.3, 0.6]},
        {"class_id": 0},
        {"class_id": 0, "thresholds": [0.3, 0.4]},
        {"top_k": 1},
        {"top_k": 2, "class_id": 0},
        {"top_k": 2, "thresholds": [0.1, 0.4]},
        {"top_k": 2, "average": "macro"},
        *({"average": one} for one in ("micro", "macro", "weighted", "none")),
        {"average": "macro", "thresholds": 0.4},
        {"average": "macro", "thresholds": [0.4, 0.5]},
        {"average": "none", "thresholds": 0.4},
    ],
    "fbeta_score": [
        {"beta": 2.0},
        {"threshold": 0.3},
        *({"average": one} for one in ("micro", "macro", "weighted", "none")),
        {"average": "weighted", "beta": 0.5, "threshold": 0.4},
    ],
    "cohen_kappa": [{"weights": "linear"}, {"weights": "quadratic"}],
    "r2_score": [{"num_regressors": 2}, {"class_aggregation": "variance_weighted_average"}],
    "expected_calibration_error": [{"bins": 1}, {"bins": 4}],
}
SETTINGS["recall"] = SETTINGS["precision"]
SETTINGS["categorical_crossentropy"] = SETTINGS["binary_crossentropy"]


def fitting(loss: Loss, outputs: int) -> list[Metric]:
    """Return every metric, with every setting, that means something for these outputs."""
    found: list[Metric] = []
    for row in metrics.ROWS:
        for number, settings in enumerate([{}, *SETTINGS.get(row.name, [])]):
            metric = Metric(row.name, f"{row.name} {number}", **settings)
            try:
                found.append(metrics.get(metric, loss, outputs))
            except ValueError:
                continue
    return found


@dataclass(frozen=True)
class Case:
    """Rows that a network without weights turns into outputs, and their targets."""

    loss: Loss
    logits: np.ndarray
    targets: np.ndarray
    sample_weight: np.ndarray

    @property
    def k(self) -> int:
        """Outputs."""
        return self.logits.shape[1]

    def trainer(self, found: list[Metric], dtype: str, **how) -> engine.Trainer:
        """Return a trainer that measures each, once plainly and once weighted."""
        output = (
            "linear"
            if getattr(self.loss, "from_logits", False)
            else self.loss.row.output or "linear"
        )
        return engine.Trainer(
            Network.sequential(self.k, [Activation(output)]),
            loss=self.loss,
            optimizer=SGD(),
            metrics=found,
            weighted_metrics=[one.called(f"weighted {one.key}") for one in found],
            dtype=dtype,
            **how,
        )


def case_of(loss: Loss, k: int, kind: str, n: int, seed: int = 0) -> Case:
    """Return n rows: 'random', 'tied' (few distinct outputs), or 'one class' (in the targets)."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (n, k))
    if kind == "tied":
        logits = np.round(logits / 2)
    match metrics.targets_of(loss):
        case "numbers":
            targets = random.integers(0, 2, (n, k)).astype(float)
        case "signs":
            targets = random.integers(0, 2, (n, k)) * 2.0 - 1
        case "labels":
            targets = random.integers(0, 2, (n, k)).astype(float)
        case _:
            # One class less than there are: one that is never due.
            targets = random.integers(0, max(k - 1, 2), n).astype(float)[:, None]
    if kind == "one class":
        targets[:] = targets[0]
    if metrics.targets_of(loss) == "one_hot":
        targets = np.eye(k)[targets[:, 0].astype(int)]
    weight = np.round(random.uniform(0, 2, n) * 4) / 4
    weight[0] = 1.0
    return Case(loss, logits, targets, weight)


def outputs_of(case: Case, dtype: str) -> np.ndarray:
    """Return what the metrics read: probabilities, if the loss reads logits."""
    link = case.loss.row.output or "linear"
    network = Network.sequential(case.k, [Activation(link)])
    found = engine.predict(network, [], case.logits.astype(dtype), dtype=dtype)
    if case.loss.row.output:
        # As scikit-learn does where it is given numbers of this dtype.
        spacing = np.finfo(dtype).eps
        return np.clip(found, spacing, 1 - spacing).astype(np.float64)
    return found.astype(np.float64)


def check(case: Case, found: dict[str, float], measured: list[Metric], outputs, dtype: str) -> None:
    """Assert that what was measured is what the reference makes of the same outputs."""
    for prefix, weight in (("", None), ("weighted ", case.sample_weight)):
        for metric in measured:
            due = reference.value(metric, case.loss, outputs, case.targets, weight)
            bound = tolerances.metric(metric, due, outputs, case.targets, dtype)
            value = found[f"{prefix}{metric.key}"]
            assert agrees(value, due, bound), (prefix, metric, value, due, bound)


def agrees(value, due, bound: float) -> bool:
    """Return whether a metric, or each number that it is, is what is due; NaN is NaN."""
    both_nan = np.isnan(due) & np.isnan(value)
    return np.shape(value) == np.shape(due) and bool(
        np.all(both_nan | (np.abs(np.subtract(value, due)) <= bound))
    )


def flat(found: dict[str, object]) -> np.ndarray:
    """Return all numbers of what was measured."""
    return np.concatenate([np.ravel(value) for value in found.values()])
