"""CP-SAT as the backend of ``search``: the same fronts and certificates, whatever happens to its processes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.problem import Problem
from optimizer import Guarantee, SolveLimit, Status, apart, solve
from optimizer.apart import Apart
from optimizer.engines.finite import activity_bounds
from optimizer.engines.query import Query
from optimizer.engines.whole import refusal, whole
from optimizer.run import read_run
from optimizer.solver import choose_method
from optimizer.stop import Progress
from tests.cli.invoke import growthring
from tests.engines.asked import queries, true_least
from tests.engines.small import any_rows, assert_true, brute_force, minimised, random_problem

here = pytest.mark.skipif(importlib.util.find_spec("ortools") is None, reason="the extra cpsat is not installed")


@pytest.mark.parametrize("seed", range(12))
def test_a_bound_of_the_whole_form_bounds_the_query(seed: int) -> None:
    """The least value of the whole form, by enumeration, proves at most the least value of the query, and nearly it."""
    problem = random_problem(seed, n=8)
    low, high = activity_bounds(problem.costs, problem)
    X = (np.arange(2**8)[:, None] >> np.arange(8)) & 1
    Y = X[problem.violations(X) <= 1e-9] @ problem.costs.T
    for query in queries(problem, seed):
        form, least = whole(query, low, high), true_least(problem, query)
        inside = Y[np.all(query.caps >= Y, axis=1)]
        if not len(inside):
            continue
        best = min(
            sum(w * int(v) for w, v in zip(form.weights, y, strict=True)) + form.reach * form.steps_of(y)
            for y in inside
        )
        assert all(form.least <= form.steps_of(y) <= 0 for y in inside)
        bound = form.bound(best)
        assert least - max(query.gap, query.precision) / 10 <= bound <= least + 1e-12


def test_a_bound_is_rounded_down_and_figures_may_be_large() -> None:
    """With figures of 10^12 fewer steps fit into 52 bits: the bound says less, and stays true."""
    rng = np.random.default_rng(0)
    low, high = np.zeros(3, dtype=np.int64), np.full(3, 10**12)
    for _ in range(50):
        y = rng.integers(0, 10**12, 3)
        ranges = rng.integers(1, 10**12, 3).astype(np.float64)
        for query in (
            Query(rng.uniform(0.01, 1, 3), np.full(3, np.inf)),
            Query(1e-4 / ranges, y.astype(np.float64), ranges, gap=1e-3),
        ):
            form = whole(query, low, high)
            best = sum(w * int(v) for w, v in zip(form.weights, y, strict=True)) + form.reach * form.steps_of(y)
            assert form.bound(best) <= query.value(y) + 1e-9 * abs(query.value(y))
    with pytest.raises(ValueError, match="needs a cap"):
        whole(Query(np.ones(3), np.full(3, np.inf), np.ones(3)), low, high)


def test_what_is_not_whole_is_refused_in_words() -> None:
    problem = random_problem(0)
    mixed = replace(problem, integer=np.arange(8) != 2, C=problem.C * (np.arange(8) != 2))
    assert refusal(problem) is None
    assert "1 of its 8 columns are continuous, start[P3,1] the first" in str(refusal(mixed))
    odd = Problem.from_arrays([[1, 2], [2, 1]], [[1, 1], [0.5, 1]], [1, 1])
    assert str(refusal(odd)) == "row row[2] has the figure 0.5, which is not whole"
    wide = replace(Problem.from_arrays([[1, 2], [2, 1]], [[1, 0]], [1]), upper=np.array([1, np.inf]))
    assert str(refusal(wide)) == "column start[P2,1] has no finite bounds"
    large = Problem.from_arrays([[1, 2], [2, 1]], [[2.0**52, 1]], [1])
    assert "figures beyond" in str(refusal(large))


def test_a_backend_that_is_not_to_be_had(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    problem = random_problem(0)
    with pytest.raises(ValueError, match="unknown backend 'scip'; backends are highs, cpsat"):
        solve(problem, backend="scip")
    with pytest.raises(ValueError, match="method labels does not ask the backend cpsat"):
        solve(problem, method="labels", backend="cpsat")
    with pytest.raises(ValueError, match="workers of a cluster do not ask"):
        solve(problem, method="search", backend="cpsat", cluster="tcp://127.0.0.1:1")
    monkeypatch.setattr(apart.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"pip install 'growthring\[cpsat\]'"):
        solve(problem, backend="cpsat")
    done = growthring("solve", "hamlet", "-o", tmp_path / "a", "--backend", "cpsat")
    assert done.exit_code == 2
    assert "pip install 'growthring[cpsat]'" in done.stderr
    assert list(tmp_path.iterdir()) == []


@here
def test_a_mixed_model_is_refused_on_the_command_line(tmp_path: Path) -> None:
    done = growthring("solve", "zigong", "-o", tmp_path / "a", "--backend", "cpsat")
    assert done.exit_code == 2
    assert "columns are continuous" in done.stderr
    assert "backend highs" in done.stderr


@here
@pytest.mark.parametrize("task", ["answers_are_true(range(6))", "lies_are_errors()"])
def test_the_gate(task: str) -> None:
    """OR-Tools cannot be loaded beside HiGHS, which this process may hold."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from tests.engines import asked; asked.{task}"
    code += "; assert 'highspy' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@here
