"""One row type per table: which columns there are, their unit, their bounds and what they mean.

Everything that reads, writes, documents or checks a region is driven by these classes: the reader validates against
them, the template prints their meanings, and :mod:`instances.check` follows their ``KEY`` and ``REFERS``.

Numbers are :class:`~decimal.Decimal`, because a front is only exact when the figures it is made of are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

__all__ = [
    "TABLES",
    "Activation",
    "Asset",
    "Budget",
    "Byproduct",
    "Capacity",
    "Commitment",
    "Criterion",
    "Effect",
    "Exchange",
    "FairShare",
    "Footprint",
    "Grant",
    "Impact",
    "Industry",
    "Link",
    "Load",
    "Neighbour",
    "Node",
    "Place",
    "Project",
    "Reach",
    "Relation",
    "Row",
    "Scenario",
    "Score",
    "Service",
    "Source",
    "SourceChange",
    "Supply",
    "Synergy",
    "Tag",
    "TimelineStep",
    "Town",
    "Trip",
    "Zone",
]

SEPARATOR = "|"
YES = frozenset({"yes", "y", "true", "1"})
NO = frozenset({"no", "n", "false", "0", ""})


def _names(cell: object) -> object:
    """``"a | b"`` to ``("a", "b")``; an empty cell is an empty tuple."""
    if cell is None:
        return ()
    if isinstance(cell, str):
        return tuple(part.strip() for part in cell.split(SEPARATOR) if part.strip())
    return cell


def _yes_no(cell: object) -> object:
    text = str(cell).strip().lower() if cell is not None else ""
    if text in YES:
        return True
    if text in NO:
        return False
    raise ValueError("must be yes or no")


Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^|\r\n\t]+$")]
Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(_names),
    PlainSerializer(lambda names: f" {SEPARATOR} ".join(names), return_type=str),
]
YesNo = Annotated[
    bool, BeforeValidator(_yes_no), PlainSerializer(lambda flag: "yes" if flag else "no", return_type=str)
]
Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=18)]
Amount = Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=18)]
Share = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False, max_digits=18)]
Period = Annotated[int, Field(ge=1, le=50)]


def column(default: Any = ..., *, meaning: str, unit: str = "", cause: str = "") -> Any:
    """A column: what it means, its unit and, for error messages, what a wrong value is usually due to."""
    return Field(default, description=meaning, json_schema_extra={"unit": unit, "cause": cause})


class Row(BaseModel):
    """A row of a table. ``KEY`` columns identify it; ``REFERS`` says which column names a row of which table."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, coerce_numbers_to_str=True)
    KEY: ClassVar[tuple[str, ...]] = ()
    REFERS: ClassVar[dict[str, str]] = {}
    TITLE: ClassVar[str] = ""

    note: str = column("", meaning="free text; never read by the mathematics")


class Project(Row):
    KEY = ("id",)
    REFERS = {"town": "towns"}
    TITLE = "candidate projects: the things that can be built"

    id: Name = column(meaning="short name used by all other tables", cause="every project needs a name of its own")
    name: str = column("", meaning="title for people")
    town: str = column("", meaning="the town it belongs to; empty where it serves the whole region")
    category: Names = column((), meaning=f"kind of project; several are separated by {SEPARATOR}")
    capital_cost: Amount = column(
        unit="money",
        meaning="cost of building it",
        cause="a grant or an income is no cost: enter grants as a fund in budgets",
    )
    cost_low: Amount | None = column(
        None, unit="money", meaning="the least that building it may cost; empty: as stated"
    )
    cost_high: Amount | None = column(
        None, unit="money", meaning="the most that building it may cost; empty: as stated, nothing above it is expected"
    )
    operating_cost: Amount = column(
        Decimal(0),
        unit="money a period",
        meaning="cost of running it, each period after completion",
        cause="savings are an effect, not a negative cost: enter them in effects",
    )
    duration: Period = column(1, unit="periods", meaning="periods of building", cause="whole periods, at least 1")
    earliest_start: Period = column(1, unit="period", meaning="first period in which building may start")
    latest_start: Period | None = column(
        None,
        unit="period",
        meaning="last period in which building may start; empty: as late as it can still be completed",
    )
    locked: Literal["", "in", "out"] = column(
        "", meaning="in: must be chosen; out: must not be", cause="allowed are in, out and an empty cell"
    )
    adopted: Annotated[int, Field(ge=0, le=50)] = column(
        0, unit="period", meaning="start period in a plan adopted elsewhere, to compare with; 0: not in it"
    )
    public_share: Share = column(
        Decimal(1),
        unit="share",
        meaning="share of both costs that the funds in budgets must pay",
        cause="a share lies between 0 and 1: 60 % is 0.6",
    )
    x: Number | None = column(None, unit="degrees east", meaning="longitude of the site")
    y: Number | None = column(None, unit="degrees north", meaning="latitude of the site")


