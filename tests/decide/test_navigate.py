"""Navigate on small models: what is claimed under gates that fail, without time, and on lists that prove little."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from instances import read_region
from models import formulate
from models.problem import Problem
from optimizer import Guarantee, Status, solve
from optimizer.decide.live import Live
from optimizer.decide.navigate import Navigator
from optimizer.decide.navigate.achievement import Achievement
from optimizer.decide.navigate.nearest import find_nearest
from optimizer.engines.highs import Highs
from optimizer.engines.query import Outcome, Query, Verdict
from optimizer.listing import Listing
from tests.engines.models import enumerated, random_model


@dataclass
class Failing:
    """A gate that gives up at the query numbered ``at``, and at all later ones if ``on``."""

    gate: Highs
    at: int
    on: bool = False
    asked: int = 0

    def minimize(self, query: Query) -> Outcome:
        self.asked += 1
        if self.asked == self.at or (self.on and self.asked > self.at):
            return Outcome(Verdict.LIMIT, why="failed on purpose")
        return self.gate.minimize(query)


def models(count: int) -> list[Problem]:
    drawn = (random_model(seed) for seed in range(10 * count))
    small = (model for model in drawn if len(model.columns) <= 10 and np.abs(model.C).max() < 1e6)
    return [model for model in small if len(enumerated(model))][:count]


def wish_for(problem: Problem, seed: int) -> Achievement:
    draw = np.random.default_rng(seed)
    Y = enumerated(problem)
    low, high = Y.min(axis=0), Y.max(axis=0)
    reference = [Fraction(int(draw.integers(a - 9, b + 9)), 2) + a for a, b in zip(low, high, strict=True)]
    spans = [Fraction(max(1, int(b - a))) for a, b in zip(low, high, strict=True)]
    named = [r if k == 0 or draw.random() < 0.7 else None for k, r in enumerate(reference)]
    return Achievement(tuple(named), tuple(spans))


@pytest.mark.parametrize("problem", models(10), ids=lambda problem: problem.name)
def test_nearest_under_failures(problem: Problem) -> None:
    truth = enumerated(problem)
    for seed in range(2):
        wish = wish_for(problem, seed)
        best = min(wish.merit(y) for y in truth)
        for at in (0, 1, 2, 3, 4):
            for on in (False, True):
                gate = Failing(Highs(problem), at, on)
                found = find_nearest(Live(problem, gate=gate), wish)
                assert found.bound is None or found.bound <= best[0]
                if found.y is None:
                    assert not found.none
                    continue
                dominated = np.any(np.all(truth <= found.y, axis=1) & np.any(truth < found.y, axis=1))
                assert not (found.efficient and dominated)
                if at == 0:
                    assert wish.merit(found.y) == best
                    assert found.efficient
                    assert found.bound == best[0]


def test_caps_are_exactly_what_is_nearer() -> None:
    wish = Achievement((Fraction(7, 3), None, Fraction(-5)), (Fraction(7), Fraction(2), Fraction(3)))
    points = np.array(list(product(range(-9, 10), range(-2, 3), range(-9, 4))))
    for limit in {wish.distance(y) for y in points[::37]}:
        for caps, holds in ((wish.within(limit), lambda s, t: s <= t), (wish.below(limit), lambda s, t: s < t)):
            kept = np.all(points <= caps, axis=1)
            assert kept.tolist() == [holds(wish.distance(y), limit) for y in points]
        below = wish.below(limit)
        least = min((wish.distance(y) for y in points if np.any(y > below)), default=limit)
        told = wish.rules_out(below)
        assert told is not None
        assert told <= least
    assert wish.rules_out(np.array([0.0, 1.0, 0.0])) is None


@pytest.fixture(scope="module")
def village() -> SimpleNamespace:
    region = read_region("hamlet")
    problem = formulate(region)
    return SimpleNamespace(region=region, problem=problem, front=Listing.of(solve(problem), region))


def test_without_time_the_list_answers(village: SimpleNamespace) -> None:
    half = village.front.rows([3, 5])
    navigator = Navigator(village.region, half, problem=village.problem)
    answer = navigator.ask({"growth": 20}, seconds=0)
    assert (answer.origin, answer.efficient, answer.nearest, answer.whole) == ("from the list", False, False, None)
    assert answer.place is not None
    assert answer.place.number in half.numbers
    assert "not settled" in answer.in_words()
    assert navigator.ask({"growth": 20}).nearest


def test_a_guarantee_bounds_what_is_nearer(village: SimpleNamespace) -> None:
    front = solve(village.problem, method="search", stop=Guarantee(0.4))
    assert front.certificate.status is Status.GUARANTEE
    navigator = Navigator(village.region, Listing.of(front, village.region), problem=village.problem)
    answer = navigator.ask({"growth": 11, "character": 9}, seconds=0)
    live = navigator.ask({"growth": 11, "character": 9})
    assert live.nearest
    assert answer.bound is not None
    assert answer.bound <= live.distance
    assert "guaranteed within" in answer.basis


def test_the_same_question_again_needs_less(village: SimpleNamespace) -> None:
    navigator = Navigator(village.region, village.front.rows([0]), problem=village.problem)
    first = navigator.ask({"growth": 6, "character": 6, "livability": 10})
    second = navigator.ask({"growth": 6, "character": 6, "livability": 10})
    assert second.solves < first.solves
    assert (second.place, second.nearest, second.efficient) == (first.place, True, True)


def test_an_interrupt_ends_one_question_only(village: SimpleNamespace) -> None:
    asked = threading.Event()
    navigator = Navigator(village.region, village.front.rows([0]), problem=village.problem, interrupted=asked.is_set)
    navigator.interrupt()
    assert navigator.ask({"character": 9}).nearest
    asked.set()
    stopped = navigator.ask({"livability": 9})
    assert stopped.solves == 0
    assert not stopped.efficient


def test_questions_of_several_threads(village: SimpleNamespace) -> None:
    navigator = Navigator(village.region, village.front.rows([0]), problem=village.problem)
    answers = {}

    def ask(growth: int) -> None:
        answers[growth] = navigator.ask({"growth": growth, "character": 6})

    threads = [threading.Thread(target=ask, args=(growth,)) for growth in range(4, 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = Navigator(village.region, village.front, problem=village.problem)
    for growth, answer in answers.items():
        assert answer.nearest
        assert answer.distance == alone.ask({"growth": growth, "character": 6}).distance


def test_trades_are_the_cheapest(village: SimpleNamespace) -> None:
    navigator = Navigator(village.region, village.front, problem=village.problem)
    names = [o.name for o in village.front.objectives]
    costs = village.problem.costs
    X = np.array(list(product((0, 1), repeat=len(village.problem.columns))))
    Y = (X[village.problem.violations(X) <= 0] @ costs.T).astype(int)
    for number in village.front.numbers:
        values = zip(village.problem.objectives, village.front.values[number - 1], strict=True)
        y = [-int((v - o.offset) / o.quantum) for o, v in values]
        for trade in navigator.trades(number, steps={"growth": 2}):
            a, b = names.index(trade.goal), names.index(trade.paid_by)
            rest = next(k for k in range(3) if k not in (a, b))
            step = 2 if trade.goal == "growth" else 1
            ways = [z[b] - y[b] for z in Y if z[a] <= y[a] - step and z[rest] <= y[rest]]
            assert trade.proved
            assert trade.none == (not ways)
            if ways:
                assert trade.loss == min(ways)
                assert trade.gain >= step
                assert trade.rate == trade.loss / trade.gain
            assert trade.in_words()


def test_trades_without_time_claim_nothing(village: SimpleNamespace) -> None:
    navigator = Navigator(village.region, village.front, problem=village.problem)
    trades = navigator.trades(1, seconds=0)
    assert len(trades) == 6
    assert not any(trade.proved or trade.none for trade in trades)
    assert "not settled" in trades[0].in_words()


def test_neighbours_are_the_nearest_better_ones(village: SimpleNamespace) -> None:
    front, navigator = village.front, Navigator(village.region, village.front, problem=village.problem)
    spans = navigator.spans
    for number in front.numbers:
        values = dict(zip(spans, front.values[number - 1], strict=True))
        answer = navigator.ask(values)
        assert answer.place is not None
        assert answer.place.number == number
        for k, goal in enumerate(spans):
            better = [row for row in range(len(front)) if front.values[row][k] > values[goal]]
            near = [n for n in answer.neighbours if n.goal == goal]
            assert len(near) == bool(better)
            for n in near:
                far = []
                for row in better:
                    pairs = zip(values.items(), front.values[row], strict=True)
                    far.append(max(abs(v - w) / spans[name] for (name, v), w in pairs))
                assert n.distance == min(far)
                assert set(n.place.plan) == (set(answer.place.plan) | set(n.swap.enter)) - set(n.swap.leave)
                for name, rate in n.rates.items():
                    assert rate == -n.gains[name] / n.gains[goal]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"aim": {"grwth": 3}}, "did you mean growth"),
        ({"aim": {"growth": "much"}}, "is no number"),
        ({"pin": ["parc"]}, "did you mean park"),
        ({"pin": ["park"], "ban": ["park"]}, "inside and outside at once"),
    ],
)
def test_refused_wishes(village: SimpleNamespace, wish: dict[str, object], said: str) -> None:
    navigator = Navigator(village.region, village.front, problem=village.problem)
    with pytest.raises(ValueError, match=said):
        navigator.ask(**wish)


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ({"improve": {"growth": None}, "keep": ["character"]}, "say what may become of livability"),
        ({"improve": {}, "keep": ["character", "growth"], "free": ["livability"]}, "nothing is to improve"),
        ({"improve": {"growth": None}, "keep": ["character", "livability"]}, "something has to give way"),
        ({"improve": {"growth": None}, "free": ["growth", "character", "livability"]}, "is in two classes"),
        ({"improve": {"growth": 2}, "free": ["character", "livability"]}, "but has 11 already"),
        (
            {"improve": {"growth": None}, "may_worsen": {"character": 5}, "free": ["livability"]},
            "which is better than the 3 it has",
        ),
    ],
)
def test_refused_classes(village: SimpleNamespace, classes: dict[str, object], said: str) -> None:
    navigator = Navigator(village.region, village.front, problem=village.problem)
    with pytest.raises(ValueError, match=said):
        navigator.classify(1, **classes)


def test_a_list_that_is_empty_or_of_another_region(village: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="no portfolio to start from"):
        Navigator(village.region, village.front.rows([]), problem=village.problem)
    wrong = replace(
        village.front.rows([0]), values=(tuple(value + 1 for value in village.front.values[0]),), numbers=(1,)
    )
    with pytest.raises(ValueError, match="does not fit the region"):
        Navigator(village.region, wrong, problem=village.problem).ask({"growth": 9})
