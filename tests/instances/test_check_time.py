"""Rules about time, grants and commitments: each is broken once, in an otherwise sound region."""

from __future__ import annotations

from pathlib import Path

import pytest

from instances import RegionError, check_region, read_region
from tests.instances.small import HEAD, write

E, R, G, C = "effects.csv", "relations.csv", "grants.csv", "commitments.csv"
FUNDS = {"budgets.csv": "fund,period,amount\ntown,1,9\ntown,2,9\n"}
GRANT = "id,kind,members,indicator,threshold,rate,fund,period,amount\ng,"
PROMISE = "project,period,binding,drop_charge,move_charge\n"
PHASED = "id,capital_cost,duration\nroad,9,2\npark,3,1\nmill,5,1\n"


def after(*lines: str) -> dict[str, str | bytes]:
    rules = "".join(f"{number},after,{line}\n" for number, line in enumerate(lines))
    return {"projects.csv": PHASED, R: f"id,kind,members,amount\n{rules}"}


def grant(line: str) -> dict[str, str | bytes]:
    return {**FUNDS, G: f"{GRANT}{line}\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # time
        (
            {"projects.csv": PHASED.replace("9,2", "9,3"), E: "project,indicator,value,yearly\nroad,jobs,4,yes\n"},
            'effects.csv row 2, column yearly: "yes" counts nothing: road is in service from period 4 on, c',
        ),
        (after("road,"), 'column members: "road" is one member; after takes the project that needs the others'),
        (after("all | road,"), "is not a single project; after begins with the project that needs all"),
        (after("mill | road,1"), "column amount: 1 is not used by after"),
        (
            {**after("mill | road,"), "projects.csv": PHASED.replace("9,2", "9,3")},
            'column members: "mill | road" can never be kept: road is in use from period 4 on, mill starts by 3',
        ),
        (
            after("mill | park,", "park | mill,"),
            'row 3, column members: "park | mill" closes a circle, so none of these could ever start: park, mill',
        ),
        # grants
        (
            grant("count,road | park,,,,town,1,5"),
            "column threshold: an empty cell is too little for count. Likely cause: it",
        ),
        (grant("count,road | park,,0,,town,1,5"), "column threshold: 0 is not a whole number from 1; count counts"),
        (grant("count,road | park,,1.5,,town,1,5"), "column threshold: 1.5 is not a whole number from 1"),
        (grant("count,road | park,,3,,town,1,5"), "column threshold: 3 is more than the 2 projects among the members"),
        (grant("count,,,2,,town,1,5"), "column members: an empty cell is too little for count"),
        (grant("count,road | prak,,1,,town,1,5"), 'column members: "prak" is not in the table projects'),
        (
            grant("count,road,,1,0.5,town,1,5"),
            "column rate: 0.5 is not used by count, which asks for memb",
        ),
        (grant("points,,jbos,4,,town,1,5"), 'column indicator: "jbos" is not an indicator'),
        (grant("points,,,4,,town,1,5"), "column indicator: an empty cell is too little for points"),
        (grant("matching,road,,,,town,1,5"), "column rate: an empty cell is too little for matching"),
        (
            grant("matching,road,,,0,town,1,5"),
            "column rate: 0 is too little for matching. Likely cause: a gr",
        ),
        (grant("points,,jobs,4,,twon,1,5"), 'column fund: "twon" is no fund of the table budgets'),
        (
            {G: f"{GRANT}points,,jobs,4,,town,1,5\n"},
            "Likely cause: the table budgets is missing: add it",
        ),
        (grant("points,,jobs,4,,town,4,5"), "column period: 4 is after the last period; the setting periods is 3"),
        # commitments
        ({C: f"{PROMISE}road,4,yes,,\n"}, "column period: 4 is not an allowed start period of road; allowed is 1 to 3"),
        ({C: f"{PROMISE}raod,1,yes,,\n"}, 'column project: "raod" is not in the table projects'),
        (
            {C: f"{PROMISE}road,1,yes,,\n", "projects.csv": "id,capital_cost,locked\nroad,9,out\npark,3,\nmill,5,\n"},
            'column binding: "yes" must be no, as road is locked out in projects',
        ),
        ({C: f"{PROMISE}road,1,yes,4,\n"}, "column drop_charge: 4 is never charged: the commitment is binding"),
        ({C: f"{PROMISE}road,1,no,,0\n"}, 'column binding: "no" leaves the commitment without a meaning'),
    ],
)
def test_one_fault(tmp_path: Path, files: dict[str, str | bytes], expected: str) -> None:
    with pytest.raises(RegionError) as found:
        read_region(write(tmp_path / "small", files))
    assert len(found.value.faults) == 1, str(found.value)
    assert expected in str(found.value)


def test_a_sound_region(tmp_path: Path) -> None:
    files = {
        **grant("points,,changes,2,,town,2,5\nh,matching,all,,,0.5,town,1,3\nk,count,road | park,,2,,town,1,3"),
        **after("mill | road,"),
        "region.toml": f"tail_periods = 2\ndiscount_rate = 0.04\n{HEAD}[policy]\noperating_tail_limit = 3\n",
        E: "project,indicator,value,yearly\nroad,jobs,4,yes\n",
        C: f"{PROMISE}road,1,yes,,\npark,2,,3,1\n",
    }
    assert check_region(read_region(write(tmp_path / "small", files))) == []
