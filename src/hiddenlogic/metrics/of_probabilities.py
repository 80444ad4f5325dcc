"""The classes of the cross-entropies as metrics, by Keras's names.

They measure the log-loss itself, without penalties, and without the loss's own smoothing.
"""

from __future__ import annotations

from hiddenlogic.errors import RangeError
from hiddenlogic.metrics.metric import Metric
from hiddenlogic.registry import explains_arguments


def _check_axis(axis: object, owner: str) -> None:
    """Refuse an axis that is not that of the outputs."""
    if isinstance(axis, bool) or axis not in (-1, 1):
        raise RangeError(f"`axis` of {owner} must be -1 or 1, the outputs of a row; got {axis!r}.")


@explains_arguments()
class BinaryCrossentropy(Metric):
    """The log-loss of labels 0 and 1: scikit-learn's log_loss.

    Probabilities are kept off 0 and 1 by the spacing of the dtype's numbers at 1, as there.

    Parameters
    ----------
    name : str, optional
        The key in the history.
    from_logits : bool
        The loss says whether outputs are logits; True (default False) beside one that takes them
        for probabilities is refused.
    label_smoothing : float
        From 0 to 1: the share of each target that is replaced by 1/2. Default 0, whatever the
        loss's is.
    """

    def __init__(
        self, name: str | None = None, from_logits: bool = False, label_smoothing: float = 0.0
    ) -> None:
        super().__init__(
            "binary_crossentropy", name, from_logits=from_logits, label_smoothing=label_smoothing
        )


@explains_arguments()
class CategoricalCrossentropy(Metric):
    """The log-loss of one-hot targets; as `BinaryCrossentropy`.

    Parameters
    ----------
    name : str, optional
        The key in the history.
    from_logits : bool
        As of `BinaryCrossentropy`.
    label_smoothing : float
        From 0 to 1: the share of each target that is spread evenly over all classes. Default 0.
    axis : {-1, 1}
        That of the outputs; there is no other.
    """

    def __init__(
        self,
        name: str | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
    ) -> None:
        _check_axis(axis, "CategoricalCrossentropy")
        super().__init__(
            "categorical_crossentropy",
            name,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


@explains_arguments()
class SparseCategoricalCrossentropy(Metric):
    """The log-loss of targets that are the index of the class; as `BinaryCrossentropy`.

    Parameters
    ----------
    name : str, optional
        The key in the history.
    from_logits : bool
        As of `BinaryCrossentropy`.
    axis : {-1, 1}
        That of the outputs; there is no other.
    """

    def __init__(self, name: str | None = None, from_logits: bool = False, axis: int = -1) -> None:
        _check_axis(axis, "SparseCategoricalCrossentropy")
        super().__init__("sparse_categorical_crossentropy", name, from_logits=from_logits)
