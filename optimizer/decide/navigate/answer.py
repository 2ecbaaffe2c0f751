"""Navigation: the answer to a wish, with all that was proved about it, in figures and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from models.problem import Objective
from optimizer.certificate import percent_at_most
from optimizer.decide.navigate.neighbours import Neighbour, Place
from optimizer.decide.navigate.wishes import Condition
from optimizer.exact import decimals, exact_text, figure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Clash", "Navigation", "Possible"]


@dataclass(frozen=True)
class Possible:
    """How far a goal can get while all other conditions of a clash are kept.

    ``value`` is reached by a portfolio, ``None`` if none was found; no portfolio gets beyond ``limit``. They are equal
    where the search came to its end.
    """

    goal: str
    wanted: Fraction
    value: Fraction | None
    limit: Fraction | None

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        texts = {"wanted": self.wanted, "value": self.value, "limit": self.limit}
        return {"goal": self.goal, **{k: None if v is None else exact_text(v) for k, v in texts.items()}}


@dataclass(frozen=True)
class Clash:
    """Conditions that no portfolio keeps together, which is proved.

    ``smallest``: without any one of them, there is a portfolio that keeps the others; this is proved as well. No
    ``conditions``: the rules of the region alone leave no portfolio.
    """

    conditions: tuple[Condition, ...]
    smallest: bool
    possible: tuple[Possible, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""
        return {
            "conditions": [condition.in_words() for condition in self.conditions],
            "smallest": self.smallest,
            "possible": [one.to_dict() for one in self.possible],
        }


@dataclass(frozen=True)
class Navigation:
    """The portfolio nearest to a wish.

    ``distance`` is the largest shortfall among the goals of ``aim``, as a share of the span by which it is counted;
    below 0 where all of them are surpassed. No portfolio that keeps the conditions has a distance below ``bound``;
    ``None``: not known. ``origin``: ``solved live`` or ``from the list``.

    ``efficient``: it is proved that no portfolio that keeps the conditions is at least as good in all goals and better
    in one. Where that is open, one could be better by at most the share ``beaten_by`` of the range in any goal
    (``None``: not known). ``whole``: the same among all portfolios of the region, ``None`` where it is open; ``better``
    is one that dominates the answer and does not keep the conditions.

    ``place`` is ``None`` if no portfolio was found; ``clash`` says why, ``instead`` is nearest to what was to be
    reached. ``basis`` is what the list of the run proves, ``scalarization`` how nearness is counted.
    """

    aim: Mapping[str, Fraction]
    conditions: tuple[Condition, ...]
    objectives: tuple[Objective, ...]
    place: Place | None
    origin: str
    distance: Fraction | None
    bound: Fraction | None
    efficient: bool
    beaten_by: Fraction | None
    whole: bool | None
    better: Place | None
    neighbours: tuple[Neighbour, ...]
    clash: Clash | None
    seconds: float
    solves: int
    basis: str
    scalarization: str = "achievement"
    instead: Navigation | None = None

    @property
    def nearest(self) -> bool:
        """Is it proved that no portfolio that keeps the conditions is nearer?"""
        return self.distance is not None and self.bound is not None and self.distance <= self.bound

    @property
    def within(self) -> Fraction | None:
        """By how much of the range a nearer portfolio could be nearer at most; ``None``: not known."""
        if self.distance is None or self.bound is None:
            return None
        return max(Fraction(0), self.distance - self.bound)

    def shortfall(self, goal: str) -> Fraction:
        """What ``goal`` lacks of its aim, in its own unit; below 0 where it is surpassed."""
        assert self.place is not None
        sense = next(o.sense for o in self.objectives if o.name == goal)
        gap = self.aim[goal] - self.place.values[goal]
        return gap if sense == "max" else -gap

    def to_dict(self) -> dict[str, Any]:
        """Plain types, exact figures as text."""

        def text(value: Fraction | None) -> str | None:
            return None if value is None else exact_text(value)

        return {
            "aim": {name: exact_text(value) for name, value in self.aim.items()},
            "conditions": [condition.in_words() for condition in self.conditions],
            "scalarization": self.scalarization,
            "answer": None if self.place is None else self.place.to_dict(),
            "origin": self.origin,
            "distance": text(self.distance),
            "bound": text(self.bound),
            "nearest": self.nearest,
            "efficient": self.efficient,
            "beaten_by": text(self.beaten_by),
            "efficient_in_region": self.whole,
            "better": None if self.better is None else self.better.to_dict(),
            "neighbours": [neighbour.to_dict() for neighbour in self.neighbours],
            "clash": None if self.clash is None else self.clash.to_dict(),
            "instead": None if self.instead is None else self.instead.to_dict(),
            "seconds": round(self.seconds, 3),
            "solves": self.solves,
            "basis": self.basis,
        }

    def to_frame(self) -> pd.DataFrame:
        """The answer and its neighbours: a row a portfolio, a column a goal, as floats."""
        import pandas as pd

        rows = [("answer", self.place), *((f"better {n.goal}", n.place) for n in self.neighbours)]
        return pd.DataFrame(
            [{k: float(v) for k, v in place.values.items()} for _, place in rows if place is not None],
            index=[name for name, place in rows if place is not None],
        )

    def in_words(self) -> str:
        """What an officer can read out."""
        if self.place is None:
            return self._no_answer()
        return " ".join([self._found(), self._how_near(), self._how_good(), self.basis])

    def _found(self) -> str:
        assert self.place is not None
        values = self.place.values
        parts = [
            f"{name} {figure(values[name], decimals([values[name], aim]))} (wished: "
            f"{figure(aim, decimals([values[name], aim]))})"
            for name, aim in self.aim.items()
        ]
        kept = f", with {' and '.join(c.in_words() for c in self.conditions)}" if self.conditions else ""
        name = self.place.name if self.place.number is not None else "A portfolio that is not in the list"
        return f"{name[0].upper()}{name[1:]} ({self.origin}) comes to {', '.join(parts)}{kept}."

    def _how_near(self) -> str:
        if self.nearest:
            return "None comes nearer to the wish; this is proved."
        if self.within is None:
            return "How much nearer another one may come was not settled."
        return f"No portfolio comes nearer to the wish by more than {_share(self.within)} of the range."

    def _how_good(self) -> str:
        among = " that keeps the conditions" if self.conditions and self.whole is not True else ""
        if self.efficient:
            said = f"None{among} is better in one goal without being worse in another; this is proved."
        elif self.beaten_by:
            said = f"If one{among} beats it, then by at most {_share(self.beaten_by)} of the range in any goal; "
            said += "the time was too short to rule that out."
        else:
            said = "Whether another one beats it in all goals was not settled within the time."
        if self.better is not None:
            said += f" Without the conditions, {self.better.name} would be at least as good in every goal and better "
            said += f"in {', '.join(name for name, gain in self._gains(self.better).items() if gain > 0)}."
        elif self.efficient and self.whole is None:
            said += " Whether a portfolio that does not keep the conditions beats it was not settled."
        return said

    def _gains(self, other: Place) -> dict[str, Fraction]:
        from optimizer.decide.navigate.neighbours import gains_of

        assert self.place is not None
        return gains_of(self.objectives, self.place.values, other.values)

    def _no_answer(self) -> str:
        if self.clash is None:
            return "No portfolio that keeps the conditions was found in the time; that there is none is not proved."
        if not self.clash.conditions:
            return "No portfolio keeps the rules of the region, whatever is wished; this is proved."
        names = " and ".join(c.in_words() for c in self.clash.conditions)
        said = [f"No portfolio has {names}; this is proved."]
        if self.clash.smallest and len(self.clash.conditions) > 1:
            said.append("Without any one of these conditions there is one.")
        for one in self.clash.possible:
            if one.value is not None:
                end = "is the best there is" if one.value == one.limit else "was found"
                said.append(f"With the others, {one.goal} {figure(one.value, decimals([one.value]))} {end}.")
        return " ".join(said)


def _share(value: Fraction) -> str:
    return percent_at_most(float(value))
