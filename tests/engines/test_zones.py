"""Zones cover exactly what no listed point dominates and no proof excludes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymoo.indicators.hv import HV
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

from optimizer.engines.zones import Zones, hypervolume, maximal, nondominated

SIDE = 5


def grid(p: int) -> np.ndarray:
    return np.array(list(itertools.product(range(SIDE), repeat=p)))


def points(p: int) -> st.SearchStrategy[list[list[int]]]:
    return st.lists(st.lists(st.integers(0, SIDE - 1), min_size=p, max_size=p), min_size=1, max_size=8)


@pytest.mark.parametrize("p", [2, 3, 4])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_zones_are_the_part_that_no_point_dominates(p: int, data: st.DataObject) -> None:
    zones = Zones(np.full(p, SIDE), np.zeros(p, dtype=np.int64))
    listed = data.draw(points(p))
    for y in listed:
        zones.add(np.array(y))
    for y in grid(p):
        dominated = any(np.all(np.array(z) <= y) for z in listed)
        assert bool(np.any(np.all(y < zones.U, axis=1))) == (not dominated)
    assert maximal(zones.U, np.zeros((0, p), dtype=np.int64)).all()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_proofs_close_what_they_prove_and_nothing_else(data: st.DataObject) -> None:
    p = 3
    zones = Zones(np.full(p, SIDE), np.zeros(p, dtype=np.int64))
    listed: list[np.ndarray] = []
    for _ in range(8):
        y = np.array(data.draw(points(p))[0])
        if data.draw(st.booleans()):
            if not any(np.all(y < w) for w in zones.W):
                zones.add(y)
                listed.append(y)
        elif not any(np.all(z < y) for z in listed):
            zones.prove(y)  # read as a proof that nothing lies below y
    open_ = [y for y in grid(p) if not any(np.all(y < w) for w in zones.W)]
    missing = [y for y in open_ if not any(np.all(z <= y) for z in listed)]
    for y in missing:
        assert np.any(np.all(y < zones.U, axis=1)), "an open point lies in no zone"
        assert all(np.all(zones.corner(u) <= y) for u in zones.U if np.all(y < u))
    if not listed:
        return
    Z = np.array(listed)
    zones.measure(np.array([3.0, 2.0, 5.0]))
    needed = max((np.min(np.max((Z - y) / zones.ranges, axis=1)) for y in missing), default=0.0)
    assert needed <= zones.epsilon() + 1e-12
    reference = np.full(p, SIDE)
    h, H = hypervolume(Z, reference), hypervolume(np.array([*listed, *open_]), reference)
    assert (H - h) / H <= zones.hypervolume_missing(reference) + 1e-12
    again = Zones(zones.ceiling, zones.floor)
    again.restore(zones.state())
    assert np.array_equal(again.gaps(), zones.gaps())


def test_epsilon_by_hand() -> None:
    zones = Zones(np.array([11, 11]), np.array([0, 0]))
    assert zones.epsilon() == np.inf
    zones.add(np.array([0, 10]))
    zones.add(np.array([10, 0]))
    zones.measure(np.array([10.0, 10.0]))
    # one zone is left between the two points: anything in it may be up to the whole range better on both axes
    assert zones.U.tolist() == [[10, 10]]
    assert zones.epsilon() == 1.0
    zones.prove(np.array([10, 6]))
    assert zones.corner(np.array([10, 10])).tolist() == [0, 6]
    assert zones.epsilon() == pytest.approx(0.4)
    zones.add(np.array([4, 6]))
    assert zones.U.tolist() == [[4, 10]]
    assert zones.epsilon() == pytest.approx(0.4)
    zones.prove(np.array([4, 9]))
    assert zones.epsilon() == pytest.approx(0.1)
    # below the reference (11, 11) the list dominates 1 + 7 * 5 - … by hand: columns 0-3: 1, 4-9: 5, 10: 11 high
    assert zones.hypervolume_missing(np.array([11, 11])) == pytest.approx((4 * 1) / (4 * 2 + 6 * 5 + 11))


def test_a_zone_set_aside_stays_open() -> None:
    zones = Zones(np.array([11, 11]), np.array([0, 0]))
    zones.add(np.array([5, 5]))
    zones.stall(np.array([5, 11]), np.array([0, 0]))
    zones.prove(np.array([11, 11]))
    assert len(zones) == 0
    assert zones.epsilon() > 0
    assert zones.hypervolume_missing(np.array([11, 11])) > 0


@settings(max_examples=40, deadline=None)
@given(points(3))
def test_nondominated_agrees_with_pymoo(rows: list[list[int]]) -> None:
    Y = np.array(rows)
    mine = {tuple(y) for y in Y[nondominated(Y)].tolist()}
    theirs = NonDominatedSorting().do(np.unique(Y, axis=0).astype(float), only_non_dominated_front=True)
    assert mine == {tuple(y) for y in np.unique(Y, axis=0)[theirs].tolist()}
    assert len(mine) == len(nondominated(Y))


@settings(max_examples=40, deadline=None)
@given(points(4))
def test_hypervolume_agrees_with_pymoo(rows: list[list[int]]) -> None:
    Y = np.array(rows)
    reference = np.full(4, SIDE)
    assert hypervolume(Y, reference) == pytest.approx(HV(ref_point=reference.astype(float))(Y.astype(float)))
