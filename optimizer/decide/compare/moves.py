"""Which projects entered or left the core: the classes of a shortlist on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from optimizer.certificate import Status
from optimizer.decide.compare.sides import Side
from optimizer.decide.shortlist import Class

__all__ = ["Move", "moves", "settled"]


@dataclass(frozen=True)
class Move:
    """A project whose class or share differs; ``None``: the other side's input does not have it.

    Shares are exact: of all portfolios of the side, over all of its runs.
    """

    project: str
    name: str
    before: Class | None
    after: Class | None
    share_before: Fraction | None
    share_after: Fraction | None

    @property
    def crossed(self) -> bool:
        """Whether its class is another."""
        return self.before is not self.after


def moves(base: Side, other: Side) -> tuple[Move, ...]:
    """Projects that stand elsewhere in ``other``: changes of class first, then by the change of their share."""
    mine, theirs = _shares(base), _shares(other)
    found = [
        Move(project, _name(base, other, project), _class(a), _class(b), a, b)
        for project in {**mine, **theirs}
        if (a := mine.get(project)) != (b := theirs.get(project))
    ]
    return tuple(sorted(found, key=lambda m: (not m.crossed, -abs((m.share_after or 0) - (m.share_before or 0)))))


def settled(side: Side) -> bool:
    """Whether its classes hold for all efficient portfolios, not for the listed ones alone."""
    return all(listing.certificate.status is Status.COMPLETE for listing in side.listings)


def _shares(side: Side) -> dict[str, Fraction]:
    total = sum(map(len, side.listings))
    counts: dict[str, int] = {}
    for listing in side.listings:
        for project, count in zip(listing.projects, (listing.starts > 0).sum(axis=0).tolist(), strict=True):
            counts[project] = counts.get(project, 0) + count
    return {project: Fraction(count, total) for project, count in counts.items()} if total else {}


def _class(share: Fraction | None) -> Class | None:
    """The classes of :func:`optimizer.decide.shortlist.shortlist`, which are those of the shares 1 and 0."""
    if share is None:
        return None
    return Class.CORE if share == 1 else Class.BORDERLINE if share else Class.EXTERIOR


def _name(base: Side, other: Side, project: str) -> str:
    for side in (base, other):
        if side.region is not None and project in side.region.project:
            return side.region.project[project].name
    return ""
