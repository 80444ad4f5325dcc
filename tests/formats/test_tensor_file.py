"""The safetensors container, as written here and as written by others."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from hiddenlogic.errors import FormatError
from hiddenlogic.formats.tensor_file import TensorFile, decode, encode

CONTENTS = TensorFile(
    {"format": "hiddenlogic", "note": "größer"},
    {
        "single": np.array([[1.5, -0.0, 3e-42]], np.float32),
        "double": np.array([np.pi, np.nan, -np.inf]),
        "empty": np.zeros((0, 3), np.float32),
    },
)


def _file(header: Any, body: bytes = b"", length: int | None = None) -> bytes:
    """A file with any header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + body


def _entry(dtype: Any = "F32", shape: Any = (1,), offsets: Any = (0, 4)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def test_the_bits_of_a_file_come_back(tmp_path: Path):
    (tmp_path / "m").write_bytes(encode(CONTENTS))
    back = decode(tmp_path / "m")
    assert back.metadata == CONTENTS.metadata
    assert set(back.tensors) == set(CONTENTS.tensors)
    for name, tensor in CONTENTS.tensors.items():
        assert back.tensors[name].dtype == tensor.dtype
        assert back.tensors[name].shape == tensor.shape
        assert back.tensors[name].tobytes() == tensor.tobytes()


def test_the_safetensors_package_reads_the_same(tmp_path: Path):
    (tmp_path / "m").write_bytes(encode(CONTENTS))
    theirs = safetensors.numpy.load_file(tmp_path / "m")
    assert {name: tensor.tobytes() for name, tensor in theirs.items()} == {
        name: tensor.tobytes() for name, tensor in CONTENTS.tensors.items()
    }


def test_files_of_the_safetensors_package_are_read(tmp_path: Path):
    safetensors.numpy.save_file(dict(CONTENTS.tensors), tmp_path / "m", metadata={"a": "b"})
    back = decode(tmp_path / "m")
    assert back.metadata == {"a": "b"}
    assert back.tensors["double"].tobytes() == CONTENTS.tensors["double"].tobytes()


@pytest.mark.parametrize("length", [0x0280, 0x0380, 0x0480, 0x0580])
def test_a_header_whose_length_begins_like_a_pickle_is_read(length, tmp_path: Path):
    def padded(by: int) -> bytes:
        return encode(TensorFile({"a": "b" * by}, CONTENTS.tensors))

    missing = length - int.from_bytes(padded(0)[:8], "little")
    (tmp_path / "m").write_bytes(padded(missing))
    assert padded(missing)[:2] == length.to_bytes(2, "little")
    assert decode(tmp_path / "m").metadata == {"a": "b" * missing}


def test_the_same_contents_give_the_same_bytes():
    assert encode(CONTENTS) == encode(CONTENTS)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "`m` is no model file of hiddenlogic: it has 0 bytes."),
        (b"abc", "`m` is no model file of hiddenlogic: it has 3 bytes."),
        (b"some text, long enough", "`m` is no model file of hiddenlogic: it is not safetensors."),
        (
            b"PK\x03\x04" + bytes(40),
            "`m` is a zip archive, as .keras, .npz and PyTorch files are;"
            " a model file of hiddenlogic was expected.",
        ),
        (
            b"\x80\x04\x95" + bytes(40),
            "`m` is a pickle, which could run any code when read;"
            " a model file of hiddenlogic was expected.",
        ),
        (
            _file(b"{}", length=2**63),
            f"`m` claims a header of {2**63} bytes; at most 16777216 are read.",
        ),
        (_file(b"{}", length=100), "`m` is truncated: its header has 100 bytes, 2 are there."),
        (_file(b'{"a":'), "The header of `m` is not valid JSON."),
        (_file({"__metadata__": {"a": 1}}), "The metadata of `m` are not strings by name."),
        (_file({"__metadata__": []}), "The metadata of `m` are not strings by name."),
        (
            _file({"t": 3}),
            "The tensor 't' of `m` is not described by dtype, shape and data_offsets.",
        ),
        (
            _file({"t": _entry("I64", (1,), (0, 8))}, bytes(8)),
            "The tensor 't' of `m` has dtype 'I64'; F32 or F64 was expected.",
        ),
        (
            _file({"t": _entry(shape=[-1])}, bytes(4)),
            "The tensor 't' of `m` has no shape of at most 8 sizes.",
        ),
        (
            _file({"t": _entry(shape=[True])}, bytes(4)),
            "The tensor 't' of `m` has no shape of at most 8 sizes.",
        ),
        (
            _file({"t": _entry(offsets=[0])}, bytes(4)),
            "The tensor 't' of `m` has no pair of offsets.",
        ),
        (
            _file({"t": _entry(shape=[10**12, 10**12])}, bytes(4)),
            f"The tensor 't' of `m` needs {4 * 10**24} bytes by its shape and has 4.",
        ),
        (
            _file({"t": _entry(shape=[10**12], offsets=[0, 4 * 10**12])}, bytes(4)),
            f"`m` is truncated: its tensors have {4 * 10**12} bytes, 4 are there.",
        ),
        (
            _file({"a": _entry(), "b": _entry()}, bytes(4)),
            "The tensor 'b' of `m` does not begin where the last ends.",
        ),
        (
            _file({"a": _entry(offsets=[4, 8])}, bytes(8)),
            "The tensor 'a' of `m` does not begin where the last ends.",
        ),
        (_file({"a": _entry()}, bytes(5)), "`m` has 1 bytes behind its last tensor."),
        (
            _file({"a": _entry()}, bytes(3)),
            "`m` is truncated: its tensors have 4 bytes, 3 are there.",
        ),
    ],
)
def test_foreign_truncated_and_hostile_files_are_refused(tmp_path: Path, data: bytes, message: str):
    (tmp_path / "m").write_bytes(data)
    with pytest.raises(FormatError) as caught:
        decode(tmp_path / "m")
    assert str(caught.value) == message


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(FormatError) as caught:
        decode(tmp_path / "none")
    assert (
        str(caught.value) == f"`{tmp_path / 'none'}` does not exist. Give the path of a model file."
    )


def test_a_folder_and_a_device_are_refused(tmp_path: Path):
    for path in (tmp_path, Path("/dev/zero")):
        with pytest.raises(FormatError, match="is not a regular file"):
            decode(path)


def test_a_file_cut_anywhere_is_refused(tmp_path: Path):
    data = encode(CONTENTS)
    for end in range(len(data)):
        (tmp_path / "m").write_bytes(data[:end])
        with pytest.raises(FormatError):
            decode(tmp_path / "m")


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, to: int
):
    data = bytearray(encode(CONTENTS))
    data[at % len(data)] = to
    path = tmp_path_factory.getbasetemp() / "changed"
    path.write_bytes(data)
    try:
        decode(path)
    except FormatError as error:
        assert "`changed`" in str(error)
