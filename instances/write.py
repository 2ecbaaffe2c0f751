"""Write a region: a folder with region.toml and CSV tables, or one workbook. Whole or not at all."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from instances.cells import shown
from instances.schema import TABLES, Row

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["Staged", "columns_in_use", "csv_table", "settings_of", "write_region"]


def write_region(region: Region, target: str | Path) -> None:
    """Write ``region`` as a folder or, if ``target`` ends with ``.xlsx``, as one workbook.

    What is written reads back as an equal region; columns that stand at their default in every row are left out.
    The same region gives the same bytes.

    >>> import tempfile
    >>> from instances import read_region
    >>> with tempfile.TemporaryDirectory() as home:
    ...     write_region(read_region("zigong"), Path(home) / "copy.xlsx")
    ...     read_region(Path(home) / "copy.xlsx") == read_region("zigong")
    True

    Raises:
        FileExistsError: if ``target`` exists; nothing is ever overwritten.
        ValueError: if a text does not fit into a cell of a workbook.
    """
    path = Path(target)
    with Staged(path) as temporary:
        if path.suffix.lower() == ".xlsx":
            from instances.workbook import write_workbook

            write_workbook(region, temporary)
        else:
            temporary.mkdir()
            for name, text in _folder(region):
                (temporary / name).write_text(text, encoding="utf-8", newline="")


class Staged:
    """A temporary neighbour of ``target`` to write to; it takes the target's name if all went well."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> Path:
        refuse(self.target)
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self.home = Path(tempfile.mkdtemp(prefix=f".{self.target.name}.", dir=self.target.parent))
        return self.home / self.target.name

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                refuse(self.target)
                (self.home / self.target.name).replace(self.target)
        finally:
            shutil.rmtree(self.home, ignore_errors=True)


def refuse(target: Path) -> None:
    """Nothing that exists is overwritten."""
    if target.exists() or target.is_symlink():
        raise FileExistsError(f"{target} exists already and is left as it is: choose another name, or remove it first")


def settings_of(region: Region) -> dict[str, Any]:
    """The settings that differ from their defaults, as nested dictionaries."""
    return region.settings.model_dump(exclude_defaults=True)


def columns_in_use(row_type: type[Row], rows: Sequence[Row]) -> list[str]:
    """Required columns and those that are not at their default in every row; the note comes last."""
    fields = row_type.model_fields
    used = [name for name, field in fields.items() if field.is_required() or any(_given(row, name) for row in rows)]
    return sorted(used, key=lambda name: name == "note")


def csv_table(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    """A CSV file. What would be read as a comment or as the end of a line stands in quotes.

    >>> csv_table(["id"], [{"id": "#1"}])
    'id\\n"#1"\\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    careful = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        cells = [shown(row[column]) for column in columns]
        hidden = cells[0].startswith("#") or any("\r" in cell for cell in cells)
        (careful if hidden else writer).writerow(cells)
    return out.getvalue()


def _folder(region: Region) -> Iterator[tuple[str, str]]:
    yield "region.toml", tomli_w.dumps(settings_of(region))
    for name, rows in region.tables.items():
        yield f"{name}.csv", csv_table(columns_in_use(TABLES[name], rows), [row.model_dump() for row in rows])


def _given(row: Row, column: str) -> bool:
    return bool(getattr(row, column) != type(row).model_fields[column].default)
