"""The layers of a network, as frozen data with Keras's names.

A layer says what it is and holds no numbers; the weights belong to the network that it is built in.
"""

from __future__ import annotations

from hiddenlogic.layers.activation import (
    ELU,
    Activation,
    ActivationLayer,
    LeakyReLU,
    ReLU,
    Softmax,
)
from hiddenlogic.layers.activity import ActivityRegularization
from hiddenlogic.layers.batch_ensemble import BatchEnsembleDense
from hiddenlogic.layers.batch_normalization import BatchNormalization
from hiddenlogic.layers.core import Dense, Input
from hiddenlogic.layers.embedding import Embedding
from hiddenlogic.layers.layer import Layer, Tensor
from hiddenlogic.layers.member_layer import MemberLayer
from hiddenlogic.layers.members import MemberDense, Members
from hiddenlogic.layers.merging import Add, Average, Concatenate, Multiply
from hiddenlogic.layers.noise import AlphaDropout, Dropout, GaussianDropout, GaussianNoise
from hiddenlogic.layers.normalization import Normalization
from hiddenlogic.layers.ntk import NTKDense
from hiddenlogic.layers.per_unit import ParametricActivation, PReLU, Rescaling, Scale
from hiddenlogic.layers.periodic import PeriodicEmbedding
from hiddenlogic.layers.piecewise_linear import PiecewiseLinearEmbedding
from hiddenlogic.layers.unit_normalization import (
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from hiddenlogic.layers.weight_spec import WeightSpec

KINDS: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        Input,
        Dense,
        NTKDense,
        Activation,
        ReLU,
        LeakyReLU,
        ELU,
        Softmax,
        PReLU,
        ParametricActivation,
        Scale,
        Rescaling,
        Normalization,
        Dropout,
        ActivityRegularization,
        AlphaDropout,
        GaussianNoise,
        GaussianDropout,
        BatchNormalization,
        LayerNormalization,
        RMSNormalization,
        UnitNormalization,
        Embedding,
        PiecewiseLinearEmbedding,
        PeriodicEmbedding,
        Concatenate,
        Add,
        Average,
        Multiply,
        Members,
        BatchEnsembleDense,
        MemberDense,
    )
}

__all__ = [
    "ELU",
    "KINDS",
    "Activation",
    "ActivationLayer",
    "ActivityRegularization",
    "Add",
    "AlphaDropout",
    "Average",
    "BatchEnsembleDense",
    "BatchNormalization",
    "Concatenate",
    "Dense",
    "Dropout",
    "Embedding",
    "GaussianDropout",
    "GaussianNoise",
    "Input",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "MemberDense",
    "MemberLayer",
    "Members",
    "Multiply",
    "NTKDense",
    "Normalization",
    "PReLU",
    "ParametricActivation",
    "PeriodicEmbedding",
    "PiecewiseLinearEmbedding",
    "RMSNormalization",
    "ReLU",
    "Rescaling",
    "Scale",
    "Softmax",
    "Tensor",
    "UnitNormalization",
    "WeightSpec",
]
