"""Each kind of layer as steps of the core's program."""

from __future__ import annotations

from functools import singledispatch

from hiddenlogic import layers
from hiddenlogic.engine import _core
from hiddenlogic.engine.scheduled import core_schedule

Program = _core.ProgramFloat32


def append_steps(program: Program, layer: layers.Layer, inputs: list[int], node: int) -> int:
    """Append the steps of a layer over the buffers `inputs`.

    Parameters
    ----------
    program : Program
    layer : Layer
    inputs : list of int
        The buffers of the values that it takes.
    node : int
        Its index in the network, which tells the random numbers of layers apart.

    Returns
    -------
    int
        The buffer that holds its value.
    """
    return _append(layer, program, inputs, node)


@singledispatch
def _append(layer: layers.Layer, program: Program, inputs: list[int], node: int) -> int:
    raise TypeError(f"The engine has no step for {type(layer).__name__}.")


@_append.register
def _(layer: layers.Dense, program: Program, inputs: list[int], node: int) -> int:
    del node
    function = layer.function
    return program.dense(inputs[0], layer.units, function.name, function.parameters, layer.use_bias)


@_append.register
def _(layer: layers.ActivationLayer, program: Program, inputs: list[int], node: int) -> int:
    del node
    return program.activation(inputs[0], layer.function.name, layer.function.parameters)


@_append.register
def _(layer: layers.ParametricActivation, program: Program, inputs: list[int], node: int) -> int:
    del node
    function = layer.function
    return program.blend(inputs[0], function.name, function.parameters, towards_activation=True)


@_append.register
def _(layer: layers.PReLU, program: Program, inputs: list[int], node: int) -> int:
    del layer, node
    return program.blend(inputs[0], "relu", (), towards_activation=False)


@_append.register
def _(layer: layers.Scale, program: Program, inputs: list[int], node: int) -> int:
    del layer, node
    return program.scale(inputs[0])


@_append.register
def _(layer: layers.Rescaling, program: Program, inputs: list[int], node: int) -> int:
    del node
    return program.affine(inputs[0], shift=[0.0], factor=[layer.scale], offset=[layer.offset])


@_append.register
def _(layer: layers.Dropout, program: Program, inputs: list[int], node: int) -> int:
    return program.dropout(inputs[0], core_schedule(layer.rate), part=node)


@_append.register
def _(layer: layers.Concatenate, program: Program, inputs: list[int], node: int) -> int:
    del layer, node
    return program.merge(inputs, "concatenate")


@_append.register
def _(layer: layers.Add, program: Program, inputs: list[int], node: int) -> int:
    del layer, node
    return program.merge(inputs, "add")


@_append.register
def _(layer: layers.Average, program: Program, inputs: list[int], node: int) -> int:
    del layer, node
    return program.merge(inputs, "average")


@_append.register
def _(layer: layers.Multiply, program: Program, inputs: list[int], node: int) -> int:
    del layer, node
    return program.merge(inputs, "multiply")
