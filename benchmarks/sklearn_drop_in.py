"""scikit-learn's perceptrons against ours: the same parameters, on six real tables, in one run.

For each seed every form trains in turn, so that a busy machine meets all alike; medians of seeds
are compared. The peer has its best form: as NumPy's threads come, or held to one thread. Scores are
of the held-out rows; the noise between them is that of seeds.

Usage: python benchmarks/sklearn_drop_in.py DATA [--seeds 10] [--only digits,letter] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import sklearn
import sklearn.neural_network
from measure import machine
from threadpoolctl import threadpool_limits

import hiddenlogic.sklearn

TABLES = ("uci_concrete", "uci_wine_red", "digits", "phoneme", "uci_kin8nm", "letter")
SMALL = 2000  # rows; below, the defaults must be ten times as fast
MUST, MUST_SMALL = 6.0, 10.0
AT_REST = 0.2  # seconds: OpenBLAS's threads spin for a while after their last work, on our cores
SETTINGS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "two layers, early stopping": {"hidden_layer_sizes": (128, 64), "early_stopping": True},
    "sgd, tanh": {
        "solver": "sgd",
        "activation": "tanh",
        "learning_rate": "adaptive",
        "learning_rate_init": 0.05,
    },
}
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass
class Form:
    """One way to train, with what each seed came to."""

    name: str
    module: Any
    threads: int | None = None
    seconds: list[float] = field(default_factory=list)
    epochs: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def train(self, kind: str, arrays: Arrays, seed: int, settings: dict[str, Any]) -> None:
        X, y, *held_out = arrays
        with threadpool_limits(self.threads):
            model = getattr(self.module, kind)(random_state=seed, **settings)
            time.sleep(AT_REST)
            start = time.perf_counter()
            model.fit(X, y)
            self.seconds.append(time.perf_counter() - start)
        self.epochs.append(model.n_iter_)
        self.scores.append(model.score(*held_out))

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def table(path: Path) -> Arrays:
    """Return training and test rows, standardised as scikit-learn's guide asks for."""
    frame = pl.read_parquet(path)
    splits = [name for name in frame.columns if name.startswith("split")]
    test = (frame[splits[0]] == "test").to_numpy()
    X = frame.drop("target", *splits).to_numpy().astype(np.float64)
    y = frame["target"].to_numpy()
    deviation = X[~test].std(axis=0)
    X = (X - X[~test].mean(axis=0)) / np.where(deviation > 0.0, deviation, 1.0)
    if y.dtype.kind == "f":
        y = (y - y[~test].mean()) / y[~test].std()
    return X[~test], y[~test], X[test], y[test]


def noise(ours: list[float], theirs: list[float]) -> float:
    """Return the difference of the mean scores in standard errors of it."""
    error = math.sqrt((statistics.variance(ours) + statistics.variance(theirs)) / len(ours))
    return (statistics.mean(ours) - statistics.mean(theirs)) / max(error, 1e-12)


def compare(path: Path, title: str, settings: dict[str, Any], seeds: int) -> dict[str, Any]:
    """Train all forms on a table, seed after seed, and print how they compare."""
    arrays = table(path)
    kind = "MLPRegressor" if arrays[1].dtype.kind == "f" else "MLPClassifier"
    peers = [Form("scikit-learn", sklearn.neural_network)]
    peers.append(Form("scikit-learn, one thread", sklearn.neural_network, 1))
    ours = Form("hiddenlogic", hiddenlogic.sklearn)
    for seed in range(seeds):
        for form in (*peers, ours):
            form.train(kind, arrays, seed, settings)
    peer = min(peers, key=lambda form: form.median)
    rows = len(arrays[0])
    found = {
        "table": path.stem,
        "rows": rows,
        "settings": title,
        "peer": peer.name,
        "ratio": peer.median / ours.median,
        "must": MUST_SMALL if rows < SMALL and not settings else MUST,
        "errors": noise(ours.scores, peer.scores),
        "forms": {form.name: vars(form) | {"module": None} for form in (*peers, ours)},
    }
    means = " | ".join(f"{statistics.mean(form.scores):.4f}" for form in (peer, ours))
    print(
        f"| {path.stem} | {rows} | {title} | {peer.median * 1e3:.0f} | {ours.median * 1e3:.1f} "
        f"| {found['ratio']:.1f} × | {found['must']:g} × | {means} | {found['errors']:+.1f} |",
        flush=True,
    )
    return found


def main() -> None:
    """Compare on all tables with all settings; write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="the folder of the tables")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", default=",".join(TABLES))
    parser.add_argument("--json", type=Path, default=Path("build/bench/sklearn_drop_in.json"))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{machine()}; scikit-learn {sklearn.__version__}; medians of {options.seeds} seeds\n")
    print(
        "| table | rows | settings | theirs, ms | ours, ms | ratio | must | score | ours | errors |"
    )
    print("|---|---:|---|---:|---:|---:|---:|---:|---:|---:|")
    found = []
    for title, settings in SETTINGS.items():
        for name in options.only.split(","):
            found.append(compare(options.data / f"{name}.parquet", title, settings, options.seeds))
            options.json.parent.mkdir(parents=True, exist_ok=True)
            options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")
    ratio = statistics.median(one["ratio"] for one in found)
    print(f"\nMedian ratio {ratio:.1f} ×; it must be {MUST:g} ×.")


if __name__ == "__main__":
    main()
