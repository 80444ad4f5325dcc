"""A whole process: the interpreter, its imports, and everything that the script does."""

import atexit
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from measure import Run
from works import Cold

SCRIPTS = Path(__file__).parent.parent / "cold"


def script(work: Cold, name: str, *options: str) -> Callable[[], Run]:
    """Return what starts a script of cold/ on the work's rows, written to a CSV file."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    table = Path(folder) / "table.csv"
    names = [f"x{i}" for i in range(work.rows.shape[1] - 1)]
    np.savetxt(table, work.rows, "%.6g", ",", header=",".join([*names, "y"]), comments="")
    command = [sys.executable, str(SCRIPTS / name), str(table), *options]

    def run() -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
        return done.stdout

    return lambda: run
