"""A functional model in a file and back, and copies of it."""

from __future__ import annotations

import copy
import pickle

import pytest
from functional_examples import PRICE, WIDE, X, Y, bits, compiled, two_by_two

import hiddenlogic as keras
from hiddenlogic import losses, metrics
from hiddenlogic.errors import FormatError, StateError
from hiddenlogic.layers import Dense, Input
from hiddenlogic.models.compilation import Compilation


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_file_predicts_the_same_bits(tmp_path, dtype):
    model = two_by_two(dtype=dtype, name="kept")
    chosen = [[metrics.MeanAbsoluteError("off")], ["accuracy"]]
    loss = [losses.Huber(0.5), "sparse_categorical_crossentropy"]
    model.compile("sgd", loss, [0.5, 2.0], metrics=chosen, weighted_metrics=[["mse"], []])
    model.fit(X, Y, epochs=2, verbose=0)
    model.save(tmp_path / "m.safetensors")
    again = keras.Model.load(tmp_path / "m.safetensors")
    assert bits(again.predict(X)) == bits(model.predict(X))
    assert (again.name, again.seed, again.dtype) == ("kept", 3, dtype)
    assert again.history.history == model.history.history
    assert (again.loss, again.optimizer) == (model.loss, model.optimizer)
    assert again.metrics_names == model.metrics_names
    assert again.evaluate(X, Y, verbose=0) == model.evaluate(X, Y, verbose=0)


def test_a_sequential_does_not_read_a_graph(tmp_path):
    path = tmp_path / "m.safetensors"
    compiled().save(path)
    with pytest.raises(FormatError) as caught:
        keras.Sequential.load(path)
    assert str(caught.value) == (
        f"{str(path)!r} holds a network with branches, which no Sequential has. Read it with "
        "hiddenlogic.Model.load()."
    )


def test_a_graph_is_no_model_of_a_table(tmp_path):
    compiled().save(tmp_path / "m.safetensors")
    with pytest.raises(StateError, match=r"Read it with hiddenlogic\.Model\.load\(\)\.$"):
        keras.load(tmp_path / "m.safetensors")


@pytest.mark.parametrize("outputs", [None, [], [{"loss": None}], 3])
def test_a_hostile_compilation_gets_one_sentence(outputs):
    document = Compilation.create("adam", "mse", None, outputs=("a", "b")).to_json()
    assert Compilation.from_json(document, ("a", "b")).objectives[1].name == "b"
    with pytest.raises(FormatError, match=r"^The compilation in this file cannot be read: "):
        Compilation.from_json(document | {"outputs": outputs}, ("a", "b"))


def test_a_model_reads_a_straight_network(tmp_path):
    straight = keras.Sequential([Input((3,)), Dense(4, "relu"), Dense(1)], seed=1)
    straight.compile(loss="mse")
    straight.fit(WIDE, PRICE, verbose=0)
    straight.save(tmp_path / "m.safetensors")
    again = keras.Model.load(tmp_path / "m.safetensors")
    assert again.predict(WIDE).tobytes() == straight.predict(WIDE).tobytes()
    assert again.metrics_names == ["loss"]


@pytest.mark.parametrize(
    "make_copy", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))]
)
def test_a_copy_predicts_the_same_bits_and_trains_on_its_own(make_copy):
    model = compiled()
    model.fit(X, Y, verbose=0)
    twin, before = make_copy(model), bits(model.get_weights())
    assert bits(twin.predict(X)) == bits(model.predict(X))
    twin.fit(X, Y, verbose=0)
    assert bits(model.get_weights()) == before != bits(twin.get_weights())
