"""Targets against the loss and the outputs."""

from __future__ import annotations

import numpy as np
import pytest

from hiddenlogic import losses
from hiddenlogic.errors import DataError, ShapeError
from hiddenlogic.training.targets import target_matrix


def read(value, loss, outputs):
    return target_matrix(value, "y", loss=losses.get(loss), outputs=outputs)


def test_a_vector_is_matched_to_one_column():
    assert read([1, 2, 3], "mse", 1).shape == (3, 1)
    assert read([[1], [2]], "mse", 1).shape == (2, 1)
    assert read([0, 2, 1], "sparse_categorical_crossentropy", 3).shape == (3, 1)
    assert read([True, False], "binary_crossentropy", 1).tolist() == [[1], [0]]
    assert read(np.eye(3), "categorical_crossentropy", 3).shape == (3, 3)
    assert read([1, 2, 3], "gaussian_nll", 2).shape == (3, 1)
    assert read([1, 2, 3], losses.Quantile((0.1, 0.5, 0.9)), 3).shape == (3, 1)


@pytest.mark.parametrize(
    ("value", "loss", "outputs", "message"),
    [
        (
            np.ones((5, 2)),
            "mse",
            1,
            "`y` must have 1 column, the units of the last layer; got shape (5, 2).",
        ),
        (
            np.ones(5),
            "mse",
            2,
            "`y` must have 2 columns, the units of the last layer; got shape (5,).",
        ),
        (
            np.ones((5, 4)),
            "gaussian_nll",
            4,
            "`y` must have 2 columns, one for each 2 units of the last layer; got shape (5, 4).",
        ),
        (
            np.eye(3),
            "sparse_categorical_crossentropy",
            3,
            "`y` must have 1 column, the index of the class; got shape (3, 3). For one-hot rows "
            "use the loss categorical_crossentropy.",
        ),
        (
            [0, 1, 2],
            "categorical_crossentropy",
            3,
            "`y` must have 3 columns, the units of the last layer; got shape (3,). For the index "
            "of the class use the loss sparse_categorical_crossentropy.",
        ),
    ],
)
def test_columns_that_do_not_fit_are_refused_and_not_broadcast(value, loss, outputs, message):
    with pytest.raises(ShapeError) as caught:
        read(value, loss, outputs)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "loss", "outputs", "message"),
    [
        (
            [0, 3, 1],
            "sparse_categorical_crossentropy",
            3,
            "`y` must be a class from 0 to 2 for the loss sparse_categorical_crossentropy; got 3 "
            "in row 1.",
        ),
        (
            [0, 0.5],
            "sparse_categorical_crossentropy",
            3,
            "`y` must be a class from 0 to 2 for the loss sparse_categorical_crossentropy; got 0.5 "
            "in row 1.",
        ),
        (
            [0, 2],
            "binary_crossentropy",
            1,
            "`y` must be between 0 and 1 for the loss binary_crossentropy; got 2 in row 1.",
        ),
        (
            [1, -1],
            "binary_crossentropy",
            1,
            "`y` must be between 0 and 1 for the loss binary_crossentropy; got -1 in row 1. For "
            "labels of -1 and 1 pass (y + 1) / 2.",
        ),
        (
            [[0, 2]],
            "categorical_crossentropy",
            2,
            "`y` must be between 0 and 1 for the loss categorical_crossentropy; got 2 in row 0, "
            "column 1.",
        ),
        (
            [[1, 0], [1, 1]],
            "categorical_crossentropy",
            2,
            "`y` must sum to 1 in each row for the loss categorical_crossentropy; row 1 sums to 2. "
            "If several classes can hold at once, use sigmoid and binary_crossentropy.",
        ),
    ],
)
def test_labels_out_of_range_are_refused(value, loss, outputs, message):
    with pytest.raises(DataError) as caught:
        read(value, loss, outputs)
    assert str(caught.value) == message


def test_labels_of_a_hinge_are_signs_and_zeros_and_ones_become_them():
    assert read([-1, 1, 1], "hinge", 1).tolist() == [[-1], [1], [1]]
    assert read([0, 1, True], "squared_hinge", 1).tolist() == [[-1], [1], [1]]
    with pytest.raises(DataError) as caught:
        read([0, 1, -1], "hinge", 1)
    assert str(caught.value) == (
        "`y` must be -1 or 1, or all of them 0 or 1, for the loss hinge; got 0 in row 0."
    )


@pytest.mark.parametrize("loss", ["poisson", "mean_squared_logarithmic_error"])
def test_counts_are_at_least_0(loss):
    assert read([0, 2.5], loss, 1).tolist() == [[0], [2.5]]
    with pytest.raises(DataError) as caught:
        read([[3, 1], [0, -1]], loss, 2)
    assert str(caught.value) == (
        f"`y` must be at least 0 for the loss {loss}; got -1 in row 1, column 1."
    )


def test_shares_need_not_sum_to_1_but_lie_between_0_and_1():
    assert read([[0.25, 0.5]], "kl_divergence", 2).shape == (1, 2)
    with pytest.raises(DataError, match=r"must be between 0 and 1 for the loss kl_divergence"):
        read([[0.25, 1.5]], "kl_divergence", 2)
