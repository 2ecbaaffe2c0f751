from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from instances import read_region
from instances.figures import find_figure, with_figure
from instances.region import Region
from instances.schema import Budget, Relation
from optimizer.decide.conflict import Conflicts, find_conflicts
from optimizer.decide.conflict.case import Case
from optimizer.decide.conflict.levers import levers
from optimizer.decide.conflict.repair import Moves, cheapest
from optimizer.decide.conflict.sets import Undecided, smallest_conflicts, smallest_corrections
from optimizer.decide.live import Clock
from optimizer.decide.rules import Rule, Rulebook, in_words, is_rule
from optimizer.engines.query import Outcome, Query, Verdict
from tests.decide.village import village


@pytest.fixture
def hamlet() -> Region:
    return read_region("hamlet")


def independent() -> Region:
    """No portfolio for three reasons: too little money for the clinic, a red line, two projects for one place."""
    cells: Mapping[str, dict[str, object]] = {
        "clinic": {"locked": "in", "category": ("health",)},
        "road": {"locked": "in", "category": ("road",)},
        "park": {"locked": "in", "category": ("other",)},
        "mine": {"locked": "in", "category": ("other",)},
    }
    region = village()
    money = {"road": Decimal(20), "health": Decimal("2.5"), "other": Decimal(9)}
    return replace(
        region,
        projects=tuple(p.model_copy(update=cells.get(p.id, {"category": ("other",)})) for p in region.projects),
        budgets=tuple(Budget(fund=kind, amount=amount, categories=(kind,)) for kind, amount in money.items()),
        relations=(Relation(id="green or grey", kind="excludes", members=("road", "park")),),
    )


def test_independent_conflicts_are_told_apart_each_with_its_repair() -> None:
    found = find_conflicts(independent())
    assert found.complete
    assert [{str(rule) for rule in one.rules} for one in found.conflicts] == [
        {"budgets[health]", "locked[clinic]"},
        {"locked[mine]", "red lines[R1]"},
        {"relations[green or grey]", "locked[road]", "locked[park]"},
    ]
    assert found.conflicts[0].words[0] == "fund health has 2.5 million CNY, for health only"
    cheapest_each = [one.repairs[0].changes[0].words for one in found.conflicts]
    assert cheapest_each[0] == "raise budgets/health,1/amount from 2.5 to 3"
    assert all(one.repairs for one in found.conflicts)
    assert all(len(repair.changes) == 3 and repair.proved for repair in found.repairs)
    assert found.repairs[0].share == Fraction(1, 5) + 2


def test_no_conflict_shows_a_portfolio(hamlet: Region) -> None:
    found = find_conflicts(hamlet, pins=["road"], bans=["school"], aims={("growth", "at least"): Fraction(5)})
    assert found.plan is not None
    assert "road" in found.plan
    assert "school" not in found.plan
    assert not found.conflicts
    assert "There is no conflict" in found.in_words()


def test_an_aim_is_weakened_to_the_best_there_is(hamlet: Region) -> None:
    found = find_conflicts(hamlet, aims={("growth", "at least"): Fraction(25, 2)})
    weaker = next(r for r in found.repairs if r.changes[0].address.startswith("aim"))
    assert weaker.changes[0].words == "be content with growth at least 11 instead of 12.5"
    assert weaker.share == Fraction(3, 25)
    assert weaker.proved
    lower = find_conflicts(village(), aims={("cost", "at most"): Fraction(2)})
    assert lower.repairs[0].changes[0].words == "be content with cost at most 3 instead of 2"


def test_wishes_for_what_there_is_not(hamlet: Region) -> None:
    with pytest.raises(ValueError, match="no project is called castle"):
        find_conflicts(hamlet, pins=["castle"])
    with pytest.raises(ValueError, match="no objective is called wealth"):
        find_conflicts(hamlet, aims={("wealth", "at least"): Fraction(1)})


