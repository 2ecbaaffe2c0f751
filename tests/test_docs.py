"""docs/tables.md says what the schema says; ``python -m tests.test_docs`` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from instances.schema import TABLES
from instances.settings import Goal, Policy, Settings

PAGE = Path(__file__).parents[1] / "docs" / "tables.md"

HEAD = """# The tables of a region

A region is a folder of `region.toml` and one CSV file for each table, or one workbook (.xlsx) with a sheet for each.
Only `projects` is needed; a table without rows switches its mechanism off. `growthring new my-town` writes a template
with these explanations in it, `growthring validate my-town` checks what was filled in.

A cell that holds several names separates them by `|`. Decimals are written with a point, without thousands separators.
In every table the column `note` takes free text that is never read. This page is made from `instances/schema.py` and
`instances/settings.py`.
"""


def page() -> str:
    return "\n".join([HEAD, *_settings(), *_tables()]).rstrip() + "\n"


def _settings() -> Iterator[str]:
    sections = {
        "region.toml": Settings,
        "region.toml, `[objectives.NAME]`": Goal,
        "region.toml, `[policy]`": Policy,
    }
    for title, section in sections.items():
        yield f"## {title}\n"
        yield "| key | what it is |"
        yield "| --- | --- |"
        fields = {name: field.description for name, field in section.model_fields.items() if field.description}
        yield from (f"| `{name}` | {text} |" for name, text in fields.items())
        yield ""


def _tables() -> Iterator[str]:
    for name, row in TABLES.items():
        yield f"## {name}\n"
        key = ", ".join(f"`{column}`" for column in row.KEY)
        yield f"{row.TITLE[0].upper()}{row.TITLE[1:]}. A row is identified by {key}.\n"
        yield "| column | unit | left empty | what it is |"
        yield "| --- | --- | --- | --- |"
        for column, field in row.model_fields.items():
            if column == "note":
                continue
            extra = field.json_schema_extra
            unit = extra["unit"] if isinstance(extra, dict) else ""
            refers = f"; an id of `{row.REFERS[column]}`" if column in row.REFERS else ""
            yield f"| `{column}` | {unit} | {_empty(field)} | {_cell(str(field.description))}{refers} |"
        yield ""


def _empty(field: Any) -> str:
    if field.is_required():
        return "not allowed"
    default = {True: "yes", False: "no"}[field.default] if isinstance(field.default, bool) else field.default
    return "" if default in (None, "", ()) else str(default)


def _cell(text: str) -> str:
    return text.replace(" |", " `\\|`")


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.test_docs"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
