"""A Sequential in a file and back."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import numpy as np
import pytest

import hiddenlogic as keras
from hiddenlogic.errors import FormatError, StateError
from hiddenlogic.formats.safetensors import read, write
from hiddenlogic.layers import Activation, Dense, Dropout, Input
from hiddenlogic.models.compilation import Compilation


def trained(dtype="float32"):
    layers = [
        Input((3,)),
        Dense(4, "elu", name="first"),
        Dropout(0.1),
        Dense(2),
        Activation("softmax"),
    ]
    model = keras.Sequential(layers, name="kept", dtype=dtype, seed=5)
    model.compile(
        keras.optimizers.SGD(0.1, momentum=0.5),
        "sparse_categorical_crossentropy",
        metrics=["accuracy", keras.metrics.SparseCategoricalAccuracy("again")],
    )
    x = np.random.default_rng(0).normal(0, 1, (30, 3))
    model.fit(x, (x[:, 0] > 0).astype(int), epochs=3, verbose=0)
    return model, x


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_file_predicts_the_same_bits(tmp_path, dtype):
    model, x = trained(dtype)
    model.save(tmp_path / "model.safetensors")
    again = keras.Sequential.load(tmp_path / "model.safetensors")
    assert np.array_equal(model.predict(x), again.predict(x))
    assert again.layers == model.layers
    assert (again.name, again.seed, again.dtype) == ("kept", 5, dtype)
    assert again.history.history == model.history.history
    assert again.optimizer == model.optimizer
    assert again.loss == model.loss
    assert again.metrics_names == ["loss", "accuracy", "again"]
    y = (x[:, 0] > 0).astype(int)
    assert again.evaluate(x, y, verbose=0) == model.evaluate(x, y, verbose=0)


@pytest.mark.parametrize(
    "loss",
    [
        keras.losses.Quantile((0.1, 0.5), reduction="sum"),
        keras.losses.GaussianNLL(1e-3, full=True),
        keras.losses.BinaryFocalCrossentropy(True, 0.3, from_logits=True, label_smoothing=0.1),
        keras.losses.CategoricalFocalCrossentropy((0.2, 0.4), from_logits=True),
    ],
    ids=repr,
)
def test_a_file_keeps_every_setting_of_the_loss(tmp_path, loss):
    model = keras.Sequential([Input((3,)), Dense(2)], seed=0)
    model.compile("sgd", loss)
    model.save(tmp_path / "model.safetensors")
    again = keras.Sequential.load(tmp_path / "model.safetensors")
    assert again.loss == loss
    assert repr(again.loss) == repr(loss)


def test_a_file_keeps_the_schedule_of_the_learning_rate(tmp_path):
    rate = keras.schedules.CosineDecay(0.1, 30, warmup_target=0.2, warmup_steps=3)
    model = keras.Sequential([Dense(1)])
    model.compile(optimizer=keras.optimizers.AdamW(learning_rate=rate), loss="mse")
    x = np.linspace(-1, 1, 20)
    history = model.fit(x, 2 * x, epochs=9, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    model.save(tmp_path / "model.safetensors")
    again = keras.Sequential.load(tmp_path / "model.safetensors")
    assert again.optimizer == model.optimizer == keras.optimizers.AdamW(rate)


def test_a_file_that_is_there_is_kept_on_request(tmp_path):
    model, _ = trained()
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"precious")
    with pytest.raises(StateError, match=r"exists\. Pass overwrite=True to replace it\.$"):
        model.save(path, overwrite=False)
    assert path.read_bytes() == b"precious"


def test_an_unbuilt_model_is_not_saved(tmp_path):
    with pytest.raises(StateError, match="is not built"):
        keras.Sequential([Dense(1)]).save(tmp_path / "model.safetensors")


def test_a_model_that_was_not_compiled_comes_back_so(tmp_path):
    keras.Sequential([Input((2,)), Dense(1)]).save(tmp_path / "m.safetensors")
    again = keras.Sequential.load(tmp_path / "m.safetensors")
    assert again.optimizer is None
    assert again.history is None


def test_a_foreign_receipt_is_refused(tmp_path):
    model, _ = trained()
    path = tmp_path / "m.safetensors"
    model.save(path)
    write(path, dataclasses.replace(read(path), receipt={"seed": "x"}))
    with pytest.raises(FormatError, match="must hold a name and a seed in its receipt"):
        keras.Sequential.load(path)


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"optimizer": {"name": "adam"}},
        {
            "optimizer": {"name": "adam", "config": {"learning_rate": -1}},
            "loss": None,
            "metrics": [],
        },
        {"optimizer": {"name": "adam", "config": {"exec": 1}}, "loss": None, "metrics": []},
        {"optimizer": {"name": "adam", "config": {}}, "loss": "mse", "metrics": []},
        {"optimizer": {"name": "adam", "config": {}}, "loss": None, "metrics": 3},
        {
            "optimizer": {"name": "adam", "config": {}},
            "loss": {"name": "mean_squared_error", "config": {}},
            "metrics": [{"name": "x", "key": "y"}],
        },
    ],
)
def test_a_hostile_compilation_gets_one_sentence(document):
    with pytest.raises(FormatError, match=r"^The compilation in this file cannot be read: "):
        Compilation.from_json(document)


@pytest.mark.parametrize(
    "make_copy", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))]
)
def test_a_copy_predicts_the_same_bits_and_trains_on_its_own(make_copy):
    model, _ = trained()
    before = [w.copy() for w in model.get_weights()]
    rows = np.eye(3)
    twin = make_copy(model)
    assert (twin.predict(rows) == model.predict(rows)).all()
    assert twin.history.history == model.history.history
    assert (twin.name, twin.seed, twin.metrics_names) == (
        model.name,
        model.seed,
        model.metrics_names,
    )
    twin.fit(rows, [0, 1, 0], verbose=0)
    assert all((a == b).all() for a, b in zip(model.get_weights(), before, strict=True))


def test_a_model_without_shapes_can_be_copied():
    twin = copy.deepcopy(keras.Sequential([Dense(2)], name="young", seed=3))
    assert (twin.name, twin.seed, twin.built, len(twin.layers)) == ("young", 3, False, 1)


def test_a_history_can_be_pickled():
    history = trained()[0].history
    assert pickle.loads(pickle.dumps(history)).history == history.history


@pytest.mark.parametrize("name", ["m.keras", "m.h5", "m.HDF5"])
def test_no_file_is_written_under_a_name_of_keras(name, tmp_path):
    with pytest.raises(FormatError) as caught:
        trained()[0].save(tmp_path / name)
    assert str(caught.value) == (
        f"`{tmp_path / name}` would be taken for a file of Keras, but save() writes safetensors. "
        "Write to 'm.safetensors'."
    )
    assert not list(tmp_path.iterdir())
