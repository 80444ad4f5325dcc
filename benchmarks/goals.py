"""What the engine must and should reach: a peer's time, in its fastest form, divided by ours."""

from __future__ import annotations

from dataclasses import dataclass

from libraries import hidden_logic, jax_xla, keras_tensorflow, onnx_runtime, pytorch, scikit_learn
from measure import Variant, thread_counts
from works import Work

_JAX, _TORCH, _KERAS = jax_xla.NAME, pytorch.NAME, keras_tensorflow.NAME
_SKLEARN, _ONNX = scikit_learn.NAME, onnx_runtime.NAME
_ALL_CORES = hidden_logic.engine_form(thread_counts()[-1])


@dataclass(frozen=True)
class Ratio:
    """A peer's median over ours, and what it must and should be.

    `peers` are library names, `()` for all of them; of their forms the fastest counts, but for
    those whose name holds `without`, or where `form` names the one that is meant.
    """

    ours: str
    peers: tuple[str, ...]
    must: float
    aim: float | None = None
    form: str | None = None
    without: str | None = None

    def measured(self, variants: list[Variant]) -> tuple[float, Variant] | None:
        """Return the ratio and whose it is; None if none of the peers was timed."""
        ours = next(v for v in variants if v.library == hidden_logic.NAME and v.form == self.ours)
        others = [
            v
            for v in variants
            if v.library != hidden_logic.NAME
            and (not self.peers or v.library in self.peers)
            and (self.form is None or v.form == self.form)
            and (self.without is None or self.without not in v.form)
        ]
        if not others:
            return None
        fastest = min(others, key=lambda v: v.median)
        return fastest.median / ours.median, fastest


@dataclass(frozen=True)
class Verdict:
    """What was measured against one goal."""

    against: str
    measured: float
    must: float
    aim: float | None = None

    @property
    def text(self) -> str:
        if self.measured < self.must:
            return f"NOT MET: {self.measured / self.must:.0%} of the must"
        if self.aim is not None and self.measured < self.aim:
            return f"met; {self.measured / self.aim:.0%} of the aim"
        return "met, and the aim" if self.aim is not None else "met"


RATIOS: dict[str, tuple[Ratio, ...]] = {
    "beginners": (
        # A program beside programs, and a fit beside a fit.
        Ratio(hidden_logic.PROGRAM, (), 20, 50, without=jax_xla.FIT),
        Ratio(hidden_logic.engine_form(1), (), 20, 50),
        Ratio(hidden_logic.PROGRAM, (_KERAS,), 5_000, 20_000, form=keras_tensorflow.PLAIN),
    ),
    "table64": (
        Ratio(_ALL_CORES, (_JAX,), 1.8, 3),
        Ratio(_ALL_CORES, (_TORCH,), 12),
    ),
    "table256": (
        Ratio(_ALL_CORES, (_JAX,), 1.15, 1.4),
        Ratio(_ALL_CORES, (_TORCH,), 2),
    ),
    "images128": (
        Ratio(_ALL_CORES, (_JAX,), 1.4, 2),
        Ratio(_ALL_CORES, (_TORCH,), 5),
        Ratio(_ALL_CORES, (_KERAS,), 15),
    ),
    "wide1024": (Ratio(_ALL_CORES, (), 1.1),),
    "population": (Ratio(hidden_logic.POPULATION, (), 5, 10),),
    "row": tuple(Ratio(hidden_logic.HANDLE, (peer,), 1, 2) for peer in (_ONNX, _TORCH)),
    "million": tuple(Ratio(hidden_logic.HANDLE, (peer,), 1, 2) for peer in (_ONNX, _TORCH)),
    "cold": (
        Ratio(hidden_logic.COLD, (_SKLEARN,), 5, 10),
        Ratio(hidden_logic.COLD, (_KERAS,), 20),
    ),
}

# Share of the cores' multiply-add units: must, aim.
PEAKS: dict[str, tuple[float, float]] = {"wide1024": (0.75, 0.85)}


def verdicts(work: Work, variants: list[Variant], peak: float) -> list[Verdict]:
    """Return each goal of the work against what was measured; `peak` in GFLOP/s."""
    found = []
    for ratio in RATIOS.get(work.name, ()):
        if (measured := ratio.measured(variants)) is not None:
            times, peer = measured
            against = f"{peer.library}: {peer.form}"
            found.append(Verdict(against, times, ratio.must, ratio.aim))
    if work.name in PEAKS:
        ours = next(v for v in variants if v.form == _ALL_CORES)
        share = work.flops / ours.median / 1e9 / peak
        found.append(Verdict("measured peak of all cores", share, *PEAKS[work.name]))
    return found
