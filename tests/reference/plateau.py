"""Keras's ReduceLROnPlateau as its documentation has it: the rate after each epoch."""

from __future__ import annotations


def rates(values, rate, *, factor, patience, min_delta, cooldown, min_lr, sign=1):
    """Return the rate after each epoch.

    An epoch counts against the rate unless its value is better than the best one by more than
    `min_delta`, or it is one of the `cooldown` epochs after a change; the count starts again from 0
    with each better value, each change, and each epoch that begins in the cooldown. `sign` is -1
    where larger is better.
    """
    found, best, count, free_from = [], float("inf"), 0, 0
    for epoch, value in enumerate(values):
        better = sign * value + min_delta < best
        if better:
            best = sign * value
        # The last epoch of the cooldown ends it, and is the first that counts again.
        counted = epoch >= free_from
        count = 0 if better or not counted else count + 1
        if count and count >= patience and rate > min_lr:
            rate = max(rate * factor, min_lr)
            count, free_from = 0, epoch + max(cooldown, 1)
        found.append(rate)
    return found
