"""The rows of the optimizers; their order is the order of the optimizers in the C++ core.

g is the gradient, w a weight, t the number of the update, counted from 1. Formulas and defaults are
those of Keras 3; what PyTorch does otherwise is said in `source`.
"""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic.registry import Parameter, Registry


@dataclass(frozen=True)
class OptimizerRow:
    """All that is known of an optimizer.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers, in the order of the arguments.
    flags, counts : tuple of str
        Its arguments that are True or False, and those that are whole numbers.
    slots : int
        Numbers kept for each weight between steps, whatever the arguments are; L-BFGS keeps its
        own.
    formula : str
        The update of one weight.
    keras, torch, source : str
        What the neighbours call it, and where it was published; empty: they have none.
    steady : tuple of str
        The numbers that are not of a step and so can't be schedules.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    flags: tuple[str, ...]
    slots: int
    formula: str
    keras: str
    torch: str
    source: str
    counts: tuple[str, ...] = ()
    steady: tuple[str, ...] = ()


def _share(name: str, default: float) -> Parameter:
    """Return what is kept of a running mean from step to step."""
    return Parameter(name, default, low=0.0, high=1.0, low_included=True)


_RATE = Parameter("learning_rate", 0.001, low=0.0)
_EPSILON = Parameter("epsilon", 1e-7, low=0.0)
_BETAS = (_share("beta_1", 0.9), _share("beta_2", 0.999))
_MOMENTS = "m += (g - m) * (1 - beta_1); v += (g**2 - v) * (1 - beta_2); "
_ADAM = (
    _MOMENTS
    + "w -= m * learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t) / (sqrt(v) + epsilon) "
    "(amsgrad: with the largest v so far)"
)

ROWS: Registry[OptimizerRow] = Registry(
    (
        OptimizerRow(
            name="sgd",
            aliases=(),
            parameters=(
                Parameter("learning_rate", 0.01, low=0.0),
                _share("momentum", 0.0),
            ),
            flags=("nesterov",),
            slots=0,
            formula="v = momentum * v - learning_rate * g; w += v "
            "(nesterov: w += momentum * v - learning_rate * g, with the new v)",
            keras="SGD",
            torch="SGD",
            source="Polyak (1964), doi:10.1016/0041-5553(64)90137-5; Nesterov form of Sutskever "
            "et al. (2013), ICML, equations 3 and 4. torch has the rate outside the velocity, "
            "which is the same while the rate is",
        ),
        OptimizerRow(
            name="adam",
            aliases=(),
            parameters=(_RATE, *_BETAS, _EPSILON),
            flags=("amsgrad",),
            slots=2,
            formula=_ADAM,
            keras="Adam",
            torch="Adam",
            source="Kingma and Ba (2015), arXiv:1412.6980, end of section 2: epsilon is added "
            "before the correction of the bias, as Keras does and torch does not; amsgrad: Reddi, "
            "Kale and Kumar (2018), arXiv:1904.09237",
        ),
        OptimizerRow(
            name="adamw",
            aliases=(),
            parameters=(
                _RATE,
                Parameter("weight_decay", 0.004, low=0.0, low_included=True),
                *_BETAS,
                _EPSILON,
            ),
            flags=("amsgrad",),
            slots=2,
            formula="w -= w * weight_decay * learning_rate; then " + _ADAM,
            keras="AdamW",
            torch="AdamW",
            source="Loshchilov and Hutter (2019), arXiv:1711.05101, algorithm 2; epsilon as in "
            "Adam. torch's weight_decay is 0.01 by default",
        ),
        OptimizerRow(
            name="rmsprop",
            aliases=(),
            parameters=(_RATE, _share("rho", 0.9), _share("momentum", 0.0), _EPSILON),
            flags=("centered",),
            slots=1,
            formula="v += (g**2 - v) * (1 - rho); d = learning_rate * g / sqrt(v + epsilon) "
            "(centered: a += (g - a) * (1 - rho), and v - a**2 in place of v); "
            "u = momentum * u + d; w -= u",
            keras="RMSprop",
            torch="RMSprop",
            source="Hinton (2012), Neural networks for machine learning, lecture 6e; centred: "
            "Graves (2013), arXiv:1308.0850, equations 38 to 45. torch adds epsilon to the root, "
            "keeps rho = 0.99, and has the rate outside the velocity; v - a**2 is at least 0 here, "
            "where rounding makes it negative in both neighbours",
        ),
        OptimizerRow(
            name="adagrad",
            aliases=(),
            parameters=(
                _RATE,
                Parameter("initial_accumulator_value", 0.1, low=0.0, low_included=True),
                _EPSILON,
            ),
            flags=(),
            slots=1,
            formula="v += g**2, from initial_accumulator_value on; "
            "w -= learning_rate * g / sqrt(v + epsilon)",
            keras="Adagrad",
            torch="Adagrad",
            source="Duchi, Hazan and Singer (2011), JMLR 12, figure 1. torch adds epsilon to the "
            "root, begins with 0 and has a rate of 0.01 by default",
            steady=("initial_accumulator_value",),
        ),
        OptimizerRow(
            name="adadelta",
            aliases=(),
            parameters=(_RATE, _share("rho", 0.95), _EPSILON),
            flags=(),
            slots=2,
            formula="v += (g**2 - v) * (1 - rho); d = g * sqrt((u + epsilon) / (v + epsilon)); "
            "u += (d**2 - u) * (1 - rho); w -= learning_rate * d",
            keras="Adadelta",
            torch="Adadelta",
            source="Zeiler (2012), arXiv:1212.5701, algorithm 1, which has no rate. torch's rate "
            "is 1, its rho 0.9 and its epsilon 1e-6 by default",
        ),
        OptimizerRow(
            name="adamax",
            aliases=(),
            parameters=(_RATE, *_BETAS, _EPSILON),
            flags=(),
            slots=2,
            formula="m += (g - m) * (1 - beta_1); u = max(beta_2 * u, |g|); "
            "w -= m * learning_rate / (1 - beta_1**t) / (u + epsilon)",
            keras="Adamax",
            torch="Adamax",
            source="Kingma and Ba (2015), arXiv:1412.6980, algorithm 2. torch adds epsilon to |g| "
            "in the maximum, and its rate is 0.002 by default",
        ),
        OptimizerRow(
            name="nadam",
            aliases=(),
            parameters=(_RATE, *_BETAS, _EPSILON),
            flags=(),
            slots=2,
            formula="b(t) = beta_1 * (1 - 0.96**t / 2); p = b(1) * … * b(t); "
            + _MOMENTS
            + "n = m * b(t + 1) / (1 - p * b(t + 1)) + g * (1 - b(t)) / (1 - p); "
            "w -= n * learning_rate / (sqrt(v / (1 - beta_2**t)) + epsilon)",
            keras="Nadam",
            torch="NAdam",
            source="Dozat (2016), ICLR workshop, with the schedule of momentum of Sutskever et al. "
            "(2013). torch has 0.96**(0.004 * t), Keras's with momentum_decay=1, and a rate of "
            "0.002 by default",
        ),
        OptimizerRow(
            name="lion",
            aliases=(),
            parameters=(_RATE, _share("beta_1", 0.9), _share("beta_2", 0.99)),
            flags=(),
            slots=1,
            formula="w -= learning_rate * sign(m + (g - m) * (1 - beta_1)); "
            "m += (g - m) * (1 - beta_2)",
            keras="Lion",
            torch="",
            source="Chen et al. (2023), arXiv:2302.06675, algorithm 2; its decay is weight_decay, "
            "0 by default as in Keras, and comes before the step, which is the same",
        ),
        OptimizerRow(
            name="lbfgs",
            aliases=("l_bfgs",),
            parameters=(
                Parameter("learning_rate", 1.0, low=0.0),
                Parameter("tolerance_grad", 1e-7, low=0.0, low_included=True),
                Parameter("tolerance_change", 1e-9, low=0.0, low_included=True),
            ),
            flags=(),
            slots=0,
            formula="w += a * d; d = -H * g, H from the last history_size changes of w and g; a "
            "from a search along d, until the loss has fallen by 1e-4 * a * |slope| and the slope "
            "is at most 0.9 of what it was",
            keras="",
            torch="LBFGS",
            source="Nocedal and Wright (2006), Numerical Optimization, algorithms 7.4 and 7.5, 3.5 "
            "and 3.6; where rounding hides the fall of the loss, Hager and Zhang (2005), "
            "doi:10.1137/030601880, equation 4.1. torch makes max_iter iterations a step, and "
            "searches along the line if asked with line_search_fn='strong_wolfe' only",
            counts=("history_size", "max_evaluations"),
            steady=("tolerance_grad", "tolerance_change"),
        ),
    )
)
