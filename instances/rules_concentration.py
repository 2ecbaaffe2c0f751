"""Rules about concentration: industry categories that exist, and fair shares that can be measured and kept."""

from __future__ import annotations

from collections.abc import Iterator

from instances.facts import Facts
from instances.faults import Fault, did_you_mean
from instances.rules_plan import unknown_members

__all__ = ["fair_share_figures", "fair_share_members", "industry_categories"]


def industry_categories(facts: Facts) -> Iterator[Fault]:
    """The categories that make an industry town are given, and projects have them."""
    policy = facts.region.settings.policy
    for key in ("industry_towns", "industry_mass"):
        if getattr(policy, key) is not None and not policy.industry_categories:
            rule = "is about industry towns, but industry_categories names no category that makes one"
            cause = 'the key industry_categories was left out: industry_categories = ["industry"]'
            yield facts.head_fault(f"policy.{key}", str(getattr(policy, key)), rule, cause)
    known = facts.named("projects", "category")
    for name in policy.industry_categories:
        if name not in known:
            cause = did_you_mean(name, known)
            yield facts.head_fault("policy.industry_categories", name, "is the category of no project", cause)


def fair_share_members(facts: Facts) -> Iterator[Fault]:
    """Members of fair shares exist."""
    projects = facts.key("projects")
    for position, row in enumerate(facts.region.fair_shares):
        yield from unknown_members(facts, projects, "fair_shares", position, row.members)


def fair_share_figures(facts: Facts) -> Iterator[Fault]:
    """A fair share has a floor or a ceiling, and the floor is not above the ceiling."""
    for position, row in enumerate(facts.region.fair_shares):
        if row.at_least is None and row.at_most is None:
            rule = "has neither at_least nor at_most, so it says nothing"
            yield facts.fault("fair_shares", position, "id", row.id, rule, "the share was left out: a third is 0.33")
        elif row.at_least is not None and row.at_most is not None and row.at_least > row.at_most:
            rule = f"is above at_most, {row.at_most:f}; only the plan that costs nothing keeps both"
            yield facts.fault("fair_shares", position, "at_least", row.at_least, rule, "the two columns exchanged")
        if row.spent > row.spent_in_all:
            rule = f"is more than what was spent in all, {row.spent_in_all:f}"
            yield facts.fault("fair_shares", position, "spent", row.spent, rule, "the two columns exchanged")
