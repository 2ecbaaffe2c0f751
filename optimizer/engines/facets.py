"""Facets: where the convex hull of the whole front lies, asked of a MIP solver one direction at a time.

The best portfolio for weights ``λ`` bounds all of objective space at once: ``λ·y >= v`` holds every feasible point, all
rows and all whole columns counted in (the Lagrangian bound of a zone's limits; Geoffrion 1974). Which ``λ`` is worth a
solve, the list tells: the facet of its convex hull under a zone either is one of the whole front's, which the answer
proves, or the answer lies beyond it (the sandwich of inner and outer approximation: Solanki, Appino & Cohon 1993,
EJOR 66; Rennen, van Dam & den Hertog 2011, INFORMS J. Comput. 23). No facet shows more of a zone than the hull of the
list has in it already; where that is most of what is open, a facet is not asked for.
"""

from __future__ import annotations

import math

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.engines.found import Found
from optimizer.engines.linear import linear_model, quiet_solver
from optimizer.engines.query import Outcome, Query, Verdict
from optimizer.engines.zones import Zones

__all__ = ["Facets"]

UNIT = 1000.0
"""Values of queries are counted in shares of the ranges times this, which keeps costs well above tolerances."""
TIE_BREAK = 1e-4
"""Least weight of an objective, so that what is best is also efficient."""
WORTH = 0.6
"""A facet is asked for if the hull of the list has less than this share of a zone's ε in it."""
ALIKE = 25
"""Weights are told apart by so many steps from 0 to 1."""
TRIES = 2
"""Most queries for one direction."""
HELPED = 0.8
"""A zone waits for a facet under way that may lower its ε below this share."""
FINE = 1 / 3
"""Share of the ε that is good enough, or of a zone's, to which a facet is proved."""


class Facets:
    """The half-spaces of the hull of a front, entered into ``zones``."""

    def __init__(self, zones: Zones, found: Found) -> None:
        self._zones, self._found = zones, found
        self._asked: dict[bytes, int] = {}
        self._under_way: list[Query] = []

    def query(self, u: Ints, epsilon: float, enough: float, seconds: float) -> Query | None:
        """The query for the facet under the zone ``u`` of that ``epsilon``; ``None`` if none is worth it."""
        zones = self._zones
        bounded = u < zones.ceiling
        if not bounded.any():
            return None
        shares, depth = self._under((u - np.array(self._found.Y)) / zones.ranges, bounded)
        key = np.rint(shares * ALIKE).astype(np.int8).tobytes()
        tries = self._asked.get(key, 0)
        asking = any(np.abs(q.weights * zones.ranges / UNIT - shares).max() < 1 / ALIKE for q in self._under_way)
        if depth > WORTH * epsilon or tries == TRIES or asking:
            return None
        self._asked[key] = tries + 1
        weights = UNIT * np.maximum(shares, TIE_BREAK) / zones.ranges
        values = np.array(self._found.Y) @ weights
        start = self._found.X[int(values.argmin())]
        gap = UNIT * FINE * max(enough, min(epsilon, 1.0) / 2)
        query = Query(weights, np.full(len(u), np.inf), start=start, gap=gap, seconds=seconds * 2**tries)
        self._under_way.append(query)
        return query

    def waiting(self) -> NDArray[np.bool_]:
        """Zones ``(z,)`` of which a facet under way may yet say more than is known."""
        zones = self._zones
        waiting = np.zeros(len(zones), dtype=np.bool_)
        for query in self._under_way:
            most = float((np.array(self._found.Y) @ query.weights).min())
            waiting |= zones.shown(zones.U, query.weights[None], np.array([most])) < HELPED * zones.gaps()
        return waiting

    def take(self, query: Query, outcome: Outcome) -> bool:
        """Enter the half-space that the answer to a query proves; whether it says anything new."""
        self._under_way.remove(query)
        if outcome.verdict is Verdict.ERROR or not math.isfinite(outcome.bound):
            return False
        return self._zones.cut(query.weights, outcome.bound - 1e-6 - 1e-9 * abs(outcome.bound))

    def admits(self, y: Ints) -> bool:
        """Does a known point lie in all half-spaces, as it must?"""
        return bool(np.all(self._zones.weights @ y >= self._zones.v))

    @staticmethod
    def _under(short: Floats, bounded: NDArray[np.bool_]) -> tuple[Floats, float]:
        """Weights ``(p,)``, of sum 1, of the facet of the hull of points under a zone, and how deep the hull gets.

        ``short`` ``(k, p)`` is by how much the points lie below the zone's bounds, in shares of the ranges: the
        weights are those of ``min_λ max_y λ·short(y)``, the dual of the deepest mixture of points.
        """
        k, p = short.shape
        solver = quiet_solver()
        solver.passModel(
            linear_model(
                sp.csr_array(np.block([[short, -np.ones((k, 1))], [np.ones((1, p)), np.zeros((1, 1))]])),
                np.append(np.full(k, -np.inf), 1.0),
                np.append(np.zeros(k), 1.0),
                np.append(np.zeros(p), -np.inf),
                np.append(np.where(bounded, 1.0, 0.0), np.inf),
                cost=np.append(np.zeros(p), 1.0),
            )
        )
        solver.run()
        answer = np.array(solver.getSolution().col_value)
        return np.clip(answer[:p], 0.0, 1.0), float(answer[p])
