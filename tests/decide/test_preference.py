"""Shares of preference space: areas against sampling and by hand, intervals against their definition."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

from instances import generate, read_region
from models import formulate
from optimizer import solve
from optimizer.decide.shortlist import shortlist
from optimizer.decide.shortlist.preference import DRAWS, _interval, areas, preference


def points(p: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 12, (40, p)).astype(object)


@pytest.mark.parametrize("p", [1, 2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_cells_fill_the_simplex_and_hold_what_they_say(p: int, seed: int) -> None:
    Y = points(p, seed)
    found = areas(Y)
    assert sum(found.values()) == 1
    drawn = np.random.default_rng(seed).dirichlet(np.ones(p), 4000)
    sums = drawn @ Y.astype(float).T
    best = [{int(k) for k in np.flatnonzero(row <= row.min() + 1e-9)} for row in sums]
    same = {row: [k for k in range(len(Y)) if tuple(Y[k]) == tuple(Y[row])] for row in found}
    for row, area in found.items():
        share = np.mean([bool(hit.intersection(same[row])) for hit in best])
        assert abs(share - float(area)) < 0.04


def test_by_hand() -> None:
    assert areas(np.array([[0, 4], [2, 2], [4, 0]], dtype=object)) in (
        {0: Fraction(1, 2), 2: Fraction(1, 2)},
        {0: Fraction(1, 2), 1: Fraction(0), 2: Fraction(1, 2)},
    )
    assert areas(np.array([[0, 9, 9], [9, 0, 9], [9, 9, 0]], dtype=object)) == dict.fromkeys(range(3), Fraction(1, 3))
    assert areas(np.array([[10**20, 0], [0, 3 * 10**20]], dtype=object)) == {0: Fraction(3, 4), 1: Fraction(1, 4)}


def test_more_objectives_than_areas_are_for_are_sampled() -> None:
    region = generate(projects=8, seed=1, objectives=4, mechanisms=["budget"])
    found = shortlist(region, solve(formulate(region))).preference
    assert not found.exact
    assert "10,000 draws" in found.in_words()
    assert all(share.low <= share.share <= share.high for share in found.weights.values())


def test_portfolios_of_equal_merit_share_their_point() -> None:
    region = read_region("hamlet")
    front = solve(formulate(region), alternatives=True)
    one, all_of_them = preference(front.listing), shortlist(region, front).preference
    assert one.weights["belt"].share == all_of_them.weights["belt"].share == 1
    assert any(one.aims[p].share != all_of_them.aims[p].share for p in one.aims)


@pytest.mark.parametrize(("hits", "draws"), [(0, 50), (3, 50), (50, 50), (5000, DRAWS)])
def test_clopper_pearson(hits: int, draws: int) -> None:
    found = _interval(Fraction(hits), draws)
    assert found.low <= hits / draws <= found.high
    if hits:
        assert binom.sf(hits - 1, draws, found.low) == pytest.approx(0.025)
    if hits < draws:
        assert binom.cdf(hits, draws, found.high) == pytest.approx(0.025)


def test_sampled_shares_of_weights_hold_the_exact_ones() -> None:
    """Aims of one draw each are not weights; the intervals of 20 draws of weights hold the true share nearly always."""
    Y = points(3, 1)
    exact = areas(Y)
    held = []
    for seed, (row, area) in product(range(20), list(exact.items())[:3]):
        drawn = np.random.default_rng(seed).dirichlet(np.ones(3), 500)
        found = _interval(Fraction(int(((drawn @ Y.astype(float).T).argmin(axis=1) == row).sum())), 500)
        held.append(found.low <= area <= found.high)
    assert np.mean(held) >= 0.9
