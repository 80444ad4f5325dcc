"""Members and the data that they share: memory, predictions, and what is refused."""

from __future__ import annotations

import gc
import mmap
import weakref
from pathlib import Path

import numpy as np
import pytest
from populations import (
    FEATURES,
    INPUTS,
    LINE,
    MSE,
    SETTINGS,
    TARGETS,
    WEIGHT,
    N,
    member_of,
)

from hiddenlogic import engine, optimizers
from hiddenlogic.engine import Dataset, EarlyStop, Member, train_many
from hiddenlogic.errors import RangeError, ShapeError, StateError, UnknownNameError
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network


def test_data_of_the_right_dtype_is_not_copied():
    inputs = np.ascontiguousarray(INPUTS, np.float32)
    targets = np.ascontiguousarray(TARGETS, np.float32)
    weight = WEIGHT.astype(np.float32)
    data = Dataset(inputs, targets, weight)
    assert np.shares_memory(data.inputs, inputs)
    assert np.shares_memory(data.targets, targets)
    assert np.shares_memory(data.sample_weight, weight)
    # The core reads these very arrays: what is written into them shows in a prediction.
    member = member_of(SETTINGS[0], data)
    before = member.predict([4])
    inputs[4] += 1
    assert member.predict([4]) != before


def test_predictions_are_those_of_the_weights_that_are_given_out():
    data = Dataset(INPUTS, TARGETS)
    member = member_of(SETTINGS[2], data)
    train_many([member], epochs=20)
    assert member.run.best_epoch < member.epochs_done - 1
    due = engine.predict(member.network, member.get_weights(), INPUTS)
    assert member.predict().tobytes() == due.tobytes()
    assert member.predict([7, 3, 3]).tobytes() == due[[7, 3, 3]].tobytes()


def test_rows_that_are_named_may_be_measured_too():
    common = {"loss": MSE, "optimizer": optimizers.SGD(0.05), "shuffle": False, "batch_size": N}
    both = Member(LINE, Dataset(INPUTS, TARGETS), **common, rows=range(N), validation_rows=range(N))
    (run,) = train_many([both], epochs=3)
    # The loss after a step is the next epoch's loss before its only step.
    assert run.history["val_loss"][:-1] == run.history["loss"][1:]


def test_a_dropped_member_frees_what_it_holds():
    data = Dataset(np.zeros((4, FEATURES)), np.zeros((4, 1)))
    member = Member(LINE, data, loss=MSE, optimizer=optimizers.SGD(0.1), rows=[0, 1])
    train_many([member])
    held = [weakref.ref(one) for one in (member, data, data.inputs, data.targets)]
    del data
    assert all(ref() is not None for ref in held)
    del member
    gc.collect()
    assert [ref() for ref in held] == [None] * 4


def test_dropped_members_do_not_fill_the_memory():
    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE

    data = Dataset(np.zeros((4, 1000)), np.zeros((4, 1000)))
    network = Network.sequential(1000, [Dense(1000)])
    weights = engine.initial_weights(network, 0)
    size = 4 * sum(w.size for w in weights)
    before = 0
    for turn in range(12):
        member = Member(network, data, loss=MSE, optimizer=optimizers.SGD(0.1), weights=weights)
        train_many([member])
        del member
        if turn == 1:
            before = resident()
    # Ten members, of two copies of the weights each, would be 20; the heap may keep some in holes.
    assert resident() - before < 10 * size


DATA = Dataset(INPUTS, TARGETS)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"rows": np.ones(N, bool)},
            RangeError,
            "`rows` must be places of rows; got a mask of 203 truth values. Pass "
            "numpy.flatnonzero of it.",
        ),
        (
            {"rows": []},
            ShapeError,
            "`rows` must have the shape (rows,) with at least one row; got (0,).",
        ),
        (
            {"rows": [[1, 2]]},
            ShapeError,
            "`rows` must have the shape (rows,) with at least one row; got (1, 2).",
        ),
        (
            {"rows": [3, 203]},
            RangeError,
            "`rows` must be whole numbers from 0 to 202; got int64 from 3 to 203.",
        ),
        (
            {"validation_rows": [-1]},
            RangeError,
            "`validation_rows` must be whole numbers from 0 to 202; got int64 from -1 to -1.",
        ),
        (
            {"rows": [0.5, 1.0]},
            RangeError,
            "`rows` must be whole numbers from 0 to 202; got float64 from 0.5 to 1.0.",
        ),
        (
            {"validation_rows": np.arange(N)},
            ShapeError,
            "What `validation_rows` leaves must have the shape (rows,) with at least one row; "
            "got (0,).",
        ),
        (
            {"sample_weight": [1.0]},
            ShapeError,
            "`sample_weight` must have the shape (203,); got (1,).",
        ),
        (
            {"batch_size": 0},
            RangeError,
            "`batch_size` must be a whole number of at least 1; got 0.",
        ),
        (
            {"early_stop": EarlyStop()},
            UnknownNameError,
            "EarlyStop watches 'val_loss', which this training does not compute. It computes loss.",
        ),
        (
            {"network": Network.sequential(3, [Dense(1)])},
            ShapeError,
            "`inputs` must have the shape (rows, 3); got (203, 5).",
        ),
        (
            {"network": Network.sequential(FEATURES, [Dense(2)])},
            ShapeError,
            "`targets` must have the shape (203, 2); got (203, 1).",
        ),
    ],
)
def test_what_a_member_refuses_is_said_in_a_sentence(arguments, error, message):
    wanted = {"network": LINE, "data": DATA, "loss": MSE, "optimizer": optimizers.SGD(0.1)}
    with pytest.raises(error) as caught:
        Member(**wanted | arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ((INPUTS[0], TARGETS), "`inputs` must have the shape (rows, columns); got (5,)."),
        ((INPUTS[:0], TARGETS[:0]), "`inputs` must have at least one row; got none."),
        ((INPUTS, TARGETS[:7]), "`targets` must have 203 rows, as `inputs` has; got 7."),
        ((INPUTS, TARGETS[:, 0]), "`targets` must have the shape (rows, columns); got (203,)."),
        ((INPUTS, TARGETS, [1]), "`sample_weight` must have the shape (203,); got (1,)."),
    ],
)
def test_what_a_dataset_refuses_is_said_in_a_sentence(arrays, message):
    with pytest.raises(ShapeError) as caught:
        Dataset(*arrays)
    assert str(caught.value) == message


def test_a_number_of_epochs_for_each_member_or_one_for_all():
    members = [member_of(SETTINGS[0], DATA) for _ in range(3)]
    with pytest.raises(ShapeError) as caught:
        train_many(members, epochs=[1, 2])
    assert str(caught.value) == (
        "`epochs` must be one number, or one for each of the 3 members; got 2 numbers."
    )
    with pytest.raises(RangeError, match=r"^Each of `epochs` must be a whole number of at least 1"):
        train_many(members, epochs=[1, 2, 0])


def test_there_is_no_best_epoch_without_an_early_stop():
    member = member_of(SETTINGS[0], DATA)
    with pytest.raises(StateError) as caught:
        member.best_weights()
    assert str(caught.value) == (
        "This member has no best epoch: that needs early_stop=EarlyStop(…) and an epoch trained. "
        "Its last weights are get_weights()."
    )
