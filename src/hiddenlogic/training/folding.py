"""Fold the scaling of inputs and targets into the weights, so that they read in the user's units.

A network trained on scaled inputs ``u = (x - mean_x) / std_x`` and scaled targets
``v = (y - mean_y) / std_y`` is the same function of `x` as one whose first and last Dense layers
carry the scaling:

    first:  kernel <- kernel / std_x[:, None]     bias <- bias - (mean_x / std_x) @ kernel
    last:   kernel <- kernel * std_y              bias <- bias * std_y + mean_y
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hiddenlogic.errors import DataError, ShapeError

Weights = Sequence[NDArray[np.floating[Any]]]


@dataclass(frozen=True)
class Scaling:
    """The affine map ``(values - mean) / std``, one pair of numbers a column.

    Attributes
    ----------
    mean : ndarray of float64, shape (n_columns,)
        In the unit of the column.
    std : ndarray of float64, shape (n_columns,)
        In the unit of the column; finite and greater than 0.
    """

    mean: NDArray[np.float64]
    std: NDArray[np.float64]

    def apply(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return `values` of shape (n, n_columns), or (n,) for one column, scaled."""
        return (np.asarray(values, dtype=np.float64) - self.mean) / self.std

    def undo(self, scaled: ArrayLike) -> NDArray[np.float64]:
        """Return `scaled` values in the unit of their columns: the inverse of `apply`."""
        return np.asarray(scaled, dtype=np.float64) * self.std + self.mean


def standardise(values: ArrayLike) -> Scaling:
    """Measure the mean and the standard deviation of each column.

    Parameters
    ----------
    values : array_like of numbers, shape (n, n_columns) or (n,)
        Training rows only: a statistic of validation rows would leak into the training.
        One dimension is one column.

    Returns
    -------
    Scaling
        `mean` and `std`, each of shape (n_columns,). A constant column has the standard
        deviation 1, so that it becomes a column of zeros and not of NaN.

    Raises
    ------
    ShapeError
        If `values` has no rows, or neither one nor two dimensions.
    DataError
        If a value is NaN or infinite; the message says in which row and column.

    Notes
    -----
    The standard deviation divides by n, not by n - 1: it is a unit of length here and estimates
    nothing. A column counts as constant when its spread is what rounding leaves of equal numbers.

    Examples
    --------
    >>> from hiddenlogic.training.folding import standardise
    >>> scaling = standardise([1.0, 3.0, 5.0])
    >>> scaling.mean, scaling.apply([3.0])
    (array([3.]), array([0.]))
    """
    columns = np.asarray(values, dtype=np.float64)
    if columns.ndim == 1:
        columns = columns[:, None]
    if columns.ndim != 2 or len(columns) == 0:
        raise ShapeError(
            "`values` must have the shape (n, n_columns) or (n,) with at least one row; "
            f"got the shape {np.shape(values)}."
        )
    bad = np.argwhere(~np.isfinite(columns))
    if len(bad):
        row, column = (int(index) for index in bad[0])
        raise DataError(
            f"`values` must be finite numbers; got {columns[row, column]} in row {row}, "
            f"column {column}. Drop that row, or fill the cell."
        )
    mean = columns.mean(axis=0)
    std = columns.std(axis=0)
    # Rounding of the mean alone leaves at most a few eps of its size in a constant column.
    constant = std <= 8 * np.finfo(np.float64).eps * np.abs(mean)
    return Scaling(mean=mean, std=np.where(constant, 1.0, std))


def fold(
    weights: Weights,
    inputs: Scaling | None = None,
    targets: Scaling | None = None,
    *,
    last_activation: str = "linear",
) -> list[NDArray[np.float64]]:
    """Return the weights of the network that reads raw inputs and answers in the target's unit.

    Parameters
    ----------
    weights : sequence of ndarray
        As `get_weights()` returns them for a chain of Dense layers with biases: kernel
        (inputs, units) and bias (units,) by turns. Left as they are.
    inputs : Scaling, optional
        The scaling that the inputs went through; None when they went through none.
    targets : Scaling, optional
        The scaling that the targets went through; None when they went through none.
    last_activation : str, default 'linear'
        The activation of the last layer: a scaled target can be folded through a linear one only.

    Returns
    -------
    list of ndarray of float64
        Kernel and bias by turns, in the order and the shapes of `weights`.

    Raises
    ------
    ShapeError
        If `weights` is not kernel and bias by turns, or a scaling has not one column for each
        input or output of the network.
    DataError
        If `targets` is given and `last_activation` is not 'linear'.

    Notes
    -----
    Exact but for the rounding of float64. Input scaling is folded into the first layer whatever
    its activation is, because it acts on the pre-activation.

    Examples
    --------
    Six points of y = 2x + 3, learned as v = u in scaled units:

    >>> import numpy as np
    >>> from hiddenlogic.training.folding import fold, standardise
    >>> x = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0])
    >>> kernel, bias = fold(
    ...     [np.array([[1.0]]), np.array([0.0])], standardise(x), standardise(2 * x + 3)
    ... )
    >>> print(f"y = {kernel.item():.3f}·x + {bias.item():.3f}")
    y = 2.000·x + 3.000
    """
    folded = [np.array(array, dtype=np.float64) for array in weights]
    _check_chain(folded)
    if inputs is not None:
        _check_columns("inputs", inputs, folded[0].shape[0])
        kernel, bias = folded[0], folded[1]
        folded[0] = kernel / inputs.std[:, None]
        folded[1] = bias - (inputs.mean / inputs.std) @ kernel
    if targets is not None:
        if last_activation != "linear":
            raise DataError(
                "Scaled targets fold into the last layer only when its activation is 'linear'; "
                f"got {last_activation!r}. Leave the targets as they are, "
                "or undo the scaling on the predictions."
            )
        _check_columns("targets", targets, folded[-1].shape[0])
        folded[-2] = folded[-2] * targets.std
        folded[-1] = folded[-1] * targets.std + targets.mean
    return folded


def _check_chain(weights: list[NDArray[np.float64]]) -> None:
    """Refuse what is not kernel and bias by turns, each layer as wide as the next one's input."""
    shapes = [array.shape for array in weights]
    width = shapes[0][0] if shapes and len(shapes[0]) == 2 else 0
    good = len(shapes) > 0 and len(shapes) % 2 == 0
    for kernel, bias in zip(shapes[::2], shapes[1::2], strict=False):
        good = good and len(kernel) == 2 and kernel[0] == width and bias == (kernel[1],)
        width = kernel[-1] if kernel else 0
    if not good:
        raise ShapeError(
            "`weights` must be a kernel (inputs, units) and a bias (units,) by turns, as "
            f"get_weights() returns them for Dense layers; got the shapes {shapes}."
        )


def _check_columns(name: str, scaling: Scaling, n: int) -> None:
    """Refuse a scaling whose number of columns is not that of the network's inputs or outputs."""
    if scaling.mean.shape != (n,) or scaling.std.shape != (n,):
        raise ShapeError(
            f"`{name}` must scale {n} column{'s' * (n != 1)}, as many as the network has {name}; "
            f"got {scaling.mean.size}."
        )
