"""Rules as sentences, in the words of the tables and with their figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.verify.words import figure as exact_figure
from optimizer.verify.words import listed

if TYPE_CHECKING:
    from instances.region import Region
    from instances.schema import Relation

__all__ = ["named", "number", "percent", "period", "sentence"]

MOST_NAMED = 8
"""Projects that a sentence names before it counts the rest."""


def sentence(region: Region, table: str, key: tuple[str, ...]) -> str:
    """The rule that stands in ``table`` (:class:`optimizer.decide.rules.Rule`) under ``key``."""
    writer = SENTENCES.get(table)
    return writer(region, *key) if writer else f"{table}: {', '.join(key)}"


def number(value: Decimal | Fraction | int) -> str:
    """A figure of the tables with all its places.

    >>> number(Decimal("1320.50"))
    '1,320.5'
    """
    return exact_figure(Fraction(value))


def named(region: Region, project: str) -> str:
    """A project by its title and its short name.

    >>> from instances import read_region
    >>> named(read_region("hamlet"), "road")
    'Road to the trunk line (road)'
    """
    title = region.project[project].name if project in region.project else ""
    return f"{title} ({project})" if title and title != project else project


def period(region: Region, t: int) -> str:
    """A period by its label, for instance ``year 2026``."""
    return f"{region.settings.period} {region.settings.first_period + t - 1}"


def _with_unit(figure: str, unit: str) -> str:
    return f"{figure} {unit}".strip()


def _money(region: Region, amount: Decimal | Fraction | int) -> str:
    return _with_unit(number(amount), region.settings.money)


def _named_all(region: Region, members: Sequence[str]) -> str:
    """Projects by their names; what stands for several (``town=…``) as it is."""
    names = [named(region, member) for member in members]
    return listed(
        names if len(names) <= MOST_NAMED else [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} others"]
    )


def _budget(region: Region, fund: str) -> str:
    rows = [row for row in region.budgets if row.fund == fund]
    if region.periods == 1:
        has = " and ".join(_money(region, row.amount) for row in rows)
    else:
        amounts = (
            f"{number(row.amount)} in {period(region, row.period)}"
            + (" (to be carried over)" if row.carry_over else "")
            for row in rows
        )
        has = _with_unit(", ".join(amounts), f"({region.settings.money})" if region.settings.money else "")
    kinds = rows[0].categories if rows else ()
    grants = [grant.id for grant in region.grants if grant.fund == fund]
    more = f", for {listed(kinds)} only" if kinds else ""
    return f"fund {fund} has {has}{more}" + (f", and what {listed(grants)} may give" if grants else "")


def _eligible(region: Region, project: str) -> str:
    kinds = listed(region.project[project].category) if region.project[project].category else "no category"
    return f"no fund may pay for {named(region, project)}, which is of {kinds}"


def _locked(region: Region, project: str) -> str:
    locked = region.project[project].locked if project in region.project else ""
    return f"{named(region, project)} is locked {locked}".strip()


def _relation(region: Region, name: str) -> str:
    row = next(row for row in region.relations if row.id == name)
    return f"relation {name}: {_related(region, row)}"


def _related(region: Region, row: Relation) -> str:
    if row.kind in ("requires", "after"):
        first, *others = region.members(row.members)
        needs = f"{named(region, first)} needs {_named_all(region, others)}"
        return needs + (", completed before it starts" if row.kind == "after" else "")
    which = _named_all(region, row.members)
    if row.kind in ("excludes", "exactly_one"):
        return f"{'at most' if row.kind == 'excludes' else 'exactly'} one of {which}"
    side = "at least" if row.kind.endswith("at_least") else "at most"
    if row.kind.startswith("spend"):
        return f"{side} {_money(region, row.amount or 0)} of capital cost for {which}"
    return f"{side} {number(row.amount or 0)} of {which}"


def _commitment(region: Region, project: str) -> str:
    when = next(row.period for row in region.commitments if row.project == project)
    starts = f" start in {period(region, when)}" if region.periods > 1 else " be built"
    return f"{named(region, project)} was promised to{starts} (binding)"


def _zone(region: Region, zone: str) -> str:
    row = next(row for row in region.zones if row.id == zone)
    return f"{row.name or 'zone'} ({zone}, {row.kind} land of {row.town}) has {number(row.area)} ha"


def _line(words: str) -> Callable[[Region, str], str]:
    def sentence(region: Region, zone: str) -> str:
        row = next(row for row in region.zones if row.id == zone)
        allowed = f" but {listed(row.allowed_categories)}" if row.allowed_categories else ""
        return words.format(zone=f"{row.name} ({zone})" if row.name else zone, allowed=allowed)

    return sentence


def _capacity(region: Region, basin: str, pollutant: str) -> str:
    row = next(row for row in region.capacities if (row.basin, row.pollutant) == (basin, pollutant))
    today = number(row.base_point + row.base_diffuse)
    return f"{basin} can bear {number(row.capacity)} tonnes of {pollutant} a year, {today} of which are there today"


def _protected(region: Region, asset: str) -> str:
    row = next(row for row in region.assets if row.id == asset)
    return f"{row.name or asset} is listed ({row.grade}) and must not be destroyed"


def _uses(region: Region, project: str, asset: str) -> str:
    title = next((row.name for row in region.assets if row.id == asset), "") or asset
    return f"{named(region, project)} uses {title}, so somebody must conserve it"


def _fair_share(region: Region, name: str) -> str:
    row = next(row for row in region.fair_shares if row.id == name)
    shares = {"at least": row.at_least, "at most": row.at_most}
    sides = [f"{side} {percent(share)}" for side, share in shares.items() if share is not None]
    return f"fair share {name}: {' and '.join(sides)} of all capital cost for {_named_all(region, row.members)}"


def _source(region: Region, town: str, source: str) -> str:
    row = next(row for row in region.sources if (row.town, row.source) == (town, source))
    floor, today = number(row.floor or 0), number(row.stock)
    return f"{source} of {_town(region, town)} stays at {floor} points at least (today {today})"


def _service(region: Region, service: str, town: str) -> str:
    row = next(row for row in region.services if (row.service, row.town) == (service, town))
    return f"{service} built in {_town(region, town)} goes beyond the need by {percent(row.advance or 0)} at most"


def _links(region: Region, column: str) -> str:
    return f"all trips must reach the trunk network within the {column} of each link"


def _neighbours(region: Region, town: str, other: str) -> str:
    return f"the neighbours {_town(region, town)} and {_town(region, other)} lead with different industries"


def _town(region: Region, town: str) -> str:
    return (region.town[town].name if town in region.town else "") or town


def percent(share: Decimal | int) -> str:
    return f"{number(Fraction(share) * 100)} %"


def _policy(region: Region, figure: str) -> str:
    value = getattr(region.settings.policy, figure)
    writer = POLICIES.get(figure)
    return writer(region, value) if writer and value is not None and value is not False else f"policy {figure}"


def _plain(words: str) -> Callable[[Region, Any], str]:
    return lambda region, value: words.format(number(value))


def _share(words: str) -> Callable[[Region, Any], str]:
    return lambda region, value: words.format(percent(value))


POLICIES: Mapping[str, Callable[[Region, Any], str]] = {
    "farmland_quota_ha": _plain("farmland quota: at most {} ha of arable land are lost, net"),
    "green_cover": _share("green cover: at least {} of the built and green land of each town stays green"),
    "habitat_no_net_loss": lambda region, value: "habitat: no net loss of green and water land",
    "heritage_loss_limit": _plain("heritage: at most {} points are lost"),
    "demolition_share": _share("demolition: at most {} of an old quarter by projects that start in one period"),
    "operating_tail_limit": lambda region, value: (
        f"running costs after the last period: at most {_money(region, value)} a period"
    ),
    "eras_minimum": _plain("timeline: at least {} kept of the assets of each era"),
    "kinds_minimum": _plain("timeline: at least {} kept of the assets of each kind"),
    "one_leading_industry": lambda region, value: "a town leads with at most one industry",
    "internal_share": _share("internal share: at least {} of each indicator grows from within"),
    "closed_chain": _share("closed chain: at least {} of the tonnes of by-products find a taker"),
    "park_only": lambda region, value: f"{listed(value)} may be built only in an eco-industrial park",
    "industry_towns": _plain("industry towns: at most {}"),
    "industry_mass": _plain("critical mass: an industry town has at least {} projects of the industry categories"),
}

SENTENCES: Mapping[str, Callable[..., str]] = {
    "budgets": _budget,
    "eligible": _eligible,
    "locked": _locked,
    "relations": _relation,
    "commitments": _commitment,
    "zones": _zone,
    "parcels": _line("{zone} is a single parcel: at most one project"),
    "red lines": _line("red line {zone}: nothing is built or farmed behind it"),
    "heritage cores": _line("heritage core {zone}: nothing new is built there"),
    "heritage controls": _line("heritage control zone {zone}: nothing{allowed} is built there"),
    "capacities": _capacity,
    "protected assets": _protected,
    "uses": _uses,
    "fair_shares": _fair_share,
    "sources": _source,
    "services": _service,
    "links": _links,
    "neighbours": _neighbours,
    "policy": _policy,
}
"""Where a rule stands, to how it is told from the key of its row."""
