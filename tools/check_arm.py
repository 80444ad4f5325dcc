"""Cross-compile for aarch64, and compare the kernels' bits with this machine's under emulation.

Takes the commands of this machine's build and replaces the compiler, the instruction set and its
name. Where the cross-compiler or the emulator is not installed, says so in one line and passes:
installing them is the business of the machine's owner, and .ci/run does it.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from build_commands import ROOT, BuildCommand, build_commands
from check_kernel_objects import complaints, isa_of

COMPILER = "aarch64-linux-gnu-g++"
EMULATOR = "qemu-aarch64"
PACKAGES = "g++-aarch64-linux-gnu qemu-user"
ISA = "aarch64_neon"
DRIVER = ROOT / "tests" / "native" / "kernel_bits.cpp"


def cross_command(command: BuildCommand) -> list[str]:
    """Return the words that compile the same source for aarch64."""
    own = isa_of(command)
    return [
        COMPILER,
        *(
            word.replace(own, ISA) if own else word
            for word in command.arguments()
            if not word.startswith(("-m", "-flto"))
        ),
    ]


def bits(words: list[str], kernels: Path, command: BuildCommand, emulator: list[str]) -> str:
    """Link the driver to one kernel object, run it, and return its lines; exit when it fails."""
    program = kernels.with_suffix(".program")
    source = str(command.source)
    arguments = [str(DRIVER) if word == source else word for word in words if word != "-c"]
    # The emulator finds no shared libraries of another machine.
    static = ["-static"] if emulator else []
    failure = command.compile_again([*arguments, *static, str(kernels)], program)
    if failure:
        sys.exit(failure)
    done = subprocess.run([*emulator, str(program)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{program.name} ended with {done.returncode}. {done.stderr}")
    return done.stdout


def differences(ours: str, theirs: str) -> list[str]:
    """Return one sentence for each kernel whose bits differ."""
    own, cross = ours.splitlines(), theirs.splitlines()
    return [
        f"Other bits on aarch64: {mine.rpartition(' ')[0]}"
        for mine, other in zip(own, cross, strict=True)
        if mine != other
    ]


def main() -> int:
    """Compile, compare; return 1 when a file does not compile, or a rule or a bit is broken."""
    if platform.machine() in {"aarch64", "arm64"}:
        print("skipped: this machine is an aarch64, so its own build was the check")
        return 0
    if shutil.which(COMPILER) is None:
        print(f"skipped: {COMPILER} is not installed (on Debian: apt-get install {PACKAGES})")
        return 0
    # By name: x86_64_v3 comes first, which every machine that can run the core has.
    kernels = sorted(filter(isa_of, build_commands("native/kernels")), key=isa_of)
    if not kernels:
        print("No compile command of a kernel under build/. Build first: make check does.")
        return 1
    kernel, engine = kernels[0], build_commands("native/engine")
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "engine.o"
        for command in engine:
            wrong += filter(None, [command.compile_again(cross_command(command), output)])
        output = Path(folder) / "kernels.o"
        wrong += filter(None, [kernel.compile_again(cross_command(kernel), output)])
        done = f"{len(engine) + 1} sources compile"
        if not wrong:
            wrong += complaints(output, ISA, "aarch64-linux-gnu-nm")
        if not wrong and shutil.which(EMULATOR):
            built = kernel.folder / kernel.words[kernel.words.index("-o") + 1]
            own = Path(folder) / "own.o"
            shutil.copy(built, own)
            ours = bits([kernel.words[0], *kernel.arguments()], own, kernel, [])
            wrong += differences(ours, bits(cross_command(kernel), output, kernel, [EMULATOR]))
            done += f", {len(ours.splitlines())} kernels give the bits of {isa_of(kernel)}"
        elif not wrong:
            done += f"; not run: {EMULATOR} is not installed (on Debian: apt-get install qemu-user)"
    print("\n".join(wrong) if wrong else done)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
