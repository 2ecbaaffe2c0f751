"""Compare: two or more fronts in figures that can be checked and in words that can be read."""

from __future__ import annotations

from optimizer.decide.compare.comparison import Comparison, Pair, compare
from optimizer.decide.compare.sides import Incomparable, Side, plan_as_side

__all__ = ["Comparison", "Incomparable", "Pair", "Side", "compare", "plan_as_side"]
