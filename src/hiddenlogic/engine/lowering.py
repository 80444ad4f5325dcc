"""A `Network` as the core's program of steps."""

from __future__ import annotations

from typing import Literal

from hiddenlogic.engine import _core
from hiddenlogic.engine.layer_steps import append_steps
from hiddenlogic.engine.weight_rules import add_rules
from hiddenlogic.errors import StateError, UnknownNameError
from hiddenlogic.layers import ActivationLayer, BatchEnsembleDense, Dense, Input, MemberDense
from hiddenlogic.losses import CrossEntropy, Loss
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
            ends = index in network.outputs
            buffers.append(append_steps(program, node.layer, inputs, index, ends=ends))
        elif len(network.inputs) == 1:
            buffers.append(rows)
        else:
            buffers.append(program.slice(features, node.layer.units))
            features += node.layer.units
    if network.members[-1]:
        program.member_mean(buffers[-1])
    for place, spec in enumerate(network.parameters):
        add_rules(program, place, spec)
    program.finish(from_z)
    return program


def reads_pre_activation(network: Network, loss: Loss) -> bool:
    """Return whether the loss reads z of the last layer: a cross-entropy, of its own activation.

    Raises
    ------
    StateError
        If the loss means nothing for so many outputs, or would apply its activation twice.
    """
    loss.check_outputs(network.n_outputs)
    if not isinstance(loss, CrossEntropy) or len(network.outputs) != 1:
        return False
    index = network.outputs[0]
    last = network.nodes[index].layer
    named = (Dense, ActivationLayer, BatchEnsembleDense, MemberDense)
    name = last.function.name if isinstance(last, named) else ""
    own = name == loss.row.output
    if own and loss.from_logits:
        raise StateError(
            f"{loss.name} with from_logits=True applies a {name} itself; {network.label(index)} "
            f"has {name!r} already. Leave out its activation, or leave out from_logits."
        )
    return own
