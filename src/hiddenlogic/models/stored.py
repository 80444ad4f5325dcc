"""Between a model and the snapshot that a file holds."""

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
from hiddenlogic.models.compilation import Compilation
from hiddenlogic.models.network_data import names_at
from hiddenlogic.network import Network, Node

if TYPE_CHECKING:
    from hiddenlogic.formats.snapshot import Snapshot


@dataclass(frozen=True)
class Parts:
    """What a model is made of.

    The nodes are those of its network, or the layers of a Sequential that has none yet.
    """

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]
    weights: list[NDArray[Any]]
    compilation: Compilation | None
    history: dict[str, list[Any]]
    name: str
    seed: int
    dtype: str


def snapshot(network: Network, kept: Parts, kind: str) -> Snapshot:
    """Return what the file is to hold of a 'sequential' or a 'model'."""
    from hiddenlogic.formats.snapshot import Snapshot

    return Snapshot(
        network=network,
        weights=kept.weights,
        compile=None if kept.compilation is None else kept.compilation.to_json(),
        history=kept.history,
        receipt={
            "kind": kind,
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
    """Return what a model is made of, or refuse a file that holds another kind.

    Raises
    ------
    FormatError
        If the snapshot has a preparation, or a receipt or a compilation that is none.
    """
    if found.preparation is not None or found.schema is not None:
        raise FormatError(f"{path!r} holds a model of a table. Read it with hiddenlogic.load().")
    name, seed = found.receipt.get("name"), found.receipt.get("seed")
    if not isinstance(name, str) or type(seed) is not int or seed < 0:
        raise FormatError(f"{path!r} must hold a name and a seed in its receipt.")
    network = found.network
    outputs = names_at(network, network.outputs)
    return Parts(
        nodes=network.nodes,
        outputs=network.outputs,
        weights=list(found.weights),
        compilation=(
            None if found.compile is None else Compilation.from_json(found.compile, outputs)
        ),
        history={key: list(values) for key, values in found.history.items()},
        name=name,
        seed=seed,
        dtype=found.dtype,
    )
