"""The beginners' program: what one neuron learns from six points of y = 2x + 3.

Run it with: python examples/beginners.py
"""

import numpy as np

import hiddenlogic as keras
from hiddenlogic.training.folding import fold, standardise

x = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0])
y = np.array([1.0, 3.0, 5.0, 7.0, 9.0, 11.0])


def one_neuron():
    model = keras.Sequential([keras.layers.Dense(units=1, input_shape=[1])])
    model.compile(optimizer="sgd", loss="mean_squared_error")
    return model


def show(model):
    """Print the table input | true | learned | error."""
    learned = model.predict(x, verbose=0)[:, 0]
    print("  input |     true |  learned |     error")
    print(" -------+----------+----------+----------")
    for row in zip(x, y, learned, learned - y, strict=True):
        print("  {:5.1f} | {:8.3f} | {:8.3f} | {:+9.6f}".format(*row))


print("One neuron, six points of y = 2x + 3, stochastic gradient descent, 500 epochs")
model = one_neuron()
model.fit(x, y, epochs=500, verbose=0)
kernel, bias = model.get_weights()
print(f"  get_weights(): kernel {kernel.tolist()}, bias {bias.tolist()}")
show(model)

print()
print("The same with inputs and targets scaled, and the scaling folded back into the weights")
x_scaling, y_scaling = standardise(x), standardise(y)
scaled = one_neuron()
scaled.fit(x_scaling.apply(x), y_scaling.apply(y), epochs=500, verbose=0)
scaled.set_weights(fold(scaled.get_weights(), x_scaling, y_scaling))
kernel, bias = scaled.get_weights()
show(scaled)
print(f"  y = {kernel.item():.3f}·x + {bias.item():.3f}")
