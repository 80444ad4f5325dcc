"""Cross-compile for aarch64, and compare bits with this machine's under emulation.

Takes the commands of this machine's build and replaces the compiler, the instruction set and its
name. Two programs then run here and under the emulator, and have to print the same: every kernel by
itself (tests/native/kernel_bits.cpp) and whole trainings (tests/native/training_run.cpp). Where the
cross-compiler or the emulator is not installed, says so in one line and passes: installing them is
the business of the machine's owner, and .ci/run does it.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from build_commands import ROOT, BuildCommand, build_commands
from check_kernel_objects import complaints, isa_of

COMPILER = "aarch64-linux-gnu-g++"
EMULATOR = "qemu-aarch64"
PACKAGES = "g++-aarch64-linux-gnu qemu-user"
ISA = "aarch64_neon"
DRIVERS = ROOT / "tests" / "native"


@dataclass(frozen=True)
class Program:
    """A driver and the build command that it is compiled with."""

    driver: Path
    command: BuildCommand

    def lines(self, words: list[str], objects: list[Path], emulator: list[str]) -> list[str]:
        """Build with `words`, run, and return what it prints; exit when either fails."""
        source = str(self.command.source)
        arguments = [str(self.driver) if word == source else word for word in words if word != "-c"]
        # The emulator finds no shared libraries of another machine.
        static = ["-static"] if emulator else []
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / self.driver.stem
            failure = self.command.compile_again(
                [*arguments, *static, "-pthread", *map(str, objects)], program
            )
            if failure:
                sys.exit(failure)
            done = subprocess.run(
                [*emulator, str(program)], capture_output=True, text=True, check=False
            )
        if done.returncode != 0:
            where = "under emulation" if emulator else "here"
            sys.exit(f"{self.driver.name} ended with {done.returncode} {where}. {done.stderr}")
        return done.stdout.splitlines()


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


def differences(ours: list[str], theirs: list[str]) -> list[str]:
    """Return one sentence for each line whose bits differ."""
    return [
        f"Other bits on aarch64: {mine.rpartition(' ')[0]}"
        for mine, other in zip(ours, theirs, strict=True)
        if mine != other
    ]


def compare(programs: list[Program], own: list[Path], cross: list[Path]) -> tuple[list[str], int]:
    """Return what differs between the machines, and how many lines were compared."""
    wrong: list[str] = []
    compared = 0
    for program in programs:
        command = program.command
        ours = program.lines([command.words[0], *command.arguments()], own, [])
        wrong += differences(ours, program.lines(cross_command(command), cross, [EMULATOR]))
        compared += len(ours)
    return wrong, compared


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
    engine = build_commands("native/engine")
    # One kernel object is enough for aarch64, which has one instruction set.
    commands = [*engine, kernels[0]]
    with tempfile.TemporaryDirectory() as folder:
        cross = [Path(folder) / f"{command.source.stem}.o" for command in commands]
        with ThreadPoolExecutor(2) as pool:
            wrong = list(
                filter(
                    None,
                    pool.map(
                        lambda job: job[0].compile_again(cross_command(job[0]), job[1]),
                        zip(commands, cross, strict=True),
                    ),
                )
            )
        done = f"{len(commands)} sources compile"
        if not wrong:
            wrong = complaints(cross[-1], ISA, "aarch64-linux-gnu-nm")
        if not wrong and shutil.which(EMULATOR):
            own = [command.output() for command in [*engine, *kernels]]
            trainer = next(one for one in engine if one.source.name == "trainer.cpp")
            programs = [
                Program(DRIVERS / "kernel_bits.cpp", kernels[0]),
                Program(DRIVERS / "training_run.cpp", trainer),
            ]
            wrong, compared = compare(programs, own, cross)
            done += f", {compared} kernels and trainings give the bits of {isa_of(kernels[0])}"
        elif not wrong:
            done += f"; not run: {EMULATOR} is not installed (on Debian: apt-get install qemu-user)"
    print("\n".join(wrong) if wrong else done)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
