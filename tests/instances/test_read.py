"""Reading: what people save is understood, or every fault is told with its place, value, rule and likely cause."""

from __future__ import annotations

import datetime
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from instances import RegionError, from_frames, read_region, write_region
from tests.instances.small import HEAD, SMALL, write


def faults(source: Path) -> list[str]:
    with pytest.raises(RegionError) as found:
        read_region(source)
    return str(found.value).splitlines()


# --- what is understood ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "projects",
    [
        "\ufeffid,capital_cost,category\nroad,9,transport\npark,3,green\nmill,5,trade\n",
        "id;capital_cost;category\r\nroad;9,0;transport\r\npark;3;green\r\nmill;5;trade\r\n",
        "id\tcapital_cost\tcategory\nroad\t9\ttransport\npark\t3,00\tgreen\nmill\t5\ttrade\n",
        "sep=;\nid;capital_cost;category\nroad;9.0;transport\npark;3;green\nmill;5;trade\n",
        '# a, "b\n\n"id","capital_cost",category\n# another\nroad,9,transport\npark,3,green\n\nmill,5,trade',
        "category,id,capital_cost,,\ntransport,road,9,,\n,,,,\ngreen,park,3,,\ntrade,mill,5,,\n",
        "id,capital_cost,category\rroad,9,transport\rpark,3,green\rmill,5,trade\r",
    ],
    ids=["byte order mark", "semicolons", "tabs", "sep=", "comments", "empty columns", "old Mac line ends"],
)
def test_files_as_people_save_them(tmp_path: Path, projects: str) -> None:
    assert read_region(write(tmp_path / "a", {"projects.csv": projects})) == read_region(write(tmp_path / "b"))


def test_an_empty_cell_is_the_default(tmp_path: Path) -> None:
    table = "id,capital_cost,duration,public_share,locked\nroad,9,,,\n"
    region = read_region(
        write(tmp_path, {"projects.csv": table, "effects.csv": "project,indicator,value\nroad,jobs,1\n"})
    )
    assert (region.projects[0].duration, region.projects[0].public_share, region.projects[0].locked) == (1, 1, "")


def test_an_empty_table_is_absent(tmp_path: Path) -> None:
    files = {"zones.csv": "id,town,kind,area\n# riverside,a,green,3\n", "towns.csv": "", "loads.csv": "\n\n"}
    assert read_region(write(tmp_path / "a", files)) == read_region(write(tmp_path / "b"))


def test_figures_stay_exact(tmp_path: Path) -> None:
    table = "project,indicator,value\nroad,jobs,0.10\nmill,jobs,-123456789012345.678\npark,jobs,1e3\n"
    region = read_region(write(tmp_path, {"effects.csv": table}))
    assert [e.value for e in region.effects] == [Decimal("0.1"), Decimal("-123456789012345.678"), Decimal(1000)]


def test_line_breaks_in_quotes_are_one_row(tmp_path: Path) -> None:
    table = 'id,capital_cost,note\nroad,9,"two\n# lines"\npark,3,\nmill,-5,\n'
    assert faults(write(tmp_path, {"projects.csv": table}))[0].startswith("projects.csv row 4, column capital_cost: -5")


def test_rows_are_counted_as_a_person_counts_them(tmp_path: Path) -> None:
    table = "# a comment\n\nid,capital_cost\n# another\nroad,9\n\npark,3\nmill,-5\n"
    assert faults(write(tmp_path, {"projects.csv": table}))[0].startswith("projects.csv row 8,")


def test_numbers_and_text_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    head = book.active
    assert head is not None
    head.title = "region"
    for row in [
        ["key", "value", "meaning"],
        ["name", 2026],
        ["periods", 3.0],
        ["title", 12.5],
        ["compare", "a | cost"],
    ]:
        head.append(row)
    for row in [
        ["objectives.a.maximize.jobs", 1],
        ["objectives.cost.minimize.capital_cost", 0.1],
        ["policy.green_cover"],
    ]:
        head.append(row)
    head.append(["policy.habitat_no_net_loss", True])
    projects = book.create_sheet("projects")
    for cells in [["id", "capital_cost", "duration"], [12.0, 0.1, 2.0], [], ["b", "1234567890123456.5", 1]]:
        projects.append(cells)
    effects = book.create_sheet("effects")
    for cells in [["project", "indicator", "value"], [12, "jobs", 3]]:
        effects.append(cells)
    book.create_sheet("ReadMe").append(["free text"])
    book.create_sheet("Sheet1")
    book.save(tmp_path / "a.xlsx")
    region = read_region(tmp_path / "a.xlsx")
    assert [p.id for p in region.projects] == ["12", "b"]
    assert [p.capital_cost for p in region.projects] == [Decimal("0.1"), Decimal("1234567890123456.5")]
    assert (region.name, region.settings.title, region.periods) == ("2026", "12.5", 3)
    assert region.compared == ("a", "cost")
    assert region.settings.policy.habitat_no_net_loss
    assert region.goals["cost"].minimize == {"capital_cost": Decimal("0.1")}


