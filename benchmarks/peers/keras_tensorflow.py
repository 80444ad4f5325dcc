"""Keras 3 on TensorFlow: plain, without XLA, several steps an execution, from a dataset."""

import os

import numpy as np
from measure import Variant

NAME = "Keras"


def load() -> str:
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")  # every variant builds anew: retracing is its work

    return f"{keras.__version__} (TensorFlow {tf.__version__})"


def _compiled(units: list[int], n_inputs: int, optimizer: str, rate: float, **options):
    import keras

    model = keras.Sequential(
        [
            keras.layers.Input((n_inputs,)),
            *[keras.layers.Dense(n, activation="relu") for n in units],
            keras.layers.Dense(1),
        ]
    )
    kind = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[optimizer]
    model.compile(optimizer=kind(rate), loss="mean_squared_error", **options)
    return model


def _predictor(model):
    return lambda inputs: model.predict(inputs, verbose=0, batch_size=1024)


def beginners(x: np.ndarray, y: np.ndarray) -> list[Variant]:
    import tensorflow as tf

    def plain(**options):
        def train():
            model = _compiled([], 1, "sgd", 0.01, **options)
            model.fit(x, y, epochs=500, verbose=0)
            return _predictor(model)

        return train

    def unrolled(**options):
        # All 500 updates as one epoch of 500 steps: the same updates, Keras's least overhead.
        def train():
            model = _compiled([], 1, "sgd", 0.01, steps_per_execution=500, **options)
            rows = tf.data.Dataset.from_tensors((x[:, None], y[:, None])).repeat()
            model.fit(rows, epochs=1, steps_per_epoch=500, shuffle=False, verbose=0)
            return _predictor(model)

        return train

    return [
        Variant(NAME, "as a beginner writes it", plain()),
        Variant(NAME, "jit_compile=False", plain(jit_compile=False)),
        Variant(NAME, "one epoch of 500 steps in one execution", unrolled()),
        Variant(NAME, "the same, jit_compile=False", unrolled(jit_compile=False)),
    ]


def table(x: np.ndarray, y: np.ndarray) -> list[Variant]:
    import tensorflow as tf

    n, n_inputs = x.shape
    steps = -(-n // 64)

    def arrays(**options):
        def train():
            model = _compiled([64, 64], n_inputs, "adam", 0.001, **options)
            model.fit(x, y, batch_size=64, epochs=10, verbose=0)
            return _predictor(model)

        return train

    def dataset(**options):
        def train():
            model = _compiled([64, 64], n_inputs, "adam", 0.001, **options)
            inputs, targets = tf.constant(x), tf.constant(y[:, None])
            rows = (
                tf.data.Dataset.range(n)
                .shuffle(n)
                .batch(64)
                .map(lambda index: (tf.gather(inputs, index), tf.gather(targets, index)))
                .prefetch(tf.data.AUTOTUNE)
            )
            model.fit(rows, epochs=10, shuffle=False, verbose=0)  # the rows shuffle themselves
            return _predictor(model)

        return train

    return [
        Variant(NAME, "fit on arrays", arrays()),
        Variant(NAME, f"steps_per_execution={steps}", arrays(steps_per_execution=steps)),
        Variant(
            NAME,
            f"steps_per_execution={steps}, jit_compile=False",
            arrays(steps_per_execution=steps, jit_compile=False),
        ),
        Variant(
            NAME,
            f"dataset, steps_per_execution={steps}, jit_compile=False",
            dataset(steps_per_execution=steps, jit_compile=False),
        ),
        Variant(
            NAME,
            f"dataset, steps_per_execution={steps}, jit_compile=True",
            dataset(steps_per_execution=steps, jit_compile=True),
        ),
    ]
