"""Ordered rows that are looked up by name, and the ranges of the numbers that they take.

An activation, a loss, an optimizer … is one frozen row in one `Registry`. Validation, messages,
JSON, the C++ tables and the tests loop over these rows, so a new row reaches all of them.
"""

from __future__ import annotations

import functools
import inspect
import math
import numbers
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, cast

from hiddenlogic.errors import RangeError, UnknownNameError, did_you_mean


class NamedRow(Protocol):
    """What a row needs for being looked up."""

    @property
    def name(self) -> str:
        """The canonical name."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names that are taken."""
        ...


Row = TypeVar("Row", bound=NamedRow)
Class = TypeVar("Class")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def folded(name: str) -> str:
    """Fold a spelling, so that 'MeanSquaredError' and 'mean_squared_error' are one name."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


class Registry(Generic[Row]):
    """Rows in a fixed order, found by name or alias.

    Parameters
    ----------
    rows : iterable of rows
        Each has a `name` and `aliases`. Capitals, hyphens and underscores do not matter in a
        look-up: Keras's class names ('MeanSquaredError') and function names
        ('mean_squared_error') find the same row.

    Examples
    --------
    >>> from hiddenlogic.activations import ROWS
    >>> ROWS.find("swish", "`activation`").name
    'silu'
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = tuple(rows)
        self._by_name: dict[str, Row] = {}
        for row in self._rows:
            for name in (row.name, *row.aliases):
                if self._by_name.setdefault(folded(name), row) is not row:
                    raise ValueError(f"two rows answer to the name {name!r}")

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and folded(name) in self._by_name

    @property
    def names(self) -> tuple[str, ...]:
        """The canonical names, in the order of the rows."""
        return tuple(row.name for row in self._rows)

    def index(self, name: str) -> int:
        """Return the place of the row called `name`, which is also its number in the C++ core."""
        return self._rows.index(self._by_name[folded(name)])

    def find(self, name: object, argument: str) -> Row:
        """Return the row that answers to `name`.

        Parameters
        ----------
        name : object
            What the user wrote; anything but a known string is refused.
        argument : str
            What the message calls the argument, e.g. ``"`activation` of Dense"``.

        Raises
        ------
        UnknownNameError
            If no row answers to `name`.
        """
        if isinstance(name, str) and (row := self._by_name.get(folded(name))) is not None:
            return row
        raise UnknownNameError(
            f"{argument} must be one of {', '.join(sorted(self.names))}; got {name!r}."
            + self._nearest(name)
        )

    def make(
        self,
        spec: object,
        argument: str,
        base: type[Class],
        classes: Mapping[str, Callable[..., Class]],
        settings: Mapping[str, object] | None = None,
        *,
        flat: bool = False,
    ) -> Class:
        """Return `spec` if it is made already; else an object of the class that it says.

        Parameters
        ----------
        spec : str, object, class or mapping
            A name; an object of `base`, which is returned as it is; one of the classes; or a name
            with a config, as model files hold them.
        argument : str
            What messages call the argument.
        base : class
            What all of the classes are derived from.
        classes : mapping of str to class
            The class of each row, by the row's name.
        settings : mapping of str to object, optional
            Arguments for the class; those left out have its defaults. A mapping brings its own.
        flat : bool
            Whether the settings stand beside the name in a mapping, with no config around them.

        Raises
        ------
        UnknownNameError
            If no row answers to the name, or the class has no such setting.
        RangeError
            If a mapping has no name or no config, or a setting is out of its range.
        """
        if isinstance(spec, base):
            return spec
        if isinstance(spec, Mapping):
            spec, settings = _read(cast("Mapping[object, object]", spec), argument, flat)
        found = next((one for one in classes.values() if spec is one), None)
        if found is None:
            found = classes[self.find(spec, argument).name]
        return found(**(settings or {}))

    def _nearest(self, name: object) -> str:
        """Suggest over names and aliases, but say the spelling that the row goes by."""
        if not isinstance(name, str):
            return ""
        spellings = {alias: row.name for row in self._rows for alias in (row.name, *row.aliases)}
        return did_you_mean(name, spellings)


def _read(
    spec: Mapping[object, object], argument: str, flat: bool
) -> tuple[object, Mapping[str, object]]:
    """Return the name and the settings that a mapping holds, or raise RangeError."""
    fields = {str(key): one for key, one in spec.items()}
    if flat and "name" in fields:
        return fields.pop("name"), fields
    config = fields.get("config")
    if not flat and set(fields) == {"name", "config"} and isinstance(config, Mapping):
        return fields["name"], cast("Mapping[str, object]", config)
    due = "a name" if flat else "a name and a config"
    raise RangeError(f"{argument} must have {due}; got {sorted(fields)}.")


