"""All steps of a preparation as one text, however many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hiddenlogic.table.steps import Step
from hiddenlogic.table.wording import plural

_MOST_LINES, _MOST_LETTERS = 40, 24


def overview(steps: Sequence[Step], ignored: Sequence[str], reasons: Sequence[str]) -> str:
    """Return a line a column with what is done, and below it why; of many columns the first ones.

    Parameters
    ----------
    steps : sequence of Step
    ignored : sequence of str
        Columns that are left out.
    reasons : sequence of str
        Of both, or none.
    """
    n_inputs = sum(len(step.feature_names) for step in steps)
    done = [(step.column, step.describe().removeprefix(f"{step.column!r}: ")) for step in steps]
    why = [*reasons, *[""] * (len(steps) + len(ignored) - len(reasons))]
    used = f"{plural(len(steps), 'column')} to {plural(n_inputs, 'input')}:"
    lines = [used, *_lines(done, why), *_rest([str(step.to_json()["kind"]) for step in steps])]
    if ignored:
        lines += ["Left out:", *_lines([(name, "") for name in ignored], why[len(steps) :])]
        lines += _rest(["left out"] * len(ignored))
    return "\n".join(lines)


def _lines(columns: Sequence[tuple[str, str]], reasons: Sequence[str]) -> list[str]:
    """Return the first columns, aligned: name, what is done, and why below it."""
    shown = [(_short(name), text) for name, text in columns[:_MOST_LINES]]
    width = max((len(name) for name, _ in shown), default=0)
    lines: list[str] = []
    for (name, text), reason in zip(shown, reasons, strict=False):
        first, *more = [part for part in (text, reason) if part] or [""]
        lines.append(f"  {name:<{width}}  {first}".rstrip())
        lines += [f"  {'':<{width}}  ({one})" for one in more]
    return lines


def _rest(kinds: Sequence[str]) -> list[str]:
    """Return a line that counts the columns that are not shown, by what is done to them."""
    counts = Counter(kinds[_MOST_LINES:])
    if not counts:
        return []
    each = ", ".join(f"{count:,} {kind}" for kind, count in counts.most_common())
    return [f"  … and {plural(counts.total(), 'more column')}: {each}"]


def _short(name: str) -> str:
    """Return a name that leaves room beside it."""
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
