"""Achievement: how near a portfolio comes to a wish, reckoned exactly.

All objectives are minimised here, in whole quanta. The achievement scalarizing function of Wierzbicki ("The use of
reference objectives in multiobjective optimization", 1980) is

    s(y) = max_j (y_j - reference_j) / span_j

over the goals that have a reference; it is negative where the wish is surpassed. Of portfolios with the same ``s`` the
one with the least ``Σ weights · y`` is taken, in place of an augmentation term whose size would have to be chosen
(Steuer & Choo, "An interactive weighted Tchebycheff procedure", Mathematical Programming 26, 1983). The least portfolio
in this order is efficient, whatever the reference, because all weights are above 0: one that dominated it would come
before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, inf

import numpy as np

from models.problem import Floats, Ints

__all__ = ["Achievement"]


@dataclass(frozen=True)
class Achievement:
    """``reference`` ``(p,)`` in minimised quanta, ``None`` for a goal without one; ``spans`` ``(p,)`` > 0 in quanta.

    At least one goal has a reference.

    >>> wish = Achievement((Fraction(-10), None), (Fraction(20), Fraction(5)))
    >>> wish.distance(np.array([-5, 3])), wish.weights.tolist()
    (Fraction(1, 4), [1, 4])
    """

    reference: tuple[Fraction | None, ...]
    spans: tuple[Fraction, ...]

    @cached_property
    def named(self) -> tuple[tuple[int, Fraction, Fraction], ...]:
        """Place, reference and span of each goal that has a reference."""
        pairs = zip(self.reference, self.spans, strict=True)
        return tuple((k, reference, span) for k, (reference, span) in enumerate(pairs) if reference is not None)

    @cached_property
    def weights(self) -> Ints:
        """Whole weights ``(p,)`` that make the spans nearly equal."""
        widest = max(self.spans)
        return np.array([max(1, round(widest / span)) for span in self.spans], dtype=np.int64)

    def distance(self, y: Ints) -> Fraction:
        """``s(y)`` for a point ``(p,)``, in shares of the spans."""
        return max((int(y[k]) - reference) / span for k, reference, span in self.named)

    def merit(self, y: Ints) -> tuple[Fraction, int]:
        """What is minimised, the first figure before the second."""
        return self.distance(y), int(self.weights @ y)

    def within(self, distance: Fraction) -> Floats:
        """The caps ``(p,)`` that exactly the points with ``s(y) <= distance`` keep."""
        return self._caps({k: floor(reference + distance * span) for k, reference, span in self.named})

    def below(self, distance: Fraction) -> Floats:
        """The caps ``(p,)`` that exactly the points with ``s(y) < distance`` keep."""
        return self._caps({k: ceil(reference + distance * span) - 1 for k, reference, span in self.named})

    def rules_out(self, empty: Floats) -> Fraction | None:
        """The least ``s`` that a point can have, given that none keeps the caps ``empty`` ``(p,)``.

        ``None``: nothing follows, because a goal without a reference has a cap.
        """
        capped = np.isfinite(empty)
        if not capped.any() or any(capped[k] for k, reference in enumerate(self.reference) if reference is None):
            return None
        return min((int(empty[k]) + 1 - reference) / span for k, reference, span in self.named if capped[k])

    def _caps(self, whole: dict[int, int]) -> Floats:
        return np.array([float(whole[k]) if k in whole else inf for k in range(len(self.spans))])
