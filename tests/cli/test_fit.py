"""``hiddenlogic fit``: results, refusals, interruption."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hiddenlogic.cli import main
from hiddenlogic.models.table_model import TableModel


def _start(*argv: str) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "hiddenlogic.cli", *argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_a_bent_target_gets_a_network(
    houses: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    model = tmp_path / "m.safetensors"
    assert main(["fit", str(houses), "--time", "2s", "-o", str(model)]) == 0
    out, err = capsys.readouterr()
    assert "Use the network [" in out
    assert "straight line" in out
    assert "mean" in out
    assert "Some held-out rows:" in out
    assert out.endswith(f"Saved `{model}`. Predict with: hiddenlogic predict {model} FILE\n")
    lines = err.splitlines()
    assert lines[:2] == ["Reading houses.csv …", "Preparing 300 rows of 4 columns …"]
    assert "  target 'rent', the last column (--target)" in lines
    assert any(line.startswith("  'id' is left out (id) because it ") for line in lines)
    assert any(" networks (" in line for line in lines)
    assert TableModel.load(model).snapshot.receipt["table"]["rows"] == 300


def test_a_straight_target_gets_the_straight_line(
    trees: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    model = tmp_path / "m.safetensors"
    assert main(["fit", str(trees), "--time", "1s", "-q", "-o", str(model)]) == 0
    out, err = capsys.readouterr()
    assert "Use the straight line: nothing bigger helps." in out
    assert "held-out accuracy" in out
    assert err == ""


def test_json_lines_are_read_by_programs(
    trees: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    model = tmp_path / "m.safetensors"
    assert main(["fit", str(trees), "--time", "1s", "--json", "-o", str(model)]) == 0
    out, err = capsys.readouterr()
    events = [json.loads(line) for line in err.splitlines()]
    assert events[0] == {"event": "Stage", "text": "Reading trees.csv"}
    assert {"Note", "NetworkTrained", "Tick"} <= {event["event"] for event in events}
    result = json.loads(out)
    assert result["event"] == "Result"
    assert result["saved"] == str(model)
    assert result["verdict"]["outcome"] == "straight line"
    scored = {row["structure"] for row in result["leaderboard"] if row["held_out"]}
    assert scored == {"straight line", "shares of the classes"}


def test_the_time_is_kept(houses: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    main(["fit", str(houses), "--time", "1s", "--json", "-o", str(tmp_path / "m")])
    assert json.loads(capsys.readouterr().out)["seconds"] < 1.05


def test_ctrl_c_keeps_the_best_network(houses: Path, tmp_path: Path):
    model = tmp_path / "m.safetensors"
    process = _start("fit", str(houses), "--time", "10m", "--json", "-o", str(model))
    assert process.stderr is not None
    for line in process.stderr:
        if json.loads(line)["event"] == "NetworkTrained":
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(err.splitlines()[-2])["event"] == "Interrupted"
    assert json.loads(out)["interrupted"] is True
    assert TableModel.load(model).predict(houses).height == 300


def test_ctrl_c_at_once_leaves_nothing_or_a_whole_model(houses: Path, tmp_path: Path):
    model = tmp_path / "m.safetensors"
    process = _start("fit", str(houses), "--time", "10m", "-o", str(model))
    assert process.stderr is not None
    assert process.stderr.readline() == "Reading houses.csv …\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    if out:
        TableModel.load(model)
    else:
        assert err.endswith("hiddenlogic: interrupted; nothing was written.\n")
        assert os.listdir(tmp_path) == []


HEADER = "a,b,y\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "{} is empty. Give a file with a line of names and rows of data."),
        (HEADER, "{} has a header with 3 columns and no rows below it. Add rows of data."),
        (
            HEADER + "1,2,3\n",
            "The table has 1 row; learning needs several, at least 10. Add rows.",
        ),
        (
            HEADER + "".join(f"{row}.5,{row},yes\n" for row in range(40)),
            "The target 'y' holds only one class, 'yes', in all 40 rows, so there is nothing to"
            " learn. Choose another column with --target.",
        ),
        (
            HEADER + "".join(f"{row}.5,{row},3\n" for row in range(40)),
            "The target 'y' holds only the number 3 in all 40 rows, so there is nothing to learn."
            " Choose another column with --target.",
        ),
        (
            HEADER + "".join(f"{row}.5,{row},\n" for row in range(40)),
            "The target 'y' has no values: all 40 cells are missing."
            " Choose another column with --target, or fill it in.",
        ),
        (
            "a,a,y\n" + "1,2,3\n" * 40,
            "{} has more than one column named 'a'. Give every column its own name.",
        ),
        (
            HEADER + "".join(f"{'inf' if row == 16 else row / 2},1,{row}\n" for row in range(40)),
            "Column 'a', row 17: expected a finite number, got inf."
            " Correct that cell, or leave it empty if it is missing.",
        ),
        (
            bytes(range(256)) * 50,
            "{} is not text: 10% of its first bytes are control characters."
            " Give a CSV or Parquet file, or name the encoding with --encoding.",
        ),
    ],
)
def test_a_table_that_cannot_be_learned_from_gets_one_sentence(
    text: str | bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    table = tmp_path / "t.csv"
    table.write_bytes(text.encode() if isinstance(text, str) else text)
    assert main(["fit", str(table), "-q", "-o", str(tmp_path / "m")]) == 2
    assert capsys.readouterr() == ("", f"hiddenlogic: {message.format(table)}\n")
    assert os.listdir(tmp_path) == ["t.csv"]


def test_a_line_of_a_gigabyte_is_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    table = tmp_path / "t.csv"
    with table.open("wb") as file:
        file.write(HEADER.encode() + b"1,2,3" * 10_000)
        file.truncate(1 << 30)
    assert main(["fit", str(table), "-q", "-o", str(tmp_path / "m")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"hiddenlogic: {table}")
    assert err.count("\n") == 1


def test_a_column_without_values_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    table = tmp_path / "t.csv"
    table.write_text(HEADER + "".join(f"{row * 7 % 40 / 3},,{row}\n" for row in range(40)))
    assert main(["fit", str(table), "--time", "1s", "-o", str(tmp_path / "m")]) == 0
    assert "'b' is left out (empty) because" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            ["--target", "rnet"],
            "The table has no column 'rnet' to predict; it has id, size, town, rent."
            " Did you mean 'rent'?",
        ),
        (
            ["--kind", "town=number"],
            None,
        ),
        (["--time", "1ms"], None),
    ],
)
def test_wrong_wishes_get_one_sentence(
    argv: list[str],
    message: str | None,
    houses: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    assert main(["fit", str(houses), "-q", "-o", str(tmp_path / "m"), *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    if message is not None:
        assert err == f"hiddenlogic: {message}\n"


def test_an_output_that_cannot_be_written_is_found_before_training(
    houses: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    output = tmp_path / "none" / "m"
    assert main(["fit", str(houses), "-o", str(output)]) == 2
    assert capsys.readouterr() == (
        "",
        f"hiddenlogic: The folder of `{output}` does not exist."
        " Make it first, or write elsewhere.\n",
    )


def test_the_table_is_not_overwritten(houses: Path, capsys: pytest.CaptureFixture[str]):
    before = houses.read_bytes()
    assert main(["fit", str(houses), "-o", str(houses)]) == 2
    assert capsys.readouterr().err == (
        f"hiddenlogic: `-o` names the file that is read: {str(houses)!r}. Choose another name.\n"
    )
    assert houses.read_bytes() == before


def test_a_score_that_is_not_defined_does_not_cost_the_model(tmp_path, capsys):
    table, model = tmp_path / "rare.csv", tmp_path / "rare.safetensors"
    rows = [f"{i * 0.37 % 1:.2f},{'rare' if i in (8, 30) else 'usual'}\n" for i in range(60)]
    table.write_text("a,class\n" + "".join(rows))
    assert main(["fit", str(table), "--time", "200ms", "--json", "-o", str(model)]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1], parse_constant=pytest.fail)
    chosen = next(row for row in result["leaderboard"] if row["chosen"])
    assert chosen["held_out"]["AUC"] is None
    assert main(["show", str(model)]) == 0
    assert "AUC: not defined" in capsys.readouterr().out


def test_a_column_of_the_table_splits_it(tmp_path, capsys):
    table, model = tmp_path / "t.csv", tmp_path / "m.safetensors"
    parts = ["train", "train", "train", "val", "test"]
    rows = [f"{i * 0.37 % 1:.3f},{parts[i % 5]},{i * 0.37 % 1 * 3:.3f}\n" for i in range(100)]
    table.write_text("a,part,y\n" + "".join(rows))
    argv = ["fit", str(table), "--time", "300ms", "--json", "-o", str(model)]
    assert main([*argv, "--split-column", "part"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["rows"] == {"train": 60, "validation": 20, "held out": 20}
    assert TableModel.load(model).snapshot.receipt["split"] == "as 'part' says"
    assert main([*argv, "--time-column", "a"]) == 0
    assert TableModel.load(model).snapshot.receipt["split"] == "by time, 'a'"


def test_one_way_to_split_at_a_time(houses, capsys):
    with pytest.raises(SystemExit):
        main(["fit", str(houses), "--time-column", "id", "--group-column", "town"])
    assert capsys.readouterr().err == (
        "hiddenlogic: `--group-column` cannot go with `--time-column`. See 'hiddenlogic fit"
        " --help'.\n"
    )
