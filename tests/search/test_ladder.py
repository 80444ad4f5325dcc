"""The ladder, within its time."""

import time

from hiddenlogic.search.candidate import STRAIGHT_LINE, Setup, smallest_good
from hiddenlogic.search.events import (
    Event,
    Interrupted,
    NetworkFailed,
    NetworkTrained,
    Tick,
    ignore,
)
from hiddenlogic.search.interrupt import Interrupt
from hiddenlogic.search.ladder import _Climber, _Job, climb
from hiddenlogic.search.problem import Problem


def test_every_rung_is_tried(problem: Problem):
    found = climb(problem, seconds=2.0, n_threads=2)
    hidden = {trial.setup.hidden for trial in found.trials}
    assert hidden >= {(), (8,), (32,), (64, 64), (128, 128, 128)}
    assert not found.interrupted
    assert found.failures == []


def test_bent_data_get_a_network_and_straight_data_a_line(bent: Problem, straight: Problem):
    assert smallest_good(climb(bent, seconds=1.5).trials).setup.hidden != ()
    assert smallest_good(climb(straight, seconds=1.0).trials).setup.structure == STRAIGHT_LINE


def test_events_come_in_the_calling_thread_and_in_order(bent: Problem):
    events: list[Event] = []
    found = climb(bent, seconds=1.0, n_threads=2, listener=events.append)
    trained = [event for event in events if isinstance(event, NetworkTrained)]
    ticks = [event for event in events if isinstance(event, Tick)]
    assert len(trained) == len(found.trials) == ticks[-1].networks
    assert [tick.seconds for tick in ticks] == sorted(tick.seconds for tick in ticks)
    best = min(found.trials, key=lambda trial: trial.loss)
    assert ticks[-1].best == best.setup.structure
    assert ticks[-1].score == bent.score(best.validation_losses)
    assert [event.best for event in trained].count(True) >= 1


def test_an_interrupt_keeps_what_there_is(bent: Problem):
    interrupt = Interrupt()
    events: list[Event] = []

    def stop_after_two(event: Event) -> None:
        events.append(event)
        if sum(isinstance(one, NetworkTrained) for one in events) == 2:
            interrupt.request()

    found = climb(bent, seconds=600, n_threads=1, interrupt=interrupt, listener=stop_after_two)
    assert found.interrupted
    assert len(found.trials) >= 2
    assert isinstance(events[-1], Interrupted)


def test_a_network_that_diverges_costs_itself_only(bent: Problem):
    events: list[Event] = []
    now = time.perf_counter()
    climber = _Climber(bent, now, 60.0, now + 60.0, Interrupt(), events.append)
    good, bad = Setup((8,)), Setup((32,), "relu", learning_rate=1e30)
    climber.run([_Job(bad, 60.0), _Job(good, 60.0)], 2, lambda: None)
    assert [trial.setup for trial in climber.trials] == [good]
    (failure,) = climber.failures
    assert failure.structure == "[32]"
    assert failure.reason.startswith("Training diverged in epoch ")
    assert [event for event in events if isinstance(event, NetworkFailed)] == [failure]


def test_what_had_too_little_time_goes_on(bent: Problem):
    now = time.perf_counter()
    climber = _Climber(bent, now, 60.0, now + 60.0, Interrupt(), ignore)
    climber.run([_Job(Setup((128, 128, 128), batch_size=4), 0.05)], 1, lambda: None)
    (begun,) = climber.trials
    assert not begun.complete
    job = climber.follow_up()
    assert job is not None
    assert (job.setup, job.weights) == (begun.setup, begun.weights)
    climber.run([job], 1, lambda: None)
    assert climber.trials[1].complete
