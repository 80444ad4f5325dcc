"""The result of a fit as text and as data."""

import json
from typing import Any, cast

import polars as pl

from hiddenlogic.report.table_fit import table_fit_json, table_fit_text
from hiddenlogic.search.conclusion import TableFit
from hiddenlogic.search.leaderboard import Row
from hiddenlogic.search.verdict import Verdict

FIT = TableFit(
    model=cast("Any", None),
    leaderboard=(
        Row("[64, 64]", "silu", 4801, 3, 4.6),
        Row("[8]", "silu", 81, 2, 4.7, chosen=True, held_out={"RMSE": 5.0, "R²": 0.9}),
        Row("straight line", "", 9, 1, 8.9, held_out={"RMSE": 9.0, "R²": 0.7}),
        Row("mean", "", 1, 1, 16.8, held_out={"RMSE": 17.0, "R²": -0.001}),
    ),
    verdict=Verdict("network", "Use the network [8]."),
    measure="RMSE",
    sample=pl.DataFrame({"true": [1.5, 20.0], "predicted": [1.25, 21.0]}),
    rows={"train": 70, "validation": 15, "held out": 15},
    notes=("[32] was left out: It diverged.",),
    networks=6,
    seconds=9.87,
    interrupted=False,
)


def test_the_text_holds_leaderboard_verdict_and_sample():
    assert table_fit_text(FIT).splitlines() == [
        "6 networks in 9.9 s; rows: 70 to train, 15 to choose, 15 held out.",
        "",
        "structure        activation  parameters  networks  validation RMSE  held-out RMSE"
        "  held-out R²",
        "───────────────  ──────────  ──────────  ────────  ───────────────  ─────────────"
        "  ───────────",
        "  [64, 64]       silu              4801         3            4.600",
        "→ [8]            silu                81         2            4.700          5.000"
        "       0.9000",
        "  straight line                       9         1            8.900          9.000"
        "       0.7000",
        "  mean                                1         1            16.80          17.00"
        "    -0.001000",
        "",
        "Use the network [8].",
        "",
        "Some held-out rows:",
        "",
        " true  predicted",
        "─────  ─────────",
        "1.500      1.250",
        "20.00      21.00",
        "",
        "Note: [32] was left out: It diverged.",
    ]


def test_the_data_hold_the_same():
    data = json.loads(json.dumps(table_fit_json(FIT)))
    assert data["verdict"] == {"outcome": "network", "text": "Use the network [8]."}
    assert data["leaderboard"][1] == {
        "structure": "[8]",
        "activation": "silu",
        "parameters": 81,
        "networks": 2,
        "validation": 4.7,
        "chosen": True,
        "held_out": {"RMSE": 5.0, "R²": 0.9},
    }
    assert data["sample"][0] == {"true": 1.5, "predicted": 1.25}


def test_a_long_leaderboard_is_cut_but_keeps_what_was_scored():
    many = tuple(Row(f"[{units}]", "relu", units, 1, 1.0) for units in range(20))
    fit = TableFit(**{**vars(FIT), "leaderboard": (*many, *FIT.leaderboard[1:])})
    text = table_fit_text(fit)
    assert "[11]" in text
    assert "[12]" not in text
    assert "8 more structures were tried." in text
    assert "→ [8]" in text
