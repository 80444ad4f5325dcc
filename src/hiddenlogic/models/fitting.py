"""One `fit`: checked rows go to the engine, its epochs to callbacks, history and display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiddenlogic.callbacks import Callback, History, Trainable
from hiddenlogic.errors import DivergenceError
from hiddenlogic.models.compilation import Compilation
from hiddenlogic.models.events import Listener, native_stop, report_native_stop
from hiddenlogic.models.fit_data import Rows
from hiddenlogic.models.weight_list import Weights
from hiddenlogic.network import Network
from hiddenlogic.training.progress import Display

if TYPE_CHECKING:
    from hiddenlogic.engine import Run, Trainer


@dataclass(frozen=True)
class Plan:
    """What a `fit` was asked for, all of it checked."""

    rows: Rows
    held_back: Rows | None
    callbacks: Sequence[Callback]
    verbose: int
    epochs: int
    batch_size: int
    shuffle: bool

    @property
    def steps(self) -> int:
        """Steps of an epoch."""
        return -(-len(self.rows) // self.batch_size)


def new_trainer(
    compilation: Compilation, network: Network, weights: Weights, dtype: str, seed: int
) -> Trainer:
    """Return a trainer that starts from these weights.

    Raises
    ------
    StateError
        If there is no loss, or a layer of an output does not suit it.
    """
    from hiddenlogic.engine import Trainer

    compilation.check_outputs(network)
    units = (network.units[node] for node in network.outputs)
    goals = [one.goal(width) for one, width in zip(compilation.objectives, units, strict=True)]
    return Trainer(
        network,
        loss=goals,
        optimizer=compilation.optimizer,
        weights=weights,
        dtype=dtype,
        seed=seed,
    )


def fit(model: Trainable, trainer: Trainer, plan: Plan, history: History) -> None:
    """Train, and fill `history` however the training ends.

    Raises
    ------
    DivergenceError
        If the loss stopped being a finite number.
    KeyboardInterrupt
        If Ctrl-C was pressed; callbacks have heard of the end by then.
    """
    params = {"verbose": plan.verbose, "epochs": plan.epochs, "steps": plan.steps}
    history.set_model(model)
    history.set_params(params)
    display = Display(plan.verbose, epochs=plan.epochs, steps=plan.steps)
    native = native_stop(plan.callbacks)
    callbacks: Sequence[Callback] = () if native else plan.callbacks
    listener = Listener(
        model, callbacks, display, epochs=plan.epochs, validates=plan.held_back is not None
    )
    listener.begin(params)
    try:
        run = trainer.fit(
            plan.rows.inputs,
            plan.rows.targets,
            sample_weight=plan.rows.sample_weight,
            epochs=plan.epochs,
            batch_size=plan.batch_size,
            shuffle=plan.shuffle,
            validation=None if plan.held_back is None else plan.held_back.as_tuple(),
            early_stop=native[1] if native else None,
            on_epoch=listener.epoch if callbacks or plan.verbose else None,
            on_progress=listener.progress if display.repaints else None,
        )
    except DivergenceError:
        _keep(history, trainer.last_run, listener)
        raise
    except KeyboardInterrupt:
        _keep(history, trainer.last_run, listener)
        listener.end()
        raise
    finally:
        display.close()
    _keep(history, run, listener)
    if native:
        report_native_stop(native[0], run)
    listener.end()


def _keep(history: History, run: Run | None, listener: Listener) -> None:
    """Store what was recorded so far."""
    if run is not None:
        rates = listener.learning_rates
        history.record(run.history | ({"learning_rate": rates} if rates else {}))
