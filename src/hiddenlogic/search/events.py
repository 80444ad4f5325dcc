"""What a search tells while it runs; who listens decides what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A new part of the work begins.

    Parameters
    ----------
    text : str
        "Reading housing.csv".
    """

    text: str


@dataclass(frozen=True)
class Note:
    """Something that was found out or decided about the table.

    Parameters
    ----------
    text : str
        "town is a category because it holds 2 different texts (--kind town=ignore)".
    """

    text: str


@dataclass(frozen=True)
class NetworkTrained:
    """One network is ready.

    Parameters
    ----------
    structure : str
        Its hidden layers, "[64, 64]".
    measure : str
        What `score` is: "RMSE" or "log-loss".
    score : float
        On the validation rows; RMSE in units of the target.
    parameters, epochs : int
    seconds : float
    best : bool
        Whether no network before it scored better.
    """

    structure: str
    measure: str
    score: float
    parameters: int
    epochs: int
    seconds: float
    best: bool


@dataclass(frozen=True)
class NetworkFailed:
    """One network was given up; the search goes on.

    Parameters
    ----------
    structure : str
    reason : str
        One sentence.
    """

    structure: str
    reason: str


@dataclass(frozen=True)
class Tick:
    """Where the search stands, a few times a second.

    Parameters
    ----------
    seconds, budget : float
        Since the start, and in all.
    networks : int
        Trained so far.
    networks_per_second : float
    training : tuple of str
        Structures being trained now.
    best : str
        Structure of the best network, empty before the first.
    measure : str
    score : float
        Of the best network on the validation rows; NaN before the first.
    """

    seconds: float
    budget: float
    networks: int
    networks_per_second: float
    training: tuple[str, ...]
    best: str
    measure: str
    score: float


@dataclass(frozen=True)
class Interrupted:
    """Ctrl-C was noticed; the best network so far is kept."""


Event = Stage | Note | NetworkTrained | NetworkFailed | Tick | Interrupted
Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Listen to nothing."""
