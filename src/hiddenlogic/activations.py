"""Activation functions, one frozen row each.

The order of `ROWS` is the order of the activations in the C++ core, which is generated from it.

References
----------
Each row names its source. Defaults are those of ``keras.activations`` (Keras 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hiddenlogic.errors import UnknownNameError
from hiddenlogic.registry import Parameter, Registry


@dataclass(frozen=True)
class ActivationRow:
    """All that is known of an activation a = f(z), of which z is the pre-activation.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        At most one number, called p in the formulas.
    formula : str
        f(z).
    derivative : str
        f'(z), in terms of what `saves` names: z for "input", a for "output".
    saves : {"input", "output"}
        Which of the two a backward pass needs.
    keras, torch, onnx : str
        What the neighbours call it: a name in keras.activations, a class in torch.nn, an operator.
    c : str
        A C expression of ``z`` and ``p`` in double; empty where f couples the units of a layer.
    source : str
        Where it was defined.
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


ROWS: Registry[ActivationRow] = Registry(
    (
        ActivationRow(
            name="linear",
            aliases=("identity",),
            parameters=(),
            formula="z",
            derivative="1",
            saves="output",
            keras="linear",
            torch="Identity",
            onnx="Identity",
            c="z",
            source="the weighted sum itself",
        ),
        ActivationRow(
            name="relu",
            aliases=(),
            parameters=(),
            formula="0 if z < 0 else z",
            derivative="1 if a > 0 else 0",
            saves="output",
            keras="relu",
            torch="ReLU",
            onnx="Relu",
            c="z < 0 ? 0 : z",
            source="Nair and Hinton (2010), ICML",
        ),
        ActivationRow(
            name="leaky_relu",
            aliases=(),
            # 0.2 as keras.activations.leaky_relu; torch has 0.01, keras.layers.LeakyReLU 0.3.
            # 0 is allowed and gives relu.
            parameters=(Parameter("negative_slope", 0.2, low=0.0, low_included=True),),
            formula="p * z if z < 0 else z",
            derivative="1 if a > 0 else p",
            saves="output",
            keras="leaky_relu",
            torch="LeakyReLU",
            onnx="LeakyRelu",
            c="z < 0 ? p * z : z",
            source="Maas, Hannun and Ng (2013), ICML",
        ),
        ActivationRow(
            name="elu",
            aliases=(),
            parameters=(Parameter("alpha", 1.0, low=0.0),),
            formula="p * (exp(z) - 1) if z < 0 else z",
            derivative="1 if a > 0 else a + p",
            saves="output",
            keras="elu",
            torch="ELU",
            onnx="Elu",
            c="z < 0 ? p * expm1(z) : z",
            source="Clevert, Unterthiner and Hochreiter (2016), arXiv:1511.07289, equation 14",
        ),
        ActivationRow(
            name="selu",
            aliases=(),
            parameters=(),
            formula="scale * (alpha * (exp(z) - 1) if z < 0 else z), "
            "scale = 1.0507009873554805, alpha = 1.6732632423543772",
            derivative="a + scale * alpha if a < 0 else scale",
            saves="output",
            keras="selu",
            torch="SELU",
            onnx="Selu",
            c="1.0507009873554805 * (z < 0 ? 1.6732632423543772 * expm1(z) : z)",
            source="Klambauer et al. (2017), arXiv:1706.02515, equation 2",
        ),
        ActivationRow(
            name="gelu",
            aliases=(),
            parameters=(),
            formula="z * Phi(z), Phi(z) = (1 + erf(z / sqrt(2))) / 2",
            derivative="Phi(z) + z * exp(-z**2 / 2) / sqrt(2 * pi)",
            saves="input",
            keras="gelu",
            torch="GELU",
            onnx="Gelu",
            # erfc, because 1 + erf(z) cancels for z far below 0.
            c="0.5 * z * erfc(-0.7071067811865476 * z)",
            source="Hendrycks and Gimpel (2016), arXiv:1606.08415, the exact form",
        ),
        ActivationRow(
            name="silu",
            aliases=("swish",),
            parameters=(),
            formula="z * sigmoid(z)",
            derivative="s * (1 + z * (1 - s)), s = sigmoid(z)",
            saves="input",
            keras="silu",
            torch="SiLU",
            onnx="Swish",
            c="z / (1 + exp(-z))",
            source="Elfwing, Uchibe and Doya (2018), arXiv:1702.03118, equation 5",
        ),
        ActivationRow(
            name="mish",
            aliases=(),
            parameters=(),
            formula="z * tanh(softplus(z))",
            derivative="t + z * (1 - t**2) * sigmoid(z), t = tanh(softplus(z))",
            saves="input",
            keras="mish",
            torch="Mish",
            onnx="Mish",
            c="z * tanh((z > 0 ? z : 0) + log1p(exp(-fabs(z))))",
            source="Misra (2019), arXiv:1908.08681",
        ),
        ActivationRow(
            name="softplus",
            aliases=(),
            parameters=(),
            formula="log(1 + exp(z))",
            derivative="sigmoid(z)",
            saves="input",
            keras="softplus",
            torch="Softplus",
            onnx="Softplus",
            c="(z > 0 ? z : 0) + log1p(exp(-fabs(z)))",
            source="Dugas et al. (2000), NIPS",
        ),
        ActivationRow(
            name="tanh",
            aliases=(),
            parameters=(),
            formula="tanh(z)",
            derivative="1 - a**2",
            saves="output",
            keras="tanh",
            torch="Tanh",
            onnx="Tanh",
            c="tanh(z)",
            source="LeCun et al. (1998), Efficient BackProp, section 4.4",
        ),
        ActivationRow(
            name="sigmoid",
            aliases=("logistic",),
            parameters=(),
            formula="1 / (1 + exp(-z))",
            derivative="a * (1 - a)",
            saves="output",
            keras="sigmoid",
            torch="Sigmoid",
            onnx="Sigmoid",
            c="1 / (1 + exp(-z))",
            source="Rumelhart, Hinton and Williams (1986), Nature 323",
        ),
        ActivationRow(
            name="softmax",
            aliases=(),
            parameters=(),
            formula="exp(z - max(z)) / sum(exp(z - max(z))) over the units of the layer",
            derivative="dL/dz = a * (dL/da - sum(a * dL/da))",
            saves="output",
            keras="softmax",
            torch="Softmax",
            onnx="Softmax",
            c="",
            source="Bridle (1990), Neurocomputing, NATO ASI F 68",
        ),
    )
)


