"""Benchmarks: published fronts and, later, pairs of methods run in turn. Run with ``python -m benchmarks``."""
