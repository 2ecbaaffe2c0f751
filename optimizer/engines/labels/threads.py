"""Threads: pieces of work done side by side, with a look at the clock between them.

Compiled code runs free of Python's lock, and can not be stopped. So all that may take long is cut into pieces whose
number depends on the work alone, never on the number of threads: results are the same for any number of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

__all__ = ["ALONE", "Ended", "Threads", "pieces"]

A = TypeVar("A")
B = TypeVar("B")


class Ended(Exception):
    """The search is to end now, for this ``reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Threads:
    """A pool of ``workers`` threads; with one, all is done in the calling thread.

    ``look`` is called between two pieces; it may raise :class:`Ended`.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.look: Callable[[], None] = lambda: None
        self._pool = ThreadPoolExecutor(workers) if workers > 1 else None

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """``function`` of every item, in their order; only a few items are begun ahead of the one that is asked for."""
        if self._pool is None:
            for item in items:
                self.look()
                yield function(item)
            return
        begun: deque[Future[B]] = deque()
        for item in items:
            begun.append(self._pool.submit(function, item))
            if len(begun) > 2 * self.workers:
                self.look()
                yield begun.popleft().result()
        while begun:
            self.look()
            yield begun.popleft().result()

    def all(self, function: Callable[[A], object], items: Iterable[A]) -> None:
        """Call ``function`` with every item."""
        for _ in self.map(function, items):
            pass


ALONE = Threads(1)
"""No threads, and no clock: for what is small."""


def pieces(n: int, most: int) -> list[tuple[int, int]]:
    """Bounds of ``n`` things in equal pieces of at most ``most``.

    >>> pieces(10, 4)
    [(0, 3), (3, 6), (6, 10)]
    """
    parts = -(-n // most)
    return [(at * n // parts, (at + 1) * n // parts) for at in range(parts)]
