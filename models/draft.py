"""Draft: the Pyomo model while the mechanisms write their rules into it, in the town's words and exact figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from instances.region import Region
from instances.schema import Project
from instances.settings import Goal
from models.linear import ZERO, Exact, Key, Linear, Row
from models.problem import Decision, Objective

__all__ = ["Draft", "Forbidden", "Provider"]

START = "start"
NEVER: Key = ("never", 1)


@dataclass(frozen=True)
class Forbidden:
    """A project that cannot be chosen, and the rule that says so."""

    project: str
    rule: str


class Draft:
    """What a mechanism needs to write itself down.

    Decisions are the columns ``start[project,period]``. All other columns are auxiliaries whose value follows from the
    decisions. A rule becomes one row named ``block[name]``; rows of the block ``define`` say what an auxiliary means
    and rows of the block ``once`` that a project starts once: they state no policy and nobody can repeal them.

    A side of a rule that no plan can break by itself is not written. Bounds (locked, forbidden) are not used for that,
    so that rows stay right when a bound is changed afterwards. A rule without columns that does not hold keeps the
    model infeasible through the column ``never``, which is 0.
    """

    most_groups: int | None = None
    """Groups of funds up to which budgets are written without columns for who pays; ``None``: as many as pay off."""

    def __init__(self, region: Region, goals: Mapping[str, Goal]) -> None:
        self.region = region
        self.goals = goals
        self.model = pyo.ConcreteModel(name=region.name)
        self.columns: dict[Key, Any] = {}
        self.rows: dict[str, Any] = {}
        self.forbidden: list[Forbidden] = []
        self.decisions: list[Decision] = []
        self.objectives: tuple[Objective, ...] = ()
        self._providers: dict[str, list[Provider]] = {}
        self._indicators: dict[str, Linear] = {}
        self._shared: dict[Key, Linear] = {}
        self._decide()

    def _decide(self) -> None:
        for project in self.region.projects:
            for period in self.region.starts(project):
                self.decisions.append(Decision(project.id, period, len(self.columns), project.town))
                var = self._column((START, project.id, period))
                var.setub(0 if project.locked == "out" else 1)
        for project in self.region.projects:
            if len(self.built(project.id).terms) > 1:
                self._write("once", project.id, self.built(project.id).row(upper=1))

    def _column(self, key: Key, domain: Any = pyo.Binary) -> Any:
        block, *index = key
        if self.model.component(block) is None:
            self.model.add_component(block, pyo.Var(pyo.Any, dense=False, domain=domain))
        self.columns[key] = var = self.model.component(block).add(tuple(index))
        return var

    # decisions

    @cached_property
    def _built(self) -> dict[str, Linear]:
        return {
            p.id: Linear.sum(Linear.of((START, p.id, t)) for t in self.region.starts(p)) for p in self.region.projects
        }

    def built(self, project: str) -> Linear:
        """1 if the project is chosen, 0 if not; without columns if it has no period to start in."""
        return self._built[project]

    def started(self, project: str, period: int) -> Linear:
        """1 if the project starts in the period."""
        key = (START, project, period)
        return Linear.of(key) if key in self.columns else ZERO

    def possible(self, projects: Iterable[str]) -> list[str]:
        """Those projects that have a period to start in, without repetition."""
        return [p for p in dict.fromkeys(projects) if self.built(p).terms]

    def total(self, amount: Callable[[Project], Exact]) -> Linear:
        """``Σ amount(project) * built(project)``."""
        return Linear.sum(self.built(p.id) * figure for p in self.region.projects if (figure := amount(p)))

    # columns and rows

    def binary(self, *key: str | int) -> Linear:
        """A 0/1 auxiliary; its value must follow from the decisions by rules on both sides."""
        self._column(key)
        return Linear.of(key)

    def continuous(self, *key: str | int, most: int | None = None) -> Linear:
        """An auxiliary of any size from 0 up, or to ``most`` where nothing is lost by it; no indicator may count it."""
        self._column(key, pyo.NonNegativeReals).setub(most)
        return Linear.of(key)

    def rule(
        self, block: str, name: str, linear: Linear, lower: Exact | None = None, upper: Exact | None = None
    ) -> None:
        """``lower <= linear <= upper`` as the row ``block[name]``.

        Raises ``ValueError`` if its figures are too far apart to be added up exactly.
        """
        whole = all(self.columns[key].is_binary() for key in linear.terms)
        least, most = self.range(linear)
        if lower is not None and whole and lower <= least:
            lower = None
        if upper is not None and whole and most <= upper:
            upper = None
        if lower is None and upper is None:
            return
        if not linear.terms:
            linear, lower, upper = self._never(), 1, None
        try:
            row = linear.row(lower, upper, whole=whole)
        except OverflowError as error:
            raise ValueError(
                f"rule {block}[{name}]: {error} to be added up exactly; give them in a coarser unit of money, area or "
                f"load, or with fewer decimals"
            ) from error
        self._write(block, name, row)

    def range(self, linear: Linear) -> tuple[Fraction, Fraction]:
        """Least and largest value over all 0/1 columns with at most one start of each project."""
        least: dict[Key, Fraction] = {}
        most: dict[Key, Fraction] = {}
        for key, coefficient in linear.terms.items():
            who = key[:2] if key[0] == START else key
            least[who] = min(least.get(who, Fraction(0)), coefficient)
            most[who] = max(most.get(who, Fraction(0)), coefficient)
        return sum(least.values(), linear.constant), sum(most.values(), linear.constant)

    def _never(self) -> Linear:
        if NEVER not in self.columns:
            self._column(NEVER).setub(0)
        return Linear.of(NEVER)

    def _write(self, block: str, name: str, row: Row) -> None:
        if self.model.component(block) is None:
            self.model.add_component(block, pyo.Constraint(pyo.Any))
        constraint = self.model.component(block)
        if name in constraint:
            name = next(other for n in range(2, len(constraint) + 3) if (other := f"{name} ({n})") not in constraint)
        body = self.expression(row.coefficients)
        constraint[name] = body == row.lower if row.lower == row.upper else (row.lower, body, row.upper)
        self.rows[f"{block}[{name}]"] = constraint[name]

    def expression(self, coefficients: Mapping[Key, int]) -> Any:
        """``Σ coefficients[key] * key`` in Pyomo's words."""
        return LinearExpression(
            constant=0,
            linear_coefs=list(coefficients.values()),
            linear_vars=[self.columns[key] for key in coefficients],
        )

    def forbid(self, project: str, rule: str) -> None:
        """The project cannot be chosen; ``rule`` says why in words."""
        self.forbidden.append(Forbidden(project, rule))
        for key in self.built(project).terms:
            self.columns[key].setub(0)

    # indicators

    def provide(self, indicator: str, provider: Provider) -> None:
        """Let ``provider(draft)`` be a part of the indicator, written down only if somebody asks for it."""
        self._providers.setdefault(indicator, []).append(provider)

    def indicator(self, name: str) -> Linear:
        """The indicator as an exact sum of columns; its auxiliaries are written when it is first asked for."""
        if name not in self._indicators:
            self._indicators[name] = Linear.sum(provider(self) for provider in self._providers.get(name, ()))
        return self._indicators[name]

    def wanted(self, indicator: str) -> frozenset[int]:
        """Which way the compared objectives and the grants for points pull the indicator: 1 up, -1 down."""
        ends = (n for n, (of, _) in self.region.cautious_and_hopeful.items() if of == indicator)
        names = (indicator, f"{indicator}_worst", f"{indicator}_cvar", *ends)
        weights = [(goal.weights.get(name, 0), goal.sense) for goal in self.goals.values() for name in names]
        pulls = {1 if (weight > 0) == (sense == "max") else -1 for weight, sense in weights if weight}
        granted = any(grant.kind == "points" and grant.indicator in names for grant in self.region.grants)
        return frozenset(pulls | {1} if granted else pulls)

    def share(self, key: Key, build: Callable[[], Linear]) -> Linear:
        """``build()``, the first time that ``key`` is asked for; the same expression from then on."""
        if key not in self._shared:
            self._shared[key] = build()
        return self._shared[key]


Provider = Callable[[Draft], Linear]
