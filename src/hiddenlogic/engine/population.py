"""Many networks at once, one a thread: what search, folds and ensembles stand on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from time import perf_counter

from hiddenlogic.engine import _core
from hiddenlogic.engine.member import Member
from hiddenlogic.engine.run import Run
from hiddenlogic.engine.threads import default_threads
from hiddenlogic.errors import ShapeError
from hiddenlogic.registry import check_count


@dataclass(frozen=True)
class PopulationProgress:
    """How far a call of `train_many` has come.

    Attributes
    ----------
    members_done, members : int
        Those that are through with this call, and all that it trains.
    epochs_done, epochs : int
        Of all members together; what a member that ended early leaves out is not counted.
    best : float or None
        The lowest loss so far of an epoch in this call, on the validation rows of members that
        have some. It compares only members of the same loss and the same rows.
    best_member : int or None
        The place in `members` of the one that reached it.
    seconds : float
        Since the call began.
    """

    members_done: int
    members: int
    epochs_done: int
    epochs: int
    best: float | None
    best_member: int | None
    seconds: float

    @property
    def epochs_per_second(self) -> float:
        """Epochs of all members together, per second of this call."""
        return self.epochs_done / self.seconds if self.seconds > 0 else 0.0


def train_many(
    members: Sequence[Member],
    *,
    epochs: int | Sequence[int] = 1,
    n_threads: int | None = None,
    seconds: float | None = None,
    on_progress: Callable[[PopulationProgress], bool | None] | None = None,
) -> list[Run]:
    """Train each member some epochs more, one a thread.

    A thread that is free takes the next member, the longest first. The bits are those of training
    each alone with `Trainer.fit` on its rows, on any number of threads. Members that have stopped
    early or diverged are passed over; one that diverges does not stop the others.

    Parameters
    ----------
    members : sequence of Member
        Of any shapes, settings and data; each once.
    epochs : int or sequence of int
        At least 1; for all, or one number a member.
    n_threads : int, optional
        At most this many; default every core this process may use.
    seconds : float, optional
        When they are over, each member stops in the middle of its epoch.
    on_progress : callable, optional
        Called at most 20 times a second, on the calling thread; True stops all. It must leave the
        members alone.

    Returns
    -------
    list of Run
        Of each member, over all calls. A member that the call had no time for has the status
        'out_of_time' ('stopped', 'interrupted') too.

    Raises
    ------
    RangeError, ShapeError
        If `epochs` is not such a number, or not as many as members.
    StateError
        If a member is given twice, or is in training in another thread.
    KeyboardInterrupt
        On Ctrl-C, which stops all within a tenth of a second or a step; members keep what they
        have reached.

    Examples
    --------
    >>> import numpy as np
    >>> from hiddenlogic import layers, losses, optimizers
    >>> from hiddenlogic.engine import Dataset
    >>> from hiddenlogic.network import Network
    >>> x = np.linspace(-1, 1, 60)[:, None]
    >>> data = Dataset(x, 2 * x + 3)
    >>> folds = np.arange(60) % 3
    >>> members = [
    ...     Member(
    ...         Network.sequential(1, [layers.Dense(1)]),
    ...         data,
    ...         loss=losses.get("mse"),
    ...         optimizer=optimizers.SGD(0.1),
    ...         validation_rows=np.flatnonzero(folds == fold),
    ...     )
    ...     for fold in range(3)
    ... ]
    >>> [run.epochs for run in train_many(members, epochs=100)]
    [100, 100, 100]
    >>> [run.history["val_loss"][-1] < 1e-6 for run in train_many(members, epochs=100)]
    [True, True, True]
    """
    members = list(members)
    counts = _counts(epochs, len(members))
    with ExitStack() as training:
        jobs = [
            place
            for place, member in enumerate(members)
            if training.enter_context(member.in_training(place))
        ]
        threads = max(1, min(default_threads(n_threads), len(jobs)))
        raised = _core.train_many(
            [(members[place].core, counts[place]) for place in jobs],
            threads=threads,
            seconds=math.inf if seconds is None else float(seconds),
            on_progress=None if on_progress is None else _listener(on_progress, jobs),
        )
    if raised is not None:
        raise raised
    return [member.run for member in members]


def _counts(epochs: int | Sequence[int], members: int) -> list[int]:
    """Return the epochs of each member."""
    if not isinstance(epochs, Sequence):
        return [check_count(epochs, "`epochs`")] * members
    if len(epochs) != members:
        raise ShapeError(
            f"`epochs` must be one number, or one for each of the {members} members; "
            f"got {len(epochs)} numbers."
        )
    return [check_count(count, "Each of `epochs`") for count in epochs]


def _listener(
    on_progress: Callable[[PopulationProgress], bool | None], jobs: list[int]
) -> Callable[[int, int, int, int, float], bool]:
    """Return what the core calls; `jobs` are the places of the members that it trains."""
    begun = perf_counter()

    def heard(done: int, epochs_done: int, epochs: int, best_job: int, best: float) -> bool:
        known = best_job >= 0
        progress = PopulationProgress(
            members_done=done,
            members=len(jobs),
            epochs_done=epochs_done,
            epochs=epochs,
            best=best if known else None,
            best_member=jobs[best_job] if known else None,
            seconds=perf_counter() - begun,
        )
        return bool(on_progress(progress))

    return heard
