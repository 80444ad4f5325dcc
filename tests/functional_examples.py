"""Functional models, and a program in Keras's words to be run with any package of that name."""

from __future__ import annotations

import numpy as np

import hiddenlogic as keras
from hiddenlogic.layers import Add, Concatenate, Dense, Dropout, Input

RANDOM = np.random.default_rng(0)
WIDE = RANDOM.normal(size=(40, 3)).astype(np.float32)
DEEP = RANDOM.normal(size=(40, 4)).astype(np.float32)
PRICE = (WIDE[:, :1] - DEEP[:, 1:2] ** 2).astype(np.float32)
KIND = (DEEP[:, 0] > 0).astype(np.float32)
X, Y = [WIDE, DEEP], [PRICE, KIND]


def wide_and_deep(**settings):
    rows = Input((3,))
    deep = Dense(6, "tanh")(Dense(8, "relu")(rows))
    return keras.Model(rows, Dense(1)(Concatenate()([rows, deep])), **{"seed": 3, **settings})


def two_by_two(**settings):
    wide, deep = Input((3,), name="wide"), Input((4,), name="deep")
    hidden = Dense(5, "tanh")(deep)
    skip = Add()([hidden, Dropout(0.1)(Dense(5, "tanh")(hidden))])
    price = Dense(1, name="price")(Concatenate()([wide, skip]))
    kind = Dense(2, "softmax", name="kind")(skip)
    return keras.Model([wide, deep], [price, kind], **{"seed": 3, **settings})


def compiled(**settings):
    model = two_by_two()
    loss = ["mse", "sparse_categorical_crossentropy"]
    model.compile(**{"loss": loss, "metrics": [["mae"], ["accuracy"]], **settings})
    return model


def bits(arrays):
    return [one.tobytes() for one in arrays]


PROGRAM = """
numbers = keras.Input(shape=(3,), name="numbers")
others = keras.Input(shape=(4,), name="others")
deep = keras.layers.Dense(5, activation="tanh")(others)
again = keras.layers.Dense(5, activation="tanh")(deep)
skip = keras.layers.Add()([deep, again])
wide_and_deep = keras.layers.Concatenate()([numbers, skip])
price = keras.layers.Dense(1, name="price")(wide_and_deep)
kind = keras.layers.Dense(2, activation="softmax", name="kind")(skip)
model = keras.Model(inputs=[numbers, others], outputs=[price, kind], name="both")
model.compile(
    optimizer=keras.optimizers.SGD(0.0625),
    loss={"price": "mse", "kind": "sparse_categorical_crossentropy"},
    loss_weights={"price": 0.5, "kind": 2.0},
    metrics={"price": ["mae"], "kind": ["accuracy"]},
)
if weights is not None:
    model.set_weights(weights)
started = model.get_weights()
history = model.fit(
    {"numbers": x[0], "others": x[1]},
    {"price": y[0], "kind": y[1]},
    epochs=4,
    batch_size=8,
    shuffle=False,
    verbose=0,
    validation_data=(x, y),
)
predicted = model.predict(x, verbose=0)
"""
