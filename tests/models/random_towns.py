"""Tiny random towns that exercise one mechanism each, and all their plans."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import product

from instances.schema import (
    Activation,
    Asset,
    Budget,
    Capacity,
    Commitment,
    Effect,
    Footprint,
    Grant,
    Impact,
    Industry,
    Load,
    Place,
    Project,
    Reach,
    Relation,
    Service,
    Source,
    SourceChange,
    Supply,
    Synergy,
    Tag,
    Town,
    Zone,
)
from instances.settings import Goal, Policy
from tests.models import random_character, random_links
from tests.models.towns import GROWTH, effects, rows, town


def plans(region):
    """Every plan: for each project no start, or one of those allowed."""
    choices = [[(p.id, t) for t in (0, *region.starts(p))] for p in region.projects]
    return [{project: start for project, start in choice if start} for choice in product(*choices)]


def random_town(mechanism, seed):
    """A tiny town with random rows in the tables of one mechanism, and an objective for all that it counts."""
    draw = random.Random(f"{mechanism} {seed}")
    phased = mechanism in ("budget", "heritage", "time", "grants", "commitments")
    periods = draw.choice((1, 1, 2, 3)) if phased else draw.choice((1, 1, 1, 2))
    ids = [f"P{n}" for n in range(1, 4 if periods == 3 else 5)]
    kinds = ["roads", "schools", "parks"]
    projects = [
        Project(
            id=p,
            town=draw.choice(("", "A", "B")),
            category=tuple(draw.sample(kinds, draw.choice((0, 1, 1, 2)))),
            capital_cost=draw.choice(("0", "1", "2.5", "4", "1.25")),
            operating_cost=draw.choice(("0", "0", "0.5", "1")),
            duration=draw.choice((1, 1, 2)),
            earliest_start=draw.choice((1, 1, 1, 2)),
            public_share=draw.choice(("1", "1", "0.4", "0")),
            locked=draw.choice(("",) * 12 + ("in", "out")),
            adopted=draw.choice((0, 0, 1, 2)) if mechanism == "commitments" else 0,
        )
        for p in ids
    ]
    if mechanism in ("budget", "grants"):
        projects = [p.model_copy(update={"cost_high": draw.choice((None, p.capital_cost + 2))}) for p in projects]
    tables = {"effects": effects(**{p: draw.randint(-3, 9) for p in ids})}
    return town(*projects, periods=periods, **{**tables, **_TABLES[mechanism](draw, ids, kinds, periods)})


def _goals(draw, *indicators):
    """All indicators, each with a random sense and weight, so that auxiliaries are pressed from either side."""
    goals = {name: Goal(**{draw.choice(("maximize", "minimize")): {name: draw.choice((1, 2))}}) for name in indicators}
    return {**GROWTH, **goals}


def _budget(draw, ids, kinds, periods):
    funds = [(f"F{n}", draw.sample(kinds, draw.choice((0, 1, 2)))) for n in range(draw.choice((1, 2, 3)))]
    cells = [(f, t, c) for f, c in funds for t in range(1, periods + 1) if draw.random() < 0.8]
    return {
        "policy": Policy(overruns_borne=draw.choice((None, 0, 1, 1, 2))),
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
        or rows(Budget, ("F0", 1, 1)),
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
        "goals": _goals(draw, "fame", "value_added_low"),
        "effects": [
            Effect(project=p, indicator="value_added", value=n, low=draw.choice((None, n - 1)))
            for n, p in enumerate(ids)
        ],
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


def _time(draw, ids, kinds, periods):
    values = (-3, 2, "2.5", "0.05", "1.50", 7)
    return {
        "effects": [
            Effect(
                project=p,
                indicator=i,
                value=draw.choice(values),
                yearly=draw.random() < 0.7,
                low=draw.choice((None, *values)),
                high=draw.choice((None, *values)),
            )
            for p in ids
            for i in ("value_added", "fame")
        ],
        "goals": _goals(draw, "fame", "fame_low", "value_added_high"),
        "head": {"discount_rate": draw.choice(("0", "0.04", "0.25", 1)), "tail_periods": draw.choice((0, 1, 5))},
        "relations": [
            Relation(id=f"R{n}", kind="after", members=tuple(draw.sample(ids, draw.choice((2, 2, 3)))))
            for n in range(2)
        ],
        "policy": Policy(operating_tail_limit=draw.choice((None, "0.5", 1))),
    }


def _grants(draw, ids, kinds, periods):
    def grant(n, kind):
        unlocked = {"threshold": draw.choice((1, 2, 3)) if kind == "count" else draw.choice((0, 1, "2.5", 4, 9))}
        return Grant(
            id=f"G{n}",
            kind=kind,
            members=() if kind == "points" else (draw.choice(("all", "category=roads", *ids)), *draw.sample(ids, 2)),
            indicator=draw.choice(("fame", "value_added", "public_cost", "green_gain")) if kind == "points" else "",
            **({"rate": draw.choice((0, "0.25", "0.5", 1))} if kind == "matching" else unlocked),
            fund=draw.choice(("F0", "F1")),
            period=draw.randint(1, periods),
            amount=draw.choice((0, 1, "2.5", 4)),
        )

    kinds_of = [draw.choice(("count", "points", "matching")) for _ in range(3)]
    if draw.random() < 0.2:
        kinds_of = ["matching"] * 5
    return {
        **_budget(draw, ids, kinds, periods),
        **_synergy(draw, ids, kinds, periods),
        "grants": [grant(n, kind) for n, kind in enumerate(kinds_of)],
    }


def _commitments(draw, ids, kinds, periods):
    return {
        "commitments": [
            Commitment(
                project=p,
                period=draw.randint(1, periods),
                binding=draw.random() < 0.2,
                drop_charge=draw.choice((0, 1, "2.5")),
                move_charge=draw.choice((0, 1, "1.5")),
            )
            for p in draw.sample(ids, 3)
        ],
        "goals": _goals(draw, "break_charge", "changes"),
    }


def _coverage(draw, ids, kinds, periods):
    places = [(f"L{n}", draw.choice((0, 10, 25))) for n in range(4)]
    reach = [(p, place) for p in ids for place, _ in places if draw.random() < 0.4]
    return {"goals": _goals(draw, "people_reached"), "places": rows(Place, *places), "reach": rows(Reach, *reach)}


def _endogenous(draw, ids, kinds, periods):
    forms = ["hard", "soft", "location", "policy", "flow"]
    sources = [
        Source(
            town=t, source=f, form=f, stock=draw.choice((0, 2, "3.5", 6)), floor=draw.choice((None,) * 6 + (0, 1, 2))
        )
        for t in "AB"
        for f in draw.sample(forms, 3)
    ]
    changes = [
        SourceChange(project=p, town=s.town, source=s.source, change=draw.choice((-4, -2, "-0.5", 1, "2.5", 3)))
        for p in ids
        for s in sources
        if draw.random() < 0.5
    ]
    activations = []
    for t in "AB":
        figures = [sorted(map(Decimal, draw.choices(("0", "1", "2.5", "4", "6", "8", "10"), k=3))) for _ in range(3)]
        activations += rows(Activation, *((t, n + 1, *(column[n] for column in figures)) for n in range(3)))
    made = [
        Effect(
            project=p,
            indicator=indicator,
            value=draw.choice((-3, -1, 2, "3.50", "4.2", "0.05", 9)),
            source=draw.choice(("", "internal", "external")),
        )
        for p in ids
        for indicator in ("value_added", "identity")
    ]
    tags = [
        Tag(project=p, kind=draw.choice(("industry", "industry", "style")), tag=tag, weight=draw.choice(("0.5", 1)))
        for p in ids
        for tag in draw.sample(("salt", "lanterns", "toys"), draw.randint(0, 2))
    ]
    jobs = [(t, i, draw.choice((0, 30, 70, 120))) for t in "ABC" for i in ("salt", "lanterns") if draw.random() < 0.8]
    return {
        "towns": [Town(id=t) for t in "ABC"],
        "sources": sources,
        "source_changes": changes,
        "activations": activations,
        "effects": made,
        "tags": tags,
        "industries": rows(Industry, *jobs),
        "goals": _goals(draw, "activated_growth", "identity"),
        "policy": Policy(
            internal_share=draw.choice((None, None, "0.3", "0.5", 1)),
            location_quotient=draw.choice(((), ("value_added",), ("identity", "value_added"))),
        ),
    }


def _services(draw, ids, kinds, periods):
    towns = [Town(id=t, population=draw.choice((0, 100, 250, 1000))) for t in "AB"]
    services = [
        Service(
            service=name,
            town=t.id,
            capacity=draw.choice((0, 10, "20.5", 40, 100)),
            per_head=draw.choice((0, "0.05", "0.1", "0.4")),
            per_newcomer=draw.choice((0, "0.1", "0.25")),
            advance=draw.choice((None, None, 0, "0.2", 1)),
        )
        for t in towns
        for name in draw.sample(("school", "clinic", "homes"), draw.choice((1, 2)))
    ]
    supply = [
        Supply(project=p, service=s.service, town=s.town, capacity=draw.choice((0, 5, "7.5", 20, 60)))
        for p in ids
        for s in services
        if draw.random() < 0.6
    ]
    return {
        "towns": towns,
        "services": services,
        "supply": supply,
        "goals": _goals(draw, "service_met", "worst_shortfall", "newcomers"),
        "policy": Policy(newcomer_step=draw.choice((20, 50)), newcomer_limit=draw.choice((45, 100))),
    }


_TABLES = {
    "effects": lambda draw, ids, kinds, periods: {"goals": _goals(draw, "capital_cost", "public_cost", "projects")},
    "budget": _budget,
    "relations": _relations,
    "synergy": _synergy,
    "land": _ground,
    "ecology": _ecology,
    "heritage": _heritage,
    "timeline": random_character.timeline,
    "identity": random_character.identity,
    "concentration": random_character.concentration,
    "endogenous": _endogenous,
    "services": _services,
    "coverage": _coverage,
    "time": _time,
    "grants": _grants,
    "commitments": _commitments,
    "network": random_links.network,
    "symbiosis": random_links.symbiosis,
}
