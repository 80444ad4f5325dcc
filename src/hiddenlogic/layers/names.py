"""The names of the layers of a network."""

from __future__ import annotations

import re
from collections.abc import Iterable


def names_of(layers: Iterable[object]) -> list[str]:
    """Return the name of each layer: its own, or dense, dense_1, … by kind."""
    layers = list(layers)
    taken = {name for one in layers if (name := getattr(one, "name", None))}
    names: list[str] = []
    for layer in layers:
        name = getattr(layer, "name", None)
        if name is None:
            kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(layer).__name__).lower()
            count = 0
            while (name := f"{kind}_{count}" if count else kind) in taken:
                count += 1
            taken.add(name)
        names.append(name)
    return names
