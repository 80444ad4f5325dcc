"""Run the engine under ThreadSanitizer, and under AddressSanitizer with UBSan; compare the results.

Compiles the core's own sources with this machine's build commands and a sanitizer added, links them
with tests/native/training_run.cpp, and runs it: a data race, an access outside a buffer or
undefined behaviour ends the program with a report. Where the compiler comes without the sanitizers'
run-time libraries, says so in one line and passes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from build_commands import ROOT, BuildCommand, build_commands

DRIVER = ROOT / "tests" / "native" / "training_run.cpp"
SANITIZERS = ("thread", "address,undefined")
LINK = ["-pthread", "-std=c++20"]


def switches(sanitizer: str) -> list[str]:
    """Return what to add to a compile command: reports with lines, and no second chance."""
    return [f"-fsanitize={sanitizer}", "-fno-sanitize-recover=all", "-O1", "-g1"]


def has_sanitizer(compiler: str, sanitizer: str, folder: Path) -> bool:
    """Return whether a program of one line links."""
    probe = folder / "probe.cpp"
    probe.write_text("int main() {}\n", encoding="utf-8")
    words = [compiler, *switches(sanitizer), str(probe), "-o", str(folder / "probe")]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def compiled(command: BuildCommand, sanitizer: str, source: Path, output: Path) -> str:
    """Compile a source as `command` compiled its own; return the complaints."""
    words = [str(source) if w == str(command.source) else w for w in command.arguments()]
    return command.compile_again([command.words[0], *words, *switches(sanitizer)], output)


def run(sanitizer: str, commands: list[BuildCommand], folder: Path) -> str:
    """Build the program with one sanitizer, run it, and return what it prints."""
    engine = next(one for one in commands if one.source.name == "trainer.cpp")
    jobs = [(one, one.source, folder / f"{i}.o") for i, one in enumerate(commands)]
    jobs.append((engine, DRIVER, folder / "driver.o"))
    with ThreadPoolExecutor(2) as pool:
        failures = list(pool.map(lambda job: compiled(job[0], sanitizer, job[1], job[2]), jobs))
    for failure in filter(None, failures):
        sys.exit(failure)
    program = folder / "program"
    objects = [str(job[2]) for job in jobs]
    failure = engine.compile_again(
        [engine.words[0], *LINK, f"-fsanitize={sanitizer}", *objects], program
    )
    if failure:
        sys.exit(failure)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"Under -fsanitize={sanitizer}:\n{done.stderr}")
    return done.stdout


def main() -> None:
    """Build, run and compare."""
    commands = build_commands("native/engine") + build_commands("native/kernels")
    if not commands:
        sys.exit("There is no build to take the commands from. Run make test first.")
    outputs: set[str] = set()
    for sanitizer in SANITIZERS:
        with tempfile.TemporaryDirectory() as folder:
            if not has_sanitizer(commands[0].words[0], sanitizer, Path(folder)):
                print(f"left out: {commands[0].words[0]} has no library for -fsanitize={sanitizer}")
                return
            outputs.add(run(sanitizer, commands, Path(folder)))
    if len(outputs) != 1:
        sys.exit("The results differ between the sanitizers:\n" + "\n".join(sorted(outputs)))
    print("no race, no stray access, no undefined behaviour; equal results")


if __name__ == "__main__":
    main()
