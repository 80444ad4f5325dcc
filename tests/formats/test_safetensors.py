"""The own file: everything comes back, and nothing else is taken for it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import safetensors.numpy
from layer_examples import CASES, network_with
from reference.examples import random_weights

from hiddenlogic.errors import FormatError
from hiddenlogic.formats.safetensors import read, write
from hiddenlogic.formats.snapshot import Snapshot
from hiddenlogic.formats.tensor_file import TensorFile, decode, encode
from hiddenlogic.layers import Dense, Dropout, Layer
from hiddenlogic.network import Network
from hiddenlogic.table import Preparation, TargetPreparation, infer_schema

FLATS = pl.DataFrame(
    {
        "town": ["Ulm", "Bonn", "Köln"] * 8,
        "m2": [40.5, 61.0, None, 85.25] * 6,
        "rent": [500.5 + 7 * row for row in range(24)],
    }
)


def _snapshot(dtype: str = "float32") -> Snapshot:
    """A model with every part."""
    schema = infer_schema(FLATS)
    rows = np.arange(24)
    preparation = Preparation.fit(schema, FLATS, rows)
    layers = [Dense(3, "selu"), Dropout(0.25), Dense(1)]
    network = Network.sequential(len(preparation.feature_names), layers)
    random = np.random.default_rng(0)
    return Snapshot(
        network=network,
        weights=[random.normal(size=spec.shape).astype(dtype) for spec in network.parameters],
        schema=schema,
        preparation=preparation,
        target=TargetPreparation.fit(schema, FLATS, rows),
        compile={"loss": {"name": "mean_squared_error", "config": {}}},
        history={"loss": [1.0, 0.1 + 0.2, float("inf")], "val_loss": [float("nan"), 1e-300, 2.0]},
        receipt={"seed": 3, "scores": {"RMSE": 0.1}, "note": "größer"},
        dtype=dtype,
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_everything_comes_back_bit_for_bit(tmp_path: Path, dtype: str):
    snapshot = _snapshot(dtype)
    write(tmp_path / "m", snapshot)
    back = read(tmp_path / "m")
    assert back.network == snapshot.network
    assert back.schema == snapshot.schema
    assert back.preparation == snapshot.preparation
    assert back.target == snapshot.target
    assert (back.compile, back.receipt, back.dtype) == (snapshot.compile, snapshot.receipt, dtype)
    assert [one.tobytes() for one in back.weights] == [one.tobytes() for one in snapshot.weights]
    assert all(one.dtype == np.dtype(dtype) for one in back.weights)
    assert repr(back.history) == repr(snapshot.history)


def test_a_network_without_a_table_comes_back(tmp_path: Path):
    network = Network.sequential(1, [Dense(1)])
    weights = [np.ones((1, 1), np.float32), np.zeros(1, np.float32)]
    write(tmp_path / "m", Snapshot(network, weights))
    back = read(tmp_path / "m")
    assert (back.schema, back.preparation, back.target, back.compile) == (None,) * 4
    assert back.weights[0].flags.writeable


@pytest.mark.parametrize("layer", CASES, ids=repr)
def test_each_kind_of_layer_comes_back(tmp_path: Path, layer: Layer):
    network = network_with(layer)
    weights = [w.astype(np.float32) for w in random_weights(network)]
    write(tmp_path / "m", Snapshot(network, weights))
    back = read(tmp_path / "m")
    assert back.network == network
    for found, due in zip(back.weights, weights, strict=True):
        assert found.shape == due.shape
        assert found.tobytes() == due.tobytes()


def test_the_same_model_gives_the_same_bytes(tmp_path: Path):
    for name in ("a", "b"):
        write(tmp_path / name, _snapshot())
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_safetensors_package_reads_the_weights(tmp_path: Path):
    snapshot = _snapshot()
    write(tmp_path / "m", snapshot)
    tensors = safetensors.numpy.load_file(tmp_path / "m")
    assert np.array_equal(tensors["weights.1.kernel"], snapshot.weights[0])


def test_a_receipt_that_is_no_plain_data_is_refused(tmp_path: Path):
    for value in (np.float32(1), float("nan")):
        with pytest.raises(
            FormatError, match="The receipt of this model holds more than plain data"
        ):
            write(tmp_path / "m", replace(_snapshot(), receipt={"x": value}))
    assert list(tmp_path.iterdir()) == []


def test_other_programs_files_are_refused(tmp_path: Path):
    safetensors.numpy.save_file({"w": np.ones(3)}, tmp_path / "m", metadata={"format": "pt"})
    with pytest.raises(FormatError) as caught:
        read(tmp_path / "m")
    assert str(caught.value) == (
        "`m` is a safetensors file of another program; a model file of hiddenlogic was expected."
    )


def _changed(path: Path, change: Callable[[dict[str, Any], dict[str, Any]], object]) -> None:
    """Write a model whose metadata (JSON read) and tensors were tampered with."""
    write(path, _snapshot())
    contents = decode(path)
    plain = ("format", "dtype", "format_number")
    metadata = {
        name: text if name in plain else json.loads(text)
        for name, text in contents.metadata.items()
    }
    tensors = dict(contents.tensors)
    change(metadata, tensors)
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in metadata.items()
    }
    path.write_bytes(encode(TensorFile(texts, tensors)))


def _units(metadata: dict[str, Any], units: Any) -> None:
    metadata["network"]["nodes"][1]["config"]["units"] = units


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda m, t: m.update(format_number="3"),
            "`m.safetensors` has format 3; this version reads 1. Upgrade hiddenlogic.",
        ),
        (lambda m, t: m.update(format_number="x"), "`m.safetensors` has no format number."),
        (
            lambda m, t: m.update(dtype="int8"),
            "The dtype in `m.safetensors` is neither float32 nor float64.",
        ),
        (lambda m, t: m.pop("network"), "`m.safetensors` holds no network."),
        (
            lambda m, t: m.update(network="[" * 1000),
            "The network in `m.safetensors` is not read: it nests deeper than 64 levels.",
        ),
        (
            lambda m, t: m.update(receipt='{"a": NaN}'),
            "The receipt in `m.safetensors` is not read: it holds NaN, which is not a JSON number.",
        ),
        (lambda m, t: m.update(receipt=[]), "The receipt in `m.safetensors` is not a JSON object."),
        (
            lambda m, t: _units(m, 10**12),
            "The tensor 'weights.1.kernel' of `m.safetensors` is float32 [5, 3];"
            f" its network needs float32 [5, {10**12}].",
        ),
        (
            lambda m, t: m.update(dtype="float64"),
            "The tensor 'weights.1.kernel' of `m.safetensors` is float32 [5, 3];"
            " its network needs float64 [5, 3].",
        ),
        (
            lambda m, t: t.pop("weights.3.bias"),
            "`m.safetensors` lacks the tensor 'weights.3.bias'.",
        ),
        (
            lambda m, t: t.update(extra=np.ones(1)),
            "`m.safetensors` holds a tensor 'extra' that no part of it needs.",
        ),
        (
            lambda m, t: m["preparation"]["steps"].pop(),
            "The preparation in `m.safetensors` makes 3 inputs; its network takes 5.",
        ),
        (
            lambda m, t: m.update(network={}),
            "The network in `m.safetensors` does not fit:"
            " The network of this file must be an object with a list `nodes`.",
        ),
    ],
)
def test_files_that_contradict_themselves_are_refused(
    tmp_path: Path, change: Callable[[dict[str, Any], dict[str, Any]], object], message: str
):
    _changed(tmp_path / "m.safetensors", change)
    with pytest.raises(FormatError) as caught:
        read(tmp_path / "m.safetensors")
    assert str(caught.value) == message


def _paths(value: Any) -> list[tuple[Any, ...]]:
    """Where every value inside plain data is."""
    if not isinstance(value, dict | list):
        return [()]
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    return [(), *((key, *rest) for key, inner in entries for rest in _paths(inner))]


@pytest.mark.parametrize("part", ["network", "schema", "preparation", "target", "compile"])
@pytest.mark.parametrize("hostile", [None, -1, 10**15, "x", [], {}, [[]], {"name": 0}, 1e300, True])
def test_any_hostile_value_in_any_place_is_read_or_refused(tmp_path: Path, part: str, hostile: Any):
    write(tmp_path / "m", _snapshot())
    contents = decode(tmp_path / "m")
    for path in _paths(json.loads(contents.metadata[part])):
        plain = json.loads(contents.metadata[part])
        where = plain
        for key in path[:-1]:
            where = where[key]
        if path:
            where[path[-1]] = hostile
        else:
            plain = hostile
        metadata = {**contents.metadata, part: json.dumps(plain)}
        (tmp_path / "h").write_bytes(encode(TensorFile(metadata, contents.tensors)))
        try:
            read(tmp_path / "h")
        except FormatError as error:
            assert "\n" not in str(error)