class Effect(Row):
    KEY = ("project", "indicator")
    REFERS = {"project": "projects"}
    TITLE = "what a project does for each indicator"

    project: Name = column(meaning="project")
    indicator: Name = column(meaning="what is counted, as named in the objectives")
    value: Number = column(
        unit="of the indicator",
        meaning="change when the project is built; a loss is negative",
        cause="a plain number without unit or sign words",
    )
    source: Literal["", "internal", "external"] = column(
        "",
        meaning="does the effect grow from within the town (internal) or is it brought from outside (external)?",
        cause="allowed are internal, external and an empty cell",
    )
    yearly: YesNo = column(
        False, meaning="does the value come anew in each period of service, to be discounted, or once for all?"
    )
    low: Number | None = column(None, unit="of the indicator", meaning="cautious value; INDICATOR_low counts it")
    high: Number | None = column(None, unit="of the indicator", meaning="hopeful value; INDICATOR_high counts it")


class Criterion(Row):
    KEY = ("criterion",)
    TITLE = "a scoring rubric: criteria, their weights, the objective each counts for and what the scores mean"

    criterion: Name = column(meaning="name of the criterion")
    objective: Name = column(meaning="objective it counts for")
    weight: Amount = column(Decimal(1), unit="points a step", meaning="points for each step above score 1")
    score_1: str = column("", meaning="what a score of 1 means: it does nothing for this criterion")
    score_2: str = column("", meaning="what a score of 2 means")
    score_3: str = column("", meaning="what a score of 3 means")
    score_4: str = column("", meaning="what a score of 4 means")
    score_5: str = column("", meaning="what a score of 5 means: the best one can think of")


class Score(Row):
    KEY = ("project", "criterion")
    REFERS = {"project": "projects", "criterion": "criteria"}
    TITLE = "scores of the projects on the criteria"

    project: Name = column(meaning="project")
    criterion: Name = column(meaning="criterion")
    score: Annotated[int, Field(ge=1, le=5)] = column(
        unit="1 to 5", meaning="1: does nothing, 5: the best one can think of", cause="whole scores from 1 to 5"
    )


class Town(Row):
    KEY = ("id",)
    TITLE = "towns of the region"

    id: Name = column(meaning="short name used by all other tables")
    name: str = column("", meaning="name for people")
    district: str = column("", meaning="district or county it belongs to")
    population: Amount = column(Decimal(0), unit="people", meaning="residents")
    area: Amount = column(Decimal(0), unit="km2", meaning="area")
    lon: Number | None = column(None, unit="degrees east", meaning="longitude")
    lat: Number | None = column(None, unit="degrees north", meaning="latitude")
    profile: str = column("", meaning="what the town is known for")
    setting: Literal["urban", "rural"] = column("rural", meaning="town (urban) or village (rural)")


class Budget(Row):
    KEY = ("fund", "period")
    TITLE = "money: what each fund gives in each period"

    fund: Name = column(meaning="name of the fund")
    period: Period = column(1, unit="period", meaning="period in which it can be spent")
    amount: Amount = column(
        unit="money", meaning="money available", cause="a cut is a smaller amount, not a negative one"
    )
    carry_over: YesNo = column(False, meaning="may what is left be spent in the next period?")
    categories: Names = column(
        (), meaning=f"categories of project it may pay for, separated by {SEPARATOR}; empty: all"
    )


