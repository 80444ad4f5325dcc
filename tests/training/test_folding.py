import itertools

import numpy as np
import pytest

from hiddenlogic.errors import DataError, ShapeError
from hiddenlogic.training.folding import Scaling, fold, standardise


def forward(weights, inputs):
    """A chain of Dense layers, tanh between them and linear at the end, with its rounding bound."""
    values = np.asarray(inputs, dtype=np.float64)
    bound = np.zeros_like(values)
    eps = np.finfo(np.float64).eps
    last = len(weights) // 2 - 1
    for layer, (kernel, bias) in enumerate(zip(weights[::2], weights[1::2], strict=True)):
        # 2·k·eps·Σ|a||b| for the sum itself, and the error of its inputs carried along;
        # tanh has a slope of at most 1 and an error of at most 2 ulp of at most 1.
        size = np.abs(values) @ np.abs(kernel) + np.abs(bias)
        bound = bound @ np.abs(kernel) + 2 * (len(kernel) + 1) * eps * size
        values = values @ kernel + bias
        if layer < last:
            values = np.tanh(values)
            bound = bound + 2 * eps
    return values, bound


def random_weights(rng, units):
    weights = []
    for n_inputs, n_units in itertools.pairwise(units):
        weights += [rng.normal(size=(n_inputs, n_units)) / n_inputs**0.5, rng.normal(size=n_units)]
    return weights


@pytest.mark.parametrize("units", [(1, 1), (3, 1), (2, 5), (4, 7, 1), (3, 8, 9, 2)])
def test_a_folded_network_predicts_on_raw_inputs_what_the_scaled_one_does(units):
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(40, units[0])) * 50 + 300
    targets = rng.normal(size=(40, units[-1])) * 1e4 - 7e4
    weights = random_weights(rng, units)
    scale_x, scale_y = standardise(inputs), standardise(targets)

    scaled, scaled_bound = forward(weights, scale_x.apply(inputs))
    expected = scale_y.undo(scaled)
    got, got_bound = forward(fold(weights, scale_x, scale_y), inputs)

    eps = np.finfo(np.float64).eps
    # The folded weights are themselves rounded: bias - (mean/std)·kernel loses as much as the
    # first sum does, which `got_bound` counts once more; the last line is `undo`'s own rounding.
    bound = 2 * got_bound + scaled_bound * scale_y.std + 4 * eps * np.abs(expected - scale_y.mean)
    bound += 4 * eps * np.abs(expected)
    assert np.all(np.abs(got - expected) <= bound)

    without_target = forward(fold(weights, scale_x), inputs)[0]
    assert np.any(np.abs(without_target - expected) > bound), "the bound must bite"


def test_only_the_inputs_can_be_folded():
    rng = np.random.default_rng(1)
    weights = random_weights(rng, (2, 3))
    folded = fold(weights, Scaling(mean=np.array([0.0, 0.0]), std=np.array([2.0, 4.0])))
    assert np.array_equal(folded[0], weights[0] / [[2.0], [4.0]])
    assert np.array_equal(folded[1], weights[1])


def test_only_the_targets_can_be_folded():
    weights = [np.array([[3.0]]), np.array([1.0])]
    folded = fold(weights, targets=Scaling(mean=np.array([10.0]), std=np.array([2.0])))
    assert [array.tolist() for array in folded] == [[[6.0]], [12.0]]


def test_fold_leaves_the_weights_it_was_given_alone():
    weights = [np.array([[3.0]]), np.array([1.0])]
    fold(weights, Scaling(np.array([1.0]), np.array([2.0])), Scaling(np.array([1.0]), np.ones(1)))
    assert weights[0].tolist() == [[3.0]]
    assert weights[1].tolist() == [1.0]


def test_float32_weights_become_float64():
    folded = fold([np.ones((1, 1), np.float32), np.zeros(1, np.float32)])
    assert [array.dtype for array in folded] == [np.float64, np.float64]


def test_a_constant_column_becomes_zeros():
    values = np.full((7, 2), [0.1, 5.0])
    scaling = standardise(values)
    assert scaling.std.tolist() == [1.0, 1.0]
    assert np.all(np.abs(scaling.apply(values)) <= 8 * np.finfo(np.float64).eps)


def test_one_dimension_is_one_column():
    scaling = standardise([1.0, 3.0, 5.0])
    assert scaling.mean.tolist() == [3.0]
    assert scaling.std.tolist() == [(8 / 3) ** 0.5]


def test_targets_do_not_fold_through_an_activation():
    weights = [np.ones((1, 1)), np.zeros(1)]
    scaling = Scaling(np.zeros(1), np.ones(1))
    with pytest.raises(DataError) as caught:
        fold(weights, targets=scaling, last_activation="sigmoid")
    assert str(caught.value) == (
        "Scaled targets fold into the last layer only when its activation is 'linear'; "
        "got 'sigmoid'. Leave the targets as they are, or undo the scaling on the predictions."
    )


@pytest.mark.parametrize(
    "shapes",
    [[], [(1, 1)], [(2, 3), (3,), (4, 1), (1,)], [(2, 3), (2,)], [(3,), (2, 3)], [(1, 2), (2, 2)]],
)
def test_weights_that_are_no_chain_are_refused(shapes):
    with pytest.raises(ShapeError) as caught:
        fold([np.ones(shape) for shape in shapes])
    assert str(caught.value) == (
        "`weights` must be a kernel (inputs, units) and a bias (units,) by turns, as "
        f"get_weights() returns them for Dense layers; got the shapes {shapes}."
    )


def test_a_scaling_of_another_width_is_refused():
    weights = [np.ones((2, 1)), np.zeros(1)]
    with pytest.raises(ShapeError) as caught:
        fold(weights, Scaling(np.zeros(3), np.ones(3)))
    assert str(caught.value) == (
        "`inputs` must scale 2 columns, as many as the network has inputs; got 3."
    )
    with pytest.raises(ShapeError) as caught:
        fold(weights, targets=Scaling(np.zeros(2), np.ones(2)))
    assert str(caught.value) == (
        "`targets` must scale 1 column, as many as the network has targets; got 2."
    )


def test_a_nan_is_refused_with_its_row_and_column():
    with pytest.raises(DataError) as caught:
        standardise([[1.0, 2.0], [3.0, np.nan]])
    assert str(caught.value) == (
        "`values` must be finite numbers; got nan in row 1, column 1. "
        "Drop that row, or fill the cell."
    )


def test_no_rows_are_refused():
    with pytest.raises(ShapeError) as caught:
        standardise(np.zeros((0, 2)))
    assert str(caught.value) == (
        "`values` must have the shape (n, n_columns) or (n,) with at least one row; "
        "got the shape (0, 2)."
    )
