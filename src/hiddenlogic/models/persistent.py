"""Models in files, in pickles and as copies."""

from __future__ import annotations

import os
from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hiddenlogic.callbacks import History
from hiddenlogic.errors import StateError
from hiddenlogic.models import stored
from hiddenlogic.models.stored import Parts
from hiddenlogic.models.trainable import Predicted, TrainableModel
from hiddenlogic.network import Network, Node

if TYPE_CHECKING:
    from typing import Self


class PersistentModel(TrainableModel[Predicted]):
    """Base of the models that outlive the program: all is kept but the optimizer's state."""

    # What the receipt of a file calls it.
    _kind: ClassVar[str] = "model"

    def save(self, filepath: str | os.PathLike[str], overwrite: bool = True) -> None:
        """Write layers, weights, compilation and history to one safetensors file, atomically.

        The state of the optimizer is not kept: training after `load` starts it afresh.

        Parameters
        ----------
        filepath : path-like
        overwrite : bool
            Whether a file that is there may be replaced. Default True, as in Keras.

        Raises
        ------
        StateError
            If the model is not built, or the file is there and may not be replaced.
        FormatError
            If the file cannot be written, or its name promises a format of Keras.
        """
        from hiddenlogic.formats.safetensors import write

        stored.check_name(filepath)
        if not overwrite and Path(filepath).exists():
            raise StateError(f"`{os.fspath(filepath)}` exists. Pass overwrite=True to replace it.")
        write(filepath, stored.snapshot(self.network, self.__getstate__(), self._kind))

    @classmethod
    def load(cls, filepath: str | os.PathLike[str]) -> Self:
        """Return the model that `save` wrote; it predicts the same bits.

        Raises
        ------
        FormatError
            If the file is missing, foreign, truncated, or holds another kind of model.
        """
        from hiddenlogic.formats.safetensors import read

        path = os.fspath(filepath)
        found = read(filepath)
        cls._check_network(found.network, path)
        model = cls.__new__(cls)
        model.__setstate__(stored.parts(found, path))
        return model

    def __getstate__(self) -> Parts:
        """Copy and pickle what `save` keeps: a copy starts the optimizer afresh."""
        return Parts(
            nodes=self._nodes(),
            outputs=self._network.outputs if self._network is not None else (),
            weights=self.get_weights() if self.built else [],
            compilation=self._compilation,
            history={} if self.history is None else self.history.history,
            name=self.name,
            seed=self.seed,
            dtype=self.dtype,
        )

    def __setstate__(self, parts: Parts) -> None:
        """Put the model together again."""
        self._rebuild(parts)
        if self.built:
            self.set_weights(parts.weights)
        self._compilation = parts.compilation
        if parts.history:
            self.history = History()
            self.history.set_model(self)
            self.history.record(parts.history)

    @abstractmethod
    def _nodes(self) -> tuple[Node, ...]:
        """Return the nodes, with copies of the layers that belong to no model."""

    @abstractmethod
    def _rebuild(self, parts: Parts) -> None:
        """Become a new model with the layers of `parts`."""

    @classmethod
    @abstractmethod
    def _check_network(cls, network: Network, path: str) -> None:
        """Refuse the network of a file that no such model has."""
