"""Offers: the figures of a region that could be changed to bring a project in, each in steps of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from instances.figures import Figure, with_figure
from instances.worlds import over_worlds
from models import formulate
from models.funds import Funds
from models.linear import common_quantum
from models.problem import Ints, Problem
from optimizer.engines.finite import activity_bounds

if TYPE_CHECKING:
    from instances.region import Region
    from instances.schema import FairShare, Grant, Project

__all__ = ["Kind", "Offer", "in_quanta", "offers", "without_quanta"]

MOST_DIGITS = 15
"""Digits that a figure may grow to: tables take 18, and sums of it stay exact."""


class Kind(StrEnum):
    """What is offered for a project."""

    COST = "cost cut"
    EFFECT = "change of an effect"
    SCORE = "rise of a score"
    BUDGET = "extra budget"


@dataclass(frozen=True, eq=False)
class Offer:
    """``figure`` moved by ``step`` (signed), once to ``most`` times; its own unit.

    ``quanta`` ``(p,)``: every objective is a whole multiple of them after any number of steps. ``doubt`` says why more
    steps need not be better for the project, where that is so: then a least number of steps cannot be proved.
    """

    kind: Kind
    region: Region
    goals: tuple[str, ...]
    figure: Figure
    value: Decimal
    step: Decimal
    most: int
    quanta: tuple[Fraction, ...]
    unit: str = ""
    doubt: str = ""
    _made: dict[int, Problem] = field(default_factory=dict)

    @property
    def shared(self) -> bool:
        """Does the change bear on portfolios without the project, too?"""
        return self.kind is Kind.BUDGET

    def amount(self, steps: int) -> Decimal:
        """By how much ``steps`` move the figure, without a sign."""
        return abs(self.step) * steps

    def after(self, steps: int) -> Region:
        """The region after so many steps."""
        return self.region if not steps else with_figure(self.region, self.figure, self.value + self.step * steps)

    def problem(self, steps: int) -> Problem:
        """The problem after so many steps, in ``quanta``. Raises ``ValueError`` where figures get too fine."""
        if steps not in self._made:
            self._made[steps] = in_quanta(formulate(self.after(steps), self.goals), self.quanta)
            while len(self._made) > 8:
                self._made.pop(next(iter(self._made)))
        return self._made[steps]


def in_quanta(problem: Problem, quanta: Sequence[Fraction]) -> Problem:
    """``problem`` with objectives that count these quanta, of which its own are whole multiples."""
    factors = [o.quantum / q for o, q in zip(problem.objectives, quanta, strict=True)]
    if any(factor.denominator != 1 for factor in factors):
        raise ValueError(f"{problem.name}: an objective is not counted in whole multiples of {quanta}")
    whole = np.array([int(factor) for factor in factors], dtype=np.int64)
    objectives = tuple(replace(o, quantum=q) for o, q in zip(problem.objectives, quanta, strict=True))
    return replace(problem, C=problem.C * whole[:, None], objectives=objectives)


def without_quanta(region: Region) -> Region:
    """``region`` with objectives that count in the quantum that fits, since a changed figure may not fit a declared
    one."""
    goals = {name: goal.model_copy(update={"quantum": None}) for name, goal in region.settings.objectives.items()}
    return replace(region, settings=region.settings.model_copy(update={"objectives": goals}))


def offers(region: Region, project: str, goals: tuple[str, ...], problem: Problem) -> Iterator[Offer]:
    """All offers for ``project``: its capital cost, each of its effects and scores that a goal counts, each fund that
    may pay for it in each period.

    ``problem`` is that of ``region`` in its own quanta; ``region`` declares none (:func:`without_quanta`).
    """
    maker = _Maker(region, region.project[project], goals, problem)
    yield from maker.cost()
    yield from maker.effects()
    yield from maker.scores()
    yield from maker.budgets()


@dataclass(frozen=True)
class _Maker:
    region: Region
    project: Project
    goals: tuple[str, ...]
    problem: Problem

    def cost(self) -> Iterator[Offer]:
        project = self.project
        if not project.capital_cost:
            return
        step = _step(other.capital_cost for other in self.region.projects)
        share = Fraction(project.public_share)
        yield Offer(
            Kind.COST,
            self.region,
            self.goals,
            Figure("projects", (project.id,), "capital_cost"),
            project.capital_cost,
            -step,
            int(project.capital_cost / step),
            self._quanta({"capital_cost": Fraction(step), "public_cost": Fraction(step) * share}),
            self.region.settings.money,
            self._cost_doubt(),
        )

    def _cost_doubt(self) -> str:
        region, own = self.region, self.project.id
        if {1} & (self._pulls("capital_cost") | self._pulls("public_cost")):
            return "its cost also counts for an objective or a grant"
        if any(g.kind == "matching" and own in region.members(g.members) and self._shrinks(g) for g in region.grants):
            return "a matching grant shrinks with its cost"
        if any(map(self._unbalances, region.fair_shares)):
            return "a fair share of the capital cost counts it"
        if any(r.kind == "spend_at_least" and own in region.members(r.members) for r in region.relations):
            return "a rule wants its cost to be spent"
        return ""

    def _shrinks(self, grant: Grant) -> bool:
        """May there be less money for others as the project gets cheaper, because a matching grant follows its cost?"""
        project = self.project
        alone = self.region.periods == 1 and Funds.of(self.region).payers(project) == (grant.fund,)
        return not alone or grant.rate is None or grant.rate > project.public_share

    def _unbalances(self, rule: FairShare) -> bool:
        """Does the rule want the project's cost spent, or other costs kept small beside it?"""
        member = self.project.id in self.region.members(rule.members)
        return rule.at_least is not None if member else rule.at_most is not None

    def effects(self) -> Iterator[Offer]:
        weighed = {indicator for name in self.goals for indicator in self.region.goals[name].weights}
        worst = {of for name, (of, _) in over_worlds(self.region).items() if name in weighed}
        for effect in self.region.effects:
            if effect.indicator in worst:  # what a step adds to it depends on the world that is worst
                continue
            if effect.project != self.project.id or len(pulls := self._pulls(effect.indicator)) != 1:
                continue
            up = pulls == {1}
            step = _step(e.value for e in self.region.effects if e.indicator == effect.indicator)
            doubt = ""
            scaled = effect.yearly or effect.indicator in self.region.settings.policy.location_quotient
            if scaled and step < 1:
                doubt = "its yearly or located value is rounded to the decimals of the figure"
            elif effect.source and self.region.settings.policy.internal_share is not None:
                doubt = "" if (effect.source == "internal") == up else "a rule on the internal share counts it"
            elif not up and any(g.kind == "points" and g.indicator == effect.indicator for g in self.region.grants):
                doubt = "a grant counts it the other way"
            yield Offer(
                Kind.EFFECT,
                self.region,
                self.goals,
                Figure("effects", (effect.project, effect.indicator), "value"),
                effect.value,
                step if up else -step,
                self._enough(effect.indicator, step, effect.value),
                self._quanta({effect.indicator: Fraction(step)}),
                self._unit(effect.indicator),
                doubt,
            )

    def scores(self) -> Iterator[Offer]:
        for score in self.region.scores:
            if score.project == self.project.id and score.score < 5 and self._pulls(score.criterion) == {1}:
                yield Offer(
                    Kind.SCORE,
                    self.region,
                    self.goals,
                    Figure("scores", (score.project, score.criterion), "score"),
                    Decimal(score.score),
                    Decimal(1),
                    5 - score.score,
                    self._quanta({score.criterion: Fraction(1)}),
                    "steps",
                )

    def budgets(self) -> Iterator[Offer]:
        region = self.region
        payers = Funds.of(region).payers(self.project)
        step = _step((row.amount for row in region.budgets), default=Decimal(1))
        everything = sum((p.capital_cost + p.operating_cost * region.periods for p in region.projects), Decimal(0))
        for row in region.budgets:
            if row.fund in payers:
                yield Offer(
                    Kind.BUDGET,
                    region,
                    self.goals,
                    Figure("budgets", (row.fund, str(row.period)), "amount"),
                    row.amount,
                    step,
                    int(everything / step) + 1,
                    tuple(o.quantum for o in self.problem.objectives),
                    region.settings.money,
                )

    def _pulls(self, indicator: str) -> set[int]:
        """Which way the goals and the grants for points pull an indicator."""
        weights = [(self.region.goals[name].weights.get(indicator, 0), name) for name in self.goals]
        pulls = {1 if (w > 0) == (self.region.goals[name].sense == "max") else -1 for w, name in weights if w}
        granted = any(g.kind == "points" and g.indicator == indicator for g in self.region.grants)
        return pulls | {1} if granted else pulls

    def _quanta(self, moves: dict[str, Fraction]) -> tuple[Fraction, ...]:
        """Common quanta of the objectives and of what a step adds to them."""
        quanta = []
        for objective in self.problem.objectives:
            weights = self.region.goals[objective.name].weights
            parts = (abs(Fraction(weights[name])) * move for name, move in moves.items() if weights.get(name))
            quanta.append(common_quantum(part for part in (objective.quantum, *parts) if part))
        return tuple(quanta)

    def _enough(self, indicator: str, step: Decimal, value: Decimal) -> int:
        """Steps after which some objective is better than that of every portfolio today, if it is counted in full."""
        low, high = activity_bounds(self.problem.costs, self.problem)
        spans: Ints = high - low + 1
        needed = [
            int(int(span) * o.quantum / (abs(Fraction(weight)) * Fraction(step))) + 1
            for o, span in zip(self.problem.objectives, spans, strict=True)
            if (weight := self.region.goals[o.name].weights.get(indicator))
        ]
        room = int((Decimal(10) ** MOST_DIGITS - abs(value)) / step)
        return min(2 * min(needed, default=1), room)

    def _unit(self, indicator: str) -> str:
        """The unit of an objective that counts nothing but the indicator, once; empty if there is none."""
        for name in self.goals:
            goal = self.region.goals[name]
            if dict(goal.weights) == {indicator: Decimal(1)}:
                return goal.unit
        return ""


def _step(values: object, default: Decimal = Decimal(1)) -> Decimal:
    """One in the last decimal that any of ``values`` has; at most 1."""
    places = [max(0, -int(value.normalize().as_tuple().exponent)) for value in values]  # type: ignore[attr-defined]
    return Decimal(1).scaleb(-max(places, default=0)) if places else default
