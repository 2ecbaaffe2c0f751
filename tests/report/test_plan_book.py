"""The plan as a workbook: its formulas, reckoned by a spreadsheet program, agree with the auditor after any change."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from instances import read_region
from models import formulate
from models.ledger import ledger
from optimizer import solve
from optimizer.report.plan_book import write_plan_book
from optimizer.run import Options, Run, read_run, write_run
from optimizer.stop import SolveLimit
from optimizer.verify import Auditor

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_of("park", tmp_path_factory.mktemp("park") / "run")


def run_of(name: str, folder: Path, solves: int | None = None) -> Run:
    region = read_region(name)
    problem = formulate(region)
    front = solve(problem, stop=SolveLimit(solves)) if solves else solve(problem)
    return read_run(write_run(folder, region, front, Options(tuple(o.name for o in problem.objectives))))


def reckoned(path: Path) -> Any:
    """The values after a spreadsheet program has reckoned every formula anew."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("needs LibreOffice to reckon the formulas: as root, apt-get install libreoffice-calc")
    folder = path.parent / "reckoned"
    home = f"-env:UserInstallation={(path.parent / 'office').as_uri()}"
    command = [program, home, "--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return openpyxl.load_workbook(folder / path.name, data_only=True)


@pytest.mark.parametrize("name", ["hamlet", "park"])
def test_rules_of_the_ledger_hold_for_all_listed_portfolios_and_the_sums_are_the_objectives(name: str) -> None:
    region = read_region(name)
    problem = formulate(region)
    front = solve(problem)
    found = ledger(region)
    for x, values in zip(front.X, front.values, strict=True):
        at = dict(zip(found.columns, np.rint(x).astype(int).tolist(), strict=False))
        at = {key: at[key] for key in at}
        sums = [
            linear.constant + sum(f * at[key] for key, f in linear.terms.items())
            for linear in found.objectives.values()
        ]
        assert sums == values
        for entry in found.rules:
            if all(key in at for key in entry.linear.terms):
                used = entry.linear.constant + sum(f * at[key] for key, f in entry.linear.terms.items())
                assert entry.lower is None or used >= entry.lower
                assert entry.upper is None or used <= entry.upper


def test_after_a_change_the_sheets_say_what_the_auditor_says(park: Run, tmp_path: Path) -> None:
    path = write_plan_book(park, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(path)  # saved again, no formula has a value any more
    sheet = book["Plan"]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Project")
    plan: dict[str, int] = {}
    for row in sheet.iter_rows(min_row=head + 1):
        if row[0].value:
            row[5].value = 0 if row[5].value else row[5].value
            if row[0].row % 2:
                row[5].value = int(park.region.starts(park.region.project[row[0].value])[0])
                row[5].value += 0 if park.region.periods == 1 else park.region.settings.first_period - 1
                plan[row[0].value] = int(park.region.starts(park.region.project[row[0].value])[0])
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    values = reckoned(changed)
    cost = sum(Fraction(park.region.project[p].capital_cost) for p in plan)
    assert values["Plan"]["E3"].value == len(plan)
    assert values["Plan"]["E4"].value == pytest.approx(float(cost))
    uses = Auditor(park.region).uses(plan)
    lines = {(r[0].value, r[1].value): r for r in values["Limits"].iter_rows(min_row=4)}
    money = [(name, use) for name, use in uses.items() if name.startswith("budget")]
    assert money
    for name, (_, there) in money:
        fund = name.removeprefix("budget ").partition(",")[0]
        if ("budget", fund) in lines:
            assert lines["budget", fund][4].value == pytest.approx(float(there))
            spent = sum(Fraction(p.capital_cost * p.public_share) for p in park.region.projects if p.id in plan)
            assert lines["budget", fund][2].value <= float(spent) + 1e-9
    over = [r for r in lines.values() if r[6].value == "BROKEN"]
    assert values["Plan"]["E5"].value == len(over)
    for line in over:
        assert line[5].value < 0


def test_as_written_everything_is_kept_and_equal(park: Run, tmp_path: Path) -> None:
    path = write_plan_book(park, tmp_path / "plan.xlsx", language="zh")
    book = openpyxl.load_workbook(path, data_only=True)
    assert book.sheetnames[:4] == ["方案", "限额", "预算", "数据"]
    assert {row[6].value for row in book["限额"].iter_rows(min_row=4)} == {"符合"}
    assert write_plan_book(park, tmp_path / "again.xlsx", language="zh").read_bytes() == path.read_bytes()
    with pytest.raises(FileExistsError):
        write_plan_book(park, path)
    with pytest.raises(ValueError, match="no portfolio 9999"):
        write_plan_book(park, tmp_path / "other.xlsx", 9999)
    assert not (tmp_path / "other.xlsx").exists()


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    run = run_of("hamlet", tmp_path / "run")
    projects = tuple(p.model_copy(update={"name": "=1+1"}) for p in run.region.projects)
    run = replace(run, region=replace(run.region, projects=projects))
    path = write_plan_book(run, tmp_path / "plan.xlsx")
    cells = [c for row in openpyxl.load_workbook(path)["Plan"].iter_rows() for c in row if c.value == "=1+1"]
    assert cells
    assert all(cell.data_type in {"s", "inlineStr"} for cell in cells)
