"""What label setting leaves open: every figure against its plain definition, and none that claims too much."""

from __future__ import annotations

import moocore
import numpy as np
import pytest

from models.problem import Floats, Ints
from optimizer.engines.labels import outer, reach
from optimizer.engines.labels.outer import Outer, Shells
from optimizer.engines.labels.regions import zones
from optimizer.engines.zones import nondominated


def volume(Y: Ints, reference: Ints) -> float:
    return float(moocore.hypervolume(Y.astype(np.float64), ref=reference.astype(np.float64)))


@pytest.mark.parametrize("p", [5, 6, 7])
def test_missing_hypervolume_counts_every_corner(p: int) -> None:
    """Many open corners: those that dominate little count, too."""
    rng = np.random.default_rng(p)
    corners = rng.integers(0, 50, (1200 if p == 6 else 320, p))
    corners = corners[np.argsort(corners.sum(axis=1) % 7, kind="stable")]
    points = np.full((1, p), 45)
    axes = Shells.of(corners.astype(np.int32), np.eye(p, dtype=np.int64), np.zeros(p, dtype=np.int64))
    reference = np.full(p, 50)
    missing = Outer(points, None, [axes], np.full(p, 99), np.zeros(p, dtype=np.int64)).hypervolume_missing(reference)
    whole = volume(np.vstack([points, corners]), reference)
    assert 1 - 5.0**p / whole <= missing <= 1


def test_many_points_count_for_no_less_than_they_dominate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outer, "ROWS", dict.fromkeys(range(2, 8), 5))
    rng = np.random.default_rng(1)
    for p in (2, 3, 5, 7):
        for _ in range(20):
            Y, reference = rng.integers(0, 40, (rng.integers(0, 60), p)), np.full(p, 30)
            whole = volume(Y[np.all(Y < reference, axis=1)], reference) if np.any(np.all(Y < reference, axis=1)) else 0
            assert whole - 1e-9 <= outer.most_hypervolume(Y, reference) <= 30.0**p


class Case:
    """Zones of a random list, and random shells of which some reach into them."""

    def __init__(self, seed: int, p: int) -> None:
        rng = np.random.default_rng(seed)
        self.p, self.ceiling, self.shift = p, np.full(p, 400), rng.integers(0, 3, p)
        points = rng.integers(20, 390, (60, p))
        self.points = points[nondominated(points)]
        self.U = zones(self.points, self.ceiling)
        self.weights = np.vstack([np.eye(p, dtype=np.int64) * 8, rng.integers(0, 9, (6, p))])
        self.parts = [self._shells(rng, size) for size in (1, 200, 90)]

    def _shells(self, rng: np.random.Generator, size: int) -> Ints:
        centres = rng.integers(10, 380, (size, self.p)) >> self.shift
        return centres @ self.weights.T - rng.integers(0, 60, (size, len(self.weights)))

    def outer(self) -> Outer:
        parts = [Shells.of(L.astype(np.int32), self.weights, self.shift) for L in self.parts]
        made = Outer(self.points, self.U, parts, self.ceiling, np.zeros(self.p, dtype=np.int64))
        made.measure(np.ptp(self.points, axis=0).astype(np.float64))
        return made

    def corner(self, u: Ints) -> Ints:
        """The definition, shell by shell and axis by axis."""
        corner = np.zeros_like(u)
        top = (u - 1) >> self.shift
        for L in self.parts:
            below = u.copy()
            for row in L:
                excess = self.weights @ top - row
                if np.all(excess >= 0):
                    drop = [
                        min(e // w for e, w in zip(excess, self.weights[:, k], strict=True) if w) for k in range(self.p)
                    ]
                    below = np.minimum(below, np.maximum(top - drop, 0) << self.shift)
            corner = np.maximum(corner, below)
        return corner

    def gap(self, u: Ints, corner: Ints, ranges: Floats) -> float:
        gap = float(np.max((self.points - corner) / ranges, axis=1).min())
        weights = self.weights / 2.0**self.shift
        bounded = u < self.ceiling
        top, slope = weights @ np.where(bounded, u, self.ceiling - 1), weights @ np.where(bounded, ranges, 0)
        for L in self.parts:
            with np.errstate(divide="ignore", invalid="ignore"):
                leave = np.where(slope > 0, (top - L) / slope, np.inf).min(axis=1)
            gap = min(gap, float(leave.max()))
        return max(gap, 0.0)


@pytest.mark.parametrize("p", [2, 3, 4])
@pytest.mark.parametrize("effort", [2**40, 3000, 1])
def test_open_zones_are_what_the_shells_leave(p: int, effort: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all the effort, exactly; with less, never more than the definition allows."""
    monkeypatch.setattr(outer, "EFFORT", effort)
    monkeypatch.setattr(reach, "LEAST", 1)
    for seed in range(6):
        case = Case(seed, p)
        made = case.outer()
        told = {tuple(box.bound.tolist()): box for box in made.boxes()}
        for u in case.U:
            corner = case.corner(u)
            box = told.get(tuple(u.tolist()))
            if box is None:
                assert np.any(corner >= u)
                continue
            gap = case.gap(u, corner, made.ranges)
            assert np.all(box.corner <= corner)
            assert box.epsilon >= gap - 1e-12
            if effort == 2**40:
                assert box.corner.tolist() == corner.tolist()
                assert box.epsilon == pytest.approx(gap, rel=1e-6, abs=1e-9)
        assert made.epsilon() == max((box.epsilon for box in told.values()), default=0.0)
