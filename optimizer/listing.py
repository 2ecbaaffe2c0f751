"""Listing: the portfolios of a front with exact values, whether just solved or read back from a run folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.certificate import Certificate, Status
from optimizer.portfolios import Portfolios

if TYPE_CHECKING:
    from instances.region import Region
    from models.problem import Objective
    from optimizer.front import Front

__all__ = ["Listing"]


@dataclass(frozen=True, eq=False)
class Listing(Portfolios):
    """``k`` portfolios of the same region, one for each listed point of the front.

    ``values`` is ``(k, p)`` in each objective's own unit and sense, exact. ``starts`` is ``(k, projects)``: the period
    in which a project starts, counted from 1; 0 means that it is not chosen. ``projects`` are all projects of the
    region, those included that no portfolio can contain. ``numbers`` are those of the portfolios in ``front.csv``; a
    selection keeps them.
    """

    objectives: tuple[Objective, ...]
    projects: tuple[str, ...]
    values: tuple[tuple[Fraction, ...], ...]
    starts: NDArray[np.int64]
    certificate: Certificate
    numbers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        wanted = (len(self.values), len(self.projects))
        if self.starts.shape != wanted:
            raise ValueError(f"starts has shape {self.starts.shape}, expected {wanted}: portfolios by projects")
        self.starts.flags.writeable = False
        if not self.numbers:
            object.__setattr__(self, "numbers", tuple(range(1, len(self.values) + 1)))
        if len(self.numbers) != len(self.values):
            raise ValueError(f"{len(self.numbers)} numbers for {len(self.values)} portfolios")

    @classmethod
    def of(cls, front: Front, region: Region | None = None) -> Listing:
        """The portfolios of ``front``, with a column for every project of ``region`` in the region's order.

        Without a region, the projects are those that some portfolio could contain.
        """
        projects = front.projects if region is None else [project.id for project in region.projects]
        place = {project: column for column, project in enumerate(projects)}
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

    @property
    def listing(self) -> Listing:
        """Itself: what :class:`Portfolios` chooses from."""
        return self

    def rows(self, rows: Sequence[int], *, complete: bool = False) -> Listing:
        """The portfolios in ``rows`` (counted from 0), in that order, under their own numbers.

        A selection proves nothing about what it leaves out, and its certificate says so, unless it is ``complete``: the
        whole front of a region with further wishes.
        """
        if list(rows) == list(range(len(self))):
            return self
        proof = self.certificate
        if complete and proof.status is Status.COMPLETE:
            proof = replace(proof, points=len(rows))
        else:
            proof = replace(
                proof,
                status=Status.HEURISTIC,
                epsilon=None,
                epsilon_in_units=None,
                hypervolume_missing=None,
                points=len(rows),
                stopped_by="selection",
                open_regions=(),
                open_regions_total=0,
            )
        return replace(
            self,
            values=tuple(self.values[row] for row in rows),
            starts=self.starts[list(rows)].reshape(len(rows), len(self.projects)),
            certificate=proof,
            numbers=tuple(self.numbers[row] for row in rows),
        )
