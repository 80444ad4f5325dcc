"""A `Network` as the core's program of steps."""

from __future__ import annotations

from collections.abc import Sequence
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


def lower(
    network: Network, dtype: DType, *, from_z: Sequence[bool] | None = None
) -> _core.ProgramFloat32:
    """Return the program of a network; `from_z`: which losses read an output's pre-activation."""
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
    for place, spec in enumerate(network.parameters):
        add_rules(program, place, spec)
    outputs = [
        program.member_mean(buffers[one]) if network.members[one] else buffers[one]
        for one in network.outputs
    ]
    program.finish(outputs, from_z or [False] * len(outputs))
    return program


def reads_pre_activation(network: Network, loss: Loss, output: int = 0) -> bool:
    """Return whether the loss of an output reads its z: a cross-entropy, of its own activation.

    Raises
    ------
    StateError
        If the loss means nothing for so many outputs, or would apply its activation twice.
    """
    index = network.outputs[output]
    loss.check_outputs(network.units[index])
    if not isinstance(loss, CrossEntropy):
        return False
    last = network.nodes[index].layer
    named = (Dense, ActivationLayer, BatchEnsembleDense, MemberDense)
    name = last.function.name if isinstance(last, named) else ""
    own = name == loss.row.output
    if own and loss.from_logits:
        raise StateError(
            f"{loss.name} with from_logits=True applies a {name} itself; {network.label(index)} "
            f"has {name!r} already. Leave out its activation, or leave out from_logits."
        )
    is_read = any(index in node.inputs for node in network.nodes)
    return own and not is_read
