"""The own file of a model: one safetensors file that holds everything and runs nothing.

Weights and history are tensors (``weights.<node>.kernel``, ``history.<name>``); network, schema,
preparation, target, compilation and receipt are JSON texts in the metadata of the header.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import FormatError, HiddenLogicError
from hiddenlogic.formats.atomic import write_atomically
from hiddenlogic.formats.snapshot import Snapshot
from hiddenlogic.formats.strict_json import parse
from hiddenlogic.formats.tensor_file import TensorFile, decode, encode
from hiddenlogic.network import Network
from hiddenlogic.table import Preparation, Schema, TargetPreparation

FORMAT = 1
"""Number of the format written here; raised whenever an older reader would misread a file."""

_PARTS = ("network", "schema", "preparation", "target", "compile", "receipt")
_DTYPES = ("float32", "float64")


def write(path: str | os.PathLike[str], snapshot: Snapshot) -> None:
    """Write a model atomically; the same model gives the same bytes.

    Parameters
    ----------
    path : path-like
        What is there is replaced only when the new file is complete and on the disk.
    snapshot : Snapshot
        Weights are stored as ``snapshot.dtype``.

    Raises
    ------
    FormatError
        If the file cannot be written, or the receipt holds something else than plain data.
    """
    parts: dict[str, Any] = {
        "network": snapshot.network.to_json(),
        "schema": None if snapshot.schema is None else snapshot.schema.to_json(),
        "preparation": None if snapshot.preparation is None else snapshot.preparation.to_json(),
        "target": None if snapshot.target is None else snapshot.target.to_json(),
        "compile": snapshot.compile,
        "receipt": dict(snapshot.receipt),
    }
    metadata = {"format": "hiddenlogic", "format_number": str(FORMAT), "dtype": snapshot.dtype}
    metadata |= {name: _dump(name, part) for name, part in parts.items()}
    names = _weight_names(snapshot.network)
    tensors: dict[str, NDArray[Any]] = {
        name: np.asarray(weight, dtype=snapshot.dtype)
        for name, weight in zip(names, snapshot.weights, strict=True)
    }
    tensors |= {
        f"history.{name}": np.asarray(values, dtype=np.float64)
        for name, values in snapshot.history.items()
    }
    write_atomically(path, encode(TensorFile(metadata, tensors)))


def read(path: str | os.PathLike[str]) -> Snapshot:
    """Read a model that `write` wrote, with the same bits.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Snapshot

    Raises
    ------
    FormatError
        If the file is missing, foreign, truncated, of a newer format, or contradicts itself.

    Notes
    -----
    Nothing in the file is executed, and every size is compared with the file's own before it is
    believed: reading takes memory in proportion to the file, whatever the file claims.
    """
    name = Path(path).name
    contents = decode(path)
    metadata = contents.metadata
    _check_format(metadata, name)
    parts = {part: _part(metadata, part, name) for part in _PARTS}
    # These readers check what they read; what slips through is a hostile file all the same.
    network: Network = _build("network", Network.from_json, parts["network"], name)
    schema = _build("schema", Schema.from_json, parts["schema"], name)
    preparation = _build("preparation", Preparation.from_json, parts["preparation"], name)
    target = _build("target", TargetPreparation.from_json, parts["target"], name)
    compilation = parts["compile"] if parts["compile"] is None else _object(parts, "compile", name)
    _check_widths(network, preparation, target, name)
    dtype = metadata["dtype"]
    tensors = dict(contents.tensors)
    weights = [
        _weight(tensors.pop(key, None), key, parameter.shape, dtype, name)
        for key, parameter in zip(_weight_names(network), network.parameters, strict=True)
    ]
    return Snapshot(
        network=network,
        weights=weights,
        schema=schema,
        preparation=preparation,
        target=target,
        compile=compilation,
        history=_history(tensors, name),
        receipt=_object(parts, "receipt", name),
        dtype=dtype,
    )


def _weight_names(network: Network) -> list[str]:
    """Names of the weight tensors, in the order of ``network.parameters``."""
    return [f"weights.{parameter.node}.{parameter.name}" for parameter in network.parameters]


def _dump(name: str, part: Any) -> str:
    """One part as JSON; what is no plain data is refused by its name."""
    try:
        return json.dumps(part, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise FormatError(
            f"The {name} of this model holds more than plain data: {error}."
        ) from None


def _check_format(metadata: Mapping[str, str], name: str) -> None:
    """Tell other programs' files and newer files of ours apart."""
    program = metadata.get("format", "")
    if program != "hiddenlogic":
        raise FormatError(
            f"`{name}` is a safetensors file of another program;"
            " a model file of hiddenlogic was expected."
        )
    number = metadata.get("format_number", "")
    if number != str(FORMAT):
        if number.isascii() and number.isdigit() and len(number) < 9:
            raise FormatError(
                f"`{name}` has format {number}; this version reads {FORMAT}. Upgrade hiddenlogic."
            )
        raise FormatError(f"`{name}` has no format number.")
    if metadata.get("dtype") not in _DTYPES:
        raise FormatError(f"The dtype in `{name}` is neither float32 nor float64.")


