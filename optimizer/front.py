"""Front: the portfolios found, in order, with the proof of how much they leave open."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from models.problem import Floats, Ints, Problem
from optimizer.certificate import Certificate
from optimizer.listing import Listing
from optimizer.portfolios import Portfolios

if TYPE_CHECKING:
    import pandas as pd

    from instances.region import Region
    from optimizer.alternatives import Alternatives
    from optimizer.engines.found import Known, Reductions
    from optimizer.proof import Proof

__all__ = ["Front"]


@dataclass(frozen=True, eq=False)
class Front(Portfolios):
    """Mutually nondominated portfolios, one for each point, best first in the first objective (ties: the next).

    ``counts`` ``(k, p)`` are the objectives in whole quanta and their own sense; ``X`` ``(k, n)`` the problem's
    columns. ``alternatives`` are all portfolios with the values of a listed one, where they were asked for;
    ``reductions`` says what an engine settled before it searched. While the front is not complete,
    ``solve(problem, start=front.known)`` goes on where its search ended.
    """

    problem: Problem
    counts: Ints
    X: Floats
    certificate: Certificate
    known: Known | None = field(default=None, repr=False)
    proof: Proof | None = field(default=None, repr=False)
    reductions: Reductions | None = None
    alternatives: Alternatives | None = None

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def projects(self) -> tuple[str, ...]:
        """Project ids in the order of :attr:`starts`."""
        return tuple(dict.fromkeys(decision.project for decision in self.problem.decisions))

    @cached_property
    def starts(self) -> Ints:
        """Start period of each project in each portfolio, 0 where it is not chosen; ``(k, projects)``."""
        return self.starts_of(self.X)

    def starts_of(self, X: Floats) -> Ints:
        """Start period of each project in the rows of ``X`` ``(k, n)``, 0 where it is not chosen; ``(k, projects)``."""
        place = {project: i for i, project in enumerate(self.projects)}
        starts = np.zeros((len(X), len(self.projects)), dtype=np.int64)
        for decision in self.problem.decisions:
            starts[X[:, decision.column] > 0.5, place[decision.project]] = decision.period
        return starts

    @cached_property
    def values(self) -> list[list[Fraction]]:
        """Objectives in their own unit and sense, exactly; ``k`` lists of ``p``."""
        objectives = self.problem.objectives
        return [[o.value(int(count)) for o, count in zip(objectives, row, strict=True)] for row in self.counts]

    @cached_property
    def listing(self) -> Listing:
        """The portfolios by themselves, without the problem."""
        return Listing.of(self)

    def to_frame(self, region: Region | None = None) -> pd.DataFrame:
        """See :meth:`Portfolios.to_frame`; with ``region`` for all its projects and the use of budgets and limits."""
        from optimizer.frame import portfolio_frame

        return portfolio_frame(self.listing if region is None else Listing.of(self, region), region)

    def _repr_html_(self) -> str:
        head = self.to_frame()["objectives"].head(12).to_html(border=0)
        more = f"<p>… {len(self) - 12} more</p>" if len(self) > 12 else ""
        return f"<p><b>{self.certificate.status}</b> {escape(self.certificate.in_words())}</p>{head}{more}"
