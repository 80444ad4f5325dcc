"""Each kind of layer as steps of the core's program."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import singledispatch

from hiddenlogic import activations, layers
from hiddenlogic.activations import Activation
from hiddenlogic.engine import _core
from hiddenlogic.engine.scheduled import core_schedule
from hiddenlogic.errors import DataError
from hiddenlogic.regularizers import Regularizer

Program = _core.ProgramFloat32


def append_steps(
    program: Program, layer: layers.Layer, inputs: list[int], node: int, *, ends: bool = False
) -> int:
    """Append the steps of a layer over the buffers `inputs`.

    Parameters
    ----------
    program : Program
    layer : Layer
    inputs : list of int
        The buffers of the values that it takes.
    node : int
        Its index in the network, which tells the random numbers of layers apart.
    ends : bool
        Whether its value is an output of the network.

    Returns
    -------
    int
        The buffer that holds its value.
    """
    if isinstance(layer, (layers.Dense, layers.ActivityRegularization)):
        regularizer = layer.activity_regularizer
        if isinstance(regularizer, Regularizer):
            return _append_penalised(program, layer, inputs, node, regularizer, ends=ends)
    return _append(layer, program, inputs, node)


def _append_penalised(
    program: Program,
    layer: layers.Dense | layers.ActivityRegularization,
    inputs: list[int],
    node: int,
    regularizer: Regularizer,
    *,
    ends: bool,
) -> int:
    """Append a layer whose value is penalised.

    The penalty is a leaf, and a program ends in its prediction: an output goes through one step
    more. The loss may read z there, so the penalty has an activation of its own.
    """
    l1, l2 = map(core_schedule, regularizer.factors)
    function = activations.get(None)
    if isinstance(layer, layers.Dense) and ends:
        function = layer.function
        layer = replace(layer, activation=None)
    value = _append(layer, program, inputs, node)
    if not ends:
        program.penalise_activity(value, l1, l2)
        return value
    penalised = program.activation(value, function.name, function.parameters)
    program.penalise_activity(penalised, l1, l2)
    return program.activation(value, function.name, function.parameters)


@singledispatch
def _append(layer: layers.Layer, program: Program, inputs: list[int], node: int) -> int:
    raise TypeError(f"The engine has no step for {type(layer).__name__}.")


@_append.register
def _(layer: layers.Dense, program: Program, inputs: list[int], node: int) -> int:
    del node
    function = layer.function
    return program.dense(inputs[0], layer.units, function.name, function.parameters, layer.use_bias)


@_append.register
def _(layer: layers.NTKDense, program: Program, inputs: list[int], node: int) -> int:
    del node
    function = layer.function
    factor = 1 / math.sqrt(program.units(inputs[0]))
    scaled = program.affine(inputs[0], shift=[0.0], factor=[factor], offset=[0.0])
    return program.dense(scaled, layer.units, function.name, function.parameters, layer.use_bias)


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
def _(layer: layers.ActivityRegularization, program: Program, inputs: list[int], node: int) -> int:
    del layer, program, node
    return inputs[0]


@_append.register
def _(layer: layers.Dropout, program: Program, inputs: list[int], node: int) -> int:
    return program.dropout(inputs[0], core_schedule(layer.rate), part=node)


@_append.register
def _(layer: layers.AlphaDropout, program: Program, inputs: list[int], node: int) -> int:
    return program.alpha_dropout(inputs[0], core_schedule(layer.rate), part=node)


@_append.register
def _(layer: layers.GaussianNoise, program: Program, inputs: list[int], node: int) -> int:
    return program.gaussian_noise(inputs[0], core_schedule(layer.stddev), part=node)


@_append.register
def _(layer: layers.GaussianDropout, program: Program, inputs: list[int], node: int) -> int:
    return program.gaussian_dropout(inputs[0], core_schedule(layer.rate), part=node)


@_append.register
def _(layer: layers.Normalization, program: Program, inputs: list[int], node: int) -> int:
    del node
    shift, factor, offset = layer.map
    return program.affine(inputs[0], shift=shift, factor=factor, offset=offset)


@_append.register
def _(layer: layers.BatchNormalization, program: Program, inputs: list[int], node: int) -> int:
    del node
    return program.batch_normalisation(
        inputs[0], layer.momentum, layer.epsilon, layer.center, layer.scale
    )


@_append.register
def _(layer: layers.LayerNormalization, program: Program, inputs: list[int], node: int) -> int:
    del node
    return program.unit_normalisation(
        inputs[0],
        centres=True,
        averages=True,
        epsilon=layer.epsilon,
        most=math.inf,
        center=layer.center,
        scale=layer.scale,
    )


@_append.register
def _(layer: layers.RMSNormalization, program: Program, inputs: list[int], node: int) -> int:
    del node
    return program.unit_normalisation(
        inputs[0],
        centres=False,
        averages=True,
        epsilon=layer.epsilon,
        most=math.inf,
        center=False,
        scale=True,
    )


@_append.register
def _(layer: layers.UnitNormalization, program: Program, inputs: list[int], node: int) -> int:
    del node
    return program.unit_normalisation(
        inputs[0],
        centres=False,
        averages=False,
        epsilon=0.0,
        most=layer.most,
        center=False,
        scale=False,
    )


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


@_append.register
def _(layer: layers.Embedding, program: Program, inputs: list[int], node: int) -> int:
    del node
    return program.embedding(inputs[0], layer.input_dim, layer.output_dim)


@_append.register
def _(
    layer: layers.PiecewiseLinearEmbedding, program: Program, inputs: list[int], node: int
) -> int:
    del node

    def linear(at: int, widths: list[int], *, use_bias: bool) -> int:
        return program.feature_linear(at, widths, layer.units, use_bias, shared=False)

    widths = [len(edges) - 1 for edges in layer.bins]
    straight = []
    if layer.version == "B":
        straight = [linear(inputs[0], [1] * len(widths), use_bias=True)]
    try:
        encoded = program.piecewise_linear(inputs[0], layer.bins)
    except ValueError:
        raise DataError(
            "`bins` of PiecewiseLinearEmbedding has edges so near to each other that float32 "
            "cannot tell them apart. Scale the column, or compute in dtype='float64'."
        ) from None
    made = linear(encoded, widths, use_bias=layer.version == "A")
    if straight:
        made = program.merge([*straight, made], "add")
    return _activate(program, made, layer.function)


@_append.register
def _(layer: layers.PeriodicEmbedding, program: Program, inputs: list[int], node: int) -> int:
    del node
    waves, units = layer.size
    columns = program.units(inputs[0])
    frequencies = waves if layer.has_phase else waves // 2
    made = program.waves(inputs[0], frequencies, layer.has_phase)
    made = program.feature_linear(
        made, [waves] * columns, units, use_bias=True, shared=layer.shared
    )
    if layer.has_phase:
        return program.merge([made, inputs[0]], "concatenate")
    return program.activation(made, "relu", ())


@_append.register
def _(layer: layers.Members, program: Program, inputs: list[int], node: int) -> int:
    del node
    return program.member_scale(inputs[0], layer.members, use_offset=False)


@_append.register
def _(layer: layers.BatchEnsembleDense, program: Program, inputs: list[int], node: int) -> int:
    del node
    scaled = program.member_scale(inputs[0], layer.members or 0, use_offset=False)
    product = program.dense(scaled, layer.units, "linear", (), use_bias=False)
    z = program.member_scale(product, 0, use_offset=layer.use_bias)
    return _activate(program, z, layer.function)


@_append.register
def _(layer: layers.MemberDense, program: Program, inputs: list[int], node: int) -> int:
    del node
    z = program.member_dense(inputs[0], layer.units, layer.use_bias)
    return _activate(program, z, layer.function)


def _activate(program: Program, z: int, function: Activation) -> int:
    if function.name == "linear":
        return z
    return program.activation(z, function.name, function.parameters)
