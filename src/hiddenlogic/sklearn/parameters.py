"""What each parameter may be, as scikit-learn checks it when `fit` begins."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np

from hiddenlogic import activations, losses, optimizers, schedules
from hiddenlogic.sklearn.door import Interval, Options, StrOptions

_COUNT = Interval(Integral, 1, None, closed="left")
_SHARE = Interval(Real, 0, 1, closed="left")


def _names(rows: Any) -> set[str]:
    """Return all names by which a registry finds its rows."""
    return {name for row in rows for name in (row.name, *row.aliases)}


LOSSES = StrOptions(_names(losses.ROWS) | {"squared_error", "log_loss"})

CONSTRAINTS: dict[str, list[Any]] = {
    "hidden_layer_sizes": ["array-like", _COUNT],
    "activation": [
        StrOptions(_names(activations.ROWS)),
        activations.Activation,
        list,
        tuple,
    ],
    "solver": [StrOptions(_names(optimizers.ROWS)), optimizers.Optimizer],
    "alpha": [Interval(Real, 0, None, closed="left")],
    "batch_size": [StrOptions({"auto"}), _COUNT],
    "learning_rate": [StrOptions({"constant", "invscaling", "adaptive"}), schedules.Schedule],
    "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
    "power_t": [Interval(Real, 0, None, closed="left")],
    "max_iter": [_COUNT],
    "loss": [LOSSES, losses.Loss],
    "shuffle": ["boolean"],
    "random_state": ["random_state"],
    "tol": [Interval(Real, 0, None, closed="left")],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "momentum": [Interval(Real, 0, 1, closed="both")],
    "nesterovs_momentum": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [_SHARE],
    "beta_1": [_SHARE],
    "beta_2": [_SHARE],
    "epsilon": [Interval(Real, 0, None, closed="neither")],
    "n_iter_no_change": [_COUNT, Options(Real, {np.inf})],
    "max_fun": [_COUNT],
    "dropout": [_SHARE, list, tuple],
    "batch_norm": ["boolean"],
    "dtype": [StrOptions({"auto", "float32", "float64"})],
    "n_threads": [_COUNT, None],
}
