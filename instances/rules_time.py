"""Rules about time: what comes each year comes at all, and what must wait for others can still be built."""

from __future__ import annotations

from collections.abc import Iterator

from instances.facts import Facts
from instances.faults import Fault, listing

__all__ = ["after_too_late", "never_in_service"]


def never_in_service(facts: Facts) -> Iterator[Fault]:
    """An effect of each period of service counts in at least one period, if the project starts as early as it can."""
    region = facts.region
    last = region.periods + region.settings.tail_periods
    for position, effect in enumerate(region.effects):
        project = region.project.get(effect.project)
        if effect.yearly and project and (starts := region.starts(project)):
            done = starts[0] + project.duration
            if done > last:
                rule = f"counts nothing: {project.id} is in service from period {done} on, counting ends with {last}"
                cause = "the setting tail_periods says how many periods after the last one count; it is too small"
                yield facts.fault("effects", position, "yearly", effect.yearly, rule, cause)


def after_too_late(facts: Facts) -> Iterator[Fault]:
    """What starts after others are completed can still be completed itself, and nothing waits for itself."""
    region, waits = facts.region, dict[str, set[str]]()
    for position, relation in enumerate(region.relations):
        if relation.kind != "after":
            continue
        first, *others = (region.project[m] for m in region.members(relation.members)) if relation.members else (None,)
        starts = region.starts(first) if first else range(0)
        known = [other for other in others if region.starts(other)]
        if not first or not starts or not known:
            continue
        slowest = max(known, key=lambda other: region.starts(other)[0] + other.duration)
        done = region.starts(slowest)[0] + slowest.duration
        if done > starts[-1]:
            rule = f"can never be kept: {slowest.id} is in use from period {done} on, {first.id} starts by {starts[-1]}"
            cause = "the members stand in another order, or there are too few periods; requires leaves out the order"
            yield facts.fault("relations", position, "members", relation.members, rule, cause)
            continue
        waits.setdefault(first.id, set()).update(other.id for other in others)
        if circle := _way_back(waits, first.id):
            rule = f"closes a circle, so none of these could ever start: {listing(circle)}"
            cause = "two rules that say the opposite of each other: delete one of them"
            yield facts.fault("relations", position, "members", relation.members, rule, cause)


def _way_back(waits: dict[str, set[str]], project: str) -> list[str]:
    """Projects on a way from ``project`` back to itself, along what each of them waits for."""
    came: dict[str, str] = {}
    queue = [project]
    for name in queue:
        for other in sorted(waits.get(name, ())):
            if other == project:
                way = [name]
                while way[-1] != project:
                    way.append(came[way[-1]])
                return way[::-1]
            if other not in came:
                came[other] = name
                queue.append(other)
    return []