def test_frames_with_gaps_and_numpy_numbers(tmp_path: Path) -> None:
    settings = {"name": "small", "periods": 3, "objectives": {"growth": {"maximize": {"jobs": 1}}}}
    settings["objectives"] |= {"cost": {"minimize": {"capital_cost": 1}}}  # type: ignore[operator]
    projects = pd.DataFrame({"id": ["road", "park", "mill"], "capital_cost": [9.0, 3, 5], "duration": [1, None, None]})
    projects["category"] = [("transport",), "green", "trade"]
    effects = pd.DataFrame({"project": ["road", "mill"], "indicator": "jobs", "value": [40, 5.5]}, index=[7, 7])
    region = from_frames(settings, {"projects": projects, "effects": effects, "zones": pd.DataFrame()})
    assert region == read_region(write(tmp_path))
    projects.loc[1, "capital_cost"] = -3
    projects["duration"] = [1, float("inf"), 1.5]
    with pytest.raises(RegionError) as found:
        from_frames(settings, {"projects": projects, "effects": effects, "effect": effects})
    assert [line.partition(";")[0].partition(".  ")[0] for line in str(found.value).splitlines()[:3]] == [
        "table projects row 3, column capital_cost: -3 is below 0",
        'table projects row 3, column duration: "Infinity" is not a whole number',
        "table projects row 4, column duration: 1.5 is not a whole number",
    ]
    assert "table effect: there is no table of this name. Likely cause: did you mean effects?" in str(found.value)


def test_reading_does_not_load_what_it_does_not_need() -> None:
    code = "import instances, sys; print(*[m for m in ('pandas', 'xlsxwriter', 'python_calamine') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""


def test_the_function_generate_is_not_hidden_by_its_module() -> None:
    code = "import instances.generate; from instances import generate; print(callable(generate))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


# --- a table of bad data --------------------------------------------------------------------------------------------

