"""The mathematics, once: a region becomes a Pyomo model, the model becomes a :class:`Problem` of plain arrays."""

from models.problem import Decision, Objective, Problem

__all__ = ["Decision", "Objective", "Problem"]
