"""relax: certified fronts of any size, by linear relaxations, rounding and half-spaces that need no solver's word."""

from __future__ import annotations

from optimizer.engines.relax.engine import relax

__all__ = ["relax"]
