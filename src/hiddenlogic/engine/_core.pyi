"""Types of the compiled core; native/bindings/ holds the definitions."""

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32] | NDArray[np.float64]

class Report(TypedDict):
    status: str
    records: NDArray[np.float64]
    best_epoch: int
    bad_epoch: int
    bad_step: int
    bad_loss: bool
    bad_value: float
    steps: int
    seconds: float

def available_isas() -> list[str]: ...
def fma_peak(isa: str, dtype: str, threads: int, seconds: float) -> float: ...
def uniform(isa: str, seed: int, part: int, n: int, first: int = 0) -> NDArray[np.float64]: ...
def normal(isa: str, seed: int, part: int, n: int, truncated: bool) -> NDArray[np.float64]: ...
def exponential(isa: str, seed: int, part: int, n: int) -> NDArray[np.float64]: ...
def orthonormal_columns(a: NDArray[np.float64]) -> NDArray[np.float64]: ...
def column_moments(
    x: NDArray[Any], weights: NDArray[Any] | None
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]: ...
def activation(
    isa: str, name: str, parameters: Sequence[float], derivative: bool, z: NDArray[Any]
) -> NDArray[Any]: ...
def loss(
    isa: str,
    name: str,
    numbers: Sequence[Schedule],
    of_logits: bool,
    prediction: NDArray[Any],
    target: NDArray[Any],
    weight: NDArray[Any] | None,
    scale: float,
) -> tuple[NDArray[Any], NDArray[Any]]: ...
def multiply(isa: str, a: NDArray[Any], b: NDArray[Any], transposed: bool) -> NDArray[Any]: ...

class ProgramFloat32:
    def input(self, units: int) -> int: ...
    def dense(
        self,
        at: int,
        units: int,
        activation: str,
        parameters: Sequence[float],
        use_bias: bool,
    ) -> int: ...
    def activation(self, at: int, activation: str, parameters: Sequence[float]) -> int: ...
    def dropout(self, at: int, rate: Schedule, part: int) -> int: ...
    def alpha_dropout(self, at: int, rate: Schedule, part: int) -> int: ...
    def gaussian_noise(self, at: int, stddev: Schedule, part: int) -> int: ...
    def gaussian_dropout(self, at: int, rate: Schedule, part: int) -> int: ...
    def batch_normalisation(
        self, at: int, momentum: float, epsilon: float, center: bool, scale: bool
    ) -> int: ...
    def unit_normalisation(
        self,
        at: int,
        *,
        centres: bool,
        averages: bool,
        epsilon: float,
        most: float,
        center: bool,
        scale: bool,
    ) -> int: ...
    def scale(self, at: int) -> int: ...
    def affine(
        self, at: int, shift: Sequence[float], factor: Sequence[float], offset: Sequence[float]
    ) -> int: ...
    def blend(
        self, at: int, activation: str, parameters: Sequence[float], towards_activation: bool
    ) -> int: ...
    def slice(self, unit: int, units: int) -> int: ...
    def member_scale(self, at: int, members: int, use_offset: bool) -> int: ...
    def member_dense(self, at: int, units: int, use_bias: bool) -> int: ...
    def member_mean(self, at: int) -> int: ...
    def merge(self, at: Sequence[int], how: str) -> int: ...
    def units(self, at: int) -> int: ...
    def embedding(self, at: int, rows: int, units: int) -> int: ...
    def feature_linear(
        self, at: int, widths: Sequence[int], units: int, use_bias: bool, shared: bool
    ) -> int: ...
    def piecewise_linear(self, at: int, edges: Sequence[Sequence[float]]) -> int: ...
    def waves(self, at: int, frequencies: int, has_phase: bool) -> int: ...
    def penalise(self, place: int, l1: Schedule, l2: Schedule) -> None: ...
    def penalise_pairs(self, place: int, factor: Schedule, of_rows: bool) -> None: ...
    def penalise_activity(self, at: int, l1: Schedule, l2: Schedule) -> None: ...
    def forbid_negative(self, place: int) -> None: ...
    def constrain_norms(
        self, place: int, of_rows: bool, least: float, most: float, rate: float
    ) -> None: ...
    def finish(self, outputs: Sequence[int], from_z: Sequence[bool]) -> None: ...

class ProgramFloat64(ProgramFloat32): ...

class PredictorFloat32:
    def __init__(
        self, program: ProgramFloat32, isa: str, threads: int, weights: Sequence[NDArray[Any]]
    ) -> None: ...
    def predict(self, inputs: NDArray[Any]) -> NDArray[Any]: ...

class PredictorFloat64(PredictorFloat32): ...

class Schedule:
    def __init__(
        self,
        kind: str,
        settings: Sequence[float],
        *,
        is_open: bool = False,
        boundaries: Sequence[float] = ...,
        values: Sequence[float] = ...,
    ) -> None: ...
    def value(self, step: int, first: int = 0, steps: float = ...) -> float: ...

