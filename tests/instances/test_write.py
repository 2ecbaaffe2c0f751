"""Writing: what is written reads back as an equal region, whole or not at all, and never over something else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instances import Region, catalogue, generate, read_region, workbook, write, write_region
from instances.schema import Budget, Effect, Project
from instances.settings import Goal, Policy, Settings
from tests.instances import small

NASTY = [
    "quotes \" and '",
    "commas, semicolons; tabs\tand |",
    "line\nbreaks\r\nof\rall kinds",
    "=1+1",
    "@sum +1 -1",
    "# no comment",
    "中文，全角",
    "مرحبا עברית",
    "🏮🚧",
    "http://example.org",
    "007",
    "1e5",
    "TRUE",
    "#REF!",
    "_x000D_",
    "\\n \\\\",
    "nan",
]


def nasty_region() -> Region:
    """Text that files, spreadsheets and readers like to change."""
    projects = [
        Project(id=f"p{n}", name=text, note=text, capital_cost=Decimal(n), x=Decimal("-0.000001"))
        for n, text in enumerate(NASTY)
    ]
    named = [t for t in NASTY if not set(t) & set("|\n\r\t")]
    projects += [Project(id=text, capital_cost=Decimal("0.30")) for text in named]
    budgets = [Budget(fund=text, amount=Decimal("123456789012345678")) for text in named]
    effects = [Effect(project="p0", indicator=text, value=Decimal("-12345678901234.5678")) for text in named]
    goals = {f"o.{n} {text}": Goal(maximize={text: Decimal("0.1")}, label=text) for n, text in enumerate(named)}
    head = Settings(name="nasty", description="\n".join(NASTY), objectives=goals, compare=tuple(goals)[:7])
    return Region(head, tuple(projects), budgets=tuple(budgets), effects=tuple(effects))


def through(region: Region, *targets: Path) -> Region:
    """The region after it has been written to each target and read again, one after the other."""
    for target in targets:
        write_region(region, target)
        region = read_region(target)
    return region


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_round_trips(tmp_path: Path, name: str) -> None:
    region = read_region(name)
    assert through(region, tmp_path / "a", tmp_path / "b.xlsx", tmp_path / "c") == region


def test_a_generated_region_makes_the_round_trip(tmp_path: Path) -> None:
    region = generate(projects=25, towns=3, periods=3, seed=2)
    assert through(region, tmp_path / "a", tmp_path / "b.xlsx", tmp_path / "c") == region


def test_nasty_text_and_long_figures_make_the_round_trip(tmp_path: Path) -> None:
    region = nasty_region()
    assert through(region, tmp_path / "a", tmp_path / "b.xlsx", tmp_path / "c") == region


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from('\n"=#;|,'), max_size=12)
NAME = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="|="), min_size=1, max_size=12)
NAME = NAME.map(str.strip).filter(lambda text: text not in ("", "all", "portfolio"))
NUMBER = st.decimals(-(10**9), 10**9, places=6) | st.integers(-(10**17), 10**17).map(Decimal)


@st.composite
def regions(draw: st.DrawFn) -> Region:
    ids = draw(st.lists(NAME, min_size=1, max_size=4, unique=True))
    projects = [
        Project(
            id=name,
            name=draw(TEXT),
            note=draw(TEXT),
            category=tuple(draw(st.lists(NAME, max_size=3))),
            capital_cost=abs(draw(NUMBER)),
            x=draw(st.none() | NUMBER),
            locked=draw(st.sampled_from(["", "in", "out"])),
        )
        for name in ids
    ]
    effects = tuple(Effect(project=name, indicator="jobs", value=draw(NUMBER)) for name in ids)
    goals = draw(st.lists(NAME.filter(lambda text: text not in ids), min_size=2, max_size=3, unique=True))
    weights: list[dict[str, Any]] = [{"maximize": {"jobs": draw(NUMBER)}}, {"minimize": {"capital_cost": draw(NUMBER)}}]
    objectives = {name: Goal(label=draw(TEXT), **weights[n % 2]) for n, name in enumerate(goals)}
    policy = Policy(green_cover=draw(st.none() | st.decimals(0, 1, places=3)), habitat_no_net_loss=draw(st.booleans()))
    head = Settings(name=draw(NAME), title=draw(TEXT), objectives=objectives, policy=policy)
    return Region(head, tuple(projects), effects=effects)


@given(regions())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_region_makes_the_round_trip(region: Region) -> None:
    with TemporaryDirectory() as home:
        assert through(region, Path(home) / "a", Path(home) / "b.xlsx") == region


@pytest.mark.parametrize("name", ["town", "town.xlsx"])
def test_the_same_region_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    region = read_region("hamlet")
    for home in ("first", "second"):
        write_region(region, tmp_path / home / name)
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / home).rglob("*") if path.is_file()}
        for home in ("first", "second")
    )
    assert first == second


@pytest.mark.parametrize("name", ["town", "town.xlsx"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    target.write_text("mine")
    with pytest.raises(FileExistsError, match="exists already and is left as it is: choose another name, or remove it"):
        write_region(read_region("hamlet"), target)
    assert target.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("name", "module", "function"), [("town", write, "csv_table"), ("town.xlsx", workbook, "write_table")]
)
@pytest.mark.parametrize("good", [0, 1, 4])
def test_nothing_is_left_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: Any, function: str, good: int
) -> None:
    original, calls = getattr(module, function), []

    def fails(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) > good:
            raise OSError("the disk is full")
        return original(*arguments)

    monkeypatch.setattr(module, function, fails)
    with pytest.raises(OSError, match="the disk is full"):
        write_region(read_region("hamlet"), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_columns_at_their_default_are_left_out(tmp_path: Path) -> None:
    write_region(read_region(small.write(tmp_path / "small")), tmp_path / "copy")
    assert (tmp_path / "copy" / "projects.csv").read_text() == small.SMALL["projects.csv"].replace(
        "id,capital_cost,category", "id,category,capital_cost"
    ).replace("road,9,transport", "road,transport,9").replace("park,3,green", "park,green,3").replace(
        "mill,5,trade", "mill,trade,5"
    )
    assert not (tmp_path / "copy" / "zones.csv").exists()


def test_a_workbook_is_made_for_people(tmp_path: Path) -> None:
    region = read_region("zigong")
    note = region.projects[0].model_copy(
        update={"note": "=HYPERLINK(1)", "capital_cost": Decimal("1234567890123456.5")}
    )
    write_region(replace(region, projects=(note, *region.projects[1:])), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["region", *region.tables]
    sheet = book["projects"]
    header = [cell.value for cell in sheet[1]]
    cost, text = header.index("capital_cost"), header.index("note")
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref is not None
    assert "cost of building it (money)" in str(sheet.cell(1, cost + 1).comment)
    assert sheet.cell(2, cost + 1).value == "1234567890123456.5", "a spreadsheet would round it: it stays exact as text"
    assert sheet.cell(3, cost + 1).data_type == "n"
    assert (sheet.cell(2, text + 1).value, sheet.cell(2, text + 1).data_type) == ("=HYPERLINK(1)", "s")


def test_what_does_not_fit_into_a_workbook_is_told(tmp_path: Path) -> None:
    region = read_region("hamlet")
    long = region.projects[0].model_copy(update={"note": "x" * 32768})
    region = replace(region, projects=(long, *region.projects[1:]))
    with pytest.raises(ValueError, match=r"sheet projects row 2: a text of 32768 characters.*write a folder"):
        write_region(region, tmp_path / "a.xlsx")
    assert through(region, tmp_path / "a") == region
