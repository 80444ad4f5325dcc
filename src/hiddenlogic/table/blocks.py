"""What the columns of the matrix are, so that a network can begin with the right layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Role = Literal["values", "periodic", "codes", "gaps"]

_ORDER: tuple[Role, ...] = ("values", "periodic", "codes")


@dataclass(frozen=True)
class Block:
    """Some columns of the matrix, side by side, that one column of the table becomes.

    Attributes
    ----------
    column : str
        Name of the column of the table.
    start, width : int
        Where the columns of the matrix begin, and how many they are.
    role : {'values', 'periodic', 'codes', 'gaps'}
        - values: scaled numbers, -1 and +1, or 0 and 1, for a Dense layer;
        - periodic: scaled numbers for a `PeriodicEmbedding`;
        - codes: whole numbers from 0 to `n_codes` - 1 for an `Embedding`;
        - gaps: 1 where a cell is missing, else 0, once for each column of a `filled` block.
    n_codes : int
        Of codes, how many there may be; else 0.
    filled : bool
        Whether a learned number is added where a cell is missing: learned for each column, and
        multiplied with its gaps.
    fills : {'', 'values', 'periodic'}
        Of gaps, the role of the filled block of the same column of the table.
    """

    column: str
    start: int
    width: int
    role: Role = "values"
    n_codes: int = 0
    filled: bool = False
    fills: Literal["", "values", "periodic"] = ""

    @property
    def end(self) -> int:
        """Where the columns of the matrix end."""
        return self.start + self.width

    @property
    def group(self) -> tuple[int, bool, bool]:
        """Blocks of one group lie together, so that one Input of a network takes them all.

        Groups are in the order of the matrix. Values come first: a table of nothing else has them
        in the order of its own columns.
        """
        filled = self.filled or self.role == "gaps"
        return _ORDER.index(self.fills or self.role), filled, self.role == "gaps"


def plain_blocks(n_inputs: int) -> tuple[Block, ...]:
    """Return the blocks of a matrix of nothing but numbers."""
    return (Block("", 0, n_inputs),)


def arrange(each: Sequence[tuple[Block, ...]]) -> tuple[Block, ...]:
    """Return the blocks of several steps in the order of the matrix, `start` counting through it.

    Parameters
    ----------
    each : sequence of tuple of Block
        Those of each step, no two of the same role.
    """
    found: list[Block] = []
    every = (one for blocks in each for one in blocks if one.width)
    for block in sorted(every, key=lambda one: one.group):
        found.append(replace(block, start=found[-1].end if found else 0))
    return tuple(found)


def places(each: Sequence[tuple[Block, ...]]) -> list[range | list[int]]:
    """Return where in the matrix the columns of each step lie, in the step's own order.

    Columns that lie together are a range.
    """
    starts = {(block.column, block.role): block.start for block in arrange(each)}
    found: list[range | list[int]] = []
    for blocks in each:
        own: list[int] = []
        for one in blocks:
            start = starts.get((one.column, one.role), 0)
            own += range(start, start + one.width)
        together = range(own[0], own[0] + len(own)) if own else range(0)
        found.append(together if own == list(together) else own)
    return found
