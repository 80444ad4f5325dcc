"""The product in under ten seconds: the beginners' program, then a table through the command line.

Run it with: make demo. The model that it trains stays in build/credit.safetensors.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODEL = "build/credit.safetensors"


def show(*command: str) -> None:
    """Print a command as one would type it, run it, and stop the demo if it fails."""
    print(f"\n$ {' '.join(command)}", flush=True)
    program = shutil.which(command[0], path=str(Path(sys.executable).parent))
    done = subprocess.run([program or command[0], *command[1:]], cwd=ROOT, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)


def main() -> None:
    """Run the demo."""
    start = time.perf_counter()
    (ROOT / MODEL).parent.mkdir(exist_ok=True)
    show("python", "examples/beginners.py")
    table = ("examples/credit.csv", "--target", "Status", "--time", "5s", "-o", MODEL)
    show("hiddenlogic", "fit", *table)
    show("hiddenlogic", "predict", MODEL, "examples/credit_new.csv")
    print("What became of these eight loans: good, bad, bad, bad, good, good, good, bad.")
    print(f"\nThe whole demo took {time.perf_counter() - start:.1f} s.")


if __name__ == "__main__":
    main()
