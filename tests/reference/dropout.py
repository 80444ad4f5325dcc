"""The factors of dropout, from the counters that the engine documents and the published Philox."""

from __future__ import annotations

import numpy as np

STREAM = 3


def philox(counter, key):
    """Return the four words of Philox4x32-10; the words of the counter may be arrays of uint64.

    Salmon et al. (2011), doi:10.1145/2063384.2063405.
    """
    words, (key_0, key_1) = list(counter), key
    for _ in range(10):
        p, q = words[0] * 0xD2511F53, words[2] * 0xCD9E8D57
        words = [
            (q >> 32) ^ words[1] ^ key_0,
            q & 0xFFFFFFFF,
            (p >> 32) ^ words[3] ^ key_1,
            p & 0xFFFFFFFF,
        ]
        key_0, key_1 = (key_0 + 0x9E3779B9) & 0xFFFFFFFF, (key_1 + 0xBB67AE85) & 0xFFFFFFFF
    return words


def words(stream: int, seed: int, node: int, step: int, sample, unit, member=0):
    """Return the random word of the cells at these samples and units; steps count from 0."""
    member = np.asarray(member, np.uint64)
    high, low, *_ = philox((member, 0, node, stream), (seed & 0xFFFFFFFF, seed >> 32))
    sample, unit = np.asarray(sample, np.uint64), np.asarray(unit, np.uint64)
    counter = (sample, unit // 4, np.uint64(step & 0xFFFFFFFF), np.uint64(step >> 32))
    four = philox(counter, (low, high))
    return np.choose((unit % 4).astype(int), np.broadcast_arrays(*four))


def cells(rate: float, seed: int, node: int, step: int, sample, unit, member=0):
    """Return 0 or 1 / (1 - rate) of the cells at these samples and units; steps count from 0."""
    drawn = words(STREAM, seed, node, step, sample, unit, member)
    return np.where(drawn < int((1 - rate) * 2**32), 1 / (1 - rate), 0.0)


def places(rows: int, units: int, members: int = 0):
    """Return sample, unit and member of each cell; the rows of one member come after another's."""
    row, unit = np.indices((rows, units))
    samples = rows // max(members, 1)
    return row % samples, unit, row // samples


def mask(rate: float, seed: int, node: int, step: int, rows: int, units: int, members: int = 0):
    """Return the factor of each cell, shape (rows, units)."""
    return cells(rate, seed, node, step, *places(rows, units, members))
