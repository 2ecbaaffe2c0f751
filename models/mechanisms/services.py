"""Services: ``capacity_after = capacity + Σ_j supply_j built_j`` for each service and town, ``need = per_head *
population``; what is built stays within ``capacity_after <= (1 + advance) need``;
``service_met = Σ population [capacity_after >= need]``;
``worst_shortfall = min {k in 0..10: capacity_after >= need (10 - k) / 10 everywhere}``, tenths of the need;
``newcomers = Σ_town step max {m: capacity_after >= need + per_newcomer step m for all its services}``, people.

    "Planning and design should combine the actual needs of each township with appropriate advance, reasonably determine
    various infrastructure construction standards, and do not blindly imitate the development scale of large and
    medium-sized cities" (S2, section 4 (2)); "promote the balanced development of social security, education, health,
    medical and other public services in small towns" (section 3 (3)); "the core of urbanization is the transfer of
    rural population to cities and towns to complete the transformation from farmers to citizens, rather than just
    building high-rise buildings and squares" (section 4).

Capacity against a standard with an upper bound is the two-sided capacity expansion of Luss (1982), "Operations research
and capacity expansion problems". A window that opens only once something is built is linear all the same: supplies are
not negative, so what is added stays within ``max(0, (1 + advance) need - capacity)``. The worst shortfall is the
min-max equity of Marsh & Schilling (1994), "Equity measurement in facility location analysis", in ten steps, each one
"everybody has that much". Newcomers are a bottleneck: the scarcest service limits them, and their steps are and's over
the services. Steps that no choice of projects can tell apart share a column, so there are as many columns as answers
and not as many as steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from fractions import Fraction

from instances.region import Region
from instances.schema import Service
from models.draft import Draft, Provider
from models.linear import ZERO, Key, Linear
from models.logic import all_of, reaches

TABLES = ("services",)

TENTHS = 10

Supplies = Mapping[tuple[str, str], Mapping[str, Fraction]]
"""Service and town to what each project adds."""


def build(draft: Draft) -> None:
    """Appropriate advance: a project that alone goes beyond it is forbidden, all together stay within it."""
    supplies = _supplies(draft.region)
    for service in draft.region.services:
        if service.advance is None:
            continue
        name = f"advance of {_words(service)}"
        room = max(Fraction(0), (1 + Fraction(service.advance)) * _need(draft, service) - Fraction(service.capacity))
        for project, added in supplies.get((service.service, service.town), {}).items():
            if added > room:
                draft.forbid(project, f"services[{name}]: alone it goes beyond the need and its advance")
        draft.rule("services", name, _after(draft, service, supplies) - service.capacity, upper=room)


def indicators(region: Region) -> Mapping[str, Provider]:
    """``service_met`` and ``newcomers``, people; ``worst_shortfall``, tenths of the need."""
    return {"service_met": service_met, "worst_shortfall": worst_shortfall, "newcomers": newcomers}


def service_met(draft: Draft) -> Linear:
    """People whose standard is met, added up over the services."""
    supplies = _supplies(draft.region)
    return Linear.sum(
        _enough(draft, service, _need(draft, service), supplies) * _population(draft, service)
        for service in draft.region.services
        if _population(draft, service)
    )


def worst_shortfall(draft: Draft) -> Linear:
    """The largest shortfall of any service in any town, in tenths of the need begun: 0 is none, 10 nothing at all."""
    supplies, pull = _supplies(draft.region), {-side for side in draft.wanted("worst_shortfall")}
    needed = [service for service in draft.region.services if _need(draft, service)]
    total = ZERO
    for tenths in range(1, TENTHS + 1) if needed else ():
        share = Fraction(tenths, TENTHS)
        parts = {_words(s): _enough(draft, s, share * _need(draft, s), supplies) for s in needed}
        total += 1 - _everywhere(draft, ("everywhere", f"{tenths} tenths"), parts, pull)
    return total


def newcomers(draft: Draft) -> Linear:
    """People who could move in and find every service of their town, in whole steps."""
    policy = draft.region.settings.policy
    if not policy.newcomer_step or policy.newcomer_limit is None:
        return ZERO
    step, steps = Fraction(policy.newcomer_step), int(policy.newcomer_limit // policy.newcomer_step)
    scarce: dict[str, list[Service]] = defaultdict(list)
    for service in draft.region.services:
        if service.per_newcomer:
            scarce[service.town].append(service)
    supplies = _supplies(draft.region)
    return Linear.sum(
        room * step
        for town, services in scarce.items()
        for room in _rooms(draft, town, services, [step * m for m in range(1, steps + 1)], supplies)
    )


def _rooms(
    draft: Draft, town: str, services: list[Service], sizes: list[Fraction], supplies: Supplies
) -> Iterator[Linear]:
    """For each number of newcomers: 1 if every service of the town has room for them."""
    for size in sizes:
        parts = {
            _words(s): _enough(draft, s, _need(draft, s) + Fraction(s.per_newcomer) * size, supplies) for s in services
        }
        room = _everywhere(draft, ("room", town, f"for {size}"), parts, draft.wanted("newcomers"))
        if room == ZERO:
            return
        yield room


def _everywhere(draft: Draft, key: Key, parts: Mapping[str, Linear], pull: Set[int]) -> Linear:
    """1 if all parts are 1. Parts that no plan can change need no column; the same parts need it once."""
    if ZERO in parts.values():
        return ZERO
    uncertain = {words: part for words, part in parts.items() if part.terms}
    if not uncertain:
        return Linear(constant=Fraction(1))
    same = (key[0], *sorted(map(repr, uncertain.values())))
    return draft.share(same, lambda: all_of(draft, key, uncertain, pull))


def _enough(draft: Draft, service: Service, least: Fraction, supplies: Supplies) -> Linear:
    """1 if the capacity is at least ``least`` once the chosen projects are built."""
    pull = draft.wanted("service_met") | draft.wanted("newcomers") | {-s for s in draft.wanted("worst_shortfall")}
    return reaches(draft, ("enough", service.service, service.town), _after(draft, service, supplies), least, pull)


def _after(draft: Draft, service: Service, supplies: Supplies) -> Linear:
    """Capacity once the chosen projects are built."""
    place = service.service, service.town
    added = (draft.built(project) * capacity for project, capacity in supplies.get(place, {}).items())
    return draft.share(("capacity", *place), lambda: Linear.sum(added) + service.capacity)


def _supplies(region: Region) -> Supplies:
    found: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)
    for supply in region.supply:
        found[supply.service, supply.town][supply.project] = Fraction(supply.capacity)
    return found


def _need(draft: Draft, service: Service) -> Fraction:
    return Fraction(service.per_head) * _population(draft, service)


def _population(draft: Draft, service: Service) -> Fraction:
    return Fraction(draft.region.town[service.town].population)


def _words(service: Service) -> str:
    return f"{service.service} in {service.town}"
