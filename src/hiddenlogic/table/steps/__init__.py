"""What is done to each column, one fitted step a column: a small frozen class for each kind."""

from hiddenlogic.table.steps.boolean import BooleanStep
from hiddenlogic.table.steps.category import CategoryStep
from hiddenlogic.table.steps.choice import fit_category
from hiddenlogic.table.steps.date import DateStep
from hiddenlogic.table.steps.embedded import EmbeddedStep
from hiddenlogic.table.steps.number import NumberStep
from hiddenlogic.table.steps.step import Step

__all__ = [
    "BooleanStep",
    "CategoryStep",
    "DateStep",
    "EmbeddedStep",
    "NumberStep",
    "Step",
    "fit_category",
]
