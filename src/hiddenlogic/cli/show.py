"""``hiddenlogic show``: what is in a model file."""

from __future__ import annotations

import argparse

from hiddenlogic.cli.arguments import Commands


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "show",
        help="show what is in a model file",
        description="Show the layers, shapes, columns and training of a model file.",
    )
    parser.add_argument("model", metavar="MODEL", help="written by 'hiddenlogic fit'")
    parser.add_argument("--weights", action="store_true", help="show every weight")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read and print."""
    from hiddenlogic.formats.safetensors import read
    from hiddenlogic.report.structure import structure_text

    print(structure_text(read(arguments.model), weights=arguments.weights), flush=True)
    return 0
