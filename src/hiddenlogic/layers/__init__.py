"""The layers of a network, as frozen data with Keras's names.

A layer says what it is and holds no numbers; the weights belong to the network that it is built in.
"""

from __future__ import annotations

from hiddenlogic.layers.activation import Activation
from hiddenlogic.layers.core import Dense, Input
from hiddenlogic.layers.layer import Layer, Tensor
from hiddenlogic.layers.noise import Dropout
from hiddenlogic.layers.weight_spec import WeightSpec

KINDS: dict[str, type[Layer]] = {
    kind.__name__: kind for kind in (Input, Dense, Activation, Dropout)
}

__all__ = ["KINDS", "Activation", "Dense", "Dropout", "Input", "Layer", "Tensor", "WeightSpec"]
