"""The layer of a BatchEnsemble: a kernel that members share, between numbers of their own."""

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
class BatchEnsembleDense(MemberLayer):
    """activation(((inputs * input_scale[i]) @ kernel) * output_scale[i] + bias[i]) of member i.

    Parameters
    ----------
    units : int
        Outputs of a member, at least 1.
    activation : str, Activation or None
        Default None: linear.
    members : int, optional
        How many networks, at least 1, where the value that arrives has no members yet.
    use_bias : bool
        Default True.
    kernel_initializer, bias_initializer : str or Initializer
        Default: uniform up to 1 / sqrt(inputs), as in PyTorch. The bias, whose fans are those of
        the kernel, starts alike for all members.
    input_scale_initializer, output_scale_initializer : str or Initializer
        Default 'ones'. TabM has 'random_sign', or ``RandomNormal(0, 1)`` behind embeddings, for the
        inputs of its first layer.
    chunks : sequence of int, optional
        Of the input scale: see `Members`.
    kernel_regularizer : str, Regularizer or None
        Default None: no penalty.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError, ShapeError
        If a number is out of its range.
    UnknownNameError
        For an unknown name.

    Notes
    -----
    The weights are [input_scale (k, in), kernel (in, units), output_scale (k, units), bias
    (k, units)].

    References
    ----------
    Wen, Tran and Ba (2020), BatchEnsemble, arXiv:2002.06715, equation 3; TabM, arXiv:2410.24210.

    Examples
    --------
    >>> [one.shape for one in BatchEnsembleDense(4, members=8).weights([3], members=8)]
    [(8, 3), (3, 4), (8, 4), (8, 4)]
    """

    units: int
    activation: activations.ActivationSpec = None
    members: int | None = None
    use_bias: bool = True
    kernel_initializer: initializers.InitializerSpec = UP_TO_ROOT
    bias_initializer: initializers.InitializerSpec = UP_TO_ROOT
    input_scale_initializer: initializers.InitializerSpec = "ones"
    output_scale_initializer: initializers.InitializerSpec = "ones"
    chunks: Sequence[int] | None = None
    kernel_regularizer: regularizers.RegularizerSpec = None
    name: str | None = None

    def checked(self) -> dict[str, object]:
        members = self.members
        if members is not None:
            members = check_count(members, "`members` of BatchEnsembleDense")
        starts = (
            "kernel_initializer",
            "bias_initializer",
            "input_scale_initializer",
            "output_scale_initializer",
        )
        return {
            "units": check_count(self.units, "`units` of BatchEnsembleDense"),
            "activation": activations.get(self.activation, "BatchEnsembleDense"),
            "members": members,
            "use_bias": check_flag(self.use_bias, "`use_bias` of BatchEnsembleDense"),
            **{
                one: initializers.get(getattr(self, one), f"`{one}` of BatchEnsembleDense")
                for one in starts
            },
            "chunks": checked_chunks(self.chunks, "BatchEnsembleDense"),
            "kernel_regularizer": regularizers.get(
                self.kernel_regularizer, "`kernel_regularizer` of BatchEnsembleDense"
            ),
        }

    def check_arriving(self, arriving: Sequence[int], label: str) -> None:
        self.function.units_after(self.units, label)
        check_chunks(self.chunks, arriving[0], label)

    def units_after(self, arriving: Sequence[int]) -> int:
        return self.function.units_after(self.units, "BatchEnsembleDense")

    def members_after(self, arriving: Sequence[int], label: str) -> int:
        if self.members is None:
            return super().members_after(arriving, label)
        if arriving[0] not in (0, self.members):
            raise ShapeError(
                f"`members` of {label} must be {arriving[0]}, as of the value that arrives there; "
                f"got {self.members}. Leave it out."
            )
        return self.members

    def weights(self, arriving: Sequence[int], members: int = 1) -> tuple[WeightSpec, ...]:
        kernel = (arriving[0], self.units)
        own = (members, self.units)
        specs = (
            input_scale(
                "input_scale", members, arriving[0], self.input_scale_initializer, self.chunks
            ),
            WeightSpec(
                "kernel",
                kernel,
                initializers.get(self.kernel_initializer),
                regularizers.get(self.kernel_regularizer),
            ),
            WeightSpec("output_scale", own, initializers.get(self.output_scale_initializer)),
        )
        if not self.use_bias:
            return specs
        start = initializers.get(self.bias_initializer)
        bias = WeightSpec("bias", own, start, fans_of=kernel, alike=((members,), ()))
        return (*specs, bias)

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        return activations.get(self.activation)
