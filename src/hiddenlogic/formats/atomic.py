"""Files that are there completely or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from hiddenlogic.errors import FormatError


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that no reader, crash or full disk ever meets half of it.

    The bytes go to a temporary file beside the target, are forced to the disk and then take the
    target's name in one step. Whatever goes wrong, what was there before is still there, and the
    temporary file is gone.

    Parameters
    ----------
    path : path-like
        The target; a link is followed.
    data : bytes
        The whole contents.

    Raises
    ------
    FormatError
        If the target cannot be written, with the system's reason.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> write_atomically(Path(folder.name) / "a", b"all of it")
    >>> (Path(folder.name) / "a").read_bytes()
    b'all of it'
    >>> folder.cleanup()
    """
    target = Path(path).resolve()
    _check_target(target, path)
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        # os.open and not tempfile: the file gets the permissions that the user's umask gives.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise FormatError(_unwritable(path, error)) from error


def check_writable(path: str | os.PathLike[str]) -> None:
    """Find out before long work whether its result can be written.

    Parameters
    ----------
    path : path-like
        The file that `write_atomically` will be asked for; it is neither made nor changed.

    Raises
    ------
    FormatError
        As `write_atomically`.
    """
    target = Path(path).resolve()
    _check_target(target, path)
    probe = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        probe.unlink()
    except OSError as error:
        raise FormatError(_unwritable(path, error)) from error


def _check_target(target: Path, path: str | os.PathLike[str]) -> None:
    """Refuse to put a file in the place of a folder or a device."""
    if target.is_dir():
        raise FormatError(f"`{path}` is a folder; the path of a file was expected.")
    if target.exists() and not target.is_file():
        raise FormatError(f"`{path}` is not a regular file. Give the path of a file to write.")
    if not target.parent.is_dir():
        raise FormatError(
            f"The folder of `{path}` does not exist. Make it first, or write elsewhere."
        )


def _unwritable(path: str | os.PathLike[str], error: OSError) -> str:
    """The system's reason as one sentence."""
    return f"`{path}` cannot be written: {error.strerror}. Free space or choose another place."


def _sync_folder(folder: Path) -> None:
    """Force the new name to the disk too, where folders can be opened."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
