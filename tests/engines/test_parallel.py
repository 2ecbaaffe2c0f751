"""One worker, several processes, a cluster: the same certificate, whoever answers and whoever is lost on the way."""

from __future__ import annotations

import builtins
import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import Any

import pytest

from optimizer import Guarantee, Status, solve
from optimizer.engines.highs import Highs
from optimizer.engines.query import Outcome, Query
from optimizer.parallel import Processes
from optimizer.stop import Progress, SolveLimit
from tests.engines.small import assert_true, brute_force, minimised, random_problem


def test_a_killed_process_is_replaced_and_the_front_is_complete() -> None:
    problem = random_problem(2, n=9)
    pool = Processes(problem, 2)
    killed: list[int] = []

    def kill_one(progress: Progress) -> None:
        if progress.solves >= 6 and not killed:
            victim = multiprocessing.active_children()[0]
            victim.kill()
            killed.append(victim.pid or 0)

    try:
        front = solve(problem, pool=pool, on_progress=kill_one)
    finally:
        pool.close()
    assert killed
    assert front.certificate.status is Status.COMPLETE
    assert_true(problem, front.counts, front.certificate)


UNGUARDED = """
import numpy as np
from models import Problem
from optimizer import SolveLimit, solve

rng = np.random.default_rng(0)
problem = Problem.from_arrays(rng.integers(1, 9, (2, 400)), rng.integers(1, 9, (80, 400)), np.full(80, 900))
print(solve(problem, method="search", workers=2, stop=SolveLimit(99)).certificate.faults)
"""


def test_workers_that_die_at_their_start_end_the_search_with_a_fault(tmp_path: Path) -> None:
    """Workers cannot load a script without a guard of its entry point, and the problem is larger than a pipe."""
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False)
    assert "bootstrapping phase" in done.stderr
    assert "worker lost: all of them" in done.stdout


class Flaky:
    """A pool of three whose workers are lost whenever ``lost`` says so; answers come in any order."""

    workers = 3
    lost = (BrokenExecutor,)

    def __init__(self, problem: Any, losses: dict[int, int], alive: bool = True) -> None:
        self._gate, self._losses, self._calls, self._alive = Highs(problem), losses, 0, alive

    def submit(self, query: Query) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        self._calls += 1
        if self._calls in self._losses:
            if self._losses[self._calls]:
                raise BrokenExecutor("nobody there")
            future.set_exception(BrokenExecutor("killed"))
        else:
            future.set_result(self._gate.minimize(query))
        return future

    def alive(self) -> bool:
        return self._alive

    def close(self) -> None:
        pass


@pytest.mark.parametrize("at_once", [0, 1], ids=["on the way", "when asked"])
def test_a_worker_lost_at_call_k_does_no_harm(at_once: int) -> None:
    problem = random_problem(1, n=8)
    total = solve(problem, pool=Flaky(problem, {})).certificate.solves
    for k in range(1, total + 1):
        front = solve(problem, pool=Flaky(problem, {k: at_once, k + 2: at_once}))
        assert front.certificate.status is Status.COMPLETE
        assert_true(problem, front.counts, front.certificate)


@pytest.mark.parametrize("k", range(0, 40, 4))
def test_all_queries_under_way_may_lose_their_workers_at_once(k: int) -> None:
    """For a guarantee several are under way for each worker; a pool that breaks as a whole loses them all."""
    problem = random_problem(4, n=14, p=3)
    lost: list[Query] = []

    class Breaking(Flaky):
        """From call ``k`` on, sixteen queries lose their workers, each of them once."""

        def submit(self, query: Query) -> Future[Outcome]:
            if self._calls >= k and len(lost) < 16 and not any(query is one for one in lost):
                lost.append(query)
                self._losses[self._calls + 1] = 0
            return super().submit(query)

    front = solve(problem, pool=Breaking(problem, {}), stop=Guarantee(1e-4))
    assert len(lost) == 16
    assert front.certificate.stopped_by in {"guarantee reached", "complete"}
    assert front.certificate.faults == ()
    assert_true(problem, front.counts, front.certificate)


def test_workers_lost_for_good_end_the_search_with_the_truth() -> None:
    problem = random_problem(1, n=8)
    total = solve(problem, pool=Flaky(problem, {})).certificate.solves
    for k in range(1, total, 3):
        front = solve(problem, pool=Flaky(problem, dict.fromkeys(range(k, 1000), 0)))
        assert front.certificate.status is not Status.COMPLETE
        assert front.certificate.stopped_by == "solver error"
        assert any(fault.startswith("worker lost") for fault in front.certificate.faults)
        assert_true(problem, front.counts, front.certificate)
        rest = solve(problem, method="search", start=front.known)
        assert rest.certificate.status is Status.COMPLETE
        assert_true(problem, rest.counts, rest.certificate)


def test_nobody_left_who_could_answer() -> None:
    problem = random_problem(1, n=8)

    class Silent(Flaky):
        def submit(self, query: Query) -> Future[Outcome]:
            return Future()

    front = solve(problem, pool=Silent(problem, {}, alive=False))
    assert front.certificate.status is Status.HEURISTIC
    assert front.certificate.faults == ("worker lost: all of them",)


def test_a_cluster_whose_worker_is_killed_on_the_way() -> None:
    distributed = pytest.importorskip("distributed")
    problem = random_problem(2, n=12)
    killed: list[int] = []
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        workers = list(cluster.workers.values())

        def kill_one(progress: Progress) -> None:
            if progress.solves >= 5 and not killed:
                killed.append(workers[0].pid)
                os.kill(killed[0], signal.SIGKILL)

        address = cluster.scheduler_address
        front = solve(problem, method="search", cluster=address, on_progress=kill_one)
        part = solve(problem, method="search", cluster=address, stop=SolveLimit(5))
    assert killed
    assert front.certificate.status is Status.COMPLETE
    assert minimised(problem, front.counts).tolist() == brute_force(problem).tolist()
    assert part.certificate.status is not Status.COMPLETE
    assert_true(problem, part.counts, part.certificate)


def test_a_cluster_without_the_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("distributed"):
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "optimizer.cluster", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install 'growthring\[dask\]'"):
        solve(random_problem(0), method="search", cluster="tcp://127.0.0.1:1")
