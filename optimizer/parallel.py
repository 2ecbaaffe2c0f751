"""Who answers the queries: this process, spawned workers with a solver each, or (:mod:`optimizer.cluster`) a cluster.

Every pool is asked the same way and gives the same :class:`Outcome`, so that a certificate means the same whoever
answered. The problem goes to a worker once; then only queries and answers travel.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Protocol

from models.problem import Problem
from optimizer.engines.highs import Highs
from optimizer.engines.query import Gate, Outcome, Query

__all__ = ["BREAKING", "Pool", "Processes", "Serial", "answer", "ctrl_c_is_for_the_parent", "hold", "let_go"]


class Pool(Protocol):
    """Answers up to ``workers`` queries at once, in any order."""

    @property
    def workers(self) -> int: ...

    @property
    def lost(self) -> tuple[type[BaseException], ...]:
        """What a future raises when a worker was lost, and the query may be asked again."""
        ...

    def submit(self, query: Query) -> Future[Outcome]:
        """Raises one of :attr:`lost` if nobody takes the query now."""
        ...

    def alive(self) -> bool:
        """May an answer still come?"""
        ...

    def close(self) -> None:
        """End at once, even in the middle of a solve."""
        ...


class Serial:
    """Answers each query at once, in this process."""

    workers = 1
    lost: tuple[type[BaseException], ...] = ()

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def submit(self, query: Query) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        try:
            future.set_result(self._gate.minimize(query))
        except Exception as error:
            future.set_exception(error)
        return future

    def alive(self) -> bool:
        return True

    def close(self) -> None:
        pass


BREAKING = (BrokenExecutor, OSError)
"""What an executor raises that is broken, or just about to be (``OSError``: its pipe is closed already)."""


class Processes:
    """Spawned worker processes (never forked: a solver's threads do not survive a fork), each with its own solver.

    When one is killed the executor breaks as a whole; the next query starts a new one. The problem is handed over in a
    file: through a pipe, a worker that dies before it has read all of it would leave this process waiting for ever.
    """

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, problem: Problem, workers: int) -> None:
        self.workers = workers
        handle, self._file = tempfile.mkstemp(prefix="growthring-", suffix=".problem")
        with os.fdopen(handle, "wb") as file:
            pickle.dump(problem, file)
        self._before = set(multiprocessing.active_children())
        self._executor = self._start()

    def submit(self, query: Query) -> Future[Outcome]:
        with ctrl_c_is_for_the_parent():
            try:
                return self._executor.submit(answer, KEY, query)
            except BREAKING:
                self._executor.shutdown(wait=False)
                self._executor = self._start()
            try:
                return self._executor.submit(answer, KEY, query)
            except BREAKING as error:
                raise BrokenExecutor(str(error)) from error

    def alive(self) -> bool:
        return True

    def close(self) -> None:
        ours = set(multiprocessing.active_children()) - self._before
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in ours:
            with contextlib.suppress(OSError):
                process.kill()
        for process in ours:
            process.join(timeout=5)
        with contextlib.suppress(OSError):
            Path(self._file).unlink()

    def _start(self) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.workers, mp_context=spawn, initializer=_begin, initargs=(KEY, self._file))


@contextlib.contextmanager
def ctrl_c_is_for_the_parent() -> Iterator[None]:
    """Workers that start in the block never see Ctrl-C: a blocked signal stays blocked in a child."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


KEY = "the only one"
"""A worker process of this run holds one problem; those of a cluster may hold several."""
_gates: dict[str, Highs] = {}
_alone = threading.Lock()


def _begin(key: str, file: str) -> None:
    if hasattr(os, "nice"):
        os.nice(5)  # where cores are short, the one who takes the answers in and proves with them comes first
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where signals cannot be blocked
    hold(key, pickle.loads(Path(file).read_bytes()))


def hold(key: str, problem: Problem, interrupted: Callable[[], bool] | None = None) -> None:
    """Load ``problem`` into a solver of this worker process, to be found under ``key``."""
    _gates[key] = Highs(problem, interrupted=interrupted)


def let_go(key: str) -> None:
    """Forget the problem under ``key``."""
    _gates.pop(key, None)


def answer(key: str, query: Query) -> Outcome:
    """Answer ``query`` about the problem under ``key``; one query at a time in a process."""
    gate = _gates[key]
    with _alone:
        return gate.minimize(query)
