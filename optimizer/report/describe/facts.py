"""What several reports ask of a region and a plan."""

from __future__ import annotations

from collections import defaultdict

from instances.region import Region
from instances.schema import Project
from optimizer.decide.beside import Plan

__all__ = ["names", "of_towns", "town_names"]


def town_names(region: Region) -> dict[str, str]:
    """Town id to the name for people, in the order of the table."""
    return {town.id: town.name or town.id for town in region.towns}


def names(region: Region, table: str) -> dict[str, str]:
    """Id to the name for people, for a table with both."""
    return {row.id: row.name or row.id for row in getattr(region, table)}


def of_towns(region: Region, plan: Plan) -> dict[str, list[Project]]:
    """The plan's projects by town, for every town of the region; those without a town are left out."""
    found: dict[str, list[Project]] = defaultdict(list)
    for project in region.projects:
        if project.id in plan and project.town:
            found[project.town].append(project)
    return {town: found[town] for town in dict.fromkeys([*region.town, *found])}
