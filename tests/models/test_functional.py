"""Functional models: graphs of layers with several inputs and outputs."""

from __future__ import annotations

import numpy as np
import pytest
from functional_examples import (
    DEEP,
    KIND,
    PRICE,
    PROGRAM,
    WIDE,
    X,
    Y,
    bits,
    compiled,
    two_by_two,
    wide_and_deep,
)

import hiddenlogic as keras
from hiddenlogic import engine, losses, metrics, optimizers
from hiddenlogic.layers import Concatenate, Dense, Input
from hiddenlogic.network import Network, Node


def test_a_wide_and_deep_model_trains_like_the_engine():
    model = wide_and_deep()
    model.compile("adam", "mse", metrics=["mae"])
    found = model.fit(WIDE, PRICE, epochs=3, batch_size=16, verbose=0).history
    nodes = [
        Node(Input((3,)), ()),
        Node(Dense(8, "relu"), (0,)),
        Node(Dense(6, "tanh"), (1,)),
        Node(Concatenate(), (0, 2)),
        Node(Dense(1), (3,)),
    ]
    trainer = engine.Trainer(
        Network(tuple(nodes)),
        loss=losses.get("mse"),
        metrics=[metrics.get("mae", losses.get("mse"), 1)],
        optimizer=optimizers.Adam(),
        seed=3,
    )
    assert trainer.fit(WIDE, PRICE, epochs=3, batch_size=16).history == found
    assert bits(model.get_weights()) == bits(trainer.get_weights())
    assert model.predict(WIDE).tobytes() == trainer.predict(WIDE).tobytes()


def test_two_inputs_and_two_outputs_train_like_the_engine():
    model = compiled(loss_weights=[0.5, 2.0], weighted_metrics=[["mse"], None])
    weight = np.linspace(0, 2, 40)
    found = model.fit(
        X, Y, epochs=3, verbose=0, sample_weight=weight, validation_data=(X, Y)
    ).history
    price, kind = losses.get("mse"), losses.get("sparse_categorical_crossentropy")
    mae, mse = (metrics.get(name, price, 1) for name in ("mae", "mse"))
    accuracy = metrics.get("accuracy", kind, 2)
    trainer = engine.Trainer(
        two_by_two().network,
        loss=[
            engine.Goal(price, (mae,), (mse,), 0.5, "price"),
            engine.Goal(kind, (accuracy,), (), 2.0, "kind"),
        ],
        optimizer=optimizers.Adam(),
        seed=3,
    )
    inputs, targets = np.hstack(X), np.column_stack(Y)
    run = trainer.fit(inputs, targets, epochs=3, sample_weight=weight, validation=(inputs, targets))
    assert run.history == found
    assert bits(model.get_weights()) == bits(trainer.get_weights())
    outputs = trainer.predict(inputs)
    assert bits(model.predict(X)) == bits([outputs[:, :1], outputs[:, 1:]])
    assert bits(model(X)) == bits(model.predict(X))


def test_outputs_are_named_in_history_and_results():
    model = compiled()
    keys = ["loss", "price_loss", "kind_loss", "price_mae", "kind_accuracy"]
    assert model.metrics_names == keys
    history = model.fit(X, Y, validation_split=0.25, verbose=0).history
    assert set(history) == {*keys, *(f"val_{key}" for key in keys)}
    found = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert list(found) == keys
    assert model.evaluate(X, Y, verbose=0) == list(found.values())
    assert model.loss == [
        losses.get("mse"),
        losses.get("sparse_categorical_crossentropy"),
    ]


def test_unnamed_outputs_are_called_by_their_kind():
    rows = Input((3,))
    model = keras.Model(rows, [Dense(1)(rows), Dense(2)(rows)])
    assert (model.input_names, model.output_names) == (["input"], ["dense", "dense_1"])
    model.compile(loss="mae")  # one for all
    assert model.metrics_names == ["loss", "dense_loss", "dense_1_loss"]
    assert (model.input_shape, model.output_shape) == ((None, 3), [(None, 1), (None, 2)])


def test_lists_and_dicts_train_alike():
    trained = []
    for x, y, settings in [
        (X, Y, {"loss_weights": [0.5, 1]}),
        (
            {"deep": DEEP, "wide": WIDE},
            {"kind": KIND, "price": PRICE},
            {
                "loss": {"kind": "sparse_categorical_crossentropy", "price": "mse"},
                "loss_weights": {"price": 0.5},
                "metrics": {"kind": "accuracy", "price": ["mae"]},
            },
        ),
        (tuple(X), (PRICE.tolist(), KIND.tolist()), {"loss_weights": (0.5, 1)}),
    ]:
        model = compiled(**settings)
        history = model.fit(x, y, verbose=0, validation_data=(x, y)).history
        trained.append((history, bits(model.get_weights()), bits(model.predict(x))))
    assert trained[0] == trained[1] == trained[2]
    unweighted = compiled().fit(X, Y, verbose=0).history
    assert unweighted["loss"] != trained[0][0]["loss"]


