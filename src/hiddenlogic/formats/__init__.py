"""Models as files: each format is a pair of functions, and a stranger to the others."""
