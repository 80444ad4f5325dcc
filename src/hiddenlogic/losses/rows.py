"""One frozen row a loss; their order is that of the losses in the C++ core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hiddenlogic.registry import Parameter, Registry

# What a target may be: any number; a number of at least 0; a label, -1 or 1 (0 and 1 become these);
# a share between 0 and 1; such a share of yes and no; shares of classes, or the index of one.
Task = Literal["regression", "count", "sign", "share", "binary", "multiclass"]


@dataclass(frozen=True)
class LossRow:
    """All that is known of a loss of one row, with t the target and y the output.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers.
    has_from_logits : bool
        Whether it takes `from_logits`.
    output : str
        The activation of the last layer that it is fused with; empty where any will do.
    suits : str
        An activation of the last layer that gives what the formula takes.
    task : {"regression", "count", "sign", "share", "binary", "multiclass"}
        What targets it is for.
    formula : str
        l_i.
    keras, torch, source : str
        What the neighbours call it, and where the formula stands.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    has_from_logits: bool
    output: str
    suits: str
    task: Task
    formula: str
    keras: str
    torch: str
    source: str


DELTA = Parameter("delta", 1.0, low=0.0)

ROWS: Registry[LossRow] = Registry(
    (
        LossRow(
            name="mean_squared_error",
            aliases=("mse",),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="linear",
            task="regression",
            formula="mean((y - t)**2)",
            keras="MeanSquaredError",
            torch="MSELoss",
            source="Legendre (1805), least squares",
        ),
        LossRow(
            name="mean_absolute_error",
            aliases=("mae",),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="linear",
            task="regression",
            formula="mean(|y - t|)",
            keras="MeanAbsoluteError",
            torch="L1Loss",
            source="Boscovich (1757), least absolute deviations",
        ),
        LossRow(
            name="huber",
            aliases=("huber_loss",),
            parameters=(DELTA,),
            has_from_logits=False,
            output="",
            suits="linear",
            task="regression",
            formula="mean(e**2 / 2 if |e| <= delta else delta * (|e| - delta / 2)), e = y - t",
            keras="Huber",
            torch="HuberLoss",
            source="Huber (1964), Annals of Math. Statistics 35, doi:10.1214/aoms/1177703732",
        ),
        LossRow(
            name="binary_crossentropy",
            aliases=("bce", "binary_cross_entropy", "log_loss"),
            parameters=(),
            has_from_logits=True,
            output="sigmoid",
            suits="sigmoid",
            task="binary",
            formula="mean(max(z, 0) - z * t + log(1 + exp(-|z|))), y = sigmoid(z)",
            keras="BinaryCrossentropy",
            torch="BCEWithLogitsLoss",
            source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.90",
        ),
        LossRow(
            name="categorical_crossentropy",
            aliases=("cce", "categorical_cross_entropy"),
            parameters=(),
            has_from_logits=True,
            output="softmax",
            suits="softmax",
            task="multiclass",
            formula="sum(t * (logsumexp(z) - z)), y = softmax(z), t one-hot",
            keras="CategoricalCrossentropy",
            torch="CrossEntropyLoss",
            source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108",
        ),
        LossRow(
            name="sparse_categorical_crossentropy",
            aliases=("scce", "sparse_categorical_cross_entropy"),
            parameters=(),
            has_from_logits=True,
            output="softmax",
            suits="softmax",
            task="multiclass",
            formula="logsumexp(z) - z[t], y = softmax(z), t the index of the class",
            keras="SparseCategoricalCrossentropy",
            torch="CrossEntropyLoss",
            source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108",
        ),
        LossRow(
            name="mean_absolute_percentage_error",
            aliases=("mape",),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="linear",
            task="regression",
            formula="mean(100 * |y - t| / max(|t|, 1e-7))",
            keras="MeanAbsolutePercentageError",
            torch="",
            source="Makridakis et al. (1982), doi:10.1002/for.3980010202",
        ),
        LossRow(
            name="mean_squared_logarithmic_error",
            aliases=("msle",),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="softplus",
            task="count",
            formula="mean((log(1 + max(y, 1e-7)) - log(1 + max(t, 1e-7)))**2)",
            keras="MeanSquaredLogarithmicError",
            torch="",
            source="least squares of log(1 + t)",
        ),
        LossRow(
            name="log_cosh",
            aliases=("logcosh",),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="linear",
            task="regression",
            formula="mean(log(cosh(y - t)))",
            keras="LogCosh",
            torch="",
            source="Green (1990), doi:10.1109/42.52985",
        ),
        LossRow(
            name="poisson",
            aliases=(),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="softplus",
            task="count",
            formula="mean(y - t * log(y + 1e-7))",
            keras="Poisson",
            torch="PoissonNLLLoss",
            source="McCullagh and Nelder (1989), Generalized Linear Models, section 6.2",
        ),
        LossRow(
            name="hinge",
            aliases=(),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="linear",
            task="sign",
            formula="mean(max(1 - t * y, 0))",
            keras="Hinge",
            torch="",
            source="Cortes and Vapnik (1995), doi:10.1007/BF00994018",
        ),
        LossRow(
            name="squared_hinge",
            aliases=(),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="linear",
            task="sign",
            formula="mean(max(1 - t * y, 0)**2)",
            keras="SquaredHinge",
            torch="",
            source="Cortes and Vapnik (1995), doi:10.1007/BF00994018, with squares",
        ),
        LossRow(
            name="categorical_hinge",
            aliases=(),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="linear",
            task="multiclass",
            formula="max(max((1 - t) * y) - sum(t * y) + 1, 0), t one-hot",
            keras="CategoricalHinge",
            torch="",
            source="Crammer and Singer (2001), JMLR 2",
        ),
        LossRow(
            name="kl_divergence",
            aliases=("kld", "kullback_leibler_divergence"),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="softmax",
            task="share",
            formula="sum(t * log(t / y)), t and y taken as at least 1e-7 and at most 1",
            keras="KLDivergence",
            torch="",
            source="Kullback and Leibler (1951), doi:10.1214/aoms/1177729694",
        ),
        LossRow(
            name="cosine_similarity",
            aliases=(),
            parameters=(),
            has_from_logits=False,
            output="",
            suits="linear",
            task="regression",
            formula="-sum(t * y) / (norm(t) * norm(y)), norms taken as at least 1e-6",
            keras="CosineSimilarity",
            torch="",
            source="Salton, Wong and Yang (1975), doi:10.1145/361219.361220, with a minus",
        ),
    )
)
