"""Ties: portfolios of equal merit on a complete front, and what they say about the classes.

A complete front lists every nondominated point, so that every efficient portfolio has the values of a listed one. Label
setting goes through all of them at once (:mod:`optimizer.engines.labels.ways`): the paths of its graph are the
portfolios, and a choice is taken by some efficient portfolio if an edge with it leads to a listed point. Where a model
is not pure 0/1, one MIP a point asks for a portfolio of its values that deviates from any of the classes in question;
half-spaces of each project's part (:mod:`optimizer.decide.witness`) spare most of the points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.amend import built, with_projects
from models.problem import Floats, Ints, Objective, Problem
from optimizer.decide.live import Answer, Clock, Live
from optimizer.decide.witness import Hunt
from optimizer.engines.labels import refusal, ways
from optimizer.engines.labels.ways import Ways
from optimizer.engines.query import Query

__all__ = ["Claim", "Efficient", "all_efficient", "chosen", "deviating", "part"]

MOST = 100_000
"""Portfolios of equal merit that are counted one by one."""

Claim = tuple[str, bool]
"""A project and whether a portfolio with it (``True``) or without it is looked for."""


def part(problem: Problem, claim: Claim) -> Problem:
    """``problem`` for the portfolios that a claim speaks of."""
    project, inside = claim
    return with_projects(problem, inside=[project]) if inside else with_projects(problem, outside=[project])


def chosen(problem: Problem, x: Floats, project: str) -> bool:
    """Does the portfolio ``x`` ``(n,)`` contain ``project``?"""
    return bool(np.any(x[list(built(problem, project))] > 0.5))


@dataclass(frozen=True, eq=False)
class Efficient:
    """Efficient portfolios ``X`` ``(a, n)`` and the rows ``of`` ``(a,)`` of the points that they come to.

    ``every``: these are all there are. If not, there is one for every choice that any of them makes.
    """

    of: Ints
    X: Floats
    every: bool


def all_efficient(problem: Problem, Y: Ints, clock: Clock, memory: int) -> Efficient | None:
    """All efficient portfolios that come to the points ``Y`` ``(k, p)`` of a complete front.

    ``None`` if label setting cannot take the problem or does not end within ``clock`` and ``memory`` bytes.
    """
    if refusal(problem) is not None:
        return None
    found = ways(problem, Y, complete=True, memory=memory, look=lambda stage, width: None if clock.left else "time")
    if found is None or found.stopped_by != "complete" or len(found.ends) < len(Y):
        return None
    if _paths(found) > MOST:
        X = np.array(list(_every_choice(found)))
        place = {tuple(y): k for k, y in enumerate(Y.tolist())}
        points = (np.rint(X).astype(np.int64) @ problem.costs.T).tolist()
        return Efficient(np.array([place[tuple(y)] for y in points]), X, False)
    deciding = sorted({decision.column for decision in problem.decisions})
    lists = [found.portfolios(y, MOST, deciding)[0] for y in Y]
    return Efficient(np.repeat(np.arange(len(Y)), [len(X) for X in lists]), np.vstack(lists), True)


def _paths(found: Ways) -> float:
    """How many paths lead to the points; rounded where they are beyond counting."""
    paths = np.ones(1)
    for edges in found.edges:
        paths = np.add.reduceat(paths[edges.parent], edges.first[:-1])
    return float(paths[list(found.ends.values())].sum())


def _every_choice(found: Ways) -> Iterator[Floats]:
    """A portfolio for every choice of a block that any path to a point takes.

    ``onward[k]`` holds, for each node after ``k`` blocks from which a point can be reached, the next node and choice.
    """
    last = len(found.edges)
    onward: list[dict[int, tuple[int, int]]] = [{} for _ in range(last + 1)]
    onward[last] = dict.fromkeys(found.ends.values(), (0, 0))
    taken: dict[tuple[int, int], tuple[int, int]] = {}
    for k in range(last, 0, -1):
        edges = found.edges[k - 1]
        for node in onward[k]:
            for edge in range(edges.first[node], edges.first[node + 1]):
                parent, choice = int(edges.parent[edge]), int(edges.pick[edge])
                onward[k - 1].setdefault(parent, (node, choice))
                taken.setdefault((k, choice), (parent, node))
    for (k, choice), (parent, node) in taken.items():
        picks = np.zeros((1, last), dtype=np.uint8)
        picks[0, k - 1] = choice
        for after in range(k, last):
            node, picks[0, after] = onward[after][node]
        for before in range(k - 1, 0, -1):
            edges = found.edges[before - 1]
            edge = edges.first[parent]
            parent, picks[0, before - 1] = int(edges.parent[edge]), edges.pick[edge]
        yield found.model.portfolios(picks)[0]


def deviating(
    problem: Problem, Y: Ints, claims: Sequence[Claim], clock: Clock, settle: Callable[[Claim, Floats | None], None]
) -> None:
    """Settle ``claims`` about a complete front ``Y`` ``(k, p)`` by solving, as far as ``clock`` allows.

    ``settle`` is told each claim that is settled: with a portfolio that bears it out, or with ``None`` if none does.
    """
    left: dict[Claim, set[tuple[int, ...]]] = {}
    full = Live(problem, clock)
    for i, claim in enumerate(claims):
        hunt = Hunt(part(problem, claim), full, Y, complete=True)
        found = hunt.run(clock.part(clock.left / (2 * (len(claims) - i))), one_by_one=False)
        if found.proved:
            settle(claim, found.x)
        else:
            left[claim] = set(map(tuple, np.array(hunt.ties).tolist()))
    ask: _Deviating | None = None
    for y in Y:
        point = tuple(y.tolist())
        while clock.left and any(point in points for points in left.values()):
            ask = ask or _Deviating(problem, list(left), clock)
            answer = ask.at(y)
            if answer.x is None and not answer.none:
                break
            for claim in list(left):
                if answer.x is not None and chosen(problem, answer.x, claim[0]) == claim[1]:
                    settle(claim, answer.x)
                    del left[claim]
                    ask = None
                elif answer.none:
                    left[claim].discard(point)
    for claim, points in left.items():
        if not points:
            settle(claim, None)


class _Deviating:
    """Questions for portfolios of a point that bear out at least one of several claims, as many as they can."""

    def __init__(self, problem: Problem, claims: Sequence[Claim], clock: Clock) -> None:
        count = np.zeros((1, len(problem.columns)), dtype=np.int64)
        for project, inside in claims:
            count[0, list(built(problem, project))] = -1 if inside else 1
        self.most = sum(not inside for _, inside in claims) - 1
        more = (*problem.objectives, Objective("as claimed", "min"))
        self.live = Live(replace(problem, objectives=more, C=np.vstack([problem.C, count])), clock)

    def at(self, y: Ints) -> Answer:
        weights = np.append(np.zeros(len(y)), 1.0)
        return self.live.ask(Query(weights, np.append(y, self.most).astype(np.float64)))
