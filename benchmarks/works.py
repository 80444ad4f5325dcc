"""What is timed: the tables, the networks, and what makes two results the same work.

Every work has a `name`, a `title`, the `kind` that names the function of a library's module, the
number of `units` in a run (epochs, or rows …) with their name, the arithmetic in a run (`flops`,
multiplications and additions of the matrix products, 0 where it means nothing), and `score`, which
refuses a result that trained less than asked and gives the figure (its name: `measure`) that stands
beside the time. A figure beyond `tolerance` times the median of all is called doubtful.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

Array = np.ndarray


class Trained(NamedTuple):
    """A network after training: `predict(inputs)` → (n, outputs), and the updates it was given."""

    predict: Callable[[Array], Array]
    updates: int


def multiplications(widths: Sequence[int]) -> int:
    """Return Σ in·out of a stack of Dense layers, one sample's multiplications in one product."""
    return sum(n_in * n_out for n_in, n_out in itertools.pairwise(widths))


def training_operations(widths: Sequence[int]) -> int:
    """Return one sample's operations in a step: forward, and the gradients of inputs and weights.

    A multiplication with its addition are two. The table's inputs need no gradient.
    """
    return 6 * multiplications(widths) - 2 * widths[0] * widths[1]


@dataclass(frozen=True)
class Training:
    """One network on one table: relu in between, Adam or SGD, an order of rows for each epoch.

    `targets` is (n,): numbers, or class numbers where `n_classes` > 0 (softmax cross-entropy).
    """

    kind: ClassVar[str] = "training"
    unit: ClassVar[str] = "epoch"
    measure: ClassVar[str] = "loss after"
    tolerance: ClassVar[float] = 2.0

    name: str
    title: str
    inputs: Array
    targets: Array
    hidden: tuple[int, ...]
    batch_size: int
    epochs: int
    optimizer: str = "adam"
    learning_rate: float = 0.001
    n_classes: int = 0

    @property
    def widths(self) -> tuple[int, ...]:
        return (self.inputs.shape[1], *self.hidden, self.n_classes or 1)

    @property
    def units(self) -> int:
        return self.epochs

    @property
    def steps(self) -> int:
        """Updates in an epoch, the last of which may be on fewer rows."""
        return -(-len(self.inputs) // self.batch_size)

    @property
    def flops(self) -> float:
        return float(training_operations(self.widths)) * len(self.inputs) * self.epochs

    def score(self, trained: Trained) -> float:
        """Return the mean loss over all rows at the end."""
        wanted = self.steps * self.epochs
        if trained.updates != wanted:
            raise ValueError(f"{wanted} updates were asked for; got {trained.updates}.")
        outputs = np.asarray(trained.predict(self.inputs), dtype=np.float64)
        if self.n_classes:
            rows = np.arange(len(self.targets))
            return float(-np.mean(np.log(np.maximum(outputs[rows, self.targets], 1e-30))))
        return float(np.mean((outputs.ravel() - self.targets) ** 2))


@dataclass(frozen=True)
class Beginners(Training):
    """A whole program: build, compile, fit."""

    kind: ClassVar[str] = "beginners"
    unit: ClassVar[str] = ""
    # What is left of the loss is in proportion to the first, which chance decides.
    tolerance: ClassVar[float] = 1000.0

    @property
    def units(self) -> int:
        return 1

    @property
    def flops(self) -> float:
        return 0.0


@dataclass(frozen=True)
class Member:
    """One network of a population."""

    hidden: tuple[int, ...]
    learning_rate: float
    seed: int


@dataclass(frozen=True)
class Population:
    """Many networks on one table, every one for the same number of epochs with Adam."""

    kind: ClassVar[str] = "population"
    unit: ClassVar[str] = ""
    measure: ClassVar[str] = "median loss after"
    tolerance: ClassVar[float] = 2.0
    units: ClassVar[int] = 1

    name: str
    title: str
    inputs: Array
    targets: Array
    members: tuple[Member, ...]
    batch_size: int
    epochs: int

    def widths(self, hidden: tuple[int, ...]) -> tuple[int, ...]:
        return (self.inputs.shape[1], *hidden, 1)

    @property
    def flops(self) -> float:
        per_row = sum(training_operations(self.widths(member.hidden)) for member in self.members)
        return float(per_row) * len(self.inputs) * self.epochs

    def score(self, predictions: Callable[[], Array]) -> float:
        """Return the median over the members of the mean of squares, from (members, n)."""
        outputs = predictions()
        wanted = (len(self.members), len(self.inputs))
        if outputs.shape != wanted:
            raise ValueError(f"Predictions {wanted} were asked for; got {outputs.shape}.")
        return float(np.median(np.mean((outputs - self.targets) ** 2, axis=1, dtype=np.float64)))


@dataclass(frozen=True)
class Prediction:
    """Rows through a network whose weights are given: kernel (in, out) and bias, a layer."""

    kind: ClassVar[str] = "prediction"
    unit: ClassVar[str] = ""
    measure: ClassVar[str] = "largest error"
    tolerance: ClassVar[float] = 10.0
    units: ClassVar[int] = 1

    name: str
    title: str
    inputs: Array
    layers: tuple[tuple[Array, Array], ...]

    @property
    def widths(self) -> tuple[int, ...]:
        return (self.inputs.shape[1], *(len(bias) for _, bias in self.layers))

    @property
    def flops(self) -> float:
        return 2.0 * multiplications(self.widths) * len(self.inputs)

    def score(self, outputs: Array) -> float:
        """Return the largest difference from float64, over the first rows and the last."""
        rows = np.r_[0 : min(100, len(self.inputs)), -min(100, len(self.inputs)) : 0]
        wanted = self.inputs[rows].astype(np.float64)
        for i, (kernel, bias) in enumerate(self.layers, start=1):
            wanted = wanted @ kernel.astype(np.float64) + bias
            wanted = np.maximum(wanted, 0) if i < len(self.layers) else wanted
        if len(outputs) != len(self.inputs):
            raise ValueError(f"{len(self.inputs)} rows were asked for; got {len(outputs)}.")
        return float(np.abs(np.asarray(outputs)[rows] - wanted).max())


@dataclass(frozen=True)
class Cold:
    """Whole processes: a script of cold/ reads a CSV file, trains, and prints its loss."""

    kind: ClassVar[str] = "cold"
    unit: ClassVar[str] = ""
    measure: ClassVar[str] = "loss after"
    tolerance: ClassVar[float] = 2.0
    units: ClassVar[int] = 1
    flops: ClassVar[float] = 0.0

    name: str
    title: str
    rows: Array

    def score(self, printed: str) -> float:
        """Return the mean of squares that the process printed last."""
        return float(printed.rsplit(maxsplit=1)[-1])


Work = Training | Population | Prediction | Cold


def smaller(work: Work) -> Work:
    """Return the work with a tenth of its epochs, of its members, of its rows to predict."""
    if isinstance(work, Training) and not isinstance(work, Beginners):
        return dataclasses.replace(work, epochs=max(1, work.epochs // 10))
    if isinstance(work, Population):
        return dataclasses.replace(work, epochs=2, members=work.members[::10])
    if isinstance(work, Prediction) and len(work.inputs) > 1:
        return dataclasses.replace(work, inputs=work.inputs[: len(work.inputs) // 10])
    return work


def _table(n: int, n_inputs: int) -> tuple[Array, Array]:
    """Return rows of numbers and a smooth target of four of them, with noise."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, n_inputs)).astype(np.float32)
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * x[:, 3]
    return x, (y + 0.1 * rng.normal(size=n)).astype(np.float32)


def _images(n: int, n_inputs: int, n_classes: int) -> tuple[Array, Array]:
    """Return rows in [0, 1], blurred far from the picture of their class, and the classes."""
    rng = np.random.default_rng(0)
    pictures = rng.random((n_classes, n_inputs), dtype=np.float32)
    classes = rng.integers(0, n_classes, n)
    x = 0.2 * pictures[classes] + 0.8 * rng.random((n, n_inputs), dtype=np.float32)
    return x, classes


def _beginners() -> Work:
    x = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0], dtype=np.float32)
    return Beginners(
        "beginners",
        "Beginners' program: six points, one neuron, SGD, 500 epochs",
        *(x[:, None], 2 * x + 3),
        hidden=(),
        batch_size=6,
        epochs=500,
        optimizer="sgd",
        learning_rate=0.01,
    )


def _table64() -> Work:
    title = "10,000×16 → 64 → 64 → 1, batch 64"
    return Training("table64", title, *_table(10_000, 16), (64, 64), batch_size=64, epochs=20)


def _table256() -> Work:
    title = "10,000×16 → 256³ → 1, batch 256"
    return Training("table256", title, *_table(10_000, 16), (256,) * 3, batch_size=256, epochs=10)


def _images128() -> Work:
    return Training(
        "images128",
        "60,000×784 → 128 → 10, batch 32",
        *_images(60_000, 784, 10),
        hidden=(128,),
        batch_size=32,
        epochs=1,
        n_classes=10,
    )


def _wide1024() -> Work:
    title = "20,000×256 → 1024³ → 1, batch 256"
    return Training("wide1024", title, *_table(20_000, 256), (1024,) * 3, batch_size=256, epochs=1)


def _population() -> Work:
    one = [(n,) for n in (4, 8, 12, 16, 24, 32, 48, 64)]
    two = [(8, 8), (16, 8), (16, 16), (24, 12), (32, 8), (32, 16), (32, 32)]
    two += [(48, 24), (48, 48), (64, 16), (64, 32), (64, 64)]
    rates = np.geomspace(3e-4, 1e-2, 10)
    members = [
        Member(hidden, float(rate), seed)
        for seed, (hidden, rate) in enumerate(itertools.product(one + two, rates))
    ]
    return Population(
        "population",
        "200 networks (20 shapes up to [64, 64] × 10 learning rates), 10,000×16, batch 64, "
        "20 epochs",
        *_table(10_000, 16),
        members=tuple(members),
        batch_size=64,
        epochs=20,
    )


def _prediction(name: str, title: str, n: int) -> Work:
    rng = np.random.default_rng(0)
    layers = [
        (rng.normal(0, n_in**-0.5, (n_in, n_out)), rng.normal(0, 0.1, n_out))
        for n_in, n_out in itertools.pairwise((16, 64, 64, 1))
    ]
    return Prediction(
        name,
        title,
        rng.normal(size=(n, 16)).astype(np.float32),
        tuple((kernel.astype(np.float32), bias.astype(np.float32)) for kernel, bias in layers),
    )


def _cold() -> Work:
    x, y = _table(10_000, 16)
    title = "Cold process: CSV of 10,000×16 → 64 → 64 → 1, batch 64, 10 epochs → prediction"
    return Cold("cold", title, np.column_stack([x, y]))


WORKS: dict[str, Callable[[], Work]] = {
    "beginners": _beginners,
    "table64": _table64,
    "table256": _table256,
    "images128": _images128,
    "wide1024": _wide1024,
    "population": _population,
    "row": lambda: _prediction("row", "Predict 1 row, 16 → 64 → 64 → 1, compiled once", 1),
    "million": lambda: _prediction("million", "Predict 1,000,000 rows, 16 → 64 → 64 → 1", 10**6),
    "cold": _cold,
}
