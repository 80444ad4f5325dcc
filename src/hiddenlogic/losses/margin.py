"""Losses of labels that want a lead of 1 and no more."""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic.losses.loss import Loss
from hiddenlogic.losses.row import LossRow
from hiddenlogic.registry import explains_arguments


@explains_arguments()
@dataclass(frozen=True, repr=False)
class Hinge(Loss):
    """mean(max(1 - t * y, 0)) of labels -1 and 1; 0 and 1 are taken as these."""

    row = LossRow(
        name="hinge",
        aliases=(),
        parameters=(),
        output="",
        suits="linear",
        task="sign",
        formula="mean(max(1 - t * y, 0))",
        keras="Hinge",
        torch="",
        source="Cortes and Vapnik (1995), doi:10.1007/BF00994018",
    )


@explains_arguments()
@dataclass(frozen=True, repr=False)
class SquaredHinge(Loss):
    """mean(max(1 - t * y, 0)**2) of labels -1 and 1; 0 and 1 are taken as these."""

    row = LossRow(
        name="squared_hinge",
        aliases=(),
        parameters=(),
        output="",
        suits="linear",
        task="sign",
        formula="mean(max(1 - t * y, 0)**2)",
        keras="SquaredHinge",
        torch="",
        source="Cortes and Vapnik (1995), doi:10.1007/BF00994018, with squares",
    )


@explains_arguments()
@dataclass(frozen=True, repr=False)
class CategoricalHinge(Loss):
    """How far the right class is from a lead of 1: max(other - right + 1, 0), one-hot targets."""

    row = LossRow(
        name="categorical_hinge",
        aliases=(),
        parameters=(),
        output="",
        suits="linear",
        task="multiclass",
        formula="max(max((1 - t) * y) - sum(t * y) + 1, 0), t one-hot",
        keras="CategoricalHinge",
        torch="",
        source="Crammer and Singer (2001), JMLR 2",
    )


LOSSES = (Hinge, SquaredHinge, CategoricalHinge)
