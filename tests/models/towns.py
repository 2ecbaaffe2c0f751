"""Hand-sized towns, one for each mechanism."""

from __future__ import annotations

from instances.region import Region
from instances.schema import (
    Asset,
    Budget,
    Capacity,
    Criterion,
    Effect,
    Footprint,
    Impact,
    Load,
    Place,
    Project,
    Reach,
    Relation,
    Score,
    Synergy,
    Zone,
)
from instances.settings import Goal, Policy, Settings

GROWTH = {"growth": Goal(maximize={"value_added": 1}, unit="M CNY a year")}
LOSS = {"character": Goal(minimize={"heritage_loss": 1}, unit="points")}


def town(*projects, goals=GROWTH, periods=1, policy=None, **tables):
    """A region of which only what matters is said; a project may be given by its name alone."""
    settings = Settings(name="town", periods=periods, objectives=goals, policy=policy or Policy())
    rows = tuple(Project(id=p, capital_cost=1) if isinstance(p, str) else p for p in projects)
    return Region(settings=settings, projects=rows, **{name: tuple(rows) for name, rows in tables.items()})


def effects(**values):
    return [Effect(project=project, indicator="value_added", value=value) for project, value in values.items()]


def rows(row_type, *cells):
    """Rows of a table by position: key columns, then the others in their order."""
    names = [name for name in row_type.model_fields if name != "note"]
    return [row_type(**dict(zip(names, row, strict=False))) for row in cells]


EXAMPLES = {
    "effects": town(
        "mill",
        "inn",
        "well",
        effects=effects(mill="4.5", inn="3"),
        criteria=rows(Criterion, ("comfort", "livability", "2")),
        scores=rows(Score, ("inn", "comfort", 3), ("well", "comfort", 5)),
    ),
    "budget": town(
        Project(id="road", capital_cost=9, operating_cost=1, duration=2, category="works"),
        Project(id="school", capital_cost=4, operating_cost="0.5", category="schools", public_share="0.5"),
        Project(id="casino", capital_cost=2, category="leisure"),
        periods=3,
        effects=effects(road=7, school=3, casino=9),
        budgets=rows(
            Budget,
            *(("county", t, 3, True, "works | schools") for t in (1, 2, 3)),
            *(("ministry", t, 1, False, "schools") for t in (1, 2, 3)),
        ),
    ),
    "relations": town(
        *(Project(id=f"ring {n}", capital_cost=n, category="road") for n in (1, 2, 3)),
        "bus",
        "mall",
        effects=effects(bus=2, mall=5),
        relations=rows(
            Relation,
            ("levels of the ring road", "exactly_one", "category=road", None),
            ("mall needs bus", "requires", "mall | bus", None),
            ("mall needs all this", "requires", "mall | ring 3 | bus", None),
            ("bus or mall", "at_least", "bus | mall", 1),
            ("two of these", "at_most", "ring 1 | bus | mall", 2),
            ("road money", "spend_at_most", "category=road | bus", "3.5"),
        ),
    ),
    "synergy": town(
        "museum",
        "inn",
        "stage",
        goals={**GROWTH, "noise": Goal(minimize={"noise": 1})},
        effects=effects(museum=2, inn=3),
        synergies=rows(
            Synergy,
            ("weekend trip", "museum | inn", None, "value_added", "1.5"),
            ("crowds", "museum | inn | stage", 2, "value_added", "-0.5"),
            ("party", "inn | stage", None, "noise", 2),
        ),
    ),
    "land": town(
        "works",
        "homes",
        "paddy",
        goals={**GROWTH, "farmland": Goal(minimize={"farmland_converted": 1})},
        policy=Policy(farmland_quota_ha="1.5"),
        effects=effects(works=5, homes=4),
        zones=rows(Zone, ("Z1", "T", "arable", 4), ("Z2", "T", "built", 3, True)),
        footprints=rows(
            Footprint,
            ("works", "Z1", "2.5"),
            ("homes", "Z1", 2),
            ("homes", "Z2", 1),
            ("paddy", "Z2", 1, "arable"),
        ),
    ),
    "ecology": town(
        "brewery",
        "wetland",
        "plant",
        "quarry",
        policy=Policy(green_cover="0.35", habitat_no_net_loss=True),
        effects=effects(brewery=8, quarry=9),
        zones=rows(Zone, ("B", "T", "built", 6), ("G", "T", "green", 4), ("line", "T", "red_line", 9)),
        footprints=rows(
            Footprint,
            ("brewery", "G", 1),
            ("wetland", "B", 1, "water"),
            ("quarry", "line", 2),
            ("plant", "line", 2, "green"),
        ),
        loads=rows(
            Load,
            ("brewery", "Fuxi", "COD", "point", 6),
            ("plant", "Fuxi", "COD", "point", -4),
            ("wetland", "Fuxi", "COD", "diffuse", -5),
        ),
        capacities=rows(Capacity, ("Fuxi", "COD", 2, 3, 7)),
    ),
    "heritage": town(
        "mall",
        "road",
        "repair",
        "tower",
        "hotel",
        goals={**GROWTH, **LOSS, "care": Goal(maximize={"heritage_gain": 1})},
        policy=Policy(heritage_loss_limit=9, demolition_share="0.2"),
        effects=effects(mall=5, road=3, tower=6, hotel=2),
        zones=rows(Zone, ("core", "T", "heritage_core", 3), ("old", "T", "old_quarter", 10)),
        footprints=rows(Footprint, ("tower", "core", "0.5"), ("mall", "old", "1.5"), ("road", "old", 1)),
        assets=rows(
            Asset,
            ("temple", "T", "", "past", "tangible", "national", 8, True),
            ("street", "T", "", "past", "tangible", "unlisted", 4, False),
        ),
        impacts=rows(
            Impact,
            ("mall", "temple", -2),
            ("road", "temple", -1),
            ("repair", "temple", 3),
            ("hotel", "temple", 0, True),
            ("mall", "street", -4),
        ),
    ),
    "coverage": town(
        "clinic",
        "surgery",
        "van",
        goals={"care": Goal(maximize={"people_reached": 1}, unit="people")},
        places=rows(Place, ("North", 120), ("South", 80), ("East", 60), ("Hills", 30), ("Isle", 9)),
        reach=rows(
            Reach,
            ("clinic", "North"),
            ("surgery", "North"),
            ("clinic", "East"),
            ("surgery", "East"),
            ("clinic", "South"),
            ("surgery", "South"),
            ("van", "South"),
            ("van", "Hills"),
        ),
    ),
}
"""Mechanism to a town that shows all that it writes."""
