"""Budget: can the funds pay, period by period, for what the plan spends?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from instances.region import Region
from instances.schema import Project
from optimizer.verify.grants import Grants
from optimizer.verify.overruns import Overruns
from optimizer.verify.plan import Plan, Use
from optimizer.verify.sums import Sums
from optimizer.verify.transport import Shortfall, payments, shortfalls
from optimizer.verify.words import figure, listed, listed_periods

__all__ = ["Budget"]

Need = tuple[tuple[str, ...], int]
"""Funds that may pay, and the period."""


class Budget:
    """Spending of each period ≤ money of the funds that may pay, with carry-over.

    A project that starts in ``s`` spends ``c·q/d`` in each of the periods ``s .. s+d-1`` and ``o·q`` in each later one,
    up to the last. Money of a fund and period is spent there, or later while every row from there on has carry-over.
    ``grants`` tells what grants add to it under a plan; without one there are none. The same holds with overruns, where
    the policy asks for it (:mod:`optimizer.verify.overruns`).
    """

    def __init__(self, region: Region, grants: Grants | None = None) -> None:
        self._grants = grants
        self._on = bool(region.budgets)
        categories = {row.fund: frozenset(row.categories) for row in region.budgets}
        payers = {
            p.id: tuple(f for f, kinds in categories.items() if not kinds or kinds.intersection(p.category))
            for p in region.projects
        }
        spending = [
            ((p.id, start), (payers[p.id], period), amount)
            for p in region.projects
            for start in range(1, region.periods + 1)
            for period, amount in _spending(p, start, region.periods)
        ]
        rows = {(row.fund, row.period): row for row in region.budgets if row.period <= region.periods}
        amounts_of = {cell: Fraction(row.amount) for cell, row in rows.items()}
        for fund, period in grants.cells if grants else ():
            if fund in categories and period <= region.periods:
                amounts_of.setdefault((fund, period), Fraction(0))
        self._pots, amounts = list(amounts_of), list(amounts_of.values())
        self._spent: Sums[Need] = Sums(spending, also=[*amounts, *(grants.figures if grants else ())])
        self._money = [self._spent.whole(amount) for amount in amounts]
        needs = {need for _, need, _ in spending}
        # In the order of time and the narrower first, the first distribution that is tried is nearly always good.
        self._needs = sorted(needs, key=lambda need: (need[1], len(need[0]), need[0]))
        self._may_pay = [
            [
                position
                for position, (fund, period) in enumerate(self._pots)
                if fund in funds
                and period <= now
                and all((fund, t) in rows and rows[fund, t].carry_over for t in range(period, now))
            ]
            for funds, now in self._needs
        ]
        reach = {n: [self._pots[i] for i in may] for n, may in zip(self._needs, self._may_pay, strict=True)}
        self._overruns = Overruns(region, payers, reach)

    def broken(self, plan: Plan) -> Iterator[str]:
        if not self._on:
            return
        needs, money = self._needs_and_money(plan)
        lacking = shortfalls(needs, money, self._may_pay)
        for shortfall in lacking:
            yield self._sentence(shortfall, needs, money)
        if self._overruns.on and not lacking:
            spent = dict(zip(self._needs, map(self._spent.exact, needs), strict=True))
            there = dict(zip(self._pots, map(self._spent.exact, money), strict=True))
            yield from self._overruns.broken(plan, spent, there)

    def uses(self, plan: Plan) -> dict[str, Use]:
        """Money of each fund and period, by one of the ways to pay: earlier needs first, the narrower fund first."""
        if not self._on:
            return {}
        needs, money = self._needs_and_money(plan)
        exact = self._spent.exact
        return {
            f"budget {fund}, period {period}": (exact(spent), exact(there))
            for (fund, period), spent, there in zip(
                self._pots, payments(needs, money, self._may_pay), money, strict=True
            )
        }

    def _needs_and_money(self, plan: Plan) -> tuple[list[int], list[int]]:
        spent = self._spent(plan.items())
        needs, money = [spent[need] for need in self._needs], self._money
        if self._grants:
            granted = self._grants.money(plan)
            money = [
                there + self._spent.whole(granted.get(pot, Fraction(0)))
                for pot, there in zip(self._pots, money, strict=True)
            ]
        return needs, money

    def _sentence(self, shortfall: Shortfall, needs: list[int], money: list[int]) -> str:
        needed = self._spent.exact(sum(needs[i] for i in shortfall.needs))
        there = self._spent.exact(sum(money[j] for j in shortfall.money))
        wanted = {fund for i in shortfall.needs for fund in self._needs[i][0]}
        funds = list(dict.fromkeys(fund for fund, _ in self._pots if fund in wanted))
        who = f"fund{'s' * (len(funds) > 1)} {listed(funds)}" if funds else "no fund may pay"
        when = listed_periods({self._needs[i][1] for i in shortfall.needs})
        return (
            f"budget: {who}, {when}: {figure(needed)} needed, {figure(there)} available "
            f"({figure(needed - there)} too much)"
        )


def _spending(project: Project, start: int, periods: int) -> Iterator[tuple[int, Fraction]]:
    """Period and amount of all that ``project`` spends within the horizon if it starts in ``start``."""
    share = Fraction(project.public_share)
    done = start + project.duration
    for period in range(start, periods + 1):
        if period < done:
            yield period, Fraction(project.capital_cost) * share / project.duration
        else:
            yield period, Fraction(project.operating_cost) * share
