"""A `Network` as the core's program of steps."""

from __future__ import annotations

from typing import Literal

from hiddenlogic.engine import _core
from hiddenlogic.engine.layer_steps import append_steps
from hiddenlogic.errors import UnknownNameError
from hiddenlogic.layers import ActivationLayer, Dense, Input
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
    rows = program.input(network.n_inputs)
    features = 0  # of the inputs so far
    buffers: list[int] = []
    for index, node in enumerate(network.nodes):
        if not isinstance(node.layer, Input):
            inputs = [buffers[i] for i in node.inputs]
            buffers.append(append_steps(program, node.layer, inputs, index))
        elif len(network.inputs) == 1:
            buffers.append(rows)
        else:
            buffers.append(program.slice(features, node.layer.units))
            features += node.layer.units
    for place, spec in enumerate(network.parameters):
        if spec.regularizer is not None:
            program.penalise(place, l1=0.0, l2=spec.regularizer.l2)
    program.finish(from_z)
    return program


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
    if isinstance(last, (Dense, ActivationLayer)):
        name = last.function.name
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