P = "projects.csv"
E = "effects.csv"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {P: "id,capital_cost\nroad,-3\n"},
            "projects.csv row 2, column capital_cost: -3 is below 0; cost of building it (money). Likely cause: a "
            "grant or an income is no cost: enter grants as a fund in budgets",
        ),
        (
            {P: "id,capital_cost\nroad,\n"},
            "row 2, column capital_cost: an empty cell has no default here; cost of building",
        ),
        ({P: "id,capital_cost\nroad\n"}, "row 2, column capital_cost: an empty cell has no default here"),
        ({P: "id,capital_cost\n,3\n"}, "row 2, column id: an empty cell has no default here; short name used by all"),
        ({P: 'id,capital_cost\nroad,"1,200"\n'}, "1,200 is not a number; cost of building it (money)"),
        ({P: 'id,capital_cost\nroad,"1,200"\n'}, "Likely cause: a thousands separator"),
        ({P: 'id,capital_cost\nroad,"1,200"\n'}, "write 1200"),
        ({P: "id;capital_cost\nroad;1.200,50\n"}, "points as thousands separators: write 1200,50"),
        (
            {P: "id;capital_cost\nroad;1,5\nmill;1.200\n"},
            "row 3, column capital_cost: 1.200 has a decimal point, but row 2",
        ),
        (
            {P: 'id,capital_cost\nroad,"1,5"\n'},
            "a decimal comma, which is only read in CSV files separated by ; or tabs: write 1.5",
        ),
        ({P: "id,capital_cost\nroad,1 200\n"}, "a thousands separator: write 1200"),
        ({P: "id,capital_cost\nroad,12 ha\n"}, "a unit or a currency in the cell"),
        ({P: "id,capital_cost\nroad,¥300\n"}, "a unit or a currency in the cell"),
        ({P: "id,capital_cost\nroad,−3\n"}, "a dash in place of the minus sign: write -3"),
        ({P: "id,capital_cost\nroad,(3)\n"}, "the bookkeepers' brackets for a negative amount: write -3"),
        ({P: "id,capital_cost\nroad,n/a\n"}, "a figure that is not known yet"),
        ({P: "id,capital_cost\nroad,nan\n"}, '"nan" is not a number'),
        ({P: "id,capital_cost\nroad,inf\n"}, "infinity is no figure"),
        ({P: "id,capital_cost\nroad,=B1\n"}, "a formula that nobody has computed"),
        ({P: "id,capital_cost\nroad,#REF!\n"}, "an error of the spreadsheet"),
        ({P: "id,capital_cost\nroad,10-20\n"}, "a range: enter one figure"),
        ({P: "id,capital_cost\nroad,１２\n"}, "full-width digits"),
        ({P: "id,capital_cost\nroad,much\n"}, "have columns been shifted or exchanged?"),
        ({P: "id,capital_cost\nroad,1234567890123456789\n"}, "has more than 18 digits"),
        ({P: "id,capital_cost,public_share\nroad,3,60%\n"}, "a percentage: 60 % is written 0.6"),
        (
            {P: "id,capital_cost,public_share\nroad,3,60\n"},
            "60 is above 1; share of both costs that the funds in budgets",
        ),
        (
            {P: "id,capital_cost,duration\nroad,3,1.5\n"},
            "column duration: 1.5 is not a whole number; periods of building",
        ),
        ({P: "id,capital_cost,duration\nroad,3,0\n"}, "column duration: 0 is below 1"),
        ({P: "id,capital_cost,locked\nroad,3,inn\n"}, 'column locked: "inn" is not allowed; in: must be chosen'),
        (
            {P: "id,capital_cost,locked\nroad,3,inn\n"},
            "Likely cause: did you mean in? allowed are in, out and an empty cell",
        ),
        ({P: "id,capital_cost\nroad|park,3\n"}, "contains |, a tab or a line break"),
        ({P: f"id,capital_cost\n{'x' * 81},3\n"}, "is longer than 80 characters"),
        ({"budgets.csv": "fund,amount,carry_over\ntown,3,maybe\n"}, '"maybe" is neither yes nor no; may what is left'),
        (
            {P: "id,capital cost\nroad,3\n"},
            'row 1, column capital cost: "capital cost" is not a column of projects. Likely',
        ),
        ({P: "id,capital cost\nroad,3\n"}, "did you mean capital_cost?"),
        ({P: "id,cost\nroad,3\n"}, "row 1, column capital_cost: the column is missing; cost of building it (money)"),
        (
            {P: "id,cost\nroad,3\n"},
            "Likely cause: a column of one's own: put it into note; the columns of projects are",
        ),
        ({P: "id,capital_cost,id\nroad,3,road\n"}, "row 1, column id: the column stands in the header 2 times"),
        (
            {P: "id,capital_cost\nroad,3,4\n"},
            "row 2: 4 is one cell too many: the row has 3 cells, but the header has 2",
        ),
        ({P: "id,capital_cost,,note\nroad,3,what,\n"}, 'row 2: "what" stands under an empty header'),
        ({P: 'id,capital_cost\n"road,3\nmill,4\n'}, "row 2: the quotation marks cannot be followed"),
        ({P: 'id,capital_cost\n"ro"ad,3\n'}, "row 2: the quotation marks cannot be followed"),
        (
            {P: "id,capital_cost\n道路,3\n".encode("gbk")},
            "row 2: the file is not UTF-8. Likely cause: it was saved as GBK",
        ),
        (
            {P: "id,capital_cost\nécole,3\n".encode("cp1252")},
            "saved as Windows-1252 (Western European); in Excel: File, Save",
        ),
        ({P: "id,capital_cost\nroad,3\n".encode("utf-16")}, "it was saved as UTF-16 (Excel's Unicode Text)"),
        ({"project.csv": "id\n"}, "project.csv: there is no table of this name. Likely cause: did you mean projects?"),
        ({"Effects.CSV": "id\n"}, "Effects.CSV: there is no table of this name. Likely cause: did you mean effects?"),
        ({"scratch.csv": "id\n"}, "notes or working tables: keep them elsewhere"),
        ({"towns.xlsx": b""}, "towns.xlsx: the file is not read: in a folder every table is a CSV file"),
        ({P: ""}, "there are no projects"),
        ({P: "id,capital_cost\n"}, "there are no projects"),
        ({"region.toml": "name = small\n"}, "region.toml line 1: the line cannot be understood"),
        ({"region.toml": HEAD + "\n\n[policy"}, "region.toml line 9: the line cannot be understood"),
        (
            {"region.toml": HEAD.replace("name", "nam")},
            'line 1, key nam: "nam" is not a setting. Likely cause: did you mean name?',
        ),
        (
            {"region.toml": HEAD.replace("name", "title")},
            "region.toml, key name: the key is missing; short name of the region",
        ),
        (
            {"region.toml": HEAD.replace("periods = 3", "periods = 0")},
            "region.toml line 2, key periods: 0 is below 1; number of",
        ),
        ({"region.toml": HEAD.replace("periods = 3", "periods = 2.5")}, "2.5 is not a whole number; number of periods"),
        (
            {"region.toml": HEAD.replace("periods = 3", "periods = true")},
            '"true" is not a whole number; number of periods',
        ),
        (
            {"region.toml": HEAD.replace("periods = 3", 'compare = "cost"')},
            '"cost" is not a list; objectives to trade off',
        ),
        (
            {"region.toml": HEAD + "[policy]\ngreen_cover = 35\n"},
            "line 8, key policy.green_cover: 35 is above 1; share of each",
        ),
        ({"region.toml": HEAD + "[policy]\ngreencover = 0.3\n"}, "Likely cause: did you mean policy.green_cover?"),
        ({"region.toml": HEAD + "[policy]\ngreen_cover = nan\n"}, "is not a finite number"),
        ({"region.toml": HEAD + "[objectives.x]\nunit = 'a'\n"}, "key objectives.x: give either maximize or minimize"),
        (
            {"region.toml": HEAD + "[objectives.x]\nmaximize = {jobs = true}\n"},
            'objectives.x.maximize.jobs: "yes" is not a number',
        ),
        ({"region.toml": HEAD + "[objectives.x]\nmaximise = {jobs = 1}\n"}, "did you mean objectives.x.maximize?"),
        ({"region.toml": HEAD + "[objectives.x]\nmaximize = 'jobs'\n"}, '"jobs" is not a section'),
        ({"region.toml": "name = 'a'\nobjectives = 3\n"}, "key objectives: 3 is not a section"),
        ({"region.toml": HEAD.encode("utf-16")}, "region.toml line 1: the file is not UTF-8"),
    ],
)
def test_bad_data(tmp_path: Path, files: dict[str, str | bytes], expected: str) -> None:
    assert expected in "\n".join(faults(write(tmp_path, files)))


