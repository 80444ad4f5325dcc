"""A layer or more of each kind, for the tests that loop over all of them."""

from __future__ import annotations

from hiddenlogic import layers
from hiddenlogic.constraints import MaxNorm, MinMaxNorm
from hiddenlogic.layers import Dense, Input, Layer
from hiddenlogic.network import Network, Node
from hiddenlogic.regularizers import L1L2

# Of 18 columns between -1 and 1: from one bin to four, some with values beyond their edges.
BINS = tuple(tuple(edge / 8 for edge in (-7, -3, 0, 2, 6)[: 2 + i % 4]) for i in range(18))

# What each kind is shown with: one argument at least is not its default.
EXAMPLES: dict[str, list[Layer]] = {
    "Input": [Input(3)],
    "Dense": [
        Dense(3, "relu", kernel_regularizer="l2", name="first", input_dim=18),
        Dense(4, "glu", use_bias=False),
        Dense(
            5,
            "tanh",
            bias_regularizer="l1",
            activity_regularizer=L1L2(0.01, 0.02),
            kernel_constraint=MinMaxNorm(0.5, 1, rate=0.9, axis=1),
            bias_constraint="non_neg",
        ),
        Dense(7, kernel_regularizer="orthogonal", kernel_constraint=MaxNorm(0.5)),
    ],
    "Activation": [layers.Activation("tanh"), layers.Activation("glu")],
    "ReLU": [layers.ReLU(), layers.ReLU(0.5, negative_slope=0.1, threshold=0.2)],
    "LeakyReLU": [layers.LeakyReLU(0.1)],
    "ELU": [layers.ELU(0.5)],
    "Softmax": [layers.Softmax(name="shares")],
    "PReLU": [layers.PReLU("ones", alpha_regularizer="l2", alpha_constraint="unit_norm")],
    "ParametricActivation": [
        layers.ParametricActivation("selu"),
        layers.ParametricActivation("mish"),
    ],
    "Scale": [layers.Scale("zeros", scale_regularizer="l1", scale_constraint="non_neg")],
    "Rescaling": [layers.Rescaling(0.5, offset=-1)],
    "Normalization": [
        layers.Normalization(mean=0.25, variance=0.5, name="standardised"),
        layers.Normalization(mean=[i / 8 for i in range(18)], variance=[0.3] * 18, invert=True),
    ],
    "ActivityRegularization": [layers.ActivityRegularization(0.01, l2=0.02)],
    "Dropout": [layers.Dropout(0.25)],
    "AlphaDropout": [layers.AlphaDropout(0.25)],
    "GaussianNoise": [layers.GaussianNoise(0.25)],
    "GaussianDropout": [layers.GaussianDropout(0.25)],
    "BatchNormalization": [
        layers.BatchNormalization(momentum=0.75),
        layers.BatchNormalization(epsilon=0.1, gamma_regularizer="l2", center=False),
        layers.BatchNormalization(scale=False, moving_mean_initializer="ones"),
    ],
    "LayerNormalization": [
        layers.LayerNormalization(epsilon=0.01),
        layers.LayerNormalization(center=False, gamma_initializer="glorot_uniform"),
        layers.LayerNormalization(scale=False, beta_regularizer="l2", beta_constraint="non_neg"),
    ],
    "RMSNormalization": [layers.RMSNormalization(epsilon=0.01)],
    "UnitNormalization": [layers.UnitNormalization(name="unit")],
    "NTKDense": [layers.NTKDense(4, "tanh"), layers.NTKDense(3, use_bias=False)],
    "Embedding": [
        layers.Embedding(7, 3, embeddings_constraint=MaxNorm(0.5, axis=1)),
        layers.Embedding(1100, 20, "glorot_uniform"),
    ],
    "PiecewiseLinearEmbedding": [
        layers.PiecewiseLinearEmbedding(3, BINS, "A", "relu"),
        layers.PiecewiseLinearEmbedding(17, BINS),
    ],
    "PeriodicEmbedding": [
        layers.PeriodicEmbedding(units=3, n_frequencies=5, sigma=0.5),
        layers.PeriodicEmbedding(units=18, n_frequencies=4, shared=True),
        layers.PeriodicEmbedding("pbld"),
    ],
    "Concatenate": [layers.Concatenate()],
    "Add": [layers.Add()],
    "Average": [layers.Average()],
    "Multiply": [layers.Multiply()],
    "Members": [layers.Members(3), layers.Members(2, "ones", chunks=(10, 8))],
    "BatchEnsembleDense": [
        layers.BatchEnsembleDense(7, "tanh", 3, input_scale_initializer="random_sign"),
        layers.BatchEnsembleDense(18, use_bias=False, kernel_regularizer="l2"),
    ],
    "MemberDense": [
        layers.MemberDense(17, "gelu", kernel_regularizer="l2"),
        layers.MemberDense(4, "glu", use_bias=False),
    ],
}

# A layer with what a network puts around it.
CASES = [layer for kind, some in EXAMPLES.items() if kind != "Input" for layer in some]


def network_with(layer: Layer, units: int = 18, outputs: int = 2) -> Network:
    """Return a network in whose middle the layer is: x → Dense → layer → Dense.

    A layer of several values takes that of the Dense three times, that of another Dense, and the
    rows; one of category codes takes the last two columns. What it makes goes around the layer
    behind it too, as that of the first Dense does, so that gradients add up.
    """
    nodes = [Node(Input(units), ()), Node(Dense(units, "tanh"), (0,))]
    inputs = (1,)
    if layer.inputs_taken[1] != 1:
        nodes.append(Node(Dense(units), (1,)))
        inputs = (1, 2, 1, 0, 1)
    if layer.n_codes is not None:
        nodes = [Node(Input(units - 2), ()), Node(Dense(units, "tanh"), (0,)), Node(Input(2), ())]
        inputs = (2,)
    if isinstance(layer, layers.MemberLayer) and getattr(layer, "members", None) is None:
        nodes.append(Node(layers.Members(3), (1,)))
        inputs = (2,)
    nodes.append(Node(layer, inputs))
    middle = len(nodes) - 1
    nodes.append(Node(Dense(5, "softplus"), (middle,)))
    around = () if isinstance(layer, layers.MemberLayer) else (1,)
    nodes.append(Node(layers.Concatenate(), (middle, middle + 1, *around)))
    nodes.append(Node(Dense(outputs), (middle + 2,)))
    return Network(tuple(nodes))
