"""Lists at equal time and what ε costs: every list is feasible, and nothing is claimed of it that is not true."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import equal
from benchmarks.__main__ import cli
from benchmarks.cases import knapsack, plan
from benchmarks.clock import Clock
from benchmarks.cost import Cost, Levels, Reached, cost
from benchmarks.cost import table as costs_table
from benchmarks.equal import METHODS, Run, most, rows, table
from benchmarks.seeded import ALGORITHMS, Repaired, seeded
from benchmarks.spread import relaxed, spread
from benchmarks.weighted import GAP, WEIGHTS, weighted
from models.problem import Ints, Problem
from optimizer import solve
from optimizer.decide.compare.indicators import epsilon_additive
from optimizer.engines.relax import relax
from optimizer.engines.relax.cover import Cover
from optimizer.engines.zones import nondominated
from optimizer.stop import Progress, SolveLimit

README = Path(__file__).parents[1] / "benchmarks" / "README.md"


def truth(problem: Problem) -> Ints:
    front = solve(problem, method="labels")
    assert front.certificate.epsilon == 0
    return -front.counts


def cover_of(problem: Problem, solves: int = 40) -> Cover:
    found = relax(problem, stop=SolveLimit(solves))
    assert isinstance(found.open, Cover)
    return found.open


@pytest.mark.parametrize("p", [2, 3, 5])
def test_weights_are_spread_over_the_whole_simplex(p: int) -> None:
    weights = spread(60, p)
    assert weights.shape == (60, p)
    assert np.all(weights >= 0)
    assert np.allclose(weights.sum(axis=1), 1)
    assert np.array_equal(weights[:p].argmax(axis=1), np.arange(p))
    assert np.array_equal(spread(9, p), weights[:9])
    assert np.all(np.abs(weights[p:].mean(axis=0) - 1 / p) < 0.05)
    if p == 3:  # of 16 triangles of equal size each has some
        cells = {tuple(np.floor(4 * w).astype(int)) for w in weights[p:]}
        assert len(cells) == 16


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_of_any_list_is_true(seed: int) -> None:
    problem = plan(20, seed=seed)
    front, cover, rng = truth(problem), cover_of(problem), np.random.default_rng(seed)
    ranges = np.maximum(np.ptp(front, axis=0), 1).astype(float)
    for _ in range(25):
        part = front[rng.random(len(front)) < rng.uniform(0.05, 0.9)]
        worse = part + rng.integers(0, 9, part.shape)  # as if of worse portfolios
        for points in (part, worse):
            if len(points):
                lacks = epsilon_additive(points / ranges, front / ranges)
                assert lacks <= most(cover, points, ranges)
                assert most(cover, points, ranges) >= most(cover, front, ranges)
    assert most(cover, front[:0], ranges) == np.inf


def test_a_bound_that_a_point_contradicts_is_refused() -> None:
    problem = plan(20)
    front, cover = truth(problem), cover_of(problem)
    runs = {"growthring": [Run(front, 1.0, cover=cover)], "nsga2": [Run(front[:2], 1.0)]}
    assert [row.share <= 1 for row in rows(20, runs)] == [True, True]
    cover.halfspaces = [
        halfspace._replace(bound=halfspace.bound + int(halfspace.weights.sum()) * 500) for halfspace in cover.halfspaces
    ]
    with pytest.raises(ValueError, match="nsga2 lacks"):
        rows(20, runs)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_seeded_lists_are_feasible(algorithm: str) -> None:
    problem = plan(24)
    front = truth(problem)
    listed, generations = seeded(problem, algorithm, 1, Clock(0.5))
    assert generations >= 1
    assert len(nondominated(listed.Y)) == len(listed.Y) > 1
    assert float(problem.violations(listed.X).max()) == 0
    assert np.array_equal(-problem.evaluate(listed.X), listed.Y)
    for y in listed.Y:
        assert np.any(np.all(front <= y, axis=1)), "a point better than the complete front"


def test_repair_keeps_every_row_and_fills_up() -> None:
    problem = plan(40)
    seeds = relaxed(problem, 6, Clock(60), 1.0)
    rng = np.random.default_rng(0)
    wish = rng.random((60, 40)) < rng.random((60, 1))
    which = rng.integers(6, size=60)
    repair = Repaired(problem, seeds)
    made = repair.mended(wish, which)
    assert float(problem.violations(made).max()) == 0
    for x in made:
        more = np.where(np.eye(40, dtype=bool), True, x)[~x]
        assert np.all(problem.violations(more) > 0), "something still fits"
    assert np.array_equal(repair.mended(made, which), made)


def test_seeded_refuses_rows_with_lower_sides() -> None:
    problem = Problem.from_arrays([[1, 2], [2, 1]], [[1, 1]], [1], row_lower=[1])
    with pytest.raises(ValueError, match="no lower ones"):
        seeded(problem, "nsga2", 0, Clock(1))


def test_weighted_lists_the_best_of_each_weight() -> None:
    problem = knapsack(12)
    front = truth(problem)
    points, done = weighted(problem, Clock(np.inf))
    assert done == len(points) == WEIGHTS
    span = relaxed(problem, 3, Clock(60), 1.0).span
    for weights, y in zip(spread(WEIGHTS, 3), points, strict=True):
        best = float((front @ (weights / span)).min())
        assert best - 1e-9 <= y @ (weights / span) <= best + GAP * abs(best) + 1e-6


def test_weighted_stops_with_the_clock() -> None:
    points, done = weighted(plan(60), Clock(1e-9))
    assert done <= 1
    assert points.shape[1] == 3


def test_the_command_at_equal_time() -> None:
    said = CliRunner().invoke(
        cli, ["equal-time", "--projects", "40", "--seconds", "0.3", "--json"], catch_exceptions=False
    )
    found = [json.loads(line) for line in said.output.splitlines()]
    assert [row["method"] for row in found] == list(METHODS)
    assert all(row["projects"] == 40 and 0 < row["share"] <= 1 and 0 <= row["least"] <= row["most"] for row in found)
    assert found[0]["points"] > 1


def test_rounds_are_medians(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = plan(20)
    front, cover = truth(problem), cover_of(problem)
    turns: list[tuple[str, int]] = []

    def run(method: str, problem: Problem, seconds: float, seed: int) -> Run:
        turns.append((method, seed))
        return Run(front[: len(front) - seed], seconds + seed, "so", cover if method == "growthring" else None)

    monkeypatch.setattr(equal, "_run", run)
    found = equal.compare(20, 2.0, 3, finish=True)
    assert turns == [*((method, seed) for seed in range(3) for method in METHODS), ("weighted", 0)]
    assert [row.points for row in found] == [len(front) - 1] * 4 + [len(front)]
    assert found[-1].share == 1
    lines = list(table(found))
    assert len({line.count("|") for line in lines}) == 1
    assert lines[2].startswith(f"| 20 | growthring | 3.0 | {len(front) - 1} | ")


def progress(epsilon: float, points: int = 1) -> Progress:
    return Progress(0.0, points, 0, epsilon, 1)


def test_levels_are_noted_once_the_engine_has_counted_anew() -> None:
    rule = Levels((0.05, 0.02, 0.01), Clock(60))
    assert rule.enough == 0.01
    assert rule(progress(0.06)) is None
    assert rule(progress(0.04)) == "level reached"
    assert rule(progress(0.06)) is None, "by the ranges as they are it was not yet"
    assert rule.reached == {}
    assert rule(progress(0.02)) == "level reached"
    assert rule(progress(0.021, 7)) is None
    assert {level: at.points for level, at in rule.reached.items()} == {0.05: 7}
    assert rule(progress(0.009)) == "level reached"
    assert rule(progress(0.009, 9)) == "guarantee reached"
    assert {level: at.points for level, at in rule.reached.items()} == {0.05: 7, 0.02: 9, 0.01: 9}
    assert Levels((0.5,), Clock(0))(progress(0.9)) == "time limit"


def test_what_is_noted_has_been_proved() -> None:
    levels = (0.9, 0.5, 0.4, 0.3, 0.2, 0.1)
    found = cost(plan(60), levels, limit=1.0)
    assert (found.projects, found.objectives) == (60, 3)
    assert found.reached
    assert min(found.reached) >= found.epsilon
    assert list(found.reached) == [level for level in levels if level in found.reached]
    assert all(a.seconds <= b.seconds and a.points <= b.points for a, b in pairwise(found.reached.values()))


def test_the_command_for_costs(tmp_path: Path) -> None:
    how = ["cost", "--projects", "40", "--projects", "100", "--limit", "0.3"]
    said = CliRunner().invoke(cli, [*how, "--plots", str(tmp_path / "pictures")], catch_exceptions=False)
    assert said.exit_code == 0
    assert "| 40 |" in said.output
    pictures = sorted(tmp_path.glob("pictures/*.png"))
    assert [picture.name for picture in pictures] == ["cost-epsilon.png", "cost-size.png"]
    assert all(picture.stat().st_size > 10_000 for picture in pictures)
    page = README.read_text(encoding="utf-8")
    assert all(f"](pictures/{picture.name})" in page for picture in pictures)
    said = CliRunner().invoke(cli, [*how, "--json"], catch_exceptions=False)
    assert [json.loads(line)["projects"] for line in said.output.splitlines()] == [40, 100]


def test_costs_as_a_table() -> None:
    one = Cost(300, 3, {0.1: Reached(1.0, 9)}, 0.0512, 60.0, 250)
    *_, line = costs_table([one])
    assert line == "| 300 | 1.0 s (9) | – | – | – | – | – | 5.12 % in 60.0 s | 250 |"


def test_a_town_of_any_size_has_sparse_rows() -> None:
    problem = plan(5_000)
    assert problem.A.shape == (760, 5_000)
    assert problem.A.nnz < 5 * 5_000
