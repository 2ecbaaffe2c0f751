"""Replan: the next round of planning, with last year's adopted plan and what was spent on it."""

from optimizer.decide.replan.answer import Changes, Replanned, replanned
from optimizer.decide.replan.progress import Progress, Started, progress
from optimizer.decide.replan.successor import STABILITY, Successor, successor

__all__ = [
    "STABILITY",
    "Changes",
    "Progress",
    "Replanned",
    "Started",
    "Successor",
    "progress",
    "replanned",
    "successor",
]
