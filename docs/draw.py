"""Draw the pictures that the page Plots shows: ``python docs/draw.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from instances import read_region
from models import formulate
from optimizer import AnyOf, Guarantee, SolveLimit, solve
from optimizer.report.plots import save_all

ENOUGH = AnyOf(Guarantee(0.1), SolveLimit(80))
"""Some twenty seconds, and the same pictures everywhere, which a time limit would not give."""


def draw(folder: Path) -> None:
    """The plots of two regions, one with a complete front and one with a guarantee."""
    for name, stop in (("park", None), ("zigong", ENOUGH)):
        region = read_region(name)
        save_all(solve(formulate(region), stop=stop), folder / name, region)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
