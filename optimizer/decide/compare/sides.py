"""What is compared: a run, a group of repeated runs, or a single plan; and whether it may be compared at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.problem import Objective
from optimizer.certificate import Certificate, Status
from optimizer.exact import at_most, counted
from optimizer.front import Front
from optimizer.listing import Listing
from optimizer.run import Run
from optimizer.verify import evaluate

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["Given", "Incomparable", "Side", "aligned", "as_side", "plan_as_side"]

Given = Front | Listing | Run
"""One front, however it is at hand."""


class Incomparable(ValueError):
    """Fronts of different objectives; ``differences`` says in a sentence each what differs."""

    def __init__(self, differences: Sequence[str]) -> None:
        self.differences = tuple(differences)
        super().__init__("\n".join(("these fronts cannot be compared:", *(f"  {line}" for line in differences))))


@dataclass(frozen=True, eq=False)
class Side:
    """One front, or the fronts of repeated runs of one method; ``labels`` has a name for each.

    ``region`` is the input, where it is known. A ``plan`` that somebody gave is a front of one that no search found;
    ``broken`` are the rules of the region that it breaks.
    """

    name: str
    listings: tuple[Listing, ...]
    labels: tuple[str, ...]
    region: Region | None = None
    plan: bool = False
    broken: tuple[str, ...] = ()

    @property
    def proof(self) -> str:
        """What is proved about it, in a few words."""
        if self.plan:
            return f"a plan; breaks {counted(len(self.broken), 'rule')}" if self.broken else "a plan; nothing proved"
        words = list(dict.fromkeys(_short(listing.certificate) for listing in self.listings))
        return "; ".join(words)


def as_side(name: str, given: Given | Side | Sequence[Given]) -> Side:
    """``given`` as a side called ``name``; a sequence is taken for repeated runs of one method.

    Raises ``ValueError`` for an empty sequence and for repeated runs of different input.
    """
    if isinstance(given, Side):
        return replace(given, name=name)
    runs = [given] if isinstance(given, Front | Listing | Run) else list(given)
    if not runs:
        raise ValueError(f"{name}: there is no run to compare")
    regions = [run.region for run in runs if isinstance(run, Run)]
    if any(one != other for one, other in pairwise(regions)):
        raise ValueError(f"{name}: its runs have different input; repeated runs are runs of the same region")
    labels = [run.folder.name if isinstance(run, Run) else f"{name} {i}" for i, run in enumerate(runs, start=1)]
    return Side(
        name=name,
        listings=tuple(run if isinstance(run, Listing) else run.listing for run in runs),
        labels=tuple(labels) if len(runs) > 1 else (name,),
        region=regions[0] if regions else None,
    )


def plan_as_side(name: str, region: Region, plan: Mapping[str, int], like: Listing) -> Side:
    """One plan (project id to start period, from 1) as a front of one, in the objectives of ``like``.

    Its values are re-added from the raw tables. It may break rules of the region; then it is compared all the same, and
    ``broken`` says which.
    """
    goals = [objective.name for objective in like.objectives]
    found = evaluate(region, plan, goals)
    projects = tuple(project.id for project in region.projects)
    proof = Certificate(Status.HEURISTIC, None, None, None, 1, 0, 0.0, "none", "given", {})
    listing = Listing(
        objectives=like.objectives,
        projects=projects,
        values=(tuple(found.values[goal] for goal in goals),),
        starts=np.array([[plan.get(project, 0) for project in projects]], dtype=np.int64),
        certificate=proof,
    )
    return Side(name, (listing,), (name,), region, plan=True, broken=tuple(found.broken))


def aligned(sides: Sequence[Side]) -> tuple[Side, ...]:
    """The sides with their objectives in the order of the first; raises :class:`Incomparable` where they differ."""
    first = sides[0].listings[0]
    differences = [
        line
        for side in sides
        for listing in side.listings
        for line in _differences(sides[0].name, first.objectives, side.name, listing.objectives)
    ]
    for side in sides[1:]:
        differences += _other_meaning(sides[0], side, [objective.name for objective in first.objectives])
    if differences:
        raise Incomparable(list(dict.fromkeys(differences)))
    return tuple(replace(side, listings=tuple(_in_order(x, first.objectives) for x in side.listings)) for side in sides)


def _differences(one: str, mine: Sequence[Objective], other: str, theirs: Sequence[Objective]) -> list[str]:
    known, found = {o.name: o for o in mine}, {o.name: o for o in theirs}
    lines = [f"{one} compares {name}, {other} does not" for name in known if name not in found]
    lines += [f"{other} compares {name}, {one} does not" for name in found if name not in known]
    better = {"max": "more", "min": "less"}
    for name in known.keys() & found.keys():
        a, b = known[name], found[name]
        if a.sense != b.sense:
            lines.append(f"{name}: {better[a.sense]} is better in {one}, {better[b.sense]} is better in {other}")
        if a.unit != b.unit:
            lines.append(f"{name}: {one} counts {a.unit or 'no unit'}, {other} counts {b.unit or 'no unit'}")
    return lines


def _other_meaning(one: Side, other: Side, goals: Sequence[str]) -> list[str]:
    """Objectives of the same name that are other sums, and money in other units."""
    mine, theirs = one.region, other.region
    if mine is None or theirs is None:
        return []
    lines = [
        f"{goal}: {one.name} adds up {_sum(mine, goal)}, {other.name} adds up {_sum(theirs, goal)}"
        for goal in goals
        if mine.goals[goal].weights != theirs.goals[goal].weights
    ]
    if mine.settings.money != theirs.settings.money:
        units = [region.settings.money or "no unit" for region in (mine, theirs)]
        lines.append(f"money: {one.name} counts {units[0]}, {other.name} counts {units[1]}")
    return lines


def _sum(region: Region, goal: str) -> str:
    return " + ".join(f"{weight.normalize():f} {indicator}" for indicator, weight in region.goals[goal].weights.items())


def _in_order(listing: Listing, objectives: Sequence[Objective]) -> Listing:
    names = [objective.name for objective in listing.objectives]
    order = [names.index(objective.name) for objective in objectives]
    if order == sorted(order):
        return listing
    return replace(
        listing,
        objectives=tuple(listing.objectives[k] for k in order),
        values=tuple(tuple(row[k] for k in order) for row in listing.values),
    )


def _short(certificate: Certificate) -> str:
    if certificate.status is Status.COMPLETE:
        return "complete"
    if certificate.status is Status.GUARANTEE and certificate.epsilon is not None:
        return f"within {at_most(100 * certificate.epsilon)} %"
    return "nothing proved"
