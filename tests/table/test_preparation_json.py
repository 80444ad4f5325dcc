"""A preparation from a file that anyone may have written: the right one, or one sentence."""

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenlogic.errors import FormatError
from hiddenlogic.table import Preparation, infer_schema

FRAME = pl.DataFrame(
    {
        "age": [None, 20, 31, 44] * 3,
        "height": [1.5, 1.75, 1.8] * 4,
        "town": ["Ulm", "Bonn", "Köln"] * 4,
        "member": [True, False] * 6,
        "since": ["2020-01-01", "2020-02-01", "2020-02-02"] * 4,
        "price": [i * 1.5 for i in range(12)],
    }
)
PREPARATION = Preparation.fit(infer_schema(FRAME), FRAME, np.arange(12))


@pytest.mark.parametrize("preparation", [PREPARATION, PREPARATION.without_clip()])
def test_it_comes_back_and_does_the_same(preparation):
    again = Preparation.from_json(json.loads(json.dumps(preparation.to_json(), allow_nan=False)))
    assert again == preparation
    assert again.transform(FRAME).tobytes() == preparation.transform(FRAME).tobytes()


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ((), [], "`preparation` must be an object; got a list."),
        (
            ("steps",),
            [],
            "`preparation.steps` must have 1 to 1000000 items; it has 0.",
        ),
        (
            ("steps", 0, "kind"),
            "code",
            "`preparation.steps[0].kind` must be one of number, category, embedded, hashed,"
            " boolean, date, calendar, time, duration; got 'code'.",
        ),
        (
            ("steps", 0, "encoding", "center"),
            float("nan"),
            "`preparation.steps[0].encoding.center` must be a finite number; got nan.",
        ),
        (
            ("steps", 0, "encoding", "center"),
            10**400,
            "`preparation.steps[0].encoding.center` must be a finite number; got a huge whole"
            " number.",
        ),
        (
            ("steps", 0, "encoding", "center"),
            True,
            "`preparation.steps[0].encoding.center` must be a finite number; got True.",
        ),
        (
            ("steps", 0, "encoding", "spread"),
            -1.0,
            "`preparation.steps[0].encoding.spread` must be a number of at least 0; got -1.0.",
        ),
        (
            ("steps", 0, "encoding", "clip"),
            1,
            "`preparation.steps[0].encoding.clip` must be true or false; got 1.",
        ),
        (
            ("steps", 4, "elapsed", "number", "encoding", "clip"),
            None,
            "`preparation.steps[4].elapsed.number.encoding.clip` must be true or false; got None.",
        ),
        (
            ("steps", 2, "levels"),
            ["a", "a"],
            "`preparation.steps[2].levels` must not hold an item twice.",
        ),
        (
            ("steps", 2, "levels"),
            ["a", 1],
            "`preparation.steps[2].levels[1]` must be text; got 1.",
        ),
        (
            ("steps", 3, "missing"),
            "no",
            "`preparation.steps[3].missing` must be true or false; got 'no'.",
        ),
        (
            ("steps", 4, "elapsed", "format"),
            "%x",
            "`preparation.steps[4].elapsed.format` must be one of '', %Y-%m-%d,"
            " %Y-%m-%d %H:%M:%S%.f, %Y-%m-%dT%H:%M:%S%.f, %Y-%m-%dT%H:%M:%S%.fZ,"
            " %Y-%m-%d %H:%M, %Y/%m/%d, %d.%m.%Y,"
            " %d/%m/%Y, %m/%d/%Y; got '%x'.",
        ),
        (
            ("steps", 1, "column"),
            "age",
            "`preparation.steps` must not hold an item twice.",
        ),
        (
            ("steps", 1),
            {"kind": "boolean", "column": "b"},
            "`preparation.steps[1]` must have the keys kind, column, missing; 'missing' is"
            " missing.",
        ),
        (
            ("steps", 1),
            {"kind": "boolean", "column": "b", "missing": False, "x" * 99: 1},
            "`preparation.steps[1]` must have the keys kind, column, missing;"
            f" '{'x' * 40}…' is unknown.",
        ),
        (("ignored",), None, "`preparation.ignored` must be a list; got None."),
    ],
)
def test_hostile_data_is_refused_in_one_sentence(path, value, message):
    data = json.loads(json.dumps(PREPARATION.to_json()))
    if path:
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
    else:
        data = value
    with pytest.raises(FormatError) as caught:
        Preparation.from_json(data)
    assert str(caught.value) == f"The model file is damaged: {message}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    data=JSON,
    step=st.integers(0, 4),
    key=st.sampled_from(["kind", "column", "missing", "levels", "clip"]),
)
def test_any_plain_data_is_a_preparation_or_one_sentence(data, step, key):
    whole = PREPARATION.to_json()
    steps: Any = whole["steps"]
    steps[step][key] = data
    for candidate in (data, whole):
        try:
            Preparation.from_json(candidate)
        except FormatError as error:
            assert "\n" not in str(error)


def test_files_of_the_first_version_are_read():
    former = {
        "steps": [
            {
                "kind": "number",
                "column": "age",
                "center": 31.0,
                "spread": 12.0,
                "clip": True,
                "missing": True,
            },
            {
                "kind": "date",
                "format": "%Y-%m-%d",
                "number": {
                    "kind": "number",
                    "column": "since",
                    "center": 18293.0,
                    "spread": 16.0,
                    "clip": False,
                    "missing": False,
                },
            },
        ],
        "ignored": ["price"],
    }
    preparation = Preparation.from_json(former)
    assert preparation.describe() == [
        "'age': number, (x - 31) / 12, smoothly clipped to ±3; missing: the median 31, and a second"
        " input that is 1",
        "'since': days since 1970-01-01, (x - 18293) / 16",
    ]
    assert Preparation.from_json(preparation.to_json()) == preparation
