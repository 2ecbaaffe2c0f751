"""A commented template of a region that reads, checks and solves as it is: a folder, or one workbook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, get_origin

import tomli_w

from instances.examples import FILLED, GOALS, POLICY, SCORED, SECOND, SETTINGS, SHOWN
from instances.explain import explanation, words_of
from instances.rules_goals import BUILT_IN
from instances.schema import TABLES
from instances.settings import Goal, Policy, Settings
from instances.write import Staged, csv_table

__all__ = ["new_region"]

_HEAD = """\
# The head of a region: its name, its periods, what is compared and what the council has set.
# Lines that begin with # are comments. Remove the # in front of a key to set it.
"""
_GOALS = """\
# Objectives: each is a weighted sum of indicators, as in [objectives.growth] with maximize = {jobs = 1}.
# An indicator is a name in the table effects, a criterion, or one that is computed from the tables:
"""


def new_region(target: str | Path, scores: bool = False) -> None:
    """Write a template to fill in: a folder or, if ``target`` ends with ``.xlsx``, a workbook.

    Four example projects with effects and budgets are filled in, so that it can be solved at once; with ``scores`` the
    projects are scored on criteria instead. Every other table holds its header and an example only, which leaves its
    mechanism off. Every column and setting is explained where it stands.

    >>> import tempfile
    >>> from instances import read_region
    >>> with tempfile.TemporaryDirectory() as home:
    ...     new_region(Path(home) / "my-town")
    ...     read_region(Path(home) / "my-town").compared
    ('growth', 'livability', 'cost')

    Raises:
        FileExistsError: if ``target`` exists.
    """
    path = Path(target)
    tables = SCORED if scores else FILLED
    with Staged(path) as temporary:
        if path.suffix.lower() == ".xlsx":
            _workbook(temporary, path.stem, tables, _next_steps(path, tables))
        else:
            temporary.mkdir()
            for name, text in _files(path, tables):
                (temporary / name).write_text(text, encoding="utf-8", newline="")


def _files(path: Path, tables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "README.txt", "\n".join(_next_steps(path, tables)) + "\n"
    yield "region.toml", _toml(path.name, tables)
    for name, row_type in TABLES.items():
        columns = _columns(name)
        comments = [f"{name}: {row_type.TITLE}", *_about(name), *(_one_line(name, column) for column in columns)]
        header, _, rows = csv_table(columns, _filled(columns, tables.get(name, []))).partition("\n")
        if name not in tables:
            for example in csv_table(columns, _filled(columns, _shown(name))).splitlines()[1:]:
                comments += ["an example; remove the # in front to use it:", example]
        # The header comes first: spreadsheets and other programs look for it in row 1.
        yield f"{name}.csv", "\n".join([header, *(f"# {line}" for line in comments), rows])


def _shown(table: str) -> list[dict[str, Any]]:
    """The example rows of a table that is off."""
    return [SHOWN[table], *([SECOND[table]] if table in SECOND else [])]


def _columns(table: str) -> list[str]:
    """All columns, the free text last."""
    return sorted(TABLES[table].model_fields, key=lambda column: column == "note")


def _about(name: str) -> Iterator[str]:
    if name != "projects":
        yield "the table is on when it has rows; lines that begin with # are comments"


def _one_line(name: str, column: str) -> str:
    """An explanation for a CSV file; without commas and quotes a spreadsheet leaves it as it is."""
    return explanation(TABLES[name], column).replace("\n", "; ").replace(",", ";").replace('"', "'")


def _filled(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{column: row.get(column) for column in columns} for row in rows]


def _toml(name: str, tables: Mapping[str, Any]) -> str:
    given = {"name": name, **SETTINGS}
    lines = [_HEAD]
    for key, field in Settings.model_fields.items():
        if key not in ("objectives", "policy"):
            example = given.get(key, field.default)
            lines.append(f"# {field.description}\n{'' if key in given else '# '}{_pair(key, example)}\n")
    lines.append(_GOALS + "\n".join(f"# {line}" for line in wrap(", ".join(BUILT_IN) + ".", 100)))
    lines += [f"#   {key}: {field.description}" for key, field in Goal.model_fields.items()]
    if "criteria" in tables:
        lines.append("# The objectives of this region come from its criteria; those declared here are added.")
    for goal, content in GOALS.items():
        mark = "# " if "criteria" in tables else ""
        lines += ["", f"{mark}[objectives.{goal}]", *(f"{mark}{_pair(k, v)}" for k, v in content.items())]
    lines.append("\n# What the council has set. A figure that is left out switches its rule off.\n[policy]")
    for key, field in Policy.model_fields.items():
        lines.append(f"# {field.description}\n# {_pair(key, POLICY[key])}")
    return "\n".join(lines) + "\n"


def _pair(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"{key} = {{{', '.join(_pair(k, v) for k, v in value.items())}}}"
    if isinstance(value, list):  # on one line, so that one # comments it out
        return f"{key} = {json.dumps(value)}"
    return tomli_w.dumps({key: value}).strip()


def _workbook(path: Path, name: str, tables: Mapping[str, Any], readme: Sequence[str]) -> None:
    from instances.workbook import new_workbook, write_head, write_table, write_text

    with new_workbook(path) as book:
        write_text(book, "README", readme)
        write_head(book, list(_keys(name, tables)))
        for table in TABLES:
            columns = _columns(table)
            shown = [] if table in tables else _shown(table)
            example = "".join(f"\n\nexample: {words_of(row)}" for row in shown)
            write_table(book, table, columns, _filled(columns, tables.get(table, [])), example)


def _keys(name: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, object, str]]:
    given = {"name": name, **SETTINGS}
    for key, field in Settings.model_fields.items():
        if key not in ("objectives", "policy"):
            yield key, given.get(key), field.description or ""
    for goal, content in {} if "criteria" in tables else GOALS.items():
        for key, field in Goal.model_fields.items():
            value = content.get(key)
            if isinstance(value, dict):
                for indicator, weight in value.items():
                    yield f"objectives.{goal}.{key}.{indicator}", weight, field.description or ""
            elif get_origin(field.annotation) is not dict:
                yield f"objectives.{goal}.{key}", value, field.description or ""
    for key, field in Policy.model_fields.items():
        yield f"policy.{key}", None, f"{field.description}; for instance {words_of({key: POLICY[key]})}"


def _next_steps(path: Path, tables: Mapping[str, Any]) -> list[str]:
    head, unit, ending = "region.toml", "file", ".csv"
    if path.suffix.lower() == ".xlsx":
        head, unit, ending = "the sheet region", "sheet", ""
    return [
        f"{path.name}: a region for growthring",
        "",
        f"1. Try it as it is:   growthring solve {path.name}",
        f"2. Replace the examples by your own figures in the {unit}s {', '.join(name + ending for name in tables)}.",
        f"   Name the objectives and set the periods in {head}.",
        f"3. Every other {unit} switches a mechanism on when it has rows; leave it empty to do without.",
        f"4. Check after each change:   growthring validate {path.name}",
        "   It tells every fault at once: where it stands, what is wrong and what it is probably due to.",
        "",
        "Figures may have a decimal point, or a decimal comma where cells are separated by semicolons; never a",
        "thousands separator. An empty cell stands for the default of its column.",
    ]
