"""Methods: the names of the engines, for whoever must know them without loading one."""

from __future__ import annotations

__all__ = ["METHODS"]

METHODS = ("auto", "labels", "relax", "search")
