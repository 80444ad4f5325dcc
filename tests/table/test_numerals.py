"""Numbers in text: read where every cell agrees on one way of writing them, else left alone."""

import polars as pl
import pytest

from hiddenlogic.table.numerals import guess_decimal, read_numerals


@pytest.mark.parametrize(
    ("cells", "decimal", "values", "thousands"),
    [
        (["1", "-2", "+3"], ".", [1, -2, 3], ""),
        (["1.5", "2", ".5", "1e3"], ".", [1.5, 2.0, 0.5, 1000.0], ""),
        (["1,5", "2", "-0,25"], ",", [1.5, 2.0, -0.25], ""),
        (["1,200", "950"], ".", [1200, 950], ","),
        (["1,200.5", "950"], ".", [1200.5, 950.0], ","),
        (["1.200,5", "950"], ",", [1200.5, 950.0], "."),
        (["1.200", "2.500"], ",", [1200, 2500], "."),
        (["1.25", "2.5"], ",", [1.25, 2.5], ""),
        (["1 200", "12 000 000"], ".", [1200, 12_000_000], " "),
        (["1\u202f200,5", "1"], ",", [1200.5, 1.0], "\u202f"),
        (["1'200", "3"], ".", [1200, 3], "'"),
    ],
)
def test_ways_of_writing_numbers_are_read(cells, decimal, values, thousands):
    found = read_numerals(pl.Series(cells), decimal)
    assert found is not None
    assert (found.values.to_list(), found.thousands) == (values, thousands)


@pytest.mark.parametrize(
    "cells",
    [
        ["1,20", "950"],
        ["1,2000"],
        ["1200", "1,200"],
        ["1,200", "x"],
        ["12,00,000"],
        ["1_000"],
        ["0x10"],
        ["1.2.3"],
        ["12 %"],
        ["2024-01-31"],
    ],
)
def test_doubtful_numbers_stay_text(cells):
    assert read_numerals(pl.Series(cells), ".") is None


def test_missing_cells_stay_missing():
    found = read_numerals(pl.Series(["1,5", None]), ",")
    assert found is not None
    assert found.values.to_list() == [1.5, None]


@pytest.mark.parametrize(
    ("cells", "delimiter", "decimal"),
    [
        (["3,14"], ";", ","),
        (["3,14"], ",", ","),
        (["1,234"], ";", ","),
        (["1,234"], ",", "."),
        (["1,234.5", "1,234"], ";", "."),
        (["0,125"], ",", ","),
        (["1.5"], ";", "."),
        (["Smith, John"], ";", "."),
    ],
)
def test_decimal_sign_is_guessed_from_cells_that_can_be_read_in_one_way_only(
    cells, delimiter, decimal
):
    assert guess_decimal(pl.DataFrame({"x": cells}), delimiter) == decimal
