"""Between a Sequential and the snapshot that a file holds."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import hiddenlogic
from hiddenlogic.errors import FormatError
from hiddenlogic.layers import Layer
from hiddenlogic.models.compilation import Compilation
from hiddenlogic.network import Network

if TYPE_CHECKING:
    from hiddenlogic.formats.snapshot import Snapshot


@dataclass(frozen=True)
class Parts:
    """What a Sequential is made of."""

    layers: list[Layer]
    weights: list[NDArray[Any]]
    compilation: Compilation | None
    history: dict[str, list[float]]
    name: str
    seed: int
    dtype: str


def snapshot(network: Network, kept: Parts) -> Snapshot:
    """Return what the file is to hold."""
    from hiddenlogic.formats.snapshot import Snapshot

    return Snapshot(
        network=network,
        weights=kept.weights,
        compile=None if kept.compilation is None else kept.compilation.to_json(),
        history=kept.history,
        receipt={
            "kind": "sequential",
            "name": kept.name,
            "seed": kept.seed,
            "versions": {
                "hiddenlogic": hiddenlogic.__version__,
                "numpy": np.__version__,
                "python": platform.python_version(),
            },
        },
        dtype=kept.dtype,
    )


def check_name(path: str | os.PathLike[str]) -> None:
    """Refuse a name by which other programs would take the file for one of Keras's.

    Raises
    ------
    FormatError
        If it ends in .keras, .h5 or .hdf5.
    """
    name = Path(path)
    if name.suffix.lower() in (".keras", ".h5", ".hdf5"):
        raise FormatError(
            f"`{os.fspath(path)}` would be taken for a file of Keras, but save() writes "
            f"safetensors. Write to {name.with_suffix('.safetensors').name!r}."
        )


def parts(found: Snapshot, path: str) -> Parts:
    """Return what a Sequential is made of, or refuse a file that holds another model.

    Raises
    ------
    FormatError
        If the snapshot has a preparation, branches, or a receipt that is none.
    """
    if found.preparation is not None or found.schema is not None:
        raise FormatError(f"{path!r} holds a model of a table. Read it with hiddenlogic.load().")
    nodes = found.network.nodes[1:]
    if not found.network.is_straight:
        raise FormatError(f"{path!r} holds a network with branches, which no Sequential has.")
    name, seed = found.receipt.get("name"), found.receipt.get("seed")
    if not isinstance(name, str) or type(seed) is not int or seed < 0:
        raise FormatError(f"{path!r} must hold a name and a seed in its receipt.")
    first: list[Layer] = [found.network.nodes[0].layer]
    return Parts(
        layers=first + [node.layer for node in nodes],
        weights=list(found.weights),
        compilation=None if found.compile is None else Compilation.from_json(found.compile),
        history={key: list(values) for key, values in found.history.items()},
        name=name,
        seed=seed,
        dtype=found.dtype,
    )
