"""Keras 3 on TensorFlow: plain, several steps an execution, with and without XLA."""

import os
from functools import partial

from measure import Run, Variant, whole
from works import Beginners, Cold, Trained, Training

from libraries.process import script

NAME = "Keras"

PLAIN = "as a beginner writes it"


def load() -> str:
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")  # every variant builds anew: retracing is its work

    return f"{keras.__version__} (TensorFlow {tf.__version__})"


def _compiled(work: Training, **options):
    import keras

    model = keras.Sequential(
        [
            keras.layers.Input((work.widths[0],)),
            *[keras.layers.Dense(n, activation="relu") for n in work.hidden],
            keras.layers.Dense(work.widths[-1], activation="softmax" if work.n_classes else None),
        ]
    )
    kind = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[work.optimizer]
    loss = "sparse_categorical_crossentropy" if work.n_classes else "mean_squared_error"
    model.compile(optimizer=kind(work.learning_rate), loss=loss, **options)
    return model


def _trained(model) -> Trained:
    return Trained(
        lambda inputs: model.predict(inputs, verbose=0, batch_size=1024),
        int(model.optimizer.iterations),
    )


def _fit(work: Training, **options) -> Run:
    def train() -> Trained:
        model = _compiled(work, **options)
        model.fit(
            work.inputs, work.targets, batch_size=work.batch_size, epochs=work.epochs, verbose=0
        )
        return _trained(model)

    return train


def beginners(work: Beginners) -> list[Variant]:
    import tensorflow as tf

    def unrolled(**options) -> Run:
        # All 500 updates as one epoch of 500 steps: the same updates, Keras's least overhead.
        def train() -> Trained:
            model = _compiled(work, steps_per_execution=work.epochs, **options)
            rows = tf.data.Dataset.from_tensors((work.inputs, work.targets[:, None])).repeat()
            model.fit(rows, epochs=1, steps_per_epoch=work.epochs, shuffle=False, verbose=0)
            return _trained(model)

        return train

    return [
        Variant(NAME, PLAIN, whole(_fit(work))),
        Variant(
            NAME,
            "one epoch of 500 steps in one execution, jit_compile=False",
            whole(unrolled(jit_compile=False)),
        ),
    ]


def training(work: Training) -> list[Variant]:
    import tensorflow as tf

    def dataset(jit: bool) -> Trained:
        model = _compiled(work, steps_per_execution=work.steps, jit_compile=jit)
        n = len(work.inputs)
        inputs, targets = tf.constant(work.inputs), tf.constant(work.targets[:, None])
        rows = (
            tf.data.Dataset.range(n)
            .shuffle(n)
            .batch(work.batch_size)
            .map(lambda index: (tf.gather(inputs, index), tf.gather(targets, index)))
            .prefetch(tf.data.AUTOTUNE)
        )
        # The rows shuffle themselves.
        model.fit(rows, epochs=work.epochs, shuffle=False, verbose=0)
        return _trained(model)

    tuned = f"steps_per_execution={work.steps}"
    return [
        Variant(NAME, "fit on arrays", whole(_fit(work))),
        Variant(NAME, f"fit on arrays, {tuned}", whole(_fit(work, steps_per_execution=work.steps))),
        *[
            Variant(NAME, f"dataset, {tuned}, jit_compile={jit}", whole(partial(dataset, jit)))
            for jit in (False, True)
        ],
    ]


def cold(work: Cold) -> list[Variant]:
    return [
        Variant(NAME, "fit on arrays", script(work, "keras_tensorflow.py", "plain")),
        Variant(
            NAME,
            "fit on arrays, steps_per_execution=157, jit_compile=False",
            script(work, "keras_tensorflow.py", "tuned"),
        ),
    ]
