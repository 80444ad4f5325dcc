"""PyTorch: tensors resident, one shuffle an epoch, slices as batches; fused or foreach updates.

`torch.compile` is left out: it compiles for 20 s and its step is no faster here than the eager one.
"""

import os

import numpy as np
from measure import Variant

NAME = "PyTorch"


def load() -> str:
    import torch

    return torch.__version__


def _fit(model, optimizer, inputs, targets, batch_size: int, epochs: int) -> None:
    import torch

    loss = torch.nn.MSELoss()
    n = len(inputs)
    for _ in range(epochs):
        if batch_size < n:
            # One gather an epoch, then views: faster than indexing each batch, or a DataLoader.
            order = torch.randperm(n)
            batches = zip(
                inputs[order].split(batch_size), targets[order].split(batch_size), strict=True
            )
        else:
            batches = [(inputs, targets)]
        for batch, wanted in batches:
            optimizer.zero_grad(set_to_none=True)
            loss(model(batch), wanted).backward()
            optimizer.step()


def _with_threads(n_threads: int, train):
    import torch

    def run():
        torch.set_num_threads(n_threads)
        return train()

    return run


def _predictor(model):
    import torch

    def predict(inputs: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return model(torch.from_numpy(inputs.reshape(len(inputs), -1))).numpy()

    return predict


def beginners(x: np.ndarray, y: np.ndarray) -> list[Variant]:
    import torch

    inputs, targets = torch.from_numpy(x)[:, None], torch.from_numpy(y)[:, None]

    def form(**options):
        def train():
            model = torch.nn.Linear(1, 1)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01, **options)
            _fit(model, optimizer, inputs, targets, 6, 500)
            return _predictor(model)

        return _with_threads(1, train)

    return [
        Variant(NAME, "foreach=False, 1 thread", form(foreach=False)),
        Variant(NAME, "fused=True, 1 thread", form(fused=True)),
    ]


def table(x: np.ndarray, y: np.ndarray) -> list[Variant]:
    import torch

    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)[:, None]

    def form(n_threads: int, **options):
        def train():
            model = torch.nn.Sequential(
                torch.nn.Linear(x.shape[1], 64),
                torch.nn.ReLU(),
                torch.nn.Linear(64, 64),
                torch.nn.ReLU(),
                torch.nn.Linear(64, 1),
            )
            optimizer = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7, **options)
            _fit(model, optimizer, inputs, targets, 64, 10)
            return _predictor(model)

        return _with_threads(n_threads, train)

    cores = os.cpu_count() or 1
    return [
        Variant(NAME, "fused=True, 1 thread", form(1, fused=True)),
        Variant(NAME, f"fused=True, {cores} threads", form(cores, fused=True)),
        Variant(NAME, "foreach=True, 1 thread", form(1, foreach=True)),
    ]
