"""Ctrl-C as a request: the first asks for an end, the second is the usual KeyboardInterrupt."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


class Interrupt:
    """Whether the work shall end, asked from any thread.

    Until `arm` is called there is nothing to keep, and Ctrl-C raises KeyboardInterrupt at once.
    """

    def __init__(self) -> None:
        self._requested = threading.Event()
        self._armed = False

    @property
    def requested(self) -> bool:
        """Whether Ctrl-C was pressed or `request` called."""
        return self._requested.is_set()

    def request(self) -> None:
        """Ask for an end."""
        self._requested.set()

    def arm(self) -> None:
        """From now on there is something to keep."""
        self._armed = True

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Handle the signal: the first one asks, any other raises."""
        if not self._armed or self._requested.is_set():
            raise KeyboardInterrupt
        self._requested.set()


@contextmanager
def listening() -> Generator[Interrupt, None, None]:
    """Turn Ctrl-C into a request while the block runs.

    Yields
    ------
    Interrupt
        Outside of the main thread, where Python allows no signal handlers, only its `request`
        has an effect.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    before = signal.signal(signal.SIGINT, interrupt.receive)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
