"""The safetensors container: an 8-byte length, a JSON header, the tensors one behind the other.

Nothing here knows what the tensors mean. A header is believed only after every number in it has
been compared with the size of the file, so reading never takes more memory than the file does.

References
----------
https://github.com/huggingface/safetensors, README, section "Format".
"""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import FormatError
from hiddenlogic.formats.strict_json import parse

MAX_HEADER = 16 * 2**20
"""Largest header in bytes; the checks of a header of this size take seconds, not minutes."""

_LENGTH = 8
_DTYPES = {"F32": "<f4", "F64": "<f8"}
_NAMES = {np.dtype(text): name for name, text in _DTYPES.items()}
# First bytes of files that people mistake for models of ours, most of them models of others.
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive, as .keras, .npz and PyTorch files are"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras's .h5 files are"),
    (b"PAR1", "a Parquet table"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"GGUF", "a GGUF file"),
    (b"\x80\x02", "a pickle, which could run any code when read"),
    (b"\x80\x03", "a pickle, which could run any code when read"),
    (b"\x80\x04", "a pickle, which could run any code when read"),
    (b"\x80\x05", "a pickle, which could run any code when read"),
)


@dataclass(frozen=True)
class TensorFile:
    """The contents of a safetensors file: its metadata and its tensors by name."""

    metadata: Mapping[str, str]
    tensors: Mapping[str, NDArray[Any]]


def encode(contents: TensorFile) -> bytes:
    """Lay out a file; the same contents always give the same bytes.

    Parameters
    ----------
    contents : TensorFile
        Tensors of float32 or float64.

    Returns
    -------
    bytes
        Header padded with spaces to a multiple of 8, so that the tensors behind it are aligned.
    """
    header: dict[str, Any] = {"__metadata__": dict(contents.metadata)}
    # Wide elements first keeps each tensor aligned to its own element size.
    names = sorted(contents.tensors, key=lambda name: -contents.tensors[name].dtype.itemsize)
    chunks: list[bytes] = []
    end = 0
    for name in names:
        tensor = contents.tensors[name]
        kind = _NAMES[tensor.dtype]
        begin, end = end, end + tensor.nbytes
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [begin, end]}
        chunks.append(np.ascontiguousarray(tensor, dtype=_DTYPES[kind]).tobytes())
    text = json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    if len(text) > MAX_HEADER:
        raise FormatError(
            f"The description of this model takes {len(text)} bytes; a file holds at most"
            f" {MAX_HEADER}. Leave out columns with very many categories."
        )
    return b"".join([len(text).to_bytes(_LENGTH, "little"), text, *chunks])


