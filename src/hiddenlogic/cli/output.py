"""Where results go: found out before long work, and never lost after it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from hiddenlogic.errors import FormatError
from hiddenlogic.formats.atomic import check_writable
from hiddenlogic.models.table_model import TableModel


def check_output(output: str, *inputs: str) -> None:
    """Refuse an output that cannot be written, or that would replace what is read.

    Parameters
    ----------
    output : str
        The path of the result.
    *inputs : str
        Paths of what is read.

    Raises
    ------
    FormatError
        With the way out.
    """
    for path in inputs:
        if Path(output).exists() and Path(path).exists() and Path(output).samefile(path):
            raise FormatError(f"`-o` names the file that is read: {path!r}. Choose another name.")
    check_writable(output)


def keep(model: TableModel, output: str) -> Path:
    """Save a model; if its place cannot be written after all, save it among temporary files.

    Parameters
    ----------
    model : TableModel
    output : str

    Returns
    -------
    Path
        Where it is.

    Raises
    ------
    FormatError
        If neither place can be written.
    """
    try:
        model.save(output)
        return Path(output)
    except FormatError as error:
        spare = Path(tempfile.mkdtemp(prefix="hiddenlogic-")) / Path(output).name
        model.save(spare)
        print(f"hiddenlogic: {error} The model is kept as `{spare}`.", file=sys.stderr)
        return spare
