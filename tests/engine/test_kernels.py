"""Single kernels: awkward numbers, widths around the tiles, equality of instruction sets."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from reference import activations as reference
from reference.dropout import philox
from reference.fma import chain

from hiddenlogic import activations
from hiddenlogic.engine import _core, available_isas

DTYPES = [np.float32, np.float64]
BEST = available_isas()[0]
ELEMENTWISE = [row.name for row in activations.ROWS if row.c]
# (m, k, n): around tile heights (4, 8), vector widths and panels of three vectors.
SHAPES = [
    (1, 1, 1),
    (2, 3, 5),
    (5, 7, 16),
    (6, 9, 17),
    (7, 1, 31),
    (8, 33, 32),
    (9, 64, 33),
    (13, 5, 48),
    (17, 31, 65),
    (25, 100, 127),
]


@pytest.mark.parametrize("isa", available_isas())
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_nan_stays_nan(name, dtype, isa):
    z = np.array([[1.0, np.nan, -1.0]], dtype)
    value = _core.activation(isa, name, activations.Activation(name).parameters, False, z)
    assert np.isnan(value[0, 1])
    assert np.isfinite(value[0, [0, 2]]).all()


@pytest.mark.parametrize("isa", available_isas())
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_numbers_far_out_and_infinities_have_the_limits_of_the_formula(name, dtype, isa):
    function = activations.Activation(name)
    largest = np.finfo(dtype).max / 4
    z = np.array([[largest, -largest, np.inf, -np.inf]], dtype)
    value = _core.activation(isa, name, function.parameters, False, z)[0]
    slope = _core.activation(isa, name, function.parameters, True, z)[0]
    if name == "sin":  # of which an infinity has none
        assert np.isfinite(value[:2]).all()
        assert np.isnan(value[2:]).all()
        return
    far = np.sign(z).astype(np.float64) * 1e18  # where what is bounded has its limit
    with np.errstate(over="ignore"):
        due = reference.apply(function, far)[0]
        due_slope = reference.derivative(function, far)[0]
    # Of a bounded function that is the limit; the others grow with z or faster.
    grows = np.abs(due) > 1e9
    bound = tolerances.elementwise(function, np.maximum(np.abs(due), 1), z.dtype.name)
    assert (np.abs(value[~grows] - due[~grows]) <= bound[~grows]).all()
    assert (np.sign(value[grows]) == np.sign(due[grows])).all()
    assert (np.abs(value[grows]) >= largest * 0.1).all()
    flat = np.abs(due_slope) < 1e9
    bound = tolerances.elementwise(function, np.maximum(np.abs(due_slope), 1), z.dtype.name)
    assert (np.abs(slope[flat] - due_slope[flat]) <= bound[flat]).all()
    assert not np.isnan(slope).any()


def numbers_of_every_size(most: float, count: int) -> np.ndarray:
    """Return float32 numbers from -most to most whose bit patterns are evenly spread."""
    last = int(np.float32(most).view(np.int32))
    half = np.linspace(0, last, count // 2).astype(np.int32).view(np.float32)
    return np.concatenate([-half[::-1], half])


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_activations_are_right_to_the_stated_places_over_all_sizes_of_numbers(name):
    function = activations.Activation(name)
    z = numbers_of_every_size(88.0, 1 << 18)[None]
    value = _core.activation(BEST, name, function.parameters, False, z)
    with np.errstate(over="ignore", under="ignore"):
        due = reference.apply(function, z.astype(np.float64))
    # As float32 has z exactly, no rounding of it is in the bound; but the cubic polynomial of z, of
    # which gelu_tanh takes an exponential, is rounded.
    rounded = z.astype(np.float64) if name == "gelu_tanh" else None
    assert (np.abs(value - due) <= tolerances.elementwise(function, due, "float32", rounded)).all()


# Where exp of a float32 or a float64 is about to leave the range of its numbers, on either side.
EDGE = {np.float32: 88.0, np.float64: 709.0}


@pytest.mark.parametrize("isa", available_isas())
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_zeros_subnormals_and_the_edges_of_exp_have_the_values_of_the_formula(name, dtype, isa):
    function = activations.Activation(name)
    limits, edge = np.finfo(dtype), EDGE[dtype]
    sizes = [0.0, limits.smallest_subnormal, limits.tiny / 8, limits.tiny, edge, edge + 0.5]
    z = np.array([[sign * size for size in sizes for sign in (1, -1)]], dtype)
    value = _core.activation(isa, name, function.parameters, False, z)
    slope = _core.activation(isa, name, function.parameters, True, z)
    exact = z.astype(np.float64)
    with np.errstate(over="ignore", under="ignore"):
        due, due_slope = reference.apply(function, exact), reference.derivative(function, exact)
    bound = tolerances.elementwise(function, due, z.dtype.name, exact)
    assert (np.abs(value - due) <= bound).all()
    # Of a slope that is made of f(z), which is rounded, to the last place of the largest of these.
    bound = tolerances.elementwise(function, np.maximum(np.abs(due_slope), 1), z.dtype.name, exact)
    assert (np.abs(slope - due_slope) <= bound).all()


@pytest.mark.parametrize("isa", available_isas())
@pytest.mark.parametrize("dtype", DTYPES)
def test_odd_functions_keep_the_sign_of_zero(dtype, isa):
    odd = ["linear", "hard_tanh", "softsign", "tanh", "tanh_shrink", "sin"]
    for name in odd:
        value = _core.activation(isa, name, (), False, np.array([[0.0, -0.0]], dtype))
        assert np.signbit(value).tolist() == [[False, True]], name


@pytest.mark.parametrize("isa", available_isas())
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_sine_is_exact_to_its_last_places_far_from_0(dtype, isa):
    limit = 2.0**22 if dtype == np.float32 else 2.0**26  # beyond, NumPy's own reduction differs
    random = np.random.default_rng(3)
    multiples = np.round(random.uniform(-limit, limit, 4000) / (np.pi / 2)) * (np.pi / 2)
    z = np.concatenate([multiples, random.uniform(-limit, limit, 4000)]).astype(dtype)[None]
    exact = z.astype(np.float64)
    for derivative, due in ((False, np.sin(exact)), (True, np.cos(exact))):
        found = _core.activation(isa, "sin", (), derivative, z)
        assert (np.abs(found - due) <= 4 * np.finfo(dtype).eps * np.abs(due)).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("derivative", [False, True])
@pytest.mark.parametrize("name", activations.ROWS.names)
def test_activations_have_the_same_bits_on_every_instruction_set(name, derivative, dtype):
    random = np.random.default_rng(0)
    z = np.concatenate([random.normal(size=(6, 400)) * s for s in (1e-6, 0.1, 1, 10, 100)], axis=1)
    z[0, :6] = [0.0, -0.0, np.inf, -np.inf, 1e-40, -1e-40]
    results = {
        _core.activation(
            isa, name, activations.Activation(name).parameters, derivative, z.astype(dtype)
        ).tobytes()
        for isa in available_isas()
    }
    assert len(results) == 1


@pytest.mark.parametrize("isa", available_isas())
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("m", "k", "n"), SHAPES)
def test_products_are_sums_in_order(m, k, n, dtype, isa):
    random = np.random.default_rng(m * n)
    a, b = random.normal(size=(m, k)).astype(dtype), random.normal(size=(k, n)).astype(dtype)
    product = _core.multiply(isa, a, b, False)
    exact = a.astype(np.longdouble) @ b.astype(np.longdouble)
    unit = tolerances.UNIT[np.dtype(dtype).name]
    assert (np.abs(product - exact) <= k * unit * (np.abs(a) @ np.abs(b))).all()
    # A row or a column taken alone has the same chains of additions, so the same bits.
    assert np.array_equal(_core.multiply(isa, a[-1:], b, False), product[-1:])
    column = np.ascontiguousarray(b[:, -1:])
    assert np.array_equal(_core.multiply(isa, a, column, False), product[:, -1:])
    assert np.array_equal(_core.multiply(isa, np.ascontiguousarray(a.T), b, True), product)


# (m, k, n): wide layers, whose products are cut into blocks for the caches, in each direction.
WIDE = [
    (1, 1100, 1024),
    (7, 257, 1000),
    (255, 256, 257),
    (256, 1024, 7),
    (257, 7, 1100),
    (512, 512, 512),
    (1000, 1, 1024),
    (1024, 1100, 255),
    (1100, 1000, 256),
    (1100, 1024, 1),
    (600, 1100, 1100),
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("m", "k", "n"), WIDE)
def test_wide_products_are_chains_of_fused_multiply_adds(m, k, n, dtype):
    random = np.random.default_rng(k)
    a, b = random.normal(size=(m, k)).astype(dtype), random.normal(size=(k, n)).astype(dtype)
    product = _core.multiply(available_isas()[0], a, b, False)
    near = a.astype(np.float64) @ b.astype(np.float64)
    unit = tolerances.UNIT[np.dtype(dtype).name]
    # Twice: in float64, NumPy's own product is as far off.
    assert (np.abs(product - near) <= 2 * k * unit * (np.abs(a) @ np.abs(b))).all()
    for isa in available_isas():
        assert np.array_equal(_core.multiply(isa, a, b, False), product)
        assert np.array_equal(_core.multiply(isa, np.ascontiguousarray(a.T), b, True), product)
    rows, columns = (np.unique([0, size - 1, *random.integers(0, size, 14)]) for size in (m, n))
    due = chain(a[rows], b[:, columns])
    assert np.array_equal(product[np.ix_(rows, columns)], due)
    if k > 1:
        backwards = chain(a[rows, ::-1], b[::-1, columns])
        assert not np.array_equal(backwards, due)


@pytest.mark.parametrize("dtype", DTYPES)
def test_products_have_the_same_bits_on_every_instruction_set(dtype):
    random = np.random.default_rng(1)
    a = random.normal(size=(37, 501)).astype(dtype)
    b = random.normal(size=(501, 129)).astype(dtype)
    assert len({_core.multiply(isa, a, b, False).tobytes() for isa in available_isas()}) == 1


def test_uniform_numbers_fill_the_unit_interval_evenly():
    draws = _core.uniform(BEST, 7, 0, 100_000)
    assert 0.0 <= draws.min() < draws.max() < 1.0
    counts = np.histogram(draws, bins=100, range=(0, 1))[0]
    # chi-squared with 99 degrees of freedom: mean 99, standard deviation √198
    assert abs(((counts - 1000) ** 2 / 1000).sum() - 99) < 4 * np.sqrt(198)


def test_uniform_numbers_depend_on_their_place_alone():
    draws = _core.uniform(BEST, 7, 3, 1000)
    assert np.array_equal(_core.uniform(BEST, 7, 3, 10), draws[:10])
    assert not np.array_equal(_core.uniform(BEST, 7, 4, 10), draws[:10])


# Salmon et al. (2011), the known answers of Random123 for Philox4x32-10 with a zero counter and a
# zero key: 6627e8d5 e169c58d bc57ac4c 9b00dbd8. `uniform` sets words 2 and 3 of the counter (part
# and stream), so this reference runs the rounds again, in Python, and is checked on the known one.
@pytest.mark.parametrize("isa", available_isas())
def test_random_bits_are_philox(isa):
    assert philox((0, 0, 0, 0), (0, 0)) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    initial_weights_stream = 1
    draws = _core.uniform(isa, 9 << 32 | 8, 5, 300)
    for index in (0, 1, 15, 16, 77, 255, 256, 299):
        high, low, *_ = philox((index, 0, 5, initial_weights_stream), (8, 9))
        assert draws[index] == ((high << 32 | low) >> 11) * 2.0**-53