def test_fronts_are_those_of_brute_force_and_every_stop_is_true() -> None:
    assert choose_method(random_problem(0), backend="cpsat")[0] == "search"
    problem = any_rows(4)
    front = solve(problem, backend="cpsat", workers=2)
    assert front.certificate.status is Status.COMPLETE
    assert minimised(problem, front.counts).tolist() == brute_force(problem).tolist()
    problem = random_problem(3, n=8)
    with closing(Apart(problem, 1)) as pool:
        for stop in (*map(SolveLimit, (1, 4, 9)), Guarantee(0.1)):
            part = solve(problem, pool=pool, stop=stop)
            assert_true(problem, part.counts, part.certificate)
        begun = solve(problem, pool=pool, stop=SolveLimit(6))
        ended, undisturbed = solve(problem, pool=pool, start=begun.known), solve(problem, pool=pool)
    assert ended.certificate.status is Status.COMPLETE
    assert ended.X.tolist() == undisturbed.X.tolist()


@here
def test_a_killed_process_is_replaced_and_the_front_is_complete() -> None:
    problem = random_problem(2, n=9)
    pool, killed = Apart(problem, 2), []

    def kill_one(progress: Progress) -> None:
        if progress.solves >= 6 and not killed:
            pool._all[0].kill()
            killed.append(True)

    with closing(pool):
        front = solve(problem, pool=pool, on_progress=kill_one)
    assert killed
    assert front.certificate.status is Status.COMPLETE
    assert_true(problem, front.counts, front.certificate)


@here
def test_crashes_are_survived_as_lost_workers_are(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(0, n=8)
    monkeypatch.setattr(apart, "SERVE", "from tests.engines.asked import serve_and_crash; serve_and_crash()")
    front = solve(problem, backend="cpsat")
    assert front.certificate.status is Status.COMPLETE
    assert minimised(problem, front.counts).tolist() == brute_force(problem).tolist()
    monkeypatch.setattr(apart, "SERVE", "raise SystemExit")
    none = solve(problem, backend="cpsat")
    assert none.certificate.stopped_by == "solver error"
    assert none.certificate.status is not Status.COMPLETE
    assert none.certificate.faults


@here
def test_the_run_folder_says_who_answered_and_resume_asks_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "a"
    asked: list[int] = []

    class Counted(Apart):
        def submit(self, query: Query) -> Any:
            asked.append(1)
            return super().submit(query)

    monkeypatch.setattr("optimizer.solver.Apart", Counted)
    growthring("solve", "hamlet", "-o", run, "--backend", "cpsat", "--guarantee", "0.9", "--quiet")
    begun = read_run(run)
    assert begun.manifest["options"]["backend"] == "cpsat"
    assert begun.manifest["packages"]["ortools"]
    assert begun.manifest["method"] == "search"
    first = len(asked)
    assert growthring("resume", run, "--cluster", "tcp://127.0.0.1:1").exit_code == 2
    growthring("resume", run, "--guarantee", "0", "--quiet")
    assert len(asked) > first
    assert read_run(run).certificate.status is Status.COMPLETE
    assert growthring("verify", run).exit_code == 0
