"""Half-spaces of objective space that hold every feasible point, each with the multipliers that prove it."""

from __future__ import annotations

from typing import NamedTuple

from models.problem import Floats, Ints

__all__ = ["HalfSpace"]


class HalfSpace(NamedTuple):
    """``weights · y >= bound`` for every feasible point ``y`` (minimised quanta).

    ``weights`` ``(p,)`` are whole numbers from 0 on; ``prices`` ``(m,)`` the multipliers of the rows across blocks,
    whole multiples of 2^-20: positive ones price a row's lower side, negative ones its upper side.
    """

    weights: Ints
    bound: int
    prices: Floats
