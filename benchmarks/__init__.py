"""Measurements of quality and speed; each `bench_*.py` prints its figures and can be run alone."""
