"""The workbook, read back with two other libraries; formulas against their cached values."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import python_calamine
import xlsxwriter.worksheet

from optimizer.certificate import Status
from optimizer.decide.shortlist import Shortlist, shortlist
from optimizer.report import workbook
from optimizer.report.workbook import write_workbook
from tests.decide.village import PLANS, listing, village

# the solid data bars are an extension of 2010 that openpyxl does not read
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def chosen(status: Status = Status.COMPLETE, plans: tuple[tuple[str, ...], ...] = PLANS) -> Shortlist:
    region = village()
    return shortlist(region, listing(region, status, plans))


def cells(path: Path, sheet: str, *, values: bool) -> Any:
    return openpyxl.load_workbook(path, data_only=values)[sheet]


def test_three_sheets_with_filters_and_frozen_header(tmp_path: Path) -> None:
    path = chosen().to_excel(tmp_path / "shortlist.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Shortlist", "Portfolios", "Certificate"]
    sheet = book["Shortlist"]
    assert sheet.freeze_panes == "C10"
    assert sheet.auto_filter.ref == "A9:M16"
    assert "dataBar" in [rule.type for rules in sheet.conditional_formatting for rule in rules.rules]


def test_text_is_never_a_formula_or_a_link(tmp_path: Path) -> None:
    path = chosen().to_excel(tmp_path / "shortlist.xlsx")
    sheet = cells(path, "Shortlist", values=False)
    by_id = {row[0].value: row[1] for row in sheet.iter_rows(min_row=10)}
    assert (by_id["school"].value, by_id["school"].data_type) in (("=SUM(A1:A9)", "s"), ("=SUM(A1:A9)", "inlineStr"))
    assert by_id["park"].value == "https://example.org"
    assert by_id["park"].hyperlink is None
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Shortlist").to_python()
    assert [row[1] for row in rows if row[0] == "school"] == ["=SUM(A1:A9)"]
    assert [row[1] for row in rows if row[0] == "road"] == ["盐场路改造工程"]


def test_totals_are_live_and_their_cached_values_right(tmp_path: Path) -> None:
    path = chosen().to_excel(tmp_path / "shortlist.xlsx")
    formulas, values = (cells(path, "Shortlist", values=v) for v in (False, True))
    rows = [[c.value for c in row] for row in values.iter_rows(min_row=10)]
    for row in range(4, 7):
        cls = values.cell(row, 5).value
        assert formulas.cell(row, 6).value == f"=COUNTIF($E$10:$E$16,E{row})"
        assert formulas.cell(row, 8).value == f"=SUMIF($E$10:$E$16,E{row},$H$10:$H$16)"
        assert values.cell(row, 6).value == sum(r[4] == cls for r in rows)
        assert values.cell(row, 8).value == sum(r[7] for r in rows if r[4] == cls)
    assert formulas.cell(7, 8).value == "=SUBTOTAL(109,$H$10:$H$16)"
    assert values.cell(7, 8).value == sum(r[7] for r in rows)
    assert values.cell(7, 6).value == 7


def test_portfolios_total_with_sumproduct(tmp_path: Path) -> None:
    path = chosen().to_excel(tmp_path / "shortlist.xlsx")
    formulas, values = (cells(path, "Portfolios", values=v) for v in (False, True))
    grid = [[c.value for c in row] for row in values.iter_rows()]
    head = next(i for i, row in enumerate(grid) if row[0] == "Project")
    count, total = (
        next(i for i, row in enumerate(grid) if row[0] == name) for name in ("Projects", "Total capital cost")
    )
    growth = next(row for row in grid if row[0] == "growth")
    assert growth[4:] == [6.0, 4.5, 3.5, 1.5]
    projects = grid[head + 1 :]
    for column in range(4, 8):
        members = [row for row in projects if row[column] is not None]
        assert {row[0] for row in members} == set(PLANS[column - 4])
        assert grid[count][column] == len(members)
        assert grid[total][column] == sum(row[3] for row in members)
        letter = "EFGH"[column - 4]
        first, last = head + 2, head + 1 + len(projects)
        expected = f"=SUMPRODUCT(ISNUMBER({letter}{first}:{letter}{last})*$D${first}:$D${last})"
        assert formulas.cell(total + 1, column + 1).value == expected


def test_starts_bear_the_regions_own_period_names(tmp_path: Path) -> None:
    region = village(periods=2)
    front = listing(region)
    path = shortlist(region, replace(front, starts=front.starts * 2)).to_excel(tmp_path / "shortlist.xlsx")
    grid = [[c.value for c in row] for row in cells(path, "Portfolios", values=True).iter_rows()]
    assert next(row for row in grid if row[0] == "road")[4] == 2027


def test_a_long_front_is_shown_in_part_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "PORTFOLIOS_SHOWN", 3)
    path = chosen().to_excel(tmp_path / "shortlist.xlsx")
    sheet = cells(path, "Portfolios", values=True)
    assert str(sheet["A1"].value).startswith("3 of the 4 listed portfolios")
    assert sheet.max_column == 7


def test_certificate_in_plain_words(tmp_path: Path) -> None:
    path = chosen(Status.GUARANTEE).to_excel(tmp_path / "shortlist.xlsx")
    said = {row[0].value: row[1].value for row in cells(path, "Certificate", values=True).iter_rows()}
    assert said["Status"] == "GUARANTEE"
    assert said["What is proved"].startswith("Guaranteed within 3 %")
    assert said["What the classes rest on"].startswith("Open for 4 projects; proved for the other 3.")
    assert said["Search ended by"] == "time limit"
    assert said["At most missing, in units"] == "0.135 million CNY a year of growth; 0.195 million CNY of cost"


def test_same_shortlist_same_bytes(tmp_path: Path) -> None:
    a, b = (chosen().to_excel(tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert a.read_bytes() == b.read_bytes()


def test_refuses_to_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "shortlist.xlsx"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match=re.escape(str(path))):
        chosen().to_excel(path)
    assert path.read_text() == "mine"


def test_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "freeze_panes", fail)
    with pytest.raises(OSError, match="disk full"):
        write_workbook(chosen(), tmp_path / "shortlist.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_formats_follow_the_figures() -> None:
    assert workbook._format(list(map(workbook.Fraction, ["1", "2500"]))) == "#,##0"
    assert workbook._format(list(map(workbook.Fraction, ["0.5", "2"]))) == "#,##0.0"
    assert np.isfinite(float(chosen().entries[0].share))
