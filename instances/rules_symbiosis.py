"""Rules about by-products and parks: takers take what there is, and polluting kinds have somewhere to build."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from instances.facts import Facts
from instances.faults import Fault, did_you_mean

__all__ = ["exchanges_of_nothing", "park_categories", "too_many_takers"]


def exchanges_of_nothing(facts: Facts) -> Iterator[Fault]:
    """An exchange is of a by-product of its source, and with another plant."""
    region = facts.region
    made: dict[str, list[str]] = defaultdict(list)
    for row in region.byproducts:
        made[row.project].append(row.material)
    for position, exchange in enumerate(region.exchanges):
        if exchange.source == exchange.target:
            rule = "takes its own by-product; an exchange is between two plants"
            cause = "what a plant uses itself is no by-product: lower its tonnes in byproducts"
            yield facts.fault("exchanges", position, "target", exchange.target, rule, cause)
        if exchange.material not in made[exchange.source] and exchange.source in facts.key("projects"):
            rule = f"is not a by-product of {exchange.source}"
            cause = did_you_mean(exchange.material, made[exchange.source])
            if not made[exchange.source]:
                cause = f"{exchange.source} has no row in byproducts, or source and target were exchanged"
            yield facts.fault("exchanges", position, "material", exchange.material, rule, cause)


def too_many_takers(facts: Facts) -> Iterator[Fault]:
    """All takers of a by-product together take no more than comes about."""
    made = {(row.project, row.material): row.tonnes for row in facts.region.byproducts}
    taken: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for position, exchange in enumerate(facts.region.exchanges):
        flow = exchange.source, exchange.material
        before, taken[flow] = taken[flow], taken[flow] + exchange.tonnes
        if flow in made and before <= made[flow] < taken[flow]:
            rule = (
                f"is too much: with it {taken[flow]} t of {exchange.material} are taken from {exchange.source}, where "
                f"{made[flow]} t come about"
            )
            cause = "each taker was given what it could use; share out what comes about"
            yield facts.fault("exchanges", position, "tonnes", exchange.tonnes, rule, cause)


def park_categories(facts: Facts) -> Iterator[Fault]:
    """Categories that may build only in a park are categories of projects, and there is a park."""
    region = facts.region
    polluting = region.settings.policy.park_only
    known = dict.fromkeys(category for project in region.projects for category in project.category)
    for category in polluting:
        if category not in known:
            rule = "is not a category of any project"
            yield facts.head_fault("policy.park_only", category, rule, did_you_mean(category, known))
    if set(polluting) & set(known) and all(zone.kind != "eco_park" for zone in region.zones):
        rule = "names categories that may build only inside an eco_park, but no zone is of this kind"
        cause = "the park was left out of the table zones; to forbid these projects, lock them out"
        yield facts.head_fault("policy.park_only", None, rule, cause)
