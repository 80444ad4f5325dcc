"""Optimizers with each of their settings, alone and together with what all optimizers have."""

from __future__ import annotations

from dataclasses import replace

from hiddenlogic.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Lion,
    Nadam,
    RMSprop,
)
from hiddenlogic.schedules import CosineDecay, LinearWarmup

OWN = [
    SGD(0.05),
    SGD(0.05, momentum=0.9),
    SGD(0.05, momentum=0.9, nesterov=True),
    SGD(CosineDecay(0.05, 20), momentum=LinearWarmup(0.0, 0.9, 10)),
    Adam(0.01),
    Adam(0.01, beta_1=0.5, beta_2=0.9, epsilon=1e-4),
    Adam(0.01, beta_2=0.5, amsgrad=True),
    Adam(0.01, beta_1=LinearWarmup(0.5, 0.95, 10), beta_2=LinearWarmup(0.9, 0.99, 8)),
    AdamW(0.01),
    AdamW(0.01, weight_decay=0.1),
    AdamW(0.01, weight_decay=CosineDecay(0.1, 12), amsgrad=True),
    RMSprop(0.01),
    RMSprop(0.01, rho=0.5, momentum=0.5, epsilon=1e-3),
    RMSprop(CosineDecay(0.01, 20), rho=0.5, momentum=0.5, epsilon=1e-3, centered=True),
    Adagrad(0.05),
    Adagrad(0.05, initial_accumulator_value=0.0, epsilon=1e-3),
    Adadelta(1.0),
    Adadelta(0.5, rho=0.5, epsilon=1e-3),
    Adamax(0.01),
    Adamax(0.01, beta_1=0.5, beta_2=0.5, epsilon=1e-3),
    Nadam(0.01),
    Nadam(0.01, beta_1=0.5, beta_2=0.9, epsilon=1e-3),
    Lion(0.003),
    Lion(0.003, beta_1=0.5, beta_2=0.7, weight_decay=1.0),
]

# One of each row, with all of its slots in use.
EACH = [
    SGD(0.05, momentum=0.9, nesterov=True),
    Adam(0.01, beta_2=0.5, amsgrad=True),
    AdamW(0.01, weight_decay=0.1),
    RMSprop(0.01, rho=0.5, momentum=0.5, epsilon=1e-3, centered=True),
    Adagrad(0.05),
    Adadelta(0.5, epsilon=1e-3),
    Adamax(0.01),
    Nadam(0.01),
    Lion(0.003),
]

# Small enough that each gradient of the examples is cut.
CLIPPINGS = [{}, {"clipnorm": 0.05}, {"clipvalue": 0.01}, {"global_clipnorm": 0.1}]
COMMON = [
    *(
        {**clipping, "gradient_accumulation_steps": every}
        for clipping in CLIPPINGS
        for every in (None, 3)
    ),
    {"use_ema": True, "ema_momentum": 0.7},
    {"use_ema": True, "ema_momentum": 0.7, "ema_overwrite_frequency": 2},
    {
        "use_ema": True,
        "ema_overwrite_frequency": 3,
        "gradient_accumulation_steps": 2,
        "clipnorm": 0.05,
        "weight_decay": 0.1,
    },
    {"weight_decay": CosineDecay(0.2, 10)},
    {
        "weight_decay": 0.3,
        "groups": [
            {"pattern": "^bias$", "rate_factor": 0.1, "decay_factor": 0.0},
            {"pattern": "dense_1/", "rate_factor": 3.0},
        ],
    },
]


def together():
    """Return one of each row with each of `COMMON`."""
    return [replace(one, **settings) for one in EACH for settings in COMMON]
