"""Methods: the names of the engines, for whoever must know them without loading one."""

from __future__ import annotations

__all__ = ["ALGORITHMS", "BACKENDS", "METHODS"]

METHODS = ("auto", "labels", "relax", "search", "relax+search", "evolve")
BACKENDS = ("highs", "cpsat")
"""The solvers that ``search`` can ask."""
ALGORITHMS = ("nsga2", "nsga3", "sms-emoa", "moead")
"""What ``evolve`` can be asked to run."""
