"""What `import hiddenlogic` costs beyond NumPy, and which other packages it loads (none).

Usage: python benchmarks/import_time.py [--repeats 15]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys

TIMED = """
import sys, time
import numpy
before = set(sys.modules)
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(seconds, *sorted(new - set(sys.stdlib_module_names)))
"""

STATEMENTS = {
    "import": "import hiddenlogic",
    "import, Sequential and Dense used": "import hiddenlogic as keras; "
    "keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])",
}


def once(statement: str) -> tuple[float, list[str]]:
    """Return the seconds a fresh interpreter needs, NumPy being loaded, and the packages loaded."""
    program = TIMED.format(statement=statement)
    words = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    return float(words[0]), words[1:]


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    for title, statement in STATEMENTS.items():
        runs = [once(statement) for _ in range(options.repeats)]
        seconds = [run[0] for run in runs]
        packages = sorted({name for run in runs for name in run[1]})
        print(
            f"{title}: {1e3 * statistics.median(seconds):.1f} ms beyond NumPy "
            f"({1e3 * min(seconds):.1f} – {1e3 * max(seconds):.1f}, {options.repeats} processes); "
            f"packages: {', '.join(packages)}"
        )


if __name__ == "__main__":
    main()
