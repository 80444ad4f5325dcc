"""Small seeded networks with data that fit them, for comparing anything with the reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiddenlogic import losses
from hiddenlogic.activations import ROWS
from hiddenlogic.layers import Activation, Dense
from hiddenlogic.losses import Loss
from hiddenlogic.network import Network
from hiddenlogic.regularizers import L2
from reference.losses import over_logits


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
    """Return weights of about the size that training gives, biases not 0, variances positive.

    They are numbers of float32, so that both dtypes of the engine start from the same ones.
    """
    random = np.random.default_rng(seed)
    weights = [
        random.normal(0, 1 / np.sqrt(one.shape[0]), one.shape).astype(np.float32).astype(dtype)
        for one in network.parameters
    ]
    variances = [one.name.endswith("variance") for one in network.parameters]
    return [abs(w) if positive else w for w, positive in zip(weights, variances, strict=True)]


def targets_for(loss: Loss, n: int, outputs: int, seed: int = 0) -> np.ndarray:
    """Return targets of the kind that the loss takes of so many outputs."""
    random = np.random.default_rng(seed + 1)
    if not loss.row.is_sparse:
        outputs = loss.target_columns(outputs)
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
            if loss.row.is_sparse:
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
    output: str | None = None,
) -> Example:
    """Return a network of two hidden layers, the first regularised, the second without bias.

    Its output is one that suits the loss, if no other is given, as wide as `outputs` targets need.
    """
    random = np.random.default_rng(seed)
    first, second = (gateable(activation, units) for units in (hidden, hidden - 1))
    output = output or ("linear" if over_logits(loss) else loss.row.suits)
    outputs *= loss.outputs_per_target
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


def rate_for(loss: Loss) -> float:
    """Return a learning rate at which the loss falls in an example."""
    # Percents are a hundred times as steep, and a variance that falls makes its mean steeper.
    steep = {"mean_absolute_percentage_error": 0.01, "gaussian_nll": 0.1}
    return 0.05 * steep.get(loss.name, 1.0)


# Outputs that a cross-entropy is not fused with, by the one that it is.
OTHER_OUTPUTS = {"sigmoid": ("hard_sigmoid", "softmax"), "softmax": ("softplus", "sigmoid")}


def loss_variants() -> list[tuple[Loss, str | None]]:
    """Return every loss with its defaults and with each of its settings, and an output for it."""
    variants: list[tuple[Loss, str | None]] = []
    for row in losses.ROWS:
        settings = [{}, *({one.name: 0.3 + one.default / 4} for one in row.parameters)]
        settings += [{flag: True} for flag in row.flags]
        if row.several is not None:
            settings.append({row.several.name: (0.2, 0.5, 0.7)})
        for chosen in settings:
            loss = losses.get(row.name, **chosen)
            variants += [(loss, None), *((loss, one) for one in OTHER_OUTPUTS.get(row.output, ()))]
            if row.output:
                variants.append((losses.get(row.name, from_logits=True, **chosen), None))
    return variants


VARIANTS = loss_variants()


def variant_name(variant: tuple[Loss, str | None]) -> str:
    """Return a name for a parametrised test."""
    loss, output = variant
    return f"{loss!r} of {output}" if output else repr(loss)