def _part(metadata: Mapping[str, str], part: str, name: str) -> Any:
    """One JSON text of the metadata, read."""
    if part not in metadata:
        raise FormatError(f"`{name}` holds no {part}.")
    return parse(metadata[part], f"The {part} in `{name}`")


def _object(parts: dict[str, Any], part: str, name: str) -> dict[str, Any]:
    """One part that stays plain data."""
    if not isinstance(parts[part], dict):
        raise FormatError(f"The {part} in `{name}` is not a JSON object.")
    return cast("dict[str, Any]", parts[part])


def _build(part: str, from_json: Any, value: Any, name: str) -> Any:
    """One part as its class; parts other than the network may be absent."""
    if value is None and part != "network":
        return None
    try:
        return from_json(value)
    except HiddenLogicError as error:
        raise FormatError(f"The {part} in `{name}` does not fit: {error}") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        raise FormatError(f"The {part} in `{name}` is not one that hiddenlogic wrote.") from None


def _check_widths(
    network: Network, preparation: Preparation | None, target: TargetPreparation | None, name: str
) -> None:
    """The network takes what the preparation makes, and makes what the target takes."""
    if preparation is not None and len(preparation.feature_names) != network.n_inputs:
        raise FormatError(
            f"The preparation in `{name}` makes {len(preparation.feature_names)} inputs;"
            f" its network takes {network.n_inputs}."
        )
    if target is not None and target.n_outputs != network.n_outputs:
        raise FormatError(
            f"The target in `{name}` needs {target.n_outputs} outputs;"
            f" its network has {network.n_outputs}."
        )


def _weight(
    tensor: NDArray[Any] | None, key: str, shape: tuple[int, ...], dtype: str, name: str
) -> NDArray[Any]:
    """One weight tensor, of the shape that the network says."""
    if tensor is None:
        raise FormatError(f"`{name}` lacks the tensor {key!r}.")
    if tensor.shape != shape or tensor.dtype != np.dtype(dtype):
        raise FormatError(
            f"The tensor {key!r} of `{name}` is {tensor.dtype} {list(tensor.shape)};"
            f" its network needs {dtype} {list(shape)}."
        )
    return tensor


def _history(tensors: dict[str, NDArray[Any]], name: str) -> dict[str, list[Any]]:
    """What is left beside the weights: a number a measure and epoch, or an array."""
    history: dict[str, list[Any]] = {}
    for key, tensor in tensors.items():
        # Arrays of nothing could be more than the file is long.
        is_values = tensor.ndim == 1 or (tensor.ndim == 2 and tensor.shape[1] > 1)
        if not key.startswith("history.") or not is_values:
            raise FormatError(f"`{name}` holds a tensor {key[:60]!r} that no part of it needs.")
        values = tensor.tolist() if tensor.ndim == 1 else list(tensor)
        history[key.removeprefix("history.")] = values
    return history
