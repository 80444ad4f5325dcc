"""Keras over PyTorch: the backend has to be chosen before Keras is first imported."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "torch"
