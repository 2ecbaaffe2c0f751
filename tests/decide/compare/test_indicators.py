"""The indicators equal pymoo's on its test fronts, and brute force on small ones."""

from __future__ import annotations

import itertools
import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from models.problem import Objective
from optimizer.decide.compare import compare, indicators
from optimizer.decide.compare.answers import nearest
from optimizer.decide.compare.indicators import (
    coverage,
    epsilon_additive,
    epsilon_multiplicative,
    hypervolume,
    igd_plus,
    volume_is_estimated,
)
from optimizer.decide.compare.scale import Scale
from tests.decide.compare.lists import listing


def published(name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymoo.problems import get_problem
        from pymoo.util.ref_dirs import get_reference_directions

        problem = get_problem(name)
        if name.startswith("dtlz"):
            front = problem.pareto_front(get_reference_directions("das-dennis", 3, n_partitions=12))
        else:
            front = problem.pareto_front()
    return np.asarray(front, dtype=np.float64)


NAMES = ("zdt1", "zdt2", "zdt3", "zdt4", "zdt6", "dtlz1", "dtlz2")


@pytest.mark.parametrize("name", NAMES)
def test_equal_to_pymoo_on_its_published_fronts(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymoo.indicators.epsilon import Epsilon, EpsilonMultiplicative
        from pymoo.indicators.hv import HV
        from pymoo.indicators.igd_plus import IGDPlus

    front = published(name)
    draw = np.random.default_rng(5)
    found = front[draw.permutation(len(front))[:40]] + draw.uniform(0, 0.2, (40, front.shape[1]))
    corner = np.full(front.shape[1], 1.5)
    assert hypervolume(found, corner) == pytest.approx(HV(ref_point=corner)(found), rel=1e-12)
    assert epsilon_additive(found, front) == pytest.approx(Epsilon(front)(found), rel=1e-12)
    assert igd_plus(found, front) == pytest.approx(IGDPlus(front)(found), rel=1e-12)
    positive = front + 1
    assert epsilon_multiplicative(found + 1, positive) == pytest.approx(
        EpsilonMultiplicative(positive)(found + 1), rel=1e-12
    )


@pytest.mark.parametrize("name", ["zdt3", "dtlz2"])
def test_the_exact_epsilon_of_a_comparison_is_pymoos(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymoo.indicators.epsilon import Epsilon

    front = published(name)[::3]
    draw = np.random.default_rng(6)
    found = front[::2] + draw.uniform(0, 0.2, (len(front[::2]), front.shape[1]))
    goals = [Objective(f"f{k}", "min") for k in range(front.shape[1])]
    exact = [listing(points.tolist()[:10], objectives=goals) for points in (front, found)]
    result = compare(*exact)
    floats = [np.array([[float(v) for v in row] for row in x.values]) for x in exact]
    spans = np.array([float(v) for v in result.scale.ranges])
    wanted = Epsilon(floats[0] / spans)(floats[1] / spans)
    (epsilon,) = result.pairs[0].epsilons
    assert epsilon is not None
    assert float(epsilon) == pytest.approx(wanted, rel=1e-12)


def test_hypervolume_by_inclusion_and_exclusion() -> None:
    draw = np.random.default_rng(1)
    for p in (2, 3, 4, 5):
        points = draw.integers(0, 9, (7, p)).astype(float)
        corner = np.full(p, 8.0)
        volume = 0.0
        for size in range(1, len(points) + 1):
            for some in itertools.combinations(points, size):
                edge = np.maximum(corner - np.max(some, axis=0), 0)
                volume -= (-1) ** size * float(np.prod(edge))
        assert hypervolume(points, corner) == pytest.approx(volume)


def test_a_volume_that_takes_too_long_is_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    assert volume_is_estimated(310, 7)
    assert not volume_is_estimated(150, 7)
    draw = np.random.default_rng(2)
    points = np.abs(draw.normal(size=(50, 5)))
    points = 1 - points / np.linalg.norm(points, axis=1)[:, None]
    exact = hypervolume(points, np.full(5, 1.1))
    monkeypatch.setattr(indicators, "EXACT_UP_TO", {5: 10})
    estimated = hypervolume(points, np.full(5, 1.1))
    assert estimated != exact
    assert estimated == pytest.approx(exact, rel=0.01)


def test_signs_and_directions() -> None:
    better, worse = [[1.0, 1.0]], [[2.0, 3.0]]
    assert epsilon_additive(worse, better) == 2.0
    assert epsilon_additive(better, worse) == -1.0
    assert epsilon_multiplicative(better, worse) == 0.5
    assert igd_plus(better, worse) == 0.0
    assert (coverage(better, worse), coverage(worse, better)) == (1.0, 0.0)


def test_zeros_and_senses_of_the_factor() -> None:
    assert epsilon_multiplicative([[0, 5]], [[0, 5]]) == 1.0
    assert epsilon_multiplicative([[1, 5]], [[0, 5]]) == np.inf
    assert epsilon_multiplicative([[10, 4]], [[0, 4]], [True, False]) == 1.0
    assert epsilon_multiplicative([[0, 4]], [[10, 4]], [True, False]) == np.inf
    assert epsilon_multiplicative([[5, 8]], [[10, 4]], [True, False]) == 2.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hypervolume([[np.nan, 1]], [2, 2]), "not a number"),
        (lambda: epsilon_additive([[np.nan, 1]], [[2, 2]]), "not a number"),
        (lambda: igd_plus([], [[2, 2]]), "empty list"),
        (lambda: coverage([[1, 2, 3]], [[2, 2]]), "3 objectives, expected 2"),
        (lambda: epsilon_multiplicative([[-1, 2]], [[2, 2]]), "not negative"),
    ],
)
def test_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_the_nearest_answer_is_exact() -> None:
    """Against brute force in fractions, with differences far below what floats can tell."""
    draw = np.random.default_rng(3)
    goals = (Objective("a", "max"), Objective("b", "min"), Objective("c", "max"))
    tiny = Fraction(1, 10**20)
    for _ in range(30):
        one, other = (
            [tuple(int(v) + int(e) * tiny for v, e in zip(*draw.integers(0, 4, (2, 3)), strict=True)) for _ in range(9)]
            for _ in range(2)
        )
        scale = Scale.over(goals, [*one, *other])
        for point, (row, loss) in zip(one, nearest(one, other, scale), strict=True):
            losses = [max(-g / r for g, r in zip(scale.gains(o, point), scale.ranges, strict=True)) for o in other]
            assert loss == min(losses) == losses[row]
            covered = any(all(g >= 0 for g in scale.gains(o, point)) for o in other)
            assert (loss <= 0) == covered
