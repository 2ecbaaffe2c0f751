"""Yearly effects, what waits for others, what grants bring and what promises cost: one plan at a time."""

from __future__ import annotations

from fractions import Fraction as F


def broken(region, plan):
    """Words for each rule that the plan breaks."""
    for rule in region.relations:
        first, *others = region.members(rule.members) or ("nobody",)
        if rule.kind == "after" and first in plan:
            built = {p for p in plan if plan[p] + region.project[p].duration <= plan[first]}
            if not built.issuperset(others):
                yield f"{first} does not wait for {others}"
    limit = region.settings.policy.operating_tail_limit
    running = sum(F(region.project[p].operating_cost) * F(region.project[p].public_share) for p in plan)
    if limit is not None and running > F(limit):
        yield "too much to run"
    for promise in region.commitments:
        if promise.binding and plan.get(promise.project) != promise.period:
            yield f"the promise of {promise.project} is broken"


def indicators(region, plan):
    """Charges and changes."""
    for promise in region.commitments:
        if not promise.binding and promise.project not in plan:
            yield "break_charge", F(promise.drop_charge)
        if not promise.binding and plan.get(promise.project, promise.period) != promise.period:
            yield "break_charge", F(promise.move_charge)
    before = {p.id: p.adopted for p in region.projects if p.adopted}
    if before:
        yield "changes", F(sum(plan.get(p.id) != before.get(p.id) for p in region.projects))


def worth(region, plan, effect, value):
    """``value`` once, or year by year: what comes in year t would have grown at the discount rate by t - 1 years."""
    if not effect.yearly:
        return value
    rate, total = F(region.settings.discount_rate), F(0)
    done = plan[effect.project] + region.project[effect.project].duration
    for year in range(1, region.periods + region.settings.tail_periods + 1):
        if year >= done:
            total += value / (1 + rate) ** (year - 1)
    tenths = 1
    while F(effect.value) * tenths != int(F(effect.value) * tenths):
        tenths *= 10
    steps = int(2 * abs(total) * tenths + 1) // 2
    return F(steps if total > 0 else -steps, tenths)


def granted(region, plan, values):
    """Fund and period to the money that comes in; ``values`` are the indicators of the plan."""
    money = {}
    for grant in region.grants:
        chosen = [m for m in region.members(grant.members) if m in plan]
        cell, come = (grant.fund, grant.period), F(grant.amount)
        if grant.kind == "matching":
            come = min(come, F(grant.rate) * sum(F(region.project[m].capital_cost) for m in chosen))
        elif (len(chosen) if grant.kind == "count" else values.get(grant.indicator, 0)) < F(grant.threshold):
            come = F(0)
        money[cell] = money.get(cell, F(0)) + come
    return money
