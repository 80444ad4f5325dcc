"""The scan for rows and cells agrees with Python's own CSV reader, however the text is cut."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenlogic.table.records import Records, RecordScanner


def scan(text: str, size: int, quote: str = '"') -> Records:
    """Scan a text in chunks of `size` bytes."""
    scanner = RecordScanner("t.csv", ",", quote, max_record_bytes=1000)
    content = text.encode()
    for start in range(0, len(content), size):
        scanner.feed(content[start : start + size])
    return scanner.finish()


ROWS = st.lists(st.lists(st.text('ab,"\n é', max_size=5), min_size=2, max_size=4), min_size=1)


@settings(deadline=None)
@given(rows=ROWS, size=st.integers(1, 40), end=st.sampled_from(["\n", "\r\n"]))
def test_cells_and_lines_are_counted_as_python_does(rows, size, end):
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    found = scan(out.getvalue(), size)
    assert found.fields.tolist() == [len(row) for row in rows]
    assert found.misquoted_line is None
    assert found.open_line is None
    lines = [1]
    for row in rows[:-1]:
        lines.append(lines[-1] + 1 + sum(cell.count("\n") for cell in row))
    assert found.lines.tolist() == lines


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_chunks_do_not_matter(size):
    text = 'a,b\r\n\r\n"x\n""y""",2\n\n3,4'
    found = scan(text, size)
    assert found.fields.tolist() == [2, 1, 2, 1, 2]
    assert found.blank.tolist() == [False, True, False, True, False]
    assert found.lines.tolist() == [1, 2, 3, 5, 6]
    assert found.first_end == 5
    assert found.quoted == 1


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("text", ['a,b\n1,x"y"\n', 'a,b\n1,"x"y\n', 'a,b\n1, "x"\n'])
def test_quotation_marks_inside_cells_are_found(text, size):
    assert scan(text, size).misquoted_line == 2


def test_without_quotation_marks_every_line_is_a_record():
    assert scan('a,"b\nc",d\n', 3, quote="").fields.tolist() == [2, 2]


def test_an_open_quotation_mark_is_found():
    assert scan('a,b\n1,"x\n', 4).open_line == 2
