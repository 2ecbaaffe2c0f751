"""Project lists by a mapping: every trap of such lists, and a real one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from instances import check_region
from instances.faults import RegionError
from instances.importers.table import read_table
from instances.region import Region

LIST = "Ref,Title,Cost,Jobs,Place,Dept\nmill,Old mill,1200,30,East,roads\nwell,Well,90,4,West,green"
MAP = """
columns = { id = "Ref", name = "Title", capital_cost = "Cost" }
effects = { jobs = "Jobs" }
money = { unit = "EUR", budget = 1200 }
objectives.growth.maximize.jobs = 1
objectives.cost.minimize.capital_cost = 1
"""
Reader = Callable[..., Region]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def reader(rows: str = LIST, how: str = MAP, encoding: str = "utf-8") -> Region:
        (tmp_path / "list.csv").write_text(rows, encoding=encoding)
        (tmp_path / "map.toml").write_text(how, encoding="utf-8")
        return read_table(tmp_path / "list.csv", tmp_path / "map.toml")

    return reader


def faults(read: Reader, *content: str, **options: str) -> list[str]:
    with pytest.raises(RegionError) as caught:
        read(*content, **options)
    return [str(fault) for fault in caught.value.faults]


def test_a_small_list(read: Reader) -> None:
    region = read()
    assert [(p.id, p.name, p.capital_cost) for p in region.projects] == [
        ("mill", "Old mill", 1200),
        ("well", "Well", 90),
    ]
    assert [(e.project, e.indicator, e.value) for e in region.effects] == [("mill", "jobs", 30), ("well", "jobs", 4)]
    assert [(b.fund, b.amount) for b in region.budgets] == [("budget", 1200)]
    assert (region.name, region.settings.money, region.compared) == ("list", "EUR", ("growth", "cost"))
    assert check_region(region) == []


def test_thousands_and_dashes(read: Reader) -> None:
    rows = 'Ref,Title,Cost,Jobs\nmill,Old mill,"1,234,567.50", -    \nwell,Well,"90",\n'
    region = read(rows, 'thousands = ","\nzero = ["-", ""]\n' + MAP)
    assert [p.capital_cost for p in region.projects] == [Decimal("1234567.50"), 90]
    assert [e.value for e in region.effects] == [0, 0]


def test_a_comma_that_does_not_stand_between_thousands_is_no_separator(read: Reader) -> None:
    rows = 'Ref,Title,Cost,Jobs\nmill,Old mill,"1,23",5\nwell,Well,"12,3456",4\n'
    found = faults(read, rows, 'thousands = ","\n' + MAP)
    assert [line.partition(" is not")[0] for line in found] == [
        "list.csv row 2, column Cost: 1,23",
        "list.csv row 3, column Cost: 12,3456",
    ]


def test_decimal_commas_and_points_as_thousands(read: Reader) -> None:
    rows = "Ref;Title;Cost;Jobs\nmill;Old mill;1.234,5;7\nwell;Well;90;0,25\n"
    region = read(rows, 'delimiter = ";"\ndecimal = ","\nthousands = "."\n' + MAP)
    assert [p.capital_cost for p in region.projects] == [Decimal("1234.5"), 90]
    assert [e.value for e in region.effects] == [7, Decimal("0.25")]


def test_a_list_that_is_not_utf_8_names_the_remedy(read: Reader) -> None:
    rows = LIST.replace("Old mill", "Mill – old")
    assert faults(read, rows, encoding="cp1252") == [
        "list.csv row 2: the file is not UTF-8. Likely cause: it was saved as Windows-1252 (Western European): "
        'write encoding = "cp1252" (or what it is) into map.toml'
    ]
    assert read(rows, 'encoding = "cp1252"\n' + MAP, encoding="cp1252").projects[0].name == "Mill – old"


def test_towns_categories_scale_share_and_adopted(read: Reader) -> None:
    how = """
    category_separator = "/"
    scale = { jobs = 0.001 }
    columns = { id = "Ref", capital_cost = "Cost", town = "Place", category = "Dept" }
    effects = { jobs = "Jobs" }
    money = { budget_share = 0.333, fund = "council" }
    adopted = { column = "State", values = ["approved", "built"] }
    objectives.growth.maximize.jobs = 1
    objectives.cost.minimize.capital_cost = 1
    """
    rows = "Ref,Cost,Jobs,Place,Dept,State\na,100,5,East,roads / rail,approved\nb,0.05,7,,green|blue,open\n"
    region = read(rows, how)
    assert [p.category for p in region.projects] == [("roads", "rail"), ("green/blue",)]
    assert ([p.town for p in region.projects], [t.id for t in region.towns]) == (["East", ""], ["East"])
    assert [p.adopted for p in region.projects] == [1, 0]
    assert [e.value for e in region.effects] == [Decimal("0.005"), Decimal("0.007")]
    assert [(b.fund, b.amount) for b in region.budgets] == [("council", Decimal("33.31"))]


def test_cells_that_are_no_figures_are_told_together(read: Reader) -> None:
    rows = "Ref,Title,Cost,Jobs\nmill,Old mill,n/a,30\nwell,Well,90,few\npond,Pond,-5,1\nwell,Again,7,1\n"
    found = "\n".join(faults(read, rows))
    assert 'list.csv row 2, column Cost: "n/a" is not a number' in found
    assert 'list.csv row 3, column Jobs: "few" is not a number' in found
    assert "list.csv row 4, column Cost: -5 is below 0" in found
    assert "list.csv row 5, column Ref: " in found
    assert len(found.splitlines()) == 4


@pytest.mark.parametrize(
    ("rows", "how", "told"),
    [
        (LIST, MAP.replace('"Cost"', '"Costs"'), 'not a column of the list. Likely cause: did you mean Cost?'),
        (LIST.replace("Place", "Cost"), MAP, 'list.csv row 1: "Cost" heads several columns'),
        (LIST + ",more", MAP, "list.csv row 3: the row has 7 cells, but the header has 6"),
        (LIST.replace("Well", '"Well'), MAP, "list.csv row 2: the quotation marks after this row cannot be followed"),
        ("", MAP, '"Ref" is not a column of the list'),
        (LIST, MAP.replace('"Cost" }', '"Cost", colour = "Dept" }'), "map.toml, key columns.colour"),
        (LIST, MAP.replace('capital_cost = "Cost"', 'town = "Place"'), "key columns.capital_cost: the key is missing"),
        (LIST, "colour = 1\n" + MAP, 'map.toml, key colour: "colour" is not a key'),
        (LIST, MAP + "money.share = 1", "map.toml: cannot be understood"),
        (LIST, MAP.replace("unit", "units"), '"units" is not a key. Likely cause: did you mean unit?'),
        (LIST, MAP.replace("unit", 'budget_share = 0.1, unit'), "give budget or budget_share, not both"),
        (LIST, "scale.trees = 2\n" + MAP, "map.toml, key scale.trees"),
        (LIST, MAP.replace("maximize.jobs", "maximise.jobs"), "objectives.growth"),
        (LIST, MAP.replace("maximize.jobs", "maximize.trees"), "trees"),
        (LIST, 'encoding = "martian"\n' + MAP, "map.toml, key encoding"),
        (LIST, 'encoding = "utf-16"\n' + MAP, "the file is not utf-16"),
        ("Ref,Title,Cost,Jobs\nmill,M," + "9" * 20 + ",1", MAP, "more than 18 digits"),
        ("Ref,Title,Cost,Jobs\n" + "m" * 90 + ",M,9,1", MAP, "longer than 80"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(read: Reader, rows: str, how: str, told: str) -> None:
    found = faults(read, rows, how)
    assert any(told in line for line in found), found


@pytest.fixture(scope="module")
def smart_scale(shared_data: Path) -> Region:
    table = shared_data / "smart_scale" / "smart_scale_richmond_lynchburg_bristol.csv"
    return read_table(table, Path(__file__).with_name("smart_scale.toml"))


def test_smart_scale(smart_scale: Region) -> None:
    assert len(smart_scale.projects) == 142
    assert {t.id for t in smart_scale.towns} == {"Richmond", "Lynchburg", "Bristol"}
    assert smart_scale.project["1307"].capital_cost == 28770000
    assert any("–" in p.name for p in smart_scale.projects)
    assert smart_scale.compared == ("growth", "character", "livability")
    asked = sum(p.capital_cost for p in smart_scale.projects)
    assert smart_scale.budgets[0].amount == asked * Decimal("0.3")
    value = {(e.project, e.indicator): e.value for e in smart_scale.effects}
    assert value["1307", "access_to_jobs"] == Decimal("55.829")
    assert value["1307", "multimodal_access"] == value["1153", "land_use"] == 0  # a dash, an empty cell
    assert {e.indicator for e in smart_scale.effects} == {i for g in smart_scale.goals.values() for i in g.weights} - {
        "capital_cost"
    }


def test_smart_scale_needs_its_encoding(shared_data: Path, tmp_path: Path) -> None:
    text = Path(__file__).with_name("smart_scale.toml").read_text(encoding="utf-8")
    (tmp_path / "map.toml").write_text(text.replace('encoding = "cp1252"', ""), encoding="utf-8")
    table = shared_data / "smart_scale" / "smart_scale_richmond_lynchburg_bristol.csv"
    with pytest.raises(RegionError, match=r'write encoding = "cp1252"'):
        read_table(table, tmp_path / "map.toml")
