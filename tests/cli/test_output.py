"""Results find a place, whatever happens to the one they were meant for."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hiddenlogic.cli.output import check_output, keep
from hiddenlogic.errors import FormatError
from hiddenlogic.models.table_model import TableModel


def test_a_model_whose_place_is_gone_is_kept_elsewhere(
    house_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    model, output = TableModel.load(house_model), tmp_path / "gone" / "m.safetensors"
    saved = keep(model, str(output))
    assert saved.read_bytes() == house_model.read_bytes()
    assert capsys.readouterr().err == (
        f"hiddenlogic: The folder of `{output}` does not exist. Make it first, or write elsewhere."
        f" The model is kept as `{saved}`.\n"
    )


def test_a_link_to_the_input_is_the_input(houses: Path, tmp_path: Path):
    (tmp_path / "link").symlink_to(houses)
    with pytest.raises(FormatError, match="`-o` names the file that is read"):
        check_output(str(tmp_path / "link"), str(houses))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_standard_output_is_one_sentence(house_model: Path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hiddenlogic.cli", "show", str(house_model)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
    assert (done.returncode, done.stderr) == (
        2,
        "hiddenlogic: the output cannot be written: No space left on device.\n",
    )


def test_a_terminal_without_unicode_gets_question_marks(house_model: Path):
    done = subprocess.run(
        [sys.executable, "-m", "hiddenlogic.cli", "show", str(house_model)],
        capture_output=True,
        check=True,
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert b"?????  ?????" in done.stdout
    assert done.stderr == b""
