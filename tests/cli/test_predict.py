"""``hiddenlogic predict``: rows in, CSV out."""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from hiddenlogic.cli import main
from hiddenlogic.models.table_model import TableModel


def test_predictions_go_to_standard_output(
    house_model: Path, houses: Path, capfdbinary: pytest.CaptureFixture[bytes]
):
    assert main(["predict", str(house_model), str(houses)]) == 0
    out, err = capfdbinary.readouterr()
    assert err == b""
    frame = pl.read_csv(out)
    assert frame.equals(TableModel.load(house_model).predict(houses))


def test_classes_come_with_probabilities(tree_model: Path, trees: Path, tmp_path: Path):
    output = tmp_path / "out.csv"
    assert main(["predict", str(tree_model), str(trees), "-o", str(output)]) == 0
    frame = pl.read_csv(output)
    names = ["ash", "beech", "elm"]
    assert frame.columns == ["prediction", *(f"probability of {name}" for name in names)]
    assert (
        frame.select(pl.sum_horizontal(pl.exclude("prediction"))) - 1
    ).to_series().abs().max() < 1e-5
    true = pl.read_csv(trees, separator=";")["tree"]
    assert (frame["prediction"] == true).mean() > 0.7


def test_what_is_new_in_a_table_is_said(
    house_model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    table = tmp_path / "new.csv"
    table.write_text("town,size,extra\nUlm,1.0,3\nRome,,4\n")
    assert main(["predict", str(house_model), str(table)]) == 0
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 3
    assert err.splitlines()[-1] == "Note: 1 extra column ignored: 'extra'"
    assert all(line.startswith("Note: ") for line in err.splitlines())


def test_a_lacking_column_is_named(
    house_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    table = tmp_path / "new.csv"
    table.write_text("town,sise\nUlm,1.0\n")
    assert main(["predict", str(house_model), str(table)]) == 2
    assert capsys.readouterr() == (
        "",
        "hiddenlogic: The table lacks the column 'size', which this model was trained on. It has 1"
        " of the 2 columns; extra ones are ignored. If 'sise' is meant, rename it.\n",
    )


def test_a_file_that_is_no_model_is_refused(houses: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["predict", str(houses), str(houses)]) == 2
    assert capsys.readouterr().err == (
        "hiddenlogic: `houses.csv` is no model file of hiddenlogic: it is not safetensors.\n"
    )


def test_a_reader_that_has_enough_is_no_failure(house_model: Path, houses: Path, tmp_path: Path):
    many = tmp_path / "many.csv"
    header, *rows = houses.read_text().splitlines()
    many.write_text("\n".join([header, *rows * 100]))
    process = subprocess.Popen(
        [sys.executable, "-m", "hiddenlogic.cli", "predict", str(house_model), str(many)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"prediction\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 0
    process.stderr.close()
