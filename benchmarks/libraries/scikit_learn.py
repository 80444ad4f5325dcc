"""scikit-learn's MLPRegressor and MLPClassifier; a population through joblib.

Its squared loss is half the mean of squares, so that the same update takes twice the learning rate
with SGD (Adam divides the factor out, but for epsilon). Its biases start at random numbers, not 0.
"""

import warnings

import numpy as np
from measure import Run, Variant, cores, thread_counts, whole
from works import Beginners, Cold, Member, Population, Trained, Training

from libraries.process import script

NAME = "scikit-learn"


def load() -> str:
    import sklearn
    import sklearn.neural_network

    return sklearn.__version__


def _fitted(estimator, x: np.ndarray, y: np.ndarray):
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return estimator.fit(x, y)


def _estimator(hidden: tuple[int, ...], classifies: bool, epochs: int, **options):
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    return (MLPClassifier if classifies else MLPRegressor)(
        hidden_layer_sizes=hidden,
        alpha=0.0,
        tol=0.0,
        n_iter_no_change=10**6,
        max_iter=epochs,
        epsilon=1e-7,
        **options,
    )


def _variant(work: Training, n_threads: int) -> Variant:
    from threadpoolctl import threadpool_limits

    sgd = work.optimizer == "sgd"

    def train() -> Trained:
        model = _estimator(
            work.hidden,
            bool(work.n_classes),
            work.epochs,
            solver=work.optimizer,
            momentum=0.0,
            learning_rate_init=work.learning_rate * (2 if sgd else 1),
            batch_size=work.batch_size,
        )
        with threadpool_limits(n_threads):
            _fitted(model, work.inputs, work.targets)
        predict = model.predict_proba if work.n_classes else model.predict
        return Trained(predict, model.n_iter_ * work.steps)

    name = "MLPClassifier" if work.n_classes else "MLPRegressor"
    return Variant(NAME, f"{name}, {n_threads} BLAS thread{'s' * (n_threads > 1)}", whole(train))


def beginners(work: Beginners) -> list[Variant]:
    return [_variant(work, 1)]


def training(work: Training) -> list[Variant]:
    return [_variant(work, n_threads) for n_threads in sorted({1, thread_counts()[-1]})]


def _member(member: Member, work: Population):
    model = _estimator(
        member.hidden,
        False,
        work.epochs,
        learning_rate_init=member.learning_rate,
        batch_size=work.batch_size,
        random_state=member.seed,
    )
    return _fitted(model, work.inputs, work.targets)


def population(work: Population) -> list[Variant]:
    from joblib import Parallel, delayed

    def train() -> Run:
        # joblib gives each worker one BLAS thread where there are as many workers as cores.
        models = Parallel(n_jobs=cores())(delayed(_member)(member, work) for member in work.members)
        return lambda: np.stack([model.predict(work.inputs) for model in models])

    return [Variant(NAME, f"MLPRegressor, joblib, n_jobs={cores()}", whole(train))]


def cold(work: Cold) -> list[Variant]:
    return [Variant(NAME, "MLPRegressor", script(work, "scikit_learn.py"))]
