"""Rows, figures and files of a run: every change is found, and its place is named."""

from __future__ import annotations

import pytest

from optimizer.verify import verify_run
from tests.verify.runs import COMPLETE, both, certificate, front, honest_run, manifest, replace


@pytest.fixture
def run(tmp_path):
    return honest_run(tmp_path / "quay")


def test_an_honest_run(run):
    assert verify_run(run) == []
    assert verify_run(str(run)) == []


TAMPERED = {
    "one figure is changed": (
        front(("1,6.5,1,5,", "1,6,1,5,")),
        ["front.csv row 2, objective growth: 6 is printed, the tables give 6.5"],
    ),
    "one project is added": (
        front(("3,5,0,3,1,0,0,0", "3,5,0,3,1,1,0,0")),
        [
            "front.csv row 4: budget: fund county, period 1: 7 needed, 6 available (1 too much)",
            "front.csv row 4, objective growth: 5 is printed, the tables give 9",
            "front.csv row 4, objective calm: 0 is printed, the tables give 3",
            "front.csv row 4, objective cost: 3 is printed, the tables give 7",
        ],
    ),
    "a dominated row is added": (
        front(("6,0,0,0,0,0,0,0\n", "6,0,0,0,0,0,0,0\n7,1,1,2,0,0,0,1\n")),
        [
            "certificate.json, points: 6 are certified, front.csv lists 7",
            "front.csv row 8: dominated by row 6",
        ],
    ),
    "a row is there twice": (
        front(("6,0,0,0,0,0,0,0\n", "6,0,0,0,0,0,0,0\n7,5,0,3,1,0,0,0\n")),
        [
            "certificate.json, points: 6 are certified, front.csv lists 7",
            "front.csv row 8: the same point as row 4",
        ],
    ),
    "the last row is removed": (
        front(("6,0,0,0,0,0,0,0\n", "")),
        ["certificate.json, points: 6 are certified, front.csv lists 5"],
    ),
    "a row in the middle is removed": (
        front(("5,1.5,1,2,0,0,1,0\n", "")),
        [
            "front.csv row 6, column portfolio: 6 is printed, expected 5",
            "certificate.json, points: 6 are certified, front.csv lists 5",
        ],
    ),
    "a region table is edited": (
        replace("region/effects.csv", ("fort,jobs,1\n", "fort,jobs,7\n")),
        ["region/effects.csv: not the file that was solved; its SHA-256 differs from that in manifest.json"],
    ),
    "a rule is dropped": (
        lambda folder: (folder / "region" / "budgets.csv").unlink(),
        ["region/budgets.csv: listed in manifest.json, but not there"],
    ),
    "a rule is added": (
        lambda folder: (
            (folder / "region" / "relations.csv").write_text("id,kind,members,amount\nfew,at_most,all,1\n") and None
        ),
        [
            "region/relations.csv: not listed in manifest.json; it was not there when the region was solved",
            "front.csv row 2: relations: few: road and well (2 of 4) chosen, at most 1 wanted",
            "front.csv row 3: relations: few: park and well (2 of 4) chosen, at most 1 wanted",
        ],
    ),
    "a sense is turned": (
        manifest(lambda data: data["objectives"][1].update(sense="min")),
        [
            "manifest.json, objective calm: sense min, in region/region.toml it is max",
            "front.csv row 3: dominated by row 2",
            "front.csv row 5: dominated by row 4",
        ],
    ),
    "an objective is renamed": (
        both(
            manifest(lambda data: data["objectives"][1].update(name="peace")),
            front(("growth,calm", "growth,peace")),
        ),
        [
            "manifest.json, objective peace: the region has no such objective; it has growth, calm, cost",
            "certificate.json, ranges: of ['calm', 'cost', 'growth'], expected ['cost', 'growth', 'peace']",
            "certificate.json, epsilon_in_units: of ['calm', 'cost', 'growth'], expected ['cost', 'growth', 'peace']",
        ],
    ),
    "an objective is left out": (
        both(
            manifest(lambda data: data["objectives"].pop(1)),
            certificate(
                COMPLETE,
                ranges={"growth": [0.0, 6.5], "cost": [6.0, 0.0]},
                epsilon_in_units={"growth": 0.0, "cost": 0.0},
            ),
        ),
        ["front.csv, header: starts with portfolio, growth, calm; expected portfolio, growth, cost"],
    ),
    "a quantum is made coarser": (
        manifest(lambda data: data["objectives"][0].update(quantum="2")),
        [
            "front.csv row 2, objective growth: 6.5 is no whole number of quanta of 2",
            "front.csv row 3, objective growth: 5.5 is no whole number of quanta of 2",
            "front.csv row 4, objective growth: 5 is no whole number of quanta of 2",
            "front.csv row 6, objective growth: 1.5 is no whole number of quanta of 2",
        ],
    ),
    "an objective is listed twice": (
        both(
            manifest(lambda data: data["objectives"].append(data["objectives"][0])),
            front(("growth,calm,cost,", "growth,calm,cost,growth,")),
        ),
        [
            "manifest.json, objectives: growth, calm, cost, growth; each once, and at least one, expected",
            *(f"front.csv row {row}: 8 cells under 9 columns" for row in range(2, 8)),
        ],
    ),
    "a quantum of nothing": (
        manifest(lambda data: data["objectives"][0].update(quantum="0")),
        ["manifest.json, objective growth: quantum 0 is not above 0"],
    ),
    "a unit is changed": (
        manifest(lambda data: data["objectives"][0].update(unit="million points")),
        ["manifest.json, objective growth: unit 'million points', in region/region.toml it is 'points'"],
    ),
    "a manifest without checksums": (
        manifest(lambda data: data.pop("files")),
        ["manifest.json, files: Field required"],
    ),
    "a quantum that is no number": (
        manifest(lambda data: data["objectives"][0].update(quantum="a half")),
        ["manifest.json, objectives.0.quantum: Value error, 'a half' is no exact number"],
    ),
    "cells that are no figures": (
        front(("1,6.5,1,5,1", "1,6.5 or so,1,5,yes")),
        [
            "front.csv row 2, objective growth: '6.5 or so' is no exact number",
            "front.csv row 2, project road: 'yes' is no period; 0 stands for not chosen",
        ],
    ),
    "a start that is not allowed": (
        front(("5,1.5,1,2,0,0,1,0", "5,1.5,1,2,0,0,2,0")),
        ["front.csv row 6: plan: well starts in period 2; it may start in period 1"],
    ),
    "a cell is missing": (
        front(("4,4,3,4,0,1,0,0", "4,4,3,4,0,1,0")),
        ["front.csv row 5: 7 cells under 8 columns"],
    ),
    "a project is renamed": (
        front(("well,fort", "well,castle")),
        [
            "front.csv, column castle: no such project in region/projects.csv",
            "front.csv: there is no column for project fort",
        ],
    ),
    "a project has two columns": (
        front(("well,fort", "well,well")),
        [
            "front.csv, column well: 2 columns for one project",
            "front.csv: there is no column for project fort",
        ],
    ),
    "an empty front": (
        lambda folder: (folder / "front.csv").write_text("") and None,
        [
            "front.csv, header: starts with nothing; expected portfolio, growth, calm, cost",
            "certificate.json, points: 6 are certified, front.csv lists 0",
        ],
    ),
    "a front in bytes that are no text": (
        lambda folder: (folder / "front.csv").write_bytes(b"\xff\xfe\x00") and None,
        [
            "front.csv cannot be read: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
            "certificate.json, points: 6 are certified, front.csv lists 0",
        ],
    ),
    "no front": (
        lambda folder: (folder / "front.csv").unlink(),
        [
            "front.csv cannot be read: No such file or directory",
            "certificate.json, points: 6 are certified, front.csv lists 0",
        ],
    ),
    "no manifest": (
        lambda folder: (folder / "manifest.json").unlink(),
        ["manifest.json cannot be read: No such file or directory"],
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampered(run, what):
    tamper, expected = TAMPERED[what]
    tamper(run)
    assert verify_run(run) == expected


def test_a_region_that_breaks_its_own_rules(run):
    replace("region/projects.csv", ("road,3", "road,-3"))(run)
    (finding,) = verify_run(run)
    assert finding.startswith("region/: projects.csv row 2, column capital_cost: -3 is below 0")


def test_no_region(run):
    for path in (run / "region").iterdir():
        path.unlink()
    (run / "region").rmdir()
    assert verify_run(run) == ["region/: there is no such folder"]


def test_damaged_json(run):
    (run / "certificate.json").write_text("{")
    (run / "manifest.json").write_bytes(b"\xff")
    first, second = verify_run(run)
    assert first.startswith("manifest.json: ")
    assert second.startswith("certificate.json: ")


def test_an_edited_region_is_audited_as_it_stands(run):
    replace("region/projects.csv", ("park,4", "park,5"))(run)
    findings = verify_run(run)
    assert findings[0].startswith("region/projects.csv: not the file that was solved")
    assert "front.csv row 3: budget: fund county, period 1: 7 needed, 6 available (1 too much)" in findings
    assert "front.csv row 5, objective cost: 4 is printed, the tables give 5" in findings
