"""Hold the size rule: one idea a file.

No file in src/, native/ or tests/ has more than 400 lines, unless a comment among its first five
lines gives the reason (`# size: …` or `// size: …`); none has more than 600. The median module of
src/ and native/ has at most 150.
"""

from __future__ import annotations

import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUFFIXES = {".py", ".pyi", ".cpp", ".hpp", ".h", ".inc"}
LIMIT, LIMIT_WITH_REASON, MEDIAN = 400, 600, 150
REASON = re.compile(r"^\s*(#|//)\s*size:\s*\S")


def files(*folders: str) -> list[Path]:
    """Return the source files under some folders of the repository."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in SUFFIXES and "__pycache__" not in path.parts
    )


def complaint(name: str, lines: list[str]) -> str:
    """Return what is wrong with the size of one file, or an empty string."""
    n = len(lines)
    if n > LIMIT_WITH_REASON:
        return f"{name} has {n} lines; {LIMIT_WITH_REASON} is the most that a reason can excuse."
    if n > LIMIT and not any(REASON.match(line) for line in lines[:5]):
        return (
            f"{name} has {n} lines; the limit is {LIMIT}. "
            "Split it by ideas, or give the reason at its top: `# size: …`."
        )
    return ""


def main() -> int:
    """Print the complaints and the median; return 1 when there is something to complain about."""
    lines = {path: path.read_text(encoding="utf-8").splitlines() for path in files("src", "native")}
    tests = {path: path.read_text(encoding="utf-8").splitlines() for path in files("tests")}
    complaints = [
        text
        for path, content in (lines | tests).items()
        if (text := complaint(str(path.relative_to(ROOT)), content))
    ]
    median = statistics.median(len(content) for content in lines.values()) if lines else 0
    if median > MEDIAN:
        complaints.append(f"The median module has {median:g} lines; the limit is {MEDIAN}.")
    for text in complaints:
        print(text)
    largest = max(lines, key=lambda path: len(lines[path]), default=None)
    if largest is not None:
        name = largest.relative_to(ROOT)
        print(f"median {median:g} lines, largest {len(lines[largest])} ({name})")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
