"""Found: what every exact engine hands back, points and what is still open around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from numpy.typing import NDArray

from models.problem import Floats, Ints
from optimizer.proof import Proof

__all__ = ["Box", "Found", "Open"]


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

    def boxes(self) -> list[Box]:
        """Every open box, the largest ε first."""
        ...


@dataclass
class Found:
    """What an engine knows when it ends: points ``Y`` (minimised quanta) with their ``X``, and what is still open."""

    open: Open
    X: list[NDArray[Any]] = field(default_factory=list)
    Y: list[Ints] = field(default_factory=list)
    solves: int = 0
    seconds: float = 0.0
    stopped_by: str = "complete"
    infeasible: bool = False
    faults: list[str] = field(default_factory=list)
    proof: Proof | None = None
