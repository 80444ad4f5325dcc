"""hiddenlogic, in Keras's words."""

import numpy as np
from measure import Variant

NAME = "hiddenlogic"


def load() -> str:
    import hiddenlogic

    return hiddenlogic.__version__


def beginners(x: np.ndarray, y: np.ndarray) -> list[Variant]:
    import hiddenlogic as keras

    def train():
        model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
        model.compile(optimizer=keras.optimizers.SGD(0.01), loss="mean_squared_error")
        model.fit(x, y, epochs=500, verbose=0)
        return lambda inputs: model.predict(inputs, verbose=0)

    return [Variant(NAME, "as a beginner writes it", train)]


def table(x: np.ndarray, y: np.ndarray) -> list[Variant]:
    import hiddenlogic as keras

    def train():
        model = keras.Sequential(
            [
                keras.layers.Input((x.shape[1],)),
                keras.layers.Dense(64, activation="relu"),
                keras.layers.Dense(64, activation="relu"),
                keras.layers.Dense(1),
            ]
        )
        model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mean_squared_error")
        model.fit(x, y, batch_size=64, epochs=10, verbose=0)
        return lambda inputs: model.predict(inputs, verbose=0)

    return [Variant(NAME, "fit on arrays", train)]
