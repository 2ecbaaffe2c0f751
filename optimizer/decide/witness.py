"""Witness: an efficient portfolio that satisfies a side condition, or the proof that no efficient portfolio does.

A *part* of a problem has the same objectives and columns and further rows or narrower bounds: the portfolios without
some project, for instance. An efficient portfolio *of the problem* that lies in the part is a witness. The search keeps
the zones (:mod:`optimizer.engines.zones`) that no known portfolio of the problem closes, and asks the part alone for
portfolios there. What comes back either is efficient, or is dominated by a portfolio that closes its zone as well.

Most zones are closed many at a time: where the least ``λ·y`` of the part is ``v``, no portfolio of it lies in a zone
``u`` with ``λ·(u - 1) < v`` (weighted sums as bound sets: Ehrgott & Gandibleux, Computers & Operations Research 34,
2007). Weights and values are whole numbers, so that nothing is rounded; a zone that resists is asked for by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.decide.live import NEARLY, NO_TIME, Answer, Clock, Live
from optimizer.engines.finite import activity_bounds
from optimizer.engines.query import INTERRUPT, ROW_TOLERANCE
from optimizer.engines.zones import Zones, nondominated

__all__ = ["Hunt", "Witness", "find_witness"]

WEIGHTS = 1000
"""The largest weight of a half-space; the others are rounded to whole numbers of at least 1."""
OUT_OF_TIME = ("TimeLimit", INTERRUPT, NO_TIME)
MISSES = 3
"""Half-spaces in a row that close nothing before zones are asked for one by one; each success allows one more."""
GRID = {1: 1, 2: 4, 3: 3, 4: 2}
"""Objectives to the steps of the grid of weights that every hunt begins with; 1 for more objectives."""


@dataclass(eq=False)
class Witness:
    """``x`` ``(n,)`` with ``y`` ``(p,)`` in minimised quanta: efficient in the problem and inside the part.

    ``proved``: it is efficient, or, where ``x`` is ``None``, no efficient portfolio lies in the part. ``X`` with their
    ``Y`` are efficient portfolios of the problem that the search came by. Where nothing is proved, ``open`` holds the
    corners from which on a witness may still lie, none of which a known portfolio dominates.
    """

    x: Floats | None = None
    y: Ints | None = None
    proved: bool = False
    X: list[Floats] = field(default_factory=list)
    Y: list[Ints] = field(default_factory=list)
    open: list[Ints] = field(default_factory=list)

    @property
    def none(self) -> bool:
        """Is it proved that no efficient portfolio lies in the part?"""
        return self.proved and self.x is None


def find_witness(
    problem: Problem,
    part: Problem,
    known: Iterable[Ints] = (),
    *,
    complete: bool = False,
    clock: Clock | None = None,
    full: Live | None = None,
) -> Witness:
    """Look for an efficient portfolio of ``problem`` that lies in ``part``.

    Args:
        part: ``problem`` with further rows or narrower bounds.
        known: points ``(p,)`` of feasible portfolios of ``problem``, in minimised quanta.
        complete: ``known`` is the complete front; then only ties with it are looked at.
        full: questions to ``problem``, where there are some already.

    >>> from models.amend import with_projects
    >>> knapsack = Problem.from_arrays([[3, 4, 2], [5, 1, 4]], [[2, 3, 2]], [4])
    >>> find_witness(knapsack, with_projects(knapsack, outside=["P1"])).none
    True
    >>> find_witness(knapsack, with_projects(knapsack, outside=["P2"])).y.tolist()
    [-5, -9]
    """
    clock = clock or Clock()
    Y = np.array(list(known), dtype=np.int64).reshape(-1, len(problem.objectives))
    hunt = Hunt(part, full or Live(problem, clock), Y[nondominated(Y)], complete=complete)
    found = hunt.run(clock)
    found.open = hunt.corners()
    return found


class Hunt:
    """A search for a witness in ``part`` that :meth:`run` takes up where it ended the last time.

    Args:
        full: questions to the whole problem.
        Y: ``(k, p)`` points of feasible portfolios of the problem, nondominated among each other. They split a zone
            only when it could not be closed without them: most are never needed.
        complete: ``Y`` is the complete front.

    It is ``stuck`` when all that is left are places where a solve failed.
    """

    def __init__(self, part: Problem, full: Live, Y: Ints, *, complete: bool) -> None:
        self.part, self.full, self.complete = part, full, complete
        self.found = Witness()
        self.known = Y
        low, high = activity_bounds(part.costs, part)
        self.zones = Zones(high + 1, low)
        self.ties: list[Ints] = list(Y) if complete else []
        self.best: Ints = Y.min(axis=0) if len(Y) else low
        self.ranges: Ints = np.maximum(np.ptp(Y, axis=0), 1) if len(Y) else high - low + 1
        self.weights: Ints = np.zeros((0, len(low)), dtype=np.int64)
        self.least: Ints = np.zeros(0, dtype=np.int64)
        self.first = list(directions(len(low)))
        self.patience = MISSES
        self.failed: list[Ints] = []
        self.stuck = False
        self._why = ""

    def run(self, clock: Clock, *, one_by_one: bool = True) -> Witness:
        """Go on while ``clock`` runs; unless ``one_by_one``, only until something must be asked for by itself."""
        ask = None
        while not self.found.proved:
            target = self._target()
            if target is None:
                self.stuck = bool(self.failed or self.zones.aside)
                self.found.proved = not self.stuck
                break
            if not clock.left:
                break
            ask = ask or Live(self.part, clock)
            self.full.clock = clock
            if self.first:
                self._bound(_whole(self.first.pop() / self.ranges), ask)
            elif not self._refined(target) and not self._closed(target, ask):
                if not one_by_one:
                    break
                self._look(target, ask)
        return self.found

    def learn(self, y: Ints) -> None:
        """Take account of a feasible portfolio of the problem that was found elsewhere."""
        if not self.complete and not np.any(np.all(self.known <= y, axis=1)):
            self.known = np.vstack([self.known[~np.all(y <= self.known, axis=1)], y])

    def size(self) -> int:
        """How many zones and ties are still to be closed."""
        return len(self._zones_left()) + len(self.ties) + len(self.failed) + len(self.zones.aside)

    def corners(self) -> list[Ints]:
        """The corners from which on a witness may still lie; none, once something is proved."""
        if self.found.proved:
            return []
        boxes = [self._corner(u) for u in self._zones_left()]
        return [*self.ties, *self.failed, *boxes, *(corner for corner, _ in self.zones.aside)]

    def _zones_left(self) -> Ints:
        return self.zones.U[[] if self.complete else ~self._empty(self.zones.U - 1)]

    def _empty(self, Y: Ints) -> NDArray[np.bool_]:
        """For which of ``Y`` ``(k, p)`` a half-space shows that the part has nothing at or below it; ``(k,)``."""
        shut: NDArray[np.bool_] = np.any(Y @ self.weights.T < self.least, axis=1)
        return shut

    def _corner(self, u: Ints) -> Ints:
        """The best lower bound, axis by axis, of what the part has below ``u``; ``(p,)``."""
        corner = self.zones.corner(u)
        for weights, least in zip(self.weights, self.least, strict=True):
            spare = int(least) - int(weights @ (u - 1))
            for k in np.flatnonzero(weights):
                corner[k] = max(corner[k], int(u[k]) - 1 + -(-spare // int(weights[k])))
        return corner

    def _target(self) -> Ints | None:
        """What is to be closed next, as the largest point that it holds: a zone ``u`` less 1, or a tie."""
        left = self._zones_left()
        if len(left):
            reach = np.where(left < self.zones.ceiling, left - self.best, 2 * self.ranges) / self.ranges
            target: Ints = left[int(reach.sum(axis=1).argmax())] - 1
            return target
        if self.ties:
            ties = np.array(self.ties, dtype=np.int64)
            kept = ~self._empty(ties) & [not self._beaten(y) for y in ties]
            self.ties = list(ties[kept])
        return self.ties[-1] if self.ties else None

    def _refined(self, target: Ints) -> bool:
        """Split a zone by a known point in the middle of it; ``False`` if it holds none."""
        inside = self.known[np.all(self.known <= target, axis=1)]
        if self.complete or not len(inside) or self._tied(target):
            return False
        reach = np.max((inside - self.best) / np.maximum(target - self.best, 1), axis=1)
        y = inside[int(reach.argmin())]
        self.zones.add(y)
        self.ties.append(y)
        return True

    def _tied(self, target: Ints) -> bool:
        return bool(self.ties) and self.ties[-1] is target

    def _closed(self, target: Ints, ask: Live) -> bool:
        """Ask for a half-space that closes ``target``; whether anything came of it."""
        weights = self._weights(target)
        if self.patience <= 0 or np.any(np.all(self.weights == weights, axis=1)):
            return False
        news = self._bound(weights, ask)
        gain = bool(self._empty(target[None])[0])
        self.patience += 1 if gain else -1
        return gain or news

    def _bound(self, weights: Ints, ask: Live) -> bool:
        """Ask for the least ``weights · y`` of the part; whether its portfolio was worth knowing."""
        answer = ask.least(weights.astype(np.float64))
        if answer.none:
            self._shut(np.zeros_like(self.best), 1)
        elif np.isfinite(answer.bound):
            bound = int(np.ceil(answer.bound - NEARLY - 1e-9 * abs(answer.bound)))
            self._shut(weights, bound)
        return answer.y is not None and not self._beaten(answer.y) and self._take(answer)

    def _shut(self, weights: Ints, least: int) -> None:
        """``weights · y >= least`` for all of the part."""
        self.weights = np.vstack([self.weights, weights])
        self.least = np.append(self.least, least)

    def _weights(self, target: Ints) -> Ints:
        """Whole weights that fall with the distance of ``target`` from the best known; 0 where it has no bound."""
        bounded = target < self.zones.ceiling - 1
        if not bounded.any():
            return np.ones_like(target)
        return _whole(np.where(bounded, 1.0 / np.maximum(target - self.best, 1), 0.0))

    def _beaten(self, y: Ints) -> bool:
        """Does a known portfolio dominate ``y``?"""
        return bool(np.any(np.all(self.known <= y, axis=1) & np.any(self.known < y, axis=1)))

    def _look(self, target: Ints, ask: Live) -> None:
        """Ask the part for a portfolio at or below ``target``, and the problem for one that dominates it."""
        tie = self._tied(target)
        caps = np.where(target < self.zones.ceiling - 1, target.astype(np.float64), np.inf)
        answer = ask.least(np.ones(len(target)), caps)
        if answer.none and tie:
            self.ties.pop()
        elif answer.none:
            self.zones.prove(target + 1)
        elif answer.y is None:
            self._give_up(target, tie, answer.why)
        elif not self._take(answer):
            self._give_up(target, tie, self._why)

    def _give_up(self, target: Ints, tie: bool, why: str) -> None:
        """A failed solve leaves its target open for good; one that ran out of time may be asked again."""
        if why in OUT_OF_TIME:
            return
        if tie:
            self.failed.append(self.ties.pop())
        else:
            self.zones.stall(target + 1, self._corner(target + 1))

    def _take(self, answer: Answer) -> bool:
        """A portfolio of the part: efficient, or dominated by one that is worth knowing; ``False`` if neither could be
        settled."""
        assert answer.x is not None
        assert answer.y is not None
        if self.complete and np.any(np.all(self.known == answer.y, axis=1)):
            self._witnessed(answer.x, answer.y)
            return True
        better = self.full.efficient(answer.y, answer.x)
        self._why = better.why
        if better.x is None or better.y is None:
            return False
        same = np.array_equal(better.y, answer.y)
        if better.proved:
            self.found.X.append(better.x)
            self.found.Y.append(better.y)
            if same:
                self._witnessed(answer.x, answer.y)
                return True
            if float(self.part.violations(better.x[None])[0]) <= ROW_TOLERANCE:
                self._witnessed(better.x, better.y)
                return True
        if same or self.complete:
            return False
        self.learn(better.y)
        return True

    def _witnessed(self, x: Floats, y: Ints) -> None:
        self.found.x, self.found.y, self.found.proved = x, y, True


def _whole(weights: Floats) -> Ints:
    """``weights`` ``(p,)`` as whole numbers up to :data:`WEIGHTS`; none but a zero becomes 0."""
    whole: Ints = np.rint(weights / weights.max() * WEIGHTS).astype(np.int64)
    return np.where(weights > 0, np.maximum(whole, 1), 0)


def directions(p: int) -> Iterator[Floats]:
    """The points of a grid on the simplex of weights; ``(p,)`` each.

    >>> [weights.tolist() for weights in directions(2)][1:3]
    [[0.25, 0.75], [0.5, 0.5]]
    """
    steps = GRID.get(p, 1)
    for parts in product(range(steps + 1), repeat=p):
        if sum(parts) == steps:
            yield np.array(parts) / steps
