"""Predictions of a network with given weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import _core
from hiddenlogic.engine.codes import check_codes
from hiddenlogic.engine.instruction_set import isa
from hiddenlogic.engine.lowering import checked_dtype, lower
from hiddenlogic.engine.threads import default_threads
from hiddenlogic.engine.weights import Weights, checked_weights
from hiddenlogic.errors import ShapeError
from hiddenlogic.network import Network

_ROWS_AT_ONCE = 1 << 16
"""How many rows are converted at a time: some megabytes, whatever the number of rows."""


def checked_inputs(network: Network, inputs: object, dtype: str) -> NDArray[Any]:
    """Return the inputs as a contiguous (n, features) array of `dtype`."""
    return np.ascontiguousarray(_checked_shape(network, inputs), dtype=dtype)


def _checked_shape(network: Network, inputs: object) -> NDArray[Any]:
    array = np.asarray(inputs)
    if array.ndim != 2 or array.shape[1] != network.n_inputs:
        raise ShapeError(
            f"`inputs` must have the shape (rows, {network.n_inputs}); got {array.shape}."
        )
    check_codes(network, array)
    return array


def predicted_rows(
    core: _core.PredictorFloat32 | _core.TrainerFloat32,
    network: Network,
    inputs: object,
    dtype: str,
) -> NDArray[Any]:
    """Return the outputs (n, outputs) of what holds a program and weights.

    Rows that the core cannot read in place are converted some at a time, so that the memory needed
    beside inputs and outputs does not grow with their number.
    """
    rows = _checked_shape(network, inputs)
    if rows.dtype == dtype and rows.flags.c_contiguous and len(rows) > 0:
        return core.predict(rows)
    outputs = np.empty((len(rows), network.n_outputs), dtype)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        outputs[start : start + len(part)] = core.predict(np.ascontiguousarray(part, dtype=dtype))
    return outputs


class Predictor:
    """A network and its weights, compiled once; a single row takes microseconds.

    Callers in several threads may share one: they take turns.

    Parameters
    ----------
    network : Network
    weights : sequence of ndarray
        In the order of get_weights().
    dtype : {"float32", "float64"}
        What is computed in.
    n_threads : int, optional
        At most; default every core this process may use.

    Raises
    ------
    ShapeError, DataError
        If the weights do not fit the network, or hold a NaN.

    Examples
    --------
    >>> from hiddenlogic.layers import Dense
    >>> line = Network.sequential(1, [Dense(1)])
    >>> Predictor(line, [np.array([[2.0]]), np.array([3.0])]).predict(np.array([[10.0]])).item()
    23.0
    """

    def __init__(
        self,
        network: Network,
        weights: Weights,
        *,
        dtype: str = "float32",
        n_threads: int | None = None,
    ) -> None:
        self._network = network
        self._dtype = checked_dtype(dtype)
        make = _core.PredictorFloat32 if dtype == "float32" else _core.PredictorFloat64
        self._core = make(
            lower(network, self._dtype),
            isa(),
            default_threads(n_threads),
            checked_weights(network, weights, dtype),
        )

    def predict(self, inputs: object) -> NDArray[Any]:
        """Return the outputs for rows of inputs.

        Parameters
        ----------
        inputs : array_like, shape (n, features)
            Converted to the dtype of the predictor; NaN gives NaN.

        Returns
        -------
        ndarray, shape (n, outputs)
            A row's numbers do not depend on the rows beside it.

        Raises
        ------
        ShapeError
            If `inputs` has another shape.
        DataError
            If an Embedding reads what is no code of its own.
        """
        return predicted_rows(self._core, self._network, inputs, self._dtype)


def predict(
    network: Network,
    weights: Weights,
    inputs: object,
    *,
    dtype: str = "float32",
    n_threads: int | None = None,
) -> NDArray[Any]:
    """Return the outputs of a network; see `Predictor`, which this makes for one call."""
    return Predictor(network, weights, dtype=dtype, n_threads=n_threads).predict(inputs)
