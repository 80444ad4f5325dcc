"""Where members begin, which values have them, and what is refused."""

from __future__ import annotations

import pytest

from hiddenlogic.errors import RangeError, ShapeError, UnknownNameError
from hiddenlogic.layers import (
    Add,
    BatchEnsembleDense,
    BatchNormalization,
    Concatenate,
    Dense,
    Dropout,
    Input,
    LayerNormalization,
    MemberDense,
    Members,
)
from hiddenlogic.network import Network, Node


def test_members_last_from_where_they_begin_to_the_output():
    network = Network.sequential(4, [Dense(3), Members(5), Dense(2), Dropout(0.1), MemberDense(1)])
    assert network.members == (0, 0, 5, 5, 5, 5)
    assert network.n_outputs == 1
    assert [one.shape for one in network.parameters] == [
        (4, 3), (3,), (5, 3), (3, 2), (2,), (5, 2, 1), (5, 1)
    ]  # fmt: skip
    assert network.n_parameters == 12 + 3 + 15 + 6 + 2 + 10 + 5
    begun = Network.sequential(4, [BatchEnsembleDense(3, members=2), BatchEnsembleDense(1)])
    assert begun.members == (0, 2, 2)
    assert [one.name for one in begun.parameters[:4]] == [
        "input_scale", "kernel", "output_scale", "bias"
    ]  # fmt: skip
    assert Network.from_json(begun.to_json()) == begun


def test_a_head_of_each_member_needs_members():
    for layer in (MemberDense(1), BatchEnsembleDense(1)):
        with pytest.raises(ShapeError) as caught:
            Network.sequential(4, [Dense(3), layer])
        assert str(caught.value) == (
            f"layer 2 ({type(layer).__name__}) must take a value of several members; got one "
            "without. Put Members(k) before it."
        )


def test_members_have_no_members():
    with pytest.raises(ShapeError) as caught:
        Network.sequential(4, [Members(2), Members(2), MemberDense(1)])
    assert str(caught.value) == (
        "layer 2 (Members) must take a value without members; got one of 2. Leave it out."
    )
    with pytest.raises(ShapeError) as caught:
        Network.sequential(4, [Members(2), BatchEnsembleDense(1, members=3)])
    assert str(caught.value) == (
        "`members` of layer 2 (BatchEnsembleDense) must be 2, as of the value that arrives there; "
        "got 3. Leave it out."
    )
    same = Network.sequential(4, [Members(2), BatchEnsembleDense(1, members=2)])
    assert same.members == (0, 2, 2)


@pytest.mark.parametrize("merge", [Add(), Concatenate()])
def test_members_merge_with_members_only(merge):
    nodes = [Node(Input(4), ()), Node(Members(3), (0,)), Node(Dense(4), (1,))]
    assert Network((*nodes, Node(merge, (1, 2)))).members == (0, 3, 3, 3)
    with pytest.raises(ShapeError) as caught:
        Network((*nodes, Node(merge, (0, 2))))
    assert str(caught.value) == (
        f"layer 3 ({type(merge).__name__}) must take values of one number of members; got [0, 3], "
        "0 being a value without any. Let that go through a Members of its own."
    )


def test_a_network_has_one_number_of_members():
    nodes = (Node(Input(4), ()), Node(Members(3), (0,)), Node(Members(2), (0,)))
    with pytest.raises(ShapeError) as caught:
        Network(nodes, (1, 2))
    assert str(caught.value) == (
        "A network must have one number of members; got [2, 3]. Give each of its Members the same."
    )


def test_chunks_are_widths_that_sum_to_the_inputs():
    with pytest.raises(ShapeError) as caught:
        Network.sequential(4, [Members(3, chunks=(2, 1)), MemberDense(1)])
    assert str(caught.value) == (
        "`chunks` of layer 1 (Members) must sum to 4, the units that arrive there; got (2, 1), "
        "which sum to 3."
    )
    with pytest.raises(ShapeError) as caught:
        Members(3, chunks=4)
    assert str(caught.value) == (
        "`chunks` of Members must be a sequence of widths, such as (8, 8, 1); got 4."
    )
    with pytest.raises(RangeError) as caught:
        Members(3, chunks=(2, 0))
    assert str(caught.value) == ("`chunks` of Members must be a whole number of at least 1; got 0.")
    assert Members(3, chunks=[2, 2]) == Members(3, chunks=(2, 2))


@pytest.mark.parametrize("members", [0, 1.5, True, None])
def test_members_are_a_whole_number_of_at_least_one(members):
    with pytest.raises(RangeError) as caught:
        Members(members)
    assert str(caught.value) == (
        f"`members` of Members must be a whole number of at least 1; got {members!r}."
    )


def test_a_batch_is_not_normalised_over_members():
    before = [BatchNormalization(), Members(2), LayerNormalization(), MemberDense(1)]
    assert Network.sequential(4, before).members == (0, 0, 2, 2, 2)
    with pytest.raises(ShapeError) as caught:
        Network.sequential(4, [Members(2), BatchNormalization(), MemberDense(1)])
    assert str(caught.value) == (
        "layer 2 (BatchNormalization) must take a value without members: it would count the rows "
        "of all of them as one batch. Put it before the Members, or use LayerNormalization."
    )


def test_kernels_of_members_are_penalised_number_by_number():
    with pytest.raises(UnknownNameError) as caught:
        MemberDense(2, kernel_regularizer="orthogonal_regularizer")
    assert str(caught.value) == (
        "`kernel_regularizer` of MemberDense must be one of l1, l1_l2, l2, which penalise each "
        "number by itself; orthogonal compares the rows or columns of a kernel."
    )
