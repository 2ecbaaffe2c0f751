from __future__ import annotations

import os
from random import Random
from typing import Any

import numpy as np
import pytest

from instances.generate import MECHANISMS, generate
from instances.read import read_region
from instances.region import Region
from instances.shipped import shipped_folder
from models import Problem, formulate
from optimizer import Status, solve
from optimizer.engines.completion import Completion
from optimizer.engines.evolve import evolve
from optimizer.engines.evolve.relaxations import relaxations
from optimizer.engines.evolve.task import Task
from optimizer.engines.found import Found, Known
from optimizer.methods import ALGORITHMS
from optimizer.stop import Progress, SolveLimit, TimeLimit
from optimizer.verify import Auditor
from tests.engines.small import any_rows, brute_force, minimised, random_problem

SELECTIONS = int(os.environ.get("GROWTHRING_SELECTIONS", "40"))
"""Random selections that are evaluated three times; 10,000 take some minutes."""
FEW = SolveLimit(201)


def drawn_region(seed: int) -> Region:
    draw = Random(seed)
    kept = draw.sample(list(MECHANISMS), draw.randint(3, len(MECHANISMS)))
    return generate(14, 2, draw.choice((1, 1, 2, 3)), seed, objectives=3, mechanisms=kept)


@pytest.mark.parametrize("seed", range(8))
def test_every_portfolio_stands_the_audit(seed: int) -> None:
    region = drawn_region(seed)
    front = solve(formulate(region), method="evolve", algorithm=ALGORITHMS[seed % 4], seed=seed, stop=FEW)
    assert len(front)
    auditor, names = Auditor(region), [o.name for o in front.problem.objectives]
    for values, starts in zip(front.values, front.starts.tolist(), strict=True):
        plan = {project: start for project, start in zip(front.projects, starts, strict=True) if start}
        audit = auditor.evaluate(plan, names)
        assert not audit.broken
        assert [audit.values[name] for name in names] == values


def test_pymoo_the_problem_and_the_audit_agree_to_the_last_quantum() -> None:
    """Random selections of the demonstration region, with all its mechanisms, made to keep the rules."""
    folder = shipped_folder("zigong")
    assert folder is not None
    region = read_region(folder)
    problem = formulate(region)
    completion = Completion(problem)
    task = Task(completion, np.full(3, -17.0), np.full(3, 3.0))
    rng = np.random.default_rng(0)
    auditor, names = Auditor(region), [o.name for o in problem.objectives]
    seen = 0
    while seen < SELECTIONS:
        wish = rng.random((100, len(completion.free))) < rng.uniform(0.02, 0.2, (100, 1))
        order = np.lexsort((rng.random(wish.shape), ~wish), axis=1)
        D = task.repaired(order, wish)
        X, _, broken = completion.decided(D)
        figures: dict[str, Any] = {}
        task._evaluate(D, figures)
        assert np.array_equal(figures["G"][:, 0] == 0, broken == 0)
        counts = minimised(problem, np.rint(figures["F"] * task.span + task.ideal).astype(np.int64))
        feasible = np.flatnonzero(broken == 0)[: SELECTIONS - seen]
        assert problem.violations(X[feasible]).max(initial=0) <= 1e-6
        assert np.array_equal(counts[feasible], problem.evaluate(X[feasible]))
        for k in feasible:
            chosen = {d.project: d.period for d in problem.decisions if X[k, d.column] > 0.5}
            audit = auditor.evaluate(chosen, names)
            assert not audit.broken
            values = {o.name: o.value(int(c)) for o, c in zip(problem.objectives, counts[k], strict=True)}
            assert audit.values == values
        seen += len(feasible)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_better_than_the_complete_front(algorithm: str, seed: int) -> None:
    for problem in (random_problem(seed, n=10), any_rows(seed, n=10, p=2 + seed)):
        truth = brute_force(problem)
        front = solve(problem, method="evolve", algorithm=algorithm, seed=seed, stop=SolveLimit(500))
        assert front.certificate.status is Status.HEURISTIC
        assert front.certificate.epsilon is None
        found = minimised(problem, front.counts)
        assert all(np.any(np.all(truth <= y, axis=1)) for y in found)
        assert len(found) >= 0.6 * len(truth)
        assert np.array_equal(problem.evaluate(front.X), front.counts)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_labels_list_what_evolution_finds(algorithm: str) -> None:
    problem = formulate(generate(14, 2, 1, 5, objectives=3, mechanisms=("budget", "relations", "synergy", "land")))
    truth = minimised(problem, solve(problem, method="labels").counts)
    found = minimised(problem, solve(problem, method="evolve", algorithm=algorithm, stop=SolveLimit(300)).counts)
    assert all(np.any(np.all(truth <= y, axis=1)) for y in found)
    assert len({*map(tuple, truth)} & {*map(tuple, found)}) >= 0.8 * len(truth)


