"""Random regions replanned: going on stays possible, what was begun binds, changes cost what they are charged.

``GROWTHRING_REGIONS=300 pytest tests/properties/test_replan.py`` takes that many regions.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from decimal import Decimal

import pytest

from instances import check_region, generate
from models import formulate
from optimizer import Status, solve
from optimizer.decide.replan import STABILITY, progress, replanned, successor
from optimizer.listing import Listing
from optimizer.verify import Auditor
from tests.brute import brute_force, plans

REGIONS = int(os.environ.get("GROWTHRING_REGIONS", "20"))


@pytest.mark.parametrize("seed", range(REGIONS))
def test_replanning_against_enumeration(seed: int) -> None:
    rng = random.Random(seed)
    region = generate(5, 2, 2 + seed % 2, seed)
    old_auditor, before = Auditor(region), Auditor(replace(region, commitments=()))
    feasible = [plan for plan in plans(region) if next(before.broken(plan), None) is None]
    plan = rng.choice([plan for plan in feasible if plan and next(old_auditor.broken(plan), None) is None])
    done = rng.randint(1, region.periods - 1)
    charge = Decimal(rng.choice(("0.5", "3")))
    made = progress(region, plan, done)
    after = successor(region, made, charge=charge)
    assert check_region(after.region) == [] or check_region(region)

    auditor = Auditor(after.region)
    begun, going_on = dict.fromkeys(made.started, 1), {**dict.fromkeys(made.started, 1), **made.waiting}
    assert list(auditor.broken(going_on)) == []
    allowed = [p for p in plans(after.region) if next(auditor.broken(p), None) is None]
    assert all(p.items() >= begun.items() for p in allowed)

    # What the new region allows, the old one allowed to those who had begun so; but for the money, which may have been
    # paid from other funds and is rounded, it forbids nothing else.
    for one in allowed:
        whole = {p: (plan[p] if p in made.started else start + done) for p, start in one.items()}
        assert list(before.broken(whole)) == []
    for whole in feasible:
        if {p: start for p, start in whole.items() if start <= done} == {p: plan[p] for p in made.started}:
            one = {p: 1 if p in made.started else start - done for p, start in whole.items()}
            broken = [line for line in auditor.broken(one) if not line.startswith("budget")]
            old_promises = [line for line in old_auditor.broken(whole) if line.startswith("commitments")]
            assert [line for line in broken if not line.startswith("commitments")] == []
            assert bool(broken) <= bool(old_promises)

    assert auditor.indicators(going_on)["break_charge"] == 0
    rows = {row.project: row for row in after.region.commitments if not row.binding}
    for one in allowed:
        due = sum(
            (row.drop_charge if p not in one else row.move_charge if one[p] != row.period else Decimal(0))
            for p, row in rows.items()
        )
        assert auditor.indicators(one)["break_charge"] == due
    old = {row.project: row for row in region.commitments}
    assert all(row.drop_charge == charge for p, row in rows.items() if p not in old)

    front = solve(formulate(after.region))
    assert front.certificate.status is Status.COMPLETE
    truth = brute_force(after.region, after.region.compared)
    assert {tuple(point) for point in front.values} == set(truth)
    assert STABILITY not in after.region.goals  # livability counts break_charge in synthetic regions
    answer = replanned(made, after, Listing.of(front, after.region))
    assert answer.adopted is None or answer.adopted.feasible
    for one in answer.changes:
        chosen = answer.listing.plan(answer.listing.numbers.index(one.portfolio))
        assert {p for p in made.waiting if chosen.get(p) == made.waiting[p]} == set(one.kept)
        assert one.count == sum(chosen.get(p) != going_on.get(p) for p in {*chosen, *going_on})
