"""Pool: the portfolios that are known of a region, those of its list and those that questions brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.certificate import Status
from optimizer.decide.live import Live
from optimizer.decide.navigate.achievement import Achievement
from optimizer.decide.navigate.neighbours import Place
from optimizer.decide.navigate.wishes import Condition
from optimizer.engines.query import Query
from optimizer.listing import Listing

__all__ = ["Pool", "Spot"]

NEIGHBOURS = 7
"""Portfolios that have to agree with the nearest one for a decision to be kept."""


@dataclass(eq=False)
class Spot:
    """A portfolio with its point ``y`` ``(p,)`` in minimised quanta and, once it is known, its columns ``x`` ``(n,)``.

    ``efficient``: it is proved that no portfolio of the region dominates it.
    """

    place: Place
    y: Ints
    x: Floats | None = None
    efficient: bool = False

    def keeps(self, conditions: Sequence[Condition]) -> bool:
        return all(condition.kept_by(self.place.values, self.place.plan) for condition in conditions)

    def broken(self, conditions: Sequence[Condition]) -> tuple[str, ...]:
        """The conditions that it does not keep, in words."""
        return tuple(c.in_words() for c in conditions if not c.kept_by(self.place.values, self.place.plan))


class Pool:
    """Known portfolios of ``problem``, first those of ``listing`` in its order."""

    def __init__(self, problem: Problem, listing: Listing) -> None:
        self.problem, self.listing = problem, listing
        complete = listing.certificate.status is Status.COMPLETE
        self.spots = [self._of_list(row, complete) for row in range(len(listing))]
        self.listed = len(self.spots)

    def add(self, x: Floats, y: Ints, efficient: bool) -> Spot:
        """Enter a portfolio; the one with its plan, if there is one, else a new one."""
        values = {
            o.name: o.value(int(-count if o.sense == "max" else count))
            for o, count in zip(self.problem.objectives, y, strict=True)
        }
        plan = {d.project: d.period for d in self.problem.decisions if x[d.column] > 0.5}
        for spot in self.spots:
            if spot.place.plan == plan:
                spot.x = x
                spot.efficient |= efficient
                return spot
        spot = Spot(Place(plan, values), y, x, efficient)
        self.spots.append(spot)
        return spot

    def columns(self, spot: Spot, whole: Live) -> Floats | None:
        """``x`` of a portfolio; where it is not known, ``whole`` completes the plan. ``None`` if that did not succeed.

        Raises ``ValueError`` if the plan does not have the values that the list states.
        """
        if spot.x is None:
            fixed = np.full(len(self.problem.columns), np.nan)
            for decision in self.problem.decisions:
                fixed[decision.column] = float(spot.place.plan.get(decision.project) == decision.period)
            p = len(self.problem.objectives)
            answer = whole.ask(Query(np.ones(p), np.full(p, np.inf), fixed=fixed))
            if answer.none or (answer.y is not None and np.any(answer.y > spot.y)):
                raise ValueError(f"{spot.place.name} of the list does not fit the region; solve the region anew")
            spot.x = answer.x
        return spot.x

    def around(self, spot: Spot, x: Floats, wish: Achievement) -> Floats | None:
        """The decisions ``(n,)`` in which the nearest portfolios agree with ``spot``, that has ``x``, else NaN.

        ``None`` if there is no other portfolio. (Relaxation induced neighbourhoods, with portfolios in the place of the
        relaxation: Danna, Rothberg & Le Pape 2005.)
        """
        near = sorted((other for other in self.spots if other is not spot), key=lambda other: wish.distance(other.y))
        if not near:
            return None
        fixed = np.full(len(x), np.nan)
        for decision in self.problem.decisions:
            mine = spot.place.plan.get(decision.project) == decision.period
            if all((o.place.plan.get(decision.project) == decision.period) == mine for o in near[:NEIGHBOURS]):
                fixed[decision.column] = float(mine)
        return fixed

    def _of_list(self, row: int, complete: bool) -> Spot:
        objectives, values = self.listing.objectives, self.listing.values[row]
        y = np.array([int(o.minimised(v)) for o, v in zip(objectives, values, strict=True)], dtype=np.int64)
        named = {o.name: v for o, v in zip(objectives, values, strict=True)}
        return Spot(Place(self.listing.plan(row), named, self.listing.numbers[row]), y, efficient=complete)
