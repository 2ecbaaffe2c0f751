"""Who answers the queries: this process, or spawned workers with a solver each."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Protocol

from models.problem import Problem
from optimizer.engines.highs import Gate, Highs, Outcome, Query

__all__ = ["Pool", "Processes", "Serial"]


class Pool(Protocol):
    """Answers up to ``workers`` queries at once."""

    workers: int

    def submit(self, query: Query) -> Future[Outcome]: ...

    def close(self) -> None: ...


class Serial:
    """Answers each query at once, in this process."""

    workers = 1

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def submit(self, query: Query) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        try:
            future.set_result(self._gate.minimize(query))
        except Exception as error:
            future.set_exception(error)
        return future

    def close(self) -> None:
        pass


class Processes:
    """Spawned worker processes (never forked: a solver's threads do not survive a fork), each with its own solver."""

    def __init__(self, problem: Problem, workers: int) -> None:
        self.workers = workers
        self._before = set(multiprocessing.active_children())
        self._executor = ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin, initargs=(problem,)
        )

    def submit(self, query: Query) -> Future[Outcome]:
        return self._executor.submit(_answer, query)

    def close(self) -> None:
        """End the workers at once, even in the middle of a solve."""
        ours = set(multiprocessing.active_children()) - self._before
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in ours:
            with contextlib.suppress(OSError):
                process.kill()
        for process in ours:
            process.join(timeout=5)


_gate: Highs


def _begin(problem: Problem) -> None:
    global _gate
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends its workers
    _gate = Highs(problem)


def _answer(query: Query) -> Outcome:
    return _gate.minimize(query)
