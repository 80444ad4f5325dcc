"""Thirty-two networks as one, beside one network with the same products.

Usage: python benchmarks/members.py [--rounds N] [--members K] [--units D] [--batch B]

TabM-mini and TabM, three layers of D units, and a plain network of these layers over K times as
many rows a step. Prints the time of a step and billions of operations a second, medians of
interleaved rounds on one thread, and the ratio of times.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from hiddenlogic import losses, optimizers
from hiddenlogic.engine import Trainer
from hiddenlogic.layers import BatchEnsembleDense, Dense, Layer, MemberDense, Members
from hiddenlogic.network import Network

FEATURES = 16
STEPS = 6


def steps(stack: list[Layer], batch: int) -> Callable[[], float]:
    """Return what trains some steps and tells the seconds of one."""
    random = np.random.default_rng(0)
    inputs = random.normal(size=(STEPS * batch, FEATURES)).astype(np.float32)
    trainer = Trainer(
        Network.sequential(FEATURES, stack),
        loss=losses.get("mse"),
        optimizer=optimizers.AdamW(0.002),
        n_threads=1,
    )

    def run() -> float:
        began = time.perf_counter()
        trainer.fit(inputs, inputs[:, :1], epochs=1, batch_size=batch, shuffle=False)
        return (time.perf_counter() - began) / STEPS

    return run


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--members", type=int, default=32)
    parser.add_argument("--units", type=int, default=512)
    parser.add_argument("--batch", type=int, default=256)
    given = parser.parse_args()
    k, units = given.members, given.units
    plain = [Dense(units, "relu") for _ in range(3)]
    scaled = [BatchEnsembleDense(units, "relu", k) for _ in range(3)]
    runs = {
        "plain": steps([*plain, Dense(1)], given.batch * k),
        "TabM-mini": steps([Members(k), *plain, MemberDense(1)], given.batch),
        "TabM": steps([*scaled, MemberDense(1)], given.batch),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(given.rounds):
        for name, run in runs.items():
            seconds[name].append(run())
    # Forward, and both gradients but that of the rows.
    weights = 3 * 2 * units * units + 2 * FEATURES * units
    for name, taken in seconds.items():
        step = statistics.median(taken)
        rate = 2 * given.batch * k * weights / step / 1e9
        ratio = step / statistics.median(seconds["plain"])
        print(f"{name:10} {1e3 * step:8.1f} ms  {rate:6.1f} GFLOP/s  {ratio:5.2f}")


if __name__ == "__main__":
    main()
