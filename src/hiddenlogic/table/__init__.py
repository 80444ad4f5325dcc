"""Rows and columns to matrices and back: reading, kinds, missing cells, scaling, targets, splits.

The flow is one way: file → `read_table` → `infer_schema` → `split_rows` → `Preparation.fit` and
`TargetPreparation.fit` on the training rows → `transform`.
"""

from hiddenlogic.table.cross_validation import folds
from hiddenlogic.table.fingerprint import fingerprint
from hiddenlogic.table.preparation import Preparation
from hiddenlogic.table.read import Table, read_table
from hiddenlogic.table.schema import Column, Schema, infer_schema
from hiddenlogic.table.split import Split, split_rows
from hiddenlogic.table.target import TargetPreparation

__all__ = [
    "Column",
    "Preparation",
    "Schema",
    "Split",
    "Table",
    "TargetPreparation",
    "fingerprint",
    "folds",
    "infer_schema",
    "read_table",
    "split_rows",
]
