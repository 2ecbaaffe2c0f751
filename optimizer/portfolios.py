"""Portfolios: what can be asked of a list of portfolios, whether of a front, of a listing or of a run folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.listing import Listing

__all__ = ["Portfolios"]


class Portfolios:
    """A mixin for what holds a ``listing``. Selections are listings, with the numbers that portfolios have in it."""

    if TYPE_CHECKING:  # an attribute, a field or a property of those who inherit

        @property
        def listing(self) -> Listing: ...

    def to_frame(self) -> pd.DataFrame:
        """One row a portfolio, under its number; columns in groups.

        ``objectives``: floats, in each objective's own unit and sense; ``projects``: start period, 0 where a project is
        not chosen; where the region is known, ``use``: share of each budget and limit that is used up, NaN where
        there is nothing to use (:meth:`optimizer.verify.Auditor.uses`). ``frame["objectives"]`` is one group.
        """
        from optimizer.frame import portfolio_frame

        return portfolio_frame(self.listing)

    def select(
        self,
        *,
        project_in: Sequence[str] | str = (),
        project_out: Sequence[str] | str = (),
        **wanted: str | float | Sequence[str],
    ) -> Listing:
        """The portfolios that satisfy all that is ``wanted``: ``growth=">=120"``, several conditions as a list.

        Comparisons (``>= <= > < == !=``; a bare number asks for equality) are exact. ``project_in`` are projects that
        must be chosen, ``project_out`` projects that must not. What is selected from a complete front by lower bounds
        on what is maximised and upper bounds on what is minimised is complete again, and its certificate says so; any
        other selection proves nothing. Raises ``ValueError`` for unknown names and conditions.

        >>> from instances import read_region
        >>> from models import formulate
        >>> from optimizer import solve
        >>> front = solve(formulate(read_region("hamlet")))
        >>> len(front) > len(front.select(growth=">=20", project_in=["park"]))
        True
        """
        from optimizer.choose import select

        return select(self.listing, wanted, project_in, project_out)

    def filter(self, keep: Callable[[Mapping[str, Fraction], Mapping[str, int]], bool]) -> Listing:
        """The portfolios for which ``keep(values, plan)`` is true.

        ``values`` are exact by objective, ``plan`` is project to start period: ``lambda v, plan: len(plan) < 5``.
        """
        from optimizer.choose import keep_rows

        return keep_rows(self.listing, keep)

    def rank(self, method: str, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
        """Portfolios in the order of ``method``, best first; see :func:`optimizer.rank.rank` for the methods."""
        from optimizer.rank import rank

        return rank(self.listing, method, weights)

    def nearest(self, reference: Mapping[str, float | str | Fraction], k: int = 1) -> Listing:
        """The ``k`` portfolios nearest to ``reference``, nearest first.

        Distance: the largest difference among the objectives that ``reference`` names, as a share of the range; ties go
        to the smaller sum, then to the first. Decided exactly. Being better than the reference is a difference, too.
        """
        from optimizer.choose import nearest

        return nearest(self.listing, reference, k)

    def different(self, k: int, loss: float = 0.05, around: int | None = None) -> Listing:
        """``k`` clearly different portfolios of nearly equal merit, the first being the one they are held against.

        See :func:`optimizer.choose.different`.
        """
        from optimizer.choose import different

        return different(self.listing, k, loss, around)
