"""Weights of rows by their classes."""

from __future__ import annotations

import numpy as np
import pytest

from hiddenlogic import losses
from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.training.class_weights import class_weights

LABELS = np.array([[0.0], [1.0], [1.0], [0.0], [1.0]])
INDICES = np.array([[0.0], [2.0], [2.0], [1.0]])


def weights(targets, class_weight, loss, outputs=1):
    return class_weights(targets, class_weight, loss=losses.get(loss), outputs=outputs).tolist()


def test_a_row_weighs_what_its_class_does():
    assert weights(LABELS, {0: 2, 1: 0.5}, "binary_crossentropy") == [2, 0.5, 0.5, 2, 0.5]
    sparse = "sparse_categorical_crossentropy"
    assert weights(INDICES, {0: 3.0, 2: 4}, sparse, 3) == [3, 4, 4, 1]
    one_hot = np.eye(3)[[0, 2, 2, 1]]
    assert weights(one_hot, {0: 3.0, 2: 4}, "categorical_focal_crossentropy", 3) == [3, 4, 4, 1]
    assert weights(one_hot, {np.int64(1): np.float32(0)}, "categorical_hinge", 3) == [1, 1, 1, 0]


@pytest.mark.parametrize("negative", [-1, 0])
def test_the_labels_of_a_hinge_are_minus_1_or_0_and_1(negative):
    assert weights(LABELS * 2 - 1, {negative: 3, 1: 2}, "hinge") == [3, 2, 2, 3, 2]


def test_balanced_is_what_scikit_learn_says():
    # n / (n_classes * count) of the classes that occur (sklearn.utils.class_weight).
    assert weights(LABELS, "balanced", "binary_crossentropy") == [
        5 / (2 * (3 if one else 2)) for one in (0, 1, 1, 0, 1)
    ]
    sparse = "sparse_categorical_crossentropy"
    assert weights(INDICES, "balanced", sparse, 7) == [4 / 3, 2 / 3, 2 / 3, 4 / 3]


@pytest.mark.parametrize(
    ("class_weight", "loss", "outputs", "error", "message"),
    [
        (
            {0: 1},
            "mse",
            1,
            UnknownNameError,
            "`class_weight` of fit takes classes, but the loss mean_squared_error learns numbers. "
            "Use sample_weight.",
        ),
        (
            {0: 1},
            "binary_crossentropy",
            3,
            UnknownNameError,
            "`class_weight` of fit takes one class a row; the 3 outputs may all be right for the "
            "loss binary_crossentropy. Use sample_weight, or softmax and a categorical loss.",
        ),
        (
            {2: 1},
            "binary_crossentropy",
            1,
            UnknownNameError,
            "`class_weight` of fit has the class 2; the classes of the loss binary_crossentropy "
            "are 0, 1.",
        ),
        (
            {"cat": 1},
            "sparse_categorical_crossentropy",
            5,
            UnknownNameError,
            "`class_weight` of fit has the class 'cat'; the classes of the loss "
            "sparse_categorical_crossentropy are 0 to 4.",
        ),
        (
            {0: -1},
            "binary_crossentropy",
            1,
            RangeError,
            "`class_weight[0]` of fit must be a finite number of at least 0; got -1.",
        ),
        (
            [1, 2],
            "binary_crossentropy",
            1,
            RangeError,
            "`class_weight` of fit must be a dict of classes and their weights, or 'balanced'; got "
            "[1, 2].",
        ),
    ],
)
def test_what_is_no_weight_of_a_class_is_refused(class_weight, loss, outputs, error, message):
    with pytest.raises(error) as caught:
        weights(LABELS, class_weight, loss, outputs)
    assert str(caught.value) == message
