"""What each word costs: two layers of 256 units, with each activation, optimizer and layer.

Usage: python benchmarks/words.py [--rounds N] [--only TEXT]

Prints the time of an epoch of 10,000 rows, batch 256, and its ratio to relu with Adam, for layers
that come first to Scale in their place; medians of interleaved rounds. One thread, so that the
ratio is that of the work.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from hiddenlogic import activations, layers, losses, optimizers
from hiddenlogic.engine import Trainer
from hiddenlogic.layers import (
    Activation,
    Dense,
    Embedding,
    Layer,
    NTKDense,
    PeriodicEmbedding,
    PiecewiseLinearEmbedding,
    Scale,
)
from hiddenlogic.network import Network

MOST = 1.6  # times its base
MOST_NORMALISED = 1.3
BASE = "relu + adam"
# A layer before the others asks the first Dense for the gradient of its inputs: a sixth more work,
# whatever the layer.
FIRST_BASE = "scale first + adam"

NORMALISATIONS = (
    layers.BatchNormalization(),
    layers.LayerNormalization(),
    layers.RMSNormalization(),
    layers.UnitNormalization(),
    layers.Normalization(mean=0.1, variance=1.2),
)
NOISES = (
    layers.Dropout(0.2),
    layers.AlphaDropout(0.2),
    layers.GaussianDropout(0.2),
    layers.GaussianNoise(0.2),
)


def epoch(
    activation: str,
    optimizer: optimizers.Optimizer,
    first: Layer | None = None,
    dense: type[Dense] = Dense,
    between: Layer | None = None,
) -> Callable[[], float]:
    """Return what trains an epoch and tells its seconds.

    A layer that comes `first` makes 256 units, or nearly, of the columns that it needs for that.
    One that comes `between` stands before each wide activation.
    """
    random = np.random.default_rng(0)
    columns = 256 if first is None else 256 // first.units_after([1])
    inputs = random.normal(size=(10_000, columns)).astype(np.float32)
    targets = np.sin(inputs[:, :1])
    if first is not None and first.n_codes is not None:
        inputs = random.integers(0, first.n_codes, inputs.shape).astype(np.float32)
    wide = [dense(256, activation)]
    if between is not None:
        wide = [dense(256), between, Activation(activation)]
    body = [*wide, *wide, dense(1)]
    trainer = Trainer(
        Network.sequential(columns, body if first is None else [first, *body]),
        loss=losses.get("mse"),
        optimizer=optimizer,
        n_threads=1,
    )

    def run() -> float:
        began = time.perf_counter()
        trainer.fit(inputs, targets, batch_size=256)
        return time.perf_counter() - began

    return run


def words() -> dict[str, Callable[[], float]]:
    """Return an epoch for each word, by name."""
    # So small a step that no activation without a bound can diverge.
    adam = optimizers.Adam(1e-6)
    found = {f"{row.name} + adam": epoch(row.name, adam) for row in activations.ROWS}
    for row in optimizers.ROWS:
        one = optimizers.get(row.name)
        if not one.takes_whole_table:
            found.setdefault(f"relu + {row.name}", epoch("relu", one))
    bins = [[i / 8 for i in range(-24, 25)]] * 16  # 48 of them
    first = {
        "scale": Scale(),
        "embedding of 1000 codes": Embedding(1000, 8),
        "piecewise-linear embedding A": PiecewiseLinearEmbedding(16, bins, "A", "relu"),
        "piecewise-linear embedding B": PiecewiseLinearEmbedding(16, bins),
        "plr embedding": PeriodicEmbedding(units=16),
        "shared plr embedding": PeriodicEmbedding(units=16, shared=True),
        "pbld embedding": PeriodicEmbedding("pbld"),
    }
    found |= {f"{name} first + adam": epoch("relu", adam, layer) for name, layer in first.items()}
    found["ntk dense + adam"] = epoch("relu", adam, dense=NTKDense)
    for layer in (*NORMALISATIONS, *NOISES):
        found[f"{type(layer).__name__} + {BASE}"] = epoch("relu", adam, between=layer)
    return found


def most_of(name: str) -> float:
    """Return how many times the base a word may cost."""
    normalises = any(name.startswith(type(layer).__name__) for layer in NORMALISATIONS)
    return MOST_NORMALISED if normalises else MOST


def main() -> None:
    """Time all words in turn, and print them slowest first."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="words with this in their name")
    given = parser.parse_args()
    runs = {
        name: run
        for name, run in words().items()
        if given.only in name or name in (BASE, FIRST_BASE)
    }
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(given.rounds):
        for name, run in runs.items():
            seconds[name].append(run())
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    print("| word | ms an epoch | × its base | |\n|---|---:|---:|---|")
    for name, median in sorted(medians.items(), key=lambda item: -item[1]):
        ratio = median / medians[FIRST_BASE if " first + " in name else BASE]
        most = most_of(name)
        verdict = "" if ratio <= most else f"above {most}"
        print(f"| {name} | {median * 1e3:.1f} | {ratio:.2f} | {verdict} |")


if __name__ == "__main__":
    main()
