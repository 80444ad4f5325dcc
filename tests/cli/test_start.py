"""What a start of the command line costs."""

import os
import subprocess
import sys

HEAVY = "numpy polars rich safetensors hiddenlogic.engine hiddenlogic.table"
SCRIPT = """
import contextlib, io, sys
from hiddenlogic.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(sys.argv[1:])
print(*sorted(sys.modules))
"""


def test_help_imports_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-S", "-c", SCRIPT, "fit", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert set(HEAVY.split()).isdisjoint(done.stdout.split())
