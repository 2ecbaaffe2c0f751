"""Why a project is in a portfolio or not, and what would change that; every claim is a solved model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from instances.faults import did_you_mean
from models import formulate, portfolio_model
from models.amend import with_projects
from models.problem import Ints, Problem
from optimizer.certificate import Status
from optimizer.decide.explain.entry import AsItIs, Entry, cheapest_entry, plan_of
from optimizer.decide.explain.explanation import Explanation, Price, Rules, Swap
from optimizer.decide.explain.forced import forced
from optimizer.decide.explain.lifted import lifted
from optimizer.decide.explain.nearest import farness, nearest
from optimizer.decide.explain.offers import Offer, offers, without_quanta
from optimizer.decide.live import Clock, Live
from optimizer.decide.points import points
from optimizer.decide.representatives import compromise
from optimizer.decide.rules import in_words
from optimizer.decide.shortlist import Class
from optimizer.listing import Listing
from optimizer.verify import Auditor

if TYPE_CHECKING:
    from instances.region import Region
    from optimizer.front import Front

__all__ = ["explain"]

Told = Callable[[str], None]


def explain(
    region: Region,
    front: Front | Listing,
    project: str,
    portfolio: int | None = None,
    *,
    clock: Clock | None = None,
    tell: Told = lambda _: None,
) -> Explanation:
    """Explain why ``project`` is in a portfolio, or not, and what would change that.

    ``portfolio`` is its number in ``front``, by default the compromise. ``tell`` hears what is being solved. What the
    ``clock`` leaves no time for is declared open. Raises ``ValueError`` for an unknown project or portfolio, or if
    there is no portfolio at all.

    >>> from instances import read_region
    >>> from optimizer import solve
    >>> region = read_region("hamlet")
    >>> found = explain(region, solve(formulate(region)), "road")
    >>> found.inside, str(found.cls)
    (False, 'borderline')
    """
    listing = front if isinstance(front, Listing) else Listing.of(front, region)
    if not len(listing):
        raise ValueError("there is no portfolio to explain: " + listing.certificate.in_words())
    if project not in region.project:
        raise ValueError(f"no project is called {project}; {did_you_mean(project, list(region.project))}")
    if portfolio is None:
        row = compromise(listing)
    elif portfolio in listing.numbers:
        row = listing.numbers.index(portfolio)
    else:
        raise ValueError(f"there is no portfolio {portfolio}; the {len(listing)} are numbered from 1")
    return _Case(region, listing, project, row, clock or Clock(), tell).explain()


@dataclass
class _Case:
    """One project and one row of a listing. Points are in minimised quanta of ``problem``, which knows no lock."""

    region: Region
    listing: Listing
    project: str
    row: int
    clock: Clock
    tell: Told

    def __post_init__(self) -> None:
        self.goals = tuple(o.name for o in self.listing.objectives)
        own = self.region.project[self.project]
        self.locked = own.locked
        freed = tuple(p.model_copy(update={"locked": ""}) if p is own else p for p in self.region.projects)
        self.free = replace(without_quanta(self.region), projects=freed)
        self.problem = formulate(self.free, self.goals)
        self.Y = points(self.problem, self.listing)
        self.with_it = self.listing.starts[:, self.listing.projects.index(self.project)] > 0
        self.inside = bool(self.with_it[self.row])
        self.plan = self.listing.plan(self.row)
        self.ranges: Ints = np.maximum(np.ptp(self.Y, axis=0), 1)
        self.full = Live(self.problem, self.clock)
        self.complete = self.listing.certificate.status is Status.COMPLETE and not self.locked

    def explain(self) -> Explanation:
        found = self._facts()
        if not self.region.starts(self.region.project[self.project]):
            return replace(found, cls=Class.EXTERIOR, why="It cannot be completed within the periods.")
        self.tell("which efficient portfolios contain it")
        cls = self._class()
        self.tell("the nearest portfolio of the other kind")
        part = with_projects(self.problem, **{"outside" if self.inside else "inside": [self.project]})
        live = Live(part, self.clock)
        swap, impossible = self._swap(live, cls)
        found = replace(found, cls=cls, efficient=self._efficient(self.Y[self.row]), swap=swap, impossible=impossible)
        if not self.inside and cls is not Class.BORDERLINE:
            found = replace(found, prices=self._prices(cls), rules=self._rules())
        if not impossible:
            self.tell("what is missed if it is forced in or banned")
            missed = forced(live, self.Y, self.ranges, self.Y[self.with_it != self.inside])
            found = replace(found, forced=(missed.epsilon, missed.bound))
        return found

    def _facts(self) -> Explanation:
        """What needs no solver."""
        auditor = Auditor(self.region)
        if self.inside:
            plans = [{p: t for p, t in self.plan.items() if p != self.project}]
        else:
            starts = self.region.starts(self.region.project[self.project])
            plans = [{**self.plan, self.project: start} for start in starts] or [dict(self.plan)]
        broken = [tuple(auditor.broken(plan)) for plan in plans]
        best = min(range(len(plans)), key=lambda i: len(broken[i]))
        before, after = (auditor.values(plan, self.goals) for plan in (self.plan, plans[best]))
        return Explanation(
            region=self.region.settings.title or self.region.name,
            project=self.project,
            name=self.region.project[self.project].name,
            portfolio=self.listing.numbers[self.row],
            inside=self.inside,
            efficient=None,
            cls=None,
            listed=(int(self.with_it.sum()), len(self.listing)),
            locked=self.locked,
            broken=broken[best],
            change={goal: after[goal] - before[goal] for goal in self.goals},
            start=plans[best].get(self.project),
            swap=None,
            impossible=False,
            forced=None,
            prices=(),
            rules=None,
            values=dict(zip(self.goals, self.listing.values[self.row], strict=True)),
            units={o.name: o.unit for o in self.listing.objectives},
            titles={p.id: p.name for p in self.region.projects},
            certificate=self.listing.certificate,
        )

    def _class(self) -> Class | None:
        """Core, borderline or exterior among all efficient portfolios; ``None`` if that is not settled."""
        with_it = self._some(inside=True)
        without = self._some(inside=False)
        if with_it is None or without is None:
            return None
        if with_it:
            return Class.BORDERLINE if without else Class.CORE
        return Class.EXTERIOR if without else None

    def _some(self, *, inside: bool) -> bool | None:
        """Does some efficient portfolio contain the project, or lack it? ``None`` if that is not settled."""
        own = self.with_it == inside
        if self.complete and own.any():
            return True
        clock = self.clock.part(self.clock.left / 4)
        rivals = self.Y[~own]
        entry = cheapest_entry(AsItIs(self.problem), self.project, rivals, clock, inside=inside, complete=self.complete)
        return None if not entry.proved and entry.steps is None else entry.steps is not None

    def _efficient(self, y: Ints) -> bool | None:
        """Is the point that of an efficient portfolio?"""
        better = self.full.efficient(y)
        if better.y is None:
            return None
        return False if not np.array_equal(better.y, y) else better.proved or None

    def _swap(self, live: Live, cls: Class | None) -> tuple[Swap | None, bool]:
        """The nearest portfolio of the other kind, an efficient one if there is any; whether there is none at all."""
        target = self.Y[self.row]
        found = nearest(live, target, self.ranges)
        if found.x is None or found.y is None or found.epsilon is None:
            return None, found.proved
        plan: Mapping[str, int] = plan_of(live.problem, found.x)
        y = found.y
        efficient = self._efficient(y)
        if efficient is False and cls is Class.BORDERLINE:
            listed = self._listed_swap(live, found.epsilon)
            plan, y, efficient = (plan, y, False) if listed is None else (*listed, True)
        values = own_values(self.problem, y)
        signs = {o.name: 1 if o.sense == "max" else -1 for o in self.listing.objectives}
        mine = dict(zip(self.goals, self.listing.values[self.row], strict=True))
        swap = Swap(
            plan=plan,
            values=values,
            worse={goal: signs[goal] * (mine[goal] - values[goal]) for goal in self.goals},
            epsilon=found.epsilon,
            leaves=tuple(p for p in self.plan if p not in plan),
            joins=tuple(p for p in plan if p not in self.plan),
            moves=tuple(p for p, t in plan.items() if self.plan.get(p, t) != t),
            efficient=efficient,
            proved=found.proved,
        )
        return swap, False

    def _listed_swap(self, live: Live, least: Fraction) -> tuple[Mapping[str, int], Ints] | None:
        """The nearest portfolio of the other kind at an efficient listed point; none is nearer than ``least``."""
        target = self.Y[self.row]
        far = [farness(y, target, self.ranges) for y in self.Y]
        for row in sorted((row for row in range(len(far)) if far[row] >= least), key=lambda row: far[row]):
            if not (self.complete or self._efficient(self.Y[row])):
                continue
            if self.with_it[row] != self.inside:
                return self.listing.plan(row), self.Y[row]
            if (tie := live.efficient(self.Y[row])).x is not None:
                return plan_of(live.problem, tie.x), self.Y[row]
            if not self.clock.left:
                return None
        return None

    def _prices(self, cls: Class | None) -> tuple[Price, ...]:
        every = list(offers(self.free, self.project, self.goals, self.problem))
        prices = []
        for left, offer in enumerate(every):
            self.tell(f"price of entry: {offer.figure}")
            clock = self.clock.part(self.clock.left / (len(every) - left + 2))
            prices.append(self._price(offer, clock, cls))
        return tuple(prices)

    def _price(self, offer: Offer, clock: Clock, cls: Class | None) -> Price:
        try:
            rivals = points(offer.problem(0), self.listing)[~self.with_it]
            entry = cheapest_entry(
                offer, self.project, rivals, clock, complete=self.complete, outside=cls is Class.EXTERIOR
            )
        except ValueError as error:
            entry = Entry(None, {}, None, None, False, str(error))
        steps = entry.steps
        return Price(
            kind=offer.kind.value,
            figure=str(offer.figure),
            unit=offer.unit,
            now=offer.value,
            step=abs(offer.step),
            amount=None if steps is None else offer.amount(steps),
            after=None if steps is None else offer.value + offer.step * steps,
            limit=offer.amount(offer.most),
            proved=entry.proved,
            open=entry.open,
        )

    def _rules(self) -> Rules:
        self.tell("rules that keep it out")
        forbidden = [f.rule for f in portfolio_model(self.free, self.goals).forbidden if f.project == self.project]
        clock = self.clock.part(self.clock.left * 2 / 3)
        found = lifted(self.problem, self.project, forbidden, self.Y[~self.with_it], clock)
        words = {rule: rule.replace("[", ": ", 1).replace("]", "", 1) for rule in forbidden}
        sets = tuple(tuple(words.get(rule) or in_words(self.region, rule) for rule in s) for s in found.sets)
        return Rules(sets, found.proved, found.open)


def own_values(problem: Problem, y: Ints) -> Mapping[str, Fraction]:
    """The objectives at ``y`` ``(p,)`` in their own units and senses."""
    return {
        o.name: o.value(int(-count if o.sense == "max" else count))
        for o, count in zip(problem.objectives, y, strict=True)
    }
