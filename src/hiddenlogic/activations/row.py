"""What one row of the activations holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hiddenlogic.registry import Parameter


@dataclass(frozen=True)
class ActivationRow:
    """All that is known of an activation a = f(z), of which z is the pre-activation.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers, at most three, which the formulas call by their names.
    formula : str
        f(z).
    derivative : str
        f'(z), in terms of what `saves` names: z for "input", a for "output".
    saves : {"input", "output"}
        Which of the two a backward pass needs.
    keras, torch, onnx : str
        What the neighbours call it: a name in keras.activations, a class in torch.nn, an operator;
        empty where they have none.
    c : str
        A C expression of ``z`` and the parameters in double; empty where f couples the units of a
        layer.
    source : str
        Where it was defined.
    gates : bool
        Whether it makes one output of two units, of which the second half are gates.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    formula: str
    derivative: str
    saves: Literal["input", "output"]
    keras: str
    torch: str
    onnx: str
    c: str
    source: str
    gates: bool = False
