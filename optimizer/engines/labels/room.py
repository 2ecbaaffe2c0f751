"""Room: how many labels fit below a memory limit, all counted that is made of them on the way.

The figures come from the shapes of the arrays, not from the machine, so that a limit narrows every run at the same
place and to the same labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from optimizer.engines.labels.bounds import Bounds
from optimizer.engines.labels.labels import Guard, Labels

__all__ = ["Room"]

SAFE = 0.85
"""Share of the limit that is planned with; the rest is for arrays that are small, and for what freed ones leave."""
CHUNK = 32
"""Share of the limit, as a divisor, that one chunk of children or of bounds may take."""
ROOM = 1 << 17
"""Most children made between two looks at the clock."""


@dataclass(frozen=True)
class Room:
    """``memory`` bytes, of which ``held`` are taken by points, zones, tables and shells before a pass begins."""

    memory: int
    held: int

    @classmethod
    def beside(cls, memory: int, guard: Guard, bounds: Iterable[Bounds], *arrays: NDArray[Any]) -> Room:
        """What is left beside the guard, the tables of ``bounds`` and other ``arrays``."""
        tree = guard.tree.rows.nbytes + guard.tree.tops.nbytes + guard.tree.order.nbytes
        return cls(memory, tree + sum(b.nbytes for b in bounds) + sum(a.nbytes for a in arrays))

    def less(self, nbytes: int) -> Room:
        """The room beside ``nbytes`` more."""
        return Room(self.memory, self.held + nbytes)

    def children(self, labels: Labels, besides: int, q: int) -> int:
        """How many labels with ``q`` live rows may be compared with each other at once.

        ``labels`` are their parents, ``besides`` the bytes of what is remembered of earlier stages and of bounds.
        """
        free = SAFE * self.memory - self.held - besides - labels.nbytes - 2 * self.memory / CHUNK
        return max(0, int(free)) // _at_worst(labels, q)

    def chunk(self, labels: Labels, q: int) -> int:
        """How many children may be made in one go."""
        return max(1024, min(ROOM, self.memory // CHUNK // (2 * _each(labels, q))))

    def bounded(self, directions: int) -> int:
        """How many labels may have their bounds written out in ``directions`` in one go; three such arrays at most."""
        return max(1024, min(ROOM, self.memory // CHUNK * 4 // (12 * directions)))

    @property
    def shells(self) -> int:
        """Bytes for the bounds of labels that are not followed."""
        return self.memory // CHUNK


def _each(labels: Labels, q: int) -> int:
    """Bytes of one child: costs, live rows, zone, parent and pick."""
    return _row(labels, q) + 9


def _at_worst(labels: Labels, q: int) -> int:
    """Bytes of one child while it is compared: itself before and after, its row in and before the tree, nodes, order
    and marks."""
    row = _row(labels, q)
    return 2 * _each(labels, q) + 2 * row + row // 2 + 10


def _row(labels: Labels, q: int) -> int:
    """Bytes of the costs and live rows of one child."""
    return int((labels.Z.shape[1] + q) * labels.Z.itemsize)
