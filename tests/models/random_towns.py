"""Tiny random towns that exercise one mechanism each, and all their plans."""

from __future__ import annotations

import random
from itertools import product

from instances.schema import (
    Asset,
    Budget,
    Capacity,
    Footprint,
    Impact,
    Load,
    Place,
    Project,
    Reach,
    Relation,
    Synergy,
    Zone,
)
from instances.settings import Goal, Policy
from tests.models.towns import GROWTH, effects, rows, town


def plans(region):
    """Every plan: for each project no start, or one of those allowed."""
    choices = [[(p.id, t) for t in (0, *region.starts(p))] for p in region.projects]
    return [{project: start for project, start in choice if start} for choice in product(*choices)]


def random_town(mechanism, seed):
    """A tiny town with random rows in the tables of one mechanism, and an objective for all that it counts."""
    draw = random.Random(f"{mechanism} {seed}")
    periods = draw.choice((1, 1, 2, 3)) if mechanism in ("budget", "heritage") else draw.choice((1, 1, 1, 2))
    ids = [f"P{n}" for n in range(1, 4 if periods == 3 else 5)]
    kinds = ["roads", "schools", "parks"]
    projects = [
        Project(
            id=p,
            category=tuple(draw.sample(kinds, draw.choice((0, 1, 1, 2)))),
            capital_cost=draw.choice(("0", "1", "2.5", "4", "1.25")),
            operating_cost=draw.choice(("0", "0", "0.5", "1")),
            duration=draw.choice((1, 1, 2)),
            earliest_start=draw.choice((1, 1, 1, 2)),
            public_share=draw.choice(("1", "1", "0.4", "0")),
            locked=draw.choice(("",) * 12 + ("in", "out")),
        )
        for p in ids
    ]
    return town(
        *projects,
        periods=periods,
        effects=effects(**{p: draw.randint(-3, 9) for p in ids}),
        **_TABLES[mechanism](draw, ids, kinds, periods),
    )


def _goals(draw, *indicators):
    """All indicators, each with a random sense and weight, so that auxiliaries are pressed from either side."""
    goals = {name: Goal(**{draw.choice(("maximize", "minimize")): {name: draw.choice((1, 2))}}) for name in indicators}
    return {**GROWTH, **goals}


def _budget(draw, ids, kinds, periods):
    funds = [(f"F{n}", draw.sample(kinds, draw.choice((0, 1, 2)))) for n in range(draw.choice((1, 2, 3)))]
    cells = [(f, t, c) for f, c in funds for t in range(1, periods + 1) if draw.random() < 0.8]
    return {
        "budgets": [
            Budget(
                fund=f,
                period=t,
                amount=draw.choice((0, "0.5", 1, 2, 3)),
                carry_over=draw.random() < 0.5,
                categories=tuple(c),
            )
            for f, t, c in cells
        ]
        or rows(Budget, ("F0", 1, 1))
    }


def _relations(draw, ids, kinds, periods):
    kind = ["requires", "excludes", "exactly_one", "at_least", "at_most", "spend_at_least", "spend_at_most"]
    return {
        "relations": [
            Relation(
                id=f"R{n}",
                kind=(k := draw.choice(kind)),
                members=tuple(draw.sample(ids, draw.randint(2, 3)))
                if k == "requires" or draw.random() < 0.7
                else ("category=roads",),
                amount=draw.choice(("1", "2", "1.5", "3")),
            )
            for n in range(2)
        ]
    }


def _synergy(draw, ids, kinds, periods):
    return {
        "goals": _goals(draw, "fame"),
        "synergies": [
            Synergy(
                id=f"S{n}",
                members=tuple(draw.sample(ids, draw.randint(1, len(ids)))),
                at_least=draw.choice((None, 1, 2, 3, 5)),
                indicator=draw.choice(("fame", "value_added")),
                value=draw.choice((1, -1, "2.5", "-0.5", 0)),
            )
            for n in range(3)
        ],
    }


def _ground(draw, ids, kinds, periods):
    kind = ["built", "arable", "green", "water", "red_line", "heritage_core", "heritage_control", "old_quarter"]
    zones = [
        Zone(
            id=f"Z{n}",
            town=draw.choice("AB"),
            kind=draw.choice(kind[:4]) if draw.random() < 0.7 else draw.choice(kind),
            area=draw.choice((1, 2, "3.5", 6)),
            one_project=draw.random() < 0.2,
            allowed_categories=tuple(draw.sample(kinds, draw.choice((0, 1)))),
        )
        for n in range(4)
    ]
    footprints = [
        Footprint(project=p, zone=z.id, hectares=draw.choice((0, "0.5", 1, 2)), becomes=draw.choice(kind[:4]))
        for p in ids
        for z in draw.sample(zones, 2)
    ]
    policy = Policy(
        farmland_quota_ha=draw.choice((None, 0, 1)),
        green_cover=draw.choice((None, "0.3", "0.05")),
        habitat_no_net_loss=draw.random() < 0.3,
        demolition_share=draw.choice((None, "0.3")),
    )
    goals = _goals(draw, "green_gain", "farmland_converted")
    return {"zones": zones, "footprints": footprints, "policy": policy, "goals": goals}


def _ecology(draw, ids, kinds, periods):
    cells = [(p, pollutant, kind) for p in ids for pollutant in ("COD", "NOx") for kind in ("point", "diffuse")]
    loads = [(p, "Fuxi", x, k, draw.choice((-3, -1, "0.5", 2, 4))) for p, x, k in cells if draw.random() < 0.6]
    capacities = [
        ("Fuxi", x, draw.choice((0, 2)), draw.choice((0, 1, 3)), draw.choice((3, 4, 6))) for x in ("COD", "NOx")
    ]
    return {
        **_ground(draw, ids, kinds, periods),
        "loads": rows(Load, *loads),
        "capacities": rows(Capacity, *capacities),
    }


def _heritage(draw, ids, kinds, periods):
    assets = [
        Asset(
            id=f"A{n}",
            town="A",
            grade=draw.choice(("national", "unlisted", "unlisted")),
            value=draw.choice((0, 3, 4, "2.5")),
            threatened=draw.random() < 0.5,
        )
        for n in range(2)
    ]
    impacts = [
        Impact(project=p, asset=a.id, impact=draw.randint(-4, 4), uses=draw.random() < 0.2)
        for p in ids
        for a in assets
        if draw.random() < 0.8
    ]
    ground = _ground(draw, ids, kinds, periods)
    limits = {"heritage_loss_limit": draw.choice((None, 2, 4)), "demolition_share": draw.choice((None, "0.3"))}
    return {
        **ground,
        "assets": assets,
        "impacts": impacts,
        "policy": Policy(**limits),
        "goals": _goals(draw, "heritage_loss", "heritage_gain"),
    }


def _coverage(draw, ids, kinds, periods):
    places = [(f"L{n}", draw.choice((0, 10, 25))) for n in range(4)]
    reach = [(p, place) for p in ids for place, _ in places if draw.random() < 0.4]
    return {"goals": _goals(draw, "people_reached"), "places": rows(Place, *places), "reach": rows(Reach, *reach)}


_TABLES = {
    "effects": lambda draw, ids, kinds, periods: {"goals": _goals(draw, "capital_cost", "public_cost", "projects")},
    "budget": _budget,
    "relations": _relations,
    "synergy": _synergy,
    "land": _ground,
    "ecology": _ecology,
    "heritage": _heritage,
    "coverage": _coverage,
}