def test_a_wish_against_a_rule_without_a_figure(hamlet: Region) -> None:
    found = find_conflicts(village(), pins=["mine"])
    assert {str(rule) for rule in found.conflicts[0].rules} == {"red lines[R1]", "pin[mine]"}
    assert {repair.changes[0].words for repair in found.repairs} == {"lift red line R1", "do without Mine (mine)"}
    both = find_conflicts(hamlet, pins=["road"], bans=["road"])
    assert {str(rule) for rule in both.conflicts[0].rules} == {"pin[road]", "ban[road]"}


def test_a_rule_that_contradicts_itself() -> None:
    needed = Relation(id="three", kind="at_least", members=("road", "park"), amount=Decimal(3))
    found = find_conflicts(replace(village(), relations=(needed,)))
    assert [str(rule) for rule in found.conflicts[0].rules] == ["relations[three]"]
    assert found.repairs[0].changes[0].words == "lower relations/three/amount from 3 to 2"
    assert "by itself" in found.conflicts[0].in_words()


def test_the_least_change_is_enough_and_a_step_less_is_not(hamlet: Region) -> None:
    found = find_conflicts(hamlet, pins=["park", "sewage", "school"], bans=["inn"])
    for repair in found.repairs:
        for change in repair.changes:
            if "/" in change.address:
                figure = find_figure(hamlet, change.address)
                moved = with_figure(hamlet, figure, Decimal(change.value))
                assert (
                    len(repair.changes) > 1
                    or find_conflicts(moved, pins=["park", "sewage", "school"], bans=["inn"]).plan
                )
    county = [r for r in found.repairs if r.changes[0].address == "budgets/county,1/amount"]
    assert not county or county[0].proved


def test_a_figure_that_would_tighten_another_rule_is_no_lever(hamlet: Region) -> None:
    small = {zone.id: zone.model_copy(update={"area": Decimal("0.5")}) for zone in hamlet.zones}
    case = Case(replace(hamlet, zones=tuple(small.values())))
    kinds = {zone.kind: bool(levers(case, Rule("zones", (zone.id,)), {})) for zone in hamlet.zones}
    assert kinds["arable"]
    assert not kinds["built"]  # more built land is less green cover


class Failing:
    """A solver that finds nothing out after so many questions."""

    def __init__(self, good: int) -> None:
        self.good = good

    def __call__(self, problem: object, **options: object) -> Failing:
        from optimizer.engines.highs import Highs

        self.real = Highs(problem)  # type: ignore[arg-type]
        return self

    def minimize(self, query: Query) -> Outcome:
        self.good -= 1
        return self.real.minimize(query) if self.good >= 0 else Outcome(Verdict.LIMIT, why="TimeLimit")


@pytest.fixture(scope="module")
def truth() -> Conflicts:
    return find_conflicts(independent())


