"""What a plan is held against: the growth-only plan, and the best that is known of each objective."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["Beside", "Plan", "growth_goal"]

Plan = Mapping[str, int]
"""Project id to start period, counted from 1; a project that is not in it is not built."""


@dataclass(frozen=True)
class Beside:
    """What a plan is held against: the growth-only plan and, for each objective, the best and the worst known value.

    ``growth_only`` is the plan of one who looks at growth first and at the others only to break ties. ``basis`` says in
    a sentence what the figures rest on.
    """

    growth_only: Plan
    best: Mapping[str, Fraction]
    worst: Mapping[str, Fraction]
    basis: str = ""


def growth_goal(region: Region) -> str:
    """The objective that stands for growth: the one called so, else the first that the region compares."""
    return "growth" if "growth" in region.goals else region.compared[0]
