"""Promises: what a run's certificate says about portfolios that it does not list, held against those of another run."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from optimizer.certificate import Status
from optimizer.decide.compare.answers import Place, nearest, points_of
from optimizer.decide.compare.scale import Point, Scale
from optimizer.decide.compare.sides import Side
from optimizer.listing import Listing

__all__ = ["Promise", "promises"]

ROUNDED = Fraction(1, 10**9)
"""What the floats of a certificate may be off, so that their rounding is never called a contradiction."""


@dataclass(frozen=True)
class Promise:
    """What ``run`` of ``side`` promises about any portfolio, and what the portfolios of the other side show.

    ``epsilon``: promised, a share of the run's own ranges; 0: complete. ``seen`` is the largest loss among the other
    side's portfolios on those ranges (exact), at ``portfolio`` (``None``: nothing is worse). ``same_input`` says
    whether both searched the same region; if they did not (or it is not known), ``kept`` proves nothing.
    """

    side: str
    run: str
    status: Status
    epsilon: float
    seen: Fraction
    portfolio: Place | None
    same_input: bool | None

    @property
    def kept(self) -> bool:
        """Whether every portfolio of the other side lies within the promise, which is written as a float."""
        return self.seen <= Fraction(self.epsilon) * (1 + ROUNDED)

    @property
    def broken(self) -> bool:
        """A contradiction: the same region, and a portfolio that cannot be if the certificate is right."""
        return self.same_input is True and not self.kept

    def to_dict(self) -> dict[str, Any]:
        """Plain types."""
        return {
            "side": self.side,
            "run": self.run,
            "status": self.status.value,
            "epsilon": self.epsilon,
            "largest_loss": float(self.seen),
            "same_input": self.same_input,
            "kept": self.kept,
        }


def promises(base: Side, other: Side, scale: Scale, same_input: bool | None) -> tuple[Promise, ...]:
    """The promises of all runs of both sides, each held against the other side's portfolios."""
    return tuple(
        found
        for side, witness in ((base, other), (other, base))
        for label, listing in zip(side.labels, side.listings, strict=True)
        if (found := _promise(side, label, listing, witness, scale, same_input)) is not None
    )


def _promise(
    side: Side, label: str, listing: Listing, witness: Side, scale: Scale, same_input: bool | None
) -> Promise | None:
    proof = listing.certificate
    if proof.status is Status.HEURISTIC or proof.epsilon is None or not len(listing):
        return None
    seen, worst = _seen(listing, witness, scale)
    promised = 0.0 if proof.status is Status.COMPLETE else proof.epsilon
    return Promise(side.name, label, proof.status, promised, seen, worst, same_input)


def _seen(listing: Listing, witness: Side, scale: Scale) -> tuple[Fraction, Place | None]:
    """The largest loss on the run's own ranges; a plan that breaks rules is no portfolio, and shows nothing."""
    if witness.broken:
        return Fraction(0), None
    wanted: dict[Point, Place] = {}
    for r, other in enumerate(witness.listings):
        for number, point in points_of(other):
            wanted.setdefault(point, Place(r, number))
    known = set(listing.values)
    left = [point for point in wanted if point not in known]
    units = tuple(listing.range(k) for k in range(len(scale.objectives)))
    losses = nearest(left, listing.values, scale, units)
    largest = max(((loss, point) for (_, loss), point in zip(losses, left, strict=True)), default=None)
    return (largest[0], wanted[largest[1]]) if largest and largest[0] > 0 else (Fraction(0), None)
