"""Rules across tables: each is broken once, in an otherwise sound region, and only that one is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from instances import RegionError, check_region, read_region
from instances.check import RULES
from tests.instances.small import HEAD, SMALL, write

P, B, R, S = "projects.csv", "budgets.csv", "relations.csv", "synergies.csv"
IDS = "id,capital_cost,category\nroad,9,transport\npark,3,green\nmill,5,trade\n"
ZONES = "id,town,kind,area\nbank,riverside,arable,12\n"


def projects(columns: str, road: str) -> dict[str, str | bytes]:
    return {P: f"id,capital_cost,{columns}\nroad,9,{road}\npark,3\nmill,5\n"}


def relation(line: str) -> dict[str, str | bytes]:
    return {R: f"id,kind,members,amount\na,{line}\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # names are given once, and what is named exists
        (
            {P: SMALL[P] + "road,2,\n"},
            'projects.csv row 5, column id: "road" stands in row 2 already; id names',
        ),
        (
            {"effects.csv": SMALL["effects.csv"] + "road,jobs,2\n"},
            'effects.csv row 4, column project + indicator: "road + jobs" stands in row 2 already; project and '
            "indicator together name a row once. Likely cause: a row copied twice: delete one, or enter their sum",
        ),
        (
            {"effects.csv": "project,indicator,value\nrod,jobs,1\n"},
            '"rod" is not in the table projects. Likely cause: did',
        ),
        (
            {"footprints.csv": "project,zone,hectares\nroad,bank,1\npark,bank,1\n"},
            "footprints.csv, column zone: the table zones is missing, which footprints refers to",
        ),
        (
            {"zones.csv": ZONES, "towns.csv": "id\nriverslde\n"},
            'row 2, column town: "riverside" is not in the table',
        ),
        (
            {**projects("town", "hill"), "towns.csv": "id\nriverside\n"},
            '"hill" is not in the table towns. Likely cause: there',
        ),
        (
            {"places.csv": "id,people,town\na,3,hill\n", "towns.csv": "id\nb\n"},
            'column town: "hill" is not in the table',
        ),
        (
            {"scores.csv": "project,criterion,score\nroad,a,3\n"},
            "the table criteria is missing, which scores refers to",
        ),
        # what can be built
        (projects("duration", "4"), "row 2, column duration: 4 is longer than the 3 periods of the region"),
        (
            projects("duration,latest_start", "2,3"),
            "column latest_start: 3 is too late to complete 2 periods of building",
        ),
        (
            projects("earliest_start,latest_start", "3,2"),
            "column latest_start: 2 is before the earliest start; earliest_st",
        ),
        (projects("duration,earliest_start", "3,2"), "column earliest_start: 2 is too late to complete 3 periods"),
        (projects("earliest_start", "26"), "Likely cause: the last possible start is 3; a calendar year in place of"),
        (projects("adopted,latest_start", "3,1"), "column adopted: 3 is not an allowed start period; allowed is 1."),
        ({B: "fund,period,amount\ntown,4,9\n"}, "column period: 4 is after the last period; the setting periods is 3"),
        (
            {B: "fund,period,amount,categories\ntown,1,9,\ntown,2,9,green\n"},
            'row 3, column categories: "green" differs from row 2; fund town has one list of categories',
        ),
        (
            {P: IDS, B: "fund,amount,categories\ntown,9,transport | gren | trade\n"},
            'projects.csv row 3, column category: "green" has no fund that may pay for it, so the project can never be '
            "built. Likely cause: did you mean gren?",
        ),
        # relations and synergies
        (
            relation("excludes,road | parc,"),
            'column members: "parc" is not in the table projects. Likely cause: did you mean',
        ),
        (relation('excludes,"road, park",'), "Likely cause: members are separated by |, as in a | b"),
        (relation("excludes,kind=green | road,"), '"kind=green" is no selector; there are category=…'),
        (relation("excludes,category=gren,"), '"category=gren" finds no project; no project has this category. Likely'),
        (relation("excludes,district=north,"), '"district=north" finds no project; no project has this district'),
        (relation("excludes,|,"), "column members: an empty cell names no project"),
        (relation("requires,road,"), '"road" is one member; requires takes the project that needs the others'),
        (relation("requires,category=green | road,"), '"category=green" is not a single project; requires begins with'),
        (relation("at_least,all,"), "column amount: an empty cell is too little for at_least"),
        (relation("spend_at_most,all,"), "Likely cause: it was left out; how much money is the point of spend_at_most"),
        (relation("at_most,all,1.5"), "1.5 is not a whole number; at_most counts"),
        (relation("at_least,all,4"), "4 is more than the 3 projects among the members; it can never be met"),
        (relation("spend_at_least,all,18"), "18 is more than all members cost together (17); it can never be met"),
        (relation("excludes,all,2"), "2 is not used by excludes. Likely cause: at_least or at_most is meant"),
        ({S: "id,members,indicator,value\na,road | pork,jobs,1\n"}, '"pork" is not in the table projects'),
        ({S: "id,members,at_least,indicator,value\na,road | park,3,jobs,1\n"}, "column at_least: 3 is more than the 2"),
        # land and ecology
        (
            {"zones.csv": ZONES, "footprints.csv": "project,zone,hectares\nroad,bank,12.5\n"},
            "footprints.csv row 2, column hectares: 12.5 is more than the 12 ha of zone bank. Likely cause: mu",
        ),
        (
            {
                "loads.csv": "project,basin,pollutant,load\nroad,river,COD,1\n",
                "capacities.csv": "basin,pollutant,capacity\nrivers,COD,1\n",
            },
            'column basin + pollutant: "river + COD" has no row in the table capacities, so the load would count for '
            "nothing. Likely cause: did you mean rivers + COD?",
        ),
        ({"loads.csv": "project,basin,pollutant,load\nroad,river,COD,1\n"}, "the table capacities is missing"),
        # what is compared
        (
            {
                "criteria.csv": "criterion,objective\nlook,character\n",
                "scores.csv": "project,criterion,score\nroad,look,3\n",
            },
            'criteria.csv row 2, column criterion: "look" has no score for 2 of 3 projects: park, mill. Likely cause',
        ),
        (
            {
                "criteria.csv": "criterion,objective\nlook,growth\n",
                "scores.csv": "project,criterion,score\nroad,look,3\npark,look,3\nmill,look,2\n",
            },
            '"look" does not count: objective growth is declared in the settings without it',
        ),
        (
            {"criteria.csv": "criterion,objective\nlook,character\n"},
            "the table scores is missing, or names the criterion in",
        ),
        (
            {"region.toml": HEAD.replace("jobs", "jbos")},
            'line 4, key objectives.growth.maximize.jbos: "jbos" is not an ind',
        ),
        ({"region.toml": HEAD.replace("jobs", "budget")}, "Likely cause: there are jobs, capital_cost, public_cost"),
        (
            {"region.toml": HEAD.replace("periods = 3", 'periods = 3\ncompare = ["growth", "cots"]')},
            'region.toml line 3, key compare: "cots" is not an objective. Likely cause: did you mean cost?',
        ),
        (
            {"region.toml": HEAD.replace("periods = 3", 'periods = 3\ncompare = ["growth", "cost", "cost"]')},
            '"cost" is named 2 times',
        ),
        (
            {"region.toml": HEAD.replace("periods = 3", 'periods = 3\ncompare = ["growth"]')},
            "line 3, key compare: 1 objective is compared; a front takes 2 to 7. Likely cause: compare names too few",
        ),
        (
            {"region.toml": HEAD[: HEAD.index("[objectives.cost]")]},
            "region.toml: 1 objective is compared; a front takes 2",
        ),
        (
            {"region.toml": 'name = "a"\nperiods = 3\n'},
            "region.toml: there is no objective, so there is nothing to trade",
        ),
        (
            {"region.toml": HEAD + "".join(f"[objectives.o{n}]\nmaximize = {{jobs = {n}}}\n" for n in range(1, 7))},
            "8 objectives are compared; a front takes 2 to 7. Likely cause: name those to trade off",
        ),
        ({"effects.csv": "project,indicator,value\nroad,jobs,1\nroad,capital_cost,9\n"}, "it would be counted twice"),
        ({P: SMALL[P] + "cost,1,\n"}, 'row 5, column id: "cost" is also the name of an objective; both are columns of'),
        ({P: SMALL[P] + "portfolio,1,\n"}, '"portfolio" is a reserved word: the number of a portfolio in front.csv'),
        ({P: SMALL[P] + "all,1,\n"}, '"all" is a reserved word: all projects, in the members of a rule'),
        ({P: SMALL[P] + "town=a,1,\n"}, '"town=a" reads like a selector of members'),
        ({"region.toml": HEAD.replace("growth", "portfolio")}, '"portfolio" is a reserved word'),
    ],
)
def test_one_broken_rule_gives_one_fault(tmp_path: Path, files: dict[str, str | bytes], expected: str) -> None:
    with pytest.raises(RegionError) as found:
        read_region(write(tmp_path, files))
    assert expected in str(found.value)
    assert len(found.value.faults) == 1, str(found.value)


@pytest.mark.parametrize(
    "files",
    [
        {},
        projects("town", "hill"),
        projects("operating_cost,public_share", "5,0"),
        relation("exactly_one,road | park,1"),
        relation("requires,road | category=green,"),
        relation("spend_at_least,all,17"),
        relation("at_most,all,9"),
        {B: "fund,period,amount,categories\ntown,1,9,green\ntown,2,9,green\ncounty,1,2,\n"},
        {B: "fund,amount,categories\ntown,9,trade | transport | green\n"},
        {P: IDS.replace("9", "0"), B: "fund,amount,categories\ntown,9,trade | green\n"},
        {S: "id,members,at_least,indicator,value\na,category=green | road,2,only_here,1\n"},
        {"capacities.csv": "basin,pollutant,capacity\nriver,COD,1\n"},
    ],
)
def test_what_is_allowed(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    assert check_region(read_region(write(tmp_path, files))) == []


def test_rules_are_only_applied_to_what_was_read(tmp_path: Path) -> None:
    """A file that cannot be read is one fault; nothing that hangs on it is reported as well."""
    hanging = {
        R: "id,kind,members\na,excludes,road | park\n",
        S: "id,members,indicator,value\na,road | park,jobs,1\n",
        P: SMALL[P].encode("utf-16"),
    }
    with pytest.raises(RegionError) as found:
        read_region(write(tmp_path, hanging))
    assert [fault.rule for fault in found.value.faults] == ["the file is not UTF-8"]


def test_a_region_made_by_hand_is_checked_too(tmp_path: Path) -> None:
    region = read_region(write(tmp_path))
    effect = region.effects[0].model_copy(update={"project": "bridge"})
    faults = check_region(replace(region, effects=(effect, *region.effects[1:])))
    assert [str(fault).partition(".")[0] for fault in faults] == [
        'table effects row 2, column project: "bridge" is not in the table projects'
    ]


def test_every_rule_says_what_it_demands() -> None:
    assert len({rule.says for rule in RULES}) == len(RULES)
    assert all(rule.check.__doc__ for rule in RULES)


def test_members_count_once(tmp_path: Path) -> None:
    region = read_region(write(tmp_path, relation("spend_at_least,road | road | category=transport,9")))
    assert region.members(region.relations[0].members) == ("road",)
    assert region.relations[0].amount == Decimal(9)
