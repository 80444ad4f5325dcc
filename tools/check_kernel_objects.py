"""Check with `nm` that each kernel object gives away one symbol, its kernel table, and no weak one.

Kernels are one source compiled once per instruction set. A weak symbol (an inline function or a
template of a header) would exist in every one of those objects, the linker would keep any of them,
and an AVX-512 copy could run on a CPU without AVX-512. Optimisation hides such symbols by inlining
them away, so each kernel source is compiled once more without any, and calls into the C++ library
are refused.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from build_commands import BuildCommand, build_commands

ISA = re.compile(r"-DHL_ISA=(\w+)")


def isa_of(command: BuildCommand) -> str:
    """Return the instruction set that a kernel source was compiled for, or an empty string."""
    match = ISA.search(" ".join(command.words))
    return match[1] if match else ""


def complaints(path: Path, isa: str, nm: str = "nm") -> list[str]:
    """Return what is wrong with the symbols of one object compiled for `isa`."""
    listing = subprocess.run([nm, "-C", str(path)], capture_output=True, text=True, check=True)
    tables: list[str] = []
    wrong: list[str] = []
    for line in listing.stdout.splitlines():
        kind, _, symbol = line[16:].strip().partition(" ")
        if kind in set("wWvVu"):
            wrong.append(f"{path.name} ({isa}): weak symbol {symbol}.")
        elif kind == "U" and "::" in symbol:
            wrong.append(f"{path.name} ({isa}): calls {symbol}; kernels use no C++ library.")
        elif kind.isupper() and kind != "U":
            tables.append(symbol)
    if len(tables) != 1 or f"hl::{isa}::" not in tables[0]:
        wrong.append(
            f"{path.name} ({isa}): must define one external symbol in hl::{isa}, "
            f"the kernel table; defines {', '.join(tables) or 'none'}."
        )
    return wrong


def main() -> int:
    """Check the newest build, and one without optimisation; return 1 when something is wrong."""
    nm = shutil.which("nm") or shutil.which("llvm-nm")
    if nm is None:
        print("Needs nm (package binutils) or llvm-nm, and finds neither.")
        return 1
    commands = [command for command in build_commands("native/kernels") if isa_of(command)]
    if not commands:
        print("No compile command of a kernel under build/. Build first: make check does.")
        return 1
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for command in commands:
            isa = isa_of(command)
            built = command.folder / command.words[command.words.index("-o") + 1]
            plain = Path(folder) / f"{command.source.stem}-unoptimised.o"
            # Without -fno-exceptions the compiler adds a weak reference of its own at -O0.
            words = [command.words[0], *command.arguments(), "-O0", "-fno-exceptions", "-w"]
            failure = command.compile_again(words, plain)
            wrong += complaints(built, isa, nm)
            wrong += [failure] if failure else complaints(plain, isa, nm)
    names = ", ".join(isa_of(command) for command in commands)
    print("\n".join(wrong) if wrong else f"{names}, as built and unoptimised")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
