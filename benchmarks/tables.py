"""A work's figures as lines of Markdown and as plain data."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from goals import Verdict
from libraries import hidden_logic
from measure import Variant, thread_counts
from works import Work


def duration(seconds: float) -> str:
    """Return seconds in the unit that reads best, three figures."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def _rate(work: Work, variant: Variant) -> float:
    """Return GFLOP/s."""
    return work.flops / variant.median / 1e9


def variants_table(work: Work, variants: Sequence[Variant]) -> list[str]:
    """One row a variant, the fastest first."""
    ours = min(v.median for v in variants if v.library == hidden_logic.NAME)
    unit = f"time per {work.unit}" if work.unit else "time"
    heads = ["library", "form", unit, "fastest – slowest", "GFLOP/s", "× ours", "compile"]
    lines = [
        f"### {work.title}",
        "",
        f"| {' | '.join([*heads, work.measure])} |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for v in sorted(variants, key=lambda v: v.median):
        spread = " – ".join(duration(f(v.seconds) / work.units) for f in (min, max))
        rate = f"{_rate(work, v):.3g}" if work.flops else ""
        compiling = duration(v.compile_seconds) if v.compile_seconds else ""
        lines.append(
            f"| {v.library} | {v.form} | {duration(v.median / work.units)} | {spread} | {rate} "
            f"| {v.median / ours:,.2f} | {compiling} | {v.score:.2g} |"
        )
    return lines


def remarks(work: Work, variants: Sequence[Variant], peak: float) -> list[str]:
    """The best form of each library, our share of the peak, our scaling, and doubtful scores."""
    best: dict[str, Variant] = {}
    for v in sorted(variants, key=lambda v: v.median):
        best.setdefault(v.library, v)
    lines = [f"Fastest of {name}: {v.form}." for name, v in best.items()]
    if work.flops:
        share = _rate(work, best[hidden_logic.NAME]) / peak
        lines.append(f"Ours at its fastest: {share:.0%} of the measured peak of all cores.")
    by_threads = {
        n: v
        for n in thread_counts()
        for v in variants
        if v.library == hidden_logic.NAME and v.form == hidden_logic.engine_form(n)
    }
    if len(by_threads) > 1:
        one = by_threads[1].median
        steps = ", ".join(f"{n}: {one / v.median:.2f} ×" for n, v in by_threads.items())
        lines.append(f"Scaling over threads: {steps}.")
    typical = statistics.median(v.score for v in variants)
    lines += [
        f"DOUBTFUL: {v.library}, {v.form}: {work.measure} {v.score:.2g}, typical {typical:.2g}."
        for v in variants
        if not math.isfinite(v.score) or v.score > work.tolerance * typical
    ]
    return [f"- {line}" for line in lines]


def verdicts_table(titles: dict[str, str], verdicts: dict[str, list[Verdict]]) -> list[str]:
    """All works' goals: what was measured, and what is missing."""
    lines = [
        "### Goals: the peer's time over ours",
        "",
        "| work | against | measured | must | aim | |",
        "|---|---|---:|---:|---:|---|",
    ]
    for name, rows in verdicts.items():
        for verdict in rows:
            aim = "" if verdict.aim is None else f"{verdict.aim:,g}"
            lines.append(
                f"| {titles[name]} | {verdict.against} | {verdict.measured:,.2f} "
                f"| {verdict.must:,g} | {aim} | {verdict.text} |"
            )
    return lines
