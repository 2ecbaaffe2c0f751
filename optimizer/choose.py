"""Choosing among listed portfolios: by conditions, by nearness to a wish, by being different. Decided exactly."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from instances.faults import did_you_mean
from optimizer.listing import Listing

__all__ = ["different", "keep_rows", "nearest", "objective_place", "select"]

COMPARE = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
}
CONDITION = re.compile(r"\s*(>=|<=|==|!=|>|<|=)?\s*([^\s<>=!]+)\s*")
BETTER = {"max": (">=", ">"), "min": ("<=", "<")}


def objective_place(listing: Listing, name: str) -> int:
    """The column of an objective; an unknown one is a ``ValueError`` that names a near one.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> objective_place(solve(formulate(read_region("hamlet"))).listing, "grwth")
    Traceback (most recent call last):
    ...
    ValueError: no objective is called grwth; did you mean growth?
    """
    names = [objective.name for objective in listing.objectives]
    if name not in names:
        raise ValueError(f"no objective is called {name}; {did_you_mean(name, names)}")
    return names.index(name)


def select(
    listing: Listing,
    wanted: Mapping[str, str | float | Sequence[str]],
    project_in: Sequence[str] | str = (),
    project_out: Sequence[str] | str = (),
) -> Listing:
    """See :meth:`optimizer.portfolios.Portfolios.select`."""
    keep = np.ones(len(listing), dtype=bool)
    complete = True
    for name, asked in wanted.items():
        k = objective_place(listing, name)
        for condition in [asked] if isinstance(asked, str | int | float | Fraction) else asked:
            sign, figure = _condition(name, condition)
            keep &= np.array([COMPARE[sign](value, figure) for value in listing.column(k)], dtype=bool)
            complete &= sign in BETTER[listing.objectives[k].sense]
    for projects, chosen in ((project_in, True), (project_out, False)):
        for column in _columns(listing, [projects] if isinstance(projects, str) else projects):
            keep &= (listing.starts[:, column] > 0) == chosen
            complete = False
    return listing.rows(np.flatnonzero(keep).tolist(), complete=complete)


def keep_rows(listing: Listing, keep: Callable[[Mapping[str, Fraction], Mapping[str, int]], bool]) -> Listing:
    """See :meth:`optimizer.portfolios.Portfolios.filter`."""
    names = [objective.name for objective in listing.objectives]
    return listing.rows(
        [
            row
            for row, values in enumerate(listing.values)
            if keep(dict(zip(names, values, strict=True)), listing.plan(row))
        ]
    )


def nearest(listing: Listing, reference: Mapping[str, float | str | Fraction], k: int = 1) -> Listing:
    """See :meth:`optimizer.portfolios.Portfolios.nearest`."""
    if not reference:
        raise ValueError("the reference names no objective; give a value for one of them at least")
    wish = {objective_place(listing, name): _figure(name, value) for name, value in reference.items()}

    def distance(row: int) -> tuple[Fraction, Fraction, int]:
        parts = [abs(listing.values[row][k] - value) / listing.range(k) for k, value in wish.items()]
        return max(parts), sum(parts, Fraction(0)), row

    return listing.rows(sorted(range(len(listing)), key=distance)[: max(k, 0)])


def different(listing: Listing, k: int, loss: float = 0.05, around: int | None = None) -> Listing:
    """``k`` portfolios that differ in as many projects as possible, none much worse than the first.

    The first is the portfolio numbered ``around``, or the compromise: the smallest largest regret as a share of the
    range. Candidates are at most ``loss`` of the range worse than it in every objective. One after the other, the
    candidate is taken whose fewest differing projects from those already taken are the most (Gonzalez 1985: at least
    half of what the best choice could reach); ties go to the smaller loss, then to the first. A project differs when
    one chooses it and the other does not. There may be fewer than ``k``: then no further candidate is any different.
    """
    if not len(listing):
        return listing
    first = _compromise(listing) if around is None else _row(listing, around)
    most = Fraction(str(loss))
    losses = [_loss(listing, first, row) for row in range(len(listing))]
    candidates = [row for row, worse in enumerate(losses) if worse <= most]
    chosen = listing.starts > 0
    taken = [first] if k > 0 else []
    apart = {row: int((chosen[row] != chosen[first]).sum()) for row in candidates}
    while len(taken) < k:
        row = max(candidates, key=lambda row: (apart[row], -losses[row], -row))
        if not apart[row]:
            break
        taken.append(row)
        apart = {other: min(old, int((chosen[other] != chosen[row]).sum())) for other, old in apart.items()}
    return listing.rows(taken)


def _loss(listing: Listing, first: int, row: int) -> Fraction:
    """By how much ``row`` is worse than ``first`` in its worst objective, as a share of the range."""
    pairs = zip(listing.values[first], listing.values[row], strict=True)
    return max(listing.gain(k, a, b) / listing.range(k) for k, (a, b) in enumerate(pairs))


def _compromise(listing: Listing) -> int:
    best = [listing.column(k)[listing.best(k)] for k in range(len(listing.objectives))]

    def regrets(row: int) -> tuple[Fraction, Fraction, int]:
        parts = [listing.gain(k, best[k], value) / listing.range(k) for k, value in enumerate(listing.values[row])]
        return max(parts), sum(parts, Fraction(0)), row

    return min(range(len(listing)), key=regrets)


def _row(listing: Listing, number: int) -> int:
    if number not in listing.numbers:
        raise ValueError(f"there is no portfolio {number} among these {len(listing)}")
    return listing.numbers.index(number)


def _columns(listing: Listing, projects: Iterable[str]) -> list[int]:
    places = {project: column for column, project in enumerate(listing.projects)}
    for project in projects:
        if project not in places:
            raise ValueError(f"no project of these portfolios is called {project}; {did_you_mean(project, places)}")
    return [places[project] for project in projects]


def _condition(name: str, condition: str | float) -> tuple[str, Fraction]:
    found = CONDITION.fullmatch(str(condition))
    if not found:
        raise ValueError(f"{name}: {condition!r} is no condition; write for instance '>=120' or ['>=100', '<120']")
    return found[1] or "==", _figure(name, found[2])


def _figure(name: str, value: float | str | Fraction) -> Fraction:
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{name}: {value!r} is no number") from error
