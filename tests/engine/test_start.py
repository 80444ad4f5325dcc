"""What the engine is started with: instruction set, threads, seed, dtype, weights."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.engine.instruction_set import choose_isa
from hiddenlogic.engine.threads import available_cores, default_threads
from hiddenlogic.errors import (
    DataError,
    RangeError,
    ShapeError,
    StateError,
    UnknownNameError,
    UnsupportedCPUError,
)
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network

LINE = Network.sequential(2, [Dense(1)])


def trainer(**settings):
    return engine.Trainer(
        LINE, **{"loss": losses.get("mse"), "optimizer": optimizers.SGD(), **settings}
    )


def test_a_processor_without_the_instructions_gets_one_sentence():
    with pytest.raises(UnsupportedCPUError) as caught:
        choose_isa(None, [])
    assert str(caught.value) == (
        "hiddenlogic needs a processor with AVX2 and FMA (x86-64-v3: Intel since 2013, AMD since "
        "2015) or a 64-bit ARM; this one has less. Run it on a newer machine."
    )
    assert isinstance(caught.value, ImportError)


def test_an_unknown_instruction_set_is_named():
    with pytest.raises(UnknownNameError) as caught:
        choose_isa("x86_64_v5", ["x86_64_v4", "x86_64_v3"])
    assert str(caught.value) == (
        "HIDDENLOGIC_ISA must be one of x86_64_v4, x86_64_v3 on this processor; got 'x86_64_v5'. "
        "Unset it, or set one of these. Did you mean 'x86_64_v4'?"
    )


@pytest.mark.parametrize("name", engine.available_isas())
def test_the_variable_forces_an_instruction_set(name):
    program = "from hiddenlogic import engine; print(engine.isa())"
    shown = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "HIDDENLOGIC_ISA": name},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == name


def test_threads_come_from_the_argument_then_the_variable_then_the_machine(monkeypatch):
    monkeypatch.delenv("HIDDENLOGIC_THREADS", raising=False)
    assert default_threads() == available_cores()
    monkeypatch.setenv("HIDDENLOGIC_THREADS", "3")
    assert default_threads() == 3
    assert default_threads(5) == 5


@pytest.mark.parametrize("given", ["0", "-1", "two", "1.5", "5000"])
def test_a_bad_thread_variable_is_refused(given, monkeypatch):
    monkeypatch.setenv("HIDDENLOGIC_THREADS", given)
    with pytest.raises(RangeError) as caught:
        default_threads()
    assert str(caught.value) == (
        f"HIDDENLOGIC_THREADS must be a whole number from 1 to 1024; got {given!r}. "
        "Unset it to use every core of this process."
    )


@pytest.mark.parametrize("given", [0, -1, 1.5, True, 5000])
def test_a_bad_number_of_threads_is_refused(given):
    with pytest.raises(RangeError) as caught:
        default_threads(given)
    assert str(caught.value) == (
        f"`n_threads` must be a whole number from 1 to 1024; got {given!r}. "
        "Leave it out to use every core of this process."
    )


@pytest.mark.parametrize("seed", [-1, 2**64, 0.5, True])
def test_a_bad_seed_is_refused(seed):
    with pytest.raises(RangeError) as caught:
        trainer(seed=seed)
    assert str(caught.value) == (
        f"`seed` must be a whole number from 0 to 2**64 - 1; got {seed!r}."
    )


def test_other_dtypes_are_refused():
    with pytest.raises(UnknownNameError) as caught:
        trainer(dtype="float16")
    assert str(caught.value) == "`dtype` must be float32 or float64; got 'float16'."


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError) as caught:
        trainer(weights=[np.zeros((2, 1))])
    assert str(caught.value) == (
        "`weights` must hold 2 arrays, as get_weights() gives them; got 1."
    )
    with pytest.raises(ShapeError) as caught:
        trainer(weights=[np.zeros((1, 2)), np.zeros(1)])
    assert str(caught.value) == (
        "The kernel of layer 1 (Dense) has shape (2, 1); got an array of shape (1, 2)."
    )
    with pytest.raises(DataError) as caught:
        trainer(weights=[np.zeros((2, 1)), np.array([np.nan])])
    assert str(caught.value) == (
        "The bias of layer 1 (Dense) must hold finite numbers of float32; got a NaN or an infinity."
    )


def test_weights_come_back_as_they_went_in():
    kernel, bias = np.array([[1.5], [-2.25]], np.float32), np.array([0.125], np.float32)
    one = trainer(weights=[kernel, bias])
    found = one.get_weights()
    assert [w.tolist() for w in found] == [kernel.tolist(), bias.tolist()]
    found[0][:] = 0
    assert one.get_weights()[0].tolist() == kernel.tolist()


def test_a_sigmoid_is_not_applied_twice():
    network = Network.sequential(2, [Dense(1, "sigmoid")])
    with pytest.raises(StateError) as caught:
        engine.Trainer(
            network, loss=losses.BinaryCrossentropy(from_logits=True), optimizer=optimizers.SGD()
        )
    assert str(caught.value) == (
        "binary_crossentropy with from_logits=True applies a sigmoid itself; layer 1 (Dense) has "
        "'sigmoid' already. Leave out its activation, or leave out from_logits."
    )


def test_arrays_of_the_wrong_shape_are_refused():
    one, rows = trainer(), np.zeros((4, 2))
    for call, message in [
        (
            lambda: one.fit(np.zeros((4, 3)), np.zeros((4, 1))),
            "`inputs` must have the shape (rows, 2); got (4, 3).",
        ),
        (
            lambda: one.fit(rows, np.zeros((4, 2))),
            "`targets` must have the shape (4, 1); got (4, 2).",
        ),
        (
            lambda: one.fit(rows, np.zeros((4, 1)), sample_weight=np.zeros(3)),
            "`sample_weight` must have the shape (4,); got (3,).",
        ),
        (
            lambda: one.fit(np.zeros((0, 2)), np.zeros((0, 1))),
            "`inputs` must have at least one row; got none.",
        ),
    ]:
        with pytest.raises(ShapeError) as caught:
            call()
        assert str(caught.value) == message