def test_one_fault_a_missing_column(tmp_path: Path) -> None:
    misnamed = faults(write(tmp_path / "a", {P: SMALL[P].replace("capital_cost", "capital cost")}))
    assert len(misnamed) == 1, "one slip is one fault: not an unknown column and a missing one"
    found = faults(write(tmp_path / "b", {P: "id,category\nroad,a\nmill,b\npark,c\n"}))
    assert len(found) == 1
    assert found[0].startswith("projects.csv row 1, column capital_cost: the column is missing")


def test_a_wrong_row_still_names_its_project(tmp_path: Path) -> None:
    found = faults(write(tmp_path, {P: SMALL[P].replace("9", "nine")}))
    assert len(found) == 1, "effects of the road are not reported as well"


def test_faults_of_settings_tables_and_across_come_together(tmp_path: Path) -> None:
    files = {"region.toml": HEAD.replace("jobs", "jbos"), P: SMALL[P].replace("9", "-9")}
    files[E] = SMALL[E].replace("mill", "mull").replace("40", "forty")
    found = faults(write(tmp_path, files))
    places = [line.partition(":")[0] for line in found]
    assert places == [
        "region.toml line 4, key objectives.growth.maximize.jbos",
        "projects.csv row 2, column capital_cost",
        "effects.csv row 2, column value",
        "effects.csv row 3, column project",
    ]
    assert all(". Likely cause: " in line for line in found)


def test_a_missing_head(tmp_path: Path) -> None:
    (write(tmp_path) / "region.toml").unlink()
    assert faults(tmp_path) == [
        f"region.toml: the file is missing in {tmp_path}; it names the region and its objectives. Likely cause: "
        "another folder is meant; to begin a region: growthring new my-town"
    ]


