"""Relations: are the rules among projects kept?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from instances.schema import Relation
from optimizer.verify.plan import Plan, Use
from optimizer.verify.sums import Sums
from optimizer.verify.words import figure, listed

__all__ = ["Relations"]

FEW = 6
"""Longer lists of projects are counted, not named."""


class Relations:
    """Counts and capital costs of the chosen members against each rule of the table ``relations``.

    ``requires``: if the first member is chosen, so are all others. ``after``: and it starts when they are completed,
    in period ``start + duration`` or later. ``excludes``: count ≤ 1. ``exactly_one``: count = 1.
    ``at_least``, ``at_most``: count ≥ or ≤ amount. ``spend_at_least``, ``spend_at_most``: Σ c of the chosen members
    ≥ or ≤ amount.
    """

    def __init__(self, region: Region) -> None:
        self._counted = [
            (rule, region.members(rule.members), Fraction(rule.amount or 0))
            for rule in region.relations
            if rule.kind not in ("spend_at_least", "spend_at_most")
        ]
        self._duration = {p.id: p.duration for p in region.projects}
        self._money = [rule for rule in region.relations if rule.kind in ("spend_at_least", "spend_at_most")]
        cost = {p.id: Fraction(p.capital_cost) for p in region.projects}
        self._spent = Sums(
            [(member, rule.id, cost[member]) for rule in self._money for member in region.members(rule.members)],
            base={rule.id: -Fraction(rule.amount or 0) for rule in self._money},
        )

    def broken(self, plan: Plan) -> Iterator[str]:
        for rule, members, amount in self._counted:
            chosen = [member for member in members if member in plan]
            if wrong := _wrong(rule, members, chosen, amount) or self._too_early(rule, members, plan):
                yield f"relations: {rule.id}: {wrong}"
        if self._money:
            yield from self._wrong_money(plan)

    def uses(self, plan: Plan) -> dict[str, Use]:
        """Chosen members, and money spent on them, of the most that a rule allows."""
        found: dict[str, Use] = {}
        for rule, members, amount in self._counted:
            if rule.kind == "at_most":
                found[f"relation {rule.id}"] = Fraction(sum(member in plan for member in members)), amount
        beyond = self._spent.total(plan)
        for rule in self._money:
            if rule.kind == "spend_at_most":
                amount = Fraction(rule.amount or 0)
                found[f"relation {rule.id}"] = amount + beyond[rule.id], amount
        return found

    def _too_early(self, rule: Relation, members: tuple[str, ...], plan: Plan) -> str:
        """Which of the others, all chosen, are not completed when the first starts."""
        if rule.kind != "after" or members[0] not in plan:
            return ""
        start = plan[members[0]]
        late = [m for m in members[1:] if plan[m] + self._duration[m] > start]
        done = max((plan[m] + self._duration[m] for m in late), default=0)
        return f"{members[0]} starts in period {start}, but {listed(late)} can be used from {done} on" if late else ""

    def _wrong_money(self, plan: Plan) -> Iterator[str]:
        beyond = self._spent(plan)
        for rule in self._money:
            most = rule.kind == "spend_at_most"
            if beyond[rule.id] > 0 if most else beyond[rule.id] < 0:
                amount = Fraction(rule.amount or 0)
                spent = figure(self._spent.exact(beyond[rule.id]) + amount)
                yield f"relations: {rule.id}: {spent} spent, at {'most' if most else 'least'} {figure(amount)} wanted"


def _wrong(rule: Relation, members: tuple[str, ...], chosen: list[str], amount: Fraction) -> str:
    """What is wrong with ``chosen``, or nothing."""
    count = len(chosen)
    if rule.kind in ("requires", "after"):
        if members[0] in chosen and count < len(members):
            return f"{members[0]} is chosen without {listed(m for m in members if m not in chosen)}"
        return ""
    if rule.kind == "excludes":
        wrong, bound = count > 1, "at most 1"
    elif rule.kind == "exactly_one":
        wrong, bound = count != 1, "exactly 1"
    elif rule.kind == "at_least":
        wrong, bound = amount > count, "at least"
    else:
        wrong, bound = amount < count, "at most"
    if not wrong:
        return ""
    which = listed(chosen) + " " if 0 < count <= FEW else ""
    wanted = f"{bound} {figure(amount)}" if rule.kind in ("at_least", "at_most") else bound
    return f"{which}({count} of {len(members)}) chosen, {wanted} wanted"
