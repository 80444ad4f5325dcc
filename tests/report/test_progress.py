"""Progress as lines, JSON and on a terminal."""

import io
import json
import math

import pytest

from hiddenlogic.report.live import LiveProgress
from hiddenlogic.report.progress import JsonLines, Lines, line, progress
from hiddenlogic.search.events import (
    Event,
    Interrupted,
    NetworkFailed,
    NetworkTrained,
    Note,
    Stage,
    Tick,
    ignore,
)

TICK = Tick(3.21, 10.0, 41, 12.77, ("[8]", "[32]"), "[64, 64]", "RMSE", 5.3141)
EVENTS: dict[Event, str] = {
    Stage("Reading a.csv"): "Reading a.csv …",
    Note("a is a date"): "  a is a date",
    NetworkTrained("[8]", "RMSE", 2.0, 41, 100, 0.5, True): "[8]: RMSE 2.000",
    NetworkFailed("[8]", "It diverged."): "[8] is left out: It diverged.",
    Interrupted(): "Interrupted: keeping the best network so far.",
    TICK: "3.2 s of 10.0 s, 41 networks (12.8/s), best [64, 64]: RMSE 5.314 on the validation rows",
    Tick(0.25, 90.0, 1, 4.0, (), "", "RMSE", math.nan): "250 ms of 1 min 30 s, 1 network (4.0/s)",
}


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_is_one_line(event: Event):
    assert line(event) == EVENTS[event]


def test_lines_come_at_most_once_a_second():
    stream = io.StringIO()
    listener = Lines(stream)
    for event in [Stage("Reading"), *[TICK] * 50, NetworkFailed("[8]", "It diverged.")]:
        listener(event)
    assert stream.getvalue().splitlines() == [
        "Reading …",
        EVENTS[TICK],
        "[8] is left out: It diverged.",
    ]


@pytest.mark.parametrize("event", EVENTS)
def test_json_lines_hold_the_whole_event(event: Event):
    stream = io.StringIO()
    JsonLines(stream)(event)
    read = json.loads(stream.getvalue())
    assert read["event"] == type(event).__name__
    for name, value in vars(event).items():
        if isinstance(value, float) and math.isnan(value):
            assert read[name] is None
        else:
            assert read[name] == (list(value) if isinstance(value, tuple) else value)


def test_a_terminal_is_drawn_live(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    with progress(stream) as listener:
        assert isinstance(listener, LiveProgress)
        for event in EVENTS:
            listener(event)
    text = stream.getvalue()
    assert "[8] is left out: It diverged." in text
    assert "\x1b[" in text


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    with progress(stream) as listener:
        for event in EVENTS:
            listener(event)
    assert "\x1b[33m" not in stream.getvalue()


def test_the_way_of_showing_is_chosen_by_the_stream(monkeypatch: pytest.MonkeyPatch):
    with progress(io.StringIO()) as listener:
        assert isinstance(listener, Lines)
    with progress(io.StringIO(), json_lines=True) as listener:
        assert isinstance(listener, JsonLines)
    with progress(Terminal(), quiet=True) as listener:
        assert listener is ignore
    monkeypatch.setenv("TERM", "dumb")
    with progress(Terminal()) as listener:
        assert isinstance(listener, Lines)
