"""Frames, selections, rankings: what can be asked of a front, a listing and a run alike."""

from __future__ import annotations

import itertools
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from instances import generate, read_region
from models import formulate
from models.problem import Objective
from optimizer import solve
from optimizer.certificate import Status
from optimizer.listing import Listing
from optimizer.run import Options, Run, read_run, write_run
from optimizer.verify import Auditor
from tests.decide import village
from tests.decide.compare.lists import listing

THREE = (Objective("growth", "max"), Objective("cost", "min"), Objective("views", "max"))


@pytest.fixture(scope="module")
def whole() -> Listing:
    return solve(formulate(read_region("hamlet"))).listing


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return read_run(write_run(tmp_path / "a", village.village(), village.front(), Options(("growth", "cost"))))


def scattered(k: int = 40, p: int = 3, seed: int = 1) -> Listing:
    """Random plans whose points are mutually nondominated or not: methods must stand both."""
    draw = np.random.default_rng(seed)
    found = listing(draw.integers(0, 30, (k, p)).tolist(), objectives=THREE[:p])
    starts = draw.integers(0, 2, (k, 10))
    return Listing(found.objectives, found.projects, found.values, starts, found.certificate)


def test_frame_of_a_run_has_three_groups(run: Run) -> None:
    frame = run.to_frame()
    assert list(frame.columns.get_level_values("group").unique()) == ["objectives", "projects", "use"]
    assert frame.index.name == "portfolio"
    assert frame.index.tolist() == [1, 2, 3, 4]
    assert frame["objectives"].iloc[0].tolist() == [6.0, 10.5]
    assert frame["projects"].columns.tolist() == list(run.region.project)
    assert frame.loc[3, ("projects", "road")] == 1
    assert frame["use"].columns.tolist() == ["budget county, period 1"]
    assert frame.loc[1, ("use", "budget county, period 1")] == pytest.approx(10.5 / 20)


def test_fronts_and_listings_have_frames_too() -> None:
    front = village.front()
    assert front.to_frame().equals(front.listing.to_frame())
    with_use = front.to_frame(village.village())
    assert "use" in with_use.columns.get_level_values(0)
    assert with_use["projects"].columns.tolist() == list(village.village().project)
    assert "casino" not in front.to_frame()["projects"].columns
    assert "<table" in front._repr_html_()


def test_a_frame_without_portfolios_keeps_its_columns() -> None:
    frame = village.front(plans=()).to_frame(village.village())
    assert len(frame) == 0
    assert ("use", "budget county, period 1") in frame.columns


RULES = {
    "budget ": r"budget: .+",
    "operating_tail_limit": r"time: operating_tail_limit.+",
    "land ": r"land: zone .+ ha taken of .+",
    "farmland_quota_ha": r"land: farmland_quota_ha.+",
    "load ": r"ecology: basin .+",
    "green_cover ": r"ecology: green_cover .+",
    "habitat_no_net_loss": r"ecology: habitat_no_net_loss.+",
    "heritage_loss_limit": r"heritage: heritage_loss_limit.+",
    "demolition_share ": r"heritage: demolition_share.+",
    "eras_minimum ": r"timeline: eras_minimum.+",
    "kinds_minimum ": r"timeline: kinds_minimum.+",
    "service ": r"services: advance.+",
    "source ": r"endogenous: floor.+",
    "internal_share ": r"endogenous: internal_share.+",
    "industry_towns": r"concentration: industry_towns.+",
    "fair_share ": r"concentration: (?!industry).+ at most .+ wanted",
    "relation ": r"relations: .+ (chosen|spent), at most .+ wanted",
}
"""How the names of limits begin, and what the auditor says where one is broken; each of them once."""


def test_a_limit_is_overdrawn_exactly_where_its_rule_is_broken() -> None:
    """As many limits of each kind are used beyond their end as the auditor names broken rules of it."""
    seen = set()
    regions = [read_region("zigong"), *(generate(16, 3, 1 + seed % 2, seed) for seed in range(8))]
    for number, region in enumerate(regions):
        auditor = Auditor(region)
        limits = list(auditor.uses({}))
        exclusive = {rule.id for rule in region.relations if rule.kind == "excludes"}
        draw = np.random.default_rng(number)
        for share in np.linspace(0, 1, 12):
            chosen = [p for p in region.projects if draw.random() < share and region.starts(p)]
            plan = {p.id: int(draw.choice(list(region.starts(p)))) for p in chosen}
            uses = auditor.uses(plan)
            assert list(uses) == limits
            broken = [line for line in auditor.broken(plan) if line.split(": ")[1] not in exclusive]
            for beginning, rule in RULES.items():
                beyond = [n for n, (used, there) in uses.items() if n.startswith(beginning) and used > there]
                said = [line for line in broken if re.fullmatch(rule, line)]
                assert bool(beyond) == bool(said), (beginning, beyond, said)
                if beginning != "budget ":  # one sentence names all pots of a shortfall
                    assert len(beyond) == len(said)
                seen |= {beginning} if beyond else set()
        assert all(any(name.startswith(beginning) for beginning in RULES) for name in limits)
    assert RULES.keys() - seen <= {"internal_share ", "fair_share "}


