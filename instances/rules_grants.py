"""Rules about grants: each has what its kind needs, can be reached, and goes into a fund that exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from instances.facts import Facts
from instances.faults import Fault, did_you_mean
from instances.rules_goals import known_indicators
from instances.rules_plan import unknown_members

__all__ = ["grant_conditions", "grant_funds", "grant_members", "grant_points"]

NEEDS = {"count": ("members", "threshold"), "points": ("indicator", "threshold"), "matching": ("members", "rate")}
CONDITIONS = ("members", "indicator", "threshold", "rate")


def grant_conditions(facts: Facts) -> Iterator[Fault]:
    """A grant has the columns that its kind needs, and no others."""
    for position, grant in enumerate(facts.region.grants):
        needs = NEEDS[grant.kind]
        for column in CONDITIONS:
            cell: Any = getattr(grant, column)
            if column in needs and not cell and not (column == "threshold" and cell == 0):
                cause = "a grant at a rate of 0 gives nothing" if cell == 0 else "it was left out"
                given = cell if cell == 0 else ""
                yield facts.fault("grants", position, column, given, f"is too little for {grant.kind}", cause)
            elif column not in needs and cell not in (None, "", ()):
                rule = f"is not used by {grant.kind}, which asks for {' and '.join(needs)}"
                cause = "another kind of grant is meant; otherwise leave the cell empty"
                yield facts.fault("grants", position, column, cell, rule, cause)
        if grant.kind == "count" and grant.threshold is not None:
            yield from _count(facts, position, grant.threshold, facts.region.members(grant.members))


def _count(facts: Facts, position: int, threshold: Decimal, members: Sequence[str]) -> Iterator[Fault]:
    if threshold != threshold.to_integral_value() or threshold < 1:
        rule = "is not a whole number from 1; count counts projects"
        cause = "a share or a sum of money in place of a count; for an indicator use points"
        yield facts.fault("grants", position, "threshold", threshold, rule, cause)
    elif facts.whole("projects") and members and threshold > len(members):
        rule = f"is more than the {len(members)} projects among the members; it can never be met"
        cause = "a selector that finds fewer projects than thought, or money in place of a count"
        yield facts.fault("grants", position, "threshold", threshold, rule, cause)


def grant_members(facts: Facts) -> Iterator[Fault]:
    """Members exist."""
    for position, grant in enumerate(facts.region.grants):
        if grant.members:
            yield from unknown_members(facts, facts.key("projects"), "grants", position, grant.members)


def grant_points(facts: Facts) -> Iterator[Fault]:
    """The indicator whose points count exists."""
    known = known_indicators(facts)
    for position, grant in enumerate(facts.region.grants):
        if known is not None and grant.kind == "points" and grant.indicator and grant.indicator not in known:
            rule = "is not an indicator: no effect, criterion or synergy has this name"
            cause = did_you_mean(grant.indicator, known)
            yield facts.fault("grants", position, "indicator", grant.indicator, rule, cause)


def grant_funds(facts: Facts) -> Iterator[Fault]:
    """The money goes into a fund of the budgets, in a period that exists."""
    funds, periods = facts.named("budgets", "fund"), facts.region.periods
    for position, grant in enumerate(facts.region.grants):
        if grant.fund not in funds and "budgets" not in facts.unread:
            rule = "is no fund of the table budgets, which says what a fund may pay for"
            cause = did_you_mean(grant.fund, funds) if funds else "the table budgets is missing: add it, or do without"
            yield facts.fault("grants", position, "fund", grant.fund, rule, cause)
        if grant.period > periods and facts.whole("periods"):
            rule = f"is after the last period; the setting periods is {periods}"
            cause = "periods are numbered from 1, not by calendar year; or periods is too small"
            yield facts.fault("grants", position, "period", grant.period, rule, cause)