class Zone(Row):
    KEY = ("id",)
    REFERS = {"town": "towns"}
    TITLE = "land: how much there is of each kind, and the lines drawn over it"

    id: Name = column(meaning="short name used by footprints")
    town: Name = column(meaning="town in which it lies")
    kind: Literal[
        "built",
        "arable",
        "green",
        "water",
        "red_line",
        "heritage_core",
        "heritage_control",
        "old_quarter",
        "eco_park",
    ] = column(
        meaning="use of the land (built, arable, green, water) or a line drawn over it (red_line, heritage_core, "
        "heritage_control, old_quarter, eco_park)",
        cause="one of built, arable, green, water, red_line, heritage_core, heritage_control, old_quarter, eco_park",
    )
    area: Amount = column(unit="ha", meaning="area", cause="areas are hectares: 1 ha = 15 mu")
    one_project: YesNo = column(False, meaning="a single parcel that takes at most one project")
    allowed_categories: Names = column((), meaning="in heritage_control: categories that may build there; empty: none")
    name: str = column("", meaning="name for people")


class Footprint(Row):
    KEY = ("project", "zone")
    REFERS = {"project": "projects", "zone": "zones"}
    TITLE = "the land that a project takes or touches"

    project: Name = column(meaning="project")
    zone: Name = column(meaning="zone")
    hectares: Amount = column(
        unit="ha",
        meaning="area taken (of a land use) or touched (of a line)",
        cause="land that is won back is a footprint on the old use with `becomes` arable, green or water",
    )
    becomes: Literal["built", "arable", "green", "water"] = column(
        "built", meaning="what the hectares are afterwards", cause="one of built, arable, green, water"
    )


class Load(Row):
    KEY = ("project", "basin", "pollutant", "kind")
    REFERS = {"project": "projects"}
    TITLE = "what a project discharges into a basin or removes from it"

    project: Name = column(meaning="project")
    basin: Name = column(meaning="river basin or air shed")
    pollutant: Name = column(meaning="pollutant")
    kind: Literal["point", "diffuse"] = column(
        "point",
        meaning="point: from a pipe; diffuse: from land. Green space takes up diffuse load only",
        cause="allowed are point and diffuse",
    )
    load: Number = column(unit="tonnes a year", meaning="load; what a project removes is negative")


class Capacity(Row):
    KEY = ("basin", "pollutant")
    TITLE = "what a basin can bear"

    basin: Name = column(meaning="river basin or air shed")
    pollutant: Name = column(meaning="pollutant")
    base_point: Amount = column(Decimal(0), unit="tonnes a year", meaning="today's load from pipes")
    base_diffuse: Amount = column(Decimal(0), unit="tonnes a year", meaning="today's load from land")
    capacity: Amount = column(unit="tonnes a year", meaning="the most that it can bear")


class Asset(Row):
    KEY = ("id",)
    REFERS = {"town": "towns"}
    TITLE = "heritage: what must not be lost"

    id: Name = column(meaning="short name used by impacts")
    town: Name = column(meaning="town")
    name: str = column("", meaning="name for people")
    era: Literal["past", "present", "future"] = column("past", meaning="time it speaks of")
    kind: Literal["tangible", "intangible", "industrial"] = column("tangible", meaning="kind of heritage")
    grade: Literal["national", "provincial", "county", "unlisted"] = column(
        "unlisted", meaning="listing; all but unlisted are protected"
    )
    value: Amount = column(unit="points", meaning="what its loss would cost in character")
    threatened: YesNo = column(False, meaning="will it be lost unless a project conserves it?")


class Impact(Row):
    KEY = ("project", "asset")
    REFERS = {"project": "projects", "asset": "assets"}
    TITLE = "what a project does to a heritage asset"

    project: Name = column(meaning="project")
    asset: Name = column(meaning="asset")
    impact: Annotated[int, Field(ge=-4, le=4)] = column(
        unit="-4 to 4",
        meaning="ICOMOS scale: -4 destroys, 0 no change, 4 secures for good",
        cause="whole steps from -4 to 4",
    )
    uses: YesNo = column(False, meaning="does the project make use of the asset (and so need it conserved)?")


class Relation(Row):
    KEY = ("id",)
    TITLE = "rules among projects"

    id: Name = column(meaning="name of the rule, as it will be quoted")
    kind: Literal[
        "requires", "after", "excludes", "exactly_one", "at_least", "at_most", "spend_at_least", "spend_at_most"
    ] = column(
        meaning="requires: the first member needs all the others; after: it also starts when they are completed, not "
        "before; excludes: at most one; exactly_one; at_least and at_most: a count; spend_at_least and spend_at_most: "
        "capital cost",
        cause="one of requires, after, excludes, exactly_one, at_least, at_most, spend_at_least, spend_at_most",
    )
    members: Names = column(
        meaning=f"projects, separated by {SEPARATOR}, or all projects of `category=…`, `town=…`, `district=…`, `all`"
    )
    amount: Amount | None = column(None, unit="projects or money", meaning="the count or the sum of money")


