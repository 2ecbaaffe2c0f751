"""The shortlist as a workbook that an officer can hand on: projects, portfolios, and the certificate in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from optimizer.decide.representatives import representatives
from optimizer.exact import decimals
from optimizer.folders import whole_file
from optimizer.report.certificate_words import certificate_words

if TYPE_CHECKING:
    from optimizer.decide.shortlist import Entry, Shortlist

__all__ = ["PORTFOLIOS_SHOWN", "add_sheets", "new_book", "write_workbook"]

PORTFOLIOS_SHOWN = 200
"""Columns of the sheet Portfolios; Excel ends at 16,384, people long before."""

CREATED = datetime(2000, 1, 1)  # a fixed date: the same content gives the same bytes
COLUMNS = (
    ("Project", 16),
    ("Name", 34),
    ("Town", 16),
    ("Category", 18),
    ("Class", 11),
    ("Share", 12),
    ("Portfolios", 10),
    ("Capital cost", 14),
    ("Start", 10),
    ("Verdict", 9),
    ("Weights", 9),
    ("Aims", 9),
    ("Why", 70),
)
CLASS, SHARE, COST = 4, 5, 7


def write_workbook(shortlist: Shortlist, path: str | Path) -> Path:
    """Write ``shortlist`` as ``path`` and return the path; the same shortlist gives the same bytes.

    Text is never taken for a formula or a link; totals are live formulas that carry their value for viewers that do
    not reckon. With more than :data:`PORTFOLIOS_SHOWN` portfolios the sheet shows a selection, and says so: the best of
    each objective, the compromise, and an even spread (:func:`optimizer.decide.representatives.representatives`).
    Raises ``FileExistsError`` if ``path`` exists; the file appears whole or not at all.
    """
    with new_book(Path(path), f"Shortlist of {shortlist.region.name}") as book:
        add_sheets(book, shortlist)
    return Path(path)


@contextmanager
def new_book(path: Path, title: str) -> Iterator[Any]:
    """A workbook that appears whole or not at all; text is never taken for a formula or a link."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with whole_file(path) as draft, xlsxwriter.Workbook(draft, options) as book:
        book.set_properties({"title": title, "created": CREATED})
        yield book


def add_sheets(book: Any, shortlist: Shortlist) -> None:
    """The sheets Shortlist, Portfolios and Certificate."""
    sheets = _Sheets(book, shortlist)
    sheets.shortlist()
    sheets.portfolios()
    sheets.certificate()


