"""Listed: a shortlist of the portfolios of a front, without any solving."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.problem import Ints
from optimizer.certificate import Status
from optimizer.decide.exterior import why_exterior
from optimizer.decide.shortlist.classes import Class, Entry, Side, Verdict, classed
from optimizer.decide.shortlist.table import Equals, Shortlist
from optimizer.exact import at_most, coarse_decimals, figure
from optimizer.front import Front
from optimizer.listing import Listing

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["Sides", "entries", "listed_sides", "shortlist", "whole_columns"]

Sides = Mapping[str, tuple[Side, Side]]
"""Project to what is known about efficient portfolios with it and without it."""
NEVER = ("locked out", "cannot be completed", "forbidden")
"""Beginnings of those reasons that keep a project out of every feasible portfolio by the facts alone."""


def shortlist(region: Region, front: Front | Listing) -> Shortlist:
    """Class, share and reason of every project of ``region`` among the portfolios of ``front``.

    Formula: ``share_j = |{portfolios with j}| / |portfolios|``; core: 1, exterior: 0. Portfolios of equal merit are
    counted if ``front`` was solved with ``alternatives`` and all of them are known; else one for each point. Nothing is
    solved here: :meth:`Shortlist.prove` settles what is left open. Raises ``ValueError`` if there is no portfolio. A
    run folder gives both arguments: ``run = read_run(folder); shortlist(run.region, run.listing)``.

    >>> from instances import read_region
    >>> from models import formulate
    >>> from optimizer import solve
    >>> region = read_region("hamlet")
    >>> chosen = shortlist(region, solve(formulate(region)))
    >>> chosen.basis, chosen.prove().basis
    ('of the listed portfolios', 'proved')
    """
    listing = front if isinstance(front, Listing) else Listing.of(front, region)
    if not len(listing):
        raise ValueError("there is no portfolio to make a shortlist of: " + listing.certificate.in_words())
    equals = _equals(front, listing) if isinstance(front, Front) else None
    reasons = why_exterior(region, [objective.name for objective in listing.objectives])
    sides = listed_sides(region, listing, reasons, equals)
    return Shortlist(region, listing, entries(region, listing, sides, equals, reasons), equals, reasons)


def _equals(front: Front, listing: Listing) -> Equals | None:
    """All portfolios of equal merit, if they were asked for and none may be missing."""
    found = front.alternatives
    if found is None or found.more.any():
        return None
    place = {project: column for column, project in enumerate(listing.projects)}
    starts = np.zeros((len(found), len(listing.projects)), dtype=np.int64)
    starts[:, [place[project] for project in front.projects]] = front.starts_of(found.X)
    return Equals(found.of, starts)


def listed_sides(region: Region, listing: Listing, reasons: Mapping[str, str], equals: Equals | None) -> Sides:
    """What is known at once: a complete front is a list of witnesses, and locks leave no doubt."""
    efficient = listing.certificate.status is Status.COMPLETE
    starts = listing.starts if equals is None else equals.starts
    of = np.arange(len(listing)) if equals is None else equals.of
    settled = efficient and equals is not None
    doubt = Side(epsilon=listing.certificate.epsilon)
    sides = {}
    for column, project in enumerate(listing.projects):
        chosen = starts[:, column] > 0
        pair = []
        for rows in (np.flatnonzero(chosen), np.flatnonzero(~chosen)):
            if efficient and len(rows):
                row = int(rows[0])
                plan = {p: int(t) for p, t in zip(listing.projects, starts[row], strict=True) if t}
                pair.append(Side(True, plan, listing.numbers[int(of[row])]))
            elif settled:
                pair.append(Side(False))
            else:
                pair.append(Side() if len(rows) else doubt)
        if reasons.get(project, "").startswith(NEVER):
            pair = [Side(False), replace(pair[1], exists=True)]
        elif region.project[project].locked == "in":
            pair = [replace(pair[0], exists=True), Side(False)]
        sides[project] = (pair[0], pair[1])
    return sides


def entries(
    region: Region, listing: Listing, sides: Sides, equals: Equals | None, reasons: Mapping[str, str]
) -> tuple[Entry, ...]:
    """All projects, core first, then by share."""
    columns = whole_columns(listing)
    found = [
        _entry(region, listing, column, sides[project], equals, reasons, columns)
        for column, project in enumerate(listing.projects)
    ]
    order = {cls: place for place, cls in enumerate(Class)}
    return tuple(sorted(found, key=lambda entry: (order[entry.cls], -entry.share)))


def _entry(
    region: Region,
    listing: Listing,
    column: int,
    sides: tuple[Side, Side],
    equals: Equals | None,
    reasons: Mapping[str, str],
    columns: list[tuple[Ints, int]],
) -> Entry:
    project = region.project[listing.projects[column]]
    starts = (listing.starts if equals is None else equals.starts)[:, column]
    of = np.arange(len(listing)) if equals is None else equals.of
    counts = Counter(int(t) for t in starts if t)
    count, total, most = counts.total(), len(starts), max(counts.values(), default=0)
    inside, outside = sides
    cls = classed(inside, outside, count > 0, count < total)
    difference = _difference(listing, columns, starts > 0, of) if 0 < count < total else {}
    entry = Entry(
        project=project.id,
        name=project.name,
        town=region.town[project.town].name or project.town if project.town in region.town else project.town,
        category=project.category,
        cls=cls,
        portfolios=count,
        share=Fraction(count, total),
        capital_cost=project.capital_cost,
        start=tuple(sorted(t for t, n in counts.items() if n == most)),
        difference=difference if cls is Class.BORDERLINE else {},
        why="",
        inside=inside,
        outside=outside,
    )
    return replace(entry, why=_why(listing, entry, total, project.locked, reasons.get(project.id, "")))


def _why(listing: Listing, entry: Entry, total: int, locked: str, reason: str) -> str:
    """The reason for the class; then, where it is open, what is left of doubt."""
    count = entry.portfolios
    if count == total:
        words = f"in all {total} portfolios" if total > 1 else "in the only portfolio"
    elif count:
        words = f"in {count} of {total}"
    else:
        words = reason or (f"none of the {total} portfolios takes it" if total > 1 else "not in the only portfolio")
    words += f"; {_in_words(listing, entry.difference)}" if entry.difference else ""
    words += "; locked in" if locked == "in" else ""
    if entry.cls is Class.BORDERLINE and not 0 < count < total:
        words += f", but an efficient portfolio that is not listed {'leaves it out' if count else 'takes it'}"
    elif entry.cls is not Class.BORDERLINE and 0 < count < total:
        words += ", but better portfolios that are not listed " + ("take it" if entry.cls is Class.CORE else "do not")
    return words + _doubt(listing, entry)


def _doubt(listing: Listing, entry: Entry) -> str:
    """What is left open, where that says more than the certificate says of all portfolios."""
    if entry.verdict is Verdict.PROVED:
        return ""
    if entry.cls is Class.BORDERLINE:
        return "; open"
    side, what = (entry.outside, "leaves it out") if entry.cls is Class.CORE else (entry.inside, "takes it")
    known = listing.certificate.epsilon
    if side.epsilon is None or (known is not None and side.epsilon >= known > 0):
        return "; open"
    if not side.epsilon:
        return f"; open: whatever portfolio {what}, one of these is at least as good in every objective"
    worse = f"at most {at_most(100 * side.epsilon)} % of the range worse in every objective"
    return f"; open: whatever portfolio {what}, one of these is {worse}"


def whole_columns(listing: Listing) -> list[tuple[Ints, int]]:
    """For each objective the listed values as whole numbers ``(k,)`` of Python ints, and what they are to be divided
    by."""
    columns = []
    for k in range(len(listing.objectives)):
        values = listing.column(k)
        common = lcm(*(value.denominator for value in values))
        columns.append((np.array([int(value * common) for value in values], dtype=object), common))
    return columns


def _difference(
    listing: Listing, columns: list[tuple[Ints, int]], chosen: NDArray[np.bool_], of: Ints
) -> dict[str, Fraction]:
    """Mean of each objective over the ``chosen`` ``(a,)`` portfolios less that over the others, exactly."""
    inside, outside = (np.bincount(of[rows], minlength=len(listing)).astype(object) for rows in (chosen, ~chosen))
    return {
        objective.name: Fraction(values @ inside, common * int(inside.sum()))
        - Fraction(values @ outside, common * int(outside.sum()))
        for objective, (values, common) in zip(listing.objectives, columns, strict=True)
    }


def _in_words(listing: Listing, difference: Mapping[str, Fraction]) -> str:
    """What the portfolios with a project have more of, but what less."""
    better: list[str] = []
    worse: list[str] = []
    for k, objective in enumerate(listing.objectives):
        if amount := difference[objective.name]:
            words = f"{objective.name} {figure(amount, coarse_decimals(listing.column(k)), signed=True)}"
            (better if listing.gain(k, amount, Fraction(0)) > 0 else worse).append(words)
    if not better and not worse:
        return "the averages with it and without it are the same"
    both = " but " if better and worse else ""
    return f"with it on average {', '.join(better)}{both}{', '.join(worse)}"
