"""Levers: what can be moved to loosen a rule, in the figures of the tables, step by step.

Every lever loosens: what can be built before it is moved can be built afterwards as well, whatever else is moved. So a
bisection finds the least move that is enough. A figure of which this is not so is no lever (:func:`levers`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from instances.figures import Figure, with_figure
from instances.schema import Budget
from optimizer.decide.conflict.case import AIM, BAN, PIN, Case
from optimizer.decide.rule_words import named, number
from optimizer.decide.rules import Rule
from optimizer.exact import exact_text

if TYPE_CHECKING:
    from instances.region import Region
    from models.problem import Objective

__all__ = ["Lever", "levers"]

FINEST_SHARE = Decimal("0.01")
"""Shares are moved by whole hundredths unless they have more decimals."""

NOT_TO_THE_END = frozenset({"eras_minimum", "kinds_minimum", "demolition_share"})
"""Figures of the policy that forbid something whatever their value; they can be given up as well."""


@dataclass(frozen=True)
class Lever:
    """``address`` can be moved by 1 to ``most`` steps; ``apply(case, steps)`` is the case then.

    ``price(steps)`` is the share of the figure that a move changes; a figure that is 0, and a rule that is lifted
    because it has none, count as a whole. ``words(steps)`` tells the move.
    """

    address: str
    most: int
    apply: Callable[[Case, int], Case]
    price: Callable[[int], Fraction]
    words: Callable[[int], str]
    value: Callable[[int], str]


def levers(case: Case, rule: Rule, objectives: Mapping[str, Objective]) -> list[Lever]:
    """Whatever loosens ``rule`` and nothing else tightens.

    Left out is a figure that would tighten another rule as it loosens this one: the area of built land where green
    cover is asked for, an internal share of effects that are losses.
    """
    if rule.table == AIM:
        return [_aim(case, rule, objectives[rule.key[0]])]
    if rule.table in (PIN, BAN):
        return [_wish(case, rule)]
    found = [_dial(case.region, *dial) for dial in _dials(case.region, rule)]
    if (not found or rule.key[0] in NOT_TO_THE_END) and (change := _lifts(rule)):
        found.append(_lift(case, rule, *change))
    return [lever for lever in found if lever.most > 0]


def _whole(steps: int) -> Fraction:
    return Fraction(min(steps, 1))


# figures

Dial = tuple[Figure, int, Fraction]
"""A figure, whether it loosens upwards (1) or downwards (-1), and beyond which value it does nothing more."""


def _dial(region: Region, figure: Figure, side: int, end: Fraction) -> Lever:
    value = figure.value(region)
    if value is None:
        raise ValueError(f"{figure} holds no figure")
    step = own_step(figure, value)
    most = max(0, ceil((end - Fraction(value)) * side / Fraction(step)))
    if side < 0 and value - most * step < 0:
        most = int(value / step)

    def at(steps: int) -> Decimal:
        return value + side * steps * step

    def price(steps: int) -> Fraction:
        return Fraction(steps) * Fraction(step) / Fraction(value) if value else _whole(steps)

    return Lever(
        address=str(figure),
        most=most,
        apply=lambda case, steps: replace(case, region=with_figure(case.region, figure, at(steps))),
        price=price,
        words=lambda steps: f"{'raise' if side > 0 else 'lower'} {figure} from {number(value)} to {number(at(steps))}",
        value=lambda steps: str(at(steps)),
    )


def own_step(figure: Figure, value: Decimal) -> Decimal:
    """One in the last decimal place of the figure as it was entered; at most a hundredth for shares.

    >>> own_step(Figure("budgets", ("county", "1"), "amount"), Decimal("12.5"))
    Decimal('0.1')
    """
    exponent = min(0, int(value.as_tuple().exponent))
    step = Decimal(1).scaleb(exponent)
    return min(step, FINEST_SHARE) if _is_share(figure) else step


def _is_share(figure: Figure) -> bool:
    return figure.meaning.startswith("share of") or figure.meaning.endswith("(share)")


def _dials(region: Region, rule: Rule) -> Iterator[Dial]:
    one = Fraction(1)
    match rule.table:
        case "budgets":
            yield from _money(region, rule.key[0])
        case "relations":
            row = next(row for row in region.relations if row.id == rule.key[0])
            if row.amount is not None and row.kind not in ("excludes", "exactly_one", "requires", "after"):
                most = sum(
                    Fraction(region.project[m].capital_cost) if row.kind.startswith("spend") else one
                    for m in region.members(row.members)
                )
                up = row.kind.endswith("at_most")
                yield Figure("relations", rule.key, "amount"), 1 if up else -1, Fraction(most if up else 0)
        case "zones":
            zone = next(zone for zone in region.zones if zone.id == rule.key[0])
            if zone.kind != "built" or region.settings.policy.green_cover is None:
                taken = sum((Fraction(f.hectares) for f in region.footprints if f.zone == zone.id), Fraction(0))
                yield Figure("zones", rule.key, "area"), 1, taken
        case "capacities":
            basin = next(row for row in region.capacities if (row.basin, row.pollutant) == rule.key)
            loads = (row for row in region.loads if (row.basin, row.pollutant) == rule.key and row.load > 0)
            worst = sum((Fraction(row.load) for row in loads), Fraction(basin.base_point + basin.base_diffuse))
            yield Figure("capacities", rule.key, "capacity"), 1, worst
        case "fair_shares":
            share = next(row for row in region.fair_shares if row.id == rule.key[0])
            if share.at_least is not None:
                yield Figure("fair_shares", rule.key, "at_least"), -1, Fraction(0)
            if share.at_most is not None:
                yield Figure("fair_shares", rule.key, "at_most"), 1, one
        case "sources":
            yield Figure("sources", rule.key, "floor"), -1, Fraction(0)
        case "services":
            yield from _advance(region, rule)
        case "links":
            there, more = (Fraction(sum(row.trips for row in rows)) for rows in (region.nodes, region.trips))
            for link in region.links:
                if link.capacity is not None:
                    yield Figure("links", (link.id,), "capacity"), 1, there + more
        case "policy":
            yield from _policy(region, rule.key[0])


def _money(region: Region, fund: str) -> Iterator[Dial]:
    """The fund's money of each period, and what grants may add to it."""
    everything = sum(
        (Fraction(p.capital_cost + region.periods * p.operating_cost) for p in region.projects), Fraction(0)
    )
    for row in region.budgets:
        if row.fund == fund:
            yield Figure("budgets", (fund, str(row.period)), "amount"), 1, everything
    for grant in region.grants:
        if grant.fund == fund:
            yield Figure("grants", (grant.id,), "amount"), 1, everything
            if grant.threshold is not None:
                yield Figure("grants", (grant.id,), "threshold"), -1, Fraction(0)
            if grant.rate is not None:
                yield Figure("grants", (grant.id,), "rate"), 1, Fraction(1)


