"""Small seeded networks with data that fit them, for comparing anything with the reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiddenlogic.activations import ROWS
from hiddenlogic.layers import Activation, Dense
from hiddenlogic.losses import Loss
from hiddenlogic.network import Network
from hiddenlogic.regularizers import L2


@dataclass(frozen=True)
class Example:
    """A network, weights, and rows that it can be trained on."""

    network: Network
    weights: list[np.ndarray]
    inputs: np.ndarray
    targets: np.ndarray
    sample_weight: np.ndarray
    loss: Loss


def random_weights(network: Network, seed: int = 0, dtype: str = "float64") -> list[np.ndarray]:
    """Return weights of about the size that training gives, biases not 0.

    They are numbers of float32, so that both dtypes of the engine start from the same ones.
    """
    random = np.random.default_rng(seed)
    return [
        random.normal(0, 1 / np.sqrt(one.shape[0]), one.shape).astype(np.float32).astype(dtype)
        for one in network.parameters
    ]


def targets_for(loss: Loss, n: int, outputs: int, seed: int = 0) -> np.ndarray:
    """Return targets of the kind that the loss takes."""
    random = np.random.default_rng(seed + 1)
    match loss.row.task:
        case "regression":
            # Float32's own numbers again; wide enough that huber has rows on both sides of delta.
            return random.normal(0, 2, (n, outputs)).astype(np.float32).astype(np.float64)
        case "count":
            return random.poisson(2, (n, outputs)).astype(np.float64)
        case "sign":
            return random.integers(0, 2, (n, outputs)) * 2.0 - 1.0
        case "share":
            shares = random.dirichlet(np.ones(outputs), n)
            return shares.astype(np.float32).astype(np.float64)
        case "binary":
            return random.integers(0, 2, (n, outputs)).astype(np.float64)
        case "multiclass":
            classes = random.integers(0, outputs, n)
            if loss.name.startswith("sparse"):
                return classes.astype(np.float64)[:, None]
            return np.eye(outputs)[classes]


def gateable(activation: str, units: int) -> int:
    """Return the number of units, one more where an activation takes two for one of an odd one."""
    return units + units % 2 if ROWS.find(activation, "").gates else units


def example(
    activation: str,
    loss: Loss,
    *,
    n: int = 23,
    inputs: int = 5,
    hidden: int = 9,
    outputs: int = 3,
    l2: float = 0.01,
    seed: int = 0,
) -> Example:
    """Return a network of two hidden layers, the first regularised, the second without bias."""
    random = np.random.default_rng(seed)
    first, second = (gateable(activation, units) for units in (hidden, hidden - 1))
    output = "linear" if loss.from_logits else loss.row.suits
    network = Network.sequential(
        inputs,
        [
            Dense(first, activation, kernel_regularizer=L2(l2) if l2 else None),
            Dense(second, use_bias=False),
            Activation(activation),
            Dense(outputs, output),
        ],
    )
    return Example(
        network=network,
        weights=random_weights(network, seed),
        inputs=random.normal(0, 1, (n, inputs)).astype(np.float32).astype(np.float64),
        targets=targets_for(loss, n, outputs, seed),
        sample_weight=np.round(random.uniform(0.5, 2, n) * 8) / 8,
        loss=loss,
    )
