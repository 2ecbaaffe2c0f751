"""Time, grants and commitments: the auditor and the model judge the plans of generated regions alike."""

from __future__ import annotations

import pytest

from instances import check_region, generate
from optimizer.verify import evaluate
from tests.verify.test_agrees_with_models import disagreements, sample

MINE = ["time", "grants", "commitments"]


@pytest.mark.parametrize("seed", range(60))
def test_some_plans(seed):
    kept = (MINE, MINE[:1], MINE[1:2], MINE[2:], [*MINE, "budget", "relations", "synergy", "coverage"], None)[seed % 6]
    region = generate((6, 10, 14)[seed // 6 % 3], 2, 1 + seed % 4, seed, 6, kept)
    adopted = {p.id: p.adopted for p in region.projects if p.adopted}
    assert check_region(region) == []
    assert evaluate(region, adopted, []).broken == []
    assert disagreements(region, sample(region, 24, seed)) == []
