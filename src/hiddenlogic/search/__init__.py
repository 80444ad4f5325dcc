"""Trial and error: baselines and a ladder of structures within a time budget, honestly scored."""
