"""`--encode` on the command line."""

import argparse

import pytest

from hiddenlogic.cli.arguments import encoding


def test_an_encoding_is_for_a_column_or_for_all():
    assert encoding("age=quantile") == ("age", "quantile")
    assert encoding("a=b=log") == ("a=b", "log")
    assert encoding("plain") == ("*", "plain")


@pytest.mark.parametrize("text", ["", "age=", "=log"])
def test_anything_else_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError) as caught:
        encoding(text)
    assert str(caught.value) == (
        f"`--encode` must be COLUMN=ENCODING, such as age=quantile; got {text!r}."
    )
