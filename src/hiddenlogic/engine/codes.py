"""Category codes, checked before the core looks anything up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import DataError
from hiddenlogic.network import Network

_ROWS_AT_ONCE = 1 << 16


def check_codes(network: Network, inputs: NDArray[Any]) -> None:
    """Refuse rows in which an Embedding would read what is none of its codes.

    Parameters
    ----------
    network : Network
    inputs : ndarray, shape (n, features)

    Raises
    ------
    DataError
        If such a cell is no whole number from 0 to input_dim - 1; a NaN is none.
    """
    for node, places in network.codes:
        count = network.nodes[node].layer.n_codes
        assert count is not None
        for start in range(0, len(inputs), _ROWS_AT_ONCE):
            codes = inputs[start : start + _ROWS_AT_ONCE, places].astype(np.float64)
            right = (codes >= 0) & (codes < count) & (codes == np.floor(codes))
            if right.all():
                continue
            row, column = (int(i) for i in np.argwhere(~right)[0])
            raise DataError(
                f"The inputs have {codes[row, column]:.12g} in row {start + row}, column "
                f"{places.start + column}, where {network.label(node)} reads category codes: "
                f"whole numbers from 0 to {count - 1}. Number the categories so, or give it "
                "another input_dim."
            )
