"""Everything that a file holds of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

if TYPE_CHECKING:
    from hiddenlogic.network import Network
    from hiddenlogic.table import Preparation, Schema, TargetPreparation


@dataclass(frozen=True)
class Snapshot:
    """A trained network with all that is needed to use it and to know where it comes from.

    Parameters
    ----------
    network : Network
    weights : sequence of ndarray
        In the order and the shapes of ``network.parameters``: kernel [in, units], bias [units].
    schema : Schema or None
        The columns of the table; None for a network trained on arrays, as the next two.
    preparation : Preparation or None
        From columns to the network's inputs.
    target : TargetPreparation or None
        From the network's outputs to the target's units or classes.
    compile : dict or None
        Loss, optimizer and metrics as plain data.
    history : mapping of str to sequence of float or ndarray
        One value an epoch, by name: ``loss``, ``val_loss``, …
    receipt : dict
        Where the model comes from, as plain data: seed, versions, fingerprint of the table, scores.
    dtype : {"float32", "float64"}
        In which the network computes and its weights are stored.
    """

    network: Network
    weights: Sequence[NDArray[Any]]
    schema: Schema | None = None
    preparation: Preparation | None = None
    target: TargetPreparation | None = None
    compile: dict[str, Any] | None = None
    history: Mapping[str, Sequence[Any]] = field(default_factory=dict[str, list[Any]])
    receipt: Mapping[str, Any] = field(default_factory=dict[str, Any])
    dtype: str = "float32"
