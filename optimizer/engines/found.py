"""Found: what every exact engine hands back, points and what is still open around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.proof import Proof

__all__ = ["Box", "Found", "Keep", "Known", "Open", "Reductions"]


class Box(NamedTuple):
    """An open box of objective space, in minimised quanta: missing points lie from ``corner`` on, below ``bound``.

    ``epsilon`` is what it leaves open, in shares of the ranges; ``inf`` if nothing is known.
    """

    epsilon: float
    corner: Ints
    bound: Ints
    why: str


class Open(Protocol):
    """The part of objective space that may hold points which the list lacks."""

    @property
    def ranges(self) -> Floats: ...

    def measure(self, ranges: Floats) -> None:
        """State the ranges ``(p,)`` by which ε is counted."""
        ...

    def epsilon(self) -> float:
        """For every feasible point the list holds one at most this share of the ranges worse in every objective."""
        ...

    def hypervolume_missing(self, reference: Ints) -> float:
        """Upper bound of the share of the complete front's hypervolume, against ``reference``, that the list lacks."""
        ...

    @property
    def count(self) -> int:
        """How many boxes are open."""
        ...

    def boxes(self, most: int | None = None) -> list[Box]:
        """The open boxes, the largest ε first; the first so many at ``most``."""
        ...


@dataclass(frozen=True)
class Reductions:
    """What was settled about a 0/1 model before any search; columns and rows by their names.

    ``columns`` and ``rows`` are those of the model. ``forced`` columns are 1 and ``forbidden`` ones 0 in every feasible
    portfolio, or in one of each point at least. ``idle`` rows can never bind, ``inside`` ones were worked into
    ``blocks`` of columns that are decided together, ``tightened`` ones had figures larger than they need to be.
    ``spared`` are those of the columns that were settled because another choice of their block is at least as good, or
    the only one left. ``equal`` counts the blocks that nothing tells apart from another one.
    """

    columns: int
    rows: int
    forced: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    tightened: tuple[str, ...] = ()
    blocks: int = 0
    equal: int = 0

    def in_words(self) -> str:
        """One line; empty if nothing was settled.

        >>> Reductions(60, 21, forced=("a",), idle=("r", "s")).in_words()
        'Settled in advance: 1 of 60 columns; 2 of 21 rows never bind.'
        """
        settled = len(self.forced) + len(self.forbidden)
        parts = [f"{settled:,} of {self.columns:,} columns"] * bool(settled)
        parts += [f"{len(self.idle):,} of {self.rows:,} rows never bind"] * bool(self.idle)
        parts += [f"{len(self.inside):,} hold by the choices left in blocks of columns"] * bool(self.inside)
        parts += [f"{self.equal:,} blocks are equal to another one"] * bool(self.equal)
        return f"Settled in advance: {'; '.join(parts)}." if parts else ""


@dataclass
class Found:
    """What an engine knows: points ``Y`` (minimised quanta) with their ``X``, and what is still open.

    ``labels`` counts the labels kept after every stage, where the engine sets any. From ``arrays`` it can go on. An
    engine without them starts anew; then what it had found is added to what it finds.
    """

    open: Open
    X: list[NDArray[Any]] = field(default_factory=list)
    Y: list[Ints] = field(default_factory=list)
    solves: int = 0
    labels: int = 0
    seconds: float = 0.0
    stopped_by: str = "complete"
    infeasible: bool = False
    faults: list[str] = field(default_factory=list)
    reductions: Reductions | None = None
    proof: Proof | None = None
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)


Keep = Callable[[Callable[[], Found]], None]
"""Offered, between two steps, a way to take what is found so far; makes use of it every few seconds."""


@dataclass(frozen=True, eq=False)
class Known:
    """What a solve goes on from: points ``Y`` ``(k, p)`` in minimised quanta, dominated ones perhaps among them, with
    their ``X`` ``(k, n)``, the engine's own ``arrays``, and the effort so far."""

    X: Floats
    Y: Ints
    arrays: Mapping[str, NDArray[Any]]
    solves: int = 0
    seconds: float = 0.0
    faults: tuple[str, ...] = ()
