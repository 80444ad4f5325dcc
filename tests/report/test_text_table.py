"""Tables of text."""

import pytest

from hiddenlogic.report.text_table import number, seconds, text_table


def test_columns_are_aligned():
    assert text_table(["a", "long"], [["[8]", "1"], ["", "10"]]).splitlines() == [
        "a    long",
        "───  ────",
        "[8]     1",
        "       10",
    ]


def test_a_table_may_have_no_rows():
    assert text_table(["a"], []).splitlines() == ["a", "─"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-2.5, "-2.500"),
        (999.96, "1000.0"),
        (1e12, "1.000e+12"),
        (float("inf"), "inf"),
    ],
)
def test_numbers_have_four_digits(value: float, text: str):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.9999, "1.0 s"), (0.0004, "0 ms"), (59.99, "1 min 0 s")]
)
def test_times_round_into_the_next_unit(value: float, text: str):
    assert seconds(value) == text
