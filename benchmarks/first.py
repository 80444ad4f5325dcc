"""The beginners' program and a table of 10,000 rows, against Keras, PyTorch and scikit-learn.

All in one run: medians of interleaved repeats. A run is all that a program does after its imports:
build, compile, fit. Each library does the same work in float32: the same number of updates of the
same network on the same rows; the mean of squares that it ends with stands beside its time. Where
a library can be used in several ways, each way has its row, and the ratios are to its fastest.

Usage: python benchmarks/first.py [--repeats 7] [--peers keras,pytorch,scikit-learn] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from measure import Variant, interleave, machine
from peers import hidden_logic, keras_tensorflow, pytorch, scikit_learn

PEERS = {"keras": keras_tensorflow, "pytorch": pytorch, "scikit-learn": scikit_learn}


def six_points() -> tuple[np.ndarray, np.ndarray]:
    """Return the six points of y = 2x + 3."""
    x = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0], dtype=np.float32)
    return x, 2 * x + 3


def table_of_rows() -> tuple[np.ndarray, np.ndarray]:
    """Return 10,000 rows of 16 numbers and a smooth target of four of them, with noise."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(10_000, 16)).astype(np.float32)
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * x[:, 3]
    return x, (y + 0.1 * rng.normal(size=10_000)).astype(np.float32)


def duration(seconds: float) -> str:
    """Return seconds in the unit that reads best, three figures."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def print_task(title: str, variants: list[Variant]) -> dict[str, dict[str, float]]:
    """Print one Markdown table; return how many times our time each form of each peer takes."""
    ours = min(v.median for v in variants if v.library == hidden_logic.NAME)
    print(f"\n### {title}\n")
    print("| library | form | median | fastest – slowest | mean of squares after | × ours |")
    print("|---|---|---:|---:|---:|---:|")
    ratios: dict[str, dict[str, float]] = {}
    for v in variants:
        spread = f"{duration(min(v.seconds))} – {duration(max(v.seconds))}"
        ratio = v.median / ours
        ratios.setdefault(v.library, {})[v.form] = ratio
        print(
            f"| {v.library} | {v.form} | {duration(v.median)} | {spread} "
            f"| {v.loss:.2g} | {ratio:,.1f} |"
        )
    del ratios[hidden_logic.NAME]
    print()
    for library, forms in ratios.items():
        first = next(iter(forms))
        best = min(forms, key=lambda form: forms[form])
        line = f"- {library}: {forms[best]:,.1f} × our time ({best})"
        if best != first:
            line += f"; {forms[first]:,.1f} × ({first})"
        print(line, flush=True)
    return ratios


def main() -> None:
    """Load what is installed, time it, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--peers", default=",".join(PEERS), help="separated by commas")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()

    print(f"{machine()}; medians of {options.repeats} interleaved repeats\n")
    print("| library | version | import |\n|---|---|---:|")
    contestants = []
    imports: dict[str, dict[str, str | float]] = {}
    for peer in [hidden_logic, *[PEERS[name] for name in options.peers.split(",") if name]]:
        start = time.perf_counter()
        try:
            version = peer.load()
        except ImportError as problem:
            print(f"| {peer.NAME} | skipped: {problem} | |")
            continue
        seconds = time.perf_counter() - start
        contestants.append(peer)
        imports[peer.NAME] = {"version": version, "import_seconds": seconds}
        print(f"| {peer.NAME} | {version} | {duration(seconds)} |")
    print(
        "\nImports: once each, in this order, after NumPy; no part of the times below.", flush=True
    )

    figures: dict[str, object] = {"machine": machine(), "libraries": imports}
    tasks = [
        ("Six points, one neuron, SGD, 500 epochs", six_points(), "beginners"),
        ("10,000 × 16, [64, 64] relu, Adam, batch 64, 10 epochs", table_of_rows(), "table"),
    ]
    for title, (x, y), task in tasks:
        variants = [v for peer in contestants for v in getattr(peer, task)(x, y)]
        interleave(variants, x, y, options.repeats)
        ratios = print_task(title, variants)
        rows = [
            {"library": v.library, "form": v.form, "seconds": v.seconds, "loss": v.loss}
            for v in variants
        ]
        figures[task] = {"variants": rows, "times_ours": ratios}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