class Measure:
    def __init__(
        self,
        name: str,
        *,
        of_rows: bool,
        weighted: bool,
        parameter: float = 0.0,
        thresholds: Sequence[float] = ...,
        top_k: int = 0,
        average: str = "one",
        class_id: int = 0,
        beta: float = 1.0,
        precision_recall: bool = False,
        one_against_one: bool = False,
        power: int = 0,
        by_variance: bool = False,
        num_regressors: int = 0,
        bins: int = 1,
        output: int = 0,
        values: int = 1,
    ) -> None: ...

class Optimizer:
    def __init__(
        self,
        kind: str,
        *,
        learning_rate: Schedule,
        momentum: Schedule,
        beta_1: Schedule,
        beta_2: Schedule,
        weight_decay: Schedule,
        epsilon: Schedule,
        limit: Schedule,
        average_momentum: Schedule,
        first_square: float,
        has_momentum: bool,
        nesterov: bool,
        centered: bool,
        amsgrad: bool,
        history: int,
        tolerance_grad: float,
        tolerance_change: float,
        most_looks: int,
        clipping: str,
        accumulation: int,
        averages: bool,
        overwrites: int,
        rate_factors: Sequence[float],
        decay_factors: Sequence[float],
    ) -> None: ...

class EarlyStopRule:
    def __init__(
        self,
        *,
        measure: int,
        maximise: bool,
        min_delta: float,
        patience: int,
        start_from_epoch: int,
        baseline: float,
        restore_best: bool,
    ) -> None: ...

class PlateauRule:
    def __init__(
        self,
        *,
        measure: int,
        maximise: bool,
        factor: float,
        patience: int,
        min_delta: float,
        cooldown: int,
        min_rate: float,
    ) -> None: ...

class ObjectiveFloat32:
    def __init__(
        self,
        *,
        loss: str,
        numbers: Sequence[Schedule],
        of_logits: bool,
        reduction: str,
        measures: Sequence[Measure],
        targets: str,
        outputs_per_target: int,
        link: str,
        weight: float,
        target_units: int,
    ) -> None: ...

class ObjectiveFloat64(ObjectiveFloat32): ...

class TrainerFloat32:
    def __init__(
        self,
        program: ProgramFloat32,
        *,
        isa: str,
        objectives: Sequence[ObjectiveFloat32],
        optimizer: Optimizer,
        seed: int,
        threads: int,
        adaptive_threads: bool,
        shared_penalties: bool,
    ) -> None: ...
    def get_weights(self) -> list[NDArray[Any]]: ...
    def set_weights(self, weights: Sequence[NDArray[Any]]) -> None: ...
    def learning_rate(self) -> float: ...
    def set_schedule(self, schedule: Schedule) -> None: ...
    def looks(self) -> int: ...
    def threads_for(self, batch_size: int) -> int: ...
    def fit(
        self,
        inputs: NDArray[Any],
        targets: NDArray[Any],
        sample_weight: NDArray[Any] | None,
        *,
        epochs: int,
        batch_size: int,
        shuffle: bool,
        validation_inputs: NDArray[Any] | None,
        validation_targets: NDArray[Any] | None,
        validation_weight: NDArray[Any] | None,
        seconds: float,
        early_stop: EarlyStopRule,
        plateau: PlateauRule,
        on_epoch: Callable[[int, list[float]], bool] | None,
        on_progress: Callable[[int, int, int, float], bool] | None,
    ) -> tuple[Report, BaseException | None]: ...
    def evaluate(
        self,
        inputs: NDArray[Any],
        targets: NDArray[Any],
        sample_weight: NDArray[Any] | None,
    ) -> list[float]: ...
    def predict(self, inputs: NDArray[Any]) -> NDArray[Any]: ...

class TrainerFloat64(TrainerFloat32): ...

class Member:
    def report(self) -> Report: ...
    def status(self) -> str: ...
    def epochs_done(self) -> int: ...

class MemberFloat32(Member):
    def __init__(
        self,
        trainer: TrainerFloat32,
        *,
        inputs: NDArray[Any],
        targets: NDArray[Any],
        weights: NDArray[Any] | None,
        rows: NDArray[np.uint32] | None,
        validation_weights: NDArray[Any] | None,
        validation_rows: NDArray[np.uint32] | None,
        batch_size: int,
        shuffle: bool,
        early_stop: EarlyStopRule,
        plateau: PlateauRule,
    ) -> None: ...
    def get_weights(self) -> list[NDArray[Any]]: ...
    def best_weights(self) -> list[NDArray[Any]]: ...
    def predict(self, rows: NDArray[np.uint32] | None) -> NDArray[Any]: ...

class MemberFloat64(MemberFloat32): ...

def train_many(
    members: Sequence[tuple[Member, int]],
    *,
    threads: int,
    seconds: float,
    on_progress: Callable[[int, int, int, int, float], bool] | None,
) -> BaseException | None: ...
