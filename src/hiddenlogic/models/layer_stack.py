"""The layers of a Sequential, in order, each with a name of its own."""

from __future__ import annotations

from hiddenlogic.errors import ShapeError, StateError
from hiddenlogic.layers import Dense, Input, Layer
from hiddenlogic.layers.names import names_of


class LayerStack:
    """Layers from input to output and, if it is known, the number of features of a row."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.width: int | None = None

    def add(self, layer: object) -> None:
        """Put a layer on top.

        Raises
        ------
        ShapeError
            If an Input does not come first.
        StateError
            If it is no layer, or belongs to a model already.
        """
        if not isinstance(layer, Layer):
            example = " Write Dense(8), not Dense." if isinstance(layer, type) else ""
            raise StateError(
                f"A Sequential must be made of layers (Input, Dense, Activation, Dropout); "
                f"got {layer!r}.{example}"
            )
        if isinstance(layer, Input):
            if self.layers or self.width is not None:
                raise ShapeError("An Input must be the first layer of a Sequential, and only once.")
            self.width = layer.units
            return
        label = f"Layer {len(self.layers) + 1} ({type(layer).__name__})"
        if layer.has_weights and (layer.is_bound or any(layer is one for one in self.layers)):
            raise StateError(
                f"{label} is already part of a Sequential. Each layer has weights of its own: "
                f"make a new {type(layer).__name__}."
            )
        if isinstance(layer, Dense) and layer.input_shape is not None and not self.layers:
            (declared,) = layer.input_shape if isinstance(layer.input_shape, tuple) else (None,)
            if self.width not in (None, declared):
                raise ShapeError(
                    f"`input_shape` of layer 1 (Dense) must be ({self.width},), as its Input says; "
                    f"got {layer.input_shape!r}. Leave it out."
                )
            self.width = declared
        name = getattr(layer, "name", None)
        if name is not None and name in self.names():
            raise StateError(
                f"The layers of a Sequential must have different names; {name!r} is there twice."
            )
        self.layers.append(layer)

    def pop(self) -> Layer:
        """Take the last layer away, and the width with it if that layer had brought it."""
        layer = self.layers.pop()
        if not self.layers and getattr(layer, "input_shape", None) is not None:
            self.width = None
        return layer

    def names(self) -> list[str]:
        """Return the name of each layer: its own, or dense, dense_1, … by kind."""
        return names_of(self.layers)
