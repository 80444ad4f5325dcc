"""Networks: shapes, parameters, JSON, and what does not hold together."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenlogic import activations, initializers, layers
from hiddenlogic.errors import FormatError, ShapeError
from hiddenlogic.layers import Activation, Dense, Dropout, Input
from hiddenlogic.network import Network, Node

STACK = [
    Dense(4, activations.Activation("leaky_relu", 0.1), kernel_regularizer="l2", name="first"),
    Dropout(0.25),
    Dense(3, use_bias=False, kernel_initializer="he_uniform"),
    Activation("softmax"),
]


def test_units_follow_the_graph():
    network = Network.sequential(2, STACK)
    assert network.units == (2, 4, 4, 3, 3)
    assert (network.n_inputs, network.n_outputs, network.n_parameters) == (2, 3, 24)


def test_parameters_come_kernel_then_bias_a_layer():
    network = Network.sequential(2, STACK)
    found = [(one.node, one.name, one.shape) for one in network.parameters]
    assert found == [(1, "kernel", (2, 4)), (1, "bias", (4,)), (3, "kernel", (4, 3))]
    assert network.parameters[0].regularizer is not None
    assert network.parameters[1].regularizer is None
    assert network.parameters[2].initializer == initializers.HeUniform()


def test_messages_name_layers_by_number_and_kind():
    assert Network.sequential(2, STACK).label(3) == "layer 3 (Dense)"


def test_the_work_grows_with_the_nodes_and_not_with_their_square():
    count = 20_000
    network = Network.sequential(2, [Dense(3), *[Activation("relu")] * count, Dense(1)])
    assert Network.from_json(network.to_json()).units == (2, 3, *[3] * count, 1)


def test_a_declared_width_must_be_the_one_that_arrives():
    with pytest.raises(ShapeError) as caught:
        Network.sequential(2, [Dense(4), Dense(1, input_shape=(3,))])
    assert str(caught.value) == (
        "`input_shape` of layer 2 (Dense) must be (4,), the units that arrive there; got (3,). "
        "Leave it out."
    )


def test_a_network_starts_with_one_input_and_has_a_layer():
    with pytest.raises(ShapeError, match="must start with an Input"):
        Network((Node(Dense(1), ()),))
    with pytest.raises(ShapeError, match=r"must have at least one layer after its Input; got none"):
        Network.sequential(3, [])
    with pytest.raises(ShapeError, match=r"^layer 1 \(Input\) must take no other node; got \[0\]"):
        Network.sequential(3, [Input(3), Dense(1)])


def test_every_node_leads_to_an_output():
    with pytest.raises(ShapeError) as caught:
        Network((Node(Input(3), ()), Node(Dense(2), (0,)), Node(Dense(1), (0,))))
    assert str(caught.value) == (
        "layer 1 (Dense) leads to no output of the network. Leave it out, or let another layer "
        "take its value."
    )


@pytest.mark.parametrize("outputs", [(3,), (-1,), (1, 1)])
def test_outputs_are_different_nodes(outputs):
    with pytest.raises(ShapeError) as caught:
        Network((Node(Input(3), ()), Node(Dense(2), (0,)), Node(Dense(1), (1,))), outputs)
    assert str(caught.value) == (
        f"`outputs` of a network must be different nodes from 0 to 2; got {list(outputs)!r}."
    )


def test_two_inputs_and_two_outputs_lie_side_by_side():
    network = Network(
        (Node(Input(3), ()), Node(Input(2), ()), Node(Dense(4), (0,)), Node(Dense(5), (1,))),
        outputs=(2, 3),
    )
    assert (network.inputs, network.n_inputs, network.n_outputs) == ((0, 1), 5, 9)
    assert not network.is_straight
    assert Network.from_json(json.loads(json.dumps(network.to_json()))) == network


@pytest.mark.parametrize("inputs", [(), (1,), (2,), (-1,), (0, 0)])
def test_a_node_takes_one_earlier_node(inputs):
    with pytest.raises(ShapeError) as caught:
        Network((Node(Input(3), ()), Node(Dense(1), inputs)))
    assert str(caught.value) == (
        f"layer 1 (Dense) must take the values of exactly one earlier node; got {list(inputs)!r}."
    )


def test_json_gives_the_same_network_again():
    network = Network.sequential(2, STACK)
    assert Network.from_json(json.loads(json.dumps(network.to_json()))) == network


def _changed(path, value):
    document = Network.sequential(2, STACK).to_json()
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "The network of this file must be an object with a list `nodes`."),
        ({"nodes": 3}, "The network of this file must be an object with a list `nodes`."),
        (
            {"nodes": []},
            "The network of this file does not hold together: A network must start with an Input, "
            "which takes no other node.",
        ),
        (
            _changed(["nodes", 1], 7),
            "Node 1 of the network of this file must be an object; got int.",
        ),
        (
            _changed(["nodes", 1, "layer"], "Lambda"),
            f"Node 1 of the network of this file must be one of {', '.join(layers.KINDS)}; "
            "got 'Lambda'.",
        ),
        (
            _changed(["nodes", 1, "config"], None),
            "Node 1 of the network of this file must have an object `config` and a list `inputs`.",
        ),
        (
            _changed(["nodes", 1, "inputs"], [True]),
            "Node 1 of the network of this file must have whole numbers in `inputs`; got [True].",
        ),
        (
            _changed(["nodes", 1, "config", "units"], -4),
            "Node 1 of the network of this file cannot be read: `units` of Dense must be a whole "
            "number of at least 1; got -4.",
        ),
        (
            _changed(["nodes", 1, "config"], {}),
            "Node 1 of the network of this file cannot be read: Dense.__init__() missing 1 "
            "required positional argument: 'units'",
        ),
        (
            _changed(["nodes", 1, "config", "__class__"], "x"),
            "Node 1 of the network of this file cannot be read: Dense has no argument `__class__`; "
            "it takes units, activation, use_bias, kernel_initializer, bias_initializer, "
            "kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, "
            "bias_constraint, name, input_shape, input_dim.",
        ),
        (
            _changed(["nodes", 1, "config", "activation"], {"name": "relu", "code": "x"}),
            "Node 1 of the network of this file cannot be read: relu takes no parameter; got "
            "'code'.",
        ),
    ],
)
def test_a_hostile_document_gets_one_sentence(document, message):
    with pytest.raises(FormatError) as caught:
        Network.from_json(document)
    assert str(caught.value) == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "parameter", "l2", "axis", "units", "x"]), inner)
    ),
    max_leaves=5,
)
PATHS = st.sampled_from(
    [
        ["nodes"],
        ["nodes", 0],
        ["nodes", 0, "config"],
        ["nodes", 0, "config", "shape"],
        ["nodes", 1, "inputs"],
        ["nodes", 1, "config", "activation"],
        ["nodes", 1, "config", "units"],
        ["nodes", 1, "config", "kernel_regularizer"],
        ["nodes", 1, "config", "kernel_initializer"],
        ["nodes", 1, "config", "kernel_constraint"],
        ["nodes", 1, "config", "activity_regularizer"],
        ["nodes", 1, "config", "input_shape"],
        ["nodes", 1, "config", "name"],
        ["nodes", 2, "config", "rate"],
        ["nodes", 2, "layer"],
        ["nodes", 4, "config", "activation"],
    ]
)


@settings(max_examples=300)
@given(PATHS, JSON)
def test_whatever_stands_in_the_document_it_is_read_or_refused(path, value):
    try:
        Network.from_json(_changed(path, value))
    except FormatError as refusal:
        assert "\n" not in str(refusal)
