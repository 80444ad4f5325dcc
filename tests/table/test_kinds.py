"""Kinds of columns, each with the reason that the user reads."""

from datetime import date, datetime

import polars as pl
import pytest

from hiddenlogic.table.kinds import guess_kind, kind_flag

LETTERS = [f"level {i}" for i in range(30)]


@pytest.mark.parametrize(
    ("name", "cells", "kind", "reason"),
    [
        ("x", [1.5, 2.0, None], "number", "holds numbers from 1.5 to 2; 1 cell missing"),
        ("x", [1.5, 2.0, float("nan")], "number", "holds numbers from 1.5 to 2; 1 cell missing"),
        ("x", [3, 1, 1], "number", "holds whole numbers from 1 to 3, 2 different ones"),
        ("x", ["1.5", "2"], "number", "holds text that reads as numbers throughout"),
        ("x", ["a", "b", "a"], "category", "holds 2 different texts"),
        ("x", LETTERS * 3, "category", "holds 30 different texts"),
        ("x", [True, False], "boolean", "holds true and false"),
        ("x", ["True", "False"], "boolean", "holds only False and True"),
        ("x", [7, 7], "constant", "holds only 7"),
        ("x", ["a", "a"], "constant", "holds only 'a'"),
        ("x", ["a", None], "category", "holds 1 different text; 1 cell missing"),
        ("x", [None, None], "empty", "has no values"),
        ("x", [float("nan"), None], "empty", "has no values"),
        ("x", ["", " "], "empty", "has no values"),
        (
            "x",
            [date(2024, 1, 1), date(2024, 1, 2)],
            "date",
            "holds dates; they become days since 1970-01-01",
        ),
        (
            "x",
            ["2024-01-31", "2024-02-01"],
            "date",
            "holds dates written as YYYY-MM-DD; they become days since 1970-01-01",
        ),
        (
            "x",
            ["01/02/2024", "03/04/2024"],
            "category",
            "holds 2 different texts that look like dates, but day and month cannot be told apart",
        ),
        (
            "x",
            ["31/01/2024", "03/04/2024"],
            "date",
            "holds dates written as DD/MM/YYYY; they become days since 1970-01-01",
        ),
        (
            "zip",
            ["01234", "99999"],
            "category",
            "holds 2 different texts, some of them numbers with leading zeros",
        ),
        (
            "x",
            [str(i) for i in range(40)] + ["n.a."],
            "id",
            "holds a different text in every row, 40 of whose cells are numbers but one is 'n.a.'",
        ),
        ("x", [[1], [2]], "other", "holds list cells"),
        ("x", [f"word {i}" for i in range(30)], "text", "holds 30 different texts in 30 rows"),
        ("x", ["a long sentence " * 5, "b"] * 9, "category", "holds 2 different texts"),
    ],
)
def test_kind_and_reason(name, cells, kind, reason):
    guess = guess_kind(pl.Series(name, cells, strict=False))
    assert (guess.kind, guess.reason) == (kind, reason)


def test_floats_that_all_differ_are_numbers():
    cells = pl.Series("id", [i + 0.5 for i in range(100)])
    assert guess_kind(cells).kind == "number"


def test_whole_numbers_that_all_differ_are_numbers_without_more_evidence():
    assert guess_kind(pl.Series("income", [i * i for i in range(100)])).kind == "number"


@pytest.mark.parametrize("name", ["id", "CustomerID", "user_id", "row index", "Key", "column 1"])
def test_whole_numbers_that_all_differ_are_an_id_if_their_name_says_so(name):
    guess = guess_kind(pl.Series(name, [5, 3, 99]))
    assert guess.kind == "id"
    assert guess.reason == "holds a different whole number in every row, as its name says"


@pytest.mark.parametrize("name", ["width", "paid", "humidity", "monkey", "noise"])
def test_names_that_only_contain_the_letters_id_are_no_evidence(name):
    assert guess_kind(pl.Series(name, [5, 3, 99])).kind == "number"


def test_a_counter_of_rows_is_an_id():
    guess = guess_kind(pl.Series("n", range(1, 51)))
    assert (guess.kind, guess.reason) == ("id", "counts the rows from 1 to 50")


@pytest.mark.parametrize("cells", [range(1, 8), range(1950, 2020), range(0, 100, 2)])
def test_short_runs_years_and_steps_are_numbers(cells):
    assert guess_kind(pl.Series("x", cells)).kind == "number"


def test_texts_without_blanks_that_all_differ_are_an_id():
    guess = guess_kind(pl.Series("code", [f"A{i}" for i in range(40)]))
    assert (guess.kind, guess.reason) == ("id", "holds a different text in every row")


def test_long_texts_are_text_even_if_they_repeat():
    sentences = ["the same long sentence, again and again, over more than sixty letters", "x" * 99]
    assert guess_kind(pl.Series("note", sentences * 20)).kind == "text"


def test_datetimes_are_dates():
    assert (
        guess_kind(pl.Series("t", [datetime(2024, 1, 1, 12), datetime(2025, 1, 1)])).kind == "date"
    )


@pytest.mark.parametrize(
    ("kind", "flag"),
    [
        ("number", "--kind age=category"),
        ("category", "--kind age=ignore"),
        ("boolean", "--kind age=category"),
        ("date", "--kind age=category"),
        ("constant", "--kind age=number"),
        ("empty", "--kind age=number"),
        ("id", "--kind age=number"),
        ("text", "--kind age=category"),
        ("other", "--kind age=ignore"),
    ],
)
def test_the_flag_gives_the_likeliest_other_kind(kind, flag):
    assert kind_flag(pl.Series("age", [1, 2]), kind) == flag


def test_the_flag_is_quoted_for_the_shell_where_needed():
    assert kind_flag(pl.Series("net price", [1]), "number") == "--kind 'net price=category'"


def test_categories_of_numbers_stay_a_category():
    column = pl.Series("rooms", ["3", "2", "3"], dtype=pl.Categorical)
    guess = guess_kind(column)
    assert (guess.kind, guess.reason) == ("category", "holds categories, 2 different ones")
