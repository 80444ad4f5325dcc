"""``hiddenlogic fit``: from a table to a trained network."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from hiddenlogic.cli.arguments import (
    Commands,
    add_reading,
    add_splitting,
    duration,
    encoding,
    kind,
    one_of,
    reading,
    whole_number,
)

_TASKS = ("auto", "regression", "binary", "multiclass")
_SCALES = ("auto", "standard", "log")
_EXAMPLES = """examples:
  hiddenlogic fit houses.csv --target price
  hiddenlogic fit churn.parquet --time 1m -o churn.safetensors
  hiddenlogic fit houses.csv --kind postcode=category --kind sold=date
  hiddenlogic fit visits.csv --target ill --group-column patient"""


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "fit",
        help="train networks on a table and keep the one worth keeping",
        description="Train baselines and a ladder of networks on a table within a time budget,"
        "\nand compare them on rows held out.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("file", metavar="FILE", help="CSV or Parquet")
    parser.add_argument("--target", metavar="COLUMN", help="what to predict (default: last column)")
    parser.add_argument(
        "--task",
        type=one_of("--task", _TASKS),
        default="auto",
        metavar="TASK",
        help=f"one of {', '.join(_TASKS)} (default: auto)",
    )
    parser.add_argument(
        "--time",
        type=duration,
        default=10.0,
        metavar="TIME",
        help="budget: 10, 10s, 2m, 500ms (default: 10s)",
    )
    parser.add_argument("--seed", type=whole_number("--seed", 0), default=0, help="(default: 0)")
    parser.add_argument(
        "-o",
        "--output",
        metavar="MODEL",
        default="model.safetensors",
        help="where the model goes (default: model.safetensors)",
    )
    parser.add_argument(
        "--kind",
        type=kind,
        action="append",
        default=[],
        metavar="COLUMN=KIND",
        help="what a column is; may be given more than once",
    )
    parser.add_argument(
        "--encode",
        type=encoding,
        action="append",
        default=[],
        metavar="COLUMN=ENCODING",
        help="what becomes of a column, such as age=quantile; an encoding alone is for every"
        " column that can have it; may be given more than once",
    )
    parser.add_argument(
        "--target-scale",
        type=one_of("--target-scale", _SCALES),
        default="auto",
        metavar="SCALE",
        help=f"of a number to predict: one of {', '.join(_SCALES)} (default: auto)",
    )
    parser.add_argument(
        "--threads",
        type=whole_number("--threads", 1),
        metavar="N",
        help="networks trained at a time (default: as many as usable cores)",
    )
    parser.add_argument(
        "--json", action="store_true", help="progress and result as JSON, one object a line"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")
    add_splitting(parser)
    add_reading(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fit, print, save."""
    from hiddenlogic.cli.output import check_output, keep
    from hiddenlogic.report.progress import progress
    from hiddenlogic.report.table_fit import table_fit_json, table_fit_text
    from hiddenlogic.search.fit_table import fit_table
    from hiddenlogic.search.interrupt import listening

    check_output(arguments.output, arguments.file)
    with listening() as interrupt:
        with progress(json_lines=arguments.json, quiet=arguments.quiet) as listener:
            fit = fit_table(
                arguments.file,
                target=arguments.target,
                task=arguments.task,
                seconds=arguments.time,
                seed=arguments.seed,
                kinds=dict(arguments.kind),
                encodings=dict(arguments.encode),
                groups=arguments.group_column,
                time_column=arguments.time_column,
                split_column=arguments.split_column,
                target_scale=arguments.target_scale,
                n_threads=arguments.threads,
                reading=reading(arguments),
                interrupt=interrupt,
                listener=listener,
            )
        saved = keep(fit.model, arguments.output)
    if arguments.json:
        print(json.dumps(table_fit_json(fit) | {"saved": str(saved)}, ensure_ascii=False))
    else:
        print(table_fit_text(fit))
        print(f"\nSaved `{saved}`. Predict with: hiddenlogic predict {saved} FILE")
    sys.stdout.flush()
    if saved != Path(arguments.output):
        return 2
    return 130 if fit.interrupted else 0
