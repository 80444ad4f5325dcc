"""Many networks, one a thread, within a hard budget of time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hiddenlogic import engine
from hiddenlogic.errors import DivergenceError
from hiddenlogic.search.candidate import Setup, Trial
from hiddenlogic.search.events import (
    Interrupted,
    Listener,
    NetworkFailed,
    NetworkTrained,
    Tick,
    ignore,
)
from hiddenlogic.search.interrupt import Interrupt
from hiddenlogic.search.portfolio import first_round, next_round
from hiddenlogic.search.problem import Problem
from hiddenlogic.search.trainer import StoppedEarly, train

_TICK = 0.2
# The first round may take this share of the time: structures that did not finish can go on later.
_FIRST_ROUND = 0.5
# And each variation this share of what is left, but at least this many seconds.
_VARIATION, _LEAST_SECONDS = 0.25, 1.0


@dataclass(frozen=True)
class Climb:
    """What a search found.

    Parameters
    ----------
    trials : list of Trial
        In the order in which they ended.
    failures : list of NetworkFailed
    interrupted : bool
    seconds : float
    """

    trials: list[Trial]
    failures: list[NetworkFailed]
    interrupted: bool
    seconds: float


@dataclass(frozen=True)
class _Job:
    """A setup to train, from weights if it was begun before, for at most so many seconds."""

    setup: Setup
    seconds: float
    weights: list[NDArray[np.float32]] | None = None


@dataclass
class _Climber:
    """The state of one search; only its own thread touches it."""

    problem: Problem
    started: float
    budget: float
    deadline: float
    interrupt: Interrupt
    listener: Listener
    trials: list[Trial] = field(default_factory=list[Trial])
    failures: list[NetworkFailed] = field(default_factory=list[NetworkFailed])
    tried: list[Setup] = field(default_factory=list[Setup])
    continued: list[Trial] = field(default_factory=list[Trial])
    running: dict[Future[Trial], Setup] = field(default_factory=dict[Future[Trial], Setup])

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.perf_counter()

    @property
    def ended(self) -> bool:
        """Whether nothing new may begin."""
        return self.left <= 0 or self.interrupt.requested

    def run(self, jobs: Sequence[_Job], n_threads: int, more: Callable[[], _Job | None]) -> None:
        """Train these jobs and then whatever `more` returns, until that is nothing."""
        queue = deque(jobs)
        with ThreadPoolExecutor(n_threads, thread_name_prefix="hiddenlogic-search") as pool:
            try:
                while True:
                    while len(self.running) < n_threads and not self.ended:
                        job = queue.popleft() if queue else more()
                        if job is None:
                            break
                        self.tried.append(job.setup)
                        self.running[pool.submit(self._train, job)] = job.setup
                    if not self.running:
                        return
                    done, _ = wait(self.running, timeout=_TICK, return_when=FIRST_COMPLETED)
                    for future in done:
                        self._collect(future, self.running.pop(future))
                    self._tick()
            except BaseException:
                # Otherwise the pool would wait for its networks until the time is over.
                self.interrupt.request()
                raise

    def follow_up(self) -> _Job | None:
        """Go on with one of the best two if it had too little time, else vary the best."""
        ranked = sorted(self.trials, key=lambda trial: trial.loss)
        for trial in ranked[:2]:
            if not trial.complete and trial not in self.continued:
                self.continued.append(trial)
                return _Job(trial.setup, self.left, trial.weights)
        if not ranked:
            return None
        setups = next_round(ranked, self.tried, 1)
        # A network that learns slowly must not take all that is left.
        seconds = max(self.left * _VARIATION, _LEAST_SECONDS)
        return _Job(setups[0], seconds) if setups else None

    def _train(self, job: _Job) -> Trial:
        """One job, on a thread of the pool; its time begins when it begins."""
        now = time.perf_counter()
        return train(
            self.problem,
            job.setup,
            deadline=min(now + job.seconds, self.deadline),
            interrupt=self.interrupt,
            weights=job.weights,
        )

    def _collect(self, future: Future[Trial], setup: Setup) -> None:
        """A network that ended, well or not; what fails costs itself only."""
        try:
            trial = future.result()
        except StoppedEarly:
            return
        except (DivergenceError, MemoryError) as error:
            failure = NetworkFailed(setup.structure, str(error) or "it needs too much memory.")
            self.failures.append(failure)
            self.listener(failure)
            return
        best = all(trial.loss < other.loss for other in self.trials)
        self.trials.append(trial)
        self.listener(
            NetworkTrained(
                structure=setup.structure,
                measure=self.problem.measure,
                score=self.problem.score(trial.validation_losses),
                parameters=trial.network.n_parameters,
                epochs=trial.epochs,
                seconds=trial.seconds,
                best=best,
            )
        )

    def _tick(self) -> None:
        """Tell where the search stands."""
        seconds = time.perf_counter() - self.started
        best = min(self.trials, key=lambda trial: trial.loss, default=None)
        self.listener(
            Tick(
                seconds=seconds,
                budget=self.budget,
                networks=len(self.trials),
                networks_per_second=len(self.trials) / max(seconds, 1e-9),
                training=tuple(setup.structure for setup in self.running.values()),
                best=best.setup.structure if best else "",
                measure=self.problem.measure,
                score=self.problem.score(best.validation_losses) if best else float("nan"),
            )
        )


def climb(
    problem: Problem,
    *,
    seconds: float,
    reserve: float = 0.0,
    seed: int = 0,
    n_threads: int | None = None,
    interrupt: Interrupt | None = None,
    listener: Listener = ignore,
    started: float | None = None,
) -> Climb:
    """Train the straight line and the ladder of structures, then variations of the best.

    Parameters
    ----------
    problem : Problem
    seconds : float
        The budget; every network stops in time.
    reserve : float
        What of it is left for scoring and saving.
    seed : int
        Of the first networks; repetitions count up from it.
    n_threads : int, optional
        Networks at a time; as many as cores this process may use if not given.
    interrupt : Interrupt, optional
        When requested, every network stops within 0.1 s and is kept with its best weights.
    listener : callable
        Gets the events, in this thread, a `Tick` at least every 0.2 s.
    started : float, optional
        When the budget began, on the clock of `time.perf_counter`; now if not given.

    Returns
    -------
    Climb
        Its trials may be none if the time was too short.

    Notes
    -----
    Networks whose time ran out go on before new ones begin, if one of them is the best.
    """
    n_threads = engine.default_threads(n_threads)
    started = time.perf_counter() if started is None else started
    climber = _Climber(
        problem=problem,
        started=started,
        budget=seconds,
        deadline=started + seconds - reserve,
        interrupt=interrupt or Interrupt(),
        listener=listener,
    )
    setups = first_round(problem, seed)
    share = _FIRST_ROUND * climber.left * min(n_threads, len(setups)) / len(setups)
    climber.run([_Job(setup, share) for setup in setups], n_threads, climber.follow_up)
    if climber.interrupt.requested:
        listener(Interrupted())
    return Climb(
        climber.trials,
        climber.failures,
        climber.interrupt.requested,
        time.perf_counter() - climber.started,
    )
