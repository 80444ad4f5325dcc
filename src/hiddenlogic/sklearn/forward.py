"""A fitted network, compiled for predictions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import Predictor
from hiddenlogic.network import Network

Array = NDArray[Any]
_ROWS_AT_ONCE = 1 << 16
"""Sparse rows that are made dense at a time."""


class Compiled:
    """Keeps the last predictor while network and weights are what it was made of.

    Users may change the arrays of an estimator in place: they are compared, which takes less time
    than compiling. Copies and pickles are empty.
    """

    def __init__(self) -> None:
        self._made_of: tuple[Network, str, list[Array]] | None = None
        self._predictor: Predictor | None = None

    def __reduce__(self) -> tuple[type[Compiled], tuple[()]]:
        return Compiled, ()

    def outputs(
        self, network: Network, weights: list[Array], rows: Any, n_threads: int | None
    ) -> Array:
        """Return the outputs, float32 where rows and weights are.

        Parameters
        ----------
        network : Network
        weights : list of ndarray
        rows : ndarray or sparse matrix, shape (n, features)
        n_threads : int or None
        """
        dtype = str(np.result_type(np.float32, rows.dtype, weights[0].dtype))
        predictor = self._ready(network, dtype, weights)
        if predictor is None:
            predictor = Predictor(network, weights, dtype=dtype, n_threads=n_threads)
            self._made_of = network, dtype, [one.copy() for one in weights]
            self._predictor = predictor
        parts = [predictor.predict(part) for part in _dense_parts(rows)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _ready(self, network: Network, dtype: str, weights: list[Array]) -> Predictor | None:
        if self._made_of is None:
            return None
        of, in_dtype, known = self._made_of
        same = of is network and in_dtype == dtype and all(map(np.array_equal, known, weights))
        return self._predictor if same else None


def dense(rows: Any) -> Array:
    """Return rows as an array, whether they are sparse or not."""
    return rows.toarray() if hasattr(rows, "toarray") else rows


def _dense_parts(rows: Any) -> Iterator[Array]:
    """Yield all rows, those of a sparse matrix some at a time."""
    if not hasattr(rows, "tocsr"):
        yield rows
        return
    sparse = rows.tocsr()
    for start in range(0, sparse.shape[0], _ROWS_AT_ONCE):
        yield sparse[start : start + _ROWS_AT_ONCE].toarray()