def test_the_only_input_and_output_may_come_in_a_list_or_a_dict():
    predicted = []
    for x, y, settings in [
        (WIDE, PRICE, {"loss": "mse", "metrics": ["mae"]}),
        ([WIDE], [PRICE], {"loss": ["mse"], "metrics": [["mae"]]}),
        ({"input": WIDE}, {"dense_2": PRICE}, {"loss": {"dense_2": "mse"}, "metrics": None}),
    ]:
        model = wide_and_deep()
        model.compile(**settings)
        model.fit(x, y, verbose=0)
        predicted.append(model.predict(x).tobytes())
    assert predicted[0] == predicted[1] == predicted[2]


def test_the_order_of_inputs_and_outputs_is_that_of_the_model():
    wide, deep = Input((3,), name="wide"), Input((4,), name="deep")
    model = keras.Model([deep, wide], [Dense(2, name="b")(wide), Dense(1, name="a")(deep)])
    assert (model.input_names, model.output_names) == (["deep", "wide"], ["b", "a"])
    before, after = (model.predict([deep, WIDE]) for deep in (DEEP, DEEP + 1))
    assert [one.shape for one in before] == [(40, 2), (40, 1)]
    assert before[0].tobytes() == after[0].tobytes()
    assert before[1].tobytes() != after[1].tobytes()


@pytest.mark.parametrize("others", [[], [keras.callbacks.Callback]])
def test_early_stopping_watches_an_output(others):
    # Nothing is as much better as that.
    stopping = keras.callbacks.EarlyStopping("val_price_loss", min_delta=1e9, patience=1)
    history = compiled().fit(
        X,
        Y,
        epochs=9,
        validation_data=(X, Y),
        callbacks=[stopping, *(one() for one in others)],
        verbose=0,
    )
    assert (stopping.stopped_epoch, history.epoch) == (1, [0, 1])


def test_a_metric_of_an_output_is_maximised():
    stopping = keras.callbacks.EarlyStopping("kind_accuracy")
    compiled().fit(X, Y, callbacks=[stopping], verbose=0)
    assert stopping.direction == "max"


def test_a_model_can_be_compiled_again_and_its_rate_be_set():
    model = compiled()
    model.fit(X, Y, verbose=0)
    before = bits(model.get_weights())
    model.compile(optimizer="sgd", loss=["mae", "sparse_categorical_crossentropy"])
    assert bits(model.get_weights()) == before
    model.learning_rate = 0.5
    assert model.learning_rate == 0.5


def test_the_summary_says_what_is_connected(capsys):
    two_by_two(name="both").summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        'Model: "both"',
        "┏━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┓",
        "┃ Layer (type)              ┃ Output Shape      ┃    Param # ┃ Connected to      ┃",
        "┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━┩",
    ]
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if "│" in line]
    assert cells == [
        ["wide (Input)", "(None, 3)", "0", "-"],
        ["deep (Input)", "(None, 4)", "0", "-"],
        ["dense (Dense)", "(None, 5)", "25", "deep"],
        ["dense_1 (Dense)", "(None, 5)", "30", "dense"],
        ["dropout (Dropout)", "(None, 5)", "0", "dense_1"],
        ["add (Add)", "(None, 5)", "0", "dense, dropout"],
        ["concatenate (Concatenate)", "(None, 8)", "0", "wide, add"],
        ["price (Dense)", "(None, 1)", "9", "concatenate"],
        ["kind (Dense)", "(None, 2)", "12", "add"],
    ]


def test_a_program_of_keras_runs_after_its_import_line():
    names = {"keras": keras, "weights": None, "x": X, "y": Y}
    exec(PROGRAM, names)
    assert [one.shape for one in names["predicted"]] == [(40, 1), (40, 2)]
    assert [w.shape for w in names["model"].get_weights()] == [
        *[(4, 5), (5,), (5, 5), (5,)],
        *[(8, 1), (1,), (5, 2), (2,)],
    ]
    loss = names["history"].history["val_loss"]
    assert loss[-1] < loss[0]


def test_the_loss_of_the_only_output_may_have_a_weight():
    found = []
    for weights in ({}, {"loss_weights": 0.5}, {"loss_weights": [0.5]}):
        model = wide_and_deep()
        model.compile(loss="mse", **weights)
        found.append(model.evaluate(WIDE, PRICE, verbose=0))
    assert found[1] == found[2] == found[0] / 2


def test_layers_read_their_own_weights():
    model = compiled()
    model.fit(X, Y, verbose=0)
    ours = [w for layer in model.layers for w in layer.get_weights()]
    assert bits(ours) == bits(model.get_weights())
    assert model.get_layer("price") is model.layers[model.layer_names.index("price")]
    assert model.count_params() == sum(w.size for w in ours)
