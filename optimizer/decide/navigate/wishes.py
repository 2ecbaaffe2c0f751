"""Wishes: what somebody aims at and what has to hold, checked against the goals and projects that there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from instances.faults import did_you_mean
from models.amend import reaching, with_projects
from models.problem import Problem
from optimizer.exact import exact_text
from optimizer.listing import Listing

__all__ = ["Condition", "Wishes", "figure_of", "part_of"]

Number = float | str | Fraction


@dataclass(frozen=True)
class Condition:
    """Something that has to hold: a project ``inside``, one ``outside``, a goal ``reached`` up to ``value``."""

    kind: Literal["inside", "outside", "reached"]
    name: str
    value: Fraction | None = None
    sense: Literal["max", "min"] = "max"

    def in_words(self) -> str:
        """As a person would say it.

        >>> Condition("reached", "cost", Fraction(25, 2), "min").in_words(), Condition("inside", "P03").in_words()
        ('cost at most 12.5', 'P03 inside')
        """
        if self.value is None:
            return f"{self.name} {self.kind}"
        return f"{self.name} at {'least' if self.sense == 'max' else 'most'} {exact_text(self.value)}"

    def kept_by(self, values: Mapping[str, Fraction], plan: Mapping[str, int]) -> bool:
        """Does a portfolio keep it?"""
        if self.value is None:
            return (self.name in plan) == (self.kind == "inside")
        return values[self.name] >= self.value if self.sense == "max" else values[self.name] <= self.value


@dataclass(frozen=True)
class Wishes:
    """``aim``: goal to the value hoped for, in its own unit; ``conditions`` have to hold."""

    aim: Mapping[str, Fraction]
    conditions: tuple[Condition, ...] = ()

    @classmethod
    def of(
        cls,
        listing: Listing,
        aim: Mapping[str, Number],
        at_least: Mapping[str, Number],
        pin: Collection[str],
        ban: Collection[str],
    ) -> Wishes:
        """The wishes about the projects and goals of ``listing``.

        ``at_least`` means: at least as good as, so at most where less is better. An empty ``aim`` is one at the best
        listed value of every goal. Raises ``ValueError`` for unknown names, what is no number, and one project both
        pinned and banned.
        """
        senses = {o.name: o.sense for o in listing.objectives}
        _known([*aim, *at_least], senses, "objective")
        _known([*pin, *ban], listing.projects, "project")
        if both := sorted(set(pin) & set(ban)):
            raise ValueError(f"{', '.join(both)} cannot be inside and outside at once; drop one of the two wishes")
        best = {o.name: listing.column(k)[listing.best(k)] for k, o in enumerate(listing.objectives) if len(listing)}
        return cls(
            {name: figure_of(name, value) for name, value in aim.items()} or best,
            (
                *(Condition("inside", name) for name in dict.fromkeys(pin)),
                *(Condition("outside", name) for name in dict.fromkeys(ban)),
                *(Condition("reached", name, figure_of(name, v), senses[name]) for name, v in at_least.items()),
            ),
        )

    @property
    def only_reached(self) -> bool:
        """Do all conditions ask goals to be good enough? Whatever dominates a portfolio that keeps them does, too."""
        return all(condition.kind == "reached" for condition in self.conditions)


def part_of(problem: Problem, conditions: Iterable[Condition]) -> Problem:
    """``problem`` for the portfolios that keep all ``conditions``."""
    conditions = tuple(conditions)
    bounds = {
        c.name: (c.value, None) if c.sense == "max" else (None, c.value) for c in conditions if c.kind == "reached"
    }
    part = reaching(problem, bounds)
    inside, outside = ([c.name for c in conditions if c.kind == kind] for kind in ("inside", "outside"))
    return with_projects(part, inside=inside, outside=outside)


def figure_of(name: str, value: Number) -> Fraction:
    """``value`` exactly; a ``ValueError`` names whose it is.

    >>> figure_of("growth", "12.5")
    Fraction(25, 2)
    """
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{name}: {value!r} is no number") from error


def _known(names: Iterable[str], there: Collection[str], what: str) -> None:
    for name in names:
        if name not in there:
            raise ValueError(f"no {what} is called {name}; {did_you_mean(name, list(there))}")
