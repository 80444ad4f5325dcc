"""Run every check of the house: one line each, the whole output of those that fail.

Usage: python tools/check.py [NAME …]      (all of them when no name is given)
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def commands() -> dict[str, list[str]]:
    """Return the command of each check, by name, in the order in which they run."""
    python = sys.executable
    cpp = sorted(
        str(path.relative_to(ROOT))
        for folder in ("native", "tests/native")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".cpp", ".hpp", ".h"}
    )
    return {
        "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
        "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
        "format-cpp": [str(BIN / "clang-format"), "--dry-run", "-Werror", *cpp],
        "types": [str(BIN / "pyright")],
        "floors": [str(BIN / "lint-imports")],
        "sizes": [python, "tools/check_sizes.py"],
        "kernel-objects": [python, "tools/check_kernel_objects.py"],
        "sanitizers": [python, "tools/check_sanitizers.py"],
        "aarch64": [python, "tools/check_arm.py"],
    }


def run(name: str, command: list[str]) -> bool:
    """Run one check, print its line, and say whether it passed."""
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    seconds = time.perf_counter() - start
    passed = done.returncode == 0
    lines = done.stdout.strip().splitlines()
    note = lines[-1] if passed and lines else ""
    print(f"{'ok  ' if passed else 'FAIL'}  {name:<15} {seconds:5.1f} s  {note}", flush=True)
    if not passed:
        print(done.stdout.rstrip(), flush=True)
    return passed


def main(names: list[str]) -> int:
    """Run the checks named, or all; return the number of those that failed."""
    known = commands()
    for name in names:
        if name not in known:
            print(f"A check must be one of {', '.join(known)}; got {name!r}.", file=sys.stderr)
            return 2
    results = [run(name, known[name]) for name in (names or known)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
