"""A layer or more of each kind, for the tests that loop over all of them."""

from __future__ import annotations

from hiddenlogic import layers
from hiddenlogic.layers import Dense, Input, Layer
from hiddenlogic.network import Network, Node

# What each kind is shown with: one argument at least is not its default.
EXAMPLES: dict[str, list[Layer]] = {
    "Input": [Input(3)],
    "Dense": [
        Dense(3, "relu", kernel_regularizer="l2", name="first", input_dim=18),
        Dense(4, "glu", use_bias=False),
    ],
    "Activation": [layers.Activation("tanh"), layers.Activation("glu")],
    "ReLU": [layers.ReLU(), layers.ReLU(0.5, negative_slope=0.1, threshold=0.2)],
    "LeakyReLU": [layers.LeakyReLU(0.1)],
    "ELU": [layers.ELU(0.5)],
    "Softmax": [layers.Softmax(name="shares")],
    "PReLU": [layers.PReLU("ones")],
    "ParametricActivation": [
        layers.ParametricActivation("selu"),
        layers.ParametricActivation("mish"),
    ],
    "Scale": [layers.Scale("zeros")],
    "Rescaling": [layers.Rescaling(0.5, offset=-1)],
    "Dropout": [layers.Dropout(0.25)],
    "Concatenate": [layers.Concatenate()],
    "Add": [layers.Add()],
    "Average": [layers.Average()],
    "Multiply": [layers.Multiply()],
}

# A layer with what a network puts around it.
CASES = [layer for kind, some in EXAMPLES.items() if kind != "Input" for layer in some]


def network_with(layer: Layer, units: int = 18, outputs: int = 2) -> Network:
    """Return a network in whose middle the layer is: x → Dense → layer → Dense.

    A layer of several values takes that of the Dense three times, that of another Dense, and the
    rows; what it makes goes around the layer behind it too, so that gradients add up.
    """
    nodes = [Node(Input(units), ()), Node(Dense(units, "tanh"), (0,))]
    inputs = (1,)
    if layer.inputs_taken[1] != 1:
        nodes.append(Node(Dense(units), (1,)))
        inputs = (1, 2, 1, 0, 1)
    nodes.append(Node(layer, inputs))
    middle = len(nodes) - 1
    nodes.append(Node(Dense(5, "softplus"), (middle,)))
    nodes.append(Node(layers.Concatenate(), (middle, middle + 1)))
    nodes.append(Node(Dense(outputs), (middle + 2,)))
    return Network(tuple(nodes))
