"""Arguments: what is refused, word for word."""

import pytest

from hiddenlogic.cli import main
from hiddenlogic.cli.arguments import duration, kind


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            "fti",
            "`COMMAND` must be one of fit, predict, show; got 'fti'. Did you mean 'fit'?"
            " See 'hiddenlogic --help'.",
        ),
        ("", "An argument is missing: COMMAND. See 'hiddenlogic --help'."),
        ("fit", "An argument is missing: FILE. See 'hiddenlogic fit --help'."),
        ("predict m", "An argument is missing: FILE. See 'hiddenlogic predict --help'."),
        (
            "fit a --tagret y",
            "`--tagret` is not an argument of this command. Did you mean '--target'?"
            " See 'hiddenlogic fit --help'.",
        ),
        (
            "fit a b",
            "`b` is not an argument of this command. See 'hiddenlogic fit --help'.",
        ),
        (
            "show m --targets",
            "`--targets` is not an argument of this command. See 'hiddenlogic show --help'.",
        ),
        ("fit a --seed", "`--seed` must be followed by a value. See 'hiddenlogic fit --help'."),
        (
            "fit a --seed -1",
            "`--seed` must be a whole number of at least 0; got '-1'."
            " See 'hiddenlogic fit --help'.",
        ),
        (
            "fit a --seed=-1",
            "`--seed` must be a whole number of at least 0; got '-1'."
            " See 'hiddenlogic fit --help'.",
        ),
        (
            "fit a --threads 0",
            "`--threads` must be a whole number of at least 1; got '0'."
            " See 'hiddenlogic fit --help'.",
        ),
        (
            "fit a --time 10x",
            "`--time` must be a time greater than 0, such as 10, 10s, 2m or 500ms; got '10x'."
            " See 'hiddenlogic fit --help'.",
        ),
        (
            "fit a --task regresion",
            "`--task` must be one of auto, regression, binary, multiclass; got 'regresion'."
            " Did you mean 'regression'? See 'hiddenlogic fit --help'.",
        ),
        (
            "fit a --kind b",
            "`--kind` must be COLUMN=KIND, such as postcode=category; got 'b'."
            " See 'hiddenlogic fit --help'.",
        ),
        (
            "fit a --decimal x",
            "`--decimal` must be one of '.', ','; got 'x'. See 'hiddenlogic fit --help'.",
        ),
    ],
)
def test_wrong_usage_gets_one_sentence(argv: str, message: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(argv.split())
    assert left.value.code == 2
    assert capsys.readouterr() == ("", f"hiddenlogic: {message}\n")


@pytest.mark.parametrize(
    ("text", "value"),
    [("10", 10.0), ("10s", 10.0), ("2m", 120.0), ("500ms", 0.5), ("1.5 h", 5400.0), (".5", 0.5)],
)
def test_times_are_read(text: str, value: float):
    assert duration(text) == value


@pytest.mark.parametrize("text", ["0", "-1", "", "ten", "1e3", "10 sec", "nan", "9" * 400])
def test_other_times_are_refused(text: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["fit", "a", f"--time={text}"])
    assert f"got {text!r}." in capsys.readouterr().err


def test_the_name_of_a_column_may_hold_equals_signs():
    assert kind("a=b=date") == ("a=b", "date")


@pytest.mark.parametrize("argv", ["--help", "fit --help", "predict --help", "show --help"])
def test_help_is_printed(argv: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(argv.split())
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("usage: hiddenlogic")
