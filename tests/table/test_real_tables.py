"""Tables that nobody here wrote, from file to matrix, where they are at hand."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hiddenlogic.table import (
    Preparation,
    TargetPreparation,
    fingerprint,
    infer_schema,
    read_table,
    split_rows,
)


def real_tables() -> Path | None:
    """Return the folder of real tables beside a parent of this file, if there is one."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "shared" / "data").is_dir():
            return parent / "shared" / "data"
    return None


FOLDER = real_tables()
pytestmark = pytest.mark.skipif(
    FOLDER is None, reason="no folder shared/data with real tables above the tests"
)
TASKS = {
    "credit_es": "binary",
    "adult": "binary",
    "telco_churn": "binary",
    "pima_na": "binary",
    "soybean": "multiclass",
    "california": "regression",
    "uci_energy": "regression",
}


@pytest.mark.parametrize("name", TASKS)
def test_a_real_table_goes_all_the_way_and_reads_the_same_from_csv(name, tmp_path):
    assert FOLDER is not None
    parquet = read_table(FOLDER / f"{name}.parquet")
    frame = parquet.frame.select(pl.exclude(r"^split.*$"))
    file = tmp_path / f"{name}.csv"
    frame.write_csv(file, separator=";")
    table = read_table(file)
    assert table.frame.height == frame.height
    schema = infer_schema(table, target="target")
    assert schema.task == TASKS[name]
    assert len(schema.features) + len(schema.left_out) == frame.width - 1
    split = split_rows(schema, table.frame, seed=0)
    preparation = Preparation.fit(schema, table.frame, split.train)
    matrix = preparation.transform(table.frame)
    assert np.isfinite(matrix).all()
    for block in preparation.blocks:
        most = block.n_codes - 1 if block.role == "codes" else 3
        assert np.abs(matrix[:, block.start : block.end]).max() <= most
    again = Preparation.from_json(json.loads(json.dumps(preparation.to_json())))
    assert again.transform(frame).tobytes() == matrix.tobytes()
    target = TargetPreparation.fit(schema, table.frame, split.train)
    assert np.isfinite(target.transform(table.frame)).all()
    assert fingerprint(table.frame) == fingerprint(read_table(file).frame)


def test_decimal_commas_of_a_real_table_are_read(tmp_path):
    assert FOLDER is not None
    frame = read_table(FOLDER / "california.parquet").frame.drop("split")
    file = tmp_path / "california.csv"
    frame.write_csv(file, separator=";", decimal_comma=True)
    table = read_table(file)
    assert "decimal comma (--decimal)" in table.notes
    for column in frame.iter_columns():
        assert table.frame[column.name].cast(column.dtype).equals(column)
