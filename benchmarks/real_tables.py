"""Every real table through ``hiddenlogic fit`` untouched, beside three peers with their defaults.

Each peer has what its own guide tells to give it: the linear model and the MLP scaled numbers,
one-hot categories and, for regression, a scaled target; LightGBM numbers with their gaps, and
categories as such.

    python benchmarks/real_tables.py FOLDER [--time 15s] [--only NAME …] [-o FILE]

FOLDER holds NAME.parquet files, each with `target` and a column `split` (or `split0`) of train, val
and test. The peers, a linear model, scikit-learn's MLP and LightGBM, are fitted on the training
rows, as ours is, in the same run; ours chooses by the validation rows, which the peers do not use.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, r2_score, root_mean_squared_error
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from hiddenlogic.cli.arguments import duration
from hiddenlogic.search.events import Note
from hiddenlogic.search.fit_table import fit_table
from hiddenlogic.table import read_table

PEERS = {
    "linear": (LinearRegression, LogisticRegression),
    "MLP": (MLPRegressor, MLPClassifier),
    "LightGBM": (LGBMRegressor, LGBMClassifier),
}


def peer(name: str, classes: bool, frame: Any) -> Any:
    """Return a peer with its defaults behind the preparation that its guide asks for."""
    texts = [column for column in frame.columns if frame[column].dtype.kind not in "fiub"]
    numbers = [column for column in frame.columns if column not in texts]
    made = PEERS[name][classes]
    if name == "LightGBM":
        return make_pipeline(
            FunctionTransformer(with_categories, kw_args={"known": levels(frame, texts)}),
            made(verbose=-1, n_jobs=os.cpu_count()),
        )
    filled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    coded = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing"),
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
    )
    model = make_pipeline(ColumnTransformer([("n", filled, numbers), ("t", coded, texts)]), made())
    if classes:
        return model
    return TransformedTargetRegressor(model, transformer=StandardScaler())


def levels(frame: Any, texts: list[str]) -> dict[str, Any]:
    """Return the categories of the training rows."""
    return {column: pd.CategoricalDtype(sorted(frame[column].unique())) for column in texts}


def with_categories(frame: Any, known: dict[str, Any]) -> Any:
    """Return rows whose texts are categories; one that is not known is missing."""
    return frame.astype(known)


def scored(name: str, frame: pl.DataFrame, split: str, classes: bool) -> tuple[dict, float]:
    """Fit a peer on the training rows; return its scores on the test rows and its seconds."""
    drop = [column for column in frame.columns if column.startswith("split")]
    parts = {
        part: frame.filter(pl.col(split) == part).drop(drop).to_pandas()
        for part in ("train", "test")
    }
    inputs = {part: rows.drop(columns="target") for part, rows in parts.items()}
    for rows in inputs.values():
        for column in rows.columns:
            if rows[column].dtype.kind not in "fiub":
                rows[column] = rows[column].astype(object).where(rows[column].notna(), "missing")
    model = peer(name, classes, inputs["train"])
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", UserWarning)
        model.fit(inputs["train"], parts["train"]["target"])
        seconds = time.perf_counter() - start
        true = parts["test"]["target"]
        if not classes:
            said = model.predict(inputs["test"])
            rmse = float(root_mean_squared_error(true, said))
            return {"RMSE": rmse, "R²": r2_score(true, said)}, seconds
        shares = model.predict_proba(inputs["test"])
    known = model.classes_
    return {
        "accuracy": accuracy_score(true, known[shares.argmax(axis=1)]),
        "log-loss": log_loss(true, shares, labels=known),
    }, seconds


def ours(path: Path, split: str, seconds: float) -> tuple[dict, Any, list[str]]:
    """Fit the table untouched; return the scores, the fit and what was told."""
    notes: list[str] = []

    def listen(event: object) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    fit = fit_table(path, target="target", split_column=split, seconds=seconds, listener=listen)
    return next(row.held_out for row in fit.leaderboard if row.chosen), fit, notes


def unexplained(frame: pl.DataFrame, fit: Any, notes: list[str]) -> list[str]:
    """Return the columns that neither are inputs nor have a note that says why not."""
    used = set(fit.model.preparation.columns)
    said = {note.split("'")[1] for note in notes if " is left out (" in note}
    return [name for name in frame.columns if name not in used | said | {"target"}]


def lines_of(path: Path, seconds: float, peers: list[str]) -> list[str]:
    """One row for each measure of a table."""
    frame = read_table(path).frame
    split = "split" if "split" in frame.columns else "split0"
    found, fit, notes = ours(path, split, seconds)
    lost = unexplained(frame, fit, notes)
    if lost:
        raise SystemExit(f"{path.name}: columns left out without a word: {', '.join(lost)}")
    classes = "accuracy" in found
    everyone = {"ours": (found, fit.seconds)}
    everyone |= {name: scored(name, frame, split, classes) for name in peers}
    lines: list[str] = []
    for measure, best in (
        (("accuracy", max), ("log-loss", min)) if classes else (("RMSE", min), ("R²", max))
    ):
        values = {name: scores[measure] for name, (scores, _) in everyone.items()}
        top = f"{best(values.values()):.4g}"
        cells = [f"**{v:.4g}**" if f"{v:.4g}" == top else f"{v:.4g}" for v in values.values()]
        lines.append(f"| {path.stem} | {fit.rows['train']:,} | {measure} | {' | '.join(cells)} |")
    times = [f"{taken:.3g}" for _, taken in everyone.values()]
    lines.append(f"| | | seconds | {' | '.join(times)} |")
    print(*lines, sep="\n", flush=True)
    return lines


def machine() -> str:
    """Say in words what it ran on."""
    info = Path("/proc/cpuinfo")
    text = info.read_text() if info.exists() else ""
    model = next((x.split(":")[1].strip() for x in text.splitlines() if "model name" in x), "a CPU")
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--time", type=duration, default=15.0)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--without", nargs="*", default=[], help="peers to leave out")
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    peers = [name for name in PEERS if name not in arguments.without]
    heads = ["table", "training rows", "held-out", "hiddenlogic fit", *peers]
    lines = [
        "# Real tables",
        "",
        f"Held-out scores of `hiddenlogic fit --time {arguments.time:g}s` beside peers with their",
        "defaults, on the test rows of the tables' own split (best in bold); all in one run of",
        f"`benchmarks/real_tables.py` on {machine()}, shared with other",
        "work, so that the seconds are rough. No setting was changed for any table, and no column",
        "was left out without a note. The linear model and the MLP have scaled numbers, one-hot",
        "categories and a scaled target; LightGBM has categories as such, and gaps as they are.",
        "",
        f"| {' | '.join(heads)} |",
        f"|---|---:|---|{'---:|' * (len(peers) + 1)}",
    ]
    for path in sorted(arguments.folder.glob("*.parquet"), key=lambda file: file.stat().st_size):
        if not arguments.only or path.stem in arguments.only:
            lines += lines_of(path, arguments.time, peers)
            if arguments.output:
                arguments.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
