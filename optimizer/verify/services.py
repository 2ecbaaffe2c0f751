"""Services: is nothing built far beyond the need, who is served, and who could still come?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan, Use
from optimizer.verify.sums import Sums
from optimizer.verify.words import figure

__all__ = ["Services"]

Place = tuple[str, str]
"""A service and a town."""


class Services:
    """Appropriate advance; people whose standard is met; the worst shortfall; newcomers.

    Capacity after the plan is today's and what the chosen projects add; the need is the standard per head times the
    residents. Where something is added, capacity is at most (1 + advance) times the need. ``service_met`` = Σ residents
    of the services and towns whose need is met; ``worst_shortfall`` = the largest share of a need that is not met, in
    tenths rounded up; ``newcomers`` = Σ over the towns of the most people, in whole steps up to the limit, for whom
    every service that newcomers need has room beyond the need of the residents.
    """

    names = frozenset({"service_met", "worst_shortfall", "newcomers"})

    def __init__(self, region: Region) -> None:
        people = {town.id: Fraction(town.population) for town in region.towns}
        self._residents = {(row.service, row.town): people[row.town] for row in region.services}
        self._need = {(row.service, row.town): Fraction(row.per_head) * people[row.town] for row in region.services}
        self._today = {(row.service, row.town): Fraction(row.capacity) for row in region.services}
        self._after = Sums(
            [(row.project, (row.service, row.town), Fraction(row.capacity)) for row in region.supply], base=self._today
        )
        self._most = {
            (row.service, row.town): (1 + Fraction(row.advance)) * self._need[row.service, row.town]
            for row in region.services
            if row.advance is not None
        }
        self._each = {
            (row.service, row.town): Fraction(row.per_newcomer) for row in region.services if row.per_newcomer
        }
        policy = region.settings.policy
        self._step = Fraction(policy.newcomer_step or 0)
        self._limit = Fraction(policy.newcomer_limit or 0)

    def broken(self, plan: Plan) -> Iterator[str]:
        if not self._most:
            return
        after = self._after.total(plan)
        for (service, town), most in self._most.items():
            capacity, today = after[service, town], self._today[service, town]
            if capacity > today and capacity > most:
                yield (
                    f"services: advance: {service} in {town} is built up from {figure(today)} to {figure(capacity)}, "
                    f"{figure(most)} is the need and its advance"
                )

    def uses(self, plan: Plan) -> dict[str, Use]:
        """What is added to each service of each town, of the room up to the need and its advance."""
        after = self._after.total(plan)
        return {
            f"service {place[0]} in {place[1]}": (
                after[place] - self._today[place],
                max(most - self._today[place], Fraction(0)),
            )
            for place, most in self._most.items()
        }

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        after = self._after.total(plan)
        met = sum((self._residents[p] for p, need in self._need.items() if after[p] >= need), Fraction(0))
        missing = [10 * (need - after[p]) / need for p, need in self._need.items() if need]
        worst = max((-(-share // 1) for share in missing), default=0)
        return {
            "service_met": met,
            "worst_shortfall": Fraction(max(0, worst)),
            "newcomers": self._newcomers(after),
        }

    def _newcomers(self, after: dict[Place, Fraction]) -> Fraction:
        """Each town has room for the least that any of its services has room for."""
        if not self._step:
            return Fraction(0)
        room: dict[str, Fraction] = {}
        for place, each in self._each.items():
            steps = min(self._limit, (after[place] - self._need[place]) / each) // self._step
            town = place[1]
            room[town] = min(room.get(town, Fraction(steps)), Fraction(max(0, steps)))
        return self._step * sum((max(Fraction(0), steps) for steps in room.values()), Fraction(0))
