"""Whatever bytes a file has, it is a table or one of our errors."""

import gzip
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenlogic.errors import HiddenLogicError
from hiddenlogic.table import Table, read_table

_PIECES = (
    *('"', "'", ",", ";", "\t", "|", "\n", "\r\n", "\r", "\x00", "\x1a", "\ufeff", "\u2028"),
    *("sep=;\n", "a,b\n", "1", "2.5", "1,5", "1.234,5", "1,234.5", "1e309", "inf", "nan", "NA"),
    *("−", "-", "%", "$", "€", "007", "2020-01-01", "true", "ä", "x y", '""'),
)
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "shift-jis")
_FRAME = pl.DataFrame(
    {"a": [1, 2, None] * 9, "b": ["x", None, "z"] * 9, "c": [[1], [], None] * 9, "d": [0.5] * 27}
)


def _parquet(compression: str) -> bytes:
    out = io.BytesIO()
    _FRAME.write_parquet(out, compression=compression)
    return out.getvalue()


@st.composite
def texts(draw):
    text = "".join(draw(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=60)))
    return text.encode(draw(st.sampled_from(_ENCODINGS)), "replace")


@st.composite
def damaged(draw, whole):
    content = bytearray(draw(whole))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(content)))
        content[place : place + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(content)


PARQUET = st.sampled_from([_parquet(kind) for kind in ("uncompressed", "snappy", "zstd")])


def _read(folder, content: bytes) -> None:
    file = folder / "t.csv"
    file.write_bytes(content)
    try:
        table = read_table(file)
    except HiddenLogicError as refusal:
        assert str(refusal).startswith((str(file), f"There is no file {file}"))
        return
    assert isinstance(table, Table)
    assert table.frame.height
    assert table.frame.width


@settings(max_examples=200)
@given(content=damaged(texts()) | damaged(texts().map(gzip.compress)) | st.binary(max_size=200))
def test_any_text_is_a_table_or_an_error_of_ours(tmp_path_factory, content):
    _read(tmp_path_factory.mktemp("fuzz"), content)


@pytest.mark.slow
@settings(max_examples=150)
@given(content=damaged(PARQUET))
def test_any_parquet_is_a_table_or_an_error_of_ours(tmp_path_factory, content):
    _read(tmp_path_factory.mktemp("fuzz"), content)
