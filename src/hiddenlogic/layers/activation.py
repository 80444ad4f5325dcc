"""Activations as layers of their own."""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic import activations
from hiddenlogic.layers.layer import Layer
from hiddenlogic.registry import explains_arguments


@explains_arguments()
@dataclass(frozen=True)
class Activation(Layer):
    """An activation as a layer of its own.

    Parameters
    ----------
    activation : str or Activation
        Its function.
    name : str, optional
        What summary() calls it.

    Examples
    --------
    >>> Activation("relu").function.name
    'relu'
    """

    activation: activations.ActivationSpec
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {"activation": activations.get(self.activation, "Activation")}

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        return activations.get(self.activation)
