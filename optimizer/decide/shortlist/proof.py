"""Proof: the class of every project, by a search for the counter-example, or the statement that it is open.

A borderline project needs two witnesses: an efficient portfolio with it and one without it. A core project needs the
proof that no efficient portfolio goes without it, an exterior one that none takes it. On a complete front the listed
portfolios are witnesses, and only ties can be counter-examples (:mod:`.ties`). Elsewhere

1. a few listed portfolios that bear out many claims are proved efficient, or give way to better ones (Benson 1978);
2. each claim that is left is hunted for (:mod:`optimizer.decide.witness`) in rounds of growing time slices, those with
   the fewest open zones first; what one hunt finds, all others learn.

What is still open then has a bound: the corners from which on a counter-example may lie, and how far at most the
nearest listed portfolio of the other side is from them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from models import formulate
from models.amend import built
from models.problem import Floats, Ints, Problem
from optimizer.certificate import Status
from optimizer.decide.live import Clock, Live
from optimizer.decide.points import points
from optimizer.decide.shortlist.classes import Side
from optimizer.decide.shortlist.listed import entries
from optimizer.decide.shortlist.table import Equals, Shortlist
from optimizer.decide.shortlist.ties import Claim, all_efficient, deviating, part
from optimizer.decide.witness import Hunt
from optimizer.interrupt import ctrl_c
from optimizer.solver import half_of_memory

__all__ = ["prove"]

SLICE = 0.5
"""Seconds of the first round of hunts; each round takes twice as long."""
COVER = 0.3
"""Share of the time for proving listed portfolios efficient."""


def prove(
    shortlist: Shortlist,
    seconds: float = 60.0,
    *,
    problem: Problem | None = None,
    interrupted: Callable[[], bool] | None = None,
    on_progress: Callable[[int, int, float], None] | None = None,
) -> Shortlist:
    """``shortlist`` with every class proved or declared open after ``seconds``.

    Args:
        problem: that of the region and the listed objectives, if it is compiled already.
        interrupted: asked ten times a second whether to end now, as Ctrl-C does; what is proved by then is kept.
        on_progress: told the projects that are settled, how many there are, and the seconds.

    Raises ``ValueError`` if the listing does not fit the region as it is compiled today.
    """
    if shortlist.proved and shortlist.equals is not None:
        return shortlist
    names = [objective.name for objective in shortlist.listing.objectives]
    problem = problem or formulate(shortlist.region, names)
    with ctrl_c(interrupted) as interrupt:
        return _Proof(shortlist, problem, Clock(seconds, interrupt.asked), on_progress).run()


class _Proof:
    def __init__(
        self,
        shortlist: Shortlist,
        problem: Problem,
        clock: Clock,
        on_progress: Callable[[int, int, float], None] | None,
    ) -> None:
        self.shortlist, self.problem, self.clock, self.on_progress = shortlist, problem, clock, on_progress
        self.listing, self.equals = shortlist.listing, shortlist.equals
        self.Y = points(problem, self.listing)
        self.sides: dict[Claim, Side] = {}
        for entry in shortlist.entries:
            self.sides[entry.project, True], self.sides[entry.project, False] = entry.inside, entry.outside
        self.complete = self.listing.certificate.status is Status.COMPLETE
        self.began = time.perf_counter()

    def run(self) -> Shortlist:
        self._by_bounds()
        if self.complete and (self.equals is None or self._claims()):
            self._on_a_complete_front()
        elif not self.complete and self._claims():
            self._elsewhere()
        pairs = {
            entry.project: (self.sides[entry.project, True], self.sides[entry.project, False])
            for entry in self.shortlist.entries
        }
        told = entries(self.shortlist.region, self.listing, pairs, self.equals, self.shortlist.reasons)
        return replace(self.shortlist, entries=told, equals=self.equals)

    def _claims(self) -> list[Claim]:
        """What is still open."""
        return [claim for claim, side in self.sides.items() if side.exists is None]

    def _by_bounds(self) -> None:
        """Columns that are fixed leave no doubt."""
        for project, inside in self._claims():
            columns = list(built(self.problem, project))
            if inside and not np.any(self.problem.upper[columns] > 0.5):
                self._settle((project, True), None)
            elif not inside and np.any(self.problem.lower[columns] > 0.5):
                self._settle((project, False), None)

    def _settle(self, claim: Claim, x: Floats | None) -> None:
        """Note a witness ``x``, or that there is none; an efficient portfolio bears out a claim about every project."""
        project, inside = claim
        if x is None:
            self.sides[claim] = Side(False)
            other = self.sides[project, not inside]
            if other.exists is None:
                self.sides[project, not inside] = replace(other, exists=True)
        else:
            self._witness(self._plan(x))
        self._tell()

    def _plan(self, x: Floats) -> dict[str, int]:
        return {d.project: d.period for d in self.problem.decisions if x[d.column] > 0.5}

    def _witness(self, plan: Mapping[str, int], portfolio: int | None = None) -> None:
        for entry in self.shortlist.entries:
            claim = entry.project, entry.project in plan
            if self.sides[claim].plan is None:
                self.sides[claim] = Side(True, plan, portfolio)

    def _tell(self) -> None:
        if self.on_progress is not None:
            open_ones = {project for project, _ in self._claims()}
            total = len(self.shortlist.entries)
            self.on_progress(total - len(open_ones), total, time.perf_counter() - self.began)

    def _on_a_complete_front(self) -> None:
        found = all_efficient(self.problem, self.Y, self.clock, half_of_memory())
        if found is not None:
            self._count(found.of, found.X, found.every)
            for project, inside in self._claims():
                if inside or found.every or len(built(self.problem, project)) == 1:
                    self._settle((project, inside), None)
        if claims := self._claims():
            deviating(self.problem, self.Y, claims, self.clock, self._settle)
        for claim in self._claims():
            self.sides[claim] = Side(epsilon=0.0)

    def _count(self, of: Ints, X: Floats, every: bool) -> None:
        """Enter efficient portfolios; if they are all there are, shares are theirs from now on."""
        for row, x in zip(of.tolist(), X, strict=True):
            self._witness(self._plan(x), self.listing.numbers[row])
        if every:
            place = {project: column for column, project in enumerate(self.listing.projects)}
            starts = np.zeros((len(X), len(place)), dtype=np.int64)
            for decision in self.problem.decisions:
                starts[X[:, decision.column] > 0.5, place[decision.project]] = decision.period
            self.equals = Equals(of, starts)

    def _elsewhere(self) -> None:
        """On a list that is not complete: witnesses from the list first, then a hunt for each claim that is left."""
        full = Live(self.problem, self.clock)
        self._cover(full, self.clock.part(COVER * self.clock.left))
        hunts = {claim: Hunt(part(self.problem, claim), full, self.Y, complete=False) for claim in self._claims()}
        left, seconds = hunts, SLICE
        while left and self.clock.left:
            for claim in sorted(left, key=lambda claim: left[claim].size()):
                self._hunt(claim, left, seconds)
            left = {claim: hunt for claim, hunt in left.items() if self._worth_while(claim, hunt)}
            seconds *= 2
        for claim, hunt in hunts.items():
            if self.sides[claim].exists is None:
                self.sides[claim] = Side(epsilon=self._epsilon(claim, hunt))

    def _worth_while(self, claim: Claim, hunt: Hunt) -> bool:
        return self.sides[claim].exists is None and not hunt.stuck

    def _cover(self, full: Live, clock: Clock) -> None:
        """Prove those listed portfolios efficient that bear out the most open claims, until none bears out any."""
        taken = self.listing.starts > 0
        worth = np.ones(len(taken), dtype=bool)
        while clock.left:
            open_in, open_out = (
                np.array([self.sides[project, inside].exists is None for project in self.listing.projects])
                for inside in (True, False)
            )
            gain = np.where(worth, taken @ open_in.astype(int) + ~taken @ open_out.astype(int), 0)
            row = int(gain.argmax())
            if not gain[row]:
                return
            worth[row] = False
            full.clock = clock.part(max(SLICE, clock.left / 8))
            answer = full.efficient(self.Y[row])
            if answer.proved and answer.x is not None and answer.y is not None:
                if np.array_equal(answer.y, self.Y[row]):
                    self._witness(self.listing.plan(row), self.listing.numbers[row])
                self._witness(self._plan(answer.x))
                self._tell()

    def _hunt(self, claim: Claim, left: Mapping[Claim, Hunt], seconds: float) -> None:
        """Go on with one hunt; what it finds settles other claims, and spares the other hunts some zones."""
        if self.sides[claim].exists is not None or not self.clock.left:
            return
        before = len(left[claim].found.X)
        found = left[claim].run(self.clock.part(seconds))
        if found.proved:
            self._settle(claim, found.x)
        for x, y in zip(found.X[before:], found.Y[before:], strict=True):
            self._witness(self._plan(x))
            for hunt in left.values():
                hunt.learn(y)

    def _epsilon(self, claim: Claim, hunt: Hunt) -> float | None:
        """By how much of the range the nearest listed portfolio of the other side is worse than any that ``claim``
        speaks of, in every objective; ``None`` where nothing bounds it."""
        project, inside = claim
        certificate = self.listing.certificate
        rows = (self.listing.starts[:, self.listing.projects.index(project)] > 0) != inside
        if not rows.any():
            return None
        ranges = np.array([float(self.listing.range(k) / o.quantum) for k, o in enumerate(self.problem.objectives)])
        corners, listed = np.array(hunt.corners()).reshape(-1, len(ranges)), self.Y[rows]
        gaps = [float(np.min(np.max((listed - corner) / ranges, axis=1))) for corner in corners]
        epsilon = max(0.0, max(gaps)) * (1 + 1e-9) if gaps else math.inf
        if rows.all() and certificate.epsilon is not None:
            epsilon = min(epsilon, certificate.epsilon)
        return epsilon if epsilon < 1 else None
