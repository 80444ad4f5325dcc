"""Verdicts, word for word."""

import numpy as np
import pytest

from hiddenlogic.search.candidate import STRAIGHT_LINE
from hiddenlogic.search.problem import Part, Problem, Task
from hiddenlogic.search.verdict import Contest, Verdict, judge

NOTHING = Part(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32))
WAVE = np.array([0.9, 1.1, 1.0, 1.0])


def _judge(
    structure: str, levels: tuple[float, float, float], task: Task = "regression"
) -> Verdict:
    """The verdict for losses that vary around three levels."""
    chosen, line, constant = levels
    problem = Problem(task, 0 if task == "regression" else 2, NOTHING, NOTHING, unit=10.0)
    if structure == STRAIGHT_LINE:
        line = chosen
    return judge(
        problem, Contest(structure, chosen * WAVE, line * WAVE[::-1], constant * WAVE[::-1])
    )


@pytest.mark.parametrize(
    ("structure", "levels", "outcome", "text"),
    [
        (
            "[64, 64]",
            (0.25, 1.0, 4.0),
            "network",
            "Use the network [64, 64]: on the 4 held-out rows it has RMSE 5.00, against 10.0 for"
            " the straight line (better by 5.00 ± 0.281) and 20.0 for predicting the mean.",
        ),
        (
            STRAIGHT_LINE,
            (1.0, 1.0, 4.0),
            "straight line",
            "Use the straight line: nothing bigger helps. On the 4 held-out rows it has RMSE 10.0,"
            " against 20.0 for predicting the mean (better by 10.0 ± 0.561).",
        ),
        (
            "[8]",
            (0.99, 1.0, 4.0),
            "not proven",
            "Not proven: the network [8] was better on the validation rows, but on the 4 held-out"
            " rows it has RMSE 9.95, against 10.0 for the straight line (better by 0.0501 ± 0.288)"
            " and 20.0 for predicting the mean. The straight line may do as well.",
        ),
        (
            STRAIGHT_LINE,
            (4.0, 4.0, 4.0),
            "nothing",
            "Nothing to learn was found: on the 4 held-out rows the straight line has RMSE 20.0,"
            " against 20.0 for predicting the mean (better by 0.00 ± 0.577).",
        ),
    ],
)
def test_the_verdict_says_what_to_use(
    structure: str, levels: tuple[float, float, float], outcome: str, text: str
):
    verdict = _judge(structure, levels)
    assert (verdict.outcome, verdict.text) == (outcome, text)


def test_classes_are_compared_by_log_loss():
    assert _judge("[8]", (0.1, 0.5, 0.7), "binary").text == (
        "Use the network [8]: on the 4 held-out rows it has log-loss 0.100, against 0.500 for the"
        " straight line (logistic) (better by 0.400 ± 0.0208) and 0.700 for the shares of the"
        " classes."
    )


def test_one_held_out_row_proves_nothing():
    problem = Problem("regression", 0, NOTHING, NOTHING)
    one = np.ones(1)
    assert judge(problem, Contest("[8]", 0 * one, one, 2 * one)) == Verdict(
        "not proven", "Too few rows are held out to say anything: bring more rows."
    )
