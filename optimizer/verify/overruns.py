"""Overruns: is there money left for as many overruns at once as the council wants to bear?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from instances.region import Region
from optimizer.verify.plan import Plan
from optimizer.verify.words import figure, listed

__all__ = ["Overruns"]

Need = tuple[tuple[str, ...], int]
"""Funds that may pay, and the period."""
Pot = tuple[str, int]
"""Fund and period."""


class Overruns:
    """Whichever ``overruns_borne`` projects come to their ``cost_high``, the funds can pay.

    ``payers``: project to the funds that may pay for it; ``reach``: need to the pots of money that may pay for it. A
    set of needs must be paid from the pots that may pay for one of them (Gale 1957), and of the sets with the same pots
    the largest needs most, so that only unions of reaches are looked at. What overruns most in a set are its largest
    overruns.
    """

    def __init__(
        self, region: Region, payers: Mapping[str, tuple[str, ...]], reach: Mapping[Need, Sequence[Pot]]
    ) -> None:
        self._borne = region.settings.policy.overruns_borne or 0
        self._payers = payers
        self._more = {
            p.id: (p.duration, Fraction(p.cost_high - p.capital_cost) * Fraction(p.public_share) / p.duration)
            for p in region.projects
            if self._borne and p.cost_high is not None and p.cost_high > p.capital_cost and p.public_share
        }
        own = {need: frozenset(pots) for need, pots in reach.items()}
        unions: dict[frozenset[Pot], None] = {}
        for pots in dict.fromkeys(own.values()) if self._more else ():
            unions.update(dict.fromkeys([pots, *(pots | other for other in unions)]))
        self._sets = [(pots, frozenset(need for need, reached in own.items() if reached <= pots)) for pots in unions]

    @property
    def on(self) -> bool:
        """Is there anything that could overrun?"""
        return bool(self._more)

    def broken(self, plan: Plan, spent: Mapping[Need, Fraction], money: Mapping[Pot, Fraction]) -> Iterator[str]:
        """A sentence for the first set of needs that overruns its money; what is ``spent`` at stated costs does not."""
        uncertain = {p: (start, *self._more[p]) for p, start in plan.items() if p in self._more}
        for project in uncertain:
            if not self._payers[project]:
                yield f"budget: no fund may pay for {project} if it costs most"
                return
        for pots, needs in self._sets if uncertain else ():
            extra = {
                p: more * sum((self._payers[p], t) in needs for t in range(start, start + duration))
                for p, (start, duration, more) in uncertain.items()
            }
            dear = sorted((p for p in extra if extra[p]), key=lambda p: -extra[p])[: self._borne]
            needed = sum((spent[need] for need in needs), sum((extra[p] for p in dear), Fraction(0)))
            there = sum((money[pot] for pot in pots), Fraction(0))
            if needed > there:
                funds = listed(list(dict.fromkeys(fund for fund, _ in sorted(pots))))
                yield f"budget: {funds}: {figure(needed)} needed if {listed(dear)} cost most, {figure(there)} there"
                return
