"""Witness: an efficient portfolio that satisfies a side condition, or the proof that no efficient portfolio does.

A *part* of a problem has the same objectives and columns and further rows or narrower bounds: the portfolios without
some project, for instance. An efficient portfolio *of the problem* that lies in the part is a witness. The search keeps
the zones (:mod:`optimizer.engines.zones`) that no known portfolio of the problem closes, and asks the part alone for
portfolios there. What comes back either is efficient, or is dominated by a portfolio that closes its zone as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.decide.live import Answer, Clock, Live
from optimizer.engines.finite import activity_bounds
from optimizer.engines.zones import Zones, nondominated

__all__ = ["Witness", "find_witness"]


@dataclass(eq=False)
class Witness:
    """``x`` ``(n,)`` with ``y`` ``(p,)`` in minimised quanta: efficient in the problem and inside the part.

    ``proved``: it is efficient, or, where ``x`` is ``None``, no efficient portfolio lies in the part. What the search
    came by are ``Y``, feasible points of the problem with their ``X``. Where nothing is proved, ``open`` holds the
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
    return _Search(problem, part, known, complete, clock or Clock(), full).run()


class _Search:
    def __init__(
        self, problem: Problem, part: Problem, known: Iterable[Ints], complete: bool, clock: Clock, full: Live | None
    ) -> None:
        low, high = activity_bounds(problem.costs, problem)
        self.zones = Zones(high + 1, low)
        self.full = full or Live(problem, clock)
        self.part = Live(part, clock)
        self.found = Witness()
        self.complete = complete
        Y = np.array(list(known), dtype=np.int64).reshape(-1, len(low))
        self.ties: list[Ints] = [Y[i] for i in nondominated(Y)]
        if not complete:
            for y in self.ties:
                self.zones.add(y)

    def run(self) -> Witness:
        """Ties with known points first: they need the least to be settled."""
        while self.found.x is None and self.part.clock.left:
            if self.ties:
                y = self.ties.pop()
                answer = self.part.efficient(y)
                if not answer.none:
                    self._take(answer, y)
            elif self.complete or not len(self.zones):
                break
            else:
                self._look(int(self.zones.gaps().argmax()))
        if self.found.x is None:
            zones = [] if self.complete else [self.zones.corner(u) for u in self.zones.U]
            self.found.open += [*self.ties, *zones, *(corner for corner, _ in self.zones.aside)]
            self.found.proved = not self.found.open
        return self.found

    def _look(self, zone: int) -> None:
        """Ask the part for a portfolio in a zone, and the problem for one that dominates it."""
        u = self.zones.U[zone].copy()
        caps = np.where(u < self.zones.ceiling, u - 1.0, np.inf)
        answer = self.part.least(np.ones(len(u)), caps)
        if answer.none:
            self.zones.prove(u)
        elif answer.y is None or not self._take(answer, answer.y):
            self.zones.stall(u, self.zones.corner(u))

    def _take(self, answer: Answer, caps: Ints) -> bool:
        """A portfolio of the part with ``y <= caps``: efficient, or dominated by one that is worth knowing.

        ``False`` if neither could be settled; ties that stay open are noted.
        """
        if answer.x is None or answer.y is None:
            self.found.open.append(caps)
            return False
        better = self.full.efficient(answer.y, answer.x)
        if better.x is None or better.y is None or (not better.proved and np.array_equal(better.y, answer.y)):
            self.found.open.append(answer.y)
            return False
        self.found.X.append(better.x)
        self.found.Y.append(better.y)
        if np.array_equal(better.y, answer.y):
            self.found.x, self.found.y, self.found.proved = answer.x, answer.y, True
        elif self.zones.add(better.y):
            self.ties.append(better.y)
        return True
