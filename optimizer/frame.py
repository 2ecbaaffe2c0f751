"""A tidy table of portfolios: objectives, projects, and what they use of budgets and limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from instances.region import Region
    from optimizer.listing import Listing

__all__ = ["portfolio_frame"]


def portfolio_frame(listing: Listing, region: Region | None = None) -> pd.DataFrame:
    """The table of :meth:`optimizer.portfolios.Portfolios.to_frame`; ``region`` adds the group ``use``."""
    import pandas as pd

    index = pd.Index(listing.numbers, name="portfolio", dtype="int64")
    names = [objective.name for objective in listing.objectives]
    values = [[float(value) for value in row] for row in listing.values]
    groups = {
        "objectives": pd.DataFrame(values, index=index, columns=names, dtype="float64"),
        "projects": pd.DataFrame(listing.starts, index=index, columns=list(listing.projects)),
    }
    if region is not None:
        groups["use"] = _use(listing, region, index)
    return pd.concat(groups, axis=1, names=["group", "name"])


def _use(listing: Listing, region: Region, index: pd.Index[int]) -> pd.DataFrame:
    import pandas as pd

    from optimizer.verify import Auditor

    auditor = Auditor(region)
    rows = [
        {name: float(used / there) if there > 0 else math.nan for name, (used, there) in uses.items()}
        for uses in (auditor.uses(listing.plan(row)) for row in range(len(listing)))
    ]
    columns = list(auditor.uses({}))
    return pd.DataFrame(rows, index=index, columns=columns, dtype="float64")