def decode(path: str | os.PathLike[str]) -> TensorFile:
    """Read a safetensors file of float32 and float64 tensors.

    Parameters
    ----------
    path : path-like
        A regular file.

    Returns
    -------
    TensorFile
        Its tensors are copies that own their memory.

    Raises
    ------
    FormatError
        If there is no such file, or it is foreign, truncated, or contradicts itself.
    """
    path = Path(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FormatError(f"`{path}` is not a regular file. Give the path of a model file.")
        with path.open("rb") as file:
            return _decode(file.read(), path.name)
    except FileNotFoundError:
        raise FormatError(f"`{path}` does not exist. Give the path of a model file.") from None
    except OSError as error:
        raise FormatError(f"`{path.name}` could not be read: {error.strerror}.") from None


def _decode(data: bytes, name: str) -> TensorFile:
    """Check the frame, then the header, then cut the tensors out."""
    length = int.from_bytes(data[:_LENGTH], "little")
    opens = data[_LENGTH : _LENGTH + 1] == b"{"
    for start, kind in _FOREIGN:
        # A header of 1152 bytes begins with the two bytes of a pickle, but for what follows.
        if data.startswith(start) and not (opens and length <= MAX_HEADER):
            raise FormatError(f"`{name}` is {kind}; a model file of hiddenlogic was expected.")
    if len(data) < _LENGTH + 2:
        raise FormatError(f"`{name}` is no model file of hiddenlogic: it has {len(data)} bytes.")
    behind = len(data) - _LENGTH
    if not opens:
        raise FormatError(f"`{name}` is no model file of hiddenlogic: it is not safetensors.")
    if length > MAX_HEADER:
        raise FormatError(
            f"`{name}` claims a header of {length} bytes; at most {MAX_HEADER} are read."
        )
    if length > behind:
        raise FormatError(
            f"`{name}` is truncated: its header has {length} bytes, {behind} are there."
        )
    header = parse(data[_LENGTH : _LENGTH + length], f"The header of `{name}`")
    if not isinstance(header, dict):
        raise FormatError(f"The header of `{name}` is not a JSON object.")
    header = cast("dict[str, Any]", header)
    metadata = _metadata(header.pop("__metadata__", {}), name)
    body = memoryview(data)[_LENGTH + length :]
    places = {key: _place(key, entry, name) for key, entry in header.items()}
    _check_layout(places, len(body), name)
    return TensorFile(metadata, {key: place.cut(body) for key, place in places.items()})


def _metadata(entry: Any, name: str) -> dict[str, str]:
    """Metadata are strings by name, as the format says."""
    if isinstance(entry, dict):
        texts = cast("dict[str, Any]", entry)
        if all(isinstance(text, str) for text in texts.values()):
            return texts
    raise FormatError(f"The metadata of `{name}` are not strings by name.")


@dataclass(frozen=True)
class _Place:
    """Where one tensor lies, in bytes behind the header."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    def cut(self, body: memoryview) -> NDArray[Any]:
        """Copy the tensor out, in this machine's byte order."""
        flat = np.frombuffer(body[self.begin : self.end], dtype=self.dtype)
        return flat.reshape(self.shape).astype(np.dtype(self.dtype).newbyteorder("="), copy=True)


def _place(key: str, entry: Any, name: str) -> _Place:
    """One entry of the header, with its shape and its size in agreement."""
    what = f"tensor {key[:60]!r} of `{name}`"
    if not isinstance(entry, dict) or set(cast("dict[str, Any]", entry)) != {
        "dtype",
        "shape",
        "data_offsets",
    }:
        raise FormatError(f"The {what} is not described by dtype, shape and data_offsets.")
    fields = cast("dict[str, Any]", entry)
    dtype, shape, offsets = fields["dtype"], fields["shape"], fields["data_offsets"]
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        raise FormatError(f"The {what} has dtype {str(dtype)[:20]!r}; F32 or F64 was expected.")
    if not _is_sizes(shape) or len(shape) > 8:
        raise FormatError(f"The {what} has no shape of at most 8 sizes.")
    if not _is_sizes(offsets) or len(offsets) != 2:
        raise FormatError(f"The {what} has no pair of offsets.")
    size = math.prod(shape) * np.dtype(_DTYPES[dtype]).itemsize
    if offsets[1] - offsets[0] != size:
        raise FormatError(
            f"The {what} needs {size} bytes by its shape and has {offsets[1] - offsets[0]}."
        )
    return _Place(_DTYPES[dtype], tuple(shape), offsets[0], offsets[1])


def _is_sizes(value: Any) -> bool:
    """Whether a value is a list of integers from 0 up; True and False are not integers here."""
    return isinstance(value, list) and all(
        type(size) is int and size >= 0 for size in cast("list[Any]", value)
    )


def _check_layout(places: Mapping[str, _Place], size: int, name: str) -> None:
    """Tensors cover the bytes behind the header without gap or overlap."""
    end = 0
    for key, place in sorted(places.items(), key=lambda item: (item[1].begin, item[1].end)):
        if place.begin != end:
            raise FormatError(
                f"The tensor {key[:60]!r} of `{name}` does not begin where the last ends."
            )
        end = place.end
    if end > size:
        raise FormatError(f"`{name}` is truncated: its tensors have {end} bytes, {size} are there.")
    if end < size:
        raise FormatError(f"`{name}` has {size - end} bytes behind its last tensor.")
