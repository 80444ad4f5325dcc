"""JSON from files that anyone may have written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiddenlogic.errors import FormatError
from hiddenlogic.formats.strict_json import MAX_DEPTH, parse


def test_plain_json_is_read():
    assert parse(b'{"a": [1, -2.5, "x\\"]", null, true]}', "It") == {
        "a": [1, -2.5, 'x"]', None, True]
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{", "It is not valid JSON."),
        (b"\xff{}", "It is not valid JSON."),
        (b'{"a": 1, "a": 2}', "It is not read: the key 'a' is there twice."),
        (b"[NaN]", "It is not read: it holds NaN, which is not a JSON number."),
        (b"[-Infinity]", "It is not read: it holds -Infinity, which is not a JSON number."),
        (b"[1e999]", "It is not read: the number 1e999 is too large."),
        (b"[" + b"9" * 5000 + b"]", f"It is not read: the number {'9' * 20}… is too large."),
        (b"[" * 100000, "It is not read: it nests deeper than 64 levels."),
        (b'{"a":' * 100000, "It is not read: it nests deeper than 64 levels."),
    ],
)
def test_what_could_be_read_two_ways_is_refused(text: bytes, message: str):
    with pytest.raises(FormatError) as caught:
        parse(text, "It")
    assert str(caught.value) == message


def test_the_deepest_allowed_nesting_is_read():
    parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, "It")


def test_brackets_inside_strings_do_not_count():
    assert parse('["' + "[" * 1000 + '"]', "It") == ["[" * 1000]


def test_unfinished_strings_are_scanned_once():
    with pytest.raises(FormatError):
        parse('"' + '\\"' * 500_000, "It")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes):
    try:
        parse(data, "It")
    except FormatError as error:
        assert str(error).startswith("It is not ")