def test_select_is_exact_and_keeps_numbers(whole: Listing) -> None:
    wanted = [n for n, v in zip(whole.numbers, whole.values, strict=True) if v[0] >= 20 and v[1] > Fraction("2.5")]
    names = [objective.name for objective in whole.objectives]
    found = whole.select(**{names[0]: ">=20", names[1]: "> 2.5"})
    assert list(found.numbers) == wanted
    assert found.to_frame().index.tolist() == wanted
    assert len(whole.select(**{names[0]: [">=10", "<20"]})) == sum(10 <= v[0] < 20 for v in whole.values)
    assert all(v[0] == 20 for v in whole.select(**{names[0]: 20}).values)


def test_select_by_projects(whole: Listing) -> None:
    found = whole.select(project_in=["park"], project_out=["inn", "street"])
    plans = [whole.plan(row) for row in range(len(whole))]
    wanted = [
        n
        for n, plan in zip(whole.numbers, plans, strict=True)
        if "park" in plan and not {"inn", "street"} & plan.keys()
    ]
    assert list(found.numbers) == wanted
    assert whole.select(project_in="park").numbers == whole.select(project_in=["park"]).numbers


def test_only_good_bounds_keep_a_proof(whole: Listing) -> None:
    goal = whole.objectives[0]
    assert goal.sense == "max"
    best = max(whole.column(0))
    kept = whole.select(**{goal.name: f">={best - 3}"})
    assert 0 < len(kept) < len(whole)
    assert kept.certificate.status is Status.COMPLETE
    assert kept.certificate.points == len(kept)
    for lost in (
        whole.select(**{goal.name: f"<{best}"}),
        whole.select(project_in=["park"]),
        whole.filter(lambda values, plan: len(plan) < 5),
        whole.rows([0]),
    ):
        assert lost.certificate.status is Status.HEURISTIC
        assert lost.certificate.epsilon is None
    assert whole.select() is whole


