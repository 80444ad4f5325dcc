"""A search as it runs, on a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from hiddenlogic.report.progress import line
from hiddenlogic.report.text_table import number, seconds
from hiddenlogic.search.events import Event, NetworkTrained, Note, Stage, Tick


class LiveProgress:
    """A block that is redrawn in place and gone when the search ends.

    A thread of rich redraws it eight times a second, so the spinner turns while a file is read.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stage = "Starting"
        self._tick: Tick | None = None
        self._spinner = Spinner("dots")
        # Console honours NO_COLOR by itself.
        self._live = Live(
            console=Console(file=stream),
            get_renderable=self._render,
            refresh_per_second=8,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> LiveProgress:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def __call__(self, event: Event) -> None:
        """Take an event in; what must not be missed is printed above the block."""
        match event:
            case Stage():
                self._stage = event.text
            case Tick():
                self._tick = event
            case NetworkTrained():
                pass
            case Note():
                self._live.console.print(Text(line(event)))
            case _:
                self._live.console.print(Text(line(event), style="yellow"))

    def _render(self) -> RenderableType:
        """The block as it stands."""
        self._spinner.update(text=Text(f"{self._stage} …"))
        tick = self._tick
        if tick is None:
            return self._spinner
        left = max(tick.budget - tick.seconds, 0.0)
        bar = Table.grid(padding=(0, 1))
        bar.add_row(
            ProgressBar(total=tick.budget, completed=min(tick.seconds, tick.budget), width=30),
            f"{seconds(tick.seconds)} of {seconds(tick.budget)}, {seconds(left)} left",
        )
        counts = Text(f"  {tick.networks} networks, {tick.networks_per_second:.1f} a second")
        if tick.best:
            counts.append(f"; best {tick.best}: ")
            counts.append(f"{tick.measure} {number(tick.score)}", style="bold green")
        training = Text(f"  training {', '.join(tick.training)}" if tick.training else "", "dim")
        return Group(self._spinner, bar, counts, training)
