import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def output():
    return subprocess.run(
        [sys.executable, "-W", "error", "examples/beginners.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    ).stdout.splitlines()


def test_the_program_ends_with_the_line_in_the_users_units(output):
    assert output[-1] == "  y = 2.000·x + 3.000"


def test_both_tables_have_the_six_points(output):
    rows = [line for line in output if line.count("|") == 3 and "input" not in line]
    assert len(rows) == 12
