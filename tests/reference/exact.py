"""What the reference does after each operation: nothing. A dtype's rounding can be put in instead.

Each method takes the value that an operation made and returns it as that arithmetic would have it.
"""

from __future__ import annotations


class Exact:
    """Float64 as it comes: its own rounding is what `tolerances` adds to every bound."""

    def pre_activation(self, z, arriving, kernel, bias):
        """Take z = arriving @ kernel + bias; kernel or bias may be None."""
        return z

    def activation(self, a, function, z):
        """Take a = f(z)."""
        return a

    def operations(self, value, size):
        """Take what some operations made; rounding can change it by `size` units of a dtype."""
        return value

    def slope(self, dz, function, z, upstream):
        """Take dL/dz = upstream * f'(z)."""
        return dz

    def losses(self, rows, loss, outputs, targets):
        """Take l_i of each row."""
        return rows

    def loss_gradients(self, gradients, loss, outputs, targets, share):
        """Take share_i * dl_i/dy."""
        return gradients

    def penalty(self, value):
        """Take the sum of all penalties."""
        return value

    def sums(self, values, a, b):
        """Take a @ b."""
        return values

    def changed(self, after, before):
        """Take what a step made of a weight or of the optimizer's state."""
        return after


EXACT = Exact()
