"""Why there is no portfolio: the smallest sets of named rules that contradict each other, and what would help."""

from __future__ import annotations

from optimizer.decide.conflict.conflicts import Change, Conflict, Conflicts, Repair, find_conflicts

__all__ = ["Change", "Conflict", "Conflicts", "Repair", "find_conflicts"]
