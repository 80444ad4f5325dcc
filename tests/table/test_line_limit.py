"""No line is read beyond the limit, however long it is."""

from pathlib import Path

import pytest

from hiddenlogic.errors import DataError
from hiddenlogic.table import read_table


def refusal(folder: Path, content: str, limit: int) -> str:
    """Return the message for a file, without its folder."""
    file = folder / "t.csv"
    file.write_text(content)
    with pytest.raises(DataError) as caught:
        read_table(file, max_line_bytes=limit)
    return str(caught.value).replace(f"{folder}/", "")


def test_a_line_over_the_limit_is_refused_with_its_number(tmp_path):
    content = "a,b\n1,2\n" + "x" * 300 + ",1\n"
    assert refusal(tmp_path, content, 100) == (
        "t.csv: line 3 is longer than 100 bytes, so this is not a table with one row a line. Check"
        " that the file is what you meant."
    )


def test_a_quoted_cell_over_the_limit_is_refused_with_its_first_line(tmp_path):
    content = 'a,b\n1,"' + "x\n" * 300 + '",2\n'
    assert refusal(tmp_path, "a,b\n" * 3 + content, 100) == (
        "t.csv: line 5 is longer than 100 bytes, so this is not a table with one row a line. Check"
        " that the file is what you meant."
    )
    assert refusal(tmp_path, content[:400], 100) == (
        "t.csv: the quotation mark opened in line 2 is not closed within 100 bytes. Close it, or"
        " pass --quote none to read quotation marks as text."
    )


def test_a_giant_line_is_refused_without_being_read(tmp_path):
    # A hole of 1 GB behind 17 MiB of text: reading on would meet NUL bytes and say so instead.
    file = tmp_path / "giant.csv"
    with file.open("wb") as out:
        for _ in range(17):
            out.write(b"7" * (1 << 20))
        out.truncate(1 << 30)
    with pytest.raises(DataError) as caught:
        read_table(file)
    assert str(caught.value) == (
        f"{file}: line 1 is longer than 16 MiB, so this is not a table with one row a line. Check"
        " that the file is what you meant."
    )
