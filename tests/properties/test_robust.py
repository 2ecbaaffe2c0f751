"""Random regions: robust budgets, stands and regrets in every world against the enumeration of every plan.

``GROWTHRING_REGIONS=300 pytest tests/properties/test_robust.py`` takes that many regions.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

import pytest

from instances import generate
from instances.region import Region
from instances.worlds import World, worlds
from models import formulate
from optimizer import Status, solve
from optimizer.decide.robust import assess_robustness
from optimizer.decide.robust.stands import Solved
from optimizer.listing import Listing
from optimizer.stop import SolveLimit
from optimizer.verify import Auditor
from tests.brute import brute_force, plans

REGIONS = int(os.environ.get("GROWTHRING_REGIONS", "20"))


def region_of(seed: int) -> Region:
    periods = 1 + seed % 3
    kept = ["budget", "relations", "synergy", "scenarios", *(["grants"] if seed % 2 else []), "coverage", "time"]
    return generate(5 + seed % (5 if periods == 1 else 1), 2, periods, seed, 2 + seed % 2, mechanisms=kept)


def bearing(region: Region, overruns: int | None) -> Region:
    policy = region.settings.policy.model_copy(update={"overruns_borne": overruns})
    return replace(region, settings=region.settings.model_copy(update={"policy": policy}))


@pytest.mark.parametrize("seed", range(REGIONS))
def test_a_robust_front_bears_every_set_of_overruns_and_misses_no_plan_that_does(seed: int) -> None:
    """The truth: the plans that keep all rules of every region in which some set of projects costs most."""
    region, borne = region_of(seed), 1 + seed % 3
    uncertain = [p.id for p in region.projects if p.cost_high is not None]
    granted = replace(region, grants=tuple(g for g in region.grants if g.kind != "matching"))
    dear = [
        Auditor(
            replace(
                granted,
                projects=tuple(
                    p.model_copy(update={"capital_cost": p.cost_high}) if p.id in some else p for p in granted.projects
                ),
            )
        )
        for some in combinations(uncertain, min(borne, len(uncertain)))
    ]
    robust = bearing(granted, borne)
    auditor = Auditor(granted)
    true = [
        plan
        for plan in plans(granted)
        if next(auditor.broken(plan), None) is None
        and not any(line.startswith("budget") for one in dear for line in one.broken(plan))
    ]
    checked = Auditor(robust)
    assert [plan for plan in plans(robust) if next(checked.broken(plan), None) is None] == true
    front = solve(formulate(robust))
    assert front.certificate.status is Status.COMPLETE
    best = brute_force(robust, robust.compared) if true else {}
    assert {tuple(point) for point in front.values} == set(best)
    assert all(front.listing.plan(row) in true for row in range(len(front)))


@pytest.mark.parametrize("seed", range(REGIONS))
def test_stands_and_regrets_in_every_world(seed: int) -> None:
    region = region_of(seed)
    goals = region.compared
    listing = Listing.of(solve(formulate(region)), region)
    if not len(listing):
        return
    rng = random.Random(seed)
    stop = SolveLimit(rng.randint(1, 6)) if seed % 2 else None

    def solver(world: World) -> Solved:
        problem = formulate(world.region, goals)
        front = solve(problem, method="search" if stop else "auto", stop=stop)
        return Solved(world, problem, Listing.of(front, world.region))

    found = assess_robustness(region, listing, worlds(region), solver)
    scale = [listing.range(k) for k in range(len(goals))]
    for w, world in enumerate(worlds(region)):
        front = brute_force(world.region, goals)
        auditor = Auditor(world.region)
        for one in found.portfolios:
            stand = one.stands[w]
            values = tuple(auditor.values(one.plan, goals).values())
            assert stand.values == values
            assert stand.allowed == (next(auditor.broken(one.plan), None) is None)
            if not stand.allowed:
                assert stand.efficient is False
                assert stand.regret is None
                continue
            assert stand.efficient is (values in front)
            gains = [[listing.gain(k, y, x) for k, (y, x) in enumerate(zip(p, values, strict=True))] for p in front]
            true = max(
                (sum((g / r for g, r in zip(row, scale, strict=True)), Fraction(0)) for row in gains if min(row) >= 0),
            )
            assert stand.regret is not None
            low, high = stand.regret
            true /= len(goals)
            assert low <= true
            assert high is None or high >= true
            if stop is None:
                assert low == high == true


def test_bearing_more_overruns_never_allows_more() -> None:
    plain = region_of(4)
    dear = tuple(p.model_copy(update={"cost_high": p.capital_cost * 2}) for p in plain.projects)
    region = replace(plain, projects=dear)
    allowed = []
    for borne in (None, 0, 1, 2, 3, 99):
        auditor = Auditor(bearing(region, borne))
        allowed.append({tuple(sorted(p.items())) for p in plans(region) if next(auditor.broken(p), None) is None})
    assert allowed[0] == allowed[1]
    assert all(more <= less for less, more in pairwise(allowed))
    assert len(allowed[-1]) < len(allowed[0])
