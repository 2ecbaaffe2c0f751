"""Sources of growth and services, read off the tables by trying one thing after the other; for :mod:`.naive`."""

from __future__ import annotations

from fractions import Fraction as F
from math import floor


def broken(region, plan):
    """Words for each rule about sources and services that the plan breaks."""
    stocks = _stocks(region, plan)
    for source in region.sources:
        if source.floor is not None and stocks[source.town, source.source] < source.floor:
            yield f"{source.source} of {source.town} is worn out"
    share = region.settings.policy.internal_share
    if share is not None:
        for indicator in {e.indicator for e in region.effects}:
            rows = [e for e in region.effects if e.indicator == indicator]
            inside = sum(F(e.value) for e in rows if e.source == "internal" and e.project in plan)
            outside = sum(F(e.value) for e in rows if e.source == "external" and e.project in plan)
            both = {"internal", "external"} <= {e.source for e in rows}
            if both and (1 - F(share)) * inside < F(share) * outside:
                yield f"{indicator} comes from outside"
    for service in region.services:
        has, need = _capacity(region, plan, service), _need(region, service)
        if service.advance is not None and has > service.capacity and has > need + F(service.advance) * need:
            yield f"too much {service.service} in {service.town}"


def indicators(region, plan):
    """What the plan activates, whom it serves and how many could come."""
    stocks = _stocks(region, plan)
    for town in {a.town for a in region.activations}:
        forms = {s.source: s.form for s in region.sources if s.town == town}
        inside = sum(stocks[town, s] for s, form in forms.items() if form in ("hard", "soft"))
        outside = sum(stocks[town, s] for s, form in forms.items() if form not in ("hard", "soft"))
        levels = [a for a in region.activations if a.town == town]
        yield (
            "activated_growth",
            max([F(a.gain) for a in levels if inside >= a.internal and outside >= a.external], default=F(0)),
        )
    for s in region.services:
        if _capacity(region, plan, s) >= _need(region, s):
            yield "service_met", F(region.town[s.town].population)
    for tenths in range(11):
        if all(_capacity(region, plan, s) >= _need(region, s) * F(10 - tenths, 10) for s in region.services):
            yield "worst_shortfall", F(tenths)
            break
    for town in {s.town for s in region.services if s.per_newcomer}:
        yield "newcomers", _newcomers(region, plan, [s for s in region.services if s.town == town and s.per_newcomer])


def counted(region, effect):
    """The value of an effect, weighed with the jobs of its industry in its town where the policy says so."""
    tags = [t for t in region.tags if t.project == effect.project and t.kind == "industry"]
    town = region.project[effect.project].town
    if effect.indicator not in region.settings.policy.location_quotient or effect.value < 0 or not tags:
        return F(effect.value)
    industry = next(t.tag for t in tags if t.weight == max(t.weight for t in tags))

    def jobs(**wanted):
        return sum(F(r.jobs) for r in region.industries if all(getattr(r, k) == v for k, v in wanted.items()))

    if not jobs(town=town) or not jobs(industry=industry):
        return F(effect.value)
    quotient = jobs(town=town, industry=industry) / jobs(town=town) / (jobs(industry=industry) / jobs())
    unit = F(1)
    while F(effect.value) % unit:
        unit /= 10
    return floor(F(effect.value) * quotient / unit) * unit


def _stocks(region, plan):
    return {
        (s.town, s.source): F(s.stock)
        + sum(
            F(c.change) for c in region.source_changes if (c.town, c.source) == (s.town, s.source) and c.project in plan
        )
        for s in region.sources
    }


def _capacity(region, plan, service):
    here = [s for s in region.supply if (s.service, s.town) == (service.service, service.town)]
    return F(service.capacity) + sum(F(s.capacity) for s in here if s.project in plan)


def _need(region, service):
    return F(service.per_head) * F(region.town[service.town].population)


def _newcomers(region, plan, services):
    policy, people = region.settings.policy, F(0)
    if policy.newcomer_step is None:
        return people

    def fits(people):
        return all(_capacity(region, plan, s) >= _need(region, s) + F(s.per_newcomer) * people for s in services)

    while people + F(policy.newcomer_step) <= policy.newcomer_limit and fits(people + F(policy.newcomer_step)):
        people += F(policy.newcomer_step)
    return people