@pytest.fixture(scope="module")
def town() -> Problem:
    """A town with continuous columns, for which rows are learnt."""
    kept = ("budget", "relations", "synergy", "land", "network", "identity")
    return formulate(generate(24, 2, 2, 1, objectives=3, mechanisms=kept))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_same_seed_gives_the_same_front(town: Problem, algorithm: str) -> None:
    one, same = (solve(town, method="evolve", algorithm=algorithm, seed=7, stop=FEW) for _ in range(2))
    assert np.array_equal(one.counts, same.counts)
    assert np.array_equal(one.X, same.X)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_resumed_run_finds_what_one_without_a_break_does(town: Problem, algorithm: str) -> None:
    kept: list[Found] = []
    whole = evolve(town, algorithm=algorithm, seed=1, stop=SolveLimit(600), keep=lambda take: kept.append(take()))
    for part in kept[1:2]:
        start = Known(np.array(part.X), np.array(part.Y), part.arrays)
        left = SolveLimit(whole.solves - part.solves)
        rest = evolve(town, algorithm=algorithm, seed=1, stop=left, start=start)
        assert part.solves + rest.solves == whole.solves
        assert np.array_equal(rest.Y, whole.Y)
        assert np.array_equal(rest.X, whole.X)
        assert {name: array.tolist() for name, array in rest.arrays.items()} == {
            name: array.tolist() for name, array in whole.arrays.items()
        }
    assert all(array.dtype != object for array in whole.arrays.values())
    assert len(whole.arrays["cut_sides"])


def test_a_run_without_further_children_may_be_resumed() -> None:
    problem = Problem.from_arrays([[3, 4], [5, 1]], [[2, 3]], [4])
    front = solve(problem, method="evolve")
    again = solve(problem, method="evolve", start=front.known)
    assert (again.certificate.stopped_by, again.counts.tolist()) == ("no more children", front.counts.tolist())


def test_the_state_of_another_problem_is_refused(town: Problem) -> None:
    other = random_problem(0)
    state = evolve(other, algorithm="nsga2", seed=0, stop=SolveLimit(1))
    start = Known(np.array(state.X), np.array(state.Y), state.arrays)
    with pytest.raises(ValueError, match="does not fit"):
        evolve(town, algorithm="nsga2", seed=0, stop=FEW, start=start)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    "rows",
    [
        ([[2, 2, 2, 2]], [3], [3]),  # nothing is odd: only trying tells
        ([[1, 1, 1, 1]], [5], [9]),  # four are not five: propagation tells
        ([[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, 0]], [1, 1, 1], [1, 1, 1]),  # three halves: the relaxation does not
    ],
)
def test_nothing_found_is_not_called_infeasible(algorithm: str, rows: Any) -> None:
    A, low, high = rows
    problem = Problem.from_arrays([[1, 2, 3, 4], [4, 3, 2, 1]], A, high, row_lower=low)
    front = solve(problem, method="evolve", algorithm=algorithm, stop=FEW)
    proof = front.certificate
    assert len(front) == 0
    assert not proof.infeasible
    assert proof.status is Status.HEURISTIC
    assert "not proved" in proof.in_words()


def test_no_decision_is_left() -> None:
    problem = Problem.from_arrays([[1, 2], [2, 1]], [[1, 1]], [2], row_lower=[2])
    front = solve(problem, method="evolve")
    assert front.counts.tolist() == [[3, 3]]
    assert front.certificate.status is Status.HEURISTIC


def test_stop_rules(town: Problem) -> None:
    assert solve(town, method="evolve", stop=FEW).certificate.stopped_by == "solve limit"
    late = solve(town, method="evolve", stop=TimeLimit(1e-9)).certificate
    assert (late.stopped_by, late.points) == ("time limit", 0)
    small = solve(Problem.from_arrays([[3, 4], [5, 1]], [[2, 3]], [4]), method="evolve").certificate
    assert small.stopped_by == "no more children"
    assert small.points == 2


def test_relaxations_end_when_time_is_over(town: Problem) -> None:
    completion = Completion(town)
    looks = iter([False, False, True])
    known = relaxations(completion, np.random.default_rng(0), lambda: next(looks, True))
    assert known is not None
    assert len(known.solutions) == len(town.objectives) + 2


def test_ctrl_c_keeps_what_was_found(town: Problem) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.solves > 200:
            raise KeyboardInterrupt

    front = solve(town, method="evolve", seed=2, on_progress=interrupt)
    assert front.certificate.stopped_by == "interrupt"
    assert front.certificate.status is Status.HEURISTIC
    assert np.array_equal(front.counts, solve(town, method="evolve", seed=2, stop=SolveLimit(201)).counts)


def test_refusals() -> None:
    problem = random_problem(0, p=5)
    with pytest.raises(ValueError, match="up to 4 objectives"):
        solve(problem, method="evolve", algorithm="sms-emoa")
    with pytest.raises(ValueError, match="unknown algorithm 'genetic'"):
        solve(problem, method="evolve", algorithm="genetic")
