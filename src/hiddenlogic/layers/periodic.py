"""Numbers as learned waves, mapped linearly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from hiddenlogic import initializers
from hiddenlogic.errors import UnknownNameError
from hiddenlogic.layers.layer import Layer
from hiddenlogic.layers.weight_spec import WeightSpec
from hiddenlogic.registry import Parameter, check_count, check_flag, explains_arguments

Kind = Literal["plr", "pbld"]

# Units, frequencies and deviation: of rtdl_num_embeddings 0.0.12, and of RealMLP-TD
# (arXiv:2407.04491, table A.1).
_DEFAULTS = {"plr": (24, 48, 0.01), "pbld": (3, 16, 0.1)}
_SIGMA = Parameter("sigma", 0.01, low=0.0)


@explains_arguments()
@dataclass(frozen=True)
class PeriodicEmbedding(Layer):
    """Several units of each input column x: a linear function of waves over it each.

    - 'plr' (periodic, linear, relu): relu(kernel' @ [cos(2π·c·x), sin(2π·c·x)] + bias);
    - 'pbld' (periodic, bias, linear, dense): kernel' @ cos(2π·c·x + phase) + bias, and x itself:
      first those units of all columns, then all columns as they are.

    Parameters
    ----------
    kind : {"plr", "pbld"}
        Default 'plr'.
    units : int, optional
        Numbers a column from its waves; default 24 ('pbld': 3, to which x comes).
    n_frequencies : int, optional
        Learned numbers c a column; default 48 ('pbld': 16).
    sigma : float, optional
        Deviation of the first c, greater than 0; default 0.01 ('pbld': 0.1). What matters most:
        inputs are to be scaled, and tuning goes from 0.01 to 10.
    shared : bool
        Whether all columns share kernel and bias, which is called "lite". Default False.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    UnknownNameError
        If `kind` is another.
    RangeError
        If a number is out of its range.

    Notes
    -----
    Weights: frequency (columns, n_frequencies), normal; of 'pbld', phase of the same shape, uniform
    from -π to π; kernel (columns, waves, units) and bias (columns, units), uniform up to
    1 / sqrt(waves), without their first axis if they are shared. All are learned. A column's units
    lie together.

    References
    ----------
    Gorishniy, Rubachev and Babenko (2022), arXiv:2203.05556, section 3.3; 'pbld': Holzmüller,
    Grinsztajn and Steinwart (2024), arXiv:2407.04491, section 3.

    Examples
    --------
    >>> [(one.name, one.shape) for one in PeriodicEmbedding("pbld").weights([2])]
    [('frequency', (2, 16)), ('phase', (2, 16)), ('kernel', (2, 16, 3)), ('bias', (2, 3))]
    >>> PeriodicEmbedding("pbld").units_after([2])
    8
    """

    has_weights: ClassVar[bool] = True

    kind: Kind = "plr"
    units: int | None = None
    n_frequencies: int | None = None
    sigma: float | None = None
    shared: bool = False
    name: str | None = None

    def checked(self) -> dict[str, object]:
        owner = "PeriodicEmbedding"
        if self.kind not in _DEFAULTS:
            raise UnknownNameError(f"`kind` of {owner} must be plr or pbld; got {self.kind!r}.")
        units, frequencies, sigma = _DEFAULTS[self.kind]
        given = units if self.units is None else self.units
        asked = frequencies if self.n_frequencies is None else self.n_frequencies
        return {
            "units": check_count(given, f"`units` of {owner}"),
            "n_frequencies": check_count(asked, f"`n_frequencies` of {owner}"),
            "sigma": _SIGMA.check(sigma if self.sigma is None else self.sigma, owner),
            "shared": check_flag(self.shared, f"`shared` of {owner}"),
        }

    @property
    def has_phase(self) -> bool:
        """Whether waves are cosines with a phase; else cosines and sines without."""
        return self.kind == "pbld"

    @property
    def size(self) -> tuple[int, int]:
        """Waves and units a column."""
        assert self.units is not None
        assert self.n_frequencies is not None
        return self.n_frequencies * (1 if self.has_phase else 2), self.units

    def units_after(self, arriving: Sequence[int]) -> int:
        units = self.size[1]
        return arriving[0] * (units + 1 if self.has_phase else units)

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        columns = arriving[0]
        waves, units = self.size
        assert self.n_frequencies is not None
        assert self.sigma is not None
        angles = (columns, self.n_frequencies)
        each = () if self.shared else (columns,)
        limit = 1 / math.sqrt(waves)
        start = initializers.RandomUniform(-limit, limit)
        found = [WeightSpec("frequency", angles, initializers.RandomNormal(stddev=self.sigma))]
        if self.has_phase:
            around = initializers.RandomUniform(-math.pi, math.pi)
            found.append(WeightSpec("phase", angles, around))
        found.append(WeightSpec("kernel", (*each, waves, units), start))
        found.append(WeightSpec("bias", (*each, units), start))
        return tuple(found)
