"""Intervals: classes that hold for all admissible values of uncertain effects, not only for the entered ones.

An effect with ``low`` and ``high`` in the tables may come to any value between them, each independently of the others.
A portfolio ``z`` beats ``x`` if it is at least as good in every objective for *all* admissible values, and better for
some; a project is robustly core if all portfolios that none beats contain it, robustly exterior if none of them does
(Liesiö, Mild & Salo, European Journal of Operational Research 181, 2007, and 190, 2008). What two portfolios have in
common cancels out, whatever its value. With the costs ``m·x`` in the middle of all intervals and half widths ``r``

    z beats x  <=>  m·(z - x) + Σ_effects r |z - x| <= 0 in every objective, and Σ_objectives m·(z - x) < 0,

since a linear function that is at most 0 on a box and 0 in its middle is 0 on all of it. For a fixed portfolio both
sides are linear in the other one, so that MIPs decide:

- *Is x beaten?* The ``z`` with the least ``Σ m·(z - x)`` among those that satisfy the rows above.
- *Is there an unbeaten portfolio without project j?* Take one that no known portfolio beats (rows with one 0/1 column
  for each objective that a known one may fail in: Sylva & Crema, European Journal of Operational Research 158, 2004).
  If it is beaten, its beater is known from now on; if not, it is a witness; if there is none, none exists.

Exact where objectives are linear in the effects: a value half way between ``low`` and ``high`` has the mean of both
figures. Rules are held to the entered values, also where they count effects (internal share, step grants).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, inf, lcm
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from instances.worlds import over_worlds
from models import formulate
from models.amend import Wish, with_rows
from models.problem import Floats, Ints, Objective, Problem
from optimizer.decide.live import Answer, Clock, Live
from optimizer.decide.shortlist.classes import Class, Side, Verdict, classed
from optimizer.decide.shortlist.ties import Claim, part
from optimizer.exact import counted
from optimizer.interrupt import ctrl_c

if TYPE_CHECKING:
    from instances.region import Region
    from instances.schema import Effect
    from optimizer.decide.shortlist.table import Shortlist

__all__ = ["Intervals", "Robust", "Uncertain", "has_intervals", "over_intervals", "uncertain"]

LARGEST = 2**53


@dataclass(frozen=True)
class Robust:
    """The class of a project for all admissible values; ``inside`` and ``outside`` as for an :class:`.Entry`."""

    cls: Class
    inside: Side
    outside: Side

    @property
    def verdict(self) -> Verdict:
        open_end = self.inside.exists is None or self.outside.exists is None
        return Verdict.OPEN if open_end else Verdict.PROVED

    def in_words(self) -> str:
        """The class, and whether it is open."""
        return f"{self.cls}{', open' if self.verdict is Verdict.OPEN else ''}"


@dataclass(frozen=True)
class Intervals:
    """Robust classes by project; ``effects`` have an interval, ``found`` unbeaten portfolios were come by."""

    of: Mapping[str, Robust]
    effects: int
    found: int

    @property
    def open(self) -> int:
        """How many classes are not proved."""
        return sum(robust.verdict is Verdict.OPEN for robust in self.of.values())

    def in_words(self) -> str:
        """How many projects of each class, over all admissible values."""
        sizes = {cls: sum(robust.cls is cls for robust in self.of.values()) for cls in Class}
        said = "; ".join(f"{size:,} {cls}" for cls, size in sizes.items())
        proof = f"open for {self.open:,}, whose class is that of the portfolios found" if self.open else "all proved"
        values = f"Whatever values within their intervals the {counted(self.effects, 'uncertain effect')} take"
        return f"{values} (rules held to those entered): {said}; {proof}."


@dataclass(frozen=True, eq=False)
class Uncertain:
    """A problem whose objectives are uncertain.

    ``problem`` has the costs in the middle of all intervals, twice, in common quanta. ``widths[i]`` ``(p, n)`` are the
    whole widths of the effects of one indicator, in the same unit: a project has one effect on an indicator. ``of``
    ``(n, projects)`` is 1 where a column is a start of a project.
    """

    problem: Problem
    widths: tuple[Ints, ...]
    of: Ints

    def spread(self, z: Ints) -> tuple[Ints, Ints]:
        """``Σ r |z - x|``, doubled, as ``constant + coefficients · x``; ``(p,)`` and ``(p, n)``.

        Of a project's start columns at most one is 1, which makes the absolute value linear.
        """
        p, n = self.problem.C.shape
        constant, coefficients = np.zeros(p, dtype=np.int64), np.zeros((p, n), dtype=np.int64)
        for width in self.widths:
            own = (width * z) @ self.of
            constant += np.abs(own).sum(axis=1)
            each = own @ self.of.T
            coefficients += np.abs(each - width) - np.abs(each)
        return constant, coefficients

    def beats(self, z: Ints, x: Ints) -> bool:
        """Is ``z`` ``(n,)`` at least as good as ``x`` for all admissible values, and better for some?"""
        constant, coefficients = self.spread(z)
        middle = self.problem.costs @ (z - x)
        return bool(np.all(middle + constant + coefficients @ x <= 0) and middle.sum() < 0)


def over_intervals(
    shortlist: Shortlist, seconds: float = 60.0, *, interrupted: Callable[[], bool] | None = None
) -> Intervals:
    """The class of every project for all admissible values of the uncertain effects, as far as ``seconds`` allow.

    Rules are held to the entered values. Raises ``ValueError`` if no effect has an interval.
    """
    region, names = shortlist.region, [objective.name for objective in shortlist.listing.objectives]
    model = uncertain(region, names)
    if model is None:
        raise ValueError(f"no effect of {region.name} has an interval; enter low and high in the table effects")
    with ctrl_c(interrupted) as interrupt:
        search = _Search(model, Clock(seconds, interrupt.asked))
        sides = search.run([entry.project for entry in shortlist.entries])
    of = {}
    for entry in shortlist.entries:
        inside, outside = sides[entry.project, True], sides[entry.project, False]
        cls = classed(inside, outside, entry.cls is not Class.EXTERIOR, entry.cls is not Class.CORE)
        of[entry.project] = Robust(cls, inside, outside)
    effects = sum(_ends(effect) is not None for effect in region.effects)
    return Intervals(of, effects, len(search.unbeaten))


class _Search:
    """Unbeaten portfolios on both sides of every project. Portfolios are ``(n,)`` in whole numbers."""

    def __init__(self, model: Uncertain, clock: Clock) -> None:
        self.model, self.problem, self.clock = model, model.problem, clock
        self.weights = np.ones(len(self.problem.objectives))
        self.unbeaten: list[Ints] = []
        self.sides: dict[Claim, Side] = {}

    def run(self, projects: list[str]) -> dict[Claim, Side]:
        claims = [(project, inside) for project in projects for inside in (True, False)]
        self.sides = dict.fromkeys(claims, Side())
        best = self._least(self.problem, self.clock)
        if best.proved and best.x is not None:  # whatever beats it would have a lesser sum
            self._enter(self._whole(best.x))
        for i, claim in enumerate(claims):
            if self.sides[claim].exists is None:
                self._settle(claim, self.clock.part(2 * self.clock.left / (len(claims) - i)))
        return self.sides

    def _settle(self, claim: Claim, clock: Clock) -> None:
        """Portfolios that no known one beats, until one is unbeaten or there are none."""
        project, inside = claim
        side = part(self.problem, claim)
        cuts: list[Ints] = []
        while clock.left:
            answer = self._least(_beside(side, self.model, cuts), clock)
            if answer.none:
                self.sides[claim] = Side(False)
                if self.unbeaten:
                    self.sides[project, not inside] = replace(self.sides[project, not inside], exists=True)
                return
            if answer.x is None:
                return
            x = self._whole(answer.x[: len(self.problem.columns)])
            beaters = [z for z in self.unbeaten if self.model.beats(z, x)]
            z = beaters[0] if beaters else self._beater(x, clock)
            if z is None:
                return
            if not beaters:
                self._enter(z)
            if z is x:
                return
            cuts.append(z)

    def _beater(self, x: Ints, clock: Clock) -> Ints | None:
        """An unbeaten portfolio that beats ``x``; ``x`` itself if none does; ``None`` if that is not settled."""
        constant, coefficients = self.model.spread(x)
        costs = self.problem.costs
        rows = [
            Wish(
                f"wish[as good in {o.name}]",
                _entries(costs[k] + coefficients[k]),
                -inf,
                int(costs[k] @ x - constant[k]),
            )
            for k, o in enumerate(self.problem.objectives)
        ]
        answer = self._least(with_rows(self.problem, rows), clock)
        if not answer.proved or answer.x is None:
            return None
        z = self._whole(answer.x)
        return z if self.model.beats(z, x) else x

    def _least(self, problem: Problem, clock: Clock) -> Answer:
        return Live(problem, clock).least(self.weights)

    def _whole(self, x: Floats) -> Ints:
        whole: Ints = np.where(self.problem.integer, np.rint(x), 0.0).astype(np.int64)
        return whole

    def _enter(self, x: Ints) -> None:
        """An unbeaten portfolio is a witness about every project."""
        self.unbeaten.append(x)
        plan = {d.project: d.period for d in self.problem.decisions if x[d.column]}
        for project, inside in self.sides:
            if (project in plan) == inside and self.sides[project, inside].plan is None:
                self.sides[project, inside] = Side(True, plan)


def _beside(problem: Problem, model: Uncertain, known: list[Ints]) -> Problem:
    """``problem`` for the portfolios that none of the ``known`` ones beats.

    For each of them one 0/1 column an objective, which may be 1 only where the known one is not at least as good for
    all admissible values, and one that may be 1 only where it is no better in the middle; one of them must be.
    """
    p, n = problem.C.shape
    more = (p + 1) * len(known)
    names = tuple(f"spared[{i},{k}]" for i in range(len(known)) for k in range(p + 1))
    wider = replace(
        problem,
        C=np.hstack([problem.C, np.zeros((p, more), dtype=np.int64)]),
        A=sp.csr_array(sp.hstack([problem.A, sp.csr_array((len(problem.rows), more))])),
        lower=np.append(problem.lower, np.zeros(more)),
        upper=np.append(problem.upper, np.ones(more)),
        integer=np.append(problem.integer, np.ones(more, dtype=bool)),
        columns=(*problem.columns, *names),
    )
    rows = []
    for i, z in enumerate(known):
        constant, coefficients = model.spread(z)
        costs = problem.costs
        falls = np.vstack([coefficients - costs, costs.sum(axis=0, keepdims=True) * -1])
        sides = np.append(costs @ z + constant - 1, (costs @ z).sum())
        with np.errstate(invalid="ignore"):  # columns without a bound are in no objective
            least = np.minimum(falls * problem.lower, falls * problem.upper)
        for k, (fall, side) in enumerate(zip(falls, sides, strict=True)):
            slack = max(0, -int(side) - int(np.where(fall != 0, least[k], 0.0).sum()))
            column = n + i * (p + 1) + k
            rows.append(
                Wish(f"wish[{names[column - n]}]", {**_entries(fall), column: -float(slack)}, -slack - int(side))
            )
        rows.append(Wish(f"wish[beside {i}]", {n + i * (p + 1) + k: 1.0 for k in range(p + 1)}, 1.0))
    return with_rows(wider, rows)


def _entries(row: Ints) -> dict[int, float]:
    return {int(j): float(row[j]) for j in np.flatnonzero(row)}


def has_intervals(region: Region) -> bool:
    """Does any effect have an interval?"""
    return any(_ends(effect) is not None for effect in region.effects)


def uncertain(region: Region, names: list[str]) -> Uncertain | None:
    """The region with its intervals; ``None`` if no effect has one.

    Rules stay those of the entered values. Raises ``ValueError`` if figures are too fine for exact arithmetic.
    """
    if not has_intervals(region):
        return None
    indicators = sorted({effect.indicator for effect in region.effects if _ends(effect) is not None})
    weighed = {indicator for name in names for indicator in region.goals[name].weights}
    counted = {of for name, (of, _) in over_worlds(region).items() if name in weighed}
    if both := sorted(counted.intersection(indicators)):
        raise ValueError(f"{both[0]} has intervals, and an objective counts the worst of it over the scenarios")
    low = formulate(_with(region, dict.fromkeys(indicators, 0)), names)
    highs = [formulate(_with(region, {name: int(name == one) for name in indicators}), names) for one in indicators]
    entered = formulate(region, names)
    if any(other.columns != entered.columns for other in (low, *highs)):
        raise ValueError(f"{region.name}: an uncertain effect decides which columns the model has; give it no interval")
    base, *tops = _common([low, *highs])
    widths = tuple(top - base for top in tops)
    doubled: Ints = 2 * base + sum(widths)
    signs = np.array([-1 if o.sense == "max" else 1 for o in low.objectives])[:, None]
    projects = list(dict.fromkeys(decision.project for decision in low.decisions))
    of = np.zeros((len(low.columns), len(projects)), dtype=np.int64)
    for decision in low.decisions:
        of[decision.column, projects.index(decision.project)] = 1
    plain = tuple(Objective(o.name, "min") for o in low.objectives)
    middle = replace(entered, C=doubled * signs, objectives=plain)
    return Uncertain(middle, widths, of)


def _ends(effect: Effect) -> tuple[Any, Any] | None:
    """Least and largest admissible value, ``None`` if there is no choice; the entered value lies between them."""
    given = [value for value in (effect.low, effect.value, effect.high) if value is not None]
    return (min(given), max(given)) if min(given) < max(given) else None


def _with(region: Region, at: Mapping[str, int]) -> Region:
    """``region`` with the effects on some indicators at the low (0) or the high (1) end of their intervals."""
    effects = []
    for effect in region.effects:
        ends = _ends(effect)
        if ends is not None and effect.indicator in at:
            effect = effect.model_copy(update={"value": ends[at[effect.indicator]]})
        effects.append(effect)
    goals = {name: goal.model_copy(update={"quantum": None}) for name, goal in region.settings.objectives.items()}
    return replace(region, effects=tuple(effects), settings=region.settings.model_copy(update={"objectives": goals}))


def _common(problems: list[Problem]) -> list[Ints]:
    """The coefficients of all ``problems`` in the same quanta."""
    p = len(problems[0].objectives)
    quanta = [[problem.objectives[k].quantum for problem in problems] for k in range(p)]
    units = [Fraction(gcd(*(q.numerator for q in c)), lcm(*(q.denominator for q in c))) for c in quanta]
    figures = []
    for i, problem in enumerate(problems):
        times = np.array([[int(quanta[k][i] / units[k])] for k in range(p)], dtype=object)
        figures.append(problem.C.astype(object) * times)
    if max(int(np.abs(figure).sum(axis=1).max()) for figure in figures) * 4 >= LARGEST:
        raise ValueError("the intervals are too fine for exact arithmetic; enter them with fewer decimals")
    return [figure.astype(np.int64) for figure in figures]
