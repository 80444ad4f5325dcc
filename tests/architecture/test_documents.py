import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src" / "hiddenlogic").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_examples_of_the_readme_run(tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    assert blocks
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr


def test_every_path_that_the_documents_name_exists():
    for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for path in re.findall(r"\b(?:src|native|tests|tools|examples|benchmarks)/[\w./]*\w", text):
            assert (ROOT / path).exists(), f"{name} names {path}, which does not exist."


def test_the_command_line_lists_its_commands():
    program = shutil.which("hiddenlogic", path=str(Path(sys.executable).parent))
    assert program, "the script `hiddenlogic` is not installed beside this Python"
    done = subprocess.run([program, "--help"], capture_output=True, text=True, check=True)
    for command in ("fit", "predict", "show"):
        assert command in done.stdout


def test_no_tolerance_is_a_number_out_of_the_air():
    literal = re.compile(r"\b(?:rtol|atol)\s*=\s*[\d.e*+-]+\s*[,)]")
    offenders = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if literal.search(line)
    ]
    assert offenders == []
