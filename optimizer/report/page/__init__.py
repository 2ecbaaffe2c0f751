"""The report page: one file with the front, everything behind it, and a solver that works without a network."""

from __future__ import annotations

from optimizer.report.page.write import MissingPrograms, write_report

__all__ = ["MissingPrograms", "write_report"]
