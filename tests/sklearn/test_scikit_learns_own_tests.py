"""scikit-learn's checks of any estimator, and its tests of its own perceptrons, run on ours."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

import sklearn.neural_network
from sklearn.utils.estimator_checks import parametrize_with_checks

from hiddenlogic.sklearn import MLPClassifier, MLPRegressor

NAMES = {"MLPClassifier": MLPClassifier, "MLPRegressor": MLPRegressor}


# As many epochs as scikit-learn's own run of these checks gives its perceptrons; no exceptions.
@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([MLPRegressor(max_iter=100), MLPClassifier(max_iter=100)])
def test_estimators_pass_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


# What asserts private details, and why ours are others.
PRIVATE = {
    "test_gradient": "calls _loss_grad_lbfgs, with which scipy is told the gradient; ours never "
    "leaves the core, and is compared with differences in tests/reference",
    "test_lbfgs_classification_maxfun": "asserts that scipy has not converged after 10 looks at "
    "the loss; on the digits 0 and 1 with a logistic layer ours has, after 7",
}


def _module():
    """Return scikit-learn's test module with our classes in place of its own."""
    folder = Path(sklearn.neural_network.__file__).parent / "tests"
    spec = spec_from_file_location("scikit_learn_test_mlp", folder / "test_mlp.py")
    module = module_from_spec(spec)
    own = {name: getattr(sklearn.neural_network, name) for name in NAMES}
    try:  # the module takes the names as it is read, its parametrisations too
        for name, ours in NAMES.items():
            setattr(sklearn.neural_network, name, ours)
        spec.loader.exec_module(module)
    finally:
        for name, theirs in own.items():
            setattr(sklearn.neural_network, name, theirs)
    return module


_THEIRS = {name: one for name, one in vars(_module()).items() if name.startswith("test_")}
for _name, _test in _THEIRS.items():
    if _name not in PRIVATE:
        globals()[_name] = pytest.mark.filterwarnings("ignore")(_test)


@pytest.fixture
def global_random_seed():
    """The seed that scikit-learn's own run has by default."""
    return 42


def test_private_details_are_all_that_is_left_out():
    assert set(PRIVATE) < set(_THEIRS)
    assert len(_THEIRS) - len(PRIVATE) >= 40


def test_gradient_fails_by_the_private_function_alone():
    with pytest.raises(AttributeError, match="_loss_grad_lbfgs"):
        _THEIRS["test_gradient"]()


@pytest.mark.parametrize("activation", ["identity", "tanh", "relu"])
def test_max_fun_ends_lbfgs(activation):
    from sklearn.exceptions import ConvergenceWarning

    X, y = _module().classification_datasets[1]
    model = MLPClassifier(50, activation, solver="lbfgs", max_fun=5, random_state=1)
    with pytest.warns(ConvergenceWarning, match="TOTAL NO. OF F,G EVALUATIONS EXCEEDS LIMIT"):
        model.fit(X, y)
    assert model.n_iter_ <= 5
