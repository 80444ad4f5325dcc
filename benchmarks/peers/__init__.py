"""The same two programs in each library's own words, in the fastest idiomatic forms we know.

Each module has `NAME`, `load()` (imports the library, returns its version, raises ImportError), and
`beginners(x, y)` and `table(x, y)`, which return the variants to time. A variant builds, compiles
and fits: all that a program does after its imports.
"""
