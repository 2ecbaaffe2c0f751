"""Certificates that say more than their figures allow are found out."""

from __future__ import annotations

import pytest

from optimizer.verify import verify_run
from tests.verify.runs import COMPLETE, GUARANTEE, both, certificate, honest_run


@pytest.fixture
def run(tmp_path):
    return honest_run(tmp_path / "quay")


@pytest.mark.parametrize(
    "claim",
    [
        GUARANTEE,
        GUARANTEE | {"status": "HEURISTIC", "epsilon": None, "epsilon_in_units": None, "hypervolume_missing": None},
        COMPLETE | {"hypervolume_missing": None},
    ],
)
def test_other_honest_certificates(run, claim):
    certificate(claim)(run)
    assert verify_run(run) == []


@pytest.mark.parametrize("in_units", [None, {"growth": 0.0, "calm": 0.0, "cost": 0.0}])
def test_an_honest_infeasible_run(run, in_units):
    (run / "front.csv").write_text("portfolio,growth,calm,cost,road,park,well,fort\n")
    certificate(COMPLETE, points=0, infeasible=True, ranges={}, epsilon_in_units=in_units)(run)
    assert verify_run(run) == []


TAMPERED = {
    "a guarantee is sold as complete": (
        certificate(GUARANTEE, status="COMPLETE"),
        [
            "certificate.json, status: COMPLETE, but 1 regions are still open",
            "certificate.json, status: COMPLETE, but epsilon is 0.25, not 0",
            "certificate.json, status: COMPLETE, but hypervolume_missing is 0.1, not 0",
        ],
    ),
    "complete with open regions that are not listed": (
        certificate(COMPLETE, open_regions_total=3),
        ["certificate.json, status: COMPLETE, but 3 regions are still open"],
    ),
    "complete in spite of failed solves": (
        certificate(COMPLETE, faults=["zone 3: solver error"]),
        ["certificate.json, status: COMPLETE, but solves failed: zone 3: solver error"],
    ),
    "a guarantee without a figure": (
        certificate(GUARANTEE, epsilon=None, epsilon_in_units=None),
        ["certificate.json, epsilon: unknown, but GUARANTEE wants a number from 0"],
    ),
    "a guarantee below what is open": (
        certificate(GUARANTEE, epsilon=0.01, epsilon_in_units={"growth": 0.065, "calm": 0.04, "cost": 0.06}),
        ["certificate.json, epsilon: 0.01, but open region 1 leaves 0.25 open"],
    ),
    "epsilon in units is made smaller": (
        certificate(GUARANTEE, epsilon_in_units={"growth": 0.5, "calm": 1.0, "cost": 1.5}),
        ["certificate.json, epsilon_in_units of growth: 0.5, epsilon of the range is 1.625"],
    ),
    "epsilon in units without epsilon": (
        certificate(GUARANTEE, status="HEURISTIC", epsilon=None),
        ["certificate.json, epsilon_in_units: given without epsilon, or the other way round"],
    ),
    "fewer open regions than are listed": (
        certificate(GUARANTEE, open_regions_total=0),
        ["certificate.json, open_regions_total: 0, but 1 are listed"],
    ),
    "infeasible with points": (
        certificate(COMPLETE, infeasible=True),
        ["certificate.json, infeasible: it is said that no portfolio keeps all rules, but 6 are certified"],
    ),
    "infeasible, but no proof": (
        both(
            certificate(GUARANTEE, points=0, infeasible=True),
            lambda folder: (
                (folder / "front.csv").write_text("portfolio,growth,calm,cost,road,park,well,fort\n") and None
            ),
        ),
        ["certificate.json, status: GUARANTEE, though it is said to be proved that no portfolio keeps all rules"],
    ),
    "complete with nothing": (
        both(
            certificate(COMPLETE, points=0),
            lambda folder: (
                (folder / "front.csv").write_text("portfolio,growth,calm,cost,road,park,well,fort\n") and None
            ),
        ),
        ["certificate.json, status: COMPLETE, but there is no point, nor is it said that no portfolio keeps all rules"],
    ),
    "a range that leaves a point out": (
        certificate(COMPLETE, ranges={"growth": [0.0, 6.5], "calm": [0.0, 3.5], "cost": [6.0, 0.0]}),
        ["front.csv row 3, objective calm: 4 lies outside the range 0 to 3.5 of certificate.json"],
    ),
    "a range is missing": (
        certificate(COMPLETE, ranges={"growth": [0.0, 6.5], "calm": [0.0, 4.0]}),
        ["certificate.json, ranges: of ['calm', 'growth'], expected ['calm', 'cost', 'growth']"],
    ),
    "a certificate of another shape": (
        certificate(COMPLETE, points="six"),
        ["certificate.json, points: Input should be a valid integer"],
    ),
    "no certificate": (
        lambda folder: (folder / "certificate.json").unlink(),
        ["certificate.json cannot be read: No such file or directory"],
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampered(run, what):
    tamper, expected = TAMPERED[what]
    tamper(run)
    assert verify_run(run) == expected
