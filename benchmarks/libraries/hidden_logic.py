"""hiddenlogic: in Keras's words, and as the engine alone on arrays that lie ready."""

from collections.abc import Sequence

import numpy as np
from measure import Run, Variant, thread_counts, whole
from works import Beginners, Cold, Population, Prediction, Trained, Training

from libraries.process import script

NAME = "hiddenlogic"

PROGRAM = "Sequential: build, compile, fit"
HANDLE = "Predictor"
POPULATION = "train_many"
COLD = "Sequential"


def engine_form(n_threads: int) -> str:
    """Return the name of the form that trains resident arrays on so many threads."""
    return f"engine.Trainer, {n_threads} thread{'s' * (n_threads > 1)}"


def load() -> str:
    import hiddenlogic

    return hiddenlogic.__version__


def _program(work: Training) -> Run:
    import hiddenlogic as keras

    def train() -> Trained:
        model = keras.Sequential(
            [
                keras.layers.Input((work.widths[0],)),
                *[keras.layers.Dense(n, activation="relu") for n in work.hidden],
                keras.layers.Dense(
                    work.widths[-1], activation="softmax" if work.n_classes else None
                ),
            ]
        )
        loss = "sparse_categorical_crossentropy" if work.n_classes else "mean_squared_error"
        kind = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[work.optimizer]
        model.compile(optimizer=kind(work.learning_rate), loss=loss)
        history = model.fit(
            work.inputs,
            work.targets,
            batch_size=work.batch_size,
            epochs=work.epochs,
            verbose=0,
        )
        return Trained(
            lambda inputs: model.predict(inputs, verbose=0), len(history.epoch) * work.steps
        )

    return train


def _network(widths: Sequence[int], n_classes: int = 0):
    from hiddenlogic.layers import Dense
    from hiddenlogic.network import Network

    last = Dense(widths[-1], activation="softmax" if n_classes else "linear")
    return Network.sequential(
        widths[0], [*[Dense(n, activation="relu") for n in widths[1:-1]], last]
    )


def _trainer(work: Training, n_threads: int) -> Variant:
    from hiddenlogic import losses, optimizers
    from hiddenlogic.engine import Trainer

    targets = np.ascontiguousarray(work.targets[:, None], dtype=np.float32)
    kind = {"sgd": optimizers.SGD, "adam": optimizers.Adam}[work.optimizer]

    def start() -> Run:
        trainer = Trainer(
            _network(work.widths, work.n_classes),
            loss=losses.get("sparse_categorical_crossentropy" if work.n_classes else "mse"),
            optimizer=kind(work.learning_rate),
            n_threads=n_threads,
        )

        def train() -> Trained:
            run = trainer.fit(work.inputs, targets, batch_size=work.batch_size, epochs=work.epochs)
            return Trained(trainer.predict, run.steps)

        return train

    return Variant(NAME, engine_form(n_threads), start)


def beginners(work: Beginners) -> list[Variant]:
    return [Variant(NAME, PROGRAM, whole(_program(work))), _trainer(work, 1)]


def training(work: Training) -> list[Variant]:
    alone = [_trainer(work, n_threads) for n_threads in thread_counts()]
    return [Variant(NAME, PROGRAM, whole(_program(work))), *alone]


def population(work: Population) -> list[Variant]:
    from hiddenlogic import losses, optimizers
    from hiddenlogic.engine import Dataset, Member, train_many

    def train():
        data = Dataset(work.inputs, work.targets[:, None])
        members = [
            Member(
                _network(work.widths(member.hidden)),
                data,
                loss=losses.get("mse"),
                optimizer=optimizers.Adam(member.learning_rate),
                seed=member.seed,
                batch_size=work.batch_size,
            )
            for member in work.members
        ]
        train_many(members, epochs=work.epochs)
        return lambda: np.stack([member.predict()[:, 0] for member in members])

    return [Variant(NAME, POPULATION, whole(train))]


def prediction(work: Prediction) -> list[Variant]:
    from hiddenlogic.engine import Predictor

    weights = [array for layer in work.layers for array in layer]
    predictor = Predictor(_network(work.widths), weights)
    return [Variant(NAME, HANDLE, whole(lambda: predictor.predict(work.inputs)))]


def cold(work: Cold) -> list[Variant]:
    return [Variant(NAME, COLD, script(work, "hidden_logic.py"))]
