"""Wild regions: small random tables that try what a generator of plausible towns would not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from instances.region import Region
from instances.schema import TABLES
from instances.settings import Goal, Policy, Settings

USES = ["built", "arable", "green", "water"]
LINES = ["red_line", "heritage_core", "heritage_control", "old_quarter"]
KINDS = ["road", "water", "culture"]
INDICATORS = ["jobs", "calm", "identity"]
BUILT_IN = [
    "capital_cost",
    "public_cost",
    "operating_cost",
    "projects",
    "farmland_converted",
    "green_gain",
    "heritage_loss",
    "heritage_gain",
    "people_reached",
    "activated_growth",
    "service_met",
    "worst_shortfall",
    "newcomers",
    "break_charge",
    "changes",
    "memory",
    "alikeness",
    "travel_time",
    "exchange_saving",
]


def wild_region(seed: int, projects: int = 6, periods: int = 1) -> Region:
    """A region with a random choice of mechanisms, all of its limits near what a few projects need."""
    draw = Random(seed)
    ids = [f"P{i}" for i in range(projects)]
    tables: dict[str, list[dict[str, Any]]] = {
        "projects": [_project(draw, name, periods) for name in ids],
        "effects": [
            {
                "project": name,
                "indicator": indicator,
                "value": _figure(draw, -5, 9),
                "source": draw.choice(["", "internal", "external"]),
                "yearly": draw.random() < 0.2,
            }
            for name in ids
            for indicator in INDICATORS
            if draw.random() < 0.6
        ],
        "towns": [
            {"id": "T1", "district": "D", "population": draw.choice([0, 40])},
            {"id": "T2", "district": draw.choice("DE"), "population": _figure(draw, 1, 99)},
        ],
    }
    mechanisms = [
        _budget,
        _relations,
        _synergy,
        _land,
        _waters,
        _heritage,
        _coverage,
        _sources,
        _services,
        _grants,
        _commitments,
    ]
    for mechanism in draw.sample(mechanisms, draw.choice([1, 1, 2, 3, len(mechanisms)])):
        tables.update(mechanism(draw, ids, periods))
    tables = {name: rows for name, rows in tables.items() if rows}
    settings = Settings(
        name=f"wild {seed}",
        periods=periods,
        discount_rate=draw.choice(["0", "0.04", "0.5"]),
        tail_periods=draw.choice([0, 3]),
        objectives=_goals(draw),
        policy=_policy(draw),
    )
    return Region(settings, **{name: tuple(TABLES[name](**row) for row in rows) for name, rows in tables.items()})


def _figure(draw: Random, low: int, high: int) -> Decimal:
    return Decimal(draw.randint(low * 4, high * 4)) / 4 if draw.random() < 0.5 else Decimal(draw.randint(low, high))


def _some(draw: Random, names: Sequence[str], least: int = 1) -> list[str]:
    return draw.sample(names, draw.randint(least, len(names)))


def _project(draw: Random, name: str, periods: int) -> dict[str, Any]:
    return {
        "id": name,
        "town": draw.choice(["T1", "T2", ""]),
        "category": " | ".join(_some(draw, KINDS)[:2]),
        "capital_cost": _figure(draw, 0, 9),
        "operating_cost": draw.choice([Decimal(0), _figure(draw, 0, 3)]),
        "duration": draw.choice([1, 1, periods]),
        "earliest_start": draw.choice([1, 1, 1, periods]) if periods > 1 else 1,
        "public_share": draw.choice(["1", "1", "0.5", "0.3", "0"]),
        "locked": draw.choice([""] * 12 + ["in", "out"]),
        "adopted": draw.choice([0, 0, 0, 1]),
    }


def _budget(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    rows = []
    for fund in ["county", "culture", "province"][: draw.randint(1, 3)]:
        kinds = " | ".join(_some(draw, KINDS)) if draw.random() < 0.6 else ""
        rows += [
            {
                "fund": fund,
                "period": t,
                "amount": _figure(draw, 0, 9),
                "carry_over": draw.random() < 0.5,
                "categories": kinds,
            }
            for t in range(1, periods + 1)
            if draw.random() < 0.85
        ]
    return {"budgets": rows}


def _relations(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    rows = []
    for i in range(draw.randint(1, 3)):
        kind = draw.choice(
            ["requires", "after", "excludes", "exactly_one", "at_least", "at_most", "spend_at_least", "spend_at_most"]
        )
        group = ["all", "category=road", "town=T1", "district=D"]
        members = _some(draw, ids, 2)[:4]
        if kind not in ("requires", "after") and draw.random() < 0.4:
            members = [draw.choice(group), *members[:1]]
        amount = draw.randint(0, 3) if kind.startswith("at") else _figure(draw, 0, 20)
        rows.append({"id": f"R{i}", "kind": kind, "members": "|".join(members), "amount": amount})
    return {"relations": rows}


def _synergy(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    return {
        "synergies": [
            {
                "id": f"S{i}",
                "members": "|".join(_some(draw, ids, 2)[:4]),
                "at_least": draw.choice([None, 1, 2, 3, 5]),
                "indicator": draw.choice([*INDICATORS, "only_here"]),
                "value": _figure(draw, -6, 6),
            }
            for i in range(draw.randint(1, 3))
        ]
    }


def _land(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    zones = [
        {
            "id": f"Z{i}",
            "town": draw.choice(["T1", "T2"]),
            "kind": draw.choice(USES + LINES),
            "area": _figure(draw, 1, 9),
            "one_project": draw.random() < 0.2,
            "allowed_categories": draw.choice(["", "road", "road | culture"]),
        }
        for i in range(draw.randint(2, 6))
    ]
    footprints = [
        {
            "project": name,
            "zone": zone["id"],
            "hectares": _figure(draw, 0, 4),
            "becomes": draw.choice(USES),
        }
        for name in ids
        for zone in zones
        if draw.random() < 0.35
    ]
    return {"zones": zones, "footprints": footprints}


def _waters(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    capacities = [
        {
            "basin": "Tuo",
            "pollutant": pollutant,
            "base_point": _figure(draw, 0, 5),
            "base_diffuse": _figure(draw, 0, 5),
            "capacity": _figure(draw, 4, 12),
        }
        for pollutant in ["nitrogen", "cod"][: draw.randint(1, 2)]
    ]
    loads = [
        {"project": name, "basin": "Tuo", "pollutant": row["pollutant"], "kind": kind, "load": _figure(draw, -4, 5)}
        for name in ids
        for row in capacities
        for kind in ("point", "diffuse")
        if draw.random() < 0.5
    ]
    return {"capacities": capacities, "loads": loads}


def _heritage(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    assets = [
        {
            "id": f"A{i}",
            "town": "T1",
            "grade": draw.choice(["national", "county", "unlisted", "unlisted"]),
            "value": _figure(draw, 0, 8),
            "threatened": draw.random() < 0.4,
        }
        for i in range(draw.randint(1, 3))
    ]
    impacts = [
        {
            "project": name,
            "asset": asset["id"],
            "impact": draw.randint(-4, 4),
            "uses": draw.random() < 0.2,
        }
        for name in ids
        for asset in assets
        if draw.random() < 0.5
    ]
    return {"assets": assets, "impacts": impacts}


def _coverage(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    places = [{"id": f"V{i}", "people": _figure(draw, 0, 90)} for i in range(draw.randint(1, 4))]
    reach = [{"project": name, "place": place["id"]} for name in ids for place in places if draw.random() < 0.4]
    return {"places": places, "reach": reach}


def _grants(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    """Grants for budgets that they come with; funds and periods without a row get some as well."""
    tables = _budget(draw, ids, periods)
    tables["grants"] = [
        {
            "id": f"G{i}",
            "kind": (kind := draw.choice(["count", "points", "matching"])),
            "members": "" if kind == "points" else "|".join(_some(draw, ids)),
            "indicator": draw.choice([*INDICATORS, *BUILT_IN, "only_here"]) if kind == "points" else "",
            "threshold": {"count": draw.randint(1, 4), "points": _figure(draw, 0, 9)}.get(kind),
            "rate": draw.choice(["0", "0.25", "0.5"]) if kind == "matching" else None,
            "fund": draw.choice(["county", "culture"]),
            "period": draw.randint(1, periods),
            "amount": _figure(draw, 0, 6),
        }
        for i in range(draw.choice([1, 2, 3, 6]))
    ]
    return tables


def _commitments(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    return {
        "commitments": [
            {
                "project": name,
                "period": draw.randint(1, periods),
                "binding": draw.random() < 0.2,
                "drop_charge": _figure(draw, 0, 5),
                "move_charge": _figure(draw, 0, 3),
            }
            for name in _some(draw, ids)[:3]
        ]
    }


def _sources(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    """Two sources inside and two outside of each town, levels that rise, and jobs in two industries."""
    sources = [
        {
            "town": town,
            "source": form,
            "form": form,
            "stock": _figure(draw, 0, 9),
            "floor": _figure(draw, 0, 4) if draw.random() < 0.2 else None,
        }
        for town in ("T1", "T2")
        for form in [*draw.sample(["hard", "soft"], 1), *draw.sample(["location", "policy", "flow"], 2)]
    ]
    changes = [
        {"project": name, "town": row["town"], "source": row["source"], "change": _figure(draw, -4, 6)}
        for name in ids
        for row in sources
        if draw.random() < 0.4
    ]
    levels = draw.randint(1, 4)
    figures = {
        (town, column): sorted(_figure(draw, 0, 16) for _ in range(levels))
        for town in ("T1", "T2")
        for column in ("internal", "external", "gain")
    }
    activations = [
        {"town": town, "level": n + 1, **{c: figures[town, c][n] for c in ("internal", "external", "gain")}}
        for town in ("T1", "T2")
        for n in range(levels)
    ]
    jobs = [
        {"town": town, "industry": industry, "jobs": draw.choice([0, 10, 35, 90])}
        for town in ("T1", "T2", "T3")
        for industry in ("salt", "tea")
        if draw.random() < 0.7
    ]
    tags = [
        {"project": name, "kind": "industry", "tag": industry, "weight": draw.choice(["0.5", "1"])}
        for name in ids
        for industry in ("tea", "salt")
        if draw.random() < 0.4
    ]
    return {
        "sources": sources,
        "source_changes": changes,
        "activations": activations,
        "industries": jobs,
        "tags": tags,
    }


def _services(draw: Random, ids: list[str], periods: int) -> dict[str, list[dict[str, Any]]]:
    services = [
        {
            "service": name,
            "town": town,
            "capacity": _figure(draw, 0, 30),
            "per_head": draw.choice(["0", "0.2", "0.55", "1"]),
            "per_newcomer": draw.choice(["0", "0.5", "1"]),
            "advance": draw.choice([None, None, "0.1", "1"]),
        }
        for town in ("T1", "T2")
        for name in _some(draw, ["school", "clinic", "homes"])
    ]
    supply = [
        {"project": name, "service": row["service"], "town": row["town"], "capacity": _figure(draw, 0, 25)}
        for name in ids
        for row in services
        if draw.random() < 0.4
    ]
    return {"services": services, "supply": supply}


def _goals(draw: Random) -> dict[str, Goal]:
    goals = {}
    for name in ["growth", "character", "livability"]:
        names = _some(draw, [*INDICATORS, *BUILT_IN, "only_here"])[: draw.choice([1, 2, 4])]
        weights = {indicator: draw.choice(["1", "-1", "0.5", "2", "-0.25"]) for indicator in names}
        goals[name] = Goal(maximize=weights) if draw.random() < 0.6 else Goal(minimize=weights)
    return goals


def _policy(draw: Random) -> Policy:
    def perhaps(value: Any) -> Any:
        return value if draw.random() < 0.5 else None

    return Policy(
        farmland_quota_ha=perhaps(_figure(draw, 0, 3)),
        green_cover=perhaps(draw.choice(["0.1", "0.25", "0.3"])),
        habitat_no_net_loss=draw.random() < 0.4,
        heritage_loss_limit=perhaps(_figure(draw, 0, 12)),
        demolition_share=perhaps(draw.choice(["0", "0.2", "0.35"])),
        internal_share=draw.choice([None, None, "0.25", "0.5"]),
        location_quotient=draw.choice([(), ("jobs",), ("jobs", "identity")]),
        newcomer_step=draw.choice(["3", "7.5"]),
        newcomer_limit=draw.choice(["8", "30"]),
        operating_tail_limit=perhaps(_figure(draw, 0, 6)),
    )
