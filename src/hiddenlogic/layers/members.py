"""Several networks in one, the members: what tells them apart, around layers that they share.

From `Members`, or a `BatchEnsembleDense` with `members`, on, each row goes through all members;
every other layer between there and the output is shared by them and treats each as if it were
alone. A network that ends so predicts the mean of its members' outputs, while training minimises
the mean of their losses: each member learns as if it were alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hiddenlogic import activations, initializers, regularizers
from hiddenlogic.errors import ShapeError
from hiddenlogic.layers.member_layer import (
    UP_TO_ROOT,
    MemberLayer,
    check_chunks,
    checked_chunks,
    input_scale,
)
from hiddenlogic.layers.weight_spec import WeightSpec
from hiddenlogic.registry import check_count, check_flag, explains_arguments


@explains_arguments()
@dataclass(frozen=True)
class Members(MemberLayer):
    """Each row for each member, times numbers of that member's own: inputs * scale[i].

    Followed by shared layers and a `MemberDense`, it is TabM-mini.

    Parameters
    ----------
    members : int
        How many networks, at least 1; TabM has 32.
    scale_initializer : str or Initializer
        What the members start apart with. Default 'random_sign'; behind numeric embeddings TabM has
        ``RandomNormal(0, 1)``. Under 'ones' all shared layers see the same rows.
    chunks : sequence of int, optional
        Widths of neighbouring inputs that start with one number in common, such as the columns of
        one feature's embedding. They sum to the units that arrive. Default: each has its own.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError, ShapeError
        If a number is out of its range.

    Notes
    -----
    A `Dropout` behind it draws for each member. Layers that look at other rows of the batch, and
    merges of values with and without members, are refused.

    References
    ----------
    Gorishniy, Kotelnikov and Babenko (2024), TabM, arXiv:2410.24210, section 3.3 and appendix.

    Examples
    --------
    >>> Members(32).weights([3], members=32)[0].shape
    (32, 3)
    """

    members: int
    scale_initializer: initializers.InitializerSpec = "random_sign"
    chunks: Sequence[int] | None = None
    name: str | None = None

    def checked(self) -> dict[str, object]:
        start = "`scale_initializer` of Members"
        return {
            "members": check_count(self.members, "`members` of Members"),
            "scale_initializer": initializers.get(self.scale_initializer, start),
            "chunks": checked_chunks(self.chunks, "Members"),
        }

    def check_arriving(self, arriving: Sequence[int], label: str) -> None:
        check_chunks(self.chunks, arriving[0], label)

    def members_after(self, arriving: Sequence[int], label: str) -> int:
        if arriving[0]:
            raise ShapeError(
                f"{label} must take a value without members; got one of {arriving[0]}. Leave it "
                "out."
            )
        return self.members

    def weights(self, arriving: Sequence[int], members: int = 1) -> tuple[WeightSpec, ...]:
        return (input_scale("scale", members, arriving[0], self.scale_initializer, self.chunks),)


@explains_arguments()
@dataclass(frozen=True)
class MemberDense(MemberLayer):
    """A Dense of each member's own: activation(inputs @ kernel[i] + bias[i]).

    Parameters
    ----------
    units : int
        Outputs of a member, at least 1.
    activation : str, Activation or None
        Default None: linear.
    use_bias : bool
        Default True.
    kernel_initializer, bias_initializer : str or Initializer
        Default: uniform up to 1 / sqrt(inputs), as in PyTorch. The fans of the bias are those of
        the kernel.
    kernel_regularizer : str, L1, L2, L1L2 or None
        Default None: no penalty.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For an unknown name.

    References
    ----------
    The heads of TabM: Gorishniy, Kotelnikov and Babenko (2024), arXiv:2410.24210, section 3.

    Examples
    --------
    >>> [one.shape for one in MemberDense(2).weights([3], members=8)]
    [(8, 3, 2), (8, 2)]
    """

    units: int
    activation: activations.ActivationSpec = None
    use_bias: bool = True
    kernel_initializer: initializers.InitializerSpec = UP_TO_ROOT
    bias_initializer: initializers.InitializerSpec = UP_TO_ROOT
    kernel_regularizer: regularizers.RegularizerSpec = None
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {
            "units": check_count(self.units, "`units` of MemberDense"),
            "activation": activations.get(self.activation, "MemberDense"),
            "use_bias": check_flag(self.use_bias, "`use_bias` of MemberDense"),
            "kernel_initializer": initializers.get(
                self.kernel_initializer, "`kernel_initializer` of MemberDense"
            ),
            "bias_initializer": initializers.get(
                self.bias_initializer, "`bias_initializer` of MemberDense"
            ),
            "kernel_regularizer": regularizers.get(
                self.kernel_regularizer, "`kernel_regularizer` of MemberDense", elementwise=True
            ),
        }

    def check_arriving(self, arriving: Sequence[int], label: str) -> None:
        self.function.units_after(self.units, label)

    def units_after(self, arriving: Sequence[int]) -> int:
        return self.function.units_after(self.units, "MemberDense")

    def weights(self, arriving: Sequence[int], members: int = 1) -> tuple[WeightSpec, ...]:
        kernel = WeightSpec(
            "kernel",
            (members, arriving[0], self.units),
            initializers.get(self.kernel_initializer),
            regularizers.get(self.kernel_regularizer),
        )
        if not self.use_bias:
            return (kernel,)
        start = initializers.get(self.bias_initializer)
        shape = (members, self.units)
        return kernel, WeightSpec("bias", shape, start, fans_of=kernel.shape[1:])

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        return activations.get(self.activation)
