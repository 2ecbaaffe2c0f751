from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from models.problem import Objective
from optimizer.decide.compare import compare
from optimizer.decide.compare.attainment import QUARTILES, rectangles, surfaces
from optimizer.decide.compare.sides import Side
from tests.decide.compare.lists import GOALS, listing

THREE = (*GOALS, Objective("views", "max"))


def groups(p: int, runs: int, seed: int) -> list[list[list[tuple[int, ...]]]]:
    draw = np.random.default_rng(seed)
    return [[[tuple(map(int, row)) for row in draw.integers(0, 5, (3, p))] for _ in range(runs)] for _ in range(2)]


def attained(runs: list[list[tuple[int, ...]]], goals: tuple[Objective, ...], at: tuple[Fraction, ...]) -> int:
    signs = [1 if goal.sense == "max" else -1 for goal in goals]
    return sum(any(all(s * (a - b) >= 0 for s, a, b in zip(signs, x, at, strict=True)) for x in run) for run in runs)


@pytest.mark.parametrize("goals", [GOALS, THREE], ids=["two", "three"])
def test_surfaces_against_brute_force(goals: tuple[Objective, ...]) -> None:
    """On a grid: what k of n runs attain is what some corner of the surface matches or beats."""
    for seed in range(6):
        one, other = groups(len(goals), 5, seed)
        found = compare(*([listing(run, objectives=goals) for run in side] for side in (one, other)))
        for surface in surfaces(found.sides[0], found.scale):
            for at in itertools.product(range(5), repeat=len(goals)):
                point = tuple(map(Fraction, at))
                often = attained(one, goals, point) >= surface.share * 5
                assert often == bool(attained([list(surface.corners)], goals, point)), (seed, surface.share, at)


def test_runs_without_a_portfolio_attain_nothing() -> None:
    runs = [listing([(3, 2)]), listing([(2, 2)]), listing([]), listing([])]
    found = compare(runs, listing([(3, 2)]))
    assert [surface.corners for surface in surfaces(found.sides[0], found.scale)] == [((3, 2),), ((2, 2),), ()]
    assert rectangles(found.sides[0], found.sides[0], found.scale) == []


def test_differences_are_exact_shares() -> None:
    one, other = groups(2, 4, 9)
    found = compare(*([listing(run) for run in side] for side in (one, other)))
    for d in found.differences():
        assert d.base == Fraction(attained(one, GOALS, d.values), 4)
        assert d.other == Fraction(attained(other, GOALS, d.values), 4)
        assert d.gap == d.base - d.other


def test_rectangles_against_brute_force() -> None:
    """Inside a rectangle, both best corner included, the difference in shares is what is said."""
    for seed in range(5):
        one, other = groups(2, 3, seed)
        found = compare(*([listing(run) for run in side] for side in (one, other)))
        boxes = rectangles(found.sides[0], found.sides[1], found.scale)
        for at in itertools.product(range(5), repeat=2):
            point = tuple(map(Fraction, at))
            gap = Fraction(attained(one, GOALS, point) - attained(other, GOALS, point), 3)
            hits = [g for (a, b, c, d), g in boxes if _inside(found.scale, point, (a, b), (c, d))]
            assert sum(hits, Fraction(0)) == gap, (seed, at, hits)


def _inside(scale: object, point: tuple[Fraction, ...], best: tuple[object, ...], end: tuple[object, ...]) -> bool:
    for k, (value, near, far) in enumerate(zip(point, best, end, strict=True)):
        sign = 1 if GOALS[k].sense == "max" else -1
        if near is not None and sign * (value - near) > 0:  # type: ignore[operator]
            return False
        if far is not None and sign * (value - far) <= 0:  # type: ignore[operator]
            return False
    return True


def test_a_single_run_is_its_own_surface() -> None:
    side = Side("one", (listing([(3, 2), (1, 1)]),), ("one",))
    found = compare(side, listing([(3, 2)]))
    (surface,) = surfaces(found.sides[0], found.scale)
    assert surface.corners == ((3, 2), (1, 1))
    assert surface.share == 1


def test_with_four_objectives_the_surface_is_sampled() -> None:
    goals = (*THREE, Objective("shade", "max"))
    one, other = groups(4, 3, 2)
    found = compare(*([listing(run, objectives=goals) for run in side] for side in (one, other)))
    for surface, share in zip(surfaces(found.sides[0], found.scale), QUARTILES, strict=True):
        assert surface.sampled
        assert all(attained(one, goals, corner) >= share * 3 for corner in surface.corners)