class _Sheets:
    """The three sheets of one workbook, with the formats they share."""

    def __init__(self, book: Any, shortlist: Shortlist) -> None:
        self.book = book
        self.data = shortlist
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True})
        self.header = book.add_format({"bold": True, "bg_color": "#E7E0D3", "bottom": 1, "text_wrap": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.share = book.add_format({"num_format": "0%"})
        self.money = book.add_format({"num_format": _format(_fractions(shortlist.entries))})
        self.total = book.add_format({"num_format": _format(_fractions(shortlist.entries)), "bold": True})

    def shortlist(self) -> None:
        """One row a project, with filters; totals by class and of what the filter shows above them."""
        sheet, entries = self.book.add_worksheet("Shortlist"), self.data.entries
        region, preference = self.data.region, self.data.preference
        sheet.write_string(0, 0, f"Shortlist: {region.settings.title or region.name}", self.title)
        sheet.write_string(1, 0, self.data.basis_in_words)
        first, header = 9, 8
        last = first + len(entries) - 1
        classes = xl_range_abs(first, CLASS, last, CLASS)
        costs = xl_range_abs(first, COST, last, COST)
        unit = f" ({region.settings.money})" if region.settings.money else ""
        for column, text in ((CLASS, "Class"), (SHARE, "Projects"), (COST, f"Capital cost{unit}")):
            sheet.write_string(2, column, text, self.bold)
        for row, cls in enumerate(("core", "borderline", "exterior"), start=3):
            members = [entry for entry in entries if entry.cls == cls]
            sheet.write_string(row, CLASS, cls)
            name = xl_rowcol_to_cell(row, CLASS)
            sheet.write_formula(row, SHARE, f"=COUNTIF({classes},{name})", None, len(members))
            sheet.write_formula(row, COST, f"=SUMIF({classes},{name},{costs})", self.total, _cost(members))
        sheet.write_string(6, CLASS, "shown")
        sheet.write_formula(6, SHARE, f"=SUBTOTAL(103,{classes})", None, len(entries))
        sheet.write_formula(6, COST, f"=SUBTOTAL(109,{costs})", self.total, _cost(entries))
        robust = self.data.intervals
        columns = (*COLUMNS, *((("All values", 11),) if robust else ()))
        for column, (text, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(header, column, text, self.header)
        for row, entry in enumerate(entries, start=first):
            texts = (entry.project, entry.name, entry.town, ", ".join(entry.category), entry.cls.value)
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text)
            sheet.write_number(row, SHARE, float(entry.share), self.share)
            sheet.write_number(row, SHARE + 1, entry.portfolios)
            sheet.write_number(row, COST, float(entry.capital_cost), self.money)
            sheet.write_string(row, COST + 1, ", ".join(str(self._label(t)) for t in entry.start))
            sheet.write_string(row, COST + 2, entry.verdict.value)
            for column, shares in enumerate((preference.weights, preference.aims), start=COST + 3):
                sheet.write_number(row, column, float(shares[entry.project].share), self.share)
            sheet.write_string(row, COST + 5, entry.why)
            if robust:
                sheet.write_string(row, COST + 6, robust.of[entry.project].in_words())
        bar = {"type": "data_bar", "bar_color": "#9DB68C", "bar_solid": True, "min_type": "num", "max_type": "num"}
        sheet.conditional_format(first, SHARE, last, SHARE, {**bar, "min_value": 0, "max_value": 1})
        sheet.autofilter(header, 0, last, len(columns) - 1)
        sheet.freeze_panes(first, 2)
        _fit_to_width(sheet, header)

    def portfolios(self) -> None:
        """One column a portfolio: objectives and totals on top, then the start of each project it contains."""
        sheet, entries, listing = self.book.add_worksheet("Portfolios"), self.data.entries, self.data.listing
        chosen = representatives(listing, PORTFOLIOS_SHOWN)
        if len(chosen) == len(listing):
            said = f"All {len(listing)} listed portfolios."
        else:
            said = (
                f"{len(chosen)} of the {len(listing)} listed portfolios: the best of each objective, the compromise "
                "and an even spread. All of them are in front.csv of the run folder."
            )
        mark = (
            "1: chosen"
            if self.data.region.periods == 1
            else f"the {self.data.region.settings.period} in which it starts"
        )
        sheet.write_string(0, 0, f"{said} A project's cell holds {mark}; an empty cell: not chosen.")
        titles = ("Project", "Name", "Class", "Capital cost")
        left, header = len(titles), 1
        counted = header + len(listing.objectives) + 1
        first = counted + 3
        last = first + len(entries) - 1
        for column, width in enumerate((24, 34, 11, 14)):
            sheet.set_column(column, column, width)
        sheet.write_string(header, 0, "Portfolio", self.header)
        for k, objective in enumerate(listing.objectives):
            better = "more is better" if objective.sense == "max" else "less is better"
            sheet.write_string(header + 1 + k, 0, objective.name, self.bold)
            sheet.write_string(header + 1 + k, 1, ", ".join(filter(None, (objective.unit, better))))
        sheet.write_string(counted, 0, "Projects", self.bold)
        sheet.write_string(counted + 1, 0, "Total capital cost", self.bold)
        sheet.write_string(counted + 1, 1, self.data.region.settings.money)
        for column, text in enumerate(titles):
            sheet.write_string(first - 1, column, text, self.header)
            sheet.write_blank(header, column + 1, None, self.header) if column + 1 < left else None
        for row, entry in enumerate(entries, start=first):
            for column, text in enumerate((entry.project, entry.name, entry.cls.value)):
                sheet.write_string(row, column, text)
            sheet.write_number(row, left - 1, float(entry.capital_cost), self.money)
        costs = xl_range_abs(first, left - 1, last, left - 1)
        formats = [
            self.book.add_format({"num_format": _format(listing.column(k))}) for k in range(len(listing.objectives))
        ]
        place = {project: column for column, project in enumerate(listing.projects)}
        for column, (portfolio, why) in enumerate(chosen.items(), start=left):
            sheet.write_number(header, column, listing.numbers[portfolio], self.header)
            sheet.write_string(first - 1, column, why, self.header)
            for k, value in enumerate(listing.values[portfolio]):
                sheet.write_number(header + 1 + k, column, float(value), formats[k])
            members = []
            for row, entry in enumerate(entries, start=first):
                if start := int(listing.starts[portfolio, place[entry.project]]):
                    sheet.write_number(row, column, self._label(start))
                    members.append(entry)
            cells = xl_range(first, column, last, column)
            sheet.write_formula(counted, column, f"=COUNT({cells})", None, len(members))
            product = f"=SUMPRODUCT(ISNUMBER({cells})*{costs})"
            sheet.write_formula(counted + 1, column, product, self.total, _cost(members))
        sheet.set_column(left, left + len(chosen) - 1, 12)
        sheet.freeze_panes(first, left)
        _fit_to_width(sheet, first - 1)

    def certificate(self) -> None:
        """What is proved and how, one statement a row."""
        sheet = self.book.add_worksheet("Certificate")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        for row, (heading, text) in enumerate(certificate_words(self.data)):
            sheet.write_string(row, 0, heading, self.bold)
            sheet.write_string(row, 1, text, self.wrapped)

    def _label(self, start: int) -> int:
        """Period ``start`` as the region calls it; 1 where there is only one."""
        region = self.data.region
        return start if region.periods == 1 else region.settings.first_period + start - 1


def _fit_to_width(sheet: Any, header: int) -> None:
    """Print on A4, across, all columns on a page, the header on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)


def _fractions(entries: tuple[Entry, ...]) -> list[Fraction]:
    return [Fraction(entry.capital_cost) for entry in entries]


def _cost(entries: list[Entry] | tuple[Entry, ...]) -> float:
    return float(sum((entry.capital_cost for entry in entries), Decimal(0)))


def _format(values: Any) -> str:
    places = decimals(values)
    return "#,##0" + ("." + "0" * places if places else "")
