"""A search as it runs, on a stream: plain lines, or JSON lines for programs."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import TextIO

from hiddenlogic.report.text_table import number, seconds
from hiddenlogic.search.events import (
    Event,
    Interrupted,
    Listener,
    NetworkFailed,
    NetworkTrained,
    Note,
    Stage,
    Tick,
    ignore,
)

LINE_EVERY = 1.0
"""Seconds between two lines about the same thing."""


def progress(
    stream: TextIO | None = None, *, json_lines: bool = False, quiet: bool = False
) -> AbstractContextManager[Listener]:
    """Choose how progress is shown: not at all, as JSON, live on a terminal, or as lines.

    Parameters
    ----------
    stream : text stream, optional
        Standard error if not given.
    json_lines : bool
        One JSON object an event.
    quiet : bool
        Nothing at all.

    Returns
    -------
    context manager of a listener
        Inside the block, events may be sent to the listener.
    """
    target = sys.stderr if stream is None else stream
    if quiet:
        return nullcontext(ignore)
    if json_lines:
        return nullcontext(JsonLines(target))
    if target.isatty() and os.environ.get("TERM") != "dumb":
        # Imported here: rich costs more than the rest of the command line together.
        from hiddenlogic.report.live import LiveProgress

        return LiveProgress(target)
    return nullcontext(Lines(target))


class JsonLines:
    """Each event as one JSON object on one line; NaN is null."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        """Write an event."""
        fields = {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in asdict(event).items()
        }
        line = {"event": type(event).__name__} | fields
        print(json.dumps(line, ensure_ascii=False), file=self._stream, flush=True)


class Lines:
    """Plain lines, at most about one a second except for what must not be missed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last = -math.inf

    def __call__(self, event: Event) -> None:
        """Write an event, unless it is one of many."""
        if isinstance(event, NetworkTrained):
            return
        now = time.monotonic()
        if isinstance(event, Tick):
            if now - self._last < LINE_EVERY or not event.networks:
                return
            self._last = now
        print(line(event), file=self._stream, flush=True)


def line(event: Event) -> str:
    """Say an event in one line.

    Examples
    --------
    >>> line(Tick(3.21, 10, 41, 12.77, ("[8]",), "[64, 64]", "RMSE", 5.314))
    '3.2 s of 10.0 s, 41 networks (12.8/s), best [64, 64]: RMSE 5.314 on the validation rows'
    """
    match event:
        case Stage():
            return f"{event.text} …"
        case Note():
            return f"  {event.text}"
        case NetworkTrained():
            return f"{event.structure}: {event.measure} {number(event.score)}"
        case NetworkFailed():
            return f"{event.structure} is left out: {event.reason}"
        case Interrupted():
            return "Interrupted: keeping the best network so far."
        case Tick():
            best = f", best {event.best}: {event.measure} {number(event.score)}"
            return (
                f"{seconds(event.seconds)} of {seconds(event.budget)},"
                f" {event.networks} {'network' if event.networks == 1 else 'networks'}"
                f" ({event.networks_per_second:.1f}/s)"
                + (f"{best} on the validation rows" if event.best else "")
            )
