"""labels finds exactly the front that enumeration and search find, and what it certifies on the way is true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.formats import read_front, read_problem
from instances import generate
from models import formulate
from models.problem import Problem
from optimizer import Guarantee, SolveLimit, Status, TimeLimit, solve
from optimizer.engines.labels import engine, refusal
from optimizer.front import Front
from optimizer.solver import choose_method
from optimizer.stop import Progress
from tests.engines.small import any_rows, assert_true, brute_force, minimised, random_problem


def labels(problem: Problem, **options: object) -> Front:
    return solve(problem, method="labels", **options)


@pytest.mark.parametrize("p", [2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("part", range(5))
def test_front_equals_enumeration(part: int, p: int) -> None:
    for seed in range(10 * part, 10 * part + 10):
        make = any_rows if seed % 2 else random_problem
        problem = make(1000 * p + seed, n=5 + seed % 7, p=p)
        front, truth = labels(problem), brute_force(problem)
        assert front.certificate.status is Status.COMPLETE, seed
        assert minimised(problem, front.counts).tolist() == truth.tolist(), seed
        assert front.certificate.infeasible == (len(truth) == 0), seed
        if len(front):
            assert (problem.evaluate(front.X) == front.counts).all(), seed
            assert problem.violations(front.X).max() == 0, seed


@pytest.mark.parametrize("p", [2, 3, 4, 5, 6])
def test_front_equals_enumeration_of_more_columns(p: int) -> None:
    problem = any_rows(77 + p, n=13, p=p)
    assert minimised(problem, labels(problem).counts).tolist() == brute_force(problem).tolist()


def test_large_figures_are_exact() -> None:
    """Sums beyond 32 bits, and bounds that count in coarse units."""
    rng = np.random.default_rng(3)
    C = rng.integers(10**9, 10**11, (3, 11))
    A = rng.integers(10**8, 10**10, (2, 11))
    problem = Problem.from_arrays(C, A, A.sum(axis=1) // 2)
    front = labels(problem)
    assert minimised(problem, front.counts).tolist() == brute_force(problem).tolist()
    assert (problem.evaluate(front.X) == front.counts).all()


@pytest.mark.parametrize("seed", range(4))
def test_labels_and_search_agree_on_towns(seed: int) -> None:
    pure = ("budget", "relations", "synergy", "land", "ecology", "heritage", "coverage", "identity", "timeline")
    problem = formulate(generate(10, 2, 1, seed, objectives=3, mechanisms=pure))
    assert refusal(problem) is None
    assert labels(problem).counts.tolist() == solve(problem, method="search").counts.tolist()


KIRLIK = ["p-3_n-20_ins-1", "p-3_n-50_ins-1", "p-4_n-40_ins-1", "p-5_n-20_ins-1"]
CASES = [(f"mokp/kirlik/KP_{name}.dat", f"mokp/kirlik/EffSet_KP_{name}.txt", "kirlik") for name in KIRLIK] + [
    ("mokp/mobkp/random_5D_25_1.in", "mokp/mobkp/random_5D_25_1.in", "mobkp"),
    ("mokp/mobkp/random_6D_25_1.in", "mokp/mobkp/random_6D_25_1.in", "mobkp"),
    ("voptlib/2KP50-92.dat", "voptlib/2KP50-92.min", "voptlib"),
    ("voptlib/2KP50-50.dat", "voptlib/2KP50-50.min", "voptlib"),
]


@pytest.mark.parametrize(("file", "expected", "form"), CASES, ids=[Path(case[0]).stem for case in CASES])
def test_front_is_the_published_one(shared_data: Path, file: str, expected: str, form: str) -> None:
    problem = read_problem(shared_data / file, form)
    front = labels(problem)
    published = {tuple(y) for y in read_front(shared_data / expected, form).tolist()}
    assert {tuple(y) for y in front.counts.tolist()} == published
    assert front.certificate.status is Status.COMPLETE
    assert (problem.evaluate(front.X) == front.counts).all()
    assert problem.violations(front.X).max() == 0


def hard(seed: int, p: int) -> Problem:
    """A knapsack with a second row, large enough that several passes are needed and small enough to enumerate."""
    rng = np.random.default_rng(seed)
    A = rng.integers(5, 60, (2, 13))
    return Problem.from_arrays(rng.integers(1, 100, (p, 13)), A, A.sum(axis=1) // 2)


@pytest.mark.parametrize("p", [2, 3, 4, 5])
def test_certificate_is_true_wherever_it_stops(p: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WIDTHS", (1, 2, 4))
    problem = hard(p, p)
    total = labels(problem).certificate.solves
    known = []
    for solves in range(0, total + 1, max(1, total // 20)):
        front = labels(problem, stop=SolveLimit(solves))
        assert front.certificate.stopped_by in ("solve limit", "complete")
        if len(front):
            assert (problem.evaluate(front.X) == front.counts).all()
            assert problem.violations(front.X).max() == 0
        assert_true(problem, front.counts, front.certificate)
        known.append(front.certificate.epsilon)
    assert known[0] is None
    assert any(epsilon is not None and epsilon > 0 for epsilon in known)


def test_missing_points_lie_in_open_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WIDTHS", (1, 2, 4))
    monkeypatch.setattr("optimizer.solver.LISTED_REGIONS", 10**6)
    problem = hard(11, 3)
    truth = brute_force(problem)
    for solves in (14, 17, 20, 30):
        front = labels(problem, stop=SolveLimit(solves))
        listed = {tuple(y) for y in minimised(problem, front.counts).tolist()}
        regions = front.certificate.open_regions
        assert front.certificate.open_regions_total == len(regions)
        for y in truth.tolist():
            own = [-count for count in y]
            assert tuple(y) in listed or any(
                all(region.worst[f"f{k + 1}"] < own[k] <= region.best[f"f{k + 1}"] for k in range(3))
                for region in regions
            )


@pytest.mark.parametrize("p", [3, 5])
def test_memory_limit_is_kept_and_said(p: int) -> None:
    problem = hard(4, p)
    front = labels(problem, memory=20_000)
    assert front.certificate.stopped_by in ("memory limit", "complete")
    assert front.certificate.status is not Status.COMPLETE or front.certificate.stopped_by == "complete"
    assert_true(problem, front.counts, front.certificate)
    tight = labels(problem, memory=1)
    assert tight.certificate.stopped_by == "memory limit"
    assert tight.certificate.status is not Status.COMPLETE
    assert_true(problem, tight.counts, tight.certificate)


def test_guarantee_ends_early_and_is_kept() -> None:
    problem = hard(5, 3)
    front = labels(problem, stop=Guarantee(0.2))
    assert front.certificate.epsilon is not None
    assert front.certificate.epsilon <= 0.2
    assert_true(problem, front.counts, front.certificate)


def test_no_time_means_no_claim() -> None:
    certificate = labels(random_problem(1), stop=TimeLimit(0)).certificate
    assert certificate.status is Status.HEURISTIC
    assert certificate.epsilon is None
    assert certificate.stopped_by == "time limit"


@pytest.mark.parametrize("looks", [1, 5, 13, 20])
def test_ctrl_c_keeps_what_was_found(looks: int) -> None:
    problem = hard(6, 3)
    seen: list[Progress] = []

    def interrupt(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == looks:
            raise KeyboardInterrupt

    front = labels(problem, on_progress=interrupt)
    assert len(seen) == looks
    assert front.certificate.stopped_by == "interrupt"
    assert_true(problem, front.counts, front.certificate)


def test_same_front_every_time() -> None:
    problem = hard(7, 4)
    one, two = labels(problem), labels(problem)
    assert one.counts.tolist() == two.counts.tolist()
    assert one.X.tolist() == two.X.tolist()


def test_order_of_projects_and_scale_change_nothing() -> None:
    problem = any_rows(5, n=12, p=3)
    swap = np.random.default_rng(0).permutation(12)
    A = problem.A.toarray()
    sense = problem.objectives[0].sense
    sides = {"row_lower": problem.row_lower, "sense": sense}
    other = Problem.from_arrays(problem.C[:, swap], A[:, swap], problem.row_upper, **sides)
    scaled = Problem.from_arrays(problem.C, 3 * A, 3 * problem.row_upper, row_lower=3 * problem.row_lower, sense=sense)
    expected = labels(problem).counts.tolist()
    assert labels(other).counts.tolist() == expected
    assert labels(scaled).counts.tolist() == expected


def test_settled_columns_are_kept() -> None:
    problem = random_problem(9, n=9)
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[3] = 1
    upper[4] = 0
    settled = replace(problem, lower=lower, upper=upper)
    front = labels(settled)
    assert minimised(settled, front.counts).tolist() == brute_force(settled).tolist()
    assert (front.X[:, 3] == 1).all()
    assert (front.X[:, 4] == 0).all()


def test_one_portfolio_and_none() -> None:
    one = labels(Problem.from_arrays([[1, 2], [2, 1]], [[1, 1]], [9], row_lower=[2]))
    assert one.counts.tolist() == [[3, 3]]
    assert one.certificate.status is Status.COMPLETE
    none = labels(Problem.from_arrays([[1, 2], [2, 1]], [[1, 1]], [np.inf], row_lower=[3])).certificate
    assert none.infeasible
    assert none.status is Status.COMPLETE


REFUSED = {
    "is continuous": {"integer": np.array([True, False, True]), "C": np.array([[1, 0, 2], [2, 0, 1]])},
    "is not 0/1": {"upper": np.array([1.0, 3.0, 1.0])},
    "no whole numbers": {"A": Problem.from_arrays([[1, 1, 1]] * 2, [[0.5, 1, 1]], [2]).A},
    "too large": {"C": np.full((2, 3), 2**60)},
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_it_cannot_take_is_refused_with_the_reason(why: str) -> None:
    problem = replace(Problem.from_arrays([[1, 3, 2], [2, 1, 1]], [[1, 1, 1]], [2]), **REFUSED[why])
    with pytest.raises(ValueError, match=why):
        labels(problem)
    assert choose_method(problem)[0] == "search"
