"""Ways for numbers into a network, each a small frozen class with a row of a registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.encodings.encoding import Encoding
from hiddenlogic.table.encodings.logarithm import LogScale
from hiddenlogic.table.encodings.periodic import Periodic
from hiddenlogic.table.encodings.piecewise import PiecewiseLinear
from hiddenlogic.table.encodings.quantile import QuantileNormal
from hiddenlogic.table.encodings.robust import RobustScale
from hiddenlogic.table.encodings.rows import ROWS, EncodingRow, rows_of
from hiddenlogic.table.encodings.standard import StandardScale
from hiddenlogic.table.encodings.unscaled import Unscaled

_OF_NUMBERS = (
    RobustScale,
    StandardScale,
    QuantileNormal,
    LogScale,
    PiecewiseLinear,
    Periodic,
    Unscaled,
)
FIT: dict[str, Callable[[NDArray[np.float64], str], Encoding]] = {
    one.name: one.fit for one in _OF_NUMBERS
}
_FROM_JSON: dict[str, Callable[[object, str], Encoding]] = {
    one.name: one.from_json for one in _OF_NUMBERS
}


def encoding_from_json(data: object, where: str) -> Encoding:
    """Check plain data and return the encoding that it names."""
    entries = cast("dict[object, object]", data) if isinstance(data, dict) else {}
    name = plain.text(entries.get("name"), f"{where}.name", tuple(_FROM_JSON))
    return _FROM_JSON[name](entries, where)


__all__ = [
    "FIT",
    "ROWS",
    "Encoding",
    "EncodingRow",
    "encoding_from_json",
    "rows_of",
]
