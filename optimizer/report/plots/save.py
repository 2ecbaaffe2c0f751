"""All plots of a list of portfolios, as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from instances.faults import did_you_mean
from optimizer.folders import whole_folder
from optimizer.portfolios import Portfolios
from optimizer.report.describe.pictures import save
from optimizer.report.plots.front import front
from optimizer.report.plots.lines import parallel_coordinates
from optimizer.report.plots.matrix import scatter_matrix
from optimizer.report.plots.money import budget_use
from optimizer.report.plots.places import town_map
from optimizer.report.plots.shares import heat_map

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from instances.region import Region

__all__ = ["PLOTS", "save_all"]

PLOTS: Mapping[str, Callable[[Portfolios, Region | None], Figure]] = {
    "front": lambda portfolios, region: front(portfolios, region=region),
    "scatter": scatter_matrix,
    "parallel": parallel_coordinates,
    "heat": heat_map,
    "budgets": budget_use,
    "map": town_map,
}
"""By the name of its file."""


def save_all(
    portfolios: Portfolios, folder: str | Path, region: Region | None = None, only: Sequence[str] = ()
) -> tuple[dict[str, Path], dict[str, str]]:
    """Write the plots (``only`` those named) as PNG into the new folder ``folder``.

    Returns the files by the name of the plot, and for those that could not be drawn the reason: a region without towns
    has no map. The folder appears whole or not at all. Raises ``ValueError`` for an unknown name or if there is no
    portfolio, ``FileExistsError`` if ``folder`` exists.
    """
    for name in only:
        if name not in PLOTS:
            raise ValueError(f"no plot is called {name}; {did_you_mean(name, PLOTS)}")
    if not len(portfolios.listing):
        raise ValueError("there is no portfolio to draw: " + portfolios.listing.certificate.in_words())
    files: dict[str, Path] = {}
    missing: dict[str, str] = {}
    with whole_folder(Path(folder)) as draft:
        for name in only or PLOTS:
            try:
                save(PLOTS[name](portfolios, region), draft / f"{name}.png")
                files[name] = Path(folder) / f"{name}.png"
            except ValueError as error:
                missing[name] = str(error)
    return files, missing
