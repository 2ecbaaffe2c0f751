"""Overruns: how probable it is that a portfolio costs more than its funds can pay, by quasi-Monte Carlo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from models.funds import Demand, Funds
from models.problem import Floats
from optimizer.decide.robust.costs import Costs
from optimizer.verify import Auditor
from optimizer.verify.grants import Grants

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["Chance", "Overrun", "Overruns", "overruns"]

MOST_GROUPS = 2000
ROUNDING = 1e-9
"""What sums of doubles may be off by, as a share of the money; so much more than the money is no overrun."""
SAFE = 0.8
"""The share of worlds for which ``safe`` money is enough."""


@dataclass(frozen=True)
class Chance:
    """An estimated probability and its standard error; ``samples`` points were drawn.

    The error is the spread of :data:`REPLICATIONS` independent means over the root of their number. Where no point, or
    every point, is hit, it says nothing, and :attr:`bound` is the three of ``3 / samples`` that would be missed in one
    of twenty draws.
    """

    value: float
    error: float
    samples: int

    @classmethod
    def of(cls, hit: Floats | Any) -> Chance:
        """From what was hit: ``(REPLICATIONS, points)``, true or false."""
        means = np.asarray(hit, dtype=np.float64).mean(axis=1)
        return cls(float(means.mean()), float(means.std(ddof=1) / np.sqrt(len(means))), int(np.size(hit)))

    @property
    def bound(self) -> float:
        """Half of the 95 % interval: two standard errors, or ``3 / samples`` where nothing or everything was hit."""
        return 3 / self.samples if self.value in (0.0, 1.0) else max(2 * self.error, 1 / self.samples)

    def in_words(self) -> str:
        """``23.4 % ± 0.2``, ``below 0.1 %``.

        >>> Chance(0.2341, 0.0009, 16384).in_words(), Chance(0.0, 0.0, 16384).in_words()
        ('23.4 % ± 0.2', 'below 0.1 %')
        """
        near = max(0.1, np.ceil(self.bound * 1000) / 10)
        if self.value == 0.0:
            return f"below {near:.1f} %"
        if self.value == 1.0:
            return f"above {100 - near:.1f} %"
        return f"{100 * self.value:.1f} % ± {near:.1f}"

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "standard_error": self.error, "samples": self.samples}


@dataclass(frozen=True)
class Overrun:
    """A fund, or funds that share projects, up to a period: money that is there, planned spending, chance, need.

    ``certain``: no uncertain project bears on it, so the chance is 0 or 1 and exact. ``mean``: the mean of what is
    lacking where it is lacking. ``safe``: the money that would do in 8 of 10 cases.
    """

    budget: str
    money: Fraction
    planned: Fraction
    chance: Chance
    certain: bool
    mean: float
    safe: float


@dataclass(frozen=True)
class Overruns:
    """The budgets of one portfolio, and the chance that any of them is overrun.

    ``whole``: all groups of funds were looked at, so that without an overrun the money can be shared out (Gale 1957);
    if not, the chance is at least that high.
    """

    any: Chance
    budgets: tuple[Overrun, ...]
    whole: bool

    @property
    def worst(self) -> Overrun | None:
        """The budget that is most often overrun."""
        return max(self.budgets, key=lambda one: one.chance.value, default=None)


def overruns(
    region: Region, plans: Sequence[Mapping[str, int]], costs: Costs, *, samples: int = 16384, seed: int = 0
) -> list[Overruns]:
    """For each plan (project to start period), how probable it is that its budgets are overrun.

    Formula: the share of cost draws with ``Σ spending within reach of the money > Σ money``, for each fund and group of
    funds that share projects (as the rows of :mod:`models.mechanisms.budget`). Capital costs vary, running costs and
    grants are as planned.
    """
    return _Money(region).all(plans, costs, costs.draw(samples, seed))


class _Money:
    def __init__(self, region: Region) -> None:
        self.region, self.funds = region, Funds.of(region)
        auditor = Auditor(region)
        self.grants = Grants(region, lambda plan, _: auditor.indicators(plan)) if region.grants else None
        self.payers = {p.id: self.funds.payers(p) for p in region.projects}

    def all(self, plans: Sequence[Mapping[str, int]], costs: Costs, drawn: Floats) -> list[Overruns]:
        return [self.one(plan, costs, drawn) for plan in plans]

    def one(self, plan: Mapping[str, int], costs: Costs, drawn: Floats) -> Overruns:
        spending = self._spending(plan)
        groups = self.funds.groups(spending, most=MOST_GROUPS)
        whole = groups is not None
        if groups is None:
            groups = list(dict.fromkeys(self.funds.reach(demand) for demand in sorted(spending)))
        granted = self.grants.money(plan) if self.grants else {}
        place = {project: j for j, project in enumerate(costs.projects)}
        found, missed = [], np.zeros(drawn.shape[:2], dtype=bool)
        for group in groups:
            money = self.funds.amount(group) + sum((granted.get(cell, Fraction(0)) for cell in group), Fraction(0))
            within = [part for demand, part in spending.items() if self.funds.reach(demand) <= group]
            fixed = sum((f for part in within for f, _ in part.values()), Fraction(0))
            varying: dict[str, Fraction] = defaultdict(Fraction)
            for part in within:
                for project, (_, capital) in part.items():
                    varying[project] += capital
            planned = fixed + sum(varying.values(), Fraction(0))
            uncertain = {project: capital for project, capital in varying.items() if project in place and capital}
            sure = planned - sum(uncertain.values(), Fraction(0))
            if not uncertain:
                over = np.full(drawn.shape[:2], planned > money)
                need, certain = np.full(drawn.shape[:2], float(planned)), True
            else:
                columns = [place[project] for project in uncertain]
                need = float(sure) + drawn[:, :, columns] @ np.array([float(c) for c in uncertain.values()])
                over, certain = need > float(money) * (1 + ROUNDING), False
            missed |= over
            lacking = float((need[over] - float(money)).mean()) if over.any() else 0.0
            safe = float(np.quantile(need, SAFE))
            name = self.funds.words(group)
            found.append(Overrun(name, money, planned, Chance.of(over), certain, lacking, safe))
        return Overruns(Chance.of(missed), tuple(found), whole)

    def _spending(self, plan: Mapping[str, int]) -> dict[Demand, dict[str, tuple[Fraction, Fraction]]]:
        """Demand to project to what it spends there for sure, and of its capital cost."""
        found: dict[Demand, dict[str, tuple[Fraction, Fraction]]] = defaultdict(dict)
        for name, start in plan.items():
            project, payers = self.region.project[name], self.payers[name]
            share, done = Fraction(project.public_share), start + project.duration
            for period in range(start, self.region.periods + 1) if payers else ():
                building = period < done
                capital = Fraction(project.capital_cost) * share / project.duration if building else Fraction(0)
                running = Fraction(0) if building else Fraction(project.operating_cost) * share
                if capital or running:
                    found[Demand(period, payers)][name] = (running, capital)
        return found
