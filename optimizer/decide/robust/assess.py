"""Assess: solve every world, let every listed portfolio stand in each, and draw what it may cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from instances.worlds import over_worlds
from optimizer.decide.live import Clock
from optimizer.decide.robust.answer import Robustness, Sturdy, WorldFacts
from optimizer.decide.robust.costs import Costs
from optimizer.decide.robust.outlook import outlook
from optimizer.decide.robust.overruns import overruns
from optimizer.decide.robust.stands import Solved, Solver, stands
from optimizer.listing import Listing

if TYPE_CHECKING:
    from instances.region import Region
    from instances.worlds import World

__all__ = ["assess_robustness"]

SAMPLES = 16384
TAIL = Fraction(1, 4)


def assess_robustness(
    region: Region,
    listing: Listing,
    worlds: Sequence[World],
    solver: Solver,
    *,
    costs: Costs | None = None,
    samples: int = SAMPLES,
    seed: int = 0,
    tail: Fraction = TAIL,
    clock: Callable[[], Clock] = Clock,
    told: Callable[[str], None] = lambda _: None,
) -> Robustness:
    """What becomes of the portfolios of ``listing``, a front of ``region``, in other worlds and at other costs.

    Portfolios that are on the front of another world only are judged beside them: a portfolio that leaves room for
    less money is efficient nowhere else.

    ``solver`` gives the front of a world for the same objectives, and is asked for each of ``worlds``
    (:func:`instances.worlds.worlds`); a single world asks nothing of it. ``clock`` starts a clock for the live
    questions of a world; once it has no time left at the start, the worlds that follow are left out. Costs are drawn if
    some are uncertain; ``tail`` is the share of worst worlds that :class:`Outlook` averages over.

    Raises ``ValueError`` if there is no portfolio, or an objective that speaks of all worlds at once.
    """
    if not len(listing):
        raise ValueError("there is no portfolio to judge: " + listing.certificate.in_words())
    weighed = {indicator for objective in listing.objectives for indicator in region.goals[objective.name].weights}
    if len(worlds) > 1 and (both := sorted(weighed & over_worlds(region).keys())):
        raise ValueError(
            f"an objective counts {both[0]}, which speaks of all worlds at once and of none alone; judge a front whose "
            f"objectives count {over_worlds(region)[both[0]][0]} in each world"
        )
    plans = [listing.plan(row) for row in range(len(listing))]
    yardstick = [listing.range(k) for k in range(len(listing.objectives))]
    solved: list[Solved] = []
    for world in worlds if len(worlds) > 1 else ():
        if not clock().left:
            break
        told(world.name)
        solved.append(solver(world))
    names = [str(number) for number in listing.numbers]
    for w, there in enumerate(solved):
        for row in range(len(there.listing)):
            if (plan := there.listing.plan(row)) not in plans:
                plans.append(plan)
                names.append(f"w{w}.{row + 1}")
    columns = [stands(there, plans, yardstick, clock()) for there in solved]
    facts = [WorldFacts(s.world.name, s.world.probability, s.world.changed, s.certificate) for s in solved]
    money = None
    if costs is not None and costs.projects and region.budgets:
        told("costs")
        money = overruns(region, plans, costs, samples=samples, seed=seed)
    weights = _weights(facts)
    portfolios = []
    for row, plan in enumerate(plans):
        own_stands = tuple(column[row] for column in columns)
        outlooks = {
            objective.name: outlook([stand.values[k] for stand in own_stands], weights, objective.sense, tail)
            for k, objective in enumerate(listing.objectives)
            if own_stands
        }
        found = None if money is None else money[row]
        portfolios.append(Sturdy(names[row], row < len(listing), plan, own_stands, outlooks, found))
    drawn = money[0].any.samples if money else 0
    left_out = tuple(world.name for world in worlds[len(facts) :]) if len(worlds) > 1 else ()
    return Robustness(
        listing.objectives, tuple(facts), tuple(portfolios), costs, drawn, tail, listing.certificate, left_out
    )


def _weights(facts: Sequence[WorldFacts]) -> list[Fraction]:
    """The chances of the worlds that were looked at, made to add up to 1."""
    total = sum((world.probability for world in facts), Fraction(0))
    if not total:
        return [Fraction(1, len(facts)) for _ in facts]
    return [world.probability / total for world in facts]
