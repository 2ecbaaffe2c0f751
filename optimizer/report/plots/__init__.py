"""Plots of a list of portfolios: legible with five or five thousand of them, on a screen or in black and white.

Each takes a front, a listing or a run, needs no screen, and returns a :class:`matplotlib.figure.Figure`:
:func:`front`, :func:`scatter_matrix`, :func:`parallel_coordinates`, :func:`heat_map`, :func:`budget_use` and
:func:`town_map`. :func:`save_all` writes those that the portfolios allow.
"""

from __future__ import annotations

from optimizer.report.plots.front import front
from optimizer.report.plots.lines import parallel_coordinates
from optimizer.report.plots.matrix import scatter_matrix
from optimizer.report.plots.money import budget_use
from optimizer.report.plots.places import town_map
from optimizer.report.plots.save import PLOTS, save_all
from optimizer.report.plots.shares import heat_map

__all__ = [
    "PLOTS",
    "budget_use",
    "front",
    "heat_map",
    "parallel_coordinates",
    "save_all",
    "scatter_matrix",
    "town_map",
]
