"""Tables that are not what training saw: a sentence that says which column and what to do."""

import json
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiddenlogic.errors import FormatError, SchemaError
from hiddenlogic.table import Preparation, infer_schema

RANDOM = np.random.default_rng(0)
ROWS = 200
PEOPLE = pl.DataFrame(
    {
        "height": RANDOM.normal(1.75, 0.1, ROWS),
        "income": RANDOM.lognormal(10, 1, ROWS),
        "change": RANDOM.normal(0, 2, ROWS),
        "town": RANDOM.choice(["Ulm", "Bonn", "Köln"], ROWS),
        "since": [date(2020, 1 + row % 12, 1 + row % 28) for row in range(ROWS)],
        "weight": RANDOM.normal(70, 9, ROWS),
    }
)
PREPARATION = Preparation.fit(infer_schema(PEOPLE), PEOPLE, np.arange(ROWS))


def other(**columns) -> pl.DataFrame:
    """Return the table with some columns replaced."""
    return PEOPLE.with_columns(**columns)


def test_the_training_table_and_any_part_of_it_are_alike():
    assert PREPARATION.warnings(PEOPLE) == []
    for row in range(ROWS):
        assert PREPARATION.warnings(PEOPLE[row]) == []


@given(st.permutations(PEOPLE.columns))
def test_order_changes_nothing(names):
    turned = PEOPLE.select(names)
    assert PREPARATION.transform(turned).tobytes() == PREPARATION.transform(PEOPLE).tobytes()
    assert PREPARATION.warnings(turned) == []


@pytest.mark.parametrize("rows", [1, 5, ROWS])
@pytest.mark.parametrize("factor", [1e3, 1e-3, 1e6])
def test_units_are_said_whatever_the_number_of_rows(rows, factor):
    (text,) = PREPARATION.warnings(other(height=pl.col("height") * factor).head(rows))
    was = float(np.quantile(PEOPLE["height"], 0.5, method="lower"))
    now = float(np.quantile(PEOPLE["height"][:rows], 0.5, method="lower")) * factor
    size = f"{max(factor, 1 / factor):,g}"
    assert text == (
        f"column 'height' seems to be in other units: its median is {now:,.4g}, in training it was"
        f" {was:,.4g} (a factor of {size}). {'Divide' if factor > 1 else 'Multiply'} it by {size}."
    )


def test_centimetres_are_told_from_metres():
    (text,) = PREPARATION.warnings(other(height=pl.col("height") * 100))
    assert text.endswith("(a factor of 100). Divide it by 100.")


def test_numbers_of_both_signs_are_compared_by_their_size():
    (text,) = PREPARATION.warnings(other(change=pl.col("change") / 1000))
    assert text.startswith("column 'change' seems to be in other units: its typical size is 0.0")
    assert text.endswith("Multiply it by 1,000.")


def test_a_wide_column_is_compared_by_all_its_quartiles():
    (text,) = PREPARATION.warnings(other(income=pl.col("income") * 1000))
    assert text.startswith("column 'income' seems to be in other units")
    # One rich person, or a table of the rich, is in the same units.
    assert PREPARATION.warnings(other(income=pl.lit(5e5)).head(1)) == []
    assert PREPARATION.warnings(PEOPLE.filter(pl.col("income") > 60_000)) == []


def test_levels_of_another_spelling_are_said():
    found = PREPARATION.warnings(other(town=pl.col("town").str.to_uppercase()))
    assert found[-1].startswith(
        "column 'town' has none of the levels that are frequent in training"
    )
    assert (
        "; 'ULM' is perhaps 'Ulm'" in found[-1]
        or "'BONN' is perhaps 'Bonn'" in found[-1]
        or ("'KÖLN' is perhaps 'Köln'" in found[-1])
    )
    assert found[-1].endswith(". Write them as they were then.")
    new = other(town=pl.when(pl.int_range(ROWS) == 3).then(pl.lit("Rom")).otherwise("town"))
    assert PREPARATION.warnings(new) == [
        "column 'town': 1 cell with 1 level unseen in training ('Rom'); read as none of the known"
        " ones"
    ]


def refusal(frame: pl.DataFrame) -> str:
    """Return the message of a table that is refused."""
    with pytest.raises(SchemaError) as caught:
        PREPARATION.transform(frame)
    return str(caught.value)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"height": pl.Series(["1,75"] * ROWS)},
            "Column 'height' holds text such as '1,75', and in training it held numbers (Float64)."
            " Write them with a decimal point, or read the file with --decimal ,.",
        ),
        (
            {"height": pl.Series(["tall"] * ROWS)},
            "Column 'height' holds text such as 'tall', and in training it held numbers (Float64)."
            " Turn it into numbers, and leave cells empty where they are missing.",
        ),
        (
            {"height": pl.Series([date(2024, 1, 31)] * ROWS)},
            "Column 'height' holds dates, and in training it held numbers (Float64). Turn it into"
            " numbers, and leave cells empty where they are missing.",
        ),
        (
            {"since": pl.Series([45_000] * ROWS)},
            "Column 'since' holds numbers, and in training it held dates (Date). Turn it into"
            " dates, and leave cells empty where they are missing.",
        ),
    ],
)
def test_other_types_are_said_of_the_whole_column(columns, message):
    assert refusal(other(**columns)) == message


def test_types_that_read_the_same_are_the_same():
    texts = other(height=pl.col("height").cast(pl.String), since=pl.col("since").cast(pl.Datetime))
    assert PREPARATION.transform(texts).tobytes() == PREPARATION.transform(PEOPLE).tobytes()


LACKS = "The table lacks the {}, which this model was trained on. It has {} of the 5 columns; extra"
LACKS += " ones are ignored.{}"


def test_a_column_renamed_in_its_letters_is_named():
    assert refusal(PEOPLE.rename({"height": "Height [m]"})) == (
        LACKS.format("column 'height'", 4, " If 'Height [m]' is meant, rename it.")
    )


def test_a_column_under_another_name_is_known_by_its_values():
    assert refusal(PEOPLE.rename({"town": "Wohnort", "income": "Lohn"})) == LACKS.format(
        "columns 'income', 'town'",
        3,
        " If they are meant, rename 'Lohn' to 'income', 'Wohnort' to 'town'.",
    )


def test_two_that_could_be_meant_are_no_hint():
    twice = PEOPLE.rename({"income": "a"}).with_columns(b=pl.col("a"))
    assert refusal(twice) == LACKS.format("column 'income'", 4, "")


def test_what_was_seen_is_kept_and_checked():
    data = json.loads(json.dumps(PREPARATION.to_json(), allow_nan=False))
    assert Preparation.from_json(data) == PREPARATION
    data["seen"][0]["sizes"] = [3.0, 2.0, 1.0, 4.0, 5.0]
    with pytest.raises(FormatError) as caught:
        Preparation.from_json(data)
    assert str(caught.value) == (
        "The model file is damaged: `preparation.seen[0].sizes` must be empty or five rising"
        " numbers."
    )


def test_only_training_rows_are_looked_at():
    changed = other(height=pl.when(pl.int_range(ROWS) < 150).then("height").otherwise(1e6))
    schema, rows = infer_schema(PEOPLE), np.arange(150)
    assert Preparation.fit(schema, changed, rows) == Preparation.fit(schema, PEOPLE, rows)
