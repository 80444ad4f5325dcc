"""Penalties on weights and on outputs of layers, added to the loss.

The penalty is part of the loss that `fit` reports, as in Keras. Where a factor is a schedule,
held-out rows and `evaluate` have its first value, so that their losses can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from hiddenlogic import schedules
from hiddenlogic.errors import UnknownNameError
from hiddenlogic.registry import Parameter, Registry, explains_arguments
from hiddenlogic.schedules import Number


@dataclass(frozen=True)
class RegularizerRow:
    """All that is known of a regularizer of the weights w.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers, in the order of the arguments.
    elementwise : bool
        Whether each weight is penalised by itself, whatever the others are: then vectors of
        weights and outputs of layers can have it too.
    formula, keras, source : str
        The penalty, what Keras calls it, and where it was published.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    elementwise: bool
    formula: str
    keras: str
    source: str


def _factor(name: str, default: float) -> Parameter:
    return Parameter(name, default, low=0.0, low_included=True)


ROWS: Registry[RegularizerRow] = Registry(
    (
        RegularizerRow(
            name="l1",
            aliases=("lasso",),
            parameters=(_factor("l1", 0.01),),
            elementwise=True,
            formula="l1 * sum(|w|); its gradient is l1 * sign(w), 0 at 0",
            keras="L1",
            source="Tibshirani (1996), doi:10.1111/j.2517-6161.1996.tb02080.x",
        ),
        RegularizerRow(
            name="l2",
            aliases=("ridge",),
            parameters=(_factor("l2", 0.01),),
            elementwise=True,
            formula="l2 * sum(w**2), without a half: its gradient is 2 * l2 * w",
            keras="L2",
            source="Hoerl and Kennard (1970), doi:10.1080/00401706.1970.10488634",
        ),
        RegularizerRow(
            name="l1_l2",
            aliases=("elastic_net",),
            parameters=(_factor("l1", 0.0), _factor("l2", 0.0)),
            elementwise=True,
            formula="l1 * sum(|w|) + l2 * sum(w**2)",
            keras="L1L2",
            source="Zou and Hastie (2005), doi:10.1111/j.1467-9868.2005.00503.x",
        ),
        RegularizerRow(
            name="orthogonal",
            aliases=("orthogonal_regularizer",),
            parameters=(_factor("factor", 0.01),),
            elementwise=False,
            formula="factor * mean over pairs i < j of |n_i . n_j|, n_i being row (or column) i of "
            "w times min(1 / |w_i|, 1e7), and sign(0) = 0; nothing where there is one row",
            keras="OrthogonalRegularizer",
            source="Keras 3: half of the sum over i != j, divided by the number of pairs; compare "
            "Brock et al. (2017), arXiv:1609.07093, equation 3, which does not normalise",
        ),
    )
)


