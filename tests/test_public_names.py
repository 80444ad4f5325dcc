"""The names of the package: all there, none loaded before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import hiddenlogic


@pytest.mark.parametrize("name", hiddenlogic.__all__)
def test_every_public_name_is_there(name):
    assert getattr(hiddenlogic, name) is not None
    assert name in dir(hiddenlogic)


def test_keras_spellings_reach_the_same_things():
    import hiddenlogic as keras

    assert keras.models.Sequential is keras.Sequential
    assert keras.Input is keras.layers.Input
    assert keras.optimizers.Adam(1e-3).learning_rate == 1e-3
    assert keras.losses.MeanSquaredError().name == "mean_squared_error"
    assert keras.callbacks.EarlyStopping().monitor == "val_loss"
    assert keras.regularizers.l2(0.1) == keras.regularizers.L2(0.1)
    assert keras.initializers.HeUniform().name == "he_uniform"
    assert keras.activations.relu.name == "relu"
    assert keras.metrics.MeanAbsoluteError().key == "mean_absolute_error"


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'hiddenlogic' has no attribute 'Sequentail'"):
        _ = hiddenlogic.Sequentail
    with pytest.raises(AttributeError, match=r"module 'hiddenlogic\.models' has no attribute 'x'"):
        _ = hiddenlogic.models.x


def loaded_after(program: str) -> set[str]:
    """Return the third-party packages that a fresh interpreter has loaded after `program`."""
    code = f"{program}\nimport sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    packages = {name.split(".")[0] for name in run.stdout.split()}
    return packages & {"numpy", "polars", "pandas", "rich", "safetensors", "sklearn", "pyarrow"}


def test_importing_the_package_loads_no_other_package():
    assert loaded_after("import hiddenlogic") == set()


def test_training_a_sequential_loads_numpy_only():
    program = (
        "import hiddenlogic as keras\n"
        "m = keras.Sequential([keras.layers.Dense(1)])\n"
        "m.compile('sgd', 'mse')\n"
        "m.fit([1, 2], [1, 2], verbose=0)\n"
    )
    assert loaded_after(program) == {"numpy"}