def _advance(region: Region, rule: Rule) -> Iterator[Dial]:
    row = next(row for row in region.services if (row.service, row.town) == rule.key)
    need = Fraction(row.per_head) * Fraction(region.town[row.town].population)
    added = (Fraction(s.capacity) for s in region.supply if (s.service, s.town) == rule.key)
    if need:
        yield (
            Figure("services", rule.key, "advance"),
            1,
            max(Fraction(0), sum(added, Fraction(row.capacity)) / need - 1),
        )


def _policy(region: Region, name: str) -> Iterator[Dial]:
    ends: Mapping[str, Callable[[], tuple[int, Any]]] = {
        "farmland_quota_ha": lambda: (1, sum(f.hectares for f in region.footprints)),
        "green_cover": lambda: (-1, 0),
        "heritage_loss_limit": lambda: (1, sum(asset.value for asset in region.assets)),
        "demolition_share": lambda: (1, 1),
        "operating_tail_limit": lambda: (1, sum(p.operating_cost for p in region.projects)),
        "eras_minimum": lambda: (-1, 1),
        "kinds_minimum": lambda: (-1, 1),
        "closed_chain": lambda: (-1, 0),
        "industry_towns": lambda: (1, len({p.town for p in region.projects})),
        "industry_mass": lambda: (-1, 1),
    }
    if name == "internal_share" and all(effect.value >= 0 for effect in region.effects if effect.source):
        yield Figure("policy", (), name), -1, Fraction(0)
    elif name in ends:
        side, end = ends[name]()
        yield Figure("policy", (), name), side, Fraction(end)


# what has no figure is lifted


def _lift(case: Case, rule: Rule, change: Callable[[Region, Rule], Region], words: str) -> Lever:
    who = named(case.region, rule.key[0])
    told = words.format(*rule.key, who=who)
    return Lever(
        address=str(rule),
        most=1,
        apply=lambda case, steps: replace(case, region=change(case.region, rule)) if steps else case,
        price=_whole,
        words=lambda steps: told,
        value=lambda steps: "lifted",
    )


def _wish(case: Case, rule: Rule) -> Lever:
    (project,), pin = rule.key, rule.table == PIN
    return Lever(
        address=str(rule),
        most=1,
        apply=lambda case, steps: (
            case
            if not steps
            else replace(case, pins=tuple(p for p in case.pins if p != project))
            if pin
            else replace(case, bans=tuple(p for p in case.bans if p != project))
        ),
        price=_whole,
        words=lambda steps: (
            f"do without {named(case.region, project)}" if pin else f"allow {named(case.region, project)}"
        ),
        value=lambda steps: "lifted",
    )


