"""The values of every schedule that Keras has, beside Keras's own."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from reference import schedules as reference
from schedule_examples import SCHEDULES

from hiddenlogic.engine.scheduled import core_schedule

keras = pytest.importorskip("keras", reason="needs Keras and PyTorch: make interop")

STEPS = np.arange(31)


def keras_form(schedule):
    return getattr(keras.optimizers.schedules, schedule.row.keras)(**schedule.get_config())


@pytest.mark.parametrize("schedule", [one for one in SCHEDULES if one.row.keras], ids=repr)
def test_every_schedule_has_the_values_of_keras(schedule):
    theirs = keras_form(schedule)
    due = np.array([float(theirs(int(step))) for step in STEPS])
    exact = np.array([reference.rate(schedule, int(step)) for step in STEPS])
    # Keras computes it in float32, a handful of operations with numbers up to the highest rate; and
    # what is raised to a power, which is the step at most, takes its rounding so many times.
    unit = tolerances.UNIT["float32"]
    operations = [tolerances.scheduled(schedule, step, rate) for step, rate in enumerate(exact)]
    bound = np.array(operations) / tolerances.UNIT["float64"] * unit + STEPS * unit * exact
    assert (abs(due - exact) <= bound).all()
    core = core_schedule(schedule)
    assert (abs(due - [core.value(int(step)) for step in STEPS]) <= bound).all()
    late = np.array([float(theirs(int(step) + 1)) for step in STEPS])
    assert (abs(late - exact) > bound).any()
