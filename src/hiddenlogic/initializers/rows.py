"""One frozen row an initializer; their order is that in which messages and documents list them."""

from __future__ import annotations

from hiddenlogic.initializers.row import InitializerRow, Mode, Scaling, Shape
from hiddenlogic.registry import Parameter, Registry

# The scale that each family gives its variance, what it counts, and who found it.
_FAMILIES: tuple[tuple[str, str, float, Mode, str], ...] = (
    ("glorot", "xavier", 1.0, "fan_avg", "Glorot and Bengio (2010), AISTATS, equations 12 and 16"),
    ("he", "kaiming", 2.0, "fan_in", "He et al. (2015), arXiv:1502.01852, equation 10"),
    ("lecun", "", 1.0, "fan_in", "LeCun et al. (1998), Efficient BackProp, equation 16"),
)


def _family_row(family: str, other: str, scaling: Scaling, source: str) -> InitializerRow:
    """Return the row of a family's uniform or normal member."""
    kind = "uniform" if scaling.distribution == "uniform" else "normal"
    fan = "(fan_in + fan_out)" if scaling.mode == "fan_avg" else "fan_in"
    size = scaling.scale * (2 if scaling.mode == "fan_avg" else 1)
    formula = f"uniform up to sqrt({3 * size:g} / {fan})"
    if kind == "normal":
        formula = f"normal, cut off at twice its deviation; cut, it has sqrt({size:g} / {fan})"
    return InitializerRow(
        name=f"{family}_{kind}",
        aliases=(f"{other}_{kind}",) if other else (),
        parameters=(),
        formula=formula,
        keras=f"{family.capitalize()}{kind.capitalize()}",
        torch=f"{other}_{kind}_" if other else "",
        source=source,
        scaling=scaling,
    )


def _families() -> tuple[InitializerRow, ...]:
    kinds: tuple[Shape, ...] = ("uniform", "truncated_normal")
    return tuple(
        _family_row(family, other, Scaling(scale, mode, kind), source)
        for family, other, scale, mode, source in _FAMILIES
        for kind in kinds
    )


_STDDEV = Parameter("stddev", 0.05, low=0.0, low_included=True)
_MEAN = Parameter("mean", 0.0)

ROWS: Registry[InitializerRow] = Registry(
    (
        InitializerRow(
            name="zeros",
            aliases=("zero",),
            parameters=(),
            formula="0",
            keras="Zeros",
            torch="zeros_",
            source="the usual start of a bias",
        ),
        InitializerRow(
            name="ones",
            aliases=("one",),
            parameters=(),
            formula="1",
            keras="Ones",
            torch="ones_",
            source="the usual start of a scale",
        ),
        InitializerRow(
            name="constant",
            aliases=(),
            parameters=(Parameter("value", 0.0),),
            formula="value",
            keras="Constant",
            torch="constant_",
            source="Keras 3, keras.initializers",
        ),
        InitializerRow(
            name="identity",
            aliases=("eye", "identity_initializer"),
            parameters=(Parameter("gain", 1.0),),
            formula="gain where input and unit have the same number, else 0",
            keras="Identity",
            torch="eye_",
            source="Le et al. (2015), arXiv:1504.00941, section 3",
        ),
        *_families(),
        InitializerRow(
            name="variance_scaling",
            aliases=(),
            parameters=(Parameter("scale", 1.0, low=0.0),),
            formula="variance scale / fan; normal cut off at twice its deviation and as wide as "
            "that needs, or normal, or uniform",
            keras="VarianceScaling",
            torch="",
            source="Keras 3, keras.initializers",
        ),
        InitializerRow(
            name="random_uniform",
            aliases=("uniform",),
            parameters=(Parameter("minval", -0.05), Parameter("maxval", 0.05)),
            formula="uniform from minval to maxval",
            keras="RandomUniform",
            torch="uniform_",
            source="Keras 3, keras.initializers",
        ),
        InitializerRow(
            name="random_normal",
            aliases=("normal",),
            parameters=(_MEAN, _STDDEV),
            formula="normal of this mean and stddev",
            keras="RandomNormal",
            torch="normal_",
            source="quantiles by Wichura (1988), algorithm AS 241, doi:10.2307/2347330",
        ),
        InitializerRow(
            name="random_sign",
            aliases=(),
            parameters=(),
            formula="-1 or 1, each as likely",
            keras="",
            torch="",
            source="the members of a BatchEnsemble: Wen, Tran and Ba (2020), arXiv:2002.06715",
        ),
        InitializerRow(
            name="truncated_normal",
            aliases=("trunc_normal",),
            parameters=(_MEAN, _STDDEV),
            formula="normal of this mean and stddev, given that it is within 2 * stddev",
            keras="TruncatedNormal",
            torch="trunc_normal_",
            source="quantiles by Wichura (1988), algorithm AS 241, doi:10.2307/2347330",
        ),
        InitializerRow(
            name="orthogonal",
            aliases=("orthogonal_initializer",),
            parameters=(Parameter("gain", 1.0),),
            formula="gain * Q, Q evenly among the matrices whose columns (or, of more units than "
            "inputs, rows) have length 1 and are at right angles",
            keras="Orthogonal",
            torch="orthogonal_",
            source="Saxe et al. (2014), arXiv:1312.6120; even by the signs of R: Mezzadri (2007), "
            "Notices of the AMS 54, section 5",
        ),
        InitializerRow(
            name="data_driven",
            aliases=("lsuv",),
            parameters=(),
            formula="each unit's weights, drawn by another initializer, divided by the deviation "
            "of its pre-activation over the training rows, layer after layer",
            keras="",
            torch="",
            source="Mishkin and Matas (2016), arXiv:1511.06422; a unit at a time: Holzmueller et "
            "al. (2024), arXiv:2407.04491, appendix A",
        ),
        InitializerRow(
            name="data_driven_bias",
            aliases=("he+5",),
            parameters=(Parameter("rows", 5.0, low=1.0, low_included=True),),
            formula="-sum(a_k * z(x_k)) over random training rows x_k, z the pre-activation "
            "without bias, a exponential numbers divided by their sum; rows drawn for each unit",
            keras="",
            torch="",
            source="Steinwart (2019), arXiv:1903.11482, as he+5; Holzmueller et al. (2024), "
            "arXiv:2407.04491, appendix A",
        ),
    )
)
