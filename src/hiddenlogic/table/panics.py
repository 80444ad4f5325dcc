"""What polars prints of damaged files, held back where the error says it in a sentence."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager

import polars as pl


@contextmanager
def without_panics() -> Generator[None]:
    """Hold back the standard error of the process, and give it out unless polars panics.

    Rust prints a panic with its stack from the thread that panics, before Python hears of it; no
    setting of polars turns that off.
    """
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (AttributeError, OSError):  # a program without a standard error, such as a window's
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        panicked = False
        try:
            yield
        except pl.exceptions.PanicException:
            panicked = True
            raise
        finally:
            os.dup2(kept, 2)
            if not panicked:
                held.seek(0)
                os.write(2, held.read())
            os.close(kept)
