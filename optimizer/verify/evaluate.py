"""Evaluate: re-add every rule and every objective of a plan from the raw tables, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from instances.region import Region
from optimizer.verify.budget import Budget
from optimizer.verify.commitments import Commitments
from optimizer.verify.concentration import Concentration
from optimizer.verify.coverage import Coverage
from optimizer.verify.ecology import Ecology
from optimizer.verify.endogenous import Endogenous
from optimizer.verify.grants import Grants
from optimizer.verify.heritage import Heritage
from optimizer.verify.identity import Identity
from optimizer.verify.land import Land
from optimizer.verify.network import Network
from optimizer.verify.plan import Choice, Counts, Limits, Plan, Rules, Use
from optimizer.verify.relations import Relations
from optimizer.verify.services import Services
from optimizer.verify.symbiosis import Symbiosis
from optimizer.verify.synergy import Synergy
from optimizer.verify.time import Time
from optimizer.verify.timeline import Timeline
from optimizer.verify.worlds import Worlds

__all__ = ["Auditor", "Evaluation", "evaluate"]


@dataclass(frozen=True)
class Evaluation:
    """What a plan comes to: the exact value of each goal, and a sentence for each rule that it breaks."""

    values: dict[str, Fraction]
    broken: list[str]


class Auditor:
    """A region prepared for the evaluation of many plans.

    Nothing is shared with the model that is optimised: the sums are made a second time, from the tables, as whole
    multiples of the common denominators of their figures.

    >>> from instances import read_region
    >>> auditor = Auditor(read_region("hamlet"))
    >>> auditor.evaluate({"nothing": 1}, []).broken[0]
    'plan: nothing is not in the table projects'
    """

    def __init__(self, region: Region) -> None:
        self._weights = {
            name: {indicator: Fraction(weight) for indicator, weight in goal.weights.items()}
            for name, goal in region.goals.items()
        }
        self._ends = {
            f"{e.indicator}_{end}": e.indicator
            for e in region.effects
            for end, figure in (("low", e.low), ("high", e.high))
            if figure is not None
        }
        self._worlds = Worlds(region)
        choice, land, heritage, commitments = Choice(region), Land(region), Heritage(region), Commitments(region)
        budget = Budget(region, Grants(region, self._indicators) if region.grants else None)
        timeline, identity = Timeline(region), Identity(region)
        endogenous, services = Endogenous(region), Services(region)
        network, symbiosis = Network(region), Symbiosis(region)
        time, ecology = Time(region), Ecology(region)
        relations, concentration = Relations(region), Concentration(region)
        self._rules: tuple[Rules, ...] = (
            choice,
            relations,
            time,
            commitments,
            land,
            ecology,
            heritage,
            timeline,
            identity,
            concentration,
            endogenous,
            services,
            network,
            symbiosis,
            budget,
        )
        self._limits: tuple[Limits, ...] = (
            budget,
            time,
            land,
            ecology,
            heritage,
            timeline,
            services,
            endogenous,
            concentration,
            relations,
        )
        self._counts: tuple[Counts, ...] = (
            choice,
            Synergy(region),
            land,
            heritage,
            timeline,
            identity,
            endogenous,
            services,
            Coverage(region),
            network,
            symbiosis,
            commitments,
        )

    def broken(self, plan: Plan) -> Iterator[str]:
        """A sentence for each rule that ``plan`` breaks, found one after the other."""
        for mechanism in self._rules:
            yield from mechanism.broken(plan)

    def uses(self, plan: Plan) -> dict[str, Use]:
        """What ``plan`` uses of each budget and limit, and how much there is: exact, in the unit of both.

        Money of each fund and period (in one of the ways to pay) and running costs; hectares of zones, the farmland
        quota, loads of basins, built land of towns that stay green, nature lost; heritage lost, old quarters razed,
        eras and kinds given up; services added in advance, sources drawn on, effects from outside; towns with industry,
        the largest shares and counts that a rule allows. A limit is broken where more is used than there is. Rules that
        are not used up (order, exclusion, protection, the ways of trips) have no use.

        >>> from instances import read_region
        >>> used, there = Auditor(read_region("hamlet")).uses({"road": 1})["budget county, period 1"]
        >>> used, there
        (Fraction(3, 1), Fraction(14, 1))
        """
        return {name: use for mechanism in self._limits for name, use in mechanism.uses(plan).items()}

    def indicators(self, plan: Plan) -> dict[str, Fraction]:
        """The exact value of every indicator of the region."""
        return self._indicators(plan, set(self._worlds.names).union(*(mechanism.names for mechanism in self._counts)))

    def values(self, plan: Plan, goals: Sequence[str]) -> dict[str, Fraction]:
        """``Σ weight · indicator`` of each goal, in its own unit and sense.

        Raises
        ------
        KeyError
            if the region has no objective of such a name.
        """
        weights = {goal: self._weights[goal] for goal in goals}
        indicators = self._indicators(plan, {name for terms in weights.values() for name in terms})
        return {
            goal: sum((weight * indicators[name] for name, weight in terms.items()), Fraction(0))
            for goal, terms in weights.items()
        }

    def evaluate(self, plan: Plan, goals: Sequence[str]) -> Evaluation:
        """Values and broken rules of ``plan``; see :func:`evaluate`."""
        return Evaluation(self.values(plan, goals), list(self.broken(plan)))

    def _indicators(self, plan: Plan, wanted: set[str]) -> defaultdict[str, Fraction]:
        sums: defaultdict[str, Fraction] = defaultdict(Fraction)
        ends = {name: stem for name, stem in self._ends.items() if name in wanted}
        worst = [name for name in self._worlds.names if name in wanted]
        wanted = wanted | set(ends.values()) | {self._worlds.names[name][0] for name in worst}
        for mechanism in self._counts:
            if not wanted.isdisjoint(mechanism.names):
                for name, value in mechanism.indicators(plan).items():
                    sums[name] = sums[name] + value if name in sums else value
        for name, stem in ends.items():
            sums[name] += sums[stem]
        for name, value in self._worlds.worst(plan, sums, worst).items() if worst else ():
            sums[name] += value
        return sums


def evaluate(region: Region, plan: Plan, goals: Sequence[str]) -> Evaluation:
    """Evaluate one plan: project id to start period (from 1); projects that are not in it are not built.

    For many plans of one region, keep an :class:`Auditor`.

    >>> from instances import read_region
    >>> region = read_region("hamlet")
    >>> sorted(evaluate(region, {}, region.compared).values) == sorted(region.compared)
    True
    """
    return Auditor(region).evaluate(plan, goals)
