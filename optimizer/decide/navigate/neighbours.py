"""Neighbours: for each goal, the nearest portfolio that is better in it, what the other goals pay, and the swap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from models.problem import Objective
from optimizer.exact import exact_text

__all__ = ["Neighbour", "Place", "Swap", "exchange_rates", "gains_of", "neighbours_of", "swap_of"]


@dataclass(frozen=True)
class Place:
    """A portfolio: start periods by project, values by goal in its own unit; its number, where it is listed."""

    plan: Mapping[str, int]
    values: Mapping[str, Fraction]
    number: int | None = None

    @property
    def name(self) -> str:
        return "an unlisted portfolio" if self.number is None else f"portfolio {self.number}"

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        values = {name: exact_text(value) for name, value in self.values.items()}
        return {"portfolio": self.number, "values": values, "plan": dict(self.plan)}


@dataclass(frozen=True)
class Swap:
    """Projects that enter, leave, or start in another period."""

    enter: tuple[str, ...]
    leave: tuple[str, ...]
    move: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"enter": list(self.enter), "leave": list(self.leave), "move": list(self.move)}


@dataclass(frozen=True)
class Neighbour:
    """The nearest known portfolio that is better in ``goal``.

    ``gains`` by goal in its own unit, above 0 where the neighbour is better. ``rates``: what each goal that loses pays
    for one unit of ``goal``, exactly. ``distance``: the largest difference, as a share of the range. ``breaks``: the
    conditions, in words, that the neighbour does not keep.
    """

    goal: str
    place: Place
    gains: Mapping[str, Fraction]
    rates: Mapping[str, Fraction]
    distance: Fraction
    swap: Swap
    breaks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        return {
            "goal": self.goal,
            **self.place.to_dict(),
            "gains": {name: exact_text(gain) for name, gain in self.gains.items()},
            "rates": {name: exact_text(rate) for name, rate in self.rates.items()},
            "distance": exact_text(self.distance),
            "swap": self.swap.to_dict(),
            "breaks": list(self.breaks),
        }


def neighbours_of(
    here: Place,
    others: Iterable[tuple[Place, tuple[str, ...]]],
    objectives: Sequence[Objective],
    spans: Sequence[Fraction],
) -> tuple[Neighbour, ...]:
    """For each goal the nearest of ``others`` that is better in it; goals that none is better in are left out.

    ``others`` come with the conditions that they break; those that break the fewest count first. Near: the smallest
    largest difference as a share of ``spans`` ``(p,)`` (in the goals' units), ties by the smaller sum, then by order.
    """
    found = []
    candidates = [(place, broken, gains_of(objectives, here.values, place.values)) for place, broken in others]
    sizes = dict(zip((o.name for o in objectives), spans, strict=True))
    for objective in objectives:
        goal = objective.name
        best: tuple[tuple[int, Fraction, Fraction], Neighbour] | None = None
        for place, broken, gains in candidates:
            if gains[goal] <= 0:
                continue
            shares = [abs(gain) / sizes[name] for name, gain in gains.items()]
            merit = (len(broken), max(shares), sum(shares, Fraction(0)))
            if best is None or merit < best[0]:
                swap = swap_of(here.plan, place.plan)
                best = (
                    merit,
                    Neighbour(goal, place, gains, exchange_rates(gains, goal), merit[1], swap, broken),
                )
        if best is not None:
            found.append(best[1])
    return tuple(found)


def gains_of(
    objectives: Sequence[Objective], here: Mapping[str, Fraction], there: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """By how much ``there`` is better than ``here``, goal by goal, in its own unit; below 0 where it is worse."""
    return {o.name: (there[o.name] - here[o.name]) * (1 if o.sense == "max" else -1) for o in objectives}


def exchange_rates(gains: Mapping[str, Fraction], goal: str) -> dict[str, Fraction]:
    """What each goal that loses pays for one unit of ``goal``.

    >>> exchange_rates({"growth": Fraction(4), "cost": Fraction(-10), "calm": Fraction(1)}, "growth")
    {'cost': Fraction(5, 2)}
    """
    return {name: -gain / gains[goal] for name, gain in gains.items() if gain < 0}


def swap_of(here: Mapping[str, int], there: Mapping[str, int]) -> Swap:
    """What has to be exchanged to get from one plan to the other."""
    return Swap(
        tuple(project for project in there if project not in here),
        tuple(project for project in here if project not in there),
        tuple(project for project in here if project in there and here[project] != there[project]),
    )
