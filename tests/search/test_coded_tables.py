"""Tables whose categories become codes, all the way to a file and back."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hiddenlogic.models.table_model import TableModel
from hiddenlogic.search.baselines import constant
from hiddenlogic.search.fit_table import fit_table
from hiddenlogic.search.prepared import prepare
from hiddenlogic.table import read_table

RANDOM = np.random.default_rng(4)
TOWNS = RANDOM.integers(0, 20, 400)
WORTH = RANDOM.normal(0, 2, 20)
SIZE = RANDOM.normal(size=400)


@pytest.fixture(params=[True, False], ids=["with numbers", "codes alone"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A table whose target is a number a town, and a line over the size if there is one."""
    columns = {"town": [f"town {one:02}" for one in TOWNS]}
    price = WORTH[TOWNS]
    if request.param:
        columns |= {"size": SIZE}
        price = price + SIZE
    pl.DataFrame(columns | {"price": price}).write_csv(tmp_path / "t.csv")
    return tmp_path / "t.csv"


def test_codes_are_learned_saved_and_read(path: Path, tmp_path: Path):
    fit = fit_table(path, target="price", seconds=3.0)
    rows = {row.name: row.held_out for row in fit.leaderboard}
    # The target is a line over one input a level, so a line over codes finds it.
    assert rows["straight line"]["R²"] > 0.99
    fit.model.save(tmp_path / "m.safetensors")
    again = TableModel.load(tmp_path / "m.safetensors")
    frame = pl.read_csv(path)
    assert again.outputs(frame).tobytes() == fit.model.outputs(frame).tobytes()
    unseen = again.predict(frame.head(1).with_columns(town=pl.lit("elsewhere")))
    assert np.isfinite(unseen["prediction"][0])


def test_the_constant_knows_no_codes(path: Path):
    prepared = prepare(read_table(path), "price", "auto", {}, 0, lambda _: None)
    problem = prepared.problem()
    mean = problem.train.targets.mean(dtype=np.float64)
    losses = constant(problem).validation_losses
    assert losses == pytest.approx((problem.validation.targets[:, 0] - mean) ** 2, rel=1e-3)
