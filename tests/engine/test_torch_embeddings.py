"""Embeddings beside PyTorch's own; see test_torch_trajectories.py for the bounds."""

from __future__ import annotations

import numpy as np
import pytest
import rounding
from reference.examples import random_weights
from reference.training import train

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.layers import Dense, Embedding
from hiddenlogic.network import Network

torch = pytest.importorskip("torch", reason="needs PyTorch: make interop")

NETWORK = Network.sequential(2, [Embedding(9, 5), Dense(3)])
MSE = losses.MeanSquaredError()
EPOCHS, BATCH = 5, 8


def in_torch(weights, codes, targets, optimizer):
    """Return the weights after the training in PyTorch."""
    table, linear = torch.nn.Embedding(9, 5, dtype=torch.float64), torch.nn.Linear(10, 3).double()
    with torch.no_grad():
        for parameter, first in zip(
            [table.weight, linear.weight, linear.bias],
            [weights[0], weights[1].T, weights[2]],
            strict=True,
        ):
            parameter.copy_(torch.as_tensor(first))
    model = torch.nn.Sequential(table, torch.nn.Flatten(), linear)
    steps = optimizer(model.parameters())
    for _ in range(EPOCHS):
        for start in range(0, len(codes), BATCH):
            rows = slice(start, start + BATCH)
            steps.zero_grad()
            outputs = model(torch.as_tensor(codes[rows]))
            torch.nn.functional.mse_loss(outputs, torch.as_tensor(targets[rows])).backward()
            steps.step()
    return [
        table.weight.detach().numpy(),
        linear.weight.detach().numpy().T,
        linear.bias.detach().numpy(),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (optimizers.SGD(0.05), lambda all_: torch.optim.SGD(all_, 0.05)),
        # Codes that a batch lacks go on by their momentum.
        (optimizers.SGD(0.05, momentum=0.9), lambda all_: torch.optim.SGD(all_, 0.05, 0.9)),
    ],
    ids=["sgd", "momentum"],
)
def test_an_embedding_follows_the_trajectory_of_pytorch(ours, theirs):
    random = np.random.default_rng(0)
    codes, targets = random.integers(0, 9, (38, 2)), random.normal(size=(38, 3))
    weights = random_weights(NETWORK, 3)

    def reference(**how):
        return train(
            NETWORK,
            weights,
            codes,
            targets,
            loss=MSE,
            optimizer=ours,
            epochs=EPOCHS,
            batch_size=BATCH,
            **how,
        )

    due, _, bounds, _ = rounding.bounds(reference, "float64")
    trainer = engine.Trainer(NETWORK, loss=MSE, optimizer=ours, weights=weights, dtype="float64")
    trainer.fit(codes, targets, epochs=EPOCHS, batch_size=BATCH, shuffle=False)
    beside = in_torch(weights, codes, targets, theirs)
    for found, other, right, bound in zip(trainer.get_weights(), beside, due, bounds, strict=True):
        assert abs(found - right).max() <= bound
        assert abs(other - right).max() <= bound
