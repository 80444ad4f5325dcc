"""Hostile tables that are too large to keep, or need rows enough to learn from."""

import gzip
import io

import numpy as np
import polars as pl
import pytest

from hiddenlogic.cli import main
from hiddenlogic.errors import DataError
from hiddenlogic.table import read_table

N = 60
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=N)
Y = 2 * X + RANDOM.normal(0, 0.1, N)
ALTERNATING = np.where(np.arange(N) % 2, 1e308, -1e308)
CELL = "Correct that cell, or leave it empty if it is missing."


def _fit(path, folder, capfd) -> tuple[int, str]:
    """Return the exit code and the standard error of a fit, which print no traceback."""
    code = main(["fit", str(path), "--time", "100ms", "-q", "-o", str(folder / "m.safetensors")])
    err = capfd.readouterr().err
    assert "Traceback" not in err
    return code, err


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"x": ["inf", *X[1:]], "y": Y},
            f"Column 'x', row 1: expected a finite number, got inf. {CELL}",
        ),
        (
            {"x": X, "y": [*Y[1:], "-inf"]},
            f"Column 'y', row 60: expected a finite number, got -inf. {CELL}",
        ),
        (
            {"x": ALTERNATING, "y": Y},
            "Column 'x' runs from -1e+308 to 1e+308, further than a 64-bit number can measure."
            " Divide it by a power of ten.",
        ),
        (
            {"x": X, "y": ALTERNATING * (1 + abs(X) / 9)},
            "The target 'y' is -1.01397e+308 in row 1; numbers beyond 1e+145 have squares that"
            " a 64-bit number cannot hold. Correct that cell, or divide the column by a power of"
            " ten.",
        ),
        (
            {"k": [f"k{i}x" for i in range(N)], "y": Y},
            "No column is left to learn from: 'k' (id). Pass --kind NAME=category or --kind"
            " NAME=number to use one.",
        ),
    ],
)
def test_fit_refuses_what_no_network_can_learn(columns, message, tmp_path, capfd):
    file = tmp_path / "t.csv"
    pl.DataFrame({name: [*map(str, cells)] for name, cells in columns.items()}).write_csv(file)
    assert _fit(file, tmp_path, capfd) == (2, f"hiddenlogic: {message}\n")


@pytest.mark.parametrize(
    "columns",
    [
        {"x": [1e308, *X[1:]]},
        {"x": X * 5e-320},
        {"x": X, "zero": np.where(X > 0, -0.0, 0.0)},
        {"x": X, "id": [f"k{i}x" for i in range(N)]},
        {"x": X, "mixed": [*X[1:], "oops"]},
        {"x": X, "long": ["q" * 3_000_000, *"r" * (N - 1)]},
        {"x": X, "no": ["12345678901234567890", *["12345678901234567891"] * (N - 1)]},
    ],
)
def test_fit_learns_beside_odd_cells(columns, tmp_path, capfd):
    file = tmp_path / "t.csv"
    text = {name: [*map(str, cells)] for name, cells in (columns | {"y": Y}).items()}
    pl.DataFrame(text).write_csv(file)
    assert _fit(file, tmp_path, capfd) == (0, "")


def test_fit_leaves_cells_that_are_no_numbers_or_texts_out(tmp_path, capfd):
    frame = pl.DataFrame(
        {"l": [[1]] * N, "s": [{"u": 1}] * N, "b": [b"x"] * N, "o": [None] * N, "x": X}
        | {"half": pl.Series(X).cast(pl.Float16), "dec": pl.Series(X).cast(pl.Decimal(20, 3))}
        | {"long": pl.Series(range(N), dtype=pl.Int128), "y": Y}
    )
    frame.write_parquet(tmp_path / "t.parquet")
    assert _fit(tmp_path / "t.parquet", tmp_path, capfd) == (0, "")


@pytest.mark.slow
def test_ten_thousand_columns_are_fitted(tmp_path, capfd):
    frame = pl.DataFrame({f"c{i}": RANDOM.normal(size=20).round(2) for i in range(10_000)})
    frame.write_csv(tmp_path / "t.csv")
    assert _fit(tmp_path / "t.csv", tmp_path, capfd) == (0, "")


@pytest.mark.slow
def test_a_packed_file_made_to_fill_memory_is_refused(tmp_path):
    file = tmp_path / "t.csv.gz"
    file.write_bytes(gzip.compress(b"1,2\n" * (1 << 20)) * 80)
    with pytest.raises(DataError) as caught:
        read_table(file)
    assert str(caught.value) == (
        f"{file} is packed with gzip and unpacks to more than 200 times its size. Unpack it first,"
        " if it is what you meant: gunzip t.csv.gz"
    )


def test_a_parquet_file_that_breaks_polars_prints_nothing_of_it(tmp_path, capfd):
    whole = io.BytesIO()
    pl.DataFrame({"a": np.arange(1000.0)}).write_parquet(whole, compression="uncompressed")
    # The footer, which says where the columns are, and no columns.
    footer = int.from_bytes(whole.getvalue()[-8:-4], "little") + 8
    (tmp_path / "t.parquet").write_bytes(b"PAR1" + whole.getvalue()[-footer:])
    code, err = _fit(tmp_path / "t.parquet", tmp_path, capfd)
    assert code == 2
    assert err.startswith(f"hiddenlogic: {tmp_path}/t.parquet is a Parquet file that cannot be")
    assert err.count("\n") == 1
