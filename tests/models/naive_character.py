"""Timeline, identity and concentration, read off the tables one asset and one pair at a time; for :mod:`.naive`."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import combinations


def broken(region, plan):
    """Words for each rule about assets, leading industries, industry towns and fair shares that the plan breaks."""
    policy = region.settings.policy
    for column, least in (("era", policy.eras_minimum), ("kind", policy.kinds_minimum)):
        for name in {getattr(a, column) for a in region.assets}:
            kept = [a for a in region.assets if getattr(a, column) == name and _kept(region, plan, a)]
            if least is not None and len(kept) < least:
                yield f"too little of {name}"
    home = {p.id: p.town for p in region.projects}
    led = {(home[t.project], t.tag) for t in region.tags if t.project in plan and t.kind == "industry" and t.leading}
    for (town, industry), (other, another) in combinations(sorted(pair for pair in led if pair[0]), 2):
        if town == other and policy.one_leading_industry:
            yield f"{town} leads with two industries"
        for row in region.neighbours:
            if {town, other} == {row.town, row.other} and industry == another:
                yield f"{town} and {other} lead with {industry}"
    industry = [p for p in region.projects if p.id in plan and set(p.category) & set(policy.industry_categories)]
    towns = [p.town for p in industry if p.town]
    if policy.industry_towns is not None and len(set(towns)) > policy.industry_towns:
        yield "too many industry towns"
    if policy.industry_mass is not None and any(towns.count(town) < policy.industry_mass for town in towns):
        yield "no critical mass"
    for row in region.fair_shares:
        whole = sum(F(p.capital_cost) for p in region.projects if p.id in plan)
        theirs = sum(F(region.project[m].capital_cost) for m in region.members(row.members) if m in plan)
        whole, theirs = whole + F(row.spent_in_all), theirs + F(row.spent)
        if theirs < F(row.at_least or 0) * whole or theirs > F(1 if row.at_most is None else row.at_most) * whole:
            yield f"{row.id} is not kept"


def indicators(region, plan):
    """What the towns remember, and how alike they become."""
    points = {step.count: F(step.points) for step in region.timeline}
    for place in {(a.town, a.era) for a in region.assets}:
        kept = [a for a in region.assets if (a.town, a.era) == place and _kept(region, plan, a)]
        yield "memory", sum(points.get(n, 0) for n in range(1, len(kept) + 1))
    least = region.settings.policy.alike_from
    for one, other in combinations([p for p in region.projects if p.id in plan and p.town], 2):
        alike = _similarity(region, one, other)
        if one.town != other.town and alike >= (F(1, 2) if least is None else F(least)):
            yield "alikeness", F(int(100 * alike))


def _kept(region, plan, asset):
    steps = [i.impact for i in region.impacts if i.asset == asset.id and i.project in plan]
    return -4 not in steps and (not asset.threatened or any(step > 0 for step in steps))


def _similarity(region, one, other):
    weight = {(t.project, t.kind, t.tag): F(t.weight) for t in region.tags}
    pairs = [
        (weight.get((one.id, *tag), F(0)), weight.get((other.id, *tag), F(0)))
        for tag in {(t.kind, t.tag) for t in region.tags}
    ]
    most = sum(map(max, pairs), F(0))
    return sum(map(min, pairs), F(0)) / most if most else F(0)
