"""Read a region: a shipped one by name, a folder with region.toml and CSV tables, or one workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from instances import head as heads
from instances.check import Facts, check_facts
from instances.csv_sheets import read_csv
from instances.faults import Fault, RegionError, did_you_mean, listing
from instances.head import Head
from instances.region import Region
from instances.schema import TABLES
from instances.sheets import Sheet
from instances.shipped import catalogue, shipped_folder
from instances.tables import Table, parse
from instances.xlsx_sheets import read_workbook

__all__ = ["assemble", "read_region"]

WORKBOOKS = (".xlsx", ".xlsm")
HEAD = "region.toml"
HEAD_SHEET = "region"
README = "readme"
_OTHER_FORMATS = (".xls", ".xlsx", ".ods", ".tsv", ".txt", ".numbers")


def read_region(source: str | Path) -> Region:
    """Read and check a region.

    ``source`` is a folder (``region.toml`` and one CSV a table), a workbook (``.xlsx``: sheet ``region`` and one sheet
    a table) or the name of a shipped region (see :func:`instances.catalogue`).

    >>> read_region("zigong").name
    'zigong'

    Raises:
        RegionError: with every fault of the files, of the tables and across the tables.
        FileNotFoundError: if there is no such folder, workbook or shipped region; the message tells what there is.
    """
    path = Path(source)
    if path.is_dir():
        return _read_folder(path)
    if path.is_file():
        return _read_workbook(path)
    if isinstance(source, str) and (folder := shipped_folder(source)):
        return _read_folder(folder)
    raise FileNotFoundError(_nothing_there(path))


def assemble(head: Head, tables: Mapping[str, Table], faults: tuple[Fault, ...] = ()) -> Region:
    """A region of what was read, if neither reading nor checking it found a fault."""
    facts = Facts.found(head, tables)
    found = [*head.faults, *faults, *(fault for table in tables.values() for fault in table.faults)]
    found += check_facts(facts)
    if found:
        order = [head.place, *(table.place for table in tables.values())]
        places = {place: rank for rank, place in enumerate(order)}
        found.sort(key=lambda fault: (places.get(fault.place, len(order)), fault.row or 0))
        raise RegionError(found)
    return facts.region


def _read_folder(folder: Path) -> Region:
    head = heads.from_toml(folder / HEAD)
    tables: dict[str, Table] = {}
    for name, row_type in TABLES.items():
        path = folder / f"{name}.csv"
        if path.is_file():
            table = _table(name, path.name, read_csv(path, row_type.model_fields))
            if table:
                tables[name] = table
    return assemble(head, tables, tuple(_strange_files(folder)))


def _read_workbook(path: Path) -> Region:
    if path.suffix.lower() not in WORKBOOKS:
        raise RegionError([_wrong_kind(path)])
    sheets = read_workbook(path)
    if isinstance(sheets, Fault):
        raise RegionError([sheets])
    if HEAD_SHEET in sheets:
        head = heads.from_sheet(sheets[HEAD_SHEET])
    else:
        rule = f"there is no sheet {HEAD_SHEET}: it names the region and its objectives"
        cause = f"a sheet renamed ({listing(list(sheets))}); `growthring new my-town.xlsx` writes a template"
        head = heads.unreadable(path.name, Fault(path.name, None, None, None, rule, cause))
    tables = {name: table for name in TABLES if (table := _table(name, f"sheet {name}", sheets.get(name)))}
    known = (*TABLES, HEAD_SHEET)
    strange = [
        Fault(f"sheet {name}", None, None, None, "there is no table of this name", _near_table(name, known))
        for name in sheets
        if name not in known and name.casefold() != README
    ]
    return assemble(head, tables, tuple(strange))


def _table(name: str, place: str, sheet: Sheet | Fault | None) -> Table | None:
    """A table of a sheet; none if it has no rows, as if it were absent."""
    if isinstance(sheet, Fault):
        return Table(place, faults=(sheet,), unread=True)
    if sheet is None:
        return None
    table = parse(name, sheet)
    return table if sheet.rows or table.faults else None


def _strange_files(folder: Path) -> Iterator[Fault]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~")) or path.is_dir():
            continue
        suffix = path.suffix.lower()
        if suffix == ".csv" and not (path.stem in TABLES and path.suffix == ".csv"):
            yield Fault(path.name, None, None, None, "there is no table of this name", _near_table(path.stem))
        elif suffix in _OTHER_FORMATS and path.stem in TABLES:
            rule = "the file is not read: in a folder every table is a CSV file"
            cause = f"saved in another format: save it as {path.stem}.csv, or all tables as sheets of one workbook"
            yield Fault(path.name, None, None, None, rule, cause)


def _near_table(name: str, known: Collection[str] = tuple(TABLES)) -> str:
    near = did_you_mean(name, known)
    if near.startswith("did"):
        return near
    return f"notes or working tables: keep them elsewhere; the tables are {listing(list(known), len(known))}"


def _wrong_kind(path: Path) -> Fault:
    if path.name == HEAD or path.suffix.lower() == ".csv":
        cause = f"one file of the region was named: name its folder, {path.parent}"
    elif path.suffix.lower() in (".xls", ".ods", ".xlsb"):
        cause = "an older or another spreadsheet format: save it as Excel workbook (.xlsx)"
    elif path.suffix.lower() == ".pb":
        cause = "a participatory budgeting file: convert it with `growthring import`"
    else:
        cause = "another file is meant"
    return Fault(path.name, None, None, None, "this is neither a folder nor an .xlsx workbook", cause)


def _nothing_there(path: Path) -> str:
    shipped = list(catalogue())
    near = did_you_mean(path.name, [*shipped, *_neighbours(path)])
    hint = f" {near[0].upper()}{near[1:]}" if near.startswith("did") else ""
    return (
        f"{path}: there is no such folder, workbook or shipped region.{hint}\n"
        f"Shipped regions: {listing(shipped) or 'none'}. To begin one of your own: growthring new my-town"
    )


def _neighbours(path: Path) -> list[str]:
    if not path.parent.is_dir():
        return []
    return [p.name for p in path.parent.iterdir() if p.suffix.lower() in WORKBOOKS or (p / HEAD).is_file()]
