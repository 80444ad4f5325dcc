"""Penalties on weights, added to the loss.

The penalty is part of the loss that `fit` reports, as in Keras.
"""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic.registry import Parameter, Registry, explains_arguments


@dataclass(frozen=True)
class RegularizerRow:
    """All that is known of a regularizer of the weights w."""

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    formula: str
    keras: str
    source: str


ROWS: Registry[RegularizerRow] = Registry(
    (
        RegularizerRow(
            name="l2",
            aliases=("ridge",),
            parameters=(Parameter("l2", 0.01, low=0.0, low_included=True),),
            formula="l2 * sum(w**2), without a half: its gradient is 2 * l2 * w",
            keras="L2",
            source="Hoerl and Kennard (1970), doi:10.1080/00401706.1970.10488634",
        ),
    )
)


@explains_arguments({"l": "l2"})
@dataclass(frozen=True)
class L2:
    """The penalty l2 * sum(w**2), with no half.

    Parameters
    ----------
    l2 : float
        At least 0. Default 0.01, as in Keras.

    Raises
    ------
    RangeError
        If `l2` is not a finite number of at least 0.

    Examples
    --------
    >>> L2(0.001)
    L2(l2=0.001)
    """

    l2: float = 0.01

    def __post_init__(self) -> None:
        (parameter,) = ROWS.find("l2", "`regularizer`").parameters
        object.__setattr__(self, "l2", parameter.check(self.l2, "L2"))


l2 = L2
RegularizerSpec = str | L2 | None


def get(spec: object, argument: str = "`kernel_regularizer` of Dense") -> L2 | None:
    """Return the regularizer that `spec` names; None stays None.

    Raises
    ------
    UnknownNameError
        If there is no such regularizer.

    Examples
    --------
    >>> get("l2")
    L2(l2=0.01)
    """
    if spec is None or isinstance(spec, L2):
        return spec
    ROWS.find(spec, argument)
    return L2()
