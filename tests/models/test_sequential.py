"""Sequential as Keras's programs use it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import hiddenlogic as keras
from hiddenlogic.errors import (
    DataError,
    DivergenceError,
    RangeError,
    ShapeError,
    StateError,
    UnknownNameError,
)
from hiddenlogic.layers import Dense, Dropout, Input

X = [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
Y = [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]  # y = 2x + 3


def line(**settings):
    model = keras.Sequential([Dense(units=1, input_shape=[1])], seed=1, **settings)
    model.compile(optimizer="sgd", loss="mean_squared_error")
    return model


def table(n=64, features=3, seed=0):
    random = np.random.default_rng(seed)
    x = random.normal(0, 1, (n, features)).astype(np.float32)
    return x, (x.sum(axis=1, keepdims=True) ** 2).astype(np.float32)


def test_the_beginners_program_learns_the_line():
    layer = keras.layers.Dense(units=1, input_shape=[1])
    model = keras.Sequential([layer], seed=1)
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mean_squared_error")
    history = model.fit(X, Y, epochs=500, verbose=0)
    kernel, bias = layer.get_weights()
    assert kernel.shape == (1, 1)
    assert bias.shape == (1,)
    assert (round(float(kernel[0, 0]), 2), round(float(bias[0]), 2)) == (2.0, 3.0)
    assert len(history.history["loss"]) == 500
    assert model.history is history
    assert model.predict([10.0]).round(1).tolist() == [[23.0]]


def test_the_same_seed_gives_the_same_weights_bit_for_bit():
    def run(seed):
        model = keras.Sequential([Input((3,)), Dense(8, "relu"), Dropout(0.2), Dense(1)], seed=seed)
        model.compile("adam", "mse")
        model.fit(*table(), epochs=3, verbose=0)
        return model.get_weights()

    assert all(np.array_equal(a, b) for a, b in zip(run(7), run(7), strict=True))
    assert not np.array_equal(run(7)[0], run(8)[0])


def test_fit_before_compile_is_refused():
    with pytest.raises(StateError, match=r"^You must call `compile\(\)` before using the model\.$"):
        keras.Sequential([Dense(1)]).fit(X, Y)
    model = keras.Sequential([Dense(1)])
    model.compile("sgd")
    with pytest.raises(
        StateError, match=r"^No loss to compute\. Provide a `loss` argument in `compile\(\)`\.$"
    ):
        model.fit(X, Y)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"validation_split": 1.5}, "`validation_split` of fit must be a number of at least 0 and "
         "less than 1; got 1.5."),
        ({"batch_size": 0}, "`batch_size` of fit must be a whole number of at least 1; got 0."),
        ({"epochs": 0}, "`epochs` of fit must be a whole number of at least 1; got 0."),
        ({"shuffle": "batch"}, "`shuffle` of fit must be True or False; got 'batch'."),
        ({"verbose": 3}, "`verbose` of fit must be 0, 1, 2 or 'auto'; got 3."),
        ({"validation_data": X}, "`validation_data` must be a tuple (x, y) or (x, y, "
         "sample_weight); got list."),
        ({"sample_weight": [1, 2]}, "`sample_weight` must have one number for each of the 6 rows; "
         "got 2."),
        ({"nb_epochs": 3}, "fit has no argument `nb_epochs`; it takes x, y, batch_size, epochs, "
         "verbose, callbacks, validation_split, validation_data, shuffle, class_weight, "
        "sample_weight. Did you "
         "mean 'epochs'?"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_refused(settings, message):
    with pytest.raises((RangeError, ShapeError, UnknownNameError)) as caught:
        line().fit(X, Y, **{"verbose": 0, **settings})
    assert str(caught.value) == message


def test_a_split_that_leaves_nothing_is_refused():
    with pytest.raises(DataError) as caught:
        line().fit([1.0], [1.0], validation_split=0.5, verbose=0)
    assert str(caught.value) == (
        "`validation_split` of fit is 0.5, which leaves 0 of 1 rows for training and 1 for "
        "validation; both need at least one. Change it, or pass validation_data."
    )


def test_validation_split_takes_the_last_rows():
    x, y = table(20)
    split, given = line_of(3), line_of(3)
    a = split.fit(x, y, validation_split=0.25, epochs=3, verbose=0)
    b = given.fit(x[:15], y[:15], validation_data=(x[15:], y[15:]), epochs=3, verbose=0)
    assert a.history == b.history
    assert list(a.history) == ["loss", "val_loss"]


def line_of(width, **compiled):
    model = keras.Sequential([Input((width,)), Dense(4, "tanh"), Dense(1)], seed=0)
    model.compile(**{"optimizer": "adam", "loss": "mse", **compiled})
    return model


def test_targets_are_not_broadcast():
    with pytest.raises(ShapeError) as caught:
        line().fit(X, np.ones((6, 2)), verbose=0)
    assert str(caught.value) == (
        "`y` must have 1 column, the units of the last layer; got shape (6, 2)."
    )
    with pytest.raises(ShapeError, match=r"same number of rows; got 6 and 5\.$"):
        line().fit(X, Y[:5], verbose=0)
    with pytest.raises(DataError, match=r"^`validation y` has a NaN in row 0, column 0"):
        line().fit(X, Y, validation_data=([1.0], [float("nan")]), verbose=0)


def test_data_frames_are_taken():
    frame = pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 3, 4], "y": [1.0, 2, 3]})
    history = line_of(2).fit(frame[["a", "b"]], frame["y"], epochs=2, verbose=0)
    assert len(history.history["loss"]) == 2


def test_history_has_keras_shape():
    model = line_of(3, metrics=["mae"])
    history = model.fit(*table(), validation_split=0.5, epochs=2, batch_size=10, verbose=0)
    assert list(history.history) == ["loss", "mae", "val_loss", "val_mae"]
    assert history.epoch == [0, 1]
    assert history.params == {"verbose": 0, "epochs": 2, "steps": 4}
    assert history.model is model
    assert all(type(v) is float for values in history.history.values() for v in values)


def test_evaluate_is_a_float_a_list_or_a_dict():
    x, y = table()
    plain, measured = line_of(3), line_of(3, metrics=["mae", "rmse"])
    assert type(plain.evaluate(x, y, verbose=0)) is float
    values = measured.evaluate(x, y, verbose=0)
    assert measured.metrics_names == ["loss", "mae", "rmse"]
    assert measured.evaluate(x, y, verbose=0, return_dict=True) == dict(
        zip(["loss", "mae", "rmse"], values, strict=True)
    )
    assert values[0] == plain.evaluate(x, y, verbose=0)


def test_evaluate_prints_one_line(capsys):
    line_of(3).evaluate(*table(n=64))
    out = capsys.readouterr().out
    assert out.startswith("2/2 ━━━━━━━━━━━━━━━━━━━━ 0s")
    assert out.count("\n") == 1


def test_predict_is_two_dimensional_and_of_the_dtype():
    x, _ = table(5)
    assert line_of(3).predict(x).dtype == np.float32
    assert line_of(3)(x).shape == (5, 1)
    assert line_of(3).predict(np.empty((0, 3))).shape == (0, 1)
    model = line(dtype="float64")
    assert model.predict([1.0]).dtype == np.float64
    assert model.get_weights()[0].dtype == np.float64


def test_compile_again_keeps_the_weights():
    model = line_of(3)
    model.fit(*table(), verbose=0)
    before = model.get_weights()
    model.compile("sgd", "mae")
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("units", "activation", "loss", "message"),
    [
        (
            1,
            "sigmoid",
            keras.losses.BinaryCrossentropy(from_logits=True),
            "binary_crossentropy with from_logits=True applies a sigmoid itself; layer 1 (Dense) "
            "has 'sigmoid' already. Leave out its activation, or leave out from_logits.",
        ),
        (
            1,
            "softmax",
            "categorical_crossentropy",
            "The loss categorical_crossentropy compares classes, but the last layer has 1 unit. "
            "Use a unit a class, or sigmoid and binary_crossentropy.",
        ),
        (
            3,
            None,
            "gaussian_nll",
            "The loss GaussianNLL(eps=1e-06, full=False) takes 2 outputs for each target; the last "
            "layer has 3. Give it 2 units for each column of the targets.",
        ),
        (
            4,
            None,
            keras.losses.Quantile((0.1, 0.5, 0.9)),
            "The loss Quantile(quantiles=(0.1, 0.5, 0.9)) takes 3 outputs for each target; the "
            "last layer has 4. Give it 3 units for each column of the targets.",
        ),
        (
            3,
            "softmax",
            keras.losses.CategoricalFocalCrossentropy(alpha=(0.25, 0.5)),
            "`alpha` of CategoricalFocalCrossentropy must be one number, or one for each of the 3 "
            "classes of the last layer; got 2.",
        ),
    ],
)
def test_an_output_that_does_not_suit_the_loss_is_refused(units, activation, loss, message):
    model = keras.Sequential([Input((2,)), Dense(units, activation)])
    with pytest.raises(StateError) as caught:
        model.compile("adam", loss)
    assert str(caught.value) == message


def test_unknown_names_are_refused_by_compile():
    model = keras.Sequential([Input((2,)), Dense(1)])
    with pytest.raises(UnknownNameError, match="Did you mean 'adam'"):
        model.compile("adamm", "mse")
    with pytest.raises(UnknownNameError, match="the share of right classes"):
        model.compile("adam", "mse", metrics=["accuracy"])
    with pytest.raises(
        RangeError, match=r"^`metrics` must be a list, such as \['mae'\]; got 'mae'"
    ):
        model.compile("adam", "mse", metrics="mae")
    with pytest.raises(UnknownNameError, match="Did you mean 'metrics'"):
        model.compile("adam", "mse", metric=["mae"])


def test_classification_reports_accuracy_under_the_written_key():
    x, y = table()
    model = keras.Sequential([Input((3,)), Dense(8, "relu"), Dense(1, "sigmoid")], seed=0)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(x, (y > 1).astype(int), epochs=2, validation_split=0.25, verbose=0)
    assert list(history.history) == ["accuracy", "loss", "val_accuracy", "val_loss"]


def test_divergence_says_so_and_keeps_the_history():
    model = line_of(3, optimizer=keras.optimizers.SGD(1e6))
    with pytest.raises(DivergenceError):
        model.fit(*table(), epochs=50, verbose=0)
    assert model.history is not None
    assert all(np.isfinite(w).all() for w in model.get_weights())


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (
            [1, 1, 1, 0, 0, 0],
            "`sample_weight` is 0 in each of the 3 rows that `validation_split` of fit leaves for "
            "validation. Change it, or pass validation_data.",
        ),
        (
            [0, 0, 0, 1, 1, 1],
            "`sample_weight` is 0 in each of the 3 rows that `validation_split` of fit leaves for "
            "training. Change it, or pass validation_data.",
        ),
    ],
)
def test_a_part_that_weighs_nothing_is_refused(weights, message):
    with pytest.raises(DataError) as caught:
        line().fit(X, Y, sample_weight=weights, validation_split=0.5, verbose=0)
    assert str(caught.value) == message
