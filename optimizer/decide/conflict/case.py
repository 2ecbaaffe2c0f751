"""A region with wishes as a set of rules, each of which can be in force or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from instances.settings import Goal
from models.amend import Wish, built, reaching, with_rows
from models.formulate import compile_draft
from models.portfolio import draft_portfolio
from models.problem import Floats, Problem
from optimizer.decide.rule_words import named
from optimizer.decide.rules import Rule, Rulebook, is_rule
from optimizer.exact import exact_text
from optimizer.verify import Auditor

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["AIM", "BAN", "PIN", "Case", "System"]

AIM, PIN, BAN = "aim", "pin", "ban"
SIGNS = {"at least": ">=", "at most": "<="}
ROW_TOLERANCE = 1e-6
"""Rows hold whole numbers; only continuous columns ever miss one by less."""
COUNT = "number of projects"
"""Objective of a model where nobody has an aim; what is not asked for is not formulated."""


@dataclass(frozen=True)
class Case:
    """What is asked for at once: the rules of a region and wishes on top of them.

    ``aims`` are (objective, ``at least`` or ``at most``) to a value in the objective's own unit; ``pins`` are projects
    that must be chosen, ``bans`` those that must not be.
    """

    region: Region
    aims: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)
    pins: tuple[str, ...] = ()
    bans: tuple[str, ...] = ()

    @property
    def goals(self) -> tuple[str, ...]:
        """The objectives that somebody has an aim for."""
        return tuple(dict.fromkeys(goal for goal, _ in self.aims))

    @cached_property
    def book(self) -> Rulebook:
        return Rulebook(self.region)

    @cached_property
    def _auditor(self) -> Auditor:
        return Auditor(self.region)

    def words(self, rule: Rule) -> str:
        """The rule as a sentence, with its figures."""
        if rule.table == AIM:
            goal, side = rule.key
            unit = self.region.goals[goal].unit
            return f"you want {goal} {side} {exact_text(self.aims[goal, side])} {unit}".strip()
        if rule.table in (PIN, BAN):
            return f"you want {named(self.region, *rule.key)} {'in' if rule.table == PIN else 'not in'} the portfolio"
        return self.book.words(rule)

    def broken(self, plan: Mapping[str, int]) -> list[str]:
        """A sentence for each rule and wish that ``plan`` breaks, added up anew from the tables."""
        broken = list(self._auditor.broken(plan))
        values = self._auditor.values(plan, [goal for goal, _ in self.aims])
        for (goal, side), bound in self.aims.items():
            if values[goal] < bound if side == "at least" else values[goal] > bound:
                broken.append(f"aim: {goal} is {exact_text(values[goal])}, not {side} {exact_text(bound)}")
        broken += [f"pin: {project} is not chosen" for project in self.pins if project not in plan]
        broken += [f"ban: {project} is chosen" for project in self.bans if project in plan]
        return broken


class System:
    """The model of a case with every rule as a switch.

    What is left without any rule: every project may start once, and every column means what it means.

    >>> from instances import read_region
    >>> hamlet = read_region("hamlet")
    >>> system = System(Case(hamlet, pins=("road",)))
    >>> [str(rule) for rule in system.rules][:3]
    ['budgets[county]', 'budgets[culture]', 'relations[park needs the road]']
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        draft = draft_portfolio(_counted(case.region), case.goals or (COUNT,))
        problem, book = compile_draft(draft), case.book
        self._lower: dict[Rule, list[int]] = defaultdict(list)
        self._upper: dict[Rule, list[int]] = defaultdict(list)
        owners: list[tuple[Rule, ...]] = [book.behind(row) if is_rule(row) else () for row in problem.rows]
        for forbidden in draft.forbidden:
            rule = book.forbidding(forbidden.project, forbidden.rule)
            self._upper[rule] += built(problem, forbidden.project)
        for project in case.region.projects:
            if project.locked == "out":
                self._upper[Rule("locked", (project.id,))] += built(problem, project.id)
        for j in np.flatnonzero(problem.lower[[d.column for d in problem.decisions]] > 0):
            self._lower[Rule("locked", (problem.decisions[j].project,))].append(problem.decisions[j].column)
        problem, owners = self._wished(problem, owners)
        columns = [decision.column for decision in problem.decisions]
        lower, upper = problem.lower.copy(), problem.upper.copy()
        lower[columns], upper[columns] = 0.0, 1.0
        #: The model without any rule in force has no objective: any portfolio will do.
        self.problem = replace(problem, lower=lower, upper=upper, C=np.zeros_like(problem.C))
        self._owners = owners
        found = [*(rule for row in owners for rule in row), *self._lower, *self._upper]
        self.rules: tuple[Rule, ...] = tuple(dict.fromkeys(found))

    def _wished(self, problem: Problem, owners: list[tuple[Rule, ...]]) -> tuple[Problem, list[tuple[Rule, ...]]]:
        case = self.case
        owners = list(owners)
        for (goal, side), bound in case.aims.items():
            problem = reaching(problem, {goal: (bound, None) if side == "at least" else (None, bound)})
            owners.append((Rule(AIM, (goal, side)),))
        for project in case.pins:
            problem = with_rows(problem, [Wish(f"wish[{project} inside]", built(problem, project), 1.0)])
            owners.append((Rule(PIN, (project,)),))
        for project in case.bans:
            self._upper[Rule(BAN, (project,))] += built(problem, project)
        return problem, owners

    def under(self, rules: Collection[Rule]) -> Problem:
        """The model with these rules in force and no others; those that it does not know change nothing."""
        active = frozenset(rules)
        off = [i for i, row in enumerate(self._owners) if not active.issuperset(row)]
        row_lower, row_upper = self.problem.row_lower.copy(), self.problem.row_upper.copy()
        row_lower[off], row_upper[off] = -np.inf, np.inf
        lower, upper = self.problem.lower.copy(), self.problem.upper.copy()
        for rule in active:
            upper[self._upper.get(rule, [])] = 0.0
        forced = [j for rule in active for j in self._lower.get(rule, ())]
        crossed = [j for j in forced if upper[j] == 0.0]
        lower[[j for j in forced if upper[j] > 0.0]] = 1.0
        kept = [i for i in range(len(self._owners)) if np.isfinite(row_lower[i]) or np.isfinite(row_upper[i])]
        problem = replace(
            self.problem,
            A=self.problem.A[kept],
            row_lower=row_lower[kept],
            row_upper=row_upper[kept],
            rows=tuple(self.problem.rows[i] for i in kept),
            lower=lower,
            upper=upper,
        )
        return with_rows(problem, [Wish("wish[in and out]", dict.fromkeys(crossed, 1.0), len(crossed))][: len(crossed)])

    def grown(self, rules: Collection[Rule], x: Floats) -> frozenset[Rule]:
        """``rules`` with as many others as the portfolio ``x`` ``(n,)`` keeps as well, in their order."""
        activity = self.problem.A @ x
        off = (activity > self.problem.row_upper + ROW_TOLERANCE) | (activity < self.problem.row_lower - ROW_TOLERANCE)
        broken = [frozenset(self._owners[i]) for i in np.flatnonzero(off)]
        broken += [frozenset([rule]) for rule, columns in self._upper.items() if np.any(x[columns] > 0.5)]
        broken += [frozenset([rule]) for rule, columns in self._lower.items() if np.any(x[columns] < 0.5)]
        kept = set(rules)
        for rule in self.rules:
            if rule not in kept and not any(rule in row and row <= kept | {rule} for row in broken):
                kept.add(rule)
        return frozenset(kept)

    def plan(self, x: Floats) -> dict[str, int]:
        """The portfolio ``x`` ``(n,)`` as project to start period."""
        return {d.project: d.period for d in self.problem.decisions if x[d.column] > 0.5}


def _counted(region: Region) -> Region:
    objectives = {**region.settings.objectives, COUNT: Goal(minimize={"projects": Decimal(1)})}
    return replace(region, settings=region.settings.model_copy(update={"objectives": objectives}))
