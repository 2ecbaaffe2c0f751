"""The growth-only plan beside a plan: from a run, or by a few solves where there is none."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from models import formulate
from optimizer.decide.beside import Beside, growth_goal
from optimizer.engines.highs import Highs
from optimizer.engines.query import Outcome, Query, Verdict
from optimizer.listing import Listing

if TYPE_CHECKING:
    from instances.region import Region
    from models.problem import Floats, Problem

__all__ = ["beside_of", "beside_of_run"]


def beside_of_run(region: Region, listing: Listing) -> Beside:
    """The listed portfolio that is best in growth (ties: in the next objectives), and the best and worst listed values.

    Raises ``ValueError`` if nothing is listed or growth was not compared.
    """
    goals = [objective.name for objective in listing.objectives]
    if not len(listing) or growth_goal(region) not in goals:
        raise ValueError("the growth-only plan needs a run with portfolios that compared growth")
    k = goals.index(growth_goal(region))
    row = max(range(len(listing)), key=lambda row: tuple(_up(listing, j, row) for j in [k, *range(len(goals))]))
    best = {name: listing.values[listing.best(j)][j] for j, name in enumerate(goals)}
    worst = {
        name: (min if listing.objectives[j].sense == "max" else max)(listing.column(j)) for j, name in enumerate(goals)
    }
    words = f"Best and worst are those of the run's {len(listing)} portfolios."
    return Beside(listing.plan(row), best, worst, f"{words} {listing.certificate.in_words()}")


def _up(listing: Listing, objective: int, row: int) -> Fraction:
    value = listing.values[row][objective]
    return value if listing.objectives[objective].sense == "max" else -value


def beside_of(region: Region, seconds: float = 10.0) -> Beside | None:
    """The best plan of each objective by itself, ties broken by the others; ``None`` if no plan was found.

    Two solves an objective: its optimum, then the best sum of the others (each by its quantum) that keeps it. Each may
    take ``seconds``; ``basis`` says which optimum is not proved.
    """
    problem = formulate(region)
    solver = Highs(problem)
    points: dict[str, Floats] = {}
    unproved = []
    for k, objective in enumerate(problem.objectives):
        outcome = _alone(solver, problem, k, seconds)
        if outcome.x is None:
            return None
        points[objective.name] = outcome.x
        if outcome.verdict is not Verdict.OPTIMAL:
            unproved.append(objective.name)
    counts = problem.evaluate(np.array(list(points.values())))
    best, worst = {}, {}
    for k, objective in enumerate(problem.objectives):
        values = [objective.value(int(count)) for count in counts[:, k]]
        best[objective.name], worst[objective.name] = (
            (max(values), min(values)) if objective.sense == "max" else (min(values), max(values))
        )
    chosen = points[growth_goal(region)]
    plan = {d.project: d.period for d in problem.decisions if chosen[d.column] > 0.5}
    basis = "Best and worst are those of the plans that are best in one objective"
    open_ones = f"; not proved within {seconds:g} s a solve: {', '.join(unproved)}" if unproved else ", each proved"
    return Beside(plan, best, worst, f"{basis}{open_ones}.")


def _alone(solver: Highs, problem: Problem, k: int, seconds: float) -> Outcome:
    p = len(problem.objectives)
    caps = np.full(p, np.inf)
    first = solver.minimize(Query(np.eye(p)[k], caps, seconds=seconds))
    if first.x is None or first.y is None:
        return first
    caps[k] = first.y[k]
    weights = np.ones(p)
    second = solver.minimize(Query(weights, caps, start=first.x, seconds=seconds))
    if second.x is None:
        return first
    return Outcome(first.verdict, second.x, second.y, first.bound)
