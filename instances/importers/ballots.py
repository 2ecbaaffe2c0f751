"""Ballots of a participatory budget: who is reached by which project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from instances.faults import Fault, did_you_mean
from instances.importers.figures import clean
from instances.importers.pb_file import PbFile
from instances.schema import Place, Reach

__all__ = ["Ballots", "read_ballots"]


@dataclass(frozen=True)
class Ballots:
    """Ballots that name the same projects are one place; its people are the ballots."""

    places: tuple[Place, ...]
    reach: tuple[Reach, ...]
    named: Counter[str]  # on how many ballots each project stands
    cast: int
    blank: int  # ballots that name nothing: no plan can reach them
    faults: tuple[Fault, ...]


def read_ballots(file: PbFile, projects: Collection[str], sound: Collection[str]) -> Ballots:
    """Group the ballots by the set of projects that they name.

    ``projects`` are all the ids there are, ``sound`` those whose row has no fault and that others may refer to.

    The order, the points and the repetition of a project on a ballot are not looked at, so that approval, ordinal,
    cumulative and scoring ballots are all read alike. The largest places come first.
    """
    sets: Counter[frozenset[str]] = Counter()
    unknown: dict[str, list[int]] = {}
    for line, cells in file.votes.rows if file.votes else ():
        named = frozenset(part for raw in cells.get("vote", "").split(",") if (part := clean(raw)))
        for stranger in sorted(named.difference(projects)):
            unknown.setdefault(stranger, []).append(line)
        sets[named] += 1
    order = {project: rank for rank, project in enumerate(projects)}
    blank = sets.pop(frozenset(), 0)
    groups = sorted(sets.items(), key=lambda item: (-item[1], sorted(order.get(p, len(order)) for p in item[0])))
    places = tuple(Place(id=f"ballots {g}", people=Decimal(n)) for g, (_, n) in enumerate(groups, 1))
    reach = tuple(
        Reach(project=project, place=f"ballots {g}")
        for g, (named, _) in enumerate(groups, 1)
        for project in sorted(named & set(sound), key=order.__getitem__)
    )
    on_ballots: Counter[str] = Counter()
    for named, count in sets.items():
        on_ballots.update(dict.fromkeys(named, count))
    faults = tuple(_stranger(file.place, name, lines, projects) for name, lines in unknown.items())
    return Ballots(places, reach, on_ballots, sets.total() + blank, blank, faults)


def _stranger(place: str, name: str, lines: list[int], projects: Collection[str]) -> Fault:
    more = f" and {len(lines) - 1} more ballots" if len(lines) > 1 else ""
    near = did_you_mean(name, projects)
    cause = near if near.startswith("did") else "its row in PROJECTS was deleted, or ids are not separated by commas"
    return Fault(place, lines[0], "vote", name, f"is named here{more}, but PROJECTS does not list it", cause)
