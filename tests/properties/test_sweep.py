"""Random regions with a rising figure: each front equals a single solve, each stable list that of all plans.

A normal run tries the first regions; ``GROWTHRING_REGIONS=300 pytest tests/properties/test_sweep.py`` more of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from instances.figures import figures
from instances.generate import MECHANISMS, generate
from instances.region import Region
from models import formulate
from optimizer import Status, solve
from optimizer.decide.sweep import Sweep
from optimizer.decide.sweep.axis import Axis
from optimizer.decide.sweep.run import sweep
from optimizer.decide.sweep.steps import follows, regions
from optimizer.run import Options
from optimizer.verify import Auditor
from tests.brute import plans

REGIONS = int(os.environ.get("GROWTHRING_REGIONS", "15"))
BATCH = 5

TABLES = ("budgets", "budgets", "policy", "zones", "capacities", "relations", "effects", "fair_shares", "grants")


def drawn(seed: int) -> tuple[Region, tuple[Axis, ...]]:
    """A small region, and one or two figures with values around what stands there."""
    draw = Random(seed)
    periods = 1 + (seed % 4 == 3)
    kept = [name for name in MECHANISMS if draw.random() < 0.35]
    region = generate(
        projects=draw.randint(5, 7) if periods == 1 else 5,
        towns=draw.randint(1, 3),
        periods=periods,
        seed=seed,
        objectives=2 + seed % 2,
        mechanisms=[*kept, "budget"],
    )
    axes: list[Axis] = []
    for _ in range(200):
        if len(axes) == (2 if seed % 5 == 0 else 1):
            break
        found = [figure for figure in figures(region, draw.choice(TABLES)) if figure.value(region)]
        if not found or (figure := draw.choice(found)) in [axis.figure for axis in axes] or figure.column == "period":
            continue
        shares = draw.sample(range(0, 200, 10), 2 if seed % 5 == 0 else 4)
        axis = Axis(figure, tuple((figure.value(region) or Decimal(0)) * share / 100 for share in shares))
        try:
            regions(region, [*axes, axis])
        except ValueError:
            continue
        axes.append(axis)
    return region, tuple(axes)


def best_sequence(
    there: Sequence[Region], pairs: Sequence[tuple[int, int]], weights: Mapping[str, Fraction]
) -> tuple[Fraction, list[Fraction]] | None:
    """The best sum over nested plans, by enumeration, and each step's best by itself; only for a chain of steps."""
    assert list(pairs) == [(s, s + 1) for s in range(len(there) - 1)]
    reach: dict[frozenset[str], Fraction] | None = None
    free = []
    for region in there:
        values: dict[frozenset[str], Fraction] = {}
        for chosen, value in valued(region, weights):
            values[chosen] = max(value, values.get(chosen, value))
        free.append(max(values.values()))
        if reach is None:
            reach = values
        else:
            sums = {
                chosen: value + max((before for inside, before in reach.items() if inside <= chosen), default=None)
                for chosen, value in values.items()
                if any(inside <= chosen for inside in reach)
            }
            reach = sums
    return (max(reach.values()), free) if reach else None


def valued(region: Region, weights: Mapping[str, Fraction]) -> Iterator[tuple[frozenset[str], Fraction]]:
    auditor = Auditor(region)
    signs = {goal: 1 if region.goals[goal].sense == "max" else -1 for goal in weights}
    for plan in plans(region):
        if next(auditor.broken(plan), None) is None:
            values = auditor.values(plan, list(weights))
            yield frozenset(plan), sum((signs[g] * w * values[g] for g, w in weights.items()), Fraction(0))


def check_lists(found: Sweep, there: Sequence[Region]) -> None:
    pairs = follows(found.axes, found.reached)
    for stable in found.stable:
        truth = best_sequence(there, pairs, stable.weights)
        assert truth is not None
        assert stable.proved
        assert sum(stable.values) == truth[0]
        assert list(stable.free) == truth[1]
        assert stable.price == sum(truth[1]) - truth[0] == stable.price_at_least == stable.price_at_most
        for before, after in zip(stable.plans, stable.plans[1:], strict=False):
            assert set(before) <= set(after)
        for region, plan, value in zip(there, stable.plans, stable.values, strict=True):
            assert not list(Auditor(region).broken(plan))
            assert (frozenset(plan), value) in set(valued(region, stable.weights))


@pytest.mark.parametrize("first", range(0, REGIONS, BATCH))
def test_sweeps_equal_enumeration(first: int) -> None:
    for seed in range(first, min(first + BATCH, REGIONS)):
        region, axes = drawn(seed)
        if not axes:
            continue
        goals = region.compared
        weights = {goal: Fraction(k, 3) for k, goal in enumerate(goals, 1)}
        method = ("auto", "search", "labels")[seed % 3]
        problems = [formulate(changed) for changed in regions(region, axes).values()]
        if method == "labels" and not all(problem.integer.all() for problem in problems):
            method = "search"
        found = sweep(region, axes, weights=weights, options=Options(goals, method))
        assert len(found.steps) == len(problems)
        for step, problem in zip(found.steps, problems, strict=True):
            alone = solve(problem)
            assert step.certificate.status is Status.COMPLETE, seed
            assert step.certificate.infeasible == alone.certificate.infeasible, seed
            assert [list(values) for values in step.listing.values] == alone.values, seed
        there = [regions(region, axes)[setting] for setting in found.reached]
        if len(axes) == 1 and len(there) > 1:
            if best_sequence(there, follows(axes, found.reached), {goals[0]: Fraction(1)}) is None:
                assert not found.stable, seed
            else:
                assert len(found.stable) == len(goals) + 1, seed
                check_lists(found, there)
