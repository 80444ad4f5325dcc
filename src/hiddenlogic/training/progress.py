"""The lines that a training prints, in Keras's format.

A terminal gets a bar that is repainted at most ten times a second; anything else gets final lines
only, without colours. Lines are collected and written in chunks, so that 500 epochs of one step
cost milliseconds.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO, cast

import numpy as np

from hiddenlogic.errors import RangeError

_BAR = 20
_REPAINT_SECONDS = 0.1


def verbosity(value: object, argument: str = "`verbose`") -> int:
    """Return 0, 1 or 2; 'auto' is 1, True and False are 1 and 0.

    Raises
    ------
    RangeError
        If it is none of these.
    """
    if value == "auto":
        return 1
    if isinstance(value, int) and value in (0, 1, 2):
        return int(value)
    raise RangeError(f"{argument} must be 0, 1, 2 or 'auto'; got {value!r}.")


def number(value: float) -> str:
    """Format a loss or metric as Keras does."""
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"


def duration(seconds: float) -> str:
    """Format the time of a step in the unit that suits it."""
    if seconds >= 1 or seconds == 0:
        return f"{seconds:.0f}s"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.0f}ms"
    return f"{seconds * 1e6:.0f}us"


def numbers(value: Any) -> str:
    """Format a metric, or in brackets the numbers that it is."""
    if isinstance(value, np.ndarray):
        return f"[{' '.join(map(number, cast('list[float]', value.tolist())))}]"
    return number(value)


def measures(logs: Mapping[str, Any]) -> str:
    """Format the losses and metrics of a line, those of the validation last."""
    ordered = sorted(logs, key=lambda key: (key.startswith("val_"), key))
    return "".join(f" - {key}: {numbers(logs[key])}" for key in ordered)


class Display:
    """Prints epochs as they end.

    Parameters
    ----------
    verbose : {0, 1, 2}
        Nothing, a bar, or one plain line an epoch.
    epochs : int
        How many there will be; "Epoch 1/2" is printed if more than one.
    steps : int
        Steps of an epoch.
    stream : text file, optional
        Default: standard output.

    Examples
    --------
    >>> display = Display(2, epochs=2, steps=1)
    >>> display.epoch(0, {"loss": 29.412}, 0.04)
    >>> display.close()
    Epoch 1/2
    1/1 - 0s - 40ms/step - loss: 29.4120
    """

    def __init__(
        self, verbose: int, *, epochs: int, steps: int, stream: TextIO | None = None
    ) -> None:
        self._verbose = verbose
        self._epochs = epochs
        self._steps = max(steps, 1)
        self._stream = sys.stdout if stream is None else stream
        self._lines: list[str] = []
        self._written = time.monotonic()
        self.repaints = verbose == 1 and self._stream.isatty()
        self._colours = self.repaints and not os.environ.get("NO_COLOR")
        self._painted_epoch = -1
        self._unfinished = False

    def epoch(self, epoch: int, logs: Mapping[str, Any], seconds: float) -> None:
        """Take the end of an epoch, counted from 0, which took `seconds`."""
        if not self._verbose:
            return
        if self._epochs > 1 and self._painted_epoch != epoch:
            self._lines.append(f"Epoch {epoch + 1}/{self._epochs}\n")
        self._lines.append(self._final(logs, seconds))
        self._unfinished = False
        if time.monotonic() - self._written >= _REPAINT_SECONDS:
            self.flush()

    def running(self, epoch: int, step: int, loss: float, seconds: float) -> None:
        """Repaint the bar of an epoch that has run for `seconds`."""
        if not self.repaints or step < 1 or time.monotonic() - self._written < _REPAINT_SECONDS:
            return
        if self._painted_epoch != epoch and self._epochs > 1:
            self._lines.append(f"Epoch {epoch + 1}/{self._epochs}\n")
        self._painted_epoch, self._unfinished = epoch, True
        each = seconds / step
        left = each * (self._steps - step)
        self._lines.append(
            f"\r{self._counter(step)} {self._bar(step)} {self._styled(f'{left:.0f}s', 1)} "
            f"{duration(each)}/step - loss: {number(loss)}\x1b[K"
        )
        self.flush()

    def flush(self) -> None:
        """Write what has been collected."""
        if self._lines:
            self._stream.write("".join(self._lines))
            self._stream.flush()
            self._lines.clear()
        self._written = time.monotonic()

    def close(self) -> None:
        """Write what is left, below a bar that was not finished."""
        if self._unfinished:
            self._lines.append("\n")
            self._unfinished = False
        self.flush()

    def _final(self, logs: Mapping[str, Any], seconds: float) -> str:
        """Build the line of an epoch that has ended."""
        each = duration(seconds / self._steps)
        counter, values = self._counter(self._steps), measures(logs)
        if self._verbose == 2:
            return f"{counter} - {seconds:.0f}s - {each}/step{values}\n"
        if self.repaints:
            bar = self._bar(self._steps)
            total = self._styled(f"{seconds:.0f}s", 1)
            return f"\r{counter} {bar} {total} {each}/step{values}\x1b[K\n"
        return f"{counter} {'━' * _BAR} {seconds:.0f}s {each}/step{values}\n"

    def _counter(self, step: int) -> str:
        """Build '12/157'; bold where a bar is painted."""
        text = f"{step:>{len(str(self._steps))}}/{self._steps}"
        return self._styled(text, 1)

    def _bar(self, step: int) -> str:
        """Build the bar, green as far as the epoch has come."""
        done = _BAR * step // self._steps
        if not self._colours:  # without a colour, only the length can say how far
            return "━" * done + " " * (_BAR - done)
        return self._styled("━" * done, 32) + self._styled("━" * (_BAR - done), 37)

    def _styled(self, text: str, style: int) -> str:
        """Set text in a style of the terminal, if it is to have any."""
        return f"\x1b[{style}m{text}\x1b[0m" if self._colours else text
