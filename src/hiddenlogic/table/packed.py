"""Text files that are packed: gzip, bzip2 and xz are unpacked while they are read."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol, cast

from hiddenlogic.errors import DataError

# The first bytes of each form of packing, what it is called, and the program that undoes it.
_FORMS = (
    (b"\x1f\x8b", "gzip", gzip.open, "gunzip"),
    (b"BZh", "bzip2", bz2.open, "bunzip2"),
    (b"\xfd7zXZ\x00", "xz", lzma.open, "unxz"),
)
# Tables shrink to a tenth, at most to a hundredth; a few kilobytes that unpack to gigabytes are
# made to fill memory. Below the first number that does not matter.
_ANY_SIZE, _MOST_SHRUNK = 256 << 20, 200


class Readable(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""
        ...


def packing(path: Path) -> str | None:
    """Return 'gzip', 'bzip2' or 'xz', or None for a file that is not packed."""
    with path.open("rb") as file:
        start = file.read(8)
    return next((name for magic, name, _, _ in _FORMS if start.startswith(magic)), None)


@contextmanager
def open_unpacked(path: Path) -> Generator[Readable]:
    """Open a file to read what is in it.

    Raises
    ------
    DataError
        From `read`, if a packed file is damaged, or unpacks to 200 times its size and more than
        256 MiB.
    """
    name = packing(path)
    if name is None:
        with path.open("rb") as file:
            yield file
        return
    opener, program = next((opener, program) for _, n, opener, program in _FORMS if n == name)
    with cast("IO[bytes]", opener(path, "rb")) as file:
        yield _Unpacking(file, path, name, program)


class _Unpacking:
    """A packed file that refuses damage and size in the house's words."""

    def __init__(self, file: IO[bytes], path: Path, name: str, program: str) -> None:
        self._file, self._path, self._name, self._program = file, path, name, program
        self._left = max(_ANY_SIZE, _MOST_SHRUNK * path.stat().st_size)

    def read(self, size: int, /) -> bytes:
        """Return the next unpacked bytes."""
        try:
            data = self._file.read(size)
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            raise DataError(
                f"{self._path} is packed with {self._name} and damaged or cut off: {error}. Copy or"
                " pack it again."
            ) from None
        self._left -= len(data)
        if self._left < 0:
            raise DataError(
                f"{self._path} is packed with {self._name} and unpacks to more than"
                f" {_MOST_SHRUNK} times its size. Unpack it first, if it is what you meant:"
                f" {self._program} {self._path.name}"
            )
        return data