class Synergy(Row):
    KEY = ("id",)
    TITLE = "bonus or malus for projects that are built together"

    id: Name = column(meaning="name, as it will be quoted")
    members: Names = column(meaning=f"projects, separated by {SEPARATOR}, or `category=…`, `town=…`, `district=…`")
    at_least: Annotated[int, Field(ge=1)] | None = column(
        None, unit="projects", meaning="how many of them must be built; empty: all"
    )
    indicator: Name = column(meaning="what it changes")
    value: Number = column(unit="of the indicator", meaning="change; a malus is negative")


class Place(Row):
    KEY = ("id",)
    REFERS = {"town": "towns"}
    TITLE = "places or groups of people to be reached"

    id: Name = column(meaning="short name used by reach")
    people: Amount = column(unit="people", meaning="people, households or ballots")
    town: str = column("", meaning="town in which it lies; empty where that does not matter")


class Reach(Row):
    KEY = ("project", "place")
    REFERS = {"project": "projects", "place": "places"}
    TITLE = "which project reaches which place; a second project there counts nothing"

    project: Name = column(meaning="project")
    place: Name = column(meaning="place")


class TimelineStep(Row):
    KEY = ("count",)
    TITLE = "memory: what the first, second, third … kept asset of an era counts in a town"

    count: Annotated[int, Field(ge=1, le=99)] = column(
        meaning="1 for the first kept asset of an era in a town, 2 for the second …"
    )
    points: Amount = column(
        unit="points",
        meaning="points of memory that it adds; never more than the one before",
        cause="the second asset of an era tells less that is new than the first: points must not rise",
    )


class Tag(Row):
    KEY = ("project", "kind", "tag")
    REFERS = {"project": "projects"}
    TITLE = "identity: style, industry and type of a project, to see where towns come to look alike"

    project: Name = column(meaning="project")
    kind: Literal["style", "industry", "typology"] = column(
        meaning="style of building, industry, or type of place", cause="one of style, industry, typology"
    )
    tag: Name = column(meaning="what it is, for instance old-style street, lanterns, theme park")
    weight: Annotated[Decimal, Field(gt=0, le=1, allow_inf_nan=False, max_digits=18)] = column(
        Decimal(1), unit="share", meaning="how much of the project this is", cause="a share lies above 0 and up to 1"
    )
    leading: YesNo = column(False, meaning="does it make this industry the leading industry of its town?")


class Neighbour(Row):
    KEY = ("town", "other")
    REFERS = {"town": "towns", "other": "towns"}
    TITLE = "towns next to each other, which shall not lead with the same industry; one row a pair"

    town: Name = column(meaning="town")
    other: Name = column(meaning="its neighbour")


class Source(Row):
    KEY = ("town", "source")
    REFERS = {"town": "towns"}
    TITLE = "what a town's growth draws on: internal (hard, soft) and external (location, policy, flow) sources"

    town: Name = column(meaning="town")
    source: Name = column(meaning="name of the source, for instance salt craft, expressway exit")
    form: Literal["hard", "soft", "location", "policy", "flow"] = column(
        meaning="hard and soft sources are internal; location, policy and flow are external",
        cause="one of hard, soft, location, policy, flow",
    )
    stock: Amount = column(unit="points", meaning="how strong it is today")
    floor: Amount | None = column(None, unit="points", meaning="what it must not fall below")


class SourceChange(Row):
    KEY = ("project", "town", "source")
    REFERS = {"project": "projects", "town": "towns"}
    TITLE = "how a project strengthens or wears out a source of a town"

    project: Name = column(meaning="project")
    town: Name = column(meaning="town")
    source: Name = column(meaning="source, as in sources")
    change: Number = column(unit="points", meaning="change of its stock; wear is negative")


