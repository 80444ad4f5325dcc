"""A model file as text."""

import numpy as np
import polars as pl

from hiddenlogic.formats.snapshot import Snapshot
from hiddenlogic.layers import (
    Activation,
    Concatenate,
    Dense,
    Dropout,
    Embedding,
    Input,
    MemberDense,
    Members,
    NTKDense,
    PeriodicEmbedding,
    PiecewiseLinearEmbedding,
)
from hiddenlogic.network import Network, Node
from hiddenlogic.report.structure import structure_text
from hiddenlogic.schedules import FlatCosine
from hiddenlogic.table import Preparation, TargetPreparation, infer_schema

NETWORK = Network.sequential(
    2, [Dense(3, use_bias=False), Activation("relu"), Dropout(0.5), Dense(1, "sigmoid")]
)
WEIGHTS = [
    np.array([[1, 2, 3], [0.1, 0.2, 0.3]], np.float32),
    np.array([[-1], [1e-9], [0]], np.float32),
    np.array([0.5], np.float32),
]


def test_a_scheduled_rate_is_called_by_its_name():
    fading = Network.sequential(2, [Dropout(FlatCosine(0.5)), Dense(1)])
    text = structure_text(Snapshot(fading, [np.zeros((2, 1)), np.zeros(1)]))
    assert "Dropout  rate flat_cosine" in text


def test_weights_of_members_are_matrices_one_below_the_other():
    network = Network.sequential(2, [Members(2, "ones"), MemberDense(1, "tanh", use_bias=False)])
    weights = [np.ones((2, 2)), np.array([[[1], [2]], [[3], [4]]], np.float32)]
    lines = structure_text(Snapshot(network, weights), weights=True).splitlines()
    assert lines[3:5] == [
        "1      Members      2 members  2×2          2           4",
        "2      MemberDense  tanh       2×2×1        1           4",
    ]
    assert lines[-5:] == ["layer 2 (MemberDense) kernel 2×2×1:", "  1.0", "  2.0", "  3.0", "  4.0"]


def test_layers_are_a_table():
    assert structure_text(Snapshot(NETWORK, WEIGHTS)).splitlines() == [
        "layer  kind        detail    weights  units  parameters",
        "─────  ──────────  ────────  ───────  ─────  ──────────",
        "0      Input                              2           0",
        "1      Dense       linear    2×3          3           6",
        "2      Activation  relu                   3           0",
        "3      Dropout     rate 0.5               3           0",
        "4      Dense       sigmoid   3×1 + 1      1           4",
        "",
        "10 parameters, float32.",
    ]


def test_embeddings_say_what_they_embed():
    nodes = (
        Node(Input(2), ()),
        Node(Input(1), ()),
        Node(Embedding(9, 4), (1,)),
        Node(PiecewiseLinearEmbedding(3, [[0, 1, 2], [0, 1]]), (0,)),
        Node(PeriodicEmbedding("pbld"), (0,)),
        Node(Concatenate(), (2, 3, 4)),
        Node(NTKDense(1), (5,)),
    )
    network = Network(nodes)
    snapshot = Snapshot(network, [np.ones(one.shape) for one in network.parameters])
    assert structure_text(snapshot).splitlines()[2:-2] == [
        "0      Input                                                              2           0",
        "1      Input                                                              1           0",
        "2      Embedding                 9 codes  9×4                             4          36",
        "3      PiecewiseLinearEmbedding  3 bins   2×3 + 2×3 + 3×3                 6          21",
        "4      PeriodicEmbedding         pbld     2×16 + 2×16 + 2×16×3 + 2×3      8         166",
        "5      Concatenate                                                       18           0",
        "6      NTKDense                  linear   18×1 + 1                        1          19",
    ]
    assert "layer 4 (PeriodicEmbedding) kernel 2×16×3:" in structure_text(snapshot, weights=True)


def test_weights_are_written_so_that_they_can_be_read_back():
    text = structure_text(Snapshot(NETWORK, WEIGHTS), weights=True)
    assert text.splitlines()[-11:] == [
        "layer 1 (Dense) kernel 2×3:",
        "  1.0 2.0 3.0",
        "  0.1 0.2 0.3",
        "",
        "layer 4 (Dense) kernel 3×1:",
        "  -1.0",
        "  1e-09",
        "  0.0",
        "",
        "layer 4 (Dense) bias 1:",
        "  0.5",
    ]


def test_the_receipt_is_indented():
    receipt = {"seed": 3, "scores": {"RMSE": 0.1234567}, "hidden": [8, 8]}
    text = structure_text(Snapshot(NETWORK, WEIGHTS, receipt=receipt))
    assert text.endswith(
        "Training receipt:\n  seed: 3\n  scores:\n    RMSE: 0.123457\n  hidden: [8, 8]"
    )


def test_columns_and_the_target_are_named():
    frame = pl.DataFrame(
        {"a": [float(row**2 % 17) for row in range(20)], "y": [row / 3 for row in range(20)]}
    )
    schema, rows = infer_schema(frame), np.arange(20)
    snapshot = Snapshot(
        NETWORK,
        WEIGHTS,
        schema=schema,
        preparation=Preparation.fit(schema, frame, rows),
        target=TargetPreparation.fit(schema, frame, rows),
    )
    text = structure_text(snapshot)
    assert "Columns:\n  'a': number, " in text
    assert text.endswith("Predicts `y` (regression).")
