"""``hiddenlogic show``: what is in a model file."""

from pathlib import Path

import pytest

from hiddenlogic.cli import main
from hiddenlogic.models.table_model import TableModel


def test_layers_columns_and_receipt_are_shown(
    house_model: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["show", str(house_model)]) == 0
    out = capsys.readouterr().out
    network = TableModel.load(house_model).snapshot.network
    assert out.startswith("layer  kind ")
    assert f"{network.n_parameters} parameters, float32." in out
    assert "Predicts `rent` (regression)." in out
    assert "  'town': " in out
    assert "    fingerprint: " in out
    assert "  verdict: Use the network [" in out
    assert "kernel" not in out


def test_weights_are_shown_on_request(house_model: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["show", str(house_model), "--weights"]) == 0
    out = capsys.readouterr().out
    first = str(TableModel.load(house_model).snapshot.weights[0][0, 0])
    assert "layer 1 (Dense) kernel 2×" in out
    assert f"  {first} " in out
