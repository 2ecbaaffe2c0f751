from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from instances.schema import Budget
from instances.settings import Goal
from models.problem import Objective
from optimizer.certificate import Status
from optimizer.decide.compare import Incomparable, compare, plan_as_side
from optimizer.decide.compare.answers import Kind, Place
from optimizer.decide.shortlist import Class
from optimizer.listing import Listing
from optimizer.run import Options, Run, read_run, write_run
from tests.decide import village
from tests.decide.compare.lists import GOALS, listing

A = [(10, 10), (8, 6), (5, 3), (2, 1)]
B = [(10, 10), (8, 5), (4, 3), (3, 2)]


def said(one: object, other: object, **names: object) -> str:
    return "\n".join(compare(one, other, **names).words())  # type: ignore[arg-type]


def test_same_beaten_lost_and_new_by_hand() -> None:
    pair = compare(listing(A), listing(B), names=["old", "new"]).pairs[0]
    kinds = {a.portfolio.portfolio: a.kind for a in pair.answers}
    assert kinds == {1: Kind.SAME, 2: Kind.BEATEN, 3: Kind.LOST, 4: Kind.LOST}
    assert {a.portfolio.portfolio: a.kind.value for a in pair.returns} == {1: "same", 2: "lost", 3: "beaten", 4: "lost"}
    assert pair.verdict == "incomparable"
    beaten = pair.of(Kind.BEATEN)[0]
    assert (beaten.by, beaten.gains, beaten.epsilon) == (Place(0, 2), (0, 1), 0)
    # (5, 3): from (4, 3) 1 of growth is missing, 1/8 of the range; from (3, 2) 2 of growth; from (8, 5) 2 of cost, 2/9
    third = next(a for a in pair.answers if a.portfolio.portfolio == 3)
    assert (third.by, third.gains, third.epsilon) == (Place(0, 3), (-1, 0), Fraction(1, 8))
    # (2, 1): from (3, 2) 1 of cost is missing, 1/9
    assert pair.of(Kind.LOST)[1].epsilon == Fraction(1, 9)
    assert pair.epsilons == (Fraction(1, 8),)
    assert pair.coverages == (Fraction(1, 2),)
    assert pair.covered == (Fraction(1, 2),)
    assert [a.portfolio.portfolio for a in pair.outdone] == [3]


def test_the_scale_is_stated_and_common() -> None:
    found = compare(listing(A), listing(B))
    assert found.scale.best == (10, 1)
    assert found.scale.worst == (2, 10)
    assert found.scale.reference == (Fraction(12, 10), Fraction(109, 10))
    words = found.words()
    assert "growth 10 to 2 million; cost 1 to 10 million" in words[0]
    assert "growth 1.2, cost 10.9" in words[1]


def test_figures_by_hand() -> None:
    """One objective is best in each corner: volumes on the unit square reach 1.1."""
    one, other = compare(listing([(0, 0), (1, 1)]), listing([(0, 0)])).figures
    # shares (1, 0) and (0, 1): 1.1 x 0.1 + 0.1 x 1.1 - 0.1 x 0.1 of 1.21
    assert one.hypervolume == pytest.approx(0.21 / 1.21)
    assert other.hypervolume == pytest.approx(0.11 / 1.21)
    assert (one.epsilon, other.epsilon) == (0, 1)
    assert other.igd_plus == pytest.approx(0.5)
    assert other.factor == np.inf


