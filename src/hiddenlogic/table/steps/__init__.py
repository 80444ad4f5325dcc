"""What is done to each column, one fitted step a column: a small frozen class for each way."""

from hiddenlogic.table.steps.boolean import BooleanStep
from hiddenlogic.table.steps.calendar import CalendarStep
from hiddenlogic.table.steps.category import CategoryStep
from hiddenlogic.table.steps.clock import ClockStep
from hiddenlogic.table.steps.date import DateStep
from hiddenlogic.table.steps.duration import DurationStep
from hiddenlogic.table.steps.embedded import EmbeddedStep
from hiddenlogic.table.steps.hashed import HashedStep
from hiddenlogic.table.steps.number import NumberStep
from hiddenlogic.table.steps.step import Step

__all__ = [
    "BooleanStep",
    "CalendarStep",
    "CategoryStep",
    "ClockStep",
    "DateStep",
    "DurationStep",
    "EmbeddedStep",
    "HashedStep",
    "NumberStep",
    "Step",
]
