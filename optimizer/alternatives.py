"""Alternatives: all portfolios that come to the values of a listed one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.problem import Floats, Ints, Problem
from optimizer.engines.highs import Highs
from optimizer.engines.labels import refusal, ways
from optimizer.engines.query import Query, Verdict
from optimizer.stop import Progress, Stop

__all__ = ["LISTED", "Alternatives", "find_alternatives"]

LISTED = 10_000
"""Most portfolios that are listed; each point gets a fair share, and at least the one that is in the front."""


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Portfolios with the values of a front's: row ``i`` of ``X`` ``(a, n)`` has those of portfolio ``of[i]``, from 0.

    The first one of each is the front's own; all of the same point differ in their decisions. ``more`` ``(k,)`` says
    for which portfolios others may exist that are not listed: the search was stopped (``stopped_by``), or they are too
    many.
    """

    of: Ints
    X: Floats
    more: NDArray[np.bool_]
    stopped_by: str = "complete"

    def __len__(self) -> int:
        return len(self.of)

    @property
    def ways(self) -> Ints:
        """How many are listed of each portfolio; ``(k,)``."""
        counts: Ints = np.bincount(self.of, minlength=len(self.more)).astype(np.int64)
        return counts


def find_alternatives(
    problem: Problem,
    X: Floats,
    *,
    complete: bool,
    stop: Stop,
    memory: int,
    began: Progress,
    on_progress: Callable[[Progress], None] | None = None,
) -> Alternatives:
    """All portfolios with the values of one of ``X`` ``(k, n)``, within ``stop`` and ``memory`` bytes.

    0/1 models are gone through by :func:`.labels.ways`. Any other one is solved again with its values held fixed, each
    portfolio found being forbidden, until nothing is left (no-good cuts).

    Args:
        complete: no feasible point dominates one of those of ``X``.
        began: where the solve stands when this begins; seconds and solves go on from there.

    Ctrl-C ends the search; what was found is kept.
    """
    deciding = sorted({decision.column for decision in problem.decisions})
    search = _Search(stop, began, len(X), on_progress)
    found: list[Floats] = []
    more: list[bool] = []
    lists = _by_labels if refusal(problem) is None else _by_cuts
    try:
        for portfolios, open_end in lists(problem, X, deciding, complete, memory, search):
            found.append(portfolios)
            more.append(open_end)
    except KeyboardInterrupt:
        search.stopped_by = "interrupt"
    rest = len(X) - len(found)
    found += [x[None] for x in X[len(found) :]]
    return Alternatives(
        of=np.repeat(np.arange(len(X)), [len(part) for part in found]),
        X=np.vstack([*found, np.zeros((0, len(problem.columns)))]),
        more=np.array(more + [True] * rest, dtype=np.bool_),
        stopped_by=search.stopped_by,
    )


class _Search:
    """The look at the clock that both ways share."""

    def __init__(
        self, stop: Stop, began: Progress, points: int, on_progress: Callable[[Progress], None] | None
    ) -> None:
        self.stop, self.began, self.points, self.on_progress = stop, began, points, on_progress
        self.clock = time.perf_counter()
        self.solves = 0
        self.stopped_by = "complete"

    def look(self, stage: int, width: int) -> str | None:
        self.solves += 1
        seconds = self.began.seconds + time.perf_counter() - self.clock
        progress = replace(
            self.began,
            seconds=seconds,
            solves=self.began.solves + self.solves,
            open_regions=width,
            phase="alternatives",
        )
        if self.on_progress:
            self.on_progress(progress)
        if reason := self.stop(replace(progress, epsilon=np.inf)):  # a guarantee that is reached says nothing here
            self.stopped_by = reason
        return reason

    @property
    def seconds_left(self) -> float:
        seconds = self.began.seconds + time.perf_counter() - self.clock
        return self.stop.seconds_left(replace(self.began, seconds=seconds))


def _by_labels(
    problem: Problem, X: Floats, deciding: list[int], complete: bool, memory: int, search: _Search
) -> Iterator[tuple[Floats, bool]]:
    Y = np.rint(X).astype(np.int64) @ problem.costs.T
    found = ways(problem, Y, complete=complete, memory=memory, look=search.look)
    if found is None:
        return
    search.stopped_by = found.stopped_by
    left = LISTED
    for k, (x, y) in enumerate(zip(X, Y, strict=True)):
        share = max(1, left // (len(X) - k))
        portfolios, more = found.portfolios(y, share, deciding)
        portfolios = _own_first(x, portfolios, deciding, share)
        left -= len(portfolios)
        yield portfolios, more


def _own_first(x: Floats, portfolios: Floats, deciding: list[int], most: int) -> Floats:
    """``x`` ``(n,)`` and those of ``portfolios`` that differ from it in their decisions, ``most`` in all."""
    others = portfolios[np.any(portfolios[:, deciding] != np.rint(x[deciding]), axis=1)]
    return np.vstack([x[None], others[: most - 1]])


def _by_cuts(
    problem: Problem, X: Floats, deciding: list[int], complete: bool, memory: int, search: _Search
) -> Iterator[tuple[Floats, bool]]:
    left = LISTED
    for k, x in enumerate(X):
        share = max(1, left // (len(X) - k))
        portfolios, more = [x], True
        while len(portfolios) <= share:
            if search.look(k, len(X) - k):
                yield np.array(portfolios[:share]), True
                return
            verdict, other = _another(problem, portfolios, deciding, search)
            if verdict is Verdict.INFEASIBLE:
                more = False
            if other is None:
                break
            portfolios.append(other)
        left -= min(len(portfolios), share)
        yield np.array(portfolios[:share]), more


def _another(
    problem: Problem, known: list[Floats], deciding: list[int], search: _Search
) -> tuple[Verdict, Floats | None]:
    """A portfolio with the values of the ``known`` ones whose decisions differ from all of theirs.

    No-good cut (Balas & Jeroslow 1972): ``Σ x_j over those not chosen - Σ x_j over those chosen >= 1 - |chosen|``.
    """
    costs = problem.costs
    y = costs @ np.where(problem.integer, np.rint(known[0]), 0.0).astype(np.int64)
    cuts = np.zeros((len(known), len(problem.columns)))
    cuts[:, deciding] = 1.0 - 2.0 * np.rint(np.array(known)[:, deciding])
    chosen = (cuts == -1).sum(axis=1)
    rows = sp.csr_array(sp.vstack([problem.A, sp.csr_array(costs.astype(np.float64)), sp.csr_array(cuts)]))
    free = np.full(len(known), np.inf)
    narrowed = replace(
        problem,
        A=rows,
        row_lower=np.concatenate([problem.row_lower, y, 1.0 - chosen]),
        row_upper=np.concatenate([problem.row_upper, y, free]),
        rows=(
            *problem.rows,
            *(f"value[{o.name}]" for o in problem.objectives),
            *(f"cut[{i}]" for i in range(len(known))),
        ),
    )
    left = search.seconds_left
    solver = Highs(narrowed, interrupted=lambda: search.seconds_left <= 0)
    outcome = solver.minimize(Query(np.ones(len(y)), y.astype(np.float64), seconds=left))
    return outcome.verdict, outcome.x
