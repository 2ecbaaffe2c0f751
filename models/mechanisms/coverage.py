"""Coverage: ``people_reached = Σ_place people * reached`` with ``reached = max_{j reaches it} built_j``.

    "Vigorously improve service facilities in small towns, and promote the balanced development of social security,
    education, health, medical and other public services" (S2, section 3 (3)).

The maximal covering location problem of Church & ReVelle (1974): a second clinic next door counts nothing. Places that
the same projects reach are one column, and a place that a single project reaches needs none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from instances.region import Region
from models.draft import Draft, Provider
from models.linear import Linear
from models.logic import any_of

TABLES = ("places",)


def build(draft: Draft) -> None:
    """Coverage makes no rules of its own."""


def indicators(region: Region) -> Mapping[str, Provider]:
    """``people_reached``, people."""
    return {"people_reached": people_reached}


def people_reached(draft: Draft) -> Linear:
    """People of all places that at least one chosen project reaches."""
    reaching: dict[str, set[str]] = defaultdict(set)
    for reach in draft.region.reach:
        reaching[reach.place].add(reach.project)
    people: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    first_place: dict[tuple[str, ...], str] = {}
    order = {project.id: place for place, project in enumerate(draft.region.projects)}
    for place in draft.region.places:
        projects = tuple(draft.possible(sorted(reaching[place.id], key=order.__getitem__)))
        if projects and place.people:
            people[projects] += Fraction(place.people)
            first_place.setdefault(projects, place.id)
    pull = draft.wanted("people_reached")
    return Linear.sum(
        any_of(draft, ("reached", first_place[projects]), {p: draft.built(p) for p in projects}, pull) * count
        for projects, count in people.items()
    )
