"""A region solved again and again while figures rise: fronts, moves, what the rise is worth, a list that only grows."""

from __future__ import annotations

from optimizer.decide.sweep.axis import Axis, parse_axis
from optimizer.decide.sweep.outcome import Best, Move, Setting, Step, Sweep
from optimizer.decide.sweep.run import sweep

__all__ = ["Axis", "Best", "Move", "Setting", "Step", "Sweep", "parse_axis", "sweep"]
