"""Trades: the least that one goal has to give up for a step of another, found by solving, not read off multipliers.

For a portfolio with the point ``y`` and two goals ``a`` and ``b`` the question is

    min y_b   with   y_a <= y(here)_a - step   and   y_k <= y(here)_k for every other goal k

among the portfolios that keep all conditions. A proved answer holds for this step alone; on a front of single points a
longer step may be cheaper or dearer per unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from models.problem import Ints, Objective
from optimizer.decide.live import NEARLY, Live
from optimizer.exact import decimals, exact_text, figure

__all__ = ["Trade", "find_trade"]


@dataclass(frozen=True)
class Trade:
    """``gain`` of ``goal`` for ``loss`` of ``paid_by``, in their own units, while no other goal becomes worse.

    ``loss`` is ``None`` if no portfolio was found. None gains a ``step`` of ``goal`` for less than ``least``; ``None``:
    not known. ``none``: it is proved that ``paid_by`` alone cannot buy it, whatever it pays.
    """

    goal: str
    paid_by: str
    step: Fraction
    gain: Fraction | None
    loss: Fraction | None
    least: Fraction | None
    none: bool

    @property
    def proved(self) -> bool:
        return self.none or (self.loss is not None and self.loss == self.least)

    @property
    def rate(self) -> Fraction | None:
        """What one unit of ``goal`` costs here."""
        return None if self.gain is None or self.loss is None else self.loss / self.gain

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        figures: Mapping[str, Fraction | None] = {
            "step": self.step,
            "gain": self.gain,
            "loss": self.loss,
            "least": self.least,
            "rate": self.rate,
        }
        texts = {name: None if value is None else exact_text(value) for name, value in figures.items()}
        return {"goal": self.goal, "paid_by": self.paid_by, **texts, "none": self.none, "proved": self.proved}

    def in_words(self) -> str:
        """A sentence."""
        if self.none:
            return f"{self.paid_by} alone cannot buy {figure(self.step, decimals([self.step]))} more of {self.goal}."
        if self.loss is None or self.gain is None:
            return f"What {self.goal} costs in {self.paid_by} was not settled in the time."
        gain, loss = (figure(value, decimals([value])) for value in (self.gain, self.loss))
        end = "the least possible" if self.proved else "less may do"
        return f"{self.goal} better by {gain} costs {loss} of {self.paid_by} ({end})."


def find_trade(part: Live, objectives: Sequence[Objective], y: Ints, a: int, b: int, step: int) -> Trade:
    """The least loss in objective ``b`` for ``step`` quanta of ``a``, from the point ``y`` ``(p,)``."""
    caps = y.astype(np.float64)
    caps[a] -= step
    caps[b] = np.inf
    answer = part.least(np.where(np.arange(len(y)) == b, 1.0, 0.0), caps)
    if answer.y is not None:  # of all that pay as little, one that gains most
        rest = caps.copy()
        rest[b] = answer.y[b]
        whole = part.least(np.ones(len(y)), rest, answer.x, lean=True)
        point = answer.y if whole.y is None else whole.y
    bound = math.ceil(answer.bound - NEARLY - 1e-9 * abs(answer.bound)) if math.isfinite(answer.bound) else None
    gain, loss = objectives[a].quantum, objectives[b].quantum
    found = answer.y is not None
    lost = int(point[b] - y[b]) if found else None
    return Trade(
        objectives[a].name,
        objectives[b].name,
        gain * step,
        gain * int(y[a] - point[a]) if found else None,
        None if lost is None else loss * lost,
        loss * lost if answer.proved and lost is not None else (None if bound is None else loss * (bound - int(y[b]))),
        answer.none,
    )
