"""What may listen to a training, stop it and set its rate, with Keras's names and defaults."""

from hiddenlogic.callbacks.callback import Callback as Callback
from hiddenlogic.callbacks.callback import History as History
from hiddenlogic.callbacks.callback import Logs as Logs
from hiddenlogic.callbacks.callback import Trainable as Trainable
from hiddenlogic.callbacks.early_stopping import EarlyStopping as EarlyStopping
from hiddenlogic.callbacks.learning_rate import LearningRateScheduler as LearningRateScheduler
from hiddenlogic.callbacks.learning_rate import ReduceLROnPlateau as ReduceLROnPlateau
from hiddenlogic.callbacks.monitoring import Monitoring as Monitoring

__all__ = [
    "Callback",
    "EarlyStopping",
    "History",
    "LearningRateScheduler",
    "Logs",
    "Monitoring",
    "ReduceLROnPlateau",
    "Trainable",
]
