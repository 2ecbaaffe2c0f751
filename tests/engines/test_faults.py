"""A solver that fails, times out or lies at call k, for every k: never COMPLETE, never a wrong ε."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable

import numpy as np
import pytest

from models.problem import Problem
from optimizer import Status, solve
from optimizer.engines.highs import Highs
from optimizer.engines.query import Outcome, Query, Verdict
from optimizer.parallel import Processes, Serial
from optimizer.stop import Progress
from tests.engines.small import assert_true, random_problem


class FailsAt:
    """A gate that answers truly but for call ``k``."""

    def __init__(self, problem: Problem, k: int, fault: Callable[[Outcome], Outcome]) -> None:
        self._gate, self._k, self._fault, self._calls = Highs(problem), k, fault, 0

    def minimize(self, query: Query) -> Outcome:
        self._calls += 1
        outcome = self._gate.minimize(query)
        return self._fault(outcome) if self._calls == self._k else outcome


def _raise(outcome: Outcome) -> Outcome:
    raise RuntimeError("the worker died")


FAULTS: dict[str, Callable[[Outcome], Outcome]] = {
    "raises": _raise,
    "fails": lambda _: Outcome(Verdict.ERROR, why="out of memory"),
    "times out with nothing": lambda _: Outcome(Verdict.LIMIT),
    "times out with a point": lambda o: Outcome(Verdict.LIMIT, o.x, o.y, o.bound - 3),
    "calls it infeasible": lambda _: Outcome(Verdict.INFEASIBLE, bound=math.inf),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seed", range(3))
def test_a_fault_at_call_k_never_gives_complete(fault: str, seed: int) -> None:
    problem = random_problem(seed, n=7)
    total = solve(problem, method="search").certificate.solves
    for k in range(1, total + 1):
        front = solve(problem, pool=Serial(FailsAt(problem, k, FAULTS[fault])))
        assert front.certificate.status is not Status.COMPLETE, k
        assert front.certificate.faults
        assert front.certificate.stopped_by == "solver error"
        assert_true(problem, front.counts, front.certificate)


class LiesAt(Highs):
    """HiGHS itself says something untrue at call ``k``, and again when it is asked a second time if ``stubborn``."""

    def __init__(self, problem: Problem, k: int, lie: str, *, stubborn: bool) -> None:
        super().__init__(problem)
        self._k, self._lie, self._stubborn, self._calls = k, lie, stubborn, 0
        self._asked: Query | None = None

    def minimize(self, query: Query) -> Outcome:
        self._calls += 1
        self._asked, self._first = query, True
        return super().minimize(query)

    def _answer(self) -> tuple[str, np.ndarray | None, float]:
        word, x, bound = super()._answer()
        told, self._first = self._first, False
        if self._calls != self._k or not (told or self._stubborn):
            return word, x, bound
        assert x is not None
        match self._lie:
            case "optimal, but the point is a worse one":
                start = None if self._asked is None else self._asked.start
                return "Optimal", start, bound - 2
            case "optimal, but the point breaks a row":
                return "Optimal", np.ones_like(x), bound
            case "optimal, but the point is not a number":
                return "Optimal", np.full_like(x, math.nan), bound
            case "optimal without a point":
                return "Optimal", None, bound
            case "infeasible with a point":
                return "Infeasible", x, bound
            case "a bound above its own point":
                return "Optimal", x, bound + 5
            case "not a number":
                return "TimeLimit", x, math.nan
            case _:
                return "SolveError", None, -math.inf


LIES = [
    "optimal, but the point is a worse one",
    "optimal, but the point breaks a row",
    "optimal, but the point is not a number",
    "optimal without a point",
    "infeasible with a point",
    "a bound above its own point",
    "not a number",
    "another status",
]


@pytest.mark.parametrize("lie", LIES)
def test_a_stubborn_lie_at_call_k_never_gives_complete(lie: str) -> None:
    problem = random_problem(1, n=7)
    total = solve(problem, method="search").certificate.solves
    for k in range(1, total + 1):
        front = solve(problem, pool=Serial(LiesAt(problem, k, lie, stubborn=True)))
        assert front.certificate.status is not Status.COMPLETE, k
        assert_true(problem, front.counts, front.certificate)


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_that_is_mended_on_a_second_asking_does_no_harm(lie: str) -> None:
    problem = random_problem(1, n=7)
    total = solve(problem, method="search").certificate.solves
    for k in range(1, total + 1):
        front = solve(problem, pool=Serial(LiesAt(problem, k, lie, stubborn=False)))
        assert front.certificate.status is Status.COMPLETE
        assert_true(problem, front.counts, front.certificate)


def test_lost_workers_keep_what_was_found() -> None:
    problem = random_problem(2, n=9)
    pool = Processes(problem, 2)

    def kill_after_a_while(progress: Progress) -> None:
        if progress.solves >= 8:
            for process in multiprocessing.active_children():
                process.kill()

    try:
        front = solve(problem, pool=pool, on_progress=kill_after_a_while)
    finally:
        pool.close()
    assert front.certificate.stopped_by == "solver error"
    assert front.certificate.status is not Status.COMPLETE
    assert len(front) > 0
    assert_true(problem, front.counts, front.certificate)


def test_ctrl_c_keeps_what_was_found() -> None:
    problem = random_problem(2, n=8)

    class Interrupted(FailsAt):
        def minimize(self, query: Query) -> Outcome:
            if self._calls == 6:
                raise KeyboardInterrupt
            return super().minimize(query)

    front = solve(problem, pool=Serial(Interrupted(problem, 0, _raise)))
    assert front.certificate.stopped_by == "interrupt"
    assert len(front) > 0
    assert_true(problem, front.counts, front.certificate)