class Activation(Row):
    KEY = ("town", "level")
    REFERS = {"town": "towns"}
    TITLE = "growth that is set free when internal potential meets external access; levels rise one after the other"

    town: Name = column(meaning="town")
    level: Annotated[int, Field(ge=1, le=20)] = column(meaning="level, counted from 1")
    internal: Amount = column(unit="points", meaning="sum of the town's internal sources that it takes")
    external: Amount = column(unit="points", meaning="sum of the town's external sources that it takes")
    gain: Amount = column(unit="of growth", meaning="growth at this level in all, not on top of the level below")


class Industry(Row):
    KEY = ("town", "industry")
    REFERS = {"town": "towns"}
    TITLE = "jobs by industry today, for location quotients"

    town: Name = column(meaning="town")
    industry: Name = column(meaning="industry, as in the tags of kind industry")
    jobs: Amount = column(unit="people", meaning="jobs today")


class Node(Row):
    KEY = ("id",)
    REFERS = {"town": "towns"}
    TITLE = "road network: places where roads meet"

    id: Name = column(meaning="short name used by links")
    town: str = column("", meaning="town that it serves")
    trunk: YesNo = column(False, meaning="is it a point of the trunk network?")
    people: Amount = column(Decimal(0), unit="people", meaning="people who travel from here to the trunk network")
    trips: Amount = column(Decimal(0), unit="trips a day", meaning="trips that start here today")


class Link(Row):
    KEY = ("id",)
    REFERS = {"start": "nodes", "end": "nodes", "project": "projects"}
    TITLE = "road network: links that exist or that a project builds; usable both ways"

    id: Name = column(meaning="short name")
    start: Name = column(meaning="node")
    end: Name = column(meaning="node")
    minutes: Annotated[Decimal, Field(gt=0, allow_inf_nan=False, max_digits=18)] = column(
        unit="minutes", meaning="time to pass it"
    )
    capacity: Amount | None = column(None, unit="trips a day", meaning="trips it can carry in all; empty: any number")
    project: str = column("", meaning="project that builds it; empty: it exists")


class Trip(Row):
    KEY = ("project", "node")
    REFERS = {"project": "projects", "node": "nodes"}
    TITLE = "traffic that a project brings"

    project: Name = column(meaning="project")
    node: Name = column(meaning="node where it starts")
    trips: Amount = column(unit="trips a day", meaning="trips to the trunk network")


class Service(Row):
    KEY = ("service", "town")
    REFERS = {"town": "towns"}
    TITLE = "services of a town: capacity today and the standard per head"

    service: Name = column(meaning="service, for instance school, clinic, homes, jobs, water")
    town: Name = column(meaning="town")
    capacity: Amount = column(unit="of the service", meaning="capacity today")
    per_head: Amount = column(unit="of the service a head", meaning="what the standard asks for each resident")
    per_newcomer: Amount = column(
        Decimal(0), unit="of the service a head", meaning="what each newcomer needs; 0: no limit on newcomers"
    )
    advance: Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=18)] | None = column(
        None,
        unit="share",
        meaning="how far capacity that is built may go beyond the need (appropriate advance); empty: any",
    )


class Supply(Row):
    KEY = ("project", "service", "town")
    REFERS = {"project": "projects", "town": "towns"}
    TITLE = "capacity that a project adds"

    project: Name = column(meaning="project")
    service: Name = column(meaning="service, as in services")
    town: Name = column(meaning="town")
    capacity: Amount = column(unit="of the service", meaning="capacity added")


class Byproduct(Row):
    KEY = ("project", "material")
    REFERS = {"project": "projects"}
    TITLE = "by-products of a plant that need a taker"

    project: Name = column(meaning="plant")
    material: Name = column(meaning="material")
    tonnes: Amount = column(unit="tonnes a year", meaning="what comes about")


class Exchange(Row):
    KEY = ("source", "target", "material")
    REFERS = {"source": "projects", "target": "projects"}
    TITLE = "by-product chains: who takes what from whom when both are built"

    source: Name = column(meaning="plant that gives")
    target: Name = column(meaning="plant that takes")
    material: Name = column(meaning="material, as in byproducts")
    tonnes: Amount = column(
        unit="tonnes a year",
        meaning="what is taken",
        cause="all takers of one by-product together cannot take more than comes about",
    )
    saving: Amount = column(Decimal(0), unit="of growth", meaning="what the exchange saves")


