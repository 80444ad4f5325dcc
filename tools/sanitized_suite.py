"""Run the tests of the compiled core with the extension module built under a sanitizer.

Usage: python tools/sanitized_suite.py asan|tsan [PYTEST ARGUMENT …]

    asan   AddressSanitizer and UndefinedBehaviorSanitizer
    tsan   ThreadSanitizer

The module is built into build/asan or build/tsan, where a virtual environment puts it before this
one's packages; the sanitizer's library is loaded before Python. A finding ends the run at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from build_commands import ROOT
from check_sanitizers import switches

SANITIZERS = {"asan": "address,undefined", "tsan": "thread"}
OPTIONS = {
    # Python itself never frees all it allocates, which is a leak by the sanitizer's standards.
    "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:abort_on_error=1",
    # Its threads wait for each other in code that no sanitizer sees.
    "OPENBLAS_NUM_THREADS": "1",
}
# The rooms that reach the core; but polars, which most of them read tables with, does not start
# under ThreadSanitizer. PyTorch is left out, which brings a run-time library of its own, and so is
# the test that memory is given back, which the sanitizers keep for a while.
ROOMS = {"asan": ("engine", "training", "models", "search"), "tsan": ("engine",)}
LEFT_OUT = (
    "--ignore-glob=tests/engine/test_torch_*.py",
    "--deselect=tests/engine/test_member.py::test_dropped_members_do_not_fill_the_memory",
)


def environment(folder: Path) -> Path:
    """Make a virtual environment that falls back on this one's packages; return its packages."""
    venv.create(folder, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    own = sysconfig.get_path("purelib")
    (packages / "fall_back.pth").write_text(f"{own}\n", encoding="utf-8")
    return packages


def build(name: str, folder: Path) -> Path:
    """Build the package under a sanitizer; return the Python that imports it."""
    packages = environment(folder / "venv")
    options = ";".join(switches(SANITIZERS[name]))
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"),
            *("--no-build-isolation", "--no-deps", "--upgrade", "--target", str(packages)),
            *("-C", f"build-dir={folder / 'objects'}"),
            *("-C", "install.strip=false", "-C", f"cmake.define.HL_INSTRUMENT={options}"),
            str(ROOT),
        ],
        check=True,
    )
    return folder / "venv" / "bin" / "python"


def library(name: str) -> str:
    """Return the path of one of the compiler's run-time libraries; exit when there is none."""
    compiler = os.environ.get("CXX", "c++").split()[0]
    found = subprocess.run(
        [compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if not Path(found).is_absolute():
        sys.exit(f"{compiler} has no {name}; on Debian, g++ brings it.")
    return found


def main(name: str, arguments: list[str]) -> int:
    """Build, run the tests, and return pytest's status."""
    if name not in SANITIZERS:
        sys.exit(f"The sanitizer must be one of {', '.join(SANITIZERS)}; got {name!r}.")
    # With the C++ library, whose `throw` the sanitizer looks up while Python has not loaded it yet.
    preloaded = f"{library(f'lib{name}.so')} {library('libstdc++.so.6')}"
    python = build(name, ROOT / "build" / name)
    tests = arguments or [*LEFT_OUT, *(f"tests/{room}" for room in ROOMS[name])]
    return subprocess.run(
        # Captured by file descriptor, a finding would end with the process before it is shown.
        [str(python), "-m", "pytest", "-q", "--capture=sys", *tests],
        cwd=ROOT,
        env=os.environ | OPTIONS | {"LD_PRELOAD": preloaded},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:]))