@pytest.mark.parametrize("good", [*range(12), 15, 20, 25, 30, 40, 60])
def test_nothing_is_claimed_that_a_failing_solver_did_not_prove(
    truth: Conflicts, good: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.decide.live.Highs", Failing(good))
    found = find_conflicts(independent())
    known = {one.rules for one in truth.conflicts}
    if found.conflicts and found.conflicts[0].minimal:
        assert {one.rules for one in found.conflicts} <= known
    if found.conflicts and not found.conflicts[0].minimal:
        assert any(set(rules) <= set(found.conflicts[0].rules) for rules in known)
    missing = known - {one.rules for one in found.conflicts}
    assert all(len(rules) > found.all_up_to for rules in missing)
    exact = {repair.changes: repair.share for repair in truth.repairs}
    assert all(exact.get(repair.changes) == repair.share for repair in found.repairs if repair.proved)
    if not found.conflicts:
        assert "stayed open" in found.in_words()


def test_first_conflicts_only(hamlet: Region) -> None:
    pins = ["park", "school"]
    aims = {("growth", "at least"): Fraction(9)}
    whole = find_conflicts(hamlet, pins=pins, aims=aims, most=100, repair=False)
    few = find_conflicts(hamlet, pins=pins, aims=aims, most=2, repair=False)
    assert whole.complete
    assert not few.complete
    assert [len(one.rules) for one in few.conflicts] == [len(one.rules) for one in whole.conflicts[:2]]
    assert "The first 2 minimal conflicts" in few.in_words()


def test_hitting_sets_of_random_monotone_rules() -> None:
    """All minimal conflicts and corrections of 30 set systems, against enumeration."""
    from itertools import combinations
    from random import Random

    for seed in range(30):
        draw, n = Random(seed), 6
        bad = [frozenset(draw.sample(range(n), draw.randint(1, 4))) for _ in range(draw.randint(1, 5))]
        minimal = {one for one in bad if not any(other < one for other in bad)}

        def kept(asked: frozenset[int], bad: list[frozenset[int]] = bad) -> frozenset[int] | None:
            return None if any(one <= asked for one in bad) else asked

        found = smallest_conflicts(n, kept, 99, Clock())
        assert set(found.conflicts) == minimal
        assert found.complete
        sets = [frozenset(few) for size in range(n + 1) for few in combinations(range(n), size)]
        hitting = [one for one in sets if all(one & other for other in minimal)]
        truth = {one for one in hitting if not any(other < one for other in hitting)}
        corrections, complete = smallest_corrections(n, kept, found.conflicts[:1], 99, Clock())
        assert set(corrections) == truth
        assert complete


def test_an_open_question_ends_the_search_with_what_is_known() -> None:
    def kept(asked: frozenset[int]) -> frozenset[int] | None:
        raise Undecided("no time left")

    with pytest.raises(Undecided):
        smallest_conflicts(3, kept, 9, Clock())


class Levels:
    """Enough is what reaches one of some vectors."""

    def __init__(self, least: list[tuple[int, ...]]) -> None:
        self.least = least

    def enough(self, group: object, steps: tuple[int, ...]) -> bool:
        return any(all(a >= b for a, b in zip(steps, one, strict=True)) for one in self.least)

    def guess(self, group: object, steps: tuple[int, ...], which: int) -> int:
        return steps[which] + (sum(steps) * 7) % 5 - 1


def test_cheapest_moves_of_random_borders() -> None:
    from random import Random

    from optimizer.decide.conflict.levers import Lever

    for seed in range(200):
        draw = Random(seed)
        k = draw.randint(1, 3)
        least = [tuple(draw.randint(0, 9) for _ in range(k)) for _ in range(draw.randint(1, 4))]
        prices = [Fraction(draw.randint(1, 5), 7) for _ in range(k)]
        group = [
            Lever(f"f{i}", draw.randint(4, 9), lambda case, n: case, lambda n, p=p: n * p, str, str)  # type: ignore[misc]
            for i, p in enumerate(prices)
        ]
        inside = [one for one in least if all(a <= lever.most for a, lever in zip(one, group, strict=True))]
        found: Moves = cheapest(group, Levels(least))
        best = min((sum(p * a for p, a in zip(prices, one, strict=True)) for one in inside), default=None)
        if best is None:
            assert found == Moves(None, True, Fraction(0))
            continue
        assert found.steps is not None
        cost = sum(p * a for p, a in zip(prices, found.steps, strict=True))
        assert cost == best if found.proved else cost >= best >= found.at_least
        assert Levels(least).enough(group, found.steps)


# rules in words


@pytest.mark.parametrize("name", ["hamlet", "park", "twins", "zigong"])
def test_every_rule_of_a_shipped_region_has_a_sentence(name: str) -> None:
    from models import portfolio_model
    from models.formulate import formulate

    region = read_region(name)
    book = Rulebook(region)
    for row in formulate(region).rows:
        if is_rule(row):
            words = in_words(region, row)
            assert not any(words.startswith(f"{rule.table}: ") for rule in book.behind(row)), row
            assert "None" not in words
    for forbidden in portfolio_model(region).forbidden:
        assert ": " not in book.words(book.forbidding(forbidden.project, forbidden.rule))[:8]


def test_a_row_of_two_funds_rests_on_both() -> None:
    book = Rulebook(independent())
    assert book.behind("budget[road + health]") == (Rule("budgets", ("road",)), Rule("budgets", ("health",)))
    assert book.behind("relations[green or grey (2)]") == (Rule("relations", ("green or grey",)),)
    periods = Rulebook(village(periods=3))
    assert periods.behind("budget[county,in 3]") == (Rule("budgets", ("county",)),)
