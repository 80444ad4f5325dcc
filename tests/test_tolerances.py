"""Each tolerance lets the right answer pass and refuses the nearest wrong one."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from reference import optimizers as reference_optimizers
from reference.examples import example
from reference.network import predict
from reference.training import train

from hiddenlogic import activations
from hiddenlogic.activations import Activation
from hiddenlogic.losses import MeanSquaredError
from hiddenlogic.optimizers import SGD, Adam, AdamW


def test_every_activation_has_a_tolerance():
    assert set(tolerances.ULPS) == set(activations.ROWS.names)


def test_elementwise_refuses_the_tanh_form_of_gelu():
    z = np.linspace(-3, 3, 61)
    tanh_form = 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))
    exact = np.array([0.5 * x * (1 + _erf(x / np.sqrt(2))) for x in z])
    bound = tolerances.elementwise(Activation("gelu"), exact, "float32")
    assert (abs(tanh_form - exact) > bound).any()


def _erf(x: float) -> float:
    import math

    return math.erf(x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_prediction_lets_float32_arithmetic_pass_and_refuses_a_lost_bias(dtype):
    case = example("tanh", MeanSquaredError())
    right = predict(case.network, case.weights, case.inputs)
    bound = tolerances.prediction(case.network, case.weights, case.inputs, dtype)
    rounded = _forward_in(dtype, case)
    assert (abs(rounded - right) <= bound).all()
    without = [*case.weights[:-1], np.zeros_like(case.weights[-1])]
    assert (abs(predict(case.network, without, case.inputs) - right) > bound).all()


def _forward_in(dtype, case):
    k0, b0, k1, k2, b2 = (w.astype(dtype) for w in case.weights)
    hidden = np.tanh(case.inputs.astype(dtype) @ k0 + b0)
    return np.tanh(hidden @ k1) @ k2 + b2


WRONG = {
    "one update left out": lambda run, case, optimizer: run(
        optimizer, epochs=3, inputs=case.inputs[:-5], targets=case.targets[:-5]
    ),
    "a slightly different learning rate": lambda run, case, optimizer: run(
        type(optimizer)(**{**optimizer.get_config(), "learning_rate": 0.0101}), epochs=3
    ),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(
    "optimizer", [SGD(0.01, momentum=0.9), Adam(0.01), AdamW(0.01)], ids=lambda one: one.name
)
def test_drift_refuses(optimizer, wrong, dtype):
    case = example("tanh", MeanSquaredError())
    run = _runner(case)
    bounds, loss_bounds = tolerances.drift(lambda nudge: run(optimizer, nudge), case.network, dtype)
    weights, history = run(optimizer)
    other, other_history = WRONG[wrong](run, case, optimizer)
    for a, b, bound in zip(weights, other, bounds, strict=True):
        assert abs(a - b).max() > bound
    assert abs(history[-1] - other_history[-1]) > loss_bounds[-1]


def test_drift_refuses_plain_momentum_for_nesterov_and_adam_for_adamw():
    case = example("tanh", MeanSquaredError())
    run = _runner(case)
    for right, wrong in [
        (SGD(0.01, momentum=0.9, nesterov=True), SGD(0.01, momentum=0.9)),
        (AdamW(0.01), Adam(0.01)),
    ]:
        bounds, _ = tolerances.drift(
            lambda nudge, right=right: run(right, nudge), case.network, "float32"
        )
        for a, b, bound in zip(run(right)[0], run(wrong)[0], bounds, strict=True):
            assert abs(a - b).max() > bound


def test_drift_refuses_adam_without_its_bias_correction(monkeypatch):
    case = example("tanh", MeanSquaredError())
    run = _runner(case)
    bounds, _ = tolerances.drift(lambda nudge: run(Adam(0.01), nudge), case.network, "float32")
    right, _ = run(Adam(0.01))

    def uncorrected(optimizer, numbers, rate, g, s):
        s["m"] += (g - s["m"]) * (1 - numbers.beta_1)
        s["v"] += (g * g - s["v"]) * (1 - numbers.beta_2)
        return s["m"] * rate / (np.sqrt(s["v"]) + optimizer.epsilon)

    monkeypatch.setitem(reference_optimizers.CHANGES, "adam", uncorrected)
    wrong, _ = run(Adam(0.01))
    for a, b, bound in zip(right, wrong, bounds, strict=True):
        assert abs(a - b).max() > bound


def test_score_refuses_a_mean_over_one_row_fewer():
    values = np.random.default_rng(0).normal(5, 1, 100)
    bound = tolerances.score(values.mean(), 100)
    assert abs(sum(values) / 100 - values.mean()) <= bound
    assert abs(sum(values) / 99 - values.mean()) > bound


def _runner(case):
    def run(optimizer, after_step=None, *, epochs=3, inputs=case.inputs, targets=case.targets):
        return train(
            case.network,
            case.weights,
            inputs,
            targets,
            loss=case.loss,
            optimizer=optimizer,
            epochs=epochs,
            batch_size=5,
            after_step=after_step,
        )

    return run
