"""The same works in each library's own words, in the fastest idiomatic forms we know.

Each module has `NAME`, `load()` (imports the library, returns its version, raises ImportError) and,
for each kind of work that it does, a function of that name that returns the variants to time:
`beginners(work)`, `training(work)`, `population(work)`, `prediction(work)`, `cold(work)`.
"""

from types import ModuleType

from libraries import (
    hidden_logic,
    jax_xla,
    keras_tensorflow,
    onnx_runtime,
    pytorch,
    scikit_learn,
)

LIBRARIES: tuple[ModuleType, ...] = (
    hidden_logic,
    jax_xla,
    pytorch,
    scikit_learn,
    keras_tensorflow,
    onnx_runtime,
)
