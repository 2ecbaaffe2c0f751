"""Apart: CP-SAT answers the queries, each solver in a process of its own that may crash without harm.

Needs the extra ``cpsat``. The processes are started as commands and not spawned as workers of an executor: a spawned
one loads its parent's main module first, and with it HiGHS perhaps, beside which OR-Tools cannot be loaded.
"""

from __future__ import annotations

import contextlib
import importlib.util
import pickle
import queue
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from typing import IO

from models.problem import Problem
from optimizer.engines.query import Outcome, Query
from optimizer.engines.whole import refusal
from optimizer.parallel import ctrl_c_is_for_the_parent

__all__ = ["Apart", "check"]

SERVE = "from optimizer.engines.cpsat import serve; serve()"


class Apart:
    """``workers`` processes with CP-SAT and the problem loaded. One that dies is replaced at the next query.

    Raises:
        ImportError: without the extra ``cpsat``.
        ValueError: the problem is none in whole numbers.
    """

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, problem: Problem, workers: int) -> None:
        check(problem)
        self.workers = workers
        self._problem = problem
        self._threads = ThreadPoolExecutor(workers)
        self._idle: queue.SimpleQueue[_Solver] = queue.SimpleQueue()
        self._all: list[_Solver] = []
        self._closed = False

    def submit(self, query: Query) -> Future[Outcome]:
        return self._threads.submit(self._ask, query)

    def alive(self) -> bool:
        return True

    def close(self) -> None:
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for solver in self._all:
            solver.kill()

    def _ask(self, query: Query) -> Outcome:
        try:
            solver = self._idle.get_nowait()
        except queue.Empty:
            solver = self._start()
        try:
            outcome = solver.ask(query)
        except (OSError, EOFError, pickle.UnpicklingError, ValueError) as error:
            solver.kill()
            raise BrokenExecutor("the process with CP-SAT died") from error
        self._idle.put(solver)
        return outcome

    def _start(self) -> _Solver:
        solver = _Solver(self._problem)
        self._all.append(solver)
        if self._closed:
            solver.kill()
        return solver


class _Solver:
    """One process; its path of imports is that of this one."""

    def __init__(self, problem: Problem) -> None:
        code = f"import sys; sys.path[:] = {sys.path!r}; {SERVE}"
        with ctrl_c_is_for_the_parent():
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._queries: IO[bytes] = self._process.stdin
        self._answers: IO[bytes] = self._process.stdout
        with contextlib.suppress(OSError):
            self._tell(problem)

    def ask(self, query: Query) -> Outcome:
        self._tell(query)
        outcome: Outcome = pickle.load(self._answers)
        return outcome

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._queries, self._answers):
            with contextlib.suppress(OSError, ValueError):
                pipe.close()

    def _tell(self, message: Problem | Query) -> None:
        pickle.dump(message, self._queries)
        self._queries.flush()


def check(problem: Problem) -> None:
    """Can CP-SAT be asked about ``problem``? Raises what :class:`Apart` does."""
    if importlib.util.find_spec("ortools") is None:
        raise ImportError("CP-SAT needs OR-Tools, which is not installed: pip install 'growthring[cpsat]'")
    if why := refusal(problem):
        raise ValueError(
            f"CP-SAT knows whole numbers only: {why}; solve this region with HiGHS (backend highs), or without what "
            "brings such figures in"
        )
