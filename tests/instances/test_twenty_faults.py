"""One workbook with twenty faults: twenty messages, each with sheet, row, column, value, rule and likely cause."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from instances import RegionError, read_region

SHEETS: dict[str, list[list[object]]] = {
    "region": [
        ["key", "value"],
        ["name", "spoiled"],
        ["periods", "3"],
        ["policy.green_cover", 35],
        ["polisy.farmland_quota_ha", 3],
        ["objectives.growth.maximize.jbos", 1],
        ["objectives.cost.minimize.capital_cost", 1],
    ],
    "projects": [
        ["id", "capital_cost", "duration", "earliest_start", "latest_start", "adopted", "category", "town"],
        ["road", -3, 1, 1, None, None, "transport", "riverside"],
        ["park", 3, 1, 1, 2, 3, "green", "riverside"],
        ["mill", 5, 4, 1, None, None, "trade", "riverside"],
        ["quay", 5, 1.5, 1, None, None, "trade", "riverside"],
        ["clinic", "=B2*2", 1, 1, None, None, "care", "riverside"],
        ["school", "1,200", 1, 1, None, None, "care", "rivrside"],
        ["park", 9, 1, 1, None, None, "green", "riverside"],
        ["bridge", 1 / 3, 1, 1, None, None, "transport", "riverside"],
    ],
    "effects": [["project", "indicator", "value"], ["road", "jobs", "many"], ["miil", "jobs", 3]],
    "towns": [["id", "population"], ["riverside", 1200]],
    "budgets": [
        ["fund", "period", "amount", "categories", "carryover"],
        ["county", 1, 9, "transport | green", None],
        ["county", 4, 9, "transport | green", None],
        ["town", 2, 9, "trade | care", None],
        ["town", 3, 9, "trade", None],
    ],
    "relations": [
        ["id", "kind", "members", "amount"],
        ["a quay or a mill", "at_leest", "quay | mill", 1],
        ["two of care", "at_least", "category=care", None],
        ["shops first", "requires", "mill | quai", None],
    ],
    "zone": [["id", "town", "kind", "area"]],
}

EXPECTED = [
    ("sheet region row 4, key policy.green_cover: 35 is above 1; share of each town's", "a percentage"),
    (
        'sheet region row 5, key polisy.farmland_quota_ha: "farmland_quota_ha" is not a setting',
        "did you mean policy.farmland_quota_ha?",
    ),
    ('sheet region row 6, key objectives.growth.maximize.jbos: "jbos" is not an indicator', "did you mean jobs?"),
    ("sheet projects row 2, column capital_cost: -3 is below 0; cost of building it (money)", "enter grants as a fund"),
    ("sheet projects row 3, column adopted: 3 is not an allowed start period; allowed is 1 to 2", "other periods"),
    ("sheet projects row 4, column duration: 4 is longer than the 3 periods of the region", "not months"),
    ("sheet projects row 5, column duration: 1.5 is not a whole number; periods of building", "whole periods"),
    ('sheet projects row 6, column capital_cost: "#REF!" is an error of the spreadsheet', "a deleted row"),
    ("sheet projects row 7, column capital_cost: 1,200 is not a number; cost of building", "a thousands separator"),
    ('sheet projects row 8, column id: "park" stands in row 3 already; id names a row once', "a row copied twice"),
    ("sheet projects row 9, column capital_cost: 0.3333333333333333 has 16 significant digits", "ROUND(…, 2)"),
    ('sheet effects row 2, column value: "many" is not a number; change when the project is built', "shifted"),
    ('sheet effects row 3, column project: "miil" is not in the table projects', "did you mean mill?"),
    ('sheet budgets row 1, column carryover: "carryover" is not a column of budgets', "did you mean carry_over?"),
    ("sheet budgets row 3, column period: 4 is after the last period; the setting periods is 3", "calendar year"),
    ('sheet budgets row 5, column categories: "trade" differs from row 4; fund town has one list', "repeat them"),
    (
        'sheet relations row 2, column kind: "at_leest" is not allowed; requires: the first member',
        "did you mean at_least?",
    ),
    ("sheet relations row 3, column amount: an empty cell is too little for at_least", "it was left out; how many"),
    ('sheet relations row 4, column members: "quai" is not in the table projects', "did you mean quay?"),
    ("sheet zone: there is no table of this name", "did you mean zones?"),
]


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    for name, rows in SHEETS.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.get_worksheet_by_name("projects").write_formula("B6", "=#REF!*2", None, "#REF!")
    book.close()
    return path


def test_twenty_faults_give_twenty_messages(tmp_path: Path) -> None:
    with pytest.raises(RegionError) as found:
        read_region(workbook(tmp_path / "spoiled.xlsx"))
    messages = str(found.value).splitlines()
    assert len(messages) == len(EXPECTED) == 20, "\n".join(messages)
    for message, (start, cause) in zip(messages, EXPECTED, strict=True):
        assert message.startswith(start)
        assert cause in message.partition(". Likely cause: ")[2], message
    assert all(fault.rule and fault.cause for fault in found.value.faults)
