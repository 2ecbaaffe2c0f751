"""One plan as a workbook that reckons: change a start, and totals, limits and colours follow, without growthring.

Sheets: the plan with its starts to be changed, every limit with its use as a live formula, the figures that the
formulas add up, and what is proved. A limit that depends on more than who starts when (a grant's threshold, a synergy)
adds that part as it is in the plan that was written, and says so as soon as the plan is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from models import formulate
from models.ledger import Entry, Ledger, ledger
from models.linear import column_name
from optimizer.decide.representatives import compromise
from optimizer.decide.shortlist import shortlist
from optimizer.engines.highs import Highs
from optimizer.engines.query import Query
from optimizer.report.strings import Language, strings
from optimizer.report.workbook import add_sheets, new_book
from optimizer.verify import Auditor

if TYPE_CHECKING:
    from instances.region import Region
    from optimizer.run import Run

__all__ = ["write_plan_book"]

PLAN_HEAD = 8
"""Rows above the table of projects, plus one for each objective."""


@dataclass(frozen=True)
class _Line:
    """A limit as it is written: figures by start, the part that does not follow, and the bounds."""

    block: str
    name: str
    starts: Mapping[tuple[str, int], Fraction]
    fixed: Fraction
    follows: bool
    lower: Fraction | None
    upper: Fraction | None


def write_plan_book(run: Run, path: str | Path, portfolio: int | None = None, language: Language = "en") -> Path:
    """Write portfolio number ``portfolio`` of ``run`` (the compromise, unless told otherwise) with all its limits.

    The same run gives the same bytes. Raises ``FileExistsError`` if ``path`` exists and ``ValueError`` if the run has
    no such portfolio. The file appears whole or not at all.
    """
    with new_book(Path(path), f"Plan of {run.region.name}") as book:
        _Book(book, run, _row(run, portfolio), language).write()
        add_sheets(book, shortlist(run.region, run.listing))
    return Path(path)


def _row(run: Run, portfolio: int | None) -> int:
    listing = run.listing
    if not len(listing):
        raise ValueError("there is no portfolio to write: " + listing.certificate.in_words())
    if portfolio is None:
        return compromise(listing)
    if portfolio not in listing.numbers:
        raise ValueError(f"there is no portfolio {portfolio}; they are numbered 1 to {max(listing.numbers)}")
    return listing.numbers.index(portfolio)


class _Book:
    def __init__(self, book: Any, run: Run, row: int, language: Language) -> None:
        self.book, self.run, self.row = book, run, row
        self.region: Region = run.region
        self.words = strings(language)
        self.plan = run.listing.plan(row)
        self.projects = list(self.region.projects)
        self.starts = [(p.id, t) for p in self.projects for t in self.region.starts(p)]
        self.first = PLAN_HEAD + len(run.listing.objectives)
        found = ledger(self.region, [objective.name for objective in run.listing.objectives])
        values = _auxiliaries(self.region, found, run, self.plan)
        self.limits = [_line(entry, values) for entry in found.rules]
        self.objectives = [
            _line(Entry("", name, linear, None, None), values) for name, linear in found.objectives.items()
        ]
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True})
        self.header = book.add_format({"bold": True, "bg_color": "#E7E0D3", "bottom": 1, "text_wrap": True})
        self.entry = book.add_format({"bg_color": "#FFF7D6", "border": 1, "align": "center", "locked": False})
        self.figure = book.add_format({"num_format": "#,##0.######"})
        self.broken = book.add_format({"bg_color": "#F4B6A6", "bold": True})
        self.stale = book.add_format({"bg_color": "#FFE9A8"})
        self.full = book.add_format({"bg_color": "#DCE9D5"})

    def write(self) -> None:
        """The sheets in the order in which they are read; the figures that formulas add come last."""
        plan = self.book.add_worksheet(self.words["sheet.plan"])
        limits = self.book.add_worksheet(self.words["sheet.limits"])
        if self.region.budgets:
            self._budgets(self.book.add_worksheet(self.words["sheet.budgets"]))
        figures = self.book.add_worksheet(self.words["sheet.figures"])
        self._figures(figures)
        self._plan(plan)
        self._limits(limits)

    def _plan(self, sheet: Any) -> None:
        words, region, first = self.words, self.region, self.first
        last = first + len(self.projects) - 1
        number = self.run.listing.numbers[self.row]
        head = f"{region.settings.title or region.name}: {words['portfolio.title'].replace('{number}', str(number))}"
        sheet.write_string(0, 0, head, self.title)
        sheet.write_string(1, 0, words["book.lead"] if region.periods > 1 else words["book.lead_one"])
        costs, cells = xl_range_abs(first, 4, last, 4), xl_range_abs(first, 5, last, 5)
        chosen = [p for p in self.projects if p.id in self.plan]
        sheet.write_string(2, 0, words["col.count"], self.bold)
        sheet.write_formula(2, 4, f'=COUNTIF({cells},">0")', self.figure, len(chosen))
        sheet.write_string(3, 0, f"{words['col.cost']} ({region.settings.money})".replace(" ()", ""), self.bold)
        total = float(sum(p.capital_cost for p in chosen))
        sheet.write_formula(3, 4, f'=SUMIF({cells},">0",{costs})', self.figure, total)
        states = f"'{words['sheet.limits']}'!{xl_range_abs(3, 6, 2 + len(self.limits), 6)}"
        sheet.write_string(4, 0, words["book.broken"], self.bold)
        sheet.write_formula(4, 4, f'=COUNTIF({states},"{words["book.over"]}")', self.figure, 0)
        sheet.conditional_format(4, 4, 4, 4, {"type": "cell", "criteria": ">", "value": 0, "format": self.broken})
        sheet.write_string(5, 0, words["book.stale"], self.bold)
        sheet.write_formula(5, 4, f'=COUNTIF({states},"{words["book.ask"]}")', self.figure, 0)
        for k, (objective, line) in enumerate(zip(self.run.listing.objectives, self.objectives, strict=True)):
            name = f"{objective.label or objective.name}{f' ({objective.unit})' if objective.unit else ''}"
            sheet.write_string(6 + k, 0, name, self.bold)
            value = float(self.run.listing.values[self.row][k])
            sheet.write_formula(6 + k, 4, self._sum(len(self.limits) + k, line), self.figure, value)
            if not line.follows:
                sheet.write_string(6 + k, 5, words["book.partly"])
        titles = ("col.project", "col.name", "col.town", "col.category", "col.cost", "col.start")
        for column, (key, width) in enumerate(zip(titles, (18, 38, 18, 18, 14, 12), strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(first - 1, column, words[key], self.header)
        for row, project in enumerate(self.projects, start=first):
            town = region.town[project.town].name or project.town if project.town in region.town else project.town
            for column, text in enumerate((project.id, project.name, town, ", ".join(project.category))):
                sheet.write_string(row, column, text)
            sheet.write_number(row, 4, float(project.capital_cost), self.figure)
            sheet.write_number(row, 5, self._label(self.plan.get(project.id, 0)), self.entry)
            allowed = [0, *(self._label(t) for t in region.starts(project))]
            sheet.data_validation(
                row, 5, row, 5, {"validate": "list", "source": allowed, "error_message": words["book.allowed"]}
            )
        sheet.conditional_format(first, 5, last, 5, {"type": "cell", "criteria": ">", "value": 0, "format": self.full})
        sheet.freeze_panes(first, 2)
        _print(sheet, first - 1)

    def _limits(self, sheet: Any) -> None:
        words = self.words
        sheet.write_string(0, 0, words["sheet.limits"], self.title)
        sheet.write_string(1, 0, words["book.limits_lead"])
        titles = ("book.rule", "col.limit", "col.used", "at_least", "at_most", "book.left", "book.state")
        for column, (key, width) in enumerate(zip(titles, (16, 60, 14, 14, 14, 14, 22), strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, words[key], self.header)
        changed = f"'{words['sheet.figures']}'!$B$1"
        for i, line in enumerate(self.limits):
            row = 3 + i
            sheet.write_string(row, 0, line.block)
            sheet.write_string(row, 1, line.name)
            used = self._value(line)
            sheet.write_formula(row, 2, self._sum(i, line), self.figure, float(used))
            for column, bound in ((3, line.lower), (4, line.upper)):
                if bound is not None:
                    sheet.write_number(row, column, float(bound), self.figure)
            here = [xl_rowcol_to_cell(row, column) for column in (2, 3, 4)]
            rooms = [f"{here[2]}-{here[0]}"] * (line.upper is not None) + [f"{here[0]}-{here[1]}"] * (
                line.lower is not None
            )
            left = [bound - used for bound in (line.upper,) if bound is not None]
            left += [used - bound for bound in (line.lower,) if bound is not None]
            room = xl_rowcol_to_cell(row, 5)
            sheet.write_formula(row, 5, f"=ROUND(MIN({','.join(rooms)}),6)", self.figure, float(min(left)))
            state = f'IF({room}<0,"{words["book.over"]}","{words["book.kept"]}")'
            if not line.follows:
                state = f'IF({changed}>0,"{words["book.ask"]}",{state})'
            sheet.write_formula(row, 6, f"={state}", None, words["book.kept"])
        last = 2 + len(self.limits)
        for text, form in ((words["book.over"], self.broken), (words["book.ask"], self.stale)):
            rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": form}
            sheet.conditional_format(3, 6, last, 6, rule)
        sheet.autofilter(2, 0, last, 6)
        sheet.freeze_panes(3, 2)
        _print(sheet, 2)

    def _budgets(self, sheet: Any) -> None:
        """What each fund gives and what the plan as written takes of it, year by year, in one of the ways to pay."""
        words, region = self.words, self.region
        uses = Auditor(region).uses(self.plan)
        funds = list(dict.fromkeys(row.fund for row in region.budgets))
        sheet.write_string(0, 0, words["sheet.budgets"], self.title)
        sheet.write_string(1, 0, words["book.budgets_lead"])
        sheet.set_column(0, 0, 30)
        for part, (key, place) in enumerate((("col.used", 0), ("col.there", 1))):
            top = 3 + part * (len(funds) + 3)
            sheet.write_string(top, 0, words[key], self.header)
            for t in range(1, region.periods + 1):
                sheet.write_number(top, t, self._label(t), self.header)
            for row, fund in enumerate(funds, start=top + 1):
                sheet.write_string(row, 0, fund)
                for t in range(1, region.periods + 1):
                    if (use := uses.get(f"budget {fund}, period {t}")) is not None:
                        sheet.write_number(row, t, float(use[place]), self.figure)
            last = top + len(funds)
            for t in range(1, region.periods + 1):
                cells = xl_range(top + 1, t, last, t)
                total = sum(float(uses[name][place]) for f in funds if (name := f"budget {f}, period {t}") in uses)
                sheet.write_formula(last + 1, t, f"=SUM({cells})", self.figure, total)
        _print(sheet, 3)

    def _figures(self, sheet: Any) -> None:
        """A column a start, a row a limit or objective; whether the plan has the start stands above."""
        words = self.words
        plan = words["sheet.plan"]
        place = {project.id: self.first + i for i, project in enumerate(self.projects)}
        count = len(self.starts)
        sheet.write_string(0, 0, words["book.changed"], self.bold)
        on = xl_range_abs(3, 2, 3, 1 + count)
        was = xl_range_abs(4, 2, 4, 1 + count)
        sheet.write_formula(0, 1, f"=SUMPRODUCT(ABS({on}-{was}))", None, 0)
        for row, key in enumerate(("col.project", "col.start", "book.on", "book.was"), start=1):
            sheet.write_string(row, 0, words[key], self.header)
        for column, (project, start) in enumerate(self.starts, start=2):
            sheet.write_string(1, column, project, self.header)
            sheet.write_number(2, column, self._label(start), self.header)
            taken = int(self.plan.get(project) == start)
            cell = xl_rowcol_to_cell(place[project], 5, row_abs=True, col_abs=True)
            mine = xl_rowcol_to_cell(2, column, row_abs=True)
            sheet.write_formula(3, column, f"=IF('{plan}'!{cell}={mine},1,0)", None, taken)
            sheet.write_number(4, column, taken)
        column_of = {start: column for column, start in enumerate(self.starts, start=2)}
        for row, line in enumerate([*self.limits, *self.objectives], start=5):
            sheet.write_string(row, 0, f"{line.block}: {line.name}".removeprefix(": "))
            sheet.write_number(row, 1, float(line.fixed), self.figure)
            for one, figure in line.starts.items():
                sheet.write_number(row, column_of[one], float(figure))
        sheet.set_column(0, 0, 44)
        sheet.freeze_panes(5, 2)

    def _sum(self, line: int, entry: _Line) -> str:
        figures = f"'{self.words['sheet.figures']}'!"
        count = len(self.starts)
        cells = [figures + xl_range_abs(row, 2, row, 1 + count) for row in (3, 5 + line)]
        fixed = xl_rowcol_to_cell(5 + line, 1, row_abs=True, col_abs=True)
        return f"=SUMPRODUCT({cells[0]},{cells[1]})+{figures}{fixed}"

    def _value(self, line: _Line) -> Fraction:
        return line.fixed + sum((f for (p, t), f in line.starts.items() if self.plan.get(p) == t), Fraction(0))

    def _label(self, start: int) -> int:
        """Period ``start`` as the region calls it; 1 where there is only one, 0 for a project that is not chosen."""
        return start if self.region.periods == 1 or not start else self.region.settings.first_period + start - 1


def _auxiliaries(region: Region, found: Ledger, run: Run, plan: Mapping[str, int]) -> dict[Any, Fraction]:
    """The values of all columns but the starts in the plan, as the solver completes them; they follow from the plan."""
    keys = {key for entry in found.rules for key in entry.others}
    keys |= {key for linear in found.objectives.values() for key in linear.terms if key[0] != "start"}
    if not keys:
        return {}
    problem = formulate(region, [objective.name for objective in run.listing.objectives])
    fixed = np.full(len(problem.columns), np.nan)
    for decision in problem.decisions:
        fixed[decision.column] = float(plan.get(decision.project) == decision.period)
    p = len(problem.objectives)
    answer = Highs(problem).minimize(Query(np.ones(p), np.full(p, np.inf), fixed=fixed))
    if answer.x is None:
        raise ValueError("the portfolio cannot be completed: growthring verify says what is wrong with the run")
    place = {name: column for column, name in enumerate(problem.columns)}
    values = {}
    for key in keys:
        name = column_name(key)
        values[key] = Fraction(answer.x[place[name]]).limit_denominator(10**6) if name in place else Fraction(0)
    return values


def _line(entry: Entry, values: Mapping[Any, Fraction]) -> _Line:
    fixed = entry.linear.constant + sum((f * values[key] for key, f in entry.others.items()), Fraction(0))
    return _Line(entry.block, entry.name, entry.starts, fixed, not entry.others, entry.lower, entry.upper)


def _print(sheet: Any, header: int) -> None:
    """Print on A4, across, all columns on a page, the header on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
