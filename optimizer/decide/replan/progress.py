"""Progress: what has become of an adopted plan after its first periods, and what it has spent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import ceil, floor, lcm
from typing import TYPE_CHECKING

from optimizer.exact import counted
from optimizer.verify import Auditor
from optimizer.verify.grants import Grants
from optimizer.verify.transport import shares

if TYPE_CHECKING:
    from instances.region import Region
    from instances.schema import Project

__all__ = ["Progress", "Started", "progress", "rounded"]

FINER = 2
"""Decimals beyond those of a figure that a part of it may have; costs are rounded up, money that is left down."""


@dataclass(frozen=True)
class Started:
    """A project that was begun: ``spent`` of its capital cost, ``remaining`` cost and periods (0: it is completed)."""

    project: str
    start: int
    spent: Fraction
    remaining: Decimal
    periods: int

    @property
    def completed(self) -> bool:
        return not self.periods


@dataclass(frozen=True)
class Progress:
    """An adopted plan after ``done`` periods. ``left``: fund to the money that it takes along, below 0 if overspent."""

    plan: Mapping[str, int]
    done: int
    started: Mapping[str, Started]
    left: Mapping[str, Fraction]

    @property
    def waiting(self) -> dict[str, int]:
        """The projects of the plan that are to start later, with their starts counted from the next period."""
        return {project: start - self.done for project, start in self.plan.items() if start > self.done}


def progress(
    region: Region, plan: Mapping[str, int], done: int, spent: Mapping[str, Decimal] | None = None
) -> Progress:
    """How far ``plan`` (project to start period) has come after the first ``done`` periods of ``region``.

    ``spent`` is what was paid for projects until then, of their whole capital cost; where nothing is said, what the
    plan said: equal parts in each period of building. Money that a fund may carry over is taken along. Where
    several funds may pay, they have paid so that the rest of the plan can be paid as well, if that is possible.

    Raises ``ValueError`` if ``done`` is not within the periods, if money was spent on what was not begun, or if an
    unfinished project has spent all that it was to cost.
    """
    if not 1 <= done < region.periods:
        raise ValueError(
            f"{done} periods are done of {region.periods}; at least one must be, and at least one be left to plan for"
        )
    spent = dict(spent or {})
    if strange := [p for p in spent if not 1 <= plan.get(p, 0) <= done]:
        over = counted(done, "period")
        raise ValueError(f"money was spent on {', '.join(strange)}, which the plan does not begin in the {over} done")
    started = {
        name: _started(region.project[name], start, done, spent.get(name))
        for name, start in plan.items()
        if start <= done
    }
    return Progress(dict(plan), done, started, _left(region, plan, done, started))


def _started(project: Project, start: int, done: int, spent: Decimal | None) -> Started:
    built = min(project.duration, done - start + 1)
    periods = project.duration - built
    cost = Fraction(project.capital_cost)
    paid = cost * built / project.duration if spent is None else Fraction(spent)
    if paid < 0:
        raise ValueError(f"project {project.id}: {spent} cannot have been spent")
    if periods and cost and paid >= cost:
        raise ValueError(
            f"project {project.id} has spent {spent} of {project.capital_cost} and is not finished: give its new cost "
            "in the region of the next period"
        )
    remaining = rounded(max(cost - paid, Fraction(0)), project.capital_cost, up=True) if periods else Decimal(0)
    return Started(project.id, start, paid, remaining, periods)


def _left(region: Region, plan: Mapping[str, int], done: int, started: Mapping[str, Started]) -> dict[str, Fraction]:
    """Money of the periods that are over which the next period may use; what was overspent is below 0."""
    rows = {(row.fund, row.period): row for row in region.budgets}
    categories = {row.fund: frozenset(row.categories) for row in region.budgets}
    auditor = Auditor(region)
    granted = Grants(region, lambda whole, _: auditor.indicators(whole)).money(plan) if region.grants else {}
    cells = [cell for cell in product(categories, range(1, region.periods + 1)) if cell in rows or cell in granted]
    amounts = [Fraction(rows[c].amount if c in rows else 0) + granted.get(c, Fraction(0)) for c in cells]
    needs: dict[tuple[int, tuple[str, ...]], Fraction] = {}
    for name, start in plan.items():
        project = region.project[name]
        own = tuple(f for f, kinds in categories.items() if not kinds or kinds & set(project.category))
        for period, due in enumerate(_due(project, start, done, started.get(name), region.periods), start):
            if own:
                needs[period, own] = needs.get((period, own), Fraction(0)) + due * Fraction(project.public_share)
    order = sorted(needs, key=lambda need: (need[0], len(need[1]), need[1]))
    may_pay = [
        [i for i, (fund, t) in enumerate(cells) if fund in own and _kept(rows, fund, t, now)] for now, own in order
    ]
    scale = lcm(*(figure.denominator for figure in (*amounts, *needs.values())))
    paid = shares([int(needs[n] * scale) for n in order], [int(a * scale) for a in amounts], may_pay)
    used = [0] * len(cells)
    for (period, _), parts in zip(order, paid, strict=True):
        for position, part in parts.items() if period <= done else ():
            used[position] += part
    left: dict[str, Fraction] = {}
    for (fund, t), amount, spent in zip(cells, amounts, used, strict=True):
        rest = amount - Fraction(spent, scale)
        if t <= done and (rest < 0 or (rest > 0 and _kept(rows, fund, t, done + 1))):
            left[fund] = left.get(fund, Fraction(0)) + rest
    return left


def _due(project: Project, start: int, done: int, begun: Started | None, periods: int) -> Iterator[Fraction]:
    """What the project costs in each period from ``start`` on: what was spent, then what remains, then running it."""
    cost = Fraction(project.capital_cost) / project.duration
    built = min(project.duration, done - start + 1)
    for period in range(start, periods + 1):
        if period >= start + project.duration:
            yield Fraction(project.operating_cost)
        elif begun is None:
            yield cost
        else:
            yield begun.spent / built if period <= done else Fraction(begun.remaining) / begun.periods


def _kept(rows: Mapping[tuple[str, int], object], fund: str, earned: int, now: int) -> bool:
    """May money that a fund had in the period ``earned`` be spent in ``now``?"""
    return earned <= now and all(getattr(rows.get((fund, t)), "carry_over", False) for t in range(earned, now))


def rounded(value: Fraction, like: Decimal, *, up: bool) -> Decimal:
    """``value`` with two decimals more than ``like``, rounded up or down; exact where so many suffice.

    >>> rounded(Fraction(10, 3), Decimal("5"), up=True), rounded(Fraction(5, 2), Decimal("5"), up=False)
    (Decimal('3.34'), Decimal('2.5'))
    """
    places = max(0, -int(like.normalize().as_tuple().exponent)) + FINER
    whole = (ceil if up else floor)(value * 10**places)
    return (Decimal(whole) / 10**places).normalize() if whole else Decimal(0)
