"""Weights: a shortlist made of random weights, as is often done, beside the proved one.

Every one of so many weightings of the objectives, each measured by its range, picks the portfolio with the best
weighted sum; a project is called core if all of the picks contain it, exterior if none does. Weighted sums find
supported portfolios only (Geoffrion 1968), and of those the ones with large cells. The picks are the best there are:
they are taken from the complete front, so that no solver is to blame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean, median

import numpy as np

from instances import generate
from models import formulate
from models.problem import Ints
from optimizer.decide.shortlist import Class, shortlist
from optimizer.listing import Listing
from optimizer.solver import solve

__all__ = ["Row", "rows", "table"]

MECHANISMS = ["budget", "relations", "synergy"]
"""With all of them, little is left to choose from among few projects."""


@dataclass(frozen=True)
class Row:
    """A region: points of its complete front, how many weights find, and projects that these put in a wrong class."""

    seed: int
    projects: int
    points: int
    found: int
    wrong: int


def rows(regions: int, projects: int = 15, objectives: int = 3, weights: int = 2000) -> Iterator[Row]:
    """One row for each seed from 0 on whose region has a portfolio at all."""
    for seed in range(regions):
        region = generate(projects=projects, seed=seed, objectives=objectives, mechanisms=MECHANISMS)
        problem = formulate(region)
        front = solve(problem, alternatives=True)
        if not len(front):
            continue
        proved = shortlist(region, front).prove(problem=problem)
        if not proved.proved:
            raise ValueError(f"region {seed}: {proved.basis_in_words}")
        signs = np.array([1 if o.sense == "max" else -1 for o in problem.objectives])
        picked = _picked(front.counts * signs, weights, seed)
        listing = Listing.of(front, region)
        inside = listing.starts[picked] > 0
        guess = [
            Class.CORE if column.all() else Class.BORDERLINE if column.any() else Class.EXTERIOR for column in inside.T
        ]
        truth = {entry.project: entry.cls for entry in proved.entries}
        wrong = sum(truth[project] is not cls for project, cls in zip(listing.projects, guess, strict=True))
        yield Row(seed, len(truth), len(front), len(picked), wrong)


def _picked(counts: Ints, weights: int, seed: int) -> Ints:
    """Rows of ``counts`` ``(k, p)`` (more is better) that are best for one of so many random weightings."""
    span = np.maximum(np.ptp(counts, axis=0), 1)
    drawn = np.random.default_rng(seed).dirichlet(np.ones(counts.shape[1]), weights)
    best: Ints = np.unique((drawn @ (counts / span).T).argmax(axis=1))
    return best


def table(found: list[Row]) -> str:
    """The rows as a Markdown table, with the totals in a last line."""
    lines = ["| seed | projects | points | found by weights | wrong class |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {r.seed} | {r.projects} | {r.points} | {r.found} | {r.wrong} |" for r in found]
    middle = f"{median(r.points for r in found):g} points, {median(r.found for r in found):g} of them found"
    lines.append(f"\nMedian: {middle}; mean: {mean(r.wrong for r in found):.1f} projects in the wrong class.")
    return "\n".join(lines)
