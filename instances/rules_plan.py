"""Rules about what can be built: windows, money, relations, synergies, land and loads."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from instances.facts import Facts
from instances.faults import Fault, did_you_mean
from instances.schema import SEPARATOR, Project

__all__ = [
    "adopted_elsewhere",
    "budget_periods",
    "fund_categories",
    "no_start_possible",
    "oversized_footprints",
    "relation_amounts",
    "relation_members",
    "synergy_members",
    "unbounded_loads",
    "unfunded_projects",
    "unknown_members",
]

ORDERED = ("requires", "after")
COUNTS = ("at_least", "at_most")
SPENDING = ("spend_at_least", "spend_at_most")
SELECTORS = ("category", "town", "district", "setting")


def no_start_possible(facts: Facts) -> Iterator[Fault]:
    """Every project can be completed within the periods, starting within its window."""
    periods = facts.region.periods
    for position, project in enumerate(facts.region.projects):
        last = periods - project.duration + 1
        latest = project.latest_start
        early = f"earliest_start is {project.earliest_start}"
        if last < 1:
            rule = f"is longer than the {periods} periods of the region; it could never be completed"
            cause = "duration counts periods, not months; or the setting periods is too small"
            yield facts.fault("projects", position, "duration", project.duration, rule, cause)
        elif latest is not None and latest > last:
            rule = f"is too late to complete {project.duration} periods of building within {periods} periods"
            cause = f"the last possible start is {last}; leave the cell empty to allow every start up to it"
            yield facts.fault("projects", position, "latest_start", latest, rule, cause)
        elif latest is not None and latest < project.earliest_start:
            rule = f"is before the earliest start; {early}"
            yield facts.fault("projects", position, "latest_start", latest, rule, "the two columns exchanged")
        elif project.earliest_start > last:
            rule = f"is too late to complete {project.duration} periods of building within {periods} periods"
            cause = f"the last possible start is {last}; a calendar year in place of a period, or periods is too small"
            yield facts.fault("projects", position, "earliest_start", project.earliest_start, rule, cause)


def adopted_elsewhere(facts: Facts) -> Iterator[Fault]:
    """The adopted plan is one that the projects allow."""
    for position, project in enumerate(facts.region.projects):
        starts = facts.region.starts(project)
        if project.adopted and starts and project.adopted not in starts:
            allowed = str(starts[0]) if len(starts) == 1 else f"{starts[0]} to {starts[-1]}"
            rule = f"is not an allowed start period; allowed is {allowed}"
            cause = "an adopted plan of other periods: write its start as a period of this region, 0 if it is not in it"
            yield facts.fault("projects", position, "adopted", project.adopted, rule, cause)


def budget_periods(facts: Facts) -> Iterator[Fault]:
    """Funds give money in periods that exist."""
    periods = facts.region.periods
    for position, row in enumerate(facts.region.budgets):
        if row.period > periods:
            rule = f"is after the last period; the setting periods is {periods}"
            cause = "periods are numbered from 1, not by calendar year; or periods is too small"
            yield facts.fault("budgets", position, "period", row.period, rule, cause)


def fund_categories(facts: Facts) -> Iterator[Fault]:
    """A fund pays for the same categories in all its periods."""
    first: dict[str, int] = {}
    for position, row in enumerate(facts.region.budgets):
        known = facts.region.budgets[first.setdefault(row.fund, position)]
        if set(row.categories) != set(known.categories):
            rule = (
                f"differs from row {facts.row('budgets', first[row.fund])}; fund {row.fund} has one list of categories"
            )
            cause = "the categories were filled in only once: repeat them in every row, or split the fund in two"
            yield facts.fault("budgets", position, "categories", row.categories, rule, cause)


def unfunded_projects(facts: Facts) -> Iterator[Fault]:
    """A project that costs public money has a fund that may pay for it."""
    funds = facts.region.budgets
    if not funds or not all(row.categories for row in funds):
        return
    paid = {category for row in funds for category in row.categories}
    for position, project in enumerate(facts.region.projects):
        if project.locked != "out" and _costs(facts, project) and paid.isdisjoint(project.category):
            rule = "has no fund that may pay for it, so the project can never be built"
            near = [word for name in project.category if (word := did_you_mean(name, paid)).startswith("did")]
            cause = near[0] if near else f"no fund names its category; the funds pay for {', '.join(sorted(paid))}"
            yield facts.fault("projects", position, "category", project.category, rule, cause)


def _costs(facts: Facts, project: Project) -> bool:
    running = project.operating_cost and project.earliest_start + project.duration <= facts.region.periods
    return bool(project.public_share and (project.capital_cost or running))


def relation_members(facts: Facts) -> Iterator[Fault]:
    """Members exist; `requires` and `after` begin with the project that needs the others."""
    projects = facts.key("projects")
    for position, relation in enumerate(facts.region.relations):
        yield from unknown_members(facts, projects, "relations", position, relation.members)
        if relation.kind not in ORDERED or not relation.members:
            continue
        first = relation.members[0]
        if first not in projects and (first == "all" or "=" in first):
            rule = f"is not a single project; {relation.kind} begins with the project that needs all the others"
            cause = f"the members stand in another order: write dependent {SEPARATOR} needed {SEPARATOR} needed"
            yield facts.fault("relations", position, "members", first, rule, cause)
        elif len(relation.members) < 2:
            rule = f"is one member; {relation.kind} takes the project that needs the others, then those it needs"
            cause = f"the needed project was left out: write dependent {SEPARATOR} needed"
            yield facts.fault("relations", position, "members", relation.members, rule, cause)


def relation_amounts(facts: Facts) -> Iterator[Fault]:
    """Counts and sums of money are given where the kind needs them, and can be reached."""
    for position, relation in enumerate(facts.region.relations):
        kind, amount = relation.kind, relation.amount
        members = facts.region.members(relation.members)
        if kind not in COUNTS + SPENDING:
            if amount is not None and not (amount == 1 and kind not in ORDERED):
                rule = f"is not used by {kind}"
                cause = "at_least or at_most is meant, which take a count; otherwise leave the cell empty"
                yield facts.fault("relations", position, "amount", amount, rule, cause)
        elif amount is None:
            what = "how many projects" if kind in COUNTS else "how much money"
            cause = f"it was left out; {what} is the point of {kind}"
            yield facts.fault("relations", position, "amount", "", f"is too little for {kind}", cause)
        elif kind in COUNTS and amount != amount.to_integral_value():
            cause = "a share or a sum of money in place of a count; for money use spend_at_least or spend_at_most"
            yield facts.fault("relations", position, "amount", amount, f"is not a whole number; {kind} counts", cause)
        elif facts.whole("projects") and members and kind == "at_least" and amount > len(members):
            rule = f"is more than the {len(members)} projects among the members; it can never be met"
            cause = "a selector that finds fewer projects than thought, or money in place of a count"
            yield facts.fault("relations", position, "amount", amount, rule, cause)
        elif facts.whole("projects") and members and kind == "spend_at_least":
            total = sum(facts.region.project[member].capital_cost for member in members)
            if amount > total:
                rule = f"is more than all members cost together ({total:f}); it can never be met"
                cause = "another unit of money than in projects, or a selector that finds fewer projects than thought"
                yield facts.fault("relations", position, "amount", amount, rule, cause)


def synergy_members(facts: Facts) -> Iterator[Fault]:
    """Members exist, and there are enough of them."""
    projects = facts.key("projects")
    for position, synergy in enumerate(facts.region.synergies):
        yield from unknown_members(facts, projects, "synergies", position, synergy.members)
        members = facts.region.members(synergy.members)
        if facts.whole("projects") and synergy.at_least and 0 < len(members) < synergy.at_least:
            rule = f"is more than the {len(members)} projects among the members; it can never be met"
            cause = "a selector that finds fewer projects than thought; leave the cell empty to ask for all"
            yield facts.fault("synergies", position, "at_least", synergy.at_least, rule, cause)


def unknown_members(
    facts: Facts, projects: Collection[str], table: str, position: int, members: tuple[str, ...]
) -> Iterator[Fault]:
    """Names in a cell ``members`` that stand for no project; ``projects`` are those that there are."""
    """Members that name no project, in a table whose rules have members."""
    if "projects" in facts.unread:
        return
    if not members:
        cause = f"only the separator {SEPARATOR} was typed"
        yield facts.fault(table, position, "members", "", "names no project", cause)
    for name in members:
        key, equals, value = name.partition("=")
        if name in projects or name == "all":
            continue
        if not equals:
            cause = did_you_mean(name, projects)
            if "," in name or ";" in name:
                cause = f"members are separated by {SEPARATOR}, as in a {SEPARATOR} b"
            yield facts.fault(table, position, "members", name, "is not in the table projects", cause)
        elif key not in SELECTORS:
            near = did_you_mean(key, SELECTORS)
            rule = "is no selector; there are category=…, town=…, district=…, setting=… and all"
            yield facts.fault(table, position, "members", name, rule, near)
        elif not facts.region.members((name,)) and facts.whole("projects", "towns"):
            known = facts.named("towns" if key in ("district", "setting") else "projects", key)
            rule = f"finds no project; no project has this {key}"
            yield facts.fault(table, position, "members", name, rule, did_you_mean(value, [k for k in known if k]))


def oversized_footprints(facts: Facts) -> Iterator[Fault]:
    """A project takes no more land of a zone than there is."""
    areas = {zone.id: zone.area for zone in facts.region.zones}
    for position, row in enumerate(facts.region.footprints):
        if row.hectares > areas.get(row.zone, row.hectares):
            rule = f"is more than the {areas[row.zone]:f} ha of zone {row.zone}"
            cause = "mu or square metres in place of hectares (1 ha = 15 mu = 10000 m2), or another zone is meant"
            yield facts.fault("footprints", position, "hectares", row.hectares, rule, cause)


def unbounded_loads(facts: Facts) -> Iterator[Fault]:
    """A load counts only where a capacity is given for its basin and pollutant."""
    if "capacities" in facts.unread:
        return
    known = {(row.basin, row.pollutant) for row in facts.region.capacities}
    known |= {(cells.get("basin", ""), cells.get("pollutant", "")) for cells in facts.wrong.get("capacities", ())}
    words = {f"{basin} + {pollutant}": None for basin, pollutant in known}
    for position, row in enumerate(facts.region.loads):
        if (row.basin, row.pollutant) not in known:
            value = f"{row.basin} + {row.pollutant}"
            rule = "has no row in the table capacities, so the load would count for nothing"
            cause = did_you_mean(value, words) if words else "the table capacities is missing"
            yield facts.fault("loads", position, "basin + pollutant", value, rule, cause)
