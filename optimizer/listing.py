"""Listing: the portfolios of a front with exact values, whether just solved or read back from a run folder."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.certificate import Certificate
from optimizer.exact import exact_text

if TYPE_CHECKING:
    import pandas as pd

    from instances.region import Region
    from models.problem import Objective
    from optimizer.front import Front

__all__ = ["Listing"]


@dataclass(frozen=True, eq=False)
class Listing:
    """``k`` portfolios of the same region, one for each listed point of the front.

    ``values`` is ``(k, p)`` in each objective's own unit and sense, exact. ``starts`` is ``(k, projects)``: the period
    in which a project starts, counted from 1; 0 means that it is not chosen. ``projects`` are all projects of the
    region, those included that no portfolio can contain.
    """

    objectives: tuple[Objective, ...]
    projects: tuple[str, ...]
    values: tuple[tuple[Fraction, ...], ...]
    starts: NDArray[np.int64]
    certificate: Certificate

    def __post_init__(self) -> None:
        wanted = (len(self.values), len(self.projects))
        if self.starts.shape != wanted:
            raise ValueError(f"starts has shape {self.starts.shape}, expected {wanted}: portfolios by projects")
        self.starts.flags.writeable = False

    @classmethod
    def of(cls, front: Front, region: Region) -> Listing:
        """The portfolios of ``front``, with a column for every project of ``region`` in the region's order."""
        place = {project.id: column for column, project in enumerate(region.projects)}
        starts = np.zeros((len(front.values), len(place)), dtype=np.int64)
        starts[:, [place[project] for project in front.projects]] = front.starts
        return cls(
            objectives=tuple(front.problem.objectives),
            projects=tuple(place),
            values=tuple(tuple(row) for row in front.values),
            starts=starts,
            certificate=front.certificate,
        )

    def __len__(self) -> int:
        return len(self.values)

    def column(self, objective: int) -> tuple[Fraction, ...]:
        """The values of one objective over all portfolios."""
        return self._columns[objective]

    def best(self, objective: int) -> int:
        """The first portfolio that is best in ``objective``."""
        column = self.column(objective)
        wanted = max(column) if self.objectives[objective].sense == "max" else min(column)
        return column.index(wanted)

    def gain(self, objective: int, new: Fraction, old: Fraction) -> Fraction:
        """By how much ``new`` is better than ``old``; negative if it is worse."""
        return new - old if self.objectives[objective].sense == "max" else old - new

    def range(self, objective: int) -> Fraction:
        """Length of the certificate's range of ``objective``, else of the listed values; 1 if that is 0."""
        return self._ranges[objective]

    @cached_property
    def _columns(self) -> tuple[tuple[Fraction, ...], ...]:
        return tuple(zip(*self.values, strict=True)) if self.values else ((),) * len(self.objectives)

    @cached_property
    def _ranges(self) -> tuple[Fraction, ...]:
        ranges = []
        for objective, column in zip(self.objectives, self._columns, strict=True):
            ends = self.certificate.ranges.get(objective.name)
            listed = max(column) - min(column) if column else Fraction(0)
            ranges.append((abs(Fraction(ends[1]) - Fraction(ends[0])) if ends else listed) or listed or Fraction(1))
        return tuple(ranges)

    def plan(self, portfolio: int) -> dict[str, int]:
        """Project to start period, for the projects that ``portfolio`` (a row, counted from 0) contains."""
        return {project: int(t) for project, t in zip(self.projects, self.starts[portfolio], strict=True) if t}

    def to_frame(self) -> pd.DataFrame:
        """The table of ``front.csv``: portfolio, objectives as exact text, start period of each project."""
        import pandas as pd

        names = ["portfolio", *(o.name for o in self.objectives), *self.projects]
        rows = [
            [k + 1, *map(exact_text, values), *map(int, starts)]
            for k, (values, starts) in enumerate(zip(self.values, self.starts, strict=True))
        ]
        return pd.DataFrame(rows, columns=names)
