"""The only Python that speaks to the compiled core.

A `Network` is lowered to a program of steps, which the core trains and predicts with. Same data,
network, seed and settings give the same bits, on any number of threads and instruction set.
"""

from hiddenlogic.engine.dataset import Dataset as Dataset
from hiddenlogic.engine.goals import Goal as Goal
from hiddenlogic.engine.instruction_set import available_isas as available_isas
from hiddenlogic.engine.instruction_set import isa as isa
from hiddenlogic.engine.measuring import measure as measure
from hiddenlogic.engine.member import Member as Member
from hiddenlogic.engine.population import PopulationProgress as PopulationProgress
from hiddenlogic.engine.population import train_many as train_many
from hiddenlogic.engine.predicting import Predictor as Predictor
from hiddenlogic.engine.predicting import predict as predict
from hiddenlogic.engine.run import EarlyStop as EarlyStop
from hiddenlogic.engine.run import Progress as Progress
from hiddenlogic.engine.run import ReduceOnPlateau as ReduceOnPlateau
from hiddenlogic.engine.run import Run as Run
from hiddenlogic.engine.threads import default_threads as default_threads
from hiddenlogic.engine.training import Trainer as Trainer
from hiddenlogic.engine.weights import initial_weights as initial_weights

__all__ = [
    "Dataset",
    "EarlyStop",
    "Goal",
    "Member",
    "PopulationProgress",
    "Predictor",
    "Progress",
    "ReduceOnPlateau",
    "Run",
    "Trainer",
    "available_isas",
    "default_threads",
    "initial_weights",
    "isa",
    "measure",
    "predict",
    "train_many",
]
