"""``hiddenlogic predict``: new rows through a saved model."""

from __future__ import annotations

import argparse
import io
import sys

from hiddenlogic.cli.arguments import Commands, add_reading, reading


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "predict",
        help="predict the rows of a table with a saved model",
        description="Predict the rows of a table: CSV with one line a row, in their order.",
    )
    parser.add_argument("model", metavar="MODEL", help="written by 'hiddenlogic fit'")
    parser.add_argument("file", metavar="FILE", help="CSV or Parquet with the model's columns")
    parser.add_argument(
        "-o", "--output", metavar="CSV", help="where predictions go (default: standard output)"
    )
    parser.add_argument(
        "--median",
        action="store_true",
        help="medians in place of means, where the model was taught logarithms",
    )
    add_reading(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, predict, write."""
    from hiddenlogic.cli.output import check_output
    from hiddenlogic.formats.atomic import write_atomically
    from hiddenlogic.models.table_model import TableModel
    from hiddenlogic.table import read_table

    if arguments.output:
        check_output(arguments.output, arguments.model, arguments.file)
    model = TableModel.load(arguments.model)
    table = read_table(arguments.file, text=model.preparation.text_columns, **reading(arguments))
    for warning in model.preparation.warnings(table.frame):
        print(f"Note: {warning}", file=sys.stderr)
    text = io.BytesIO()
    model.predict(table, median=arguments.median).write_csv(text)
    if arguments.output:
        write_atomically(arguments.output, text.getvalue())
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.getbuffer())
        sys.stdout.buffer.flush()
    return 0
