"""Small real tables go through the search untouched, where they are at hand."""

from pathlib import Path

import pytest

from hiddenlogic.search.events import Note
from hiddenlogic.search.fit_table import fit_table
from hiddenlogic.table import read_table

FOLDER = next(
    (
        parent / "shared" / "data"
        for parent in Path(__file__).resolve().parents
        if (parent / "shared" / "data").is_dir()
    ),
    None,
)


@pytest.mark.skipif(FOLDER is None, reason="no folder shared/data with real tables above the tests")
@pytest.mark.parametrize(
    "name", ["uci_energy", "uci_concrete", "uci_wine_red", "pima_na", "soybean", "credit_es"]
)
def test_a_real_table_goes_through_untouched(name):
    assert FOLDER is not None
    path = FOLDER / f"{name}.parquet"
    frame = read_table(path).frame
    split = "split" if "split" in frame.columns else "split0"
    notes: list[str] = []

    def listen(event: object) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    fit = fit_table(path, target="target", split_column=split, seconds=1.0, listener=listen)
    counts = dict(frame[split].cast(str).value_counts().iter_rows())
    assert fit.rows == {
        "train": counts["train"],
        "validation": counts["val"],
        "held out": counts["test"],
    }
    said = {note.split("'")[1] for note in notes if " is left out (" in note}
    used = set(fit.model.preparation.columns)
    assert used | said == set(frame.columns) - {"target"}
    assert not any(column.startswith("split") for column in used)
