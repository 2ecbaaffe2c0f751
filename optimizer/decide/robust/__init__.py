"""Robust: what becomes of the listed portfolios when costs, money and effects are not as planned."""

from optimizer.decide.robust.answer import Robustness, Sturdy, WorldFacts
from optimizer.decide.robust.assess import assess_robustness

__all__ = ["Robustness", "Sturdy", "WorldFacts", "assess_robustness"]
