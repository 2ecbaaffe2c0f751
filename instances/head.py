"""The head of a region: ``region.toml`` or the sheet ``region`` becomes settings; what cannot is told, key by key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from instances.cells import Kind, Unusable, convert, is_empty, kind_of, shown
from instances.csv_sheets import read_text
from instances.faults import Fault, did_you_mean
from instances.settings import Goal, Policy, Settings
from instances.sheets import Sheet
from instances.tables import explain, meaning

__all__ = ["Head", "dotted", "from_mapping", "from_sheet", "from_toml", "split_key", "unreadable"]

_PART = re.compile(r'"((?:[^"\\]|\\.)*)"|([^."]+)')
_LINE = re.compile(r"\s*(\[{1,2})?\s*([^=\]#]+?)\s*(\]{1,2}|=)")
_NAMELESS = "region"
_SENSES = ("maximize", "minimize")
_QUOTES = 'text stands in quotes ("text"), numbers and true or false do not'
_SECTION = (
    "is not a section",
    "its parts were left out: write maximize = {jobs = 1} below [objectives.growth], "
    "or in a workbook the key objectives.growth.maximize.jobs",
)
#: pydantic's name for a value of the wrong kind, to rule and likely cause.
_KINDS = {
    "string_type": ("is not text", _QUOTES),
    "decimal_type": ("is not a number", _QUOTES),
    "decimal_parsing": ("is not a number", _QUOTES),
    "int_type": ("is not a whole number", _QUOTES),
    "int_parsing": ("is not a whole number", _QUOTES),
    "int_from_float": ("is not a whole number", "a fraction of a period, or two figures exchanged"),
    "bool_type": ("is neither true nor false", _QUOTES),
    "bool_parsing": ("is neither true nor false", _QUOTES),
    "tuple_type": ("is not a list", 'write names in brackets, like compare = ["growth", "livability"]'),
    "dict_type": _SECTION,
    "model_type": _SECTION,
}


@dataclass(frozen=True)
class Head:
    """Settings as far as they are right, the rows of their keys and the sections that have faults."""

    settings: Settings
    place: str = "settings"
    rows: Mapping[str, int] = field(default_factory=dict)
    wrong: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()

    def row(self, key: str) -> int | None:
        """The row of a key, else of the first key in this section, else of the section that holds it."""
        within = next((name for name in self.rows if name.startswith(f"{key}.")), key)
        key = key if key in self.rows else within
        while key and key not in self.rows:
            key = dotted(split_key(key)[:-1])
        return self.rows.get(key)


def from_toml(path: Path) -> Head:
    """The settings in ``region.toml``."""
    if not path.is_file():
        rule = f"the file is missing in {path.parent}; it names the region and its objectives"
        cause = "another folder is meant; to begin a region: growthring new my-town"
        fault = Fault(path.name, None, None, None, rule, cause)
        return unreadable(path.name, fault)
    text = read_text(path)
    if isinstance(text, Fault):
        return unreadable(path.name, text)
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error), re.DOTALL)
        line = int(found[2]) if found and found[2] else text.count("\n") + 1
        rule = f"the line cannot be understood: {found[1] if found else error}"
        cause = 'text without quotes, a key given twice or a bracket not closed; TOML is key = 1 or key = "text"'
        return unreadable(path.name, Fault(path.name, line, None, None, rule, cause))
    return from_mapping(data, path.name, dict(_toml_lines(text)))


def from_sheet(sheet: Sheet) -> Head:
    """The settings in a sheet with the columns ``key`` and ``value``."""
    faults: list[Fault] = []
    data: dict[str, Any] = {}
    rows: dict[str, int] = {}
    if [name.casefold() for name in sheet.header[:2]] != ["key", "value"]:
        rule = "the sheet must have the columns key and value"
        cause = "the header was deleted or has other names; keys are written like policy.green_cover"
        return unreadable(sheet.place, Fault(sheet.place, sheet.header_row, None, None, rule, cause))
    wrong: set[tuple[str, ...]] = set()
    for number, cells in sheet.rows:
        parts = split_key(shown(cells[0]))
        value = cells[1] if len(cells) > 1 else None
        if is_empty(value) or not parts:
            if not is_empty(value):
                cause = "the key was deleted, or the value stands in the wrong row"
                faults.append(Fault(sheet.place, number, "key", "", "names no setting", cause))
            continue
        name = dotted(parts)
        known = _field(parts)
        try:
            content = convert(value, _kind(parts, known, shown(value)))
            if name in rows:
                raise Unusable(shown(value), f"is a second value, after row {rows[name]}", "a row copied twice")
            section = data
            for part in parts[:-1]:
                section = section.setdefault(part, {})
            section[parts[-1]] = content
        except Unusable as error:
            wrong.add(parts)
            rule = f"{error.rule}; {meaning(name, known)}" if known else error.rule
            faults.append(Fault(sheet.place, number, name, error.value, rule, error.cause or "a slip of the keyboard"))
        rows.setdefault(name, number)
    return from_mapping(data, sheet.place, rows, faults, wrong)


def from_mapping(
    data: Mapping[str, Any],
    place: str = "settings",
    rows: Mapping[str, int] | None = None,
    faults: Iterable[Fault] = (),
    wrong: Iterable[tuple[str, ...]] = (),
) -> Head:
    """Settings from nested dictionaries; what has faults is left out so that the rest can be checked.

    ``faults`` and ``wrong`` are what is already known to be amiss: the faults, and the keys they stand at.
    """
    faults, wrong = list(faults), set(wrong)
    head = Head(Settings(name=_NAMELESS), place, rows or {})
    left: Any = _copy(data)
    for key in ("periods", "first_period"):
        if isinstance(left.get(key), bool):
            rule = f"is not a whole number; {meaning(key, Settings.model_fields[key])}"
            cause = "true and false are no figures: write 5"
            faults.append(Fault(place, head.row(key), key, str(left[key]).lower(), rule, cause))
            wrong.add((key,))
    for path in wrong:
        _drop(left, path)
    while True:
        try:
            settings = Settings.model_validate(left)
            break
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                path = tuple(str(part) for part in problem["loc"] if part != "[key]")
                faults.append(_fault(problem, path, head))
                wrong.add(path)
                _drop(left, path)
    return Head(settings, place, head.rows, frozenset(path[0] for path in wrong), tuple(faults))


def split_key(key: str) -> tuple[str, ...]:
    r"""The parts of a dotted key; a part with a point stands in quotes.

    >>> split_key('objectives.growth.maximize."jobs, incl. trade"')
    ('objectives', 'growth', 'maximize', 'jobs, incl. trade')
    """
    return tuple(
        re.sub(r"\\(.)", r"\1", m[1]) if m[1] is not None else m[2].strip() for m in _PART.finditer(key.strip())
    )


def dotted(parts: tuple[str, ...]) -> str:
    """The inverse of :func:`split_key`."""
    return ".".join(_quoted(part) if re.search(r'[."\\=#\[\]]|^\s|\s$|^$', part) else part for part in parts)


def _quoted(part: str) -> str:
    escaped = re.sub(r'(["\\])', r"\\\1", part)
    return f'"{escaped}"'


def unreadable(place: str, fault: Fault) -> Head:
    """A head of which nothing could be read."""
    return Head(Settings(name=_NAMELESS), place, {}, frozenset(Settings.model_fields), (fault,))


def _toml_lines(text: str) -> Iterator[tuple[str, int]]:
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if found := _LINE.match(line):
            parts = split_key(found[2])
            if found[1]:
                section = parts
            yield dotted(parts if found[1] else section + parts), number


def _field(parts: tuple[str, ...]) -> FieldInfo | None:
    """The field that a key names, if there is one."""
    if len(parts) == 1:
        return Settings.model_fields.get(parts[0])
    if len(parts) == 2 and parts[0] == "policy":
        return Policy.model_fields.get(parts[1])
    return Goal.model_fields.get(parts[2]) if len(parts) == 3 and parts[0] == "objectives" else None


def _kind(parts: tuple[str, ...], known: FieldInfo | None, value: str) -> Kind:
    """The kind of cell that a key of the sheet takes."""
    if len(parts) == 4 and parts[0] == "objectives" and parts[2] in _SENSES:
        return "number"
    if known is None:
        near = did_you_mean(dotted(parts), _keys(parts))
        raise Unusable(parts[-1], "is not a setting", near)
    if parts[-1] in (*_SENSES, "objectives", "policy"):
        cause = "a key too short: write for instance objectives.growth.maximize.jobs or policy.green_cover"
        raise Unusable(value, "is not a section", cause)
    return kind_of(known)


def _keys(parts: tuple[str, ...]) -> list[str]:
    """The keys that a person who wrote ``parts`` may have meant."""
    goal = parts[1] if len(parts) > 1 and parts[0] == "objectives" else "growth"
    goals = [("objectives", goal, key) for key in ("label", "unit", "quantum")]
    weights = [("objectives", goal, sense, parts[-1]) for sense in _SENSES]
    top = [(key,) for key in Settings.model_fields if key not in ("objectives", "policy")]
    return [dotted(key) for key in [*top, *(("policy", key) for key in Policy.model_fields), *goals, *weights]]


def _known(parts: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Settings if len(parts) == 1 else Policy if parts[0] == "policy" else Goal
    return [dotted((*parts[:-1], name)) for name in model.model_fields]


def _fault(problem: Any, path: tuple[str, ...], head: Head) -> Fault:
    key = dotted(path)
    known = _field(path)
    row = head.row(key)
    if problem["type"] == "extra_forbidden":
        near = did_you_mean(key, _known(path))
        return Fault(head.place, row, key, path[-1], "is not a setting", near)
    if problem["type"] == "missing":
        rule = f"the key is missing; {meaning(key, known) if known else key}"
        return Fault(head.place, None, key, None, rule, "it was left out or commented out")
    if problem["type"] == "value_error":
        rule = str(problem["ctx"]["error"])
        return Fault(head.place, row, key, None, rule, "an objective without indicators, or both senses in one")
    value, rule, cause = explain(problem, known or FieldInfo())
    if problem["type"] in _KINDS:
        rule, cause = _KINDS[problem["type"]]
    return Fault(head.place, row, key, value, f"{rule}; {meaning(key, known)}" if known else rule, cause)


def _copy(data: Any) -> Any:
    return {key: _copy(value) for key, value in data.items()} if isinstance(data, Mapping) else data


def _drop(data: dict[str, Any], path: tuple[str, ...]) -> None:
    """Leave out what is wrong: a key, or the whole objective that it belongs to."""
    if path[0] == "name":
        data["name"] = _NAMELESS
    elif len(path) > 1 and isinstance(data.get(path[0]), dict):
        data[path[0]].pop(path[1], None)
    else:
        data.pop(path[0], None)
