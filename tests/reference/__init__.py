"""A dense network in float64 NumPy, written from the formulas and never from the engine."""
