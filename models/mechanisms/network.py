"""Network: ``Σ_a f_va - Σ_a f_av >= trips_v + Σ_j trips_vj built_j`` at each node, ``Σ f_l <= capacity_l built_l`` on
each link; ``travel_time = Σ_v people_v * minutes of the fastest route that is open``.

    "Give priority to the construction of transportation infrastructure, strengthen the connection with transit traffic
    trunk lines, and optimize the layout of road networks in small towns, so as to form a transportation system with
    internal and external access" (S2, section 3 (4)); "the current traffic flow and human flow of the road are
    calculated to build a reasonable road network system" (section 4 (4)).

The traffic is the single-commodity flow of network design (Magnanti & Wong 1984, "Network design and transportation
planning: models and algorithms"): all trips go to the trunk network, whichever node of it, so that one flow is enough.
Its columns are continuous and no objective counts them: which way the trips take changes nothing for a portfolio, so
that none goes round in circles and no link need carry more than all trips. What
a link carries is a fact (rows ``define``), that the trips of a node arrive is the rule.

Travel time is exact without any flow. The routes worth taking from a node are put in order of their minutes, and
``within[node,m]`` is 1 if a route of at most ``m`` minutes is open, the or over routes of the and over their projects,
so ``minutes = existing - Σ_m (next m - m) within_m``, the radius form of location models (García, Labbé & Marín 2011,
"Solving large p-median problems with a radius formulation"), whose relaxation is as tight as that of choosing a route
with ``Σ_r y_r = 1, y_r <= built_j`` and which is a function of the decisions. Nodes whose routes need the same projects
share their columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Set
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import groupby, pairwise
from math import ceil

from instances.region import Region
from instances.schema import SEPARATOR, Link
from models.draft import Draft, Provider
from models.linear import ZERO, Linear
from models.logic import all_of, any_of
from models.routes import Route, routes

TABLES = ("nodes",)

Needs = frozenset[str]
"""The projects that a route needs."""

ROUTES = "\n"
"""Between two routes where a set of them is named; no project has it in its name."""


def build(draft: Draft) -> None:
    """The flow of trips to the trunk network, if a link has a capacity and there are trips."""
    region = draft.region
    trips = _trips(draft)
    total = sum((draft.range(there)[1] for there in trips.values()), Fraction(0))
    if not total or all(link.capacity is None for link in region.links):
        return
    carries = {link: most for link in region.links if (most := _most(draft, link, total))}
    inner = _crossed(carries, [node for node, there in trips.items() if draft.range(there)[1]], set(trips))
    leaving: dict[str, list[Linear]] = defaultdict(list)
    arriving: dict[str, list[Linear]] = defaultdict(list)
    for link, most in carries.items():
        flow = []
        for start, end in ((link.start, link.end), (link.end, link.start)):
            if start in inner and start != end:
                flow.append(draft.continuous("trips", link.id, f"from {start}", most=ceil(total)))
                leaving[start].append(flow[-1])
                arriving[end].append(flow[-1])
        if flow and (link.project or most < total):
            open_ = draft.built(link.project) if link.project else Linear(constant=Fraction(1))
            draft.rule("define", f"link {link.id} carries", open_ * most - Linear.sum(flow), lower=0)
    for node in inner:
        kept = Linear.sum(leaving[node]) - Linear.sum(arriving[node])
        if draft.range(trips[node])[1]:
            draft.rule("network", f"trips from {node}", kept - trips[node], lower=0)
        else:
            draft.rule("define", f"trips through {node}", kept, lower=0)


def indicators(region: Region) -> Mapping[str, Provider]:
    """``travel_time``, people times minutes."""
    return {"travel_time": travel_time}


def travel_time(draft: Draft) -> Linear:
    """Minutes to the nearest trunk node, summed over the people of all nodes."""
    found = routes(draft.region, set(draft.possible(project.id for project in draft.region.projects)))
    people = {node.id: Fraction(node.people) for node in draft.region.nodes}
    return Linear.sum(_minutes(draft, node, known) * people[node] for node, known in found.items())


def _trips(draft: Draft) -> dict[str, Linear]:
    """Trips that start at each node off the trunk network (trips a day)."""
    there = {node.id: [Linear(constant=Fraction(node.trips))] for node in draft.region.nodes if not node.trunk}
    for trip in draft.region.trips:
        if trip.node in there:
            there[trip.node].append(draft.built(trip.project) * trip.trips)
    return {node: Linear.sum(parts) for node, parts in there.items()}


def _most(draft: Draft, link: Link, total: Fraction) -> Fraction:
    """Trips that a link can carry once it is there, never more than there are."""
    if link.project and not draft.possible([link.project]):
        return Fraction(0)
    return total if link.capacity is None else min(Fraction(link.capacity), total)


def _crossed(links: Collection[Link], sources: list[str], inner: Set[str]) -> list[str]:
    """Nodes off the trunk network that the trips of the sources may cross, the sources first."""
    ends: dict[str, set[str]] = defaultdict(set)
    for link in links:
        ends[link.start].add(link.end)
        ends[link.end].add(link.start)
    found = dict.fromkeys(sources)
    queue = list(sources)
    for node in queue:
        for other in sorted((ends[node] & inner) - found.keys()):
            found[other] = None
            queue.append(other)
    return list(found)


def _minutes(draft: Draft, node: str, known: list[Route]) -> Linear:
    """Minutes of the fastest route that is open; the last of those known always is."""
    levels = [(minutes, [r.projects for r in at]) for minutes, at in groupby(known, key=lambda r: r.minutes)]
    total, within, sets = Linear(constant=known[-1].minutes), ZERO, list[Needs]()
    for (minutes, new), (following, _) in pairwise(levels):
        kept = [needs for needs in sets if not any(fewer <= needs for fewer in new)]
        parts = {f"route {_name(needs)}": _open(draft, needs) for needs in [*kept, *new]}
        if within.terms and kept == sets:
            parts = {"sooner": within, **{f"route {_name(needs)}": _open(draft, needs) for needs in new}}
        sets = [*kept, *new]
        key = ("within", node, f"{Decimal(minutes.numerator) / minutes.denominator} min")
        one_open = partial(any_of, draft, key, parts, _pull(draft))
        within = draft.share(("within", ROUTES.join(sorted(map(_name, sets)))), one_open)
        total -= within * (following - minutes)
    return total


def _open(draft: Draft, needs: Needs) -> Linear:
    """1 if all projects of a route are built."""
    key = ("route", _name(needs))
    return draft.share(key, lambda: all_of(draft, key, {p: draft.built(p) for p in sorted(needs)}, _pull(draft)))


def _name(needs: Needs) -> str:
    return SEPARATOR.join(sorted(needs))


def _pull(draft: Draft) -> Set[int]:
    return {-side for side in draft.wanted("travel_time")}