@dataclass(frozen=True)
class Parameter:
    """A number that a row takes: its name, default and range.

    Parameters
    ----------
    name : str
        The keyword.
    default : float
        The value when the user gives none.
    low, high : float
        The ends of the range.
    low_included, high_included : bool
        Whether an end itself is allowed.
    finite : bool
        Whether infinity is refused.
    """

    name: str
    default: float
    low: float = -math.inf
    high: float = math.inf
    low_included: bool = False
    high_included: bool = False
    finite: bool = True

    @property
    def words(self) -> str:
        """The range in words, e.g. 'a number of at least 0 and less than 1'."""
        bounds: list[str] = []
        if self.low > -math.inf:
            bounds.append(f"{'of at least' if self.low_included else 'greater than'} {self.low:g}")
        if self.high < math.inf:
            bounds.append(f"{'at most' if self.high_included else 'less than'} {self.high:g}")
        kind = "a number" if len(bounds) == 2 or not self.finite else "a finite number"
        return " ".join([kind, " and ".join(bounds)]).strip()

    def check(self, value: object, owner: str) -> float:
        """Return `value` as a float.

        Raises
        ------
        RangeError
            If `value` is not a finite number in the range (True and False are not numbers here).
        """
        if not isinstance(value, bool) and isinstance(value, (float, int, numbers.Real)):
            number = _as_float(value)
            above = number >= self.low if self.low_included else number > self.low
            below = number <= self.high if self.high_included else number < self.high
            if above and below and (math.isfinite(number) or not self.finite):
                return number
        raise RangeError(f"`{self.name}` of {owner} must be {self.words}; got {value!r}.")

    def check_each(self, value: object, owner: str) -> tuple[float, ...]:
        """Return one number, or the numbers of a sequence, as a tuple.

        Raises
        ------
        RangeError
            If one is not a finite number in the range, or there is none.
        """
        if isinstance(value, str) or not isinstance(value, Iterable):
            return (self.check(value, owner),)
        each = tuple(cast("Iterable[object]", value))
        if not each:
            raise RangeError(
                f"`{self.name}` of {owner} must be {self.words}, or several; got {value!r}."
            )
        return tuple(self.check(one, owner) for one in each)


def _as_float(value: Any) -> float:
    """Convert, with infinity for a whole number beyond what a float can hold."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def check_count(value: object, argument: str, least: int = 1) -> int:
    """Return `value` as an int of at least `least`; 1.5, '3' and True are refused.

    Raises
    ------
    RangeError
        If `value` is not such a whole number.
    """
    if not isinstance(value, bool) and isinstance(value, (int, numbers.Integral)):
        count = int(value)
        if count >= least:
            return count
    raise RangeError(f"{argument} must be a whole number of at least {least}; got {value!r}.")


def check_flag(value: object, argument: str) -> bool:
    """Return `value` if it is True or False.

    Raises
    ------
    RangeError
        If it is anything else.
    """
    if isinstance(value, bool):
        return value
    raise RangeError(f"{argument} must be True or False; got {value!r}.")


def _explaining(
    function: Callable[Arguments, Result], owner: str, old_names: Mapping[str, str]
) -> Callable[Arguments, Result]:
    """Wrap a method so that a misspelt keyword gets a sentence instead of a bare TypeError."""
    known = tuple(inspect.signature(function).parameters)[1:]

    @functools.wraps(function)
    def explaining(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        for old, new in old_names.items():
            if old in kwargs and new not in kwargs:
                kwargs[new] = kwargs.pop(old)
        for name in kwargs:
            if name not in known:
                takes = f"it takes {', '.join(known)}" if known else "it takes none"
                raise UnknownNameError(
                    f"{owner} has no argument `{name}`; {takes}." + did_you_mean(name, known)
                )
        return function(*args, **kwargs)

    return explaining


def explains_keywords(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Decorate a method so that a keyword that it does not take gets a sentence."""
    return _explaining(function, function.__name__, {})


def explains_arguments(
    renamed: Mapping[str, str] | None = None,
) -> Callable[[type[Class]], type[Class]]:
    """Decorate a class so that a keyword that it does not take gets a sentence.

    Parameters
    ----------
    renamed : mapping of str to str, optional
        Old spellings that are still taken, such as ``{"lr": "learning_rate"}``.
    """

    def decorate(cls: type[Class]) -> type[Class]:
        plain: Callable[..., None] = cls.__init__
        # setattr, because assigning to __init__ of a type variable is beyond the type checker.
        setattr(cls, "__init__", _explaining(plain, cls.__name__, renamed or {}))  # noqa: B010
        return cls

    return decorate
