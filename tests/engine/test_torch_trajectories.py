"""100 steps from equal weights beside PyTorch, which has gradients and optimizers of its own.

Both are held to the bounds of their own rounding around the float64 reference, so they may be apart
by two of them. PyTorch is no dependency of the suite: `make interop` fetches it, as .ci/run does.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
import rounding
from agreement import trainer_for
from reference.examples import VARIANTS, example, rate_for
from reference.training import train_example

from hiddenlogic import activations, losses, optimizers
from hiddenlogic.layers import Activation, Dense

torch = pytest.importorskip("torch", reason="needs PyTorch: make interop")

# 100 steps; the last batch of each epoch has 6 rows.
EPOCHS, BATCHES, BATCH, ROWS = 20, 5, 8, 38

OPTIMIZERS = [
    optimizers.SGD(0.02),
    optimizers.SGD(0.02, momentum=0.9),
    optimizers.SGD(0.02, momentum=0.9, nesterov=True),
    optimizers.Adam(0.01),
    optimizers.Adam(0.01, beta_1=0.5, beta_2=0.9, epsilon=1e-3),
    optimizers.AdamW(0.01, weight_decay=0.1),
    optimizers.Adam(0.01, beta_2=0.5, amsgrad=True),
    # Epsilon is in another place, which a rule for each weight cannot make good: it is left away.
    optimizers.RMSprop(0.001, epsilon=1e-30),
    optimizers.RMSprop(0.001, rho=0.5, momentum=0.5, epsilon=1e-30),
    optimizers.Adagrad(0.05, epsilon=1e-30),
    optimizers.Adadelta(0.5, epsilon=1e-3),
    optimizers.Adamax(0.01, epsilon=1e-30),
    optimizers.Nadam(0.01, epsilon=1e-3),
]


def torch_function(function):
    """Return the module of an activation, by the name that its row says."""
    kind = getattr(torch.nn, function.row.torch)
    if not function.row.c:
        return kind(dim=1)
    if function.name == "gelu_tanh":
        return kind(approximate="tanh")
    return kind(*function.parameters)


def torch_model(case, dtype):
    """Return the example's network as PyTorch has it, with the example's weights."""
    modules, weights = [], iter(case.weights)
    width = case.network.n_inputs
    layers = [node.layer for node in case.network.nodes[1:]]
    for layer in layers:
        if isinstance(layer, Dense):
            linear = torch.nn.Linear(width, layer.units, bias=layer.use_bias)
            with torch.no_grad():
                linear.weight.copy_(torch.as_tensor(next(weights).T))
                if layer.use_bias:
                    linear.bias.copy_(torch.as_tensor(next(weights)))
            modules.append(linear)
            width = layer.units
        width = layer.function.units_after(width, "")
        if isinstance(layer, (Dense, Activation)) and not (
            layer is layers[-1] and case.loss.name.endswith("crossentropy")
        ):
            modules.append(torch_function(layer.function))
    return torch.nn.Sequential(*modules).to(getattr(torch, dtype))


def torch_loss(loss):
    """Return loss(outputs, targets) of a batch; the cross-entropies take pre-activations."""
    match loss.name:
        case "binary_crossentropy":
            return torch.nn.BCEWithLogitsLoss()
        case "huber":
            return torch.nn.HuberLoss(delta=loss.delta)
        case "poisson":
            return torch.nn.PoissonNLLLoss(log_input=False, eps=1e-7)
        case "categorical_crossentropy":
            return torch.nn.CrossEntropyLoss(label_smoothing=loss.label_smoothing)
        case "sparse_categorical_crossentropy":
            kind = torch.nn.CrossEntropyLoss(label_smoothing=loss.label_smoothing)
            return lambda outputs, targets: kind(outputs, targets[:, 0].long())
        case "gaussian_nll":
            kind = torch.nn.GaussianNLLLoss(full=loss.full, eps=loss.eps)
            return lambda outputs, targets: kind(outputs[:, ::2], targets, outputs[:, 1::2].exp())
        case _:
            return getattr(torch.nn, loss.row.torch)()


def torch_optimizer(optimizer, parameters):
    """Return PyTorch's optimizer of the same settings, but for epsilon."""
    kind = getattr(torch.optim, optimizer.row.torch)
    names = {
        "learning_rate": "lr",
        "epsilon": "eps",
        "rho": "alpha" if optimizer.name == "rmsprop" else "rho",
        "weight_decay": "weight_decay",
        **{name: name for name in ("momentum", "nesterov", "amsgrad", "centered")},
        "initial_accumulator_value": "initial_accumulator_value",
    }
    given = optimizer.get_config()
    own = [one.name for one in optimizer.row.parameters] + list(optimizer.row.flags)
    settings = {names[name]: given[name] for name in own if name in names}
    if hasattr(optimizer, "beta_1"):
        settings["betas"] = (optimizer.beta_1, optimizer.beta_2)
    if optimizer.name == "nadam":
        settings["momentum_decay"] = 1.0  # of its own exponent: Keras has none
    return kind(parameters, **settings)


def as_keras(group, optimizer, t):
    """Set what PyTorch has to add at step t so that Keras's epsilon is added.

    PyTorch adds it to sqrt(v / (1 - beta_2**t)), Keras to sqrt(v); the corrections that Keras puts
    into the rate make the rest of the two steps equal.
    """
    if optimizer.name in ("adam", "adamw"):
        group["eps"] = optimizer.epsilon / math.sqrt(1 - optimizer.beta_2**t)


