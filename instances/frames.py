"""A region from DataFrames, with the same rules and messages as one from files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from instances import head as heads
from instances.faults import Fault, did_you_mean
from instances.head import Head
from instances.read import assemble
from instances.region import Region
from instances.schema import TABLES
from instances.settings import Settings
from instances.sheets import Sheet
from instances.tables import parse

__all__ = ["from_frames"]

HEADER_ROWS = 2


def from_frames(settings: Mapping[str, Any] | Settings, frames: Mapping[str, pd.DataFrame]) -> Region:
    """A region from its settings and one DataFrame a table (see :meth:`instances.Region.frame` for the way back).

    Cells without a value (NaN, None, NA) are empty cells, which stand for the default of their column. Rows in messages
    are counted as in a sheet: the first row of a frame is row 2. The index of a frame is not read.

    >>> from instances import read_region
    >>> zigong = read_region("zigong")
    >>> from_frames(zigong.settings, {table: zigong.frame(table) for table in zigong.tables}) == zigong
    True

    Raises:
        RegionError: with every fault of the settings, of the frames and across them.
    """
    head = Head(settings) if isinstance(settings, Settings) else heads.from_mapping(settings)
    tables = {name: parse(name, _sheet(name, frames[name])) for name in TABLES if name in frames and len(frames[name])}
    unknown = tuple(
        Fault(f"table {name}", None, None, None, "there is no table of this name", did_you_mean(str(name), TABLES))
        for name in frames
        if name not in TABLES
    )
    return assemble(head, tables, unknown)


def _sheet(name: str, frame: pd.DataFrame) -> Sheet:
    columns = [frame.iloc[:, position].tolist() for position in range(frame.shape[1])]
    rows = [
        (number, [_cell(value) for value in cells])
        for number, cells in enumerate(zip(*columns, strict=True), HEADER_ROWS)
    ]
    return Sheet(f"table {name}", [str(column).strip() for column in frame.columns], rows)


def _cell(value: Any) -> object:
    if isinstance(value, (tuple, list, np.ndarray)):
        return tuple(str(part).strip() for part in value)
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
