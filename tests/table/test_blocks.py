"""The columns of the matrix lie by what a network does with them."""

import numpy as np
import polars as pl

from hiddenlogic.table import Preparation, infer_schema
from hiddenlogic.table.blocks import Block, arrange, places, plain_blocks

TOWNS = [f"town {i % 12:02}" for i in range(48)]
FRAME = pl.DataFrame(
    {
        "town": TOWNS,
        "age": [None if i == 3 else 20 + i % 17 for i in range(48)],
        "price": [i * 1.5 for i in range(48)],
    }
)
PREPARATION = Preparation.fit(infer_schema(FRAME), FRAME, np.arange(48))


def test_values_come_before_codes():
    assert PREPARATION.columns == ("town", "age")
    assert PREPARATION.feature_names == ("age", "age is missing", "code of town")
    assert PREPARATION.blocks == (
        Block("age", 0, 2),
        Block("town", 2, 1, "codes", n_codes=13),
    )
    codes = [float(1 + i % 12) for i in range(48)]
    assert PREPARATION.transform(FRAME)[:, 2].tolist() == codes


def test_a_table_of_numbers_has_its_columns_in_their_order():
    numbers = FRAME.select("age", height=pl.col("price") + 0.25, price="price")
    preparation = Preparation.fit(infer_schema(numbers), numbers, np.arange(48))
    assert preparation.blocks == (Block("age", 0, 2), Block("height", 2, 1))
    assert preparation.feature_names == ("age", "age is missing", "height")


def test_groups_lie_together_and_gaps_behind_what_they_fill():
    each = [
        (Block("a", 0, 1, "codes", n_codes=3),),
        (Block("b", 0, 2, filled=True), Block("b", 0, 2, "gaps", fills="values")),
        (Block("c", 0, 1, "periodic"), Block("c", 0, 1)),
        (),
        (Block("d", 0, 0),),
        (Block("e", 0, 1, filled=True), Block("e", 0, 1, "gaps", fills="values")),
    ]
    assert [(one.column, one.role, one.start, one.end) for one in arrange(each)] == [
        ("c", "values", 0, 1),
        ("b", "values", 1, 3),
        ("e", "values", 3, 4),
        ("b", "gaps", 4, 6),
        ("e", "gaps", 6, 7),
        ("c", "periodic", 7, 8),
        ("a", "codes", 8, 9),
    ]
    assert places(each) == [range(8, 9), [1, 2, 4, 5], [7, 0], range(0), range(0), [3, 6]]


def test_a_matrix_of_numbers_is_one_block():
    assert plain_blocks(4) == (Block("", 0, 4),)
