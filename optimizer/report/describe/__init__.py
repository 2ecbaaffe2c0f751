"""Reports that describe a plan: where growth comes from, how alike towns become, what is remembered, who finds room.

One report a file; each has ``table(region, plan, beside) -> DataFrame``, ``show`` (the table for a terminal), ``words``
(its findings in sentences) and ``picture``. A report is possible when the region has rows in all its ``NEEDS``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from optimizer.decide.beside import Beside, Plan
from optimizer.report.describe import (
    convergence,
    growth_only,
    integration,
    leading_industry,
    memory,
    sources,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from instances.region import Region

__all__ = ["REPORTS", "Beside", "Plan", "Report"]


class Report(Protocol):
    """A module that describes a plan in one respect."""

    @property
    def NAME(self) -> str:
        """Name of its files."""

    @property
    def TITLE(self) -> str:
        """Title for people."""

    @property
    def NEEDS(self) -> tuple[str, ...]:
        """Tables that must have rows."""

    def table(self, region: Region, plan: Plan, beside: Beside | None = None) -> pd.DataFrame:
        """The figures, one row an entry."""

    def show(self, found: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
        """The table as it fits a terminal, in one or two parts with a caption each."""

    def words(self, region: Region, plan: Plan, beside: Beside | None = None) -> list[str]:
        """Its findings in sentences."""

    def picture(self, region: Region, plan: Plan, beside: Beside | None = None) -> Figure:
        """The figures as a picture."""


REPORTS: tuple[Report, ...] = (growth_only, sources, convergence, leading_industry, memory, integration)
"""In the order in which they are told; what growth alone gives up comes first and is never left out."""
