"""Rules about sources of growth: changes, floors, levels of activation, location quotients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from instances.facts import Facts
from instances.faults import Fault, did_you_mean
from instances.schema import Activation

__all__ = ["activation_levels", "compared_industries", "reachable_floors", "unknown_sources"]

RISING = ("internal", "external", "gain")


def unknown_sources(facts: Facts) -> Iterator[Fault]:
    """A change names a source that its town has; levels belong to a town that has sources."""
    if "sources" in facts.unread:
        return
    known = {(row.town, row.source) for row in facts.region.sources}
    known |= {(cells.get("town", ""), cells.get("source", "")) for cells in facts.wrong.get("sources", ())}
    words = {f"{town} + {source}": None for town, source in known}
    for position, change in enumerate(facts.region.source_changes):
        if (change.town, change.source) not in known:
            value = f"{change.town} + {change.source}"
            rule = "has no row in the table sources, so the change would count for nothing"
            cause = did_you_mean(value, words) if words else "the table sources is missing"
            yield facts.fault("source_changes", position, "town + source", value, rule, cause)
    towns = dict.fromkeys(town for town, _ in known)
    for position, level in enumerate(facts.region.activations):
        if level.town not in towns:
            rule = "has no sources, so nothing could ever be activated there"
            cause = did_you_mean(level.town, towns) if towns else "the table sources is missing"
            yield facts.fault("activations", position, "town", level.town, rule, cause)


def reachable_floors(facts: Facts) -> Iterator[Fault]:
    """A floor is not above all that the projects together could make of the stock."""
    gains: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for change in facts.region.source_changes:
        gains[change.town, change.source] += max(change.change, Decimal(0))
    for position, row in enumerate(facts.region.sources):
        most = row.stock + gains[row.town, row.source]
        if row.floor is not None and row.floor > most:
            rule = f"is more than the stock and all that projects add to it ({most:f}); it can never be met"
            cause = "floor and stock exchanged, or a project that strengthens the source is missing in source_changes"
            yield facts.fault("sources", position, "floor", row.floor, rule, cause)


def activation_levels(facts: Facts) -> Iterator[Fault]:
    """From level to level of a town neither what it takes nor the gain falls."""
    levels: dict[str, list[tuple[int, Activation]]] = defaultdict(list)
    for position, row in enumerate(facts.region.activations):
        levels[row.town].append((position, row))
    for rows in levels.values():
        rows.sort(key=lambda found: found[1].level)
        for (_, below), (position, row) in pairwise(rows):
            for column in RISING:
                figure, before = getattr(row, column), getattr(below, column)
                if figure < before:
                    rule = f"is less than at level {below.level} of {row.town} ({before:f}); levels rise"
                    cause = "levels in another order; a gain is entered in all, not on top of the level below"
                    yield facts.fault("activations", position, column, figure, rule, cause)


def compared_industries(facts: Facts) -> Iterator[Fault]:
    """Location quotients scale effects that exist, and have jobs to be computed from."""
    scaled = facts.region.settings.policy.location_quotient
    if not scaled:
        return
    if facts.absent("industries"):
        rule = "needs the table industries, which has no rows: without jobs there is nothing to compare"
        cause = "a file or sheet left out or misnamed: add industries, or remove the key"
        yield facts.head_fault("policy.location_quotient", None, rule, cause)
    if "effects" in facts.unread or facts.absent("effects"):
        return
    known = facts.named("effects", "indicator")
    for name in scaled:
        if name not in known:
            rule = "is not an indicator of the table effects; only effects of projects can be scaled"
            yield facts.head_fault("policy.location_quotient", name, rule, did_you_mean(name, known))
