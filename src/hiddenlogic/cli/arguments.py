"""The parser of arguments, with messages in the house's form, and the arguments commands share."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, cast

from hiddenlogic.errors import did_you_mean

Commands = Any
"""What `add_subparsers` returns; argparse keeps its class private."""

_UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)\s*([a-z]*)")


class Parser(argparse.ArgumentParser):
    """argparse whose refusals say what was expected, what was got, and the way out."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings
        )

    def parse_known_args(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, args: Any = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Parse, and let the command itself refuse what it does not know: it knows its options."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {unknown[0]}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Print one message and leave with exit code 2."""
        text = self._in_house_form(message)
        print(f"hiddenlogic: {text} See '{self.prog} --help'.", file=sys.stderr)
        raise SystemExit(2)

    def _in_house_form(self, message: str) -> str:
        """Reword what argparse itself refuses; our own messages only lose its prefix."""
        if unknown := re.fullmatch(r"unrecognized arguments: (\S+).*", message, re.DOTALL):
            name = unknown[1].split("=")[0]
            return f"`{name}` is not an argument of this command." + did_you_mean(
                name, self.options()
            )
        if choice := re.match(r"argument COMMAND: invalid choice: '(.*?)' \(choose", message):
            return (
                f"`COMMAND` must be one of fit, predict, show; got {choice[1]!r}."
                + did_you_mean(choice[1], ("fit", "predict", "show"))
            )
        if both := re.fullmatch(r"argument (\S+): not allowed with argument (\S+)", message):
            return f"`{both[1]}` cannot go with `{both[2]}`."
        if missing := re.fullmatch(r"the following arguments are required: (.*)", message):
            return f"An argument is missing: {missing[1]}."
        if lonely := re.fullmatch(r"argument (\S+?)(/\S+)?: expected one argument", message):
            return f"`{lonely[1]}` must be followed by a value."
        return re.sub(r"^argument [^:]+: ", "", message)

    def options(self) -> list[str]:
        """Options of this parser and of its commands."""
        options: list[str] = []
        for action in self._actions:
            options += action.option_strings
            commands: object = action.choices
            if isinstance(commands, dict):
                for command in cast("dict[str, Parser]", commands).values():
                    options += command.options()
        return options


def one_of(name: str, choices: Sequence[str]) -> Callable[[str], str]:
    """A reader of one word out of a few; signs among them are quoted."""
    named = ", ".join(one if one.isalpha() else repr(one) for one in choices)

    def read(text: str) -> str:
        if text in choices:
            return text
        raise argparse.ArgumentTypeError(
            f"`{name}` must be one of {named}; got {text!r}." + did_you_mean(text, choices)
        )

    return read


def whole_number(name: str, least: int) -> Callable[[str], int]:
    """A reader of a whole number from `least` to what 63 bits hold."""

    def read(text: str) -> int:
        if re.fullmatch(r"\d{1,19}", text, re.ASCII) and least <= int(text) < 2**63:
            return int(text)
        raise argparse.ArgumentTypeError(
            f"`{name}` must be a whole number of at least {least}; got {text!r}."
        )

    return read


def duration(text: str) -> float:
    """Read a time: 10, 10s, 2m, 500ms.

    Parameters
    ----------
    text : str

    Returns
    -------
    float
        Seconds, greater than 0.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is anything else.

    Examples
    --------
    >>> duration("10"), duration("1.5m"), duration("500ms")
    (10.0, 90.0, 0.5)
    """
    match = _DURATION.fullmatch(text.strip().lower())
    if match and match[2] in _UNITS:
        value = float(match[1]) * _UNITS[match[2]]
        if 0 < value < math.inf:
            return value
    raise argparse.ArgumentTypeError(
        f"`--time` must be a time greater than 0, such as 10, 10s, 2m or 500ms; got {text!r}."
    )


def kind(text: str) -> tuple[str, str]:
    """Read COLUMN=KIND; the column's name may hold equals signs itself."""
    column, sign, name = text.rpartition("=")
    if column and sign and name:
        return column, name
    raise argparse.ArgumentTypeError(
        f"`--kind` must be COLUMN=KIND, such as postcode=category; got {text!r}."
    )


def add_splitting(parser: argparse.ArgumentParser) -> None:
    """The arguments that say how rows are shared out between training, choice and verdict."""
    ways = parser.add_argument_group(
        "splitting the rows (at random if not given)"
    ).add_mutually_exclusive_group()
    ways.add_argument(
        "--split-column", metavar="COLUMN", help="holds train, val or test for each row"
    )
    ways.add_argument(
        "--group-column", metavar="COLUMN", help="names groups, such as patients, to keep whole"
    )
    ways.add_argument(
        "--time-column",
        metavar="COLUMN",
        help="says when each row was: train on the earliest, hold out the latest",
    )


def encoding(text: str) -> tuple[str, str]:
    """Read COLUMN=ENCODING, or an encoding alone, which is for every column: '*'."""
    column, sign, name = text.rpartition("=")
    if name and (column or not sign):
        return column or "*", name
    raise argparse.ArgumentTypeError(
        f"`--encode` must be COLUMN=ENCODING, such as age=quantile; got {text!r}."
    )


def add_reading(parser: argparse.ArgumentParser) -> None:
    """The arguments of everything that reads a table."""
    group = parser.add_argument_group("reading the table (found out if not given)")
    group.add_argument("--delimiter", metavar="CHAR", help="between cells: ',', ';', tab, …")
    group.add_argument(
        "--decimal",
        metavar="CHAR",
        type=one_of("--decimal", (".", ",")),
        help="decimal sign: '.' or ','",
    )
    group.add_argument("--encoding", metavar="NAME", help="utf-8, latin-1, …")
    group.add_argument(
        "--quote",
        metavar="CHAR",
        type=one_of("--quote", ('"', "'", "none")),
        help="around cells: '\"', \"'\" or none",
    )
    group.add_argument(
        "--missing",
        metavar="TEXT",
        action="append",
        help="a cell that means 'missing', in place of the usual ones; may be given more than once",
    )


def reading(arguments: argparse.Namespace) -> dict[str, Any]:
    """What `add_reading` has read, as arguments of `read_table`."""
    names = ("delimiter", "decimal", "encoding", "quote", "missing")
    found = {name: getattr(arguments, name) for name in names}
    return {name: value for name, value in found.items() if value is not None}
