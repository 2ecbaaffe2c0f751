"""Stands: is a portfolio allowed and efficient in another world than the planned one, and what is regretted there?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from models.problem import Floats, Problem
from optimizer.certificate import Certificate, Status
from optimizer.decide.live import Clock, Live
from optimizer.listing import Listing
from optimizer.verify import Auditor

if TYPE_CHECKING:
    from instances.worlds import World

__all__ = ["Solved", "Solver", "Stand", "Yardstick", "stands"]

Solver = Callable[["World"], "Solved"]
SAFE_SIDE = 1 + 1e-9
"""Certificates state ε in doubles; a bound made with it is raised by that much."""
ABOUT = 1e-9
"""Doubles only choose what is looked at exactly; so much, as a share of the values, they may be off."""


@dataclass(frozen=True, eq=False)
class Solved:
    """A world with its front and the problem that the front was solved from."""

    world: World
    problem: Problem
    listing: Listing

    @property
    def certificate(self) -> Certificate:
        return self.listing.certificate


@dataclass(frozen=True)
class Stand:
    """A portfolio in one world.

    ``values``: what it would count there, whether it is allowed or not. ``broken``: the rules that it breaks there.
    ``efficient``: whether it is allowed and no feasible portfolio of that world dominates it; ``None``: open.
    ``regret``: what is given away there, as a share of the yardstick, on average over the objectives: by how much a
    portfolio that is nowhere worse is better; at least, at most (``None``: nothing bounds it). ``None`` if it is not
    allowed.
    """

    values: tuple[Fraction, ...]
    broken: tuple[str, ...]
    efficient: bool | None
    regret: tuple[Fraction, Fraction | None] | None

    @property
    def allowed(self) -> bool:
        return not self.broken


Yardstick = Sequence[Fraction]
"""For each objective, what counts as 1: its range among the listed portfolios in the world as planned."""


def stands(solved: Solved, plans: Sequence[Mapping[str, int]], yardstick: Yardstick, clock: Clock) -> list[Stand]:
    """How each plan (project to start period) stands in a world.

    A portfolio that is known in the world and dominates a plan proves that it is not efficient. If none does, the plan
    is efficient where the front is complete; elsewhere a live question decides (Benson 1978), while ``clock`` runs.

    Formula of the regret: ``max_y Σ_k (y_k - x_k) / (p range_k)`` over the portfolios ``y`` of the world that are at
    least as good in each of the ``p`` objectives, signed so that positive means better; 0 for what is efficient. Where
    the front is not complete, what is known gives the lower bound, and the certificate's ε the upper one: whatever
    ``y`` is missing, a listed portfolio lies at most ε of the range below it.
    """
    listing, auditor = solved.listing, Auditor(solved.world.region)
    names = [objective.name for objective in listing.objectives]
    points = [tuple(auditor.values(plan, names)[name] for name in names) for plan in plans]
    faults = [tuple(auditor.broken(plan)) for plan in plans]
    known = list(listing.values)
    if listing.certificate.status is not Status.COMPLETE:
        known += [point for point, broken in zip(points, faults, strict=True) if not broken]
    judge = _Judge(listing, known, yardstick)
    live = Live(solved.problem, clock)
    found = []
    for point, broken in zip(points, faults, strict=True):
        if broken:
            found.append(Stand(point, broken, False, None))
            continue
        low, high = judge.regret(point)
        efficient = False if low else True if high == 0 else _asked(live, point)
        found.append(Stand(point, (), efficient, (low, Fraction(0) if efficient else high)))
    return found


class _Judge:
    """What is known of a world, to hold portfolios against."""

    def __init__(self, listing: Listing, known: Sequence[tuple[Fraction, ...]], yardstick: Yardstick) -> None:
        self.listing, self.known, self.yardstick = listing, known, yardstick
        self.signs = np.array([1.0 if objective.sense == "max" else -1.0 for objective in listing.objectives])
        self.values = self._array(known)
        self.scale = np.array([float(r) for r in yardstick])

    def _array(self, points: Sequence[tuple[Fraction, ...]]) -> Floats:
        return np.array([[float(v) for v in row] for row in points]).reshape(-1, len(self.signs))

    def regret(self, point: tuple[Fraction, ...]) -> tuple[Fraction, Fraction | None]:
        """At least and at most."""
        low = self._dominated_by(point)
        proof = self.listing.certificate
        if proof.status is Status.COMPLETE:
            return low, low
        if proof.epsilon_in_units is None:
            return low, None
        missing = np.array([proof.epsilon_in_units[o.name] for o in self.listing.objectives])
        gains = (self.values - self._array([point])) * self.signs + missing * SAFE_SIDE
        most = (gains / self.scale).mean(axis=1)[(gains >= -ABOUT * (1 + np.abs(self.values))).all(axis=1)]
        return low, max(low, Fraction(float(most.max(initial=0.0)) * SAFE_SIDE))

    def _dominated_by(self, point: tuple[Fraction, ...]) -> Fraction:
        """The largest total gain among known portfolios that are nowhere worse; candidates in doubles, then exactly."""
        near = (self.values - self._array([point])) * self.signs >= -ABOUT * (1 + np.abs(self.values))
        best = Fraction(0)
        for row in np.flatnonzero(near.all(axis=1)).tolist():
            gains = [self.listing.gain(k, self.known[row][k], value) for k, value in enumerate(point)]
            if min(gains) >= 0:
                best = max(best, sum((g / r for g, r in zip(gains, self.yardstick, strict=True)), Fraction(0)))
        return best / len(point)


def _asked(live: Live, point: Sequence[Fraction]) -> bool | None:
    """Is a portfolio with these values efficient? ``None`` if that stays open."""
    caps = _quanta(live.problem, point)
    answer = live.efficient(caps)
    if answer.y is None:
        return None
    return answer.proved or None if np.array_equal(answer.y, caps) else False


def _quanta(problem: Problem, point: Sequence[Fraction]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """A point in minimised quanta of ``problem``."""
    counts = [o.minimised(value) for o, value in zip(problem.objectives, point, strict=True)]
    if any(count.denominator != 1 for count in counts):
        raise ValueError("the values of a portfolio are no whole quanta of the model: the raw tables say otherwise")
    return np.array([int(count) for count in counts], dtype=np.int64)