class FairShare(Row):
    KEY = ("id",)
    TITLE = "fair shares of the money for towns, districts, rural and urban places"

    id: Name = column(meaning="name of the rule, as it will be quoted")
    members: Names = column(
        meaning=f"projects, separated by {SEPARATOR}, or `category=…`, `town=…`, `district=…`, `setting=rural`"
    )
    at_least: Share | None = column(None, unit="share", meaning="of all capital cost, at least")
    at_most: Share | None = column(None, unit="share", meaning="of all capital cost, at most")
    spent: Number = column(Decimal(0), unit="money", meaning="spent on members before the first period; it counts too")
    spent_in_all: Number = column(
        Decimal(0), unit="money", meaning="spent on all projects before the first period; it counts too"
    )


class Grant(Row):
    KEY = ("id",)
    TITLE = "money that is unlocked: step grants by a count or by points, and matching grants"

    id: Name = column(meaning="name of the grant")
    kind: Literal["count", "points", "matching"] = column(
        meaning="count: enough members are built; points: an indicator reaches a threshold; matching: a share of the "
        "members' capital cost, up to the amount",
        cause="one of count, points, matching",
    )
    members: Names = column((), meaning="for count and matching: projects or `category=…`, `town=…`, `all`")
    indicator: str = column("", meaning="for points: the indicator, for instance heritage_gain")
    threshold: Amount | None = column(
        None, unit="projects or points", meaning="for count and points: what must be reached"
    )
    rate: Share | None = column(None, unit="share", meaning="for matching: share of the capital cost")
    fund: Name = column(meaning="fund that the money goes into")
    period: Period = column(1, unit="period", meaning="period in which it comes")
    amount: Amount = column(unit="money", meaning="money; for matching: at most")


class Commitment(Row):
    KEY = ("project",)
    REFERS = {"project": "projects"}
    TITLE = "earlier decisions: what was promised, for when, and what breaking the promise costs"

    project: Name = column(meaning="project")
    period: Period = column(1, unit="period", meaning="period in which it was to start")
    binding: YesNo = column(False, meaning="must it stay as it is?")
    drop_charge: Amount = column(Decimal(0), unit="points", meaning="charge for dropping it")
    move_charge: Amount = column(Decimal(0), unit="points", meaning="charge for starting it in another period")


class Scenario(Row):
    KEY = ("scenario", "figure")
    TITLE = "scenarios: worlds that may come, each said by the figures that are different in it"

    scenario: Name = column(meaning="name of the scenario; it may have several rows")
    figure: Name = column(
        meaning="the figure that changes: table/key/column, for instance budgets/county,2/amount or "
        "policy/green_cover; a part of the key may be `*` (all) or, for projects, category=… or town=…",
        cause="table/key/column with the key's columns separated by commas, for instance effects/*,jobs/value",
    )
    factor: Amount | None = column(
        None, unit="times", meaning="the figure is multiplied by it; give this or value", cause="10 % more is 1.1"
    )
    value: Number | None = column(None, unit="of the figure", meaning="the figure becomes this; give this or factor")
    probability: Share | None = column(
        None,
        unit="share",
        meaning="chance of the scenario, in any of its rows; what is left to 1 is the world as planned; "
        "empty in all rows: all scenarios and the world as planned are equally likely",
    )


TABLES: dict[str, type[Row]] = {
    "projects": Project,
    "effects": Effect,
    "criteria": Criterion,
    "scores": Score,
    "towns": Town,
    "budgets": Budget,
    "relations": Relation,
    "synergies": Synergy,
    "zones": Zone,
    "footprints": Footprint,
    "loads": Load,
    "capacities": Capacity,
    "assets": Asset,
    "impacts": Impact,
    "places": Place,
    "reach": Reach,
    "timeline": TimelineStep,
    "tags": Tag,
    "neighbours": Neighbour,
    "sources": Source,
    "source_changes": SourceChange,
    "activations": Activation,
    "industries": Industry,
    "nodes": Node,
    "links": Link,
    "trips": Trip,
    "services": Service,
    "supply": Supply,
    "byproducts": Byproduct,
    "exchanges": Exchange,
    "fair_shares": FairShare,
    "grants": Grant,
    "commitments": Commitment,
    "scenarios": Scenario,
}
"""Table name to row type, in the order in which people fill them in."""
