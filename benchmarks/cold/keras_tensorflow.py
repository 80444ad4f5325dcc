"""Read a CSV file, train, predict: `python keras_tensorflow.py TABLE.csv plain|tuned`."""

import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

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
tuned = {"steps_per_execution": 157, "jit_compile": False} if sys.argv[2] == "tuned" else {}
model.compile(optimizer="adam", loss="mean_squared_error", **tuned)
model.fit(x, y, batch_size=64, epochs=10, verbose=0)
predicted = model.predict(x, batch_size=1024, verbose=0)[:, 0]
print("mean of squares:", np.mean((predicted - y) ** 2))
