"""Grants: ``amount * [Σ built >= k]`` (count), ``amount * [indicator >= points]`` (points) and
``min(amount, rate * Σ capital_cost built)`` (matching) are added to the money of a fund in a period.

    The regional economic system "requires the driving effect of relevant national policies, but also require[s] small
    towns to actively carry out transformation of their own economic factors": "it is the internal sources that work as
    fundamental driving force, and the external sources only act through them" (S1, section II).

A condition is one 0/1 column, as quantity discounts are in Nemhauser & Wolsey (1988), "Integer and combinatorial
optimization", with rows on both sides: the money is there if and only if its condition holds. Matching money bounds
spending from above, and a smallest of two bounds is both bounds: the budget row is written twice, once with the amount
and once with the rate, which needs no column and is the convex hull of the minimum. Only where more than three matching
grants meet in one row does each get a column ``match[grant]`` (money) instead, as rows would double with each of them.

The money follows the rules of its fund: who may be paid, and what may be carried over. Nothing is written here; the
budget asks for it where it needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from itertools import product
from math import ceil

from instances.region import Region
from instances.schema import Grant
from models.draft import Draft, Provider
from models.funds import Cell
from models.linear import Linear
from models.logic import at_least, reaches

__all__ = ["TABLES", "build", "granted", "indicators"]

TABLES = ("grants",)
MOST = 3
"""Matching grants in one row of the budget up to which the row is repeated for them."""

Bounds = dict[str, Linear]
"""Words for each bound, and the bound: the money is the smallest of them."""


def build(draft: Draft) -> None:
    """Grants make no rules of their own."""


def indicators(region: Region) -> Mapping[str, Provider]:
    """Grants count nothing."""
    return {}


def granted(draft: Draft, cells: Collection[Cell]) -> Bounds:
    """What grants add to the money of some funds and periods: the smallest of these sums."""
    here = [grant for grant in draft.region.grants if grant.amount and (grant.fund, grant.period) in cells]
    steps = Linear.sum(_unlocked(draft, grant) * grant.amount for grant in here if grant.kind != "matching")
    matching = [grant for grant in here if grant.kind == "matching"]
    each = [_match(draft, grant, column=len(matching) > MOST) for grant in matching]
    return {
        "".join(f", {words}" for words, _ in choice if words): Linear.sum((steps, *(bound for _, bound in choice)))
        for choice in product(*(bounds.items() for bounds in each))
    }


def _match(draft: Draft, grant: Grant, *, column: bool) -> Bounds:
    if grant.rate is None:
        raise ValueError(f"grants {grant.id}: a grant of kind matching needs a rate")
    members = draft.region.members(grant.members)
    share = Linear.sum(draft.built(m) * draft.region.project[m].capital_cost for m in members) * grant.rate
    if draft.range(share)[1] <= grant.amount:
        return {"": share}
    if column:
        return {"": draft.share(("match", grant.id), lambda: _column(draft, grant, share))}
    return {f"{grant.id} in full": Linear(constant=Fraction(grant.amount)), f"{grant.id} by its rate": share}


def _column(draft: Draft, grant: Grant, share: Linear) -> Linear:
    money = draft.continuous("match", grant.id)
    draft.rule("define", f"match {grant.id} in full", money, upper=grant.amount)
    draft.rule("define", f"match {grant.id} by its rate", money - share, upper=0)
    return money


def _unlocked(draft: Draft, grant: Grant) -> Linear:
    return draft.share(("unlocked", grant.id), lambda: _condition(draft, grant))


def _condition(draft: Draft, grant: Grant) -> Linear:
    """1 if the grant is given; the budget presses it upwards."""
    if grant.threshold is None:
        raise ValueError(f"grants {grant.id}: a grant of kind {grant.kind} needs a threshold")
    key, pull = ("unlocked", grant.id), {1}
    if grant.kind == "points":
        return reaches(draft, key, draft.indicator(grant.indicator), grant.threshold, pull)
    if grant.threshold <= 0:
        return Linear(constant=Fraction(1))
    parts = {m: draft.built(m) for m in draft.possible(draft.region.members(grant.members))}
    return at_least(draft, ceil(grant.threshold), key, parts, pull)
