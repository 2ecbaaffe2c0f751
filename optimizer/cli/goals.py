"""From the words of the command line to the objectives and the compiled problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.cli.sections import UserFault

if TYPE_CHECKING:
    from instances.region import Region
    from models.problem import Problem

__all__ = ["chosen_goals", "formulated"]

FEWEST, MOST = 2, 7


def chosen_goals(region: Region, asked: str | None) -> tuple[str, ...]:
    """The names in ``asked`` (separated by commas), or those that the region compares."""
    known = ", ".join(region.goals)
    goals = tuple(name.strip() for name in asked.split(",") if name.strip()) if asked else region.compared
    unknown = [name for name in goals if name not in region.goals]
    if unknown:
        raise UserFault(f"no objective is called {', '.join(unknown)}; this region has: {known}")
    if len(set(goals)) < len(goals):
        raise UserFault(f"an objective is named twice: {', '.join(goals)}")
    if not FEWEST <= len(goals) <= MOST:
        raise UserFault(f"a trade-off needs {FEWEST} to {MOST} objectives, not {len(goals)}; this region has: {known}")
    return goals


def formulated(region: Region, goals: tuple[str, ...]) -> Problem:
    """The compiled problem; figures that cannot be reckoned with exactly are the user's to put right."""
    from models import formulate

    try:
        return formulate(region, goals)
    except ValueError as error:
        raise UserFault(str(error)) from error
