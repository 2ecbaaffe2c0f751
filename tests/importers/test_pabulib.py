"""Elections in the .pb format: every trap of such files, and five real ones."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from instances import check_region
from instances.faults import RegionError
from instances.importers.families import families_of
from instances.importers.pabulib import read_pabulib
from instances.region import Region
from optimizer.verify import evaluate

META = {"unit": "Hamlet", "instance": "2026", "budget": "100", "vote_type": "approval", "currency": "EUR"}
PROJECTS = ["project_id;cost;votes;name", "1;60;2;Well", "2;50;1;Mill"]
VOTES = ["voter_id;vote", "a;1,2", "b;1"]

Reader = Callable[..., Region]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def reader(
        projects: list[str] | None = None, votes: list[str] | None = None, encoding: str = "utf-8", **meta: str
    ) -> Region:
        lines = ["META", "key;value", *(f"{key};{value}" for key, value in {**META, **meta}.items() if value)]
        lines += ["PROJECTS", *(PROJECTS if projects is None else projects)]
        lines += ["VOTES", *votes] if votes else [] if votes == [] else ["VOTES", *VOTES]
        path = tmp_path / "hamlet.pb"
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return read_pabulib(path)

    return reader


def faults(read: Reader, **content: object) -> list[str]:
    with pytest.raises(RegionError) as caught:
        read(**content)
    return [str(fault) for fault in caught.value.faults]


def support(region: Region, indicator: str = "support") -> dict[str, int]:
    return {e.project: int(e.value) for e in region.effects if e.indicator == indicator}


def test_a_small_election(read: Reader) -> None:
    region = read()
    assert (region.name, region.periods, region.settings.money) == ("Hamlet 2026", 1, "EUR")
    assert [(b.fund, b.amount, b.categories) for b in region.budgets] == [("budget", Decimal(100), ())]
    assert support(region) == {"1": 2, "2": 1}
    assert region.compared == ("support", "coverage", "cost")
    assert check_region(region) == []


def test_people_reached_are_ballots_with_a_funded_project(read: Reader) -> None:
    region = read(votes=["voter_id;vote", "a;1,2", "b;1", "c;2,1", "d;2", "e;"])
    assert [(p.id, p.people) for p in region.places] == [("ballots 1", 2), ("ballots 2", 1), ("ballots 3", 1)]
    for plan, reached in (({"1": 1}, 3), ({"2": 1}, 3), ({}, 0)):
        assert evaluate(region, plan, ["coverage"]).values["coverage"] == reached
    assert "1 ballots name no project" in region.settings.provenance


@pytest.mark.parametrize("project", ["BO.D15.3/21", "ścieżka", "07", "a b"])
def test_ids_need_not_be_numbers(read: Reader, project: str) -> None:
    region = read(projects=["project_id;cost", f"{project};60", "2;5"], votes=["voter_id;vote", f"a;{project},2"])
    assert region.projects[0].id == project
    assert support(region) == {project: 1, "2": 1}


def test_several_categories_in_one_cell(read: Reader) -> None:
    rows = ["project_id;cost;votes;category", "1;6;9;sport,public transit and roads, sport", "2;5;4;culture", "3;1;0;"]
    region = read(projects=rows)
    assert [p.category for p in region.projects] == [("sport", "public transit and roads"), ("culture",), ()]
    assert support(region, "support_growth") == support(region, "support_livability") == {"1": 9}
    assert support(region, "support_character") == {"2": 4}
    assert region.compared == ("growth", "character", "livability")
    assert [region.goals[g].quantum for g in region.compared] == [1, 1, 1]


def test_one_family_alone_is_not_compared(read: Reader) -> None:
    region = read(projects=["project_id;cost;votes;category", "1;6;9;sport", "2;5;4;health"])
    assert region.compared == ("support", "coverage", "cost")
    assert "livability" in region.goals


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ('"Park; with a pond"', "Park; with a pond"),
        ('"The ""Oasis"""', 'The "Oasis"'),
        ('Square "at the well"', 'Square "at the well"'),
        ("Bench | table", "Bench | table"),
        ('"Two\nlines"', "Two\nlines"),
    ],
)
def test_names_hold_any_mark(read: Reader, cell: str, name: str) -> None:
    region = read(projects=["project_id;cost;votes;name", f"1;60;2;{cell}", "2;50;1;Mill"])
    assert [p.name for p in region.projects] == [name, "Mill"]


