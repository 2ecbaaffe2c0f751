"""A region without one of its mechanisms: the same towns and projects, one idea less."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from instances.region import Region
from instances.schema import Zone
from instances.worlds import applicable

__all__ = ["REMOVALS", "Removal", "without"]

LAND_USES = ("built", "arable", "green", "water")


@dataclass(frozen=True)
class Removal:
    """What belongs to a mechanism alone: tables, policy figures, kinds of zone; ``rest`` is for what it shares."""

    tables: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    rest: Callable[[Region], Region] | None = None


def without(region: Region, mechanism: str) -> Region:
    """``region`` with nothing of ``mechanism`` left in it that bears on a rule or an objective.

    Tables and policy figures of the mechanism alone are emptied. What others need stays, shorn of what the mechanism
    reads in it (see :data:`REMOVALS`). Objectives keep their names, senses and weights: an indicator that nobody counts
    any more is 0. Raises ``KeyError`` for an unknown mechanism.

    >>> from instances import read_region
    >>> region = read_region("hamlet")
    >>> bool(region.synergies), without(region, "synergy").synergies
    (True, ())
    """
    removal = REMOVALS[mechanism]
    policy = region.settings.policy
    fields = type(policy).model_fields
    cleared = {figure: fields[figure].get_default() for figure in removal.policy}
    lines = {zone.id for zone in region.zones if zone.kind in removal.zones}
    changed: dict[str, Any] = dict.fromkeys(removal.tables, ())
    if lines:
        changed["zones"] = tuple(zone for zone in region.zones if zone.id not in lines)
        changed["footprints"] = tuple(row for row in region.footprints if row.zone not in lines)
    settings = region.settings.model_copy(update={"policy": policy.model_copy(update=cleared)})
    left = replace(region, settings=settings, **changed)
    left = removal.rest(left) if removal.rest else left
    return replace(left, scenarios=applicable(left))


def _free_land(region: Region) -> Region:
    """No area is too small and no parcel is single, but what becomes of land is still counted.

    A footprint that leaves the use of land as it is bears on nothing but the area and goes. The others stay, and their
    zone becomes as large as they need. Where green cover reads the area of built and green land, those zones keep it:
    a green zone that gave more than it has would have no meaning there.
    """
    zones = {zone.id: zone for zone in region.zones}
    prints = tuple(
        row
        for row in region.footprints
        if not (zones[row.zone].kind in LAND_USES and zones[row.zone].kind == row.becomes)
    )
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for row in prints:
        taken[row.zone] += row.hectares
    bound = ("built", "green") if region.settings.policy.green_cover is not None else ()
    freed = (
        zone if zone.kind not in LAND_USES else _wide(zone, taken[zone.id], zone.kind in bound) for zone in region.zones
    )
    return replace(region, zones=tuple(freed), footprints=prints)


def _wide(zone: Zone, needed: Decimal, bound: bool) -> Zone:
    return zone.model_copy(update={"one_project": False, "area": zone.area if bound else max(zone.area, needed)})


def _no_heritage(region: Region) -> Region:
    """Assets stay for the timeline, unprotected and without a value of their own; else they go."""
    policy = region.settings.policy
    if not (region.timeline or policy.eras_minimum or policy.kinds_minimum):
        return replace(region, assets=(), impacts=())
    plain = {"grade": "unlisted", "value": Decimal(0)}
    return replace(
        region,
        assets=tuple(asset.model_copy(update=plain) for asset in region.assets),
        impacts=tuple(row.model_copy(update={"uses": False}) for row in region.impacts),
    )


def _no_identity(region: Region) -> Region:
    """Industry tags stay for the location quotient, not leading; likeness then weighs nothing in any objective."""
    if not region.settings.policy.location_quotient:
        return replace(region, tags=())
    tags = tuple(tag.model_copy(update={"leading": False}) for tag in region.tags if tag.kind == "industry")
    return _weightless(replace(region, tags=tags), "alikeness")


def _weightless(region: Region, indicator: str) -> Region:
    settings = region.settings
    goals = {}
    for name, goal in settings.objectives.items():
        side = "maximize" if goal.maximize else "minimize"
        weights = {key: Decimal(0) if key == indicator else weight for key, weight in goal.weights.items()}
        goals[name] = goal.model_copy(update={side: weights})
    return replace(region, settings=settings.model_copy(update={"objectives": goals}))


def _timeless(region: Region) -> Region:
    """A yearly effect counts its value once, nothing is discounted, and `after` asks for no order in time."""
    flat = {"discount_rate": Decimal(0), "tail_periods": 0}
    return replace(
        region,
        settings=region.settings.model_copy(update=flat),
        effects=tuple(effect.model_copy(update={"yearly": False}) for effect in region.effects),
        relations=tuple(
            rule.model_copy(update={"kind": "requires"}) if str(rule.kind) == "after" else rule
            for rule in region.relations
        ),
    )


def _unadopted(region: Region) -> Region:
    """No plan to depart from, so that no change is counted."""
    return replace(region, projects=tuple(project.model_copy(update={"adopted": 0}) for project in region.projects))


REMOVALS: Mapping[str, Removal] = {
    "budget": Removal(("budgets", "grants"), ("overruns_borne",)),
    "time": Removal(policy=("operating_tail_limit",), rest=_timeless),
    "grants": Removal(("grants",)),
    "commitments": Removal(("commitments",), rest=_unadopted),
    "relations": Removal(("relations",)),
    "synergy": Removal(("synergies",)),
    "land": Removal(policy=("farmland_quota_ha",), rest=_free_land),
    "ecology": Removal(("loads", "capacities"), ("green_cover", "habitat_no_net_loss"), ("red_line",)),
    "heritage": Removal(
        policy=("heritage_loss_limit", "demolition_share"),
        zones=("heritage_core", "heritage_control", "old_quarter"),
        rest=_no_heritage,
    ),
    "timeline": Removal(("timeline",), ("eras_minimum", "kinds_minimum")),
    "identity": Removal(("neighbours",), ("alike_from", "one_leading_industry"), rest=_no_identity),
    "endogenous": Removal(
        ("sources", "source_changes", "activations", "industries"), ("internal_share", "location_quotient")
    ),
    "network": Removal(("nodes", "links", "trips")),
    "services": Removal(("services", "supply"), ("newcomer_step", "newcomer_limit")),
    "coverage": Removal(("places", "reach")),
    "symbiosis": Removal(("byproducts", "exchanges"), ("closed_chain", "park_only"), ("eco_park",)),
    "concentration": Removal(("fair_shares",), ("industry_categories", "industry_towns", "industry_mass")),
}
"""Mechanism to what goes with it. Grants go with the budget, into whose funds they pay."""
