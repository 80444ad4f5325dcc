"""Read a CSV file, train, predict: `python hidden_logic.py TABLE.csv`."""

import sys

import numpy as np

import hiddenlogic as keras

table = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, dtype=np.float32)
x, y = table[:, :-1], table[:, -1]

model = keras.Sequential(
    [
        keras.layers.Input((x.shape[1],)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(1),
    ]
)
model.compile(optimizer="adam", loss="mean_squared_error")
model.fit(x, y, batch_size=64, epochs=10, verbose=0)
predicted = model.predict(x, verbose=0)[:, 0]
print("mean of squares:", np.mean((predicted - y) ** 2))
