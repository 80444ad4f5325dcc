"""Our perceptrons among scikit-learn's tools."""

import pickle

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

import pandas as pd
import sklearn
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from hiddenlogic.activations import Activation
from hiddenlogic.losses import Huber
from hiddenlogic.optimizers import AdamW
from hiddenlogic.schedules import CosineDecay
from hiddenlogic.sklearn import MLPClassifier, MLPRegressor

X, Y = load_iris(return_X_y=True)
NAMES = np.array(["setosa", "versicolor", "virginica"])[Y]
BY_CHANCE = 1.0 / 3.0


def classifier(**settings):
    return MLPClassifier((8,), solver="lbfgs", max_iter=60, random_state=0, **settings)


pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def test_pipeline_scales_before_it_learns():
    assert make_pipeline(StandardScaler(), classifier()).fit(X, NAMES).score(X, NAMES) > 0.9


def test_column_transformer_prepares_a_dataframe():
    frame = pd.DataFrame({"length": X[:, 2], "kind": NAMES})
    prepared = ColumnTransformer(
        [("number", StandardScaler(), ["length"]), ("kind", OneHotEncoder(), ["kind"])]
    )
    assert make_pipeline(prepared, classifier()).fit(frame, NAMES).score(frame, NAMES) == 1.0


def test_grid_search_finds_the_better_setting():
    search = GridSearchCV(classifier(), {"alpha": [1e-4, 1e6]}, cv=3).fit(X, Y)
    assert search.best_params_ == {"alpha": 1e-4}


def test_cross_validation_scores_each_fold():
    assert (cross_val_score(classifier(), X, Y, cv=3) > 0.8).all()


def test_calibration_takes_the_probabilities():
    shares = CalibratedClassifierCV(classifier(), cv=3).fit(X, Y).predict_proba(X)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)


def test_permutation_importance_finds_the_petals():
    model = classifier().fit(X, Y)
    found = permutation_importance(model, X, Y, n_repeats=5, random_state=0).importances_mean
    assert set(np.argsort(found)[-2:]) == {2, 3}


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_pickles_predict_the_same_bits(solver):
    model = MLPClassifier((8,), solver=solver, max_iter=20, random_state=0).fit(X, NAMES)
    copy = pickle.loads(pickle.dumps(model))
    assert np.array_equal(copy.predict_proba(X), model.predict_proba(X))
    assert np.array_equal(copy.predict(X), model.predict(X))


def test_clones_have_equal_objects_as_parameters():
    model = MLPRegressor(
        Huber(2.0), (4, 3), [Activation("elu"), "tanh"], solver=AdamW(0.01), dropout=[0.1, 0.0]
    )
    assert clone(model).get_params() == model.get_params()


def test_metadata_routing_brings_weights_and_held_out_rows():
    weight = np.where(Y == 0, 0.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        asks = (
            classifier().set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
        )
        found = cross_validate(
            asks, X, Y, cv=3, params={"sample_weight": weight}, return_estimator=True
        )
    for model in found["estimator"]:
        assert not (model.predict(X) == 0).any()
    with sklearn.config_context(enable_metadata_routing=True):
        asks = MLPClassifier().set_fit_request(X_val=True, y_val=True)
        assert asks.get_metadata_routing().fit.requests["X_val"] is True


def test_hidden_values_are_a_step_of_a_pipeline_and_come_as_a_dataframe():
    model = classifier().fit(X, Y)
    assert make_pipeline(clone(model), LogisticRegression(max_iter=500)).fit(X, Y).score(X, Y) > 0.9
    named = model.set_output(transform="pandas").transform(X)
    assert list(named.columns)[:2] == ["mlpclassifier0", "mlpclassifier1"]
    assert named.shape == (150, 8)


EXAMPLES = [
    MLPRegressor(Huber(2.0), (4, 3), ["elu", Activation("leaky_relu", 0.2)], max_iter=3),
    MLPRegressor(solver=AdamW(CosineDecay(0.01, 50)), batch_norm=True, dropout=0.2, max_iter=3),
    MLPRegressor("poisson", (), random_state=np.random.RandomState(0), n_iter_no_change=np.inf),
    MLPClassifier((5,), class_weight={"setosa": 2.0}, early_stopping=True, max_iter=3),
    MLPClassifier((5,), solver="lbfgs", max_iter=3, loss="categorical_focal_crossentropy"),
]


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_files_hold_all_that_a_fitted_estimator_is(model, dtype, tmp_path):
    frame = pd.DataFrame(X.astype(dtype), columns=list("abcd"))
    model = clone(model).fit(frame, NAMES if isinstance(model, MLPClassifier) else Y)
    model.save(tmp_path / "model.safetensors")
    copy = type(model).load(tmp_path / "model.safetensors")
    assert np.array_equal(copy.predict(frame), model.predict(frame))
    assert copy.coefs_[0].dtype == dtype
    for name in ("loss_curve_", "validation_scores_", "n_iter_", "t_", "best_loss_", "loss_"):
        assert getattr(copy, name) == getattr(model, name)
    kept, due = copy.get_params(), model.get_params()
    kept.pop("random_state"), due.pop("random_state")
    assert kept == due
    assert list(copy.feature_names_in_) == list("abcd")


def test_labels_survive_a_file(tmp_path):
    labels = np.c_[Y == 0, Y > 0].astype(int)
    model = MLPClassifier((5,), max_iter=3, random_state=0).fit(X, labels)
    model.save(tmp_path / "model.safetensors")
    assert np.array_equal(
        MLPClassifier.load(tmp_path / "model.safetensors").predict(X), model.predict(X)
    )


def test_a_file_of_the_other_estimator_is_refused(tmp_path):
    from hiddenlogic.errors import FormatError

    MLPRegressor(hidden_layer_sizes=(3,), max_iter=2).fit(X, Y).save(tmp_path / "model.safetensors")
    with pytest.raises(FormatError) as refused:
        MLPClassifier.load(tmp_path / "model.safetensors")
    assert str(refused.value) == (
        "`model.safetensors` holds a sklearn.MLPRegressor; a MLPClassifier was expected."
    )