def _aim(case: Case, rule: Rule, objective: Objective) -> Lever:
    """Weaker by whole quanta of the objective, the first of which leads to a value that a portfolio can have."""
    goal, side = rule.key
    bound, at_least = case.aims[goal, side], side == "at least"
    counts = objective.count(bound)
    first = ceil(counts) if at_least else -ceil(-counts)

    def at(steps: int) -> Fraction:
        return objective.value(first - steps if at_least else first + steps) if steps else bound

    def price(steps: int) -> Fraction:
        return abs(at(steps) - bound) / abs(bound) if bound else _whole(steps)

    return Lever(
        address=str(rule),
        most=2**40,
        apply=lambda case, steps: replace(case, aims={**case.aims, (goal, side): at(steps)}),
        price=price,
        words=lambda steps: f"be content with {goal} {side} {exact_text(at(steps))} instead of {exact_text(bound)}",
        value=lambda steps: exact_text(at(steps)),
    )


def _without_row(table: str, column: str) -> Callable[[Region, Rule], Region]:
    def change(region: Region, rule: Rule) -> Region:
        rows = tuple(row for row in getattr(region, table) if getattr(row, column) != rule.key[0])
        changes: dict[str, Any] = {table: rows}
        return replace(region, **changes)

    return change


def _with_cells(table: str, **cells: Any) -> Callable[[Region, Rule], Region]:
    def change(region: Region, rule: Rule) -> Region:
        keys = [
            tuple(str(getattr(row, column)) for column in row.KEY)[: len(rule.key)] for row in getattr(region, table)
        ]
        rows = tuple(
            row.model_copy(update=cells) if key == rule.key else row
            for row, key in zip(getattr(region, table), keys, strict=True)
        )
        changes: dict[str, Any] = {table: rows}
        return replace(region, **changes)

    return change


def _no_line(region: Region, rule: Rule) -> Region:
    zones = tuple(zone for zone in region.zones if zone.id != rule.key[0])
    return replace(region, zones=zones, footprints=tuple(f for f in region.footprints if f.zone != rule.key[0]))


def _no_policy(region: Region, rule: Rule) -> Region:
    off = {name: type(region.settings.policy).model_fields[name].default for name in rule.key}
    policy = region.settings.policy.model_copy(update=off)
    return replace(region, settings=region.settings.model_copy(update={"policy": policy}))


def _own_fund(region: Region, rule: Rule) -> Region:
    """A fund for this project alone, that pays for all of it."""
    fund = f"for {rule.key[0]}"
    project = region.project[rule.key[0]]
    needed = project.capital_cost + region.periods * project.operating_cost
    paid = project.model_copy(update={"category": (*project.category, fund)})
    money = (Budget(fund=fund, period=t, amount=needed, categories=(fund,)) for t in range(1, region.periods + 1))
    projects = tuple(paid if p.id == project.id else p for p in region.projects)
    return replace(region, projects=projects, budgets=(*region.budgets, *money))


def _strangers(region: Region, rule: Rule) -> Region:
    rows = tuple(row for row in region.neighbours if (row.town, row.other) != rule.key)
    return replace(region, neighbours=rows)


def _lifts(rule: Rule) -> tuple[Callable[[Region, Rule], Region], str] | None:
    return LIFTS["no policy"] if rule.table == "policy" else LIFTS.get(rule.table)


LIFTS: Mapping[str, tuple[Callable[[Region, Rule], Region], str]] = {
    "locked": (_with_cells("projects", locked=""), "unlock {who}"),
    "eligible": (_own_fund, "let a fund pay for {who}"),
    "relations": (_without_row("relations", "id"), "give up relation {0}"),
    "commitments": (_with_cells("commitments", binding=False), "release the promise of {who}"),
    "parcels": (_with_cells("zones", one_project=False), "let several projects share parcel {0}"),
    "red lines": (_no_line, "lift red line {0}"),
    "heritage cores": (_no_line, "lift heritage core {0}"),
    "heritage controls": (_no_line, "lift heritage control zone {0}"),
    "protected assets": (_with_cells("assets", grade="unlisted"), "take {0} off the list of protected assets"),
    "uses": (_with_cells("impacts", uses=False), "let {0} use {1} although nobody conserves it"),
    "neighbours": (_strangers, "let {0} and {1} lead with the same industry"),
    "no policy": (_no_policy, "give up policy {0}"),
}
"""What a rule without a figure is lifted by, and how that is told."""
