"""Explain: why a project is in a portfolio or not, and what would change that."""

from __future__ import annotations

from optimizer.decide.explain.explain import explain
from optimizer.decide.explain.explanation import Explanation, Price, Rules, Swap

__all__ = ["Explanation", "Price", "Rules", "Swap", "explain"]
