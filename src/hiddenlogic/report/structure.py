"""A model file as text: layers, columns, training, and weights if wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hiddenlogic.formats.snapshot import Snapshot
from hiddenlogic.layers import (
    ActivationLayer,
    AlphaDropout,
    BatchEnsembleDense,
    Dense,
    Dropout,
    Embedding,
    GaussianDropout,
    GaussianNoise,
    MemberDense,
    Members,
    ParametricActivation,
    PeriodicEmbedding,
    PiecewiseLinearEmbedding,
)
from hiddenlogic.network import Network
from hiddenlogic.report.text_table import text_table
from hiddenlogic.schedules import Schedule

_MOST_COLUMNS = 40


def structure_text(snapshot: Snapshot, *, weights: bool = False) -> str:
    """Describe a model.

    Parameters
    ----------
    snapshot : Snapshot
    weights : bool
        Whether to write every weight too.

    Returns
    -------
    str
        Several paragraphs, without a newline at the end.
    """
    network = snapshot.network
    parts = [_layers(network), _total(snapshot)]
    if snapshot.preparation is not None:
        parts.append(_columns(snapshot))
    if snapshot.receipt:
        parts.append(_receipt(snapshot.receipt))
    if weights:
        parts += _weights(snapshot)
    return "\n\n".join(parts)


def _layers(network: Network) -> str:
    """One line a layer."""
    rows: list[list[str]] = []
    for index, node in enumerate(network.nodes):
        shapes = [spec.shape for spec in network.parameters if spec.node == index]
        size = sum(spec.size for spec in network.parameters if spec.node == index)
        rows.append(
            [
                str(index),
                type(node.layer).__name__,
                _detail(node.layer),
                " + ".join("×".join(map(str, shape)) for shape in shapes),
                str(network.units[index]),
                str(size),
            ]
        )
    return text_table(["layer", "kind", "detail", "weights", "units", "parameters"], rows, left=4)


def _detail(layer: Any) -> str:
    """What distinguishes a layer from others of its kind."""
    match layer:
        case Dense() | ActivationLayer() | ParametricActivation() | BatchEnsembleDense():
            return layer.function.name
        case Dropout() | AlphaDropout() | GaussianDropout():
            return f"rate {_strength(layer.rate)}"
        case GaussianNoise():
            return f"stddev {_strength(layer.stddev)}"
        case MemberDense():
            return layer.function.name
        case Members():
            return f"{layer.members} members"
        case Embedding():
            return f"{layer.input_dim} codes"
        case PiecewiseLinearEmbedding():
            return f"{sum(len(edges) - 1 for edges in layer.bins)} bins"
        case PeriodicEmbedding():
            return layer.kind
        case _:
            return ""


def _strength(of: float | Schedule) -> str:
    """A number, or what it follows."""
    return of.name if isinstance(of, Schedule) else f"{of:g}"


def _total(snapshot: Snapshot) -> str:
    """Size in weights."""
    size = snapshot.network.n_parameters
    fixed = size - snapshot.network.n_trainable
    rest = f", {fixed} of them not trained" if fixed else ""
    return f"{size} parameters{rest}, {snapshot.dtype}."


def _columns(snapshot: Snapshot) -> str:
    """What becomes of each column, and what is predicted."""
    assert snapshot.preparation is not None
    lines = list(snapshot.preparation.describe())
    more = len(lines) - _MOST_COLUMNS
    if more > 0:
        lines = [*lines[:_MOST_COLUMNS], f"… and {more} more columns."]
    text = "Columns:\n" + "\n".join(f"  {line}" for line in lines)
    if snapshot.schema is not None:
        text += f"\n\nPredicts `{snapshot.schema.target.name}` ({snapshot.schema.task})."
    return text


def _receipt(receipt: Mapping[str, Any]) -> str:
    """Where the model comes from."""
    return "Training receipt:\n" + "\n".join(_entries(receipt, "  "))


def _entries(entries: Mapping[str, Any], indent: str) -> list[str]:
    """Plain data as indented lines."""
    lines: list[str] = []
    for name, value in entries.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", *_entries(value, indent + "  ")]  # pyright: ignore[reportUnknownArgumentType]
        else:
            text = f"{value:.6g}" if isinstance(value, float) else str(value)
            text = "not defined" if value is None else text
            lines.append(f"{indent}{name}: {text}")
    return lines


def _weights(snapshot: Snapshot) -> list[str]:
    """Every number, as short as it can be and still be read back to the same bits."""
    blocks: list[str] = []
    for spec, weight in zip(snapshot.network.parameters, snapshot.weights, strict=True):
        rows = weight.reshape(-1, weight.shape[-1])
        lines = ["  " + " ".join(str(value) for value in row) for row in rows]
        shape = "×".join(map(str, spec.shape))
        title = f"{snapshot.network.label(spec.node)} {spec.name} {shape}:"
        blocks.append("\n".join([title, *lines]))
    return blocks
