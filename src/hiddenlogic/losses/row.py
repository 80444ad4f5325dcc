"""What one row of the losses holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hiddenlogic.registry import Parameter

# What a target may be: any number; a number of at least 0; a label, -1 or 1 (0 and 1 become these);
# a share between 0 and 1; such a share of yes and no; shares of classes, or the index of one.
Task = Literal["regression", "count", "sign", "share", "binary", "multiclass"]


@dataclass(frozen=True)
class LossRow:
    """All that is known of a loss of one row, with t the target and y the output.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers.
    output : str
        The activation of the last layer that a cross-entropy is fused with: of its pre-activation z
        the loss is exact. Empty where there is none; with one the loss takes `from_logits`.
    suits : str
        An activation of the last layer that gives what the formula takes.
    task : {"regression", "count", "sign", "share", "binary", "multiclass"}
        What targets it is for.
    formula : str
        l_i.
    keras, torch, source : str
        What the neighbours call it, and where the formula stands.
    flags : tuple of str
        Its settings that are True or False.
    several : Parameter or None
        The setting that is one number or several.
    outputs_per_target : int
        Outputs that a target needs, side by side; 0 stands for one for each number of `several`.
    is_sparse : bool
        Whether the target is the index of a class, in one column.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    output: str
    suits: str
    task: Task
    formula: str
    keras: str
    torch: str
    source: str
    flags: tuple[str, ...] = ()
    several: Parameter | None = None
    outputs_per_target: int = 1
    is_sparse: bool = False
