"""The table that `summary()` prints, laid out as Keras does."""

from __future__ import annotations

from collections.abc import Sequence

# Inner widths of Keras's table on a terminal of 80 columns.
_WIDTHS = (33, 24, 15)
_HEADERS = ("Layer (type)", "Output Shape", "Param #")
# The same of its table of a graph.
_GRAPH_WIDTHS = (21, 19, 12, 19)
_GRAPH_HEADERS = (*_HEADERS, "Connected to")


def table(
    name: str,
    rows: Sequence[tuple[str, str, int | None]],
    bytes_each: int,
    *,
    sources: Sequence[str] | None = None,
    optimizer_numbers: int = 0,
    fixed: int = 0,
) -> str:
    """Return the summary of a model as one string.

    Parameters
    ----------
    name : str
        Of the model.
    rows : sequence of (str, str, int or None)
        Layer with its kind, output shape, and number of weights (None if not built yet).
    bytes_each : int
        Size of one weight.
    sources : sequence of str, optional
        What each layer takes its values from, where that is not the layer before it.
    optimizer_numbers : int
        Numbers that the optimizer keeps.
    fixed : int
        Weights that it does not change.
    """
    headers, least = (_HEADERS, _WIDTHS) if sources is None else (_GRAPH_HEADERS, _GRAPH_WIDTHS)
    cells = [(one, shape, "0 (unbuilt)" if n is None else f"{n:,}") for one, shape, n in rows]
    if sources is not None:
        cells = [(*cell, source) for cell, source in zip(cells, sources, strict=True)]
    widest = [max(len(cell) + 2 for cell in column) for column in zip(headers, *cells, strict=True)]
    widths = [max(*pair) for pair in zip(least, widest, strict=True)]
    lines = [
        f'Model: "{name}"',
        _rule("┏━┳┓", widths),
        _line(headers, widths, "┃"),
        _rule("┡━╇┩", widths),
    ]
    for index, row in enumerate(cells):
        if index:
            lines.append(_rule("├─┼┤", widths))
        lines.append(_line(row, widths, "│"))
    lines.append(_rule("└─┴┘", widths))
    total = sum(n or 0 for _, _, n in rows)
    everything = total + optimizer_numbers
    lines.append(f" Total params: {everything:,} ({_size(everything * bytes_each)})")
    lines.append(f" Trainable params: {total - fixed:,} ({_size((total - fixed) * bytes_each)})")
    lines.append(f" Non-trainable params: {fixed:,} ({_size(fixed * bytes_each)})")
    if optimizer_numbers:
        size = _size(optimizer_numbers * bytes_each)
        lines.append(f" Optimizer params: {optimizer_numbers:,} ({size})")
    return "\n".join(lines)


def _rule(pieces: str, widths: Sequence[int]) -> str:
    """Draw a horizontal line from its left end, stroke, crossing and right end."""
    left, stroke, crossing, right = pieces
    return left + crossing.join(stroke * width for width in widths) + right


def _line(cells: Sequence[str], widths: Sequence[int], edge: str) -> str:
    """Set the cells between edges, the numbers to the right."""
    texts = [
        f"{cell:>{width - 1}} " if header == "Param #" else f" {cell:<{width - 1}}"
        for header, cell, width in zip(_GRAPH_HEADERS, cells, widths, strict=False)
    ]
    return edge + edge.join(texts) + edge


def _size(n_bytes: float) -> str:
    """Say a size in the unit that suits it."""
    units = ["B", "KB", "MB", "GB", "TB"]
    while n_bytes >= 1024 and len(units) > 1:
        n_bytes /= 1024
        units.pop(0)
    return f"{n_bytes:.2f} {units[0]}"