def by_torch(case, optimizer, dtype, before_step=as_keras):
    """Return the weights after all steps, in our layout, and the loss of each epoch."""
    model, loss = torch_model(case, dtype), torch_loss(case.loss)
    inputs = torch.as_tensor(case.inputs).to(getattr(torch, dtype))
    targets = torch.as_tensor(case.targets).to(getattr(torch, dtype))
    stepper = torch_optimizer(optimizer, model.parameters())
    kernels = [p for name, p in model.named_parameters() if name.endswith("weight")]
    penalties = [one.regularizer for one in case.network.parameters if one.name == "kernel"]
    history = []
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in range(BATCHES):
            rows = slice(batch * BATCH, (batch + 1) * BATCH)
            stepper.zero_grad()
            value = loss(model(inputs[rows]), targets[rows])
            for kernel, penalty in zip(kernels, penalties, strict=True):
                if penalty:
                    value = value + penalty.l2 * (kernel**2).sum()
            value.backward()
            before_step(stepper.param_groups[0], optimizer, epoch * BATCHES + batch + 1)
            stepper.step()
            total += value.item() * len(inputs[rows])
        history.append(total / ROWS)
    return [p.detach().numpy().T for p in model.parameters()], history


def by_engine(case, optimizer, dtype):
    trainer = trainer_for(case, optimizer, dtype)
    run = trainer.fit(
        case.inputs.astype(dtype),
        case.targets.astype(dtype),
        epochs=EPOCHS,
        batch_size=BATCH,
        shuffle=False,
    )
    assert run.steps == EPOCHS * BATCHES == 100
    return trainer.get_weights(), run.history["loss"]


@functools.cache
def bounds_of(activation, loss, optimizer, dtype):
    """Return the example, and what rounding in `dtype` may do to its weights and losses."""
    case = example(activation, losses.get(loss), n=ROWS)

    reference = functools.partial(train_example, case, optimizer, epochs=EPOCHS, batch_size=BATCH)

    _, _, bounds, history_bounds = rounding.bounds(reference, dtype)
    return case, bounds, history_bounds


def agree(one, other, bounds, history_bounds):
    """Return whether two trainings, each within its bounds of the truth, may be the same one."""
    (weights, history), (other_weights, other_history) = one, other
    near = [
        abs(a - b).max() <= 2 * bound
        for a, b, bound in zip(weights, other_weights, bounds, strict=True)
    ]
    return all(near) and (abs(np.subtract(history, other_history)) <= 2 * history_bounds).all()


def check(activation, loss, optimizer, dtype):
    case, *bounds = bounds_of(activation, loss, optimizer, dtype)
    assert agree(
        by_engine(case, optimizer, dtype),
        by_torch(case, optimizer, dtype),
        *bounds,
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_every_optimizer_goes_where_pytorch_goes(optimizer, dtype):
    if optimizer.name == "nadam":
        dtype = "float32"  # in which PyTorch keeps the product of the momenta, whatever it computes
    check("tanh", "mean_squared_error", optimizer, dtype)


def test_every_optimizer_that_pytorch_has_is_among_them():
    # Two line searches go different ways to the same place.
    shared = {row.name for row in optimizers.ROWS if row.torch} - {"lbfgs"}
    assert {one.name for one in OPTIMIZERS} == shared


@pytest.mark.parametrize("activation", [row.name for row in activations.ROWS if row.torch])
def test_every_activation_goes_where_pytorch_goes(activation):
    # PyTorch's hardsigmoid has 1/6 in float32, whatever it computes in.
    dtype = "float32" if activation == "hard_sigmoid" else "float64"
    check(activation, "mean_squared_error", optimizers.Adam(0.01), dtype)


# PyTorch smooths no binary targets.
SHARED = [
    loss
    for loss, output in VARIANTS
    if loss.row.torch and output is None and not (loss.row.task == "binary" and loss.numbers[0])
]


@pytest.mark.parametrize("loss", SHARED, ids=repr)
def test_every_loss_goes_where_pytorch_goes(loss):
    check("gelu", loss, optimizers.SGD(0.4 * rate_for(loss), momentum=0.9), "float64")


def test_the_variance_that_is_too_small_has_the_gradient_of_pytorch():
    check("tanh", losses.GaussianNLL(eps=2.0), optimizers.SGD(0.01), "float64")


def as_pytorch(group, optimizer, t):
    """Leave epsilon where PyTorch adds it."""


def uncorrected(group, optimizer, t):
    """Take the correction of Adam's bias back."""
    as_keras(group, optimizer, t)
    correction = math.sqrt(1 - optimizer.beta_2**t) / (1 - optimizer.beta_1**t)
    group["lr"] = optimizer.learning_rate / correction


OTHERS = {
    "epsilon in another place": (OPTIMIZERS[4], OPTIMIZERS[4], as_pytorch),
    "no correction of the bias": (optimizers.Adam(0.01), optimizers.Adam(0.01), uncorrected),
    "no look ahead": (OPTIMIZERS[2], OPTIMIZERS[1], as_keras),
    "no decay": (OPTIMIZERS[5], optimizers.Adam(0.01), as_keras),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("other", OTHERS)
def test_pytorch_going_another_way_is_told_apart(other, dtype):
    ours, theirs, before_step = OTHERS[other]
    case, *bounds = bounds_of("tanh", "mean_squared_error", ours, dtype)
    assert not agree(
        by_engine(case, ours, dtype), by_torch(case, theirs, dtype, before_step), *bounds
    )
