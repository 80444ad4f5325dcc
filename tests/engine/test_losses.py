"""Every loss with each of its settings: trajectories, weights of rows, nearest wrong ones."""

from __future__ import annotations

import pytest
from agreement import check_trajectory
from reference.examples import VARIANTS, example, rate_for, variant_name

from hiddenlogic import losses
from hiddenlogic.optimizers import SGD

DTYPES = ["float32", "float64"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("variant", VARIANTS, ids=variant_name)
def test_ten_steps_of_every_setting_follow_the_reference(variant, dtype):
    loss, output = variant
    case = example("tanh", loss, output=output)
    check_trajectory(case, SGD(rate_for(loss), momentum=0.9), dtype, batch_size=5, epochs=2)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("reduction", losses.REDUCTIONS)
@pytest.mark.parametrize("name", losses.ROWS.names)
@pytest.mark.parametrize("weighted", [False, True])
def test_every_reduction_follows_the_reference(name, reduction, weighted, dtype):
    case = example("tanh", losses.get(name, reduction=reduction))
    rate = rate_for(case.loss) / (8 if reduction == "sum" else 1)
    check_trajectory(case, SGD(rate), dtype, batch_size=8, weighted=weighted)
