"""Read a CSV file, train, predict: `python scikit_learn.py TABLE.csv`."""

import sys
import warnings

import numpy as np
from sklearn.neural_network import MLPRegressor

warnings.simplefilter("ignore")  # that ten epochs are too few is known

table = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, dtype=np.float32)
x, y = table[:, :-1], table[:, -1]

model = MLPRegressor(hidden_layer_sizes=(64, 64), alpha=0.0, batch_size=64, max_iter=10)
model.fit(x, y)
print("mean of squares:", np.mean((model.predict(x) - y) ** 2))
