"""hiddenlogic against its peers, side by side in one run: training, populations, prediction.

Medians of interleaved repeats, each library in the fastest forms we know. What a library compiles
is told apart; imports are in no time but the cold processes'. Every result is scored, so that
nobody trains less than asked. `engine.Trainer` stands beside jitted functions on resident arrays,
`Sequential` is what a user writes.

Usage: python benchmarks/peers.py [--only table64,row] [--libraries jax,pytorch] [--repeats 5]
       [--quick] [--json FILE] [--markdown FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from goals import Verdict, verdicts
from libraries import LIBRARIES, hidden_logic
from measure import Variant, interleave, machine, thread_counts
from peak import fma_peak
from tables import duration, remarks, variants_table, verdicts_table
from works import WORKS, Work, smaller

FOLDER = Path(__file__).parent.parent / "build" / "bench"


class Report:
    """Lines of Markdown, printed as they come and kept for the file."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, *lines: str) -> None:
        self.lines += lines
        print("\n".join(lines), flush=True)


def arguments() -> argparse.Namespace:
    names = [library.NAME for library in LIBRARIES]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(WORKS), help=f"works, of {', '.join(WORKS)}")
    peers = ",".join(names[1:])
    parser.add_argument("--libraries", default=peers, help=f"peers, of {peers}")
    parser.add_argument("--repeats", type=int, default=5, help="rounds; default 5")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, one round")
    parser.add_argument("--json", type=Path, default=FOLDER / "peers.json")
    parser.add_argument("--markdown", type=Path, default=FOLDER / "peers.md")
    options = parser.parse_args()
    options.only = [name for name in options.only.split(",") if name]
    for name in options.only:
        if name not in WORKS:
            parser.error(f"--only takes {', '.join(WORKS)}; got {name!r}")
    wanted = {name.strip().lower() for name in options.libraries.split(",") if name}
    if unknown := wanted - {name.lower() for name in names}:
        parser.error(f"--libraries takes {', '.join(names)}; got {', '.join(sorted(unknown))}")
    options.libraries = [hidden_logic, *[o for o in LIBRARIES[1:] if o.NAME.lower() in wanted]]
    return options


def load(libraries: list[ModuleType], report: Report) -> dict[ModuleType, str]:
    """Import what is installed; return the versions."""
    report.write("", "| library | version | import |", "|---|---|---:|")
    versions = {}
    for library in libraries:
        start = time.perf_counter()
        try:
            versions[library] = library.load()
        except ImportError as problem:
            report.write(f"| {library.NAME} | left out: {problem} | |")
            continue
        seconds = duration(time.perf_counter() - start)
        report.write(f"| {library.NAME} | {versions[library]} | {seconds} |")
    return versions


def time_work(work: Work, libraries: list[ModuleType], repeats: int) -> list[Variant]:
    """Return the variants of every library that does this kind of work, timed."""
    variants: list[Variant] = []
    for library in libraries:
        if hasattr(library, work.kind):
            variants += getattr(library, work.kind)(work)
    interleave(variants, work.score, repeats)
    return variants


def data(work: Work, variants: list[Variant], found: list[Verdict]) -> dict[str, Any]:
    """Return a work's figures as JSON has them; seconds are those of a run of `units`."""
    return {
        "title": work.title,
        "flops": work.flops,
        "units": work.units,
        "variants": [
            {
                "library": v.library,
                "form": v.form,
                "seconds": v.seconds,
                "median": v.median,
                "first_seconds": v.first_seconds,
                work.measure: v.score,
            }
            for v in variants
        ],
        "goals": [{**vars(verdict), "verdict": verdict.text} for verdict in found],
    }


def save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Load what is installed, time it, print and write the tables."""
    options = arguments()
    repeats = 1 if options.quick else options.repeats
    report = Report()
    report.write(f"{machine()}; medians of {repeats} interleaved repeats")
    libraries = load(options.libraries, report)
    peaks = {n: fma_peak(n) for n in thread_counts()}
    peak = peaks[thread_counts()[-1]]
    figures = ", ".join(f"{n}: {gflops:.0f}" for n, gflops in peaks.items())
    report.write("", f"Peak in float32, GFLOP/s by threads (register-only loop): {figures}.")

    works: dict[str, Any] = {}
    everything = {
        "machine": machine(),
        "versions": {library.NAME: version for library, version in libraries.items()},
        "peak": peaks,
        "works": works,
    }
    titles: dict[str, str] = {}
    found: dict[str, list[Verdict]] = {}
    for name in options.only:
        start = time.perf_counter()
        work = smaller(WORKS[name]()) if options.quick else WORKS[name]()
        variants = time_work(work, list(libraries), repeats)
        titles[name], found[name] = work.title, verdicts(work, variants, peak)
        report.write("", *variants_table(work, variants), "", *remarks(work, variants, peak))
        works[name] = data(work, variants, found[name])
        print(f"({duration(time.perf_counter() - start)} for this work)", flush=True)
        # Kept at once: a later work that fails loses nothing.
        save(options.json, json.dumps(everything, indent=2))
    report.write("", *verdicts_table(titles, found))
    save(options.markdown, "\n".join(report.lines))
    print(f"\nWritten: {options.json}, {options.markdown}")


if __name__ == "__main__":
    main()