def test_a_bar_in_an_id_or_a_category_becomes_a_slash(read: Reader) -> None:
    region = read(projects=["project_id;cost;votes;category", "1|a;6;9;sport|play"], votes=["voter_id;vote", "a;1|a"])
    assert (region.projects[0].id, region.projects[0].category) == ("1/a", ("sport/play",))
    assert [r.project for r in region.reach] == ["1/a"]


def test_coordinates_on_some_projects_only(read: Reader) -> None:
    header = "project_id;cost;votes;latitude;longitude"
    region = read(projects=[header, "1;6;9;52.20590051735449;21.5", "2;5;4;;"])
    assert [(p.y, p.x) for p in region.projects] == [(Decimal("52.20590052"), Decimal("21.5")), (None, None)]


@pytest.mark.parametrize("budget", ["1000000", "55", "1"])
def test_a_budget_for_everything_or_for_hardly_anything(read: Reader, budget: str) -> None:
    region = read(budget=budget)
    assert region.budgets[0].amount == Decimal(budget)
    assert check_region(region) == []


def test_decimal_costs_are_exact(read: Reader) -> None:
    region = read(projects=["project_id;cost;votes", "1;0.1;2", "2;0.20;1"], budget="0.30")
    found = evaluate(region, {"1": 1, "2": 1}, ["cost"])
    assert (found.values["cost"], found.broken) == (Fraction(3, 10), [])
    assert [p.capital_cost for p in region.projects] == [Decimal("0.1"), Decimal("0.20")]


def test_every_selected_value_above_0_is_adopted(read: Reader) -> None:
    rows = ["project_id;cost;votes;selected", "1;6;9;0", "2;5;4;1", "3;5;4;2", "4;5;4;3", "5;5;4;"]
    assert [p.adopted for p in read(projects=rows).projects] == [0, 1, 1, 1, 0]


def test_caps_and_a_cap_that_caps_nothing(read: Reader) -> None:
    rows = ["project_id;cost;votes;category", "1;60;2;streets", "2;50;1;clubs"]
    region = read(projects=rows, categories="streets,trains,clubs", budget_per_category="50,20,50.5")
    assert [(r.id, r.kind, r.members, r.amount) for r in region.relations] == [
        ("cap on streets", "spend_at_most", ("category=streets",), 50),
        ("cap on clubs", "spend_at_most", ("category=clubs",), Decimal("50.5")),
    ]
    assert "The cap of 20 on trains was left out, because no project belongs to it." in region.settings.description
    assert evaluate(region, {"1": 1}, []).broken
    assert not evaluate(region, {"2": 1}, []).broken


def test_a_cap_on_a_category_with_a_long_name_lists_its_projects(read: Reader) -> None:
    name = "c" * 75
    region = read(projects=["project_id;cost;votes;category", f"1;6;2;{name}"], votes=["voter_id;vote", "a;1"],
                  categories=name, budget_per_category="5")  # fmt: skip
    assert region.relations[0].members == ("1",)


def test_districts_become_towns(read: Reader) -> None:
    long = "16 - " + "Fontaine / " * 9
    rows = ["project_id;cost;votes;district", "1;6;2;East", f"2;5;1;{long}", "3;5;1;"]
    region = read(projects=rows)
    assert [p.town for p in region.projects] == ["East", region.towns[1].id, ""]
    assert len(region.towns[1].id) <= 80
    assert region.towns[1].name == long.strip()


def test_a_byte_order_mark_is_no_part_of_the_file(read: Reader) -> None:
    assert read(encoding="utf-8-sig") == read()