def test_a_missing_source_tells_the_way_out(tmp_path: Path) -> None:
    way_out = r"(?s)Did you mean zigong\?.*hamlet, park, twins, zigong.*growthring new my-town"
    with pytest.raises(FileNotFoundError, match=way_out):
        read_region("zigon")
    write(tmp_path / "my-town")
    with pytest.raises(FileNotFoundError, match=r"Did you mean my-town\?"):
        read_region(tmp_path / "mytown")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("region.toml", "name its folder"),
        ("projects.csv", "name its folder"),
        ("old.xls", "save it as Excel workbook"),
        ("vote.pb", "growthring import"),
        ("what.doc", "another file is meant"),
        ("torn.xlsx", "the workbook cannot be opened"),
    ],
)
def test_other_files(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / name).write_text("x")
    assert expected in faults(tmp_path / name)[0]


def test_a_workbook_without_settings(tmp_path: Path) -> None:
    write_region(read_region("hamlet"), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book["region"].title = "Regions"
    book.save(tmp_path / "b.xlsx")
    found = faults(tmp_path / "b.xlsx")
    assert "there is no sheet region" in found[0]
    assert "did you mean region?" in found[1]


def book_of(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


HEAD_ROWS: list[list[object]] = [
    ["key", "value"],
    ["name", "small"],
    ["objectives.growth.maximize.jobs", 1],
    ["objectives.cost.minimize.capital_cost", 1],
]
TABLE_ROWS: dict[str, list[list[object]]] = {
    "projects": [["id", "capital_cost"], ["road", 9]],
    "effects": [["project", "indicator", "value"], ["road", "jobs", 3]],
}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[None, 3]], "sheet region row 5, key key: an empty cell names no setting"),
        ([["title", "a"], ["title", "b"]], 'row 6, key title: "b" is a second value, after row 5'),
        (
            [["objectives.growth.maximize", "jobs"]],
            'growth.maximize: "jobs" is not a section; indicator = weight. Likely cause: a key too short',
        ),
        ([["objectives.growth.unit.a", "b"]], 'row 5, key objectives.growth.unit.a: "a" is not a setting'),
        ([['"', "b"]], "row 5, key key: an empty cell names no setting"),
        (
            [["periods.growth", 3]],
            'row 5, key periods.growth: "growth" is not a setting. Likely cause: there are name, title',
        ),
        ([["objectives.growth.maximise.trade", 1]], "Likely cause: did you mean objectives.growth.maximize.trade?"),
        (
            [["objectives.growth.maximize.trade", "much"]],
            'row 5, key objectives.growth.maximize.trade: "much" is not a',
        ),
        ([["policy.habitat_no_net_loss", "maybe"]], '"maybe" is neither yes nor no'),
        ([["first_period", 2026.5]], "key first_period: 2026.5 is not a whole number; label of period 1"),
        ([["title", datetime.date(2026, 1, 2)]], "key title: 2026-01-02 is a date or a time"),
        ([["title", "=1+1"]], '"=1+1" has no result; title for people. Likely cause: a program wrote the formula'),
    ],
)
def test_faults_of_settings_in_a_workbook(tmp_path: Path, rows: list[list[object]], expected: str) -> None:
    source = book_of(tmp_path / "a.xlsx", {"region": HEAD_ROWS + rows, **TABLE_ROWS})
    assert expected in "\n".join(faults(source))


def test_a_workbook_whose_settings_have_no_header(tmp_path: Path) -> None:
    source = book_of(tmp_path / "a.xlsx", {"region": HEAD_ROWS[1:], **TABLE_ROWS})
    assert faults(source)[0].startswith("sheet region row 1: the sheet must have the columns key and value")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            datetime.datetime(2026, 1, 2),
            "is a date or a time; cost of building it (money). Likely cause: the spreadsheet",
        ),
        (True, '"yes" is not a number; cost of building it (money). Likely cause: a check mark'),
        ("=A2", '"=A2" has no result; cost of building it (money). Likely cause: a program wrote the formula'),
        ("1,5", "Likely cause: a decimal comma, which is only read in CSV files separated by ; or tabs: write 1.5"),
        (2 / 3, "has 16 significant digits, more than a spreadsheet shows; cost of building it (money)"),
    ],
)
def test_cells_that_only_spreadsheets_have(tmp_path: Path, cell: object, expected: str) -> None:
    tables = {**TABLE_ROWS, "projects": [["id", "capital_cost"], [], ["road", cell]]}
    found = faults(book_of(tmp_path / "a.xlsx", {"region": HEAD_ROWS, **tables}))
    assert len(found) == 1
    assert found[0].startswith("sheet projects row 3, column capital_cost: ")
    assert expected in found[0]
