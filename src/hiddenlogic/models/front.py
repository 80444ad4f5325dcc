"""How the network of a table begins: an Input for each kind of columns, embeddings where needed.

Any body can be put on it. A table of nothing but numbers needs no beginning: its network is the
straight one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from hiddenlogic.layers import (
    Activation,
    Add,
    Concatenate,
    Dense,
    Embedding,
    Input,
    Layer,
    PeriodicEmbedding,
    Scale,
    Tensor,
)
from hiddenlogic.models.graph import graph
from hiddenlogic.network import Network
from hiddenlogic.table.blocks import Block

EMBEDDING_UNITS = 8
"""Numbers a category code: those of RealMLP-TD (arXiv:2407.04491, table A.1)."""

Value = Input | Tensor


def network_of(blocks: Sequence[Block], body: Iterable[Layer]) -> Network:
    """Return the network that takes the matrix of a preparation.

    Parameters
    ----------
    blocks : sequence of Block
        What the columns of the matrix are: `Preparation.blocks`.
    body : iterable of Layer
        A stack of layers, from the first hidden one to the output.

    Returns
    -------
    Network
        Straight where all columns are plain numbers; else embeddings come first, and the stack
        takes what they make, numbers, waves and codes in this order, side by side.

    Examples
    --------
    >>> town = Block("town", start=2, width=1, role="codes", n_codes=40)
    >>> network = network_of([Block("age", 0, 2), town], [Dense(3, "relu"), Dense(1)])
    >>> [type(node.layer).__name__ for node in network.nodes]
    ['Input', 'Input', 'Embedding', 'Concatenate', 'Dense', 'Dense']
    >>> network.units
    (2, 1, 8, 10, 3, 1)
    """
    if _is_plain(blocks):
        return Network.sequential(sum(block.width for block in blocks), body)
    inputs, value = begin(blocks)
    for layer in body:
        value = layer(value)
    return graph(inputs, [value]).network


def begin(blocks: Sequence[Block]) -> tuple[list[Input], Value]:
    """Return the inputs of a network, and the value that its body takes.

    Parameters
    ----------
    blocks : sequence of Block
        In the order of the matrix.

    Returns
    -------
    tuple of list of Input and of the value
        The features of the Inputs, in this order, are the columns of the matrix. More layers may be
        called on the value, and `models.graph` makes the network.
    """
    inputs: list[Input] = []
    parts: list[Value] = []
    for role, value in _inputs(blocks, inputs):
        if isinstance(role, Block):
            parts.append(Embedding(role.n_codes, EMBEDDING_UNITS)(value))
        elif role == "periodic":
            parts.append(PeriodicEmbedding("pbld")(value))
        else:
            parts.append(value)
    return inputs, parts[0] if len(parts) == 1 else Concatenate()(parts)


def line_of(blocks: Sequence[Block], n_outputs: int, activation: str) -> Network:
    """Return the straight line over the matrix: linear or logistic regression.

    Parameters
    ----------
    blocks : sequence of Block
        In the order of the matrix.
    n_outputs : int
    activation : str
        Of the output.

    Returns
    -------
    Network
        A Dense layer over the numbers; and for each column of codes a number a code and output,
        which is what a Dense layer would have over one input a code.
    """
    if _is_plain(blocks):
        stack = [Dense(n_outputs, activation)]
        return Network.sequential(sum(block.width for block in blocks), stack)
    inputs: list[Input] = []
    numbers: list[Value] = []
    terms: list[Value] = []
    for role, value in _inputs(blocks, inputs):
        if isinstance(role, Block):
            terms.append(Embedding(role.n_codes, n_outputs, "zeros")(value))
        else:
            numbers.append(value)
    if numbers:
        together = numbers[0] if len(numbers) == 1 else Concatenate()(numbers)
        terms.insert(0, Dense(n_outputs)(together))
    total = terms[0] if len(terms) == 1 else Add()(terms)
    return graph(inputs, [Activation(activation)(total)]).network


def _is_plain(blocks: Sequence[Block]) -> bool:
    """Whether all columns are numbers for a Dense layer as they are."""
    return all(block.role == "values" and not block.filled for block in blocks)


def _inputs(blocks: Sequence[Block], inputs: list[Input]) -> Iterable[tuple[str | Block, Value]]:
    """Give the role and the value of each group of columns, a block of codes by itself.

    `inputs` gets the Inputs on the way. Filled numbers come with what is learned for their gaps.
    """
    waiting: Value | None = None
    for (_, filled, are_gaps), group in groupby(blocks, key=lambda block: block.group):
        members = list(group)
        if members[0].role == "codes":
            for block in members:
                inputs.append(Input((block.width,)))
                yield block, inputs[-1]
            continue
        inputs.append(Input((sum(block.width for block in members),)))
        if are_gaps:
            assert waiting is not None
            yield members[0].fills, Add()([waiting, Scale("zeros")(inputs[-1])])
        elif filled:
            waiting = inputs[-1]
        else:
            yield members[0].role, inputs[-1]
