"""Rules about the timeline: points of memory do not rise, and there are assets enough for the minimums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from instances.facts import Facts
from instances.faults import Fault

__all__ = ["rising_points", "unreachable_minimums"]


def rising_points(facts: Facts) -> Iterator[Fault]:
    """Counts run from 1 without gaps, and no further asset is worth more than the one before."""
    points = {step.count: step.points for step in facts.region.timeline}
    for position, step in enumerate(facts.region.timeline):
        before = step.count - 1
        if before and before not in points:
            rule = f"comes without a row for {before}, which would count nothing and so less"
            cause = "counts are 1, 2, 3 …, not years or eras"
            yield facts.fault("timeline", position, "count", step.count, rule, cause)
        elif before and step.points > points[before]:
            rule = f"is more than the {points[before]:f} points of the one before"
            cause = "points of all assets so far in place of what this one adds; it adds at most as much"
            yield facts.fault("timeline", position, "points", step.points, rule, cause)


def unreachable_minimums(facts: Facts) -> Iterator[Fault]:
    """No minimum is above the number of assets that there are."""
    policy = facts.region.settings.policy
    for column, least in (("era", policy.eras_minimum), ("kind", policy.kinds_minimum)):
        there = Counter(getattr(asset, column) for asset in facts.region.assets)
        for name, count in there.items():
            if least is not None and count < least:
                assets = f"there {'is' if count == 1 else 'are'} {count}"
                rule = f"cannot be met by {column} {name}, of which {assets}"
                cause = (
                    f"assets still to be entered, or a figure for all {column}s together; the minimum holds for each"
                )
                yield facts.head_fault(f"policy.{column}s_minimum", str(least), rule, cause)