@dataclass(frozen=True)
class Regularizer:
    """Base of the regularizers: a row of the registry and its numbers."""

    name: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for parameter in self.row.parameters:
            value = schedules.check(getattr(self, parameter.name), parameter, type(self).__name__)
            object.__setattr__(self, parameter.name, value)

    @property
    def row(self) -> RegularizerRow:
        """The row of the registry that holds the formula and the names elsewhere."""
        return ROWS.find(self.name, "`regularizer`")

    @property
    def factors(self) -> tuple[Number, Number]:
        """What sum(|w|) and sum(w**2) are multiplied with."""
        return getattr(self, "l1", 0.0), getattr(self, "l2", 0.0)

    def get_config(self) -> dict[str, Any]:
        """Return the name and numbers that make an equal one again, as plain data."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {"name": self.name, **schedules.plain(values)}


@explains_arguments({"l": "l1"})
@dataclass(frozen=True)
class L1(Regularizer):
    """The penalty l1 * sum(abs(w)), which lets weights become 0.

    Parameters
    ----------
    l1 : float or Schedule
        At least 0; a schedule at every step. Default 0.01, as in Keras.

    Raises
    ------
    RangeError
        If `l1` is neither a finite number of at least 0 nor a schedule of these.

    Examples
    --------
    >>> L1(0.001)
    L1(l1=0.001)
    """

    name: ClassVar[str] = "l1"
    l1: Number = 0.01


@explains_arguments({"l": "l2"})
@dataclass(frozen=True)
class L2(Regularizer):
    """The penalty l2 * sum(w**2), with no half.

    Parameters
    ----------
    l2 : float or Schedule
        At least 0; a schedule at every step. Default 0.01, as in Keras.

    Raises
    ------
    RangeError
        If `l2` is neither a finite number of at least 0 nor a schedule of these.

    Examples
    --------
    >>> L2(0.001)
    L2(l2=0.001)
    """

    name: ClassVar[str] = "l2"
    l2: Number = 0.01


@explains_arguments()
@dataclass(frozen=True)
class L1L2(Regularizer):
    """The penalty l1 * sum(abs(w)) + l2 * sum(w**2).

    Parameters
    ----------
    l1, l2 : float or Schedule
        At least 0; a schedule at every step. Default 0 each, as in Keras 3: by its name alone,
        'l1_l2' is no penalty.

    Raises
    ------
    RangeError
        If one is neither a finite number of at least 0 nor a schedule of these.

    Examples
    --------
    >>> L1L2(l2=0.001)
    L1L2(l1=0.0, l2=0.001)
    """

    name: ClassVar[str] = "l1_l2"
    l1: Number = 0.0
    l2: Number = 0.0


MODES = ("rows", "columns")


@explains_arguments()
@dataclass(frozen=True)
class OrthogonalRegularizer(Regularizer):
    """The penalty factor * mean(abs(cosine)) over the pairs of rows, or of columns, of a kernel.

    It is 0 when they are orthogonal to each other. Their lengths do not count.

    Parameters
    ----------
    factor : float or Schedule
        At least 0; a schedule at every step. Default 0.01, as in Keras.
    mode : {"rows", "columns"}
        Of a kernel (in, units): the weights that leave each input, or those that arrive at each
        unit. Default 'rows', as in Keras.

    Raises
    ------
    RangeError
        If `factor` is neither a finite number of at least 0 nor a schedule of these.
    UnknownNameError
        If `mode` is neither.

    Notes
    -----
    A step costs size**2 * length multiply-adds more, twice. A single row has no pairs and no
    penalty (Keras: NaN).

    Examples
    --------
    >>> OrthogonalRegularizer(0.1, mode="columns").get_config()
    {'name': 'orthogonal', 'factor': 0.1, 'mode': 'columns'}
    """

    name: ClassVar[str] = "orthogonal"
    factor: Number = 0.01
    mode: str = "rows"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mode not in MODES:
            raise UnknownNameError(
                f"`mode` of OrthogonalRegularizer must be rows or columns; got {self.mode!r}."
            )


l1 = L1
l2 = L2
l1_l2 = L1L2
orthogonal_regularizer = OrthogonalRegularizer
RegularizerSpec = str | Regularizer | None

_CLASSES: dict[str, Callable[..., Regularizer]] = {
    one.name: one for one in (L1, L2, L1L2, OrthogonalRegularizer)
}


def get(
    spec: object, argument: str = "`regularizer`", *, elementwise: bool = False
) -> Regularizer | None:
    """Return the regularizer that `spec` names or describes; None stays None.

    Parameters
    ----------
    spec : str, Regularizer, mapping or None
        A name, for its defaults; a regularizer, which is returned as it is; or what its
        `get_config` returned, as model files hold it.
    argument : str
        What messages call it.
    elementwise : bool
        Whether what is penalised is no matrix of weights.

    Raises
    ------
    UnknownNameError
        If there is no such regularizer, or it needs a matrix and there is none.
    RangeError
        If its numbers are out of their range.

    Examples
    --------
    >>> get("l2")
    L2(l2=0.01)
    """
    if spec is None:
        return None
    found = ROWS.make(spec, argument, Regularizer, _CLASSES, flat=True)
    if elementwise and not found.row.elementwise:
        choices = ", ".join(sorted(row.name for row in ROWS if row.elementwise))
        raise UnknownNameError(
            f"{argument} must be one of {choices}, which penalise each number by itself; "
            f"{found.name} compares the rows or columns of a kernel."
        )
    return found
