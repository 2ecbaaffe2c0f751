"""Methods: the names of the engines, for whoever must know them without loading one."""

from __future__ import annotations

__all__ = ["ALGORITHMS", "METHODS"]

METHODS = ("auto", "labels", "relax", "search", "evolve")
ALGORITHMS = ("nsga2", "nsga3", "sms-emoa", "moead")
"""What ``evolve`` can be asked to run."""
