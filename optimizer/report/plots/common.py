"""What all plots share: the figures to draw, words for axes and titles, and marks that differ in form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.problem import Objective
from optimizer.certificate import Status, percent_at_most
from optimizer.decide.representatives import representatives
from optimizer.exact import counted
from optimizer.listing import Listing
from optimizer.portfolios import Portfolios
from optimizer.report.describe.pictures import readable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from instances.region import Region

__all__ = ["FEW", "Drawn", "Mark", "axis_label", "few_ticks", "legend_below", "place_of"]

Floats = NDArray[np.float64]
FEW = 8
"""Up to so many portfolios are told apart one by one; of more, only those that stand for something."""
MARKERS = ("^", "s", "D", "v", "P", "X", "<", ">", "p")
DASHES = (
    "-",
    (0, (5, 1.5)),
    (0, (1, 1)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (9, 3)),
    (0, (3, 1, 1, 1, 1, 1)),
    (0, (2, 3)),
    (0, (12, 2, 2, 2)),
    (0, (4, 4)),
)


@dataclass(frozen=True)
class Mark:
    """A portfolio that is told apart: by its marker, its dashes and its label, never by colour."""

    row: int
    label: str
    marker: str
    dashes: str | tuple[int, tuple[float, ...]]


@dataclass(frozen=True)
class Drawn:
    """The portfolios of a plot, and their region where it is known."""

    listing: Listing
    region: Region | None

    @classmethod
    def of(cls, portfolios: Portfolios, region: Region | None = None) -> Drawn:
        """``portfolios`` with ``region``, or with their own. Raises ``ValueError`` if there is no portfolio."""
        from optimizer.front import Front

        region = region or getattr(portfolios, "region", None)
        listing = Listing.of(portfolios, region) if isinstance(portfolios, Front) else portfolios.listing
        if not len(listing):
            raise ValueError("there is no portfolio to draw: " + listing.certificate.in_words())
        return cls(listing, region)

    @property
    def objectives(self) -> tuple[Objective, ...]:
        return self.listing.objectives

    @cached_property
    def values(self) -> Floats:
        """Objectives in their own unit and sense, ``(k, p)``; floats, since they are only looked at."""
        return np.array([[float(value) for value in row] for row in self.listing.values])

    @cached_property
    def signs(self) -> Floats:
        """1 for each objective that is maximised, -1 for each that is minimised, ``(p,)``."""
        return np.array([1.0 if objective.sense == "max" else -1.0 for objective in self.objectives])

    @cached_property
    def shares(self) -> Floats:
        """Share of the portfolios that contain each project, ``(projects,)``."""
        return np.asarray((self.listing.starts > 0).mean(axis=0), dtype=np.float64)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """A few portfolios one by one; of many, the best of each objective and the compromise."""
        stand = {row: why for row, why in representatives(self.listing, 1).items() if why}
        rows = range(len(self.listing)) if len(self.listing) <= FEW else sorted(stand)
        return tuple(
            Mark(
                row,
                readable(", ".join(filter(None, (f"portfolio {self.listing.numbers[row]}", stand.get(row, ""))))),
                MARKERS[place % len(MARKERS)],
                DASHES[place % len(DASHES)],
            )
            for place, row in enumerate(rows)
        )

    def title(self, what: str) -> str:
        """``what`` is drawn, of which region, and what is proved about the portfolios."""
        whose = f"{readable(self.region.settings.title or self.region.name)}\n" if self.region else ""
        return f"{whose}{what}; {self._basis()}"

    def _basis(self) -> str:
        proof, count = self.listing.certificate, counted(len(self.listing), "portfolio")
        if proof.status is Status.COMPLETE:
            return f"{count}, the complete front"
        if proof.status is Status.GUARANTEE and proof.epsilon is not None:
            return f"{count}, guaranteed within {percent_at_most(proof.epsilon)}"
        return f"{count}, nothing proved"


def place_of(drawn: Drawn, name: str) -> int:
    """The column of the objective ``name``; ``ValueError`` for an unknown one."""
    from optimizer.choose import objective_place

    return objective_place(drawn.listing, name)


def axis_label(objective: Objective, apart: str = ", ") -> str:
    """Name, unit and sense.

    >>> axis_label(Objective("growth", "max", "million CNY a year"))
    'growth, million CNY a year (more is better)'
    """
    better = "more is better" if objective.sense == "max" else "less is better"
    unit = f"{apart}{readable(objective.unit)}" if objective.unit else ""
    return f"{readable(objective.name)}{unit} ({better})"


def few_ticks(axes: Axes, most: int, axis: str = "both", whole: bool = False) -> None:
    """At most so many figures on an axis or both, with separators for thousands; ``whole`` ones only."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for one in {"x": (axes.xaxis,), "y": (axes.yaxis,), "both": (axes.xaxis, axes.yaxis)}[axis]:
        one.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10], integer=whole))
        one.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def legend_below(axes: Axes, handles: Sequence[object] | None = None, columns: int = 2) -> None:
    """The legend under the axes, where it hides nothing."""
    found = list(handles) if handles is not None else axes.get_legend_handles_labels()[0]
    axes.figure.legend(
        handles=found, loc="outside lower left", ncols=columns, frameon=False, fontsize=8, labelspacing=0.8
    )