def test_a_selection_by_a_good_bound_is_the_front_of_the_bounded_region(whole: Listing) -> None:
    """Brute force over the listed points: what is efficient under the bound is what the selection holds."""
    goal = whole.objectives[0]
    limit = sorted(whole.column(0))[len(whole) // 2]
    kept = set(whole.select(**{goal.name: f">={limit}"}).values)
    allowed = [v for v in whole.values if v[0] >= limit]
    gains = [[whole.gain(k, a, b) for k, (a, b) in enumerate(zip(v, w, strict=True))] for v in allowed for w in allowed]
    assert kept == set(allowed)
    assert not any(min(g) >= 0 and max(g) > 0 for g in gains)


def test_filter_by_a_function(whole: Listing) -> None:
    found = whole.filter(lambda values, plan: "park" in plan and values["growth"] >= 20)
    assert found.numbers == whole.select(growth=">=20", project_in="park").numbers


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda x: x.select(grwoth=">=1"), "no objective is called grwoth; did you mean growth"),
        (lambda x: x.select(growth="about 12"), "is no condition"),
        (lambda x: x.select(growth=">=twelve"), "is no number"),
        (lambda x: x.select(project_in=["P33"]), "no project of these portfolios is called P33; "),
        (lambda x: x.rank("knees"), "no method of ranking is called knees; did you mean knee"),
        (lambda x: x.rank("compromise", {"grow": 1}), "no objective is called grow"),
        (lambda x: x.rank("compromise", {"growth": -1}), "at least 0"),
        (lambda x: x.rank("knee", {"growth": 1}), "takes no weights"),
        (lambda x: x.nearest({"growth": "many"}), "is no number"),
        (lambda x: x.nearest({}), "names no objective"),
        (lambda x: x.different(2, around=99), "no portfolio 99"),
    ],
)
def test_clear_errors(ask: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ask(scattered())


def test_nearest_against_brute_force() -> None:
    some = scattered()
    wish = {"growth": 14, "cost": "7.5"}

    def distance(row: int) -> Fraction:
        growth, cost, _ = some.values[row]
        return max(abs(growth - 14) / some.range(0), abs(cost - Fraction("7.5")) / some.range(1))

    wanted = sorted(range(len(some)), key=distance)
    found = some.nearest(wish, k=3)
    assert [distance(n - 1) for n in found.numbers] == [distance(row) for row in wanted[:3]]
    assert some.nearest({"growth": some.values[5][0]}).values[0][0] == some.values[5][0]


def test_different_are_near_in_merit_and_far_in_projects() -> None:
    some = scattered(k=60)
    found = some.different(4, loss=0.3)
    first = found.values[0]
    for point in found.values:
        losses = [some.gain(k, a, b) / some.range(k) for k, (a, b) in enumerate(zip(first, point, strict=True))]
        assert max(losses) <= Fraction("0.3")
    apart = [int((a != b).sum()) for a, b in itertools.combinations(found.starts > 0, 2)]
    assert min(apart) > 0
    # Gonzalez 1985: at least half of the best smallest distance among all choices of four with the first
    rows = [
        row
        for row, point in enumerate(some.values)
        if max(some.gain(k, a, b) / some.range(k) for k, (a, b) in enumerate(zip(first, point, strict=True)))
        <= Fraction("0.3")
    ]
    chosen = some.starts > 0
    best = max(
        min(
            int((a != b).sum())
            for a, b in itertools.combinations(chosen[list({some.numbers.index(found.numbers[0]), *c})], 2)
        )
        for c in itertools.combinations(rows, 3)
    )
    assert 2 * min(apart) >= best
    assert found.numbers == some.different(4, loss=0.3).numbers


def test_different_stops_where_nothing_is() -> None:
    some = listing([(5, 5), (5, 5)])
    same = Listing(some.objectives, some.projects, some.values, np.ones((2, 10), dtype=np.int64), some.certificate)
    assert len(same.different(2)) == 1
    assert len(same.different(0)) == 0
    assert scattered().different(3, loss=0, around=7).numbers[0] == 7


def test_ranks_are_whole_orders() -> None:
    some = scattered()
    for method in ("knee", "pseudo_weights", "compromise"):
        frame = some.rank(method)
        assert sorted(frame.index) == list(some.numbers)
        assert frame.equals(some.rank(method))
        ordered = frame["score"].is_monotonic_decreasing if method == "knee" else frame["score"].is_monotonic_increasing
        assert ordered


def test_the_knee_is_where_the_front_bends() -> None:
    bent = listing([(0, 0), (9, 1), (10, 10)])
    assert bent.rank("knee").index[0] == 2
    flat = listing([(0, 0), (5, 5), (10, 10)])
    assert flat.rank("knee").loc[2, "score"] == pytest.approx(0)


def test_compromise_is_pymoos_achievement_function() -> None:
    from pymoo.decomposition.asf import ASF

    some = scattered()
    weights = {"growth": 0.5, "cost": 0.3, "views": 0.2}
    shares = np.array(
        [
            [
                float(abs(v - some.column(k)[some.best(k)]) / (max(some.column(k)) - min(some.column(k))))
                for k, v in enumerate(row)
            ]
            for row in some.values
        ]
    )
    asf = ASF().do(shares, 1 / np.array(list(weights.values())), utopian_point=np.zeros(3))
    best = some.rank("compromise", weights).index[0]
    assert asf[best - 1] == pytest.approx(asf.min(), abs=1e-5)
    assert some.values[some.rank("compromise", {"cost": 1}).index[0] - 1][1] == min(some.column(1))


def test_pseudo_weights_find_the_extremes() -> None:
    some = listing([(0, 0), (6, 3), (10, 10)])
    assert some.rank("pseudo_weights", {"growth": 1}).index[0] == 3
    assert some.rank("pseudo_weights", {"cost": 1}).index[0] == 1


def test_high_tradeoff_names_those_that_stand_out() -> None:
    draw = np.linspace(0, 1, 21)
    points = [(round(float(x), 6), round(float(x) ** 8, 6)) for x in draw]
    frame = listing(points).rank("high_tradeoff")
    assert 0 < len(frame) < len(points)
    assert len(listing(points[:2]).rank("high_tradeoff")) == 0


def test_topsis_by_hand() -> None:
    pytest.importorskip("pymcdm")
    # shares given up: (0, 1), (0.5, 0.2), (1, 0); the middle one is 0.27 from the best corner, 0.47 from the worst
    some = listing([(10, 10), (5, 2), (0, 0)])
    frame = some.rank("topsis")
    assert frame.index[0] == 2
    best, worst = np.hypot(0.25, 0.1), np.hypot(0.25, 0.4)
    assert frame.loc[2, "score"] == pytest.approx(worst / (best + worst))


def test_topsis_without_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymcdm.methods", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install growthring\[topsis\]"):
        scattered().rank("topsis")


def test_lists_of_none_and_one() -> None:
    for some in (listing([]), listing([(1, 1)])):
        for method in ("knee", "high_tradeoff", "pseudo_weights", "compromise"):
            assert isinstance(some.rank(method), pd.DataFrame)
        assert len(some.different(3)) == len(some)
        assert len(some.nearest({"growth": 1})) == len(some)