@pytest.mark.parametrize("vote_type", ["ordinal", "cumulative", "scoring"])
def test_without_a_column_of_votes_the_ballots_that_name_a_project_count(read: Reader, vote_type: str) -> None:
    votes = ["voter_id;vote;points", "a;2,1;5,1", "b;1;3", "c;1;0"]
    region = read(projects=["project_id;cost", "1;6", "2;5"], votes=votes, vote_type=vote_type)
    assert support(region) == {"1": 3, "2": 1}


def test_scores_stand_for_votes(read: Reader) -> None:
    region = read(projects=["project_id;cost;score", "1;6;7.5", "2;5;0"])
    assert [(e.project, e.value) for e in region.effects] == [("1", Decimal("7.5"))]
    assert (region.goals["support"].unit, region.goals["support"].quantum) == ("points", None)


def test_results_without_ballots(read: Reader) -> None:
    region = read(votes=[])
    assert region.compared == ("support", "cost")
    assert not region.places


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"budget": ""}, "column budget: the key is missing in META"),
        ({"budget": "1,000"}, 'row 5, column budget: 1,000 is not a number. Likely cause: a thousands separator'),
        ({"projects": ["project_id;cost;votes", "1;ten;2", "2;5;1"]}, 'row 10, column cost: "ten" is not a number'),
        ({"projects": ["project_id;cost;votes", "1;-10;2", "2;5;1"]}, "row 10, column cost: -10 is below 0"),
        ({"projects": ["project_id;cost;votes", "1;10;2", "1;5;1"], "votes": []}, "column project_id: 1"),
        ({"projects": ["project_id;cost;votes", "1;10;many", "2;5;1"]}, 'row 10, column votes: "many" is not a number'),
        ({"projects": ["project_id;cost;votes", "1;10;-4", "2;5;1"]}, "row 10, column votes: -4 is below 0"),
        ({"projects": ["project_id;cost;selected", "1;10;yes", "2;5;1"]}, 'column selected: "yes" is not a number'),
        ({"projects": ["project_id;cost;latitude", "1;10;north", "2;5;1"]}, 'column latitude: "north" is not a number'),
        ({"projects": ["project_id;cost;votes;name", "1;10;2;a;b", "2;5;1;c"]}, "row 10: the row has 5 cells"),
        ({"projects": ["project_id;votes", "1;10", "2;5"]}, "column cost: the column is missing"),
        ({"num_projects": "3"}, "row 8, column num_projects: 3 projects are announced, but PROJECTS lists 2"),
        ({"votes": ["voter_id;vote", "a;1,3", "b;3"]}, "row 14, column vote: 3 is named here and 1 more ballots"),
        ({"votes": ["voter_id;voted", "a;1"]}, "row 13, column vote: the column is missing"),
        ({"categories": "a", "budget_per_category": "1,2"}, "gives 2 caps, but categories lists 1"),
        ({"projects": ["project_id;cost", "1;6"], "votes": []}, "neither a column votes nor a block VOTES"),
        ({"projects": ["project_id;cost", "x" * 90 + ";6"], "votes": ["vote", "x" * 90]}, "longer than 80"),
        ({"budget": "1" * 19}, "has more than 18 digits"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(read: Reader, content: dict[str, object], told: str) -> None:
    lines = faults(read, **content)
    assert any(told in line for line in lines), lines
    assert all(line.startswith("hamlet.pb") for line in lines)


def test_a_key_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "hamlet.pb"
    path.write_text("META\nkey;value\nbudget;5\nbudget;6\nPROJECTS\nproject_id;cost;votes\n1;2;3\n2;2;3\n")
    with pytest.raises(RegionError, match="row 4, column budget: 6 is a second value, after line 3"):
        read_pabulib(path)


@pytest.mark.parametrize("name", ['"Well', '"Well" of the mill', '"' + "x" * 200_000])
def test_quotation_marks_that_would_swallow_rows(read: Reader, name: str) -> None:
    (found,) = faults(read, projects=["project_id;cost;votes;name", f"1;60;2;{name}", "2;50;1;Mill"])
    assert found.startswith("hamlet.pb row 9: the quotation marks after this row cannot be followed")


def test_all_faults_come_at_once(read: Reader) -> None:
    lines = faults(read, budget="", projects=["project_id;cost;votes", "1;x;2", "2;5;y"], num_projects="9")
    assert len(lines) == 4


def test_what_is_no_election(tmp_path: Path) -> None:
    path = tmp_path / "list.pb"
    path.write_text("id,cost\n1,2\n", encoding="utf-8")
    with pytest.raises(RegionError, match=r'the block META is missing\..* the file begins with "id,cost"'):
        read_pabulib(path)
    path.write_bytes("META\nkey;value\nunit;Łódź\n".encode("cp1250"))
    with pytest.raises(RegionError, match="not UTF-8"):
        read_pabulib(path)


@pytest.mark.parametrize(
    ("category", "families"),
    [
        ("public transit and roads", {"growth"}),
        ("education", {"growth"}),
        ("culture", {"character"}),
        ("public space", {"character"}),
        ("urban greenery", {"livability"}),
        ("environmental protection", {"livability"}),
        ("health", {"livability"}),
        ("sport", {"livability"}),
        ("welfare", {"livability"}),
        ("Éco-mobilité", {"growth"}),
        ("broadcast", set()),
    ],
)
def test_families_of_the_usual_categories(category: str, families: set[str]) -> None:
    assert set(families_of(category)) == families


REAL = {
    "Poland_Warszawa_2020_Wesola": (21, 1505, Decimal(831114), 15, 3),
    "Poland_Warszawa_2021_Wawer": (100, 4662, Decimal(2493341), 23, 3),
    "France_Toulouse_2022": (199, 4532, Decimal(8000000), 0, 3),
    "Netherlands_Amsterdam_285": (97, 5510, Decimal(400000), 0, 3),
    "Poland_Wieliczka_2023_Green_Budget": (64, 6586, Decimal(1000000), 30, 0),
}


@pytest.fixture(params=REAL)
def real(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, Region]:
    return request.param, read_pabulib(shared_data / "pabulib" / f"{request.param}.pb")


def test_real_elections(real: tuple[str, Region]) -> None:
    name, region = real
    projects, ballots, budget, adopted, families = REAL[name]
    assert len(region.projects) == projects
    assert sum(p.people for p in region.places) == ballots
    assert [b.amount for b in region.budgets] == [budget]
    assert sum(p.adopted for p in region.projects) == adopted
    assert len({"growth", "character", "livability"} & set(region.goals)) == families
    assert len(region.compared) == 3
    assert "IJCAI 2023" in region.settings.provenance
    assert f"{name}.pb" in region.settings.provenance


def test_real_votes_are_the_ballots_that_name_a_project(real: tuple[str, Region]) -> None:
    _, region = real
    people = {p.id: p.people for p in region.places}
    counted: dict[str, int] = {}
    for r in region.reach:
        counted[r.project] = counted.get(r.project, 0) + int(people[r.place])
    assert support(region) == counted


@pytest.mark.parametrize("name", ["Poland_Warszawa_2020_Wesola", "Poland_Warszawa_2021_Wawer"])
def test_greedy_by_votes_gives_what_the_city_funded(shared_data: Path, name: str) -> None:
    region = read_pabulib(shared_data / "pabulib" / f"{name}.pb")
    votes, left, funded = support(region), region.budgets[0].amount, set()
    for project in sorted(region.projects, key=lambda p: -votes[p.id]):
        if project.capital_cost <= left:
            funded.add(project.id)
            left -= project.capital_cost
    assert funded == {p.id for p in region.projects if p.adopted}
    assert evaluate(region, dict.fromkeys(funded, 1), []).broken == []


def test_toulouse_has_twenty_towns_and_amsterdam_three_caps(shared_data: Path) -> None:
    toulouse = read_pabulib(shared_data / "pabulib" / "France_Toulouse_2022.pb")
    assert len(toulouse.towns) == 20
    assert all(p.town for p in toulouse.projects)
    amsterdam = read_pabulib(shared_data / "pabulib" / "Netherlands_Amsterdam_285.pb")
    assert [r.amount for r in amsterdam.relations] == [200000, 100000, 100000]