@dataclass(frozen=True, init=False)
class Activation:
    """An activation function with its number, if it takes one.

    Parameters
    ----------
    name : str
        A name or alias from `ROWS`.
    parameter : float, optional
        `negative_slope` of leaky_relu (default 0.2, at least 0) or `alpha` of elu (default 1,
        greater than 0). The others take none; theirs reads 0.

    Raises
    ------
    UnknownNameError
        If `name` is unknown, or a parameter is given to an activation without one.
    RangeError
        If the parameter is out of its range.

    Examples
    --------
    >>> Activation("leaky_relu", 0.01)
    Activation(name='leaky_relu', parameter=0.01)
    """

    name: str
    parameter: float

    def __init__(self, name: str, parameter: float | None = None) -> None:
        row = ROWS.find(name, "`name` of an Activation")
        if not row.parameters and parameter:
            raise UnknownNameError(f"{row.name} takes no parameter; got {parameter!r}.")
        value = 0.0
        for known in row.parameters:
            given = known.default if parameter is None else parameter
            value = known.check(given, row.name)
        object.__setattr__(self, "name", row.name)
        object.__setattr__(self, "parameter", value)

    @property
    def row(self) -> ActivationRow:
        """The row of the registry that holds formulas and the names elsewhere."""
        return ROWS.find(self.name, "`activation`")


ActivationSpec = str | Activation | None


def get(spec: object, owner: str = "Dense") -> Activation:
    """Return the activation that `spec` names.

    Parameters
    ----------
    spec : str, Activation or None
        None is linear, as in Keras.
    owner : str
        Whose argument it is, for the message.

    Raises
    ------
    UnknownNameError
        If `spec` is none of these.

    Examples
    --------
    >>> get("swish").name
    'silu'
    """
    if spec is None:
        return linear
    if isinstance(spec, Activation):
        return spec
    return Activation(ROWS.find(spec, f"`activation` of {owner}").name)


linear = Activation("linear")
relu = Activation("relu")
leaky_relu = Activation("leaky_relu")
elu = Activation("elu")
selu = Activation("selu")
gelu = Activation("gelu")
silu = Activation("silu")
swish = silu
mish = Activation("mish")
softplus = Activation("softplus")
tanh = Activation("tanh")
sigmoid = Activation("sigmoid")
softmax = Activation("softmax")
