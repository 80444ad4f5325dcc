"""A `Network` as the core's program of steps."""

from __future__ import annotations

from typing import Literal

from hiddenlogic import activations, regularizers
from hiddenlogic.engine import _core
from hiddenlogic.engine.scheduled import core_schedule
from hiddenlogic.errors import UnknownNameError
from hiddenlogic.layers import Activation, Dense, Dropout, Input
from hiddenlogic.losses import Loss
from hiddenlogic.network import Network

DType = Literal["float32", "float64"]
DTYPES: tuple[DType, ...] = ("float32", "float64")


def checked_dtype(dtype: str) -> DType:
    """Return `dtype` if the core computes in it."""
    for known in DTYPES:
        if dtype == known:
            return known
    raise UnknownNameError(f"`dtype` must be float32 or float64; got {dtype!r}.")


def lower(network: Network, dtype: DType, *, from_z: bool = False) -> _core.ProgramFloat32:
    """Return the program of a network; `from_z`: the loss reads the last pre-activation."""
    program = _core.ProgramFloat32() if dtype == "float32" else _core.ProgramFloat64()
    buffers: list[int] = []
    for node in network.nodes:
        buffers.append(_lower_layer(program, node.layer, [buffers[i] for i in node.inputs]))
    program.finish(from_z)
    return program


def _lower_layer(program: _core.ProgramFloat32, layer: object, inputs: list[int]) -> int:
    """Append the step of one layer; return the buffer that it writes."""
    match layer:
        case Input():
            return program.input(layer.units)
        case Dense():
            activation = activations.get(layer.activation)
            penalty = regularizers.get(layer.kernel_regularizer)
            return program.dense(
                inputs[0],
                layer.units,
                activation.name,
                activation.parameters,
                layer.use_bias,
                penalty.l2 if penalty is not None else 0.0,
            )
        case Activation():
            activation = activations.get(layer.activation)
            return program.activation(inputs[0], activation.name, activation.parameters)
        case Dropout():
            return program.dropout(inputs[0], core_schedule(layer.rate))
        case _:
            raise TypeError(f"The engine has no step for {type(layer).__name__}.")


# The activation whose pre-activation each cross-entropy reads.
_FUSED = {
    "binary_crossentropy": "sigmoid",
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
}


def reads_pre_activation(network: Network, loss: Loss) -> bool:
    """Return whether the loss reads z of the last layer, where a cross-entropy is exact.

    Raises
    ------
    UnknownNameError
        If a cross-entropy meets another output activation than its own, or, with
        ``from_logits=True``, any but the linear one.
    """
    wanted = _FUSED.get(loss.name)
    if wanted is None:
        return False
    last = network.nodes[-1].layer
    name = "linear"
    if isinstance(last, (Dense, Activation)):
        name = activations.get(last.activation).name
    label = network.label(len(network.nodes) - 1)
    if loss.from_logits:
        if name != "linear":
            raise UnknownNameError(
                f"{loss.name} with from_logits=True takes a linear output; {label} has "
                f"{name!r}. Leave out its activation, or leave out from_logits."
            )
        return False
    if name != wanted:
        raise UnknownNameError(
            f"{loss.name} takes probabilities from a {wanted} output; {label} has {name!r}. "
            f"Give it activation={wanted!r}, or pass from_logits=True with a linear output."
        )
    return True
