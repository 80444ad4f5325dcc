"""What the user says of encodings and missing cells."""

import numpy as np
import polars as pl
import pytest

from hiddenlogic.errors import DataError, UnknownNameError
from hiddenlogic.table import Preparation, infer_schema
from hiddenlogic.table.blocks import Block

FRAME = pl.DataFrame(
    {
        "id": [f"row{i}" for i in range(40)],
        "age": [None if i % 7 == 0 else i * 3 % 40 for i in range(40)],
        "height": [1.5 + i * 7 % 40 / 100 for i in range(40)],
        "town": ["Ulm", "Bonn"] * 20,
        "price": [i * 1.5 for i in range(40)],
    }
)
SCHEMA = infer_schema(FRAME)


def prepared(**wishes) -> Preparation:
    """Fit on all rows."""
    return Preparation.fit(SCHEMA, FRAME, np.arange(40), **wishes)


def names(preparation: Preparation) -> list[object]:
    """Return the encodings of the two columns of numbers."""
    return [step.encoding.name for step in preparation.steps[:2]]


def test_a_column_gets_the_encoding_that_it_is_given():
    assert names(prepared(encodings={"age": "quantile"})) == ["quantile", "robust"]
    assert names(prepared(encodings={"*": "ple", "age": "zscore"})) == ["standard", "piecewise"]
    town = prepared(encodings={"town": "embedding"}).blocks[-1]
    assert town == Block("town", 4 - 1, 1, "codes", n_codes=3)


def test_a_name_alone_is_for_every_column_that_can_have_it():
    assert names(prepared(encodings="plain")) == ["plain", "plain"]
    assert prepared(encodings="one_hot") == prepared()


def test_missing_numbers_may_be_learned():
    preparation = prepared(missing="learned", encodings={"age": "piecewise"})
    width = preparation.steps[0].encoding.width
    assert preparation.blocks == (
        Block("height", 0, 1),
        Block("town", 1, 1),
        Block("age", 2, width, filled=True),
        Block("age", 2 + width, width, "gaps", fills="values"),
    )
    matrix = preparation.transform(FRAME)
    gaps = FRAME["age"].is_null().to_numpy()
    assert (matrix[:, 2 + width :] == gaps[:, None]).all()
    assert Preparation.from_json(preparation.to_json()) == preparation
    assert prepared(missing={"height": "learned"}) == prepared()


def test_waves_and_gaps_are_apart():
    assert prepared(encodings="periodic").blocks == (
        Block("age", 0, 1),
        Block("town", 1, 1),
        Block("age", 2, 1, "periodic"),
        Block("height", 3, 1, "periodic"),
    )


@pytest.mark.parametrize(
    ("error", "wishes", "message"),
    [
        (
            UnknownNameError,
            {"encodings": {"age": "quantil"}},
            "The encoding of column 'age', a number, must be one of log, periodic, piecewise,"
            " plain, quantile, robust, standard; got 'quantil'. Did you mean 'quantile'?",
        ),
        (
            UnknownNameError,
            {"encodings": {"aeg": "log"}},
            "The table has no column 'aeg' to encode; it has age, height, town. Did you mean"
            " 'age'?",
        ),
        (
            DataError,
            {"encodings": {"id": "log"}},
            "Column 'id' is left out (id), so it has no encoding. Give it a kind first: --kind"
            " id=number.",
        ),
        (
            UnknownNameError,
            {"missing": "learnd"},
            "`missing` must be one of indicator, learned; got 'learnd'. Did you mean 'learned'?",
        ),
        (
            DataError,
            {"missing": {"town": "learned"}},
            "Missing cells of column 'town', a category, cannot be learned as a number is. Leave it"
            " out of `missing`.",
        ),
    ],
)
def test_what_cannot_be_is_refused(error, wishes, message):
    with pytest.raises(error) as caught:
        prepared(**wishes)
    assert str(caught.value) == message


def test_the_preparation_writes_what_it_does_and_why():
    assert str(prepared()) == (
        "3 columns to 4 inputs:\n"
        "  age     number, (x - 19.5) / 19.5, smoothly clipped to ±3; missing: the median 19.5,"
        " and a second input that is 1\n"
        "          (number, as it holds whole numbers from 1 to 39, 34 different ones; 6 cells"
        " missing)\n"
        "  height  number, (x - 1.695) / 0.195, smoothly clipped to ±3\n"
        "          (number, as it holds numbers from 1.5 to 1.89)\n"
        "  town    -1 where it is 'Bonn', +1 where it is 'Ulm'\n"
        "          (category, as it holds 2 different texts)\n"
        "Left out:\n"
        "  id     id, as it holds a different text in every row\n"
        "  price  the target"
    )


def test_five_thousand_columns_are_counted():
    wide = pl.DataFrame({f"c{i}": [0.5, 1.0, i + 2.5] for i in range(5000)})
    text = str(Preparation.fit(infer_schema(wide), wide, np.arange(3)))
    assert text.startswith("4,999 columns to 4,999 inputs:\n  c0   number, ")
    assert "  … and 4,959 more columns: 4,959 number\n" in text
    assert text.count("\n") < 100
