"""The command line: one file a command; parse, call, print.

Nothing heavy is imported before a command runs, so that help comes at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from hiddenlogic.cli import fit, predict, show
from hiddenlogic.cli.arguments import Parser
from hiddenlogic.errors import HiddenLogicError

GOOD, REFUSED, INTERRUPTED = 0, 2, 130
"""Exit codes."""

_COMMANDS = (fit, predict, show)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; those of this process if not given.

    Returns
    -------
    int
        0: good. 2: wrong usage or unusable data, with one message on standard error.
        130: interrupted by Ctrl-C.

    Raises
    ------
    SystemExit
        After help, the version, or a message about wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no arrows or rules gets question marks, not a traceback.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        arguments = _parser().parse_args(argv)
        return arguments.run(arguments)
    except HiddenLogicError as refusal:
        print(f"hiddenlogic: {refusal}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("hiddenlogic: interrupted; nothing was written.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of standard output has all it wanted.
        _forget_output()
        return GOOD
    except OSError as error:
        _forget_output()
        print(f"hiddenlogic: the output cannot be written: {error.strerror}.", file=sys.stderr)
        return REFUSED


def _forget_output() -> None:
    """Send what is still to be written nowhere: Python would complain about it at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog="hiddenlogic",
        description="From a table to the dense neural network behind it.",
        epilog="'hiddenlogic COMMAND --help' says more about a command.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser


def _version() -> str:
    """Program and version."""
    from hiddenlogic import __version__

    return f"hiddenlogic {__version__}"
