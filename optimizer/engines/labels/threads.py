"""Threads: parts of one stage worked on side by side; compiled code runs free of Python's lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

__all__ = ["Threads"]

A = TypeVar("A")
B = TypeVar("B")


class Threads:
    """A pool of ``workers`` threads; with one, all is done in the calling thread."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = ThreadPoolExecutor(workers) if workers > 1 else None

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """``function`` of every item, in their order; only a few items are begun ahead of the one that is asked for."""
        if self._pool is None:
            yield from map(function, items)
            return
        begun: deque[Future[B]] = deque()
        for item in items:
            begun.append(self._pool.submit(function, item))
            if len(begun) > self.workers:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