def test_verdicts() -> None:
    def verdict(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> str:
        return compare(listing(one), listing(other)).pairs[0].verdict

    assert verdict(A, A) == "equal"
    assert verdict(A, A[:2]) == "worse"
    assert verdict(A[:2], A) == "better"
    assert verdict([(5, 5)], [(5, 4)]) == "better"
    assert verdict(A[:2], A[1:]) == "incomparable"


def test_verdict_against_brute_force() -> None:
    draw = np.random.default_rng(4)
    for _ in range(60):
        one, other = ([tuple(p) for p in draw.integers(0, 5, (int(draw.integers(1, 5)), 2)).tolist()] for _ in range(2))

        def covers(x: list[tuple[int, int]], y: list[tuple[int, int]]) -> bool:
            return all(any(a[0] >= b[0] and a[1] <= b[1] for a in x) for b in y)

        wanted = {
            (True, True): "equal",
            (True, False): "worse",
            (False, True): "better",
            (False, False): "incomparable",
        }[covers(one, other), covers(other, one)]
        assert compare(listing(one), listing(other)).pairs[0].verdict == wanted


def test_objectives_in_another_order_are_the_same() -> None:
    turned = listing([(cost, growth) for growth, cost in B], objectives=GOALS[::-1])
    straight, found = compare(listing(A), listing(B)), compare(listing(A), turned)
    assert [a.to_dict(["x", "y"]) for a in found.pairs[0].answers] == [
        a.to_dict(["x", "y"]) for a in straight.pairs[0].answers
    ]


@pytest.mark.parametrize(
    ("objectives", "message"),
    [
        ((GOALS[0], Objective("thrift", "min", "million")), "old compares cost, new does not"),
        ((GOALS[0], Objective("cost", "max", "million")), "cost: less is better in old, more is better in new"),
        ((GOALS[0], Objective("cost", "min", "thousand")), "cost: old counts million, new counts thousand"),
    ],
)
def test_fronts_of_different_objectives_are_refused(objectives: tuple[Objective, ...], message: str) -> None:
    with pytest.raises(Incomparable, match=message):
        compare(listing(A), listing(B, objectives=objectives), names=["old", "new"])


def test_all_differences_are_told_at_once() -> None:
    other = (Objective("growth", "min", "share"), Objective("thrift", "min", "million"))
    with pytest.raises(Incomparable) as error:
        compare(listing(A), listing(B, objectives=other))
    assert len(error.value.differences) == 4


def test_nothing_at_all_is_refused_and_an_empty_list_is_not() -> None:
    with pytest.raises(ValueError, match="no portfolio"):
        compare(listing([]), listing([]))
    with pytest.raises(ValueError, match="no run"):
        compare(listing(A), [])
    found = compare(listing(A), listing([]))
    assert found.pairs[0].verdict == "worse"
    assert found.figures[1].hypervolume == 0
    assert found.figures[1].epsilon is None
    assert "nothing is listed instead" in "\n".join(found.words())
    assert compare(listing([]), listing(A)).pairs[0].verdict == "better"


def test_a_guarantee_that_is_kept() -> None:
    ranges = {"growth": (0.0, 10.0), "cost": (0.0, 10.0)}
    some = listing(A[:3], Status.GUARANTEE, epsilon=0.3, ranges=ranges)
    words = said(listing(A, Status.COMPLETE), some, names=["all", "some"])
    # (2, 1) is missing; from (5, 3) it is 2 of 10 of cost
    assert "some is proved to within 30.0 %" in words
    assert "better by at most 20.0 % of its own range" in words


def test_a_certificate_that_cannot_be_right_is_a_contradiction(tmp_path: Path) -> None:
    first, second = village.listing(village.village()), village.listing(village.village(), plans=village.PLANS[:2])
    region = village.village()
    one, other = (Run(tmp_path / name, region, x, {}) for name, x in (("one", first), ("other", second)))
    found = compare(one, other)
    assert [promise.broken for promise in found.pairs[0].promises] == [False, True]
    assert "CONTRADICTION" in "\n".join(found.words())
    elsewhere = replace(region, budgets=(Budget(fund="county", amount=30),))
    changed = compare(one, Run(tmp_path / "other", elsewhere, second, {}))
    assert not any(promise.broken for promise in changed.pairs[0].promises)
    assert "about its own input" in "\n".join(changed.words())


def test_a_rounded_guarantee_is_no_contradiction() -> None:
    """A third of the range is no float: the nearest one below must do."""
    ranges = {"growth": (0.0, 9.0), "cost": (0.0, 9.0)}
    base = listing([(9, 9), (3, 0)])
    for epsilon, kept in ((1 / 3, True), (0.333, False)):
        some = listing([(9, 9), (0, 0)], Status.GUARANTEE, epsilon=epsilon, ranges=ranges)
        (promise,) = compare(base, some).pairs[0].promises
        assert promise.seen == Fraction(1, 3)
        assert promise.kept is kept


def test_what_changed_in_the_input_and_what_it_does_to_lost_portfolios(tmp_path: Path) -> None:
    region = village.village()
    poor = replace(region, budgets=(Budget(fund="county", amount=8),))
    one = Run(tmp_path / "a", region, village.listing(region), {})
    other = Run(tmp_path / "b", poor, village.listing(poor, plans=village.PLANS[1:]), {})
    pair = compare(one, other).pairs[0]
    assert [str(change) for change in pair.changes or ()] == ["budgets county, 1, amount: 20 → 8"]
    (place,) = pair.re_added
    assert place == Place(0, 1)
    assert pair.re_added[place].broken[0].startswith("budget: fund county")
    words = "\n".join(compare(one, other).words())
    assert "The input differs in 1 place" in words
    assert "By the input of b, 1 of 1 portfolio (lost) break a rule.\n" in words


def test_other_weights_and_other_money_are_other_objectives(tmp_path: Path) -> None:
    region = village.village()
    goals = {**region.settings.objectives, "growth": Goal(maximize={"income": 1}, unit="million CNY a year")}
    heavier = village.village(objectives=goals)
    thousand = village.village(money="thousand CNY")
    runs = [
        Run(tmp_path / name, r, village.listing(region), {})
        for name, r in zip("abc", (region, heavier, thousand), strict=True)
    ]
    with pytest.raises(Incomparable, match=r"growth: a adds up 0\.5 income, b adds up 1 income"):
        compare(*runs[:2])
    with pytest.raises(Incomparable, match="money: a counts million CNY, c counts thousand CNY"):
        compare(runs[0], runs[2])


def test_projects_that_enter_and_leave_the_core() -> None:
    one, other = listing(A), listing(A[:2])
    found = {move.project: (move.before, move.after) for move in compare(one, other).pairs[0].moves}
    assert found["P2"] == (Class.BORDERLINE, Class.EXTERIOR)
    turned = {move.project: move for move in compare(listing(A), listing(A[:1])).pairs[0].moves}
    assert turned["P1"].share_before == Fraction(3, 4)
    every = listing([A[3]])
    every = replace(every, starts=np.ones_like(every.starts))
    assert "10 entered" not in (words := said(one, every))
    assert "9 entered (P" in words


def test_a_plan_as_a_front_of_one(tmp_path: Path) -> None:
    region = village.village()
    run = Run(tmp_path / "exact", region, village.listing(region), {})
    plan = plan_as_side("council", region, {"road": 1, "school": 1}, run.listing)
    assert plan.broken
    found = compare(run, plan)
    words = "\n".join(found.words())
    assert "council breaks 1 rule" in words
    assert "CONTRADICTION" not in words
    assert "council leaves out 1 core project of exact (clinic)" in words
    kept = plan_as_side("council", region, {"clinic": 1, "school": 1}, run.listing)
    words = "\n".join(compare(run, kept).words())
    # clinic and school: growth 2, cost 7; the road instead of the school brings 1.5 more for 1.5 less
    assert "2 of the 4 portfolios of exact beat it" in words
    assert "most of all portfolio 3, with growth +1.5, cost -1.5; better by " in words
    listed = plan_as_side("council", region, {"clinic": 1, "park": 1}, run.listing)
    assert "portfolio 4 of exact has the very same values" in "\n".join(compare(run, listed).words())
    part = Run(tmp_path / "part", region, village.listing(region, Status.HEURISTIC, village.PLANS[1:3]), {})
    assert "None of the 2 portfolios of part is as good" in "\n".join(compare(part, listed).words())


def test_repeated_runs_by_medians() -> None:
    base = listing([(10, 10), (2, 1)])
    runs = [listing([(10, 10)]), listing([(10, 10), (2, 1)]), listing([(9, 9)])]
    found = compare(base, runs, names=["base", "seeds"])
    kinds = {a.portfolio.portfolio: (a.kind, a.epsilon) for a in found.pairs[0].answers}
    assert kinds[1] == (Kind.SAME, 0)  # two of three runs reach it
    assert kinds[2][0] is Kind.LOST  # one of three does
    # losses 1, 0, 8/9 of the range of cost, or of growth: the median is 8/9
    assert kinds[2][1] == Fraction(8, 9)
    assert [f.run for f in found.figures] == ["base", "seeds 1", "seeds 2", "seeds 3"]
    assert len(found.pairs[0].epsilons) == 3
    assert [a.portfolio for a in found.pairs[0].returns] == [Place(0, 1)]
    words = "\n".join(found.words())
    assert "As good as growth 2, cost 1 or better is reached by base in 1 of 1 run, by seeds in 1 of 3 runs." in words
    assert "As good as growth 9, cost 9 or better is reached by seeds in 1 of 3 runs, by base in 0 of 1 run." in words


def test_the_share_that_fails() -> None:
    pair = compare(listing(A), listing(B)).pairs[0]
    assert [a.portfolio.portfolio for a in pair.worse_than(Fraction(1, 9))] == [3]
    assert not pair.worse_than(Fraction(1, 8))
    assert len(pair.worse_than(Fraction(0))) == 2


def test_a_million_points_apart_by_a_hair_are_not_the_same() -> None:
    near = [("1", "1"), ("2", "3.00000000000000000001")]
    pair = compare(listing([("1", "1"), ("2", "3")]), listing(near)).pairs[0]
    assert [a.kind for a in pair.answers] == [Kind.SAME, Kind.LOST]
    assert pair.of(Kind.LOST)[0].gains == (0, -Fraction(1, 10**20))


def test_fronts_listings_and_runs_give_the_same(tmp_path: Path) -> None:
    front = village.front()
    run = read_run(write_run(tmp_path / "a", village.village(), front, Options(("growth", "cost"))))
    results = [
        compare(x, village.listing(village.village(), plans=village.PLANS[:2])) for x in (front, front.listing, run)
    ]
    assert len({str([a.to_dict(["g", "c"]) for a in r.pairs[0].answers]) for r in results}) == 1


def test_names() -> None:
    assert [s.name for s in compare(listing(A), listing(B)).sides] == ["A", "B"]
    assert [s.name for s in compare(listing(A), listing(B), names=["x", "x"]).sides] == ["x (1)", "x (2)"]


def test_runs_of_different_input_are_no_group(tmp_path: Path) -> None:
    region = village.village()
    poor = replace(region, budgets=(Budget(fund="county", amount=8),))
    runs = [Run(tmp_path / n, r, village.listing(region), {}) for n, r in (("a", region), ("b", poor))]
    with pytest.raises(ValueError, match="different input"):
        compare(listing(A), runs)


def test_everything_is_plain_for_json() -> None:
    import json

    found: Listing = listing(B)
    text = json.dumps(compare(listing(A), [found, listing(A)]).to_dict())
    assert '"verdict"' in text
    assert list(itertools.islice(json.loads(text), 5)) == ["scale", "sides", "indicators", "pairs", "words"]
