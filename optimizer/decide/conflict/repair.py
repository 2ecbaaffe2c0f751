"""Least repairs: how far levers must be moved, and not a step less, until a portfolio exists.

Moves are vectors of whole steps. Every lever loosens, so what is enough stays enough when a lever is moved farther. A
vector that is not enough is moved on, lever by lever, to one from which a single step of any lever would be enough;
every vector that is enough then goes beyond it in some lever. The cheapest vector that goes beyond all of those known
is asked next, and the first one that is enough is the cheapest of all: the border of a monotone set is learnt by asking
(Gunopulos, Khardon, Mannila, Saluja, Toivonen & Sharma 2003, "Discovering all most specific sentences"), here only as
far as the prices make it worth while. With a single lever it is a bisection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from optimizer.decide.conflict.levers import Lever
from optimizer.decide.conflict.sets import Undecided

__all__ = ["Moves", "Question", "cheapest", "price"]

Steps = tuple[int, ...]

MOST = 6
"""Vectors that are asked before a search gives up to prove that nothing is cheaper."""
MOST_WAITING = 500
"""Vectors that may wait to be asked."""


class Question(Protocol):
    """What is asked about levers; both raise :class:`Undecided`."""

    def enough(self, levers: Sequence[Lever], steps: Steps) -> bool:
        """Does a portfolio exist once the levers are moved so far?"""
        ...

    def guess(self, levers: Sequence[Lever], steps: Steps, which: int) -> int:
        """How far lever ``which`` may have to be moved to be enough with the others where they are, roughly."""
        ...


@dataclass(frozen=True)
class Moves:
    """The cheapest ``steps`` of the levers, if ``proved``; ``None`` if no steps are enough.

    Without proof ``steps`` are enough, if there are any, and no repair costs less than ``at_least``.
    """

    steps: Steps | None
    proved: bool
    at_least: Fraction


def price(levers: Sequence[Lever], steps: Steps) -> Fraction:
    """Σ of the shares of their figures that the levers change."""
    return sum((lever.price(n) for lever, n in zip(levers, steps, strict=True)), Fraction(0))


def cheapest(levers: Sequence[Lever], question: Question) -> Moves:
    """The cheapest moves of ``levers`` that are enough.

    Where figures can make up for each other in very many ways, the search ends after :data:`MOST` vectors with moves of
    which none could be smaller by itself, without proof that they are the cheapest.
    """
    farthest = tuple(lever.most for lever in levers)
    start = (0,) * len(levers)
    best, bound, asked = None, Fraction(0), 0
    try:
        if not question.enough(levers, farthest):
            return Moves(None, True, Fraction(0))
        best = farthest
        if len(levers) > 1:
            best = _lowered(levers, farthest, question)
        waiting = [start]
        while waiting and asked < MOST and len(waiting) < MOST_WAITING:
            steps = min(waiting, key=lambda steps: (price(levers, steps), steps))
            bound = price(levers, steps)
            if len(levers) > 1 and bound >= price(levers, best):
                return Moves(best, True, bound)
            if question.enough(levers, steps):
                return Moves(steps, True, bound)
            asked += 1
            waiting = _beyond(levers, waiting, _border(levers, steps, question))
    except Undecided:
        pass
    return Moves(best, False, bound)


def _lowered(levers: Sequence[Lever], steps: Steps, question: Question) -> Steps:
    """``steps``, which are enough, with one lever after the other moved back as far as it can be."""
    for i in sorted(range(len(levers)), key=lambda i: -levers[i].price(steps[i])):
        none = (*steps[:i], 0, *steps[i + 1 :])
        if question.enough(levers, none):
            steps = none
        else:
            least = _most_not_enough(levers, none, i, question) + 1
            steps = (*steps[:i], least, *steps[i + 1 :])
    return steps


def _beyond(levers: Sequence[Lever], waiting: Sequence[Steps], border: Steps) -> list[Steps]:
    """The least vectors from one of ``waiting`` on that go beyond ``border``."""
    kept = [steps for steps in waiting if not _reaches(border, steps)]
    children = {
        (*steps[:i], border[i] + 1, *steps[i + 1 :])
        for steps in waiting
        if _reaches(border, steps)
        for i, lever in enumerate(levers)
        if border[i] < lever.most
    }
    for child in sorted(children, key=sum):
        if not any(_reaches(child, other) for other in kept):
            kept.append(child)
    return kept


def _reaches(far: Steps, near: Steps) -> bool:
    """Is ``far`` at least as far as ``near`` in every lever?"""
    return all(a >= b for a, b in zip(far, near, strict=True))


def _border(levers: Sequence[Lever], steps: Steps, question: Question) -> Steps:
    """``steps``, which are not enough, moved on until a single further step of any lever would be enough."""
    for i, lever in enumerate(levers):
        far = (*steps[:i], lever.most, *steps[i + 1 :])
        if steps[i] == lever.most or not question.enough(levers, far):
            steps = far
        else:
            steps = (*steps[:i], _most_not_enough(levers, steps, i, question), *steps[i + 1 :])
    return steps


def _most_not_enough(levers: Sequence[Lever], steps: Steps, i: int, question: Question) -> int:
    """How far lever ``i`` can be moved without being enough; ``steps`` are not, and as far as it goes it is."""

    def moved(n: int) -> bool:
        return question.enough(levers, (*steps[:i], n, *steps[i + 1 :]))

    low, high = steps[i], levers[i].most
    if high - low > 1:
        low, high = _around(moved, low, high, question.guess(levers, steps, i))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if moved(middle) else (middle, high)
    return low


def _around(moved: Callable[[int], bool], low: int, high: int, guess: int) -> tuple[int, int]:
    """A narrower pair of steps that are not enough and steps that are, looked for from ``guess`` in growing strides."""
    stride, at = 1, min(max(guess, low + 1), high)
    if at == high or moved(at):
        high = at
        while high - stride > low:
            if not moved(high - stride):
                return high - stride, high
            high, stride = high - stride, 2 * stride
    else:
        low = at
        while low + stride < high:
            if moved(low + stride):
                return low, low + stride
            low, stride = low + stride, 2 * stride
    return low, high
