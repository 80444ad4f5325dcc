"""A metric with its settings, and its key in the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hiddenlogic.errors import UnknownNameError
from hiddenlogic.metrics.over_rows import ROWS as OVER_ROWS
from hiddenlogic.metrics.over_sets import ROWS as OVER_SETS
from hiddenlogic.metrics.row import MetricRow
from hiddenlogic.registry import Registry, folded

ROWS: Registry[MetricRow] = Registry((*OVER_ROWS, *OVER_SETS))


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Metric:
    """A metric, its settings and its key.

    Parameters
    ----------
    name : str
        A name or alias from `ROWS`; an alias such as 'f1_macro' brings settings.
    key : str, optional
        What the history calls it; by default as `name` is written.
    **settings
        Those of the row by their names; left out, the defaults.

    Attributes
    ----------
    name : str
        Canonical name.
    settings : tuple of (str, number, str or None)
        All of them; None where the targets and the outputs decide.

    Raises
    ------
    UnknownNameError
        If there is no such metric, or it has no such setting.
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> Metric("f1_macro")
    Metric('fbeta_score', key='f1_macro', beta=1.0, threshold=None, average='macro')
    """

    name: str
    key: str
    settings: tuple[tuple[str, Any], ...]

    def __init__(self, name: str, key: str | None = None, **settings: Any) -> None:
        row = ROWS.find(name, "`metrics`")
        presets = {folded(alias): preset for alias, preset in row.presets.items()}
        given = {**presets.get(folded(name), {}), **settings}
        known = [setting.name for setting in row.settings]
        if unknown := [one for one in given if one not in known]:
            takes = f"takes {', '.join(known)}" if known else "takes no setting"
            raise UnknownNameError(f"{row.name} {takes}; got {unknown[0]!r}.")
        values: list[tuple[str, Any]] = []
        for setting in row.settings:
            is_open = setting.name in row.left_open
            value = given.get(setting.name, None if is_open else setting.default)
            if value is not None or not is_open:
                value = row.check(setting, value, row.keras or row.name)
            values.append((setting.name, value))
        object.__setattr__(self, "name", row.name)
        object.__setattr__(self, "key", name if key is None else key)
        object.__setattr__(self, "settings", tuple(values))

    @property
    def row(self) -> MetricRow:
        """The row of the registry that holds the formula."""
        return ROWS.find(self.name, "`metrics`")

    def called(self, key: str) -> Metric:
        """Return the same under another key."""
        return Metric(self.name, key, **self.get_config())

    def get_config(self) -> dict[str, Any]:
        """Return the settings that make an equal metric again, as plain data."""
        return dict(self.settings)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Metric) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def _parts(self) -> tuple[str, str, tuple[tuple[str, Any], ...]]:
        return self.name, self.key, self.settings

    def __repr__(self) -> str:
        arguments = [f"{self.name!r}, key={self.key!r}", *(f"{n}={v!r}" for n, v in self.settings)]
        return f"Metric({', '.join(arguments)})"
