"""The worst over scenarios inside the model: every plan of random towns counts what the definition says."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from instances import check_region, read_region
from instances.schema import Budget, Effect, Grant, Scenario, Synergy
from instances.settings import Goal, Policy
from instances.worlds import worlds
from models import formulate
from models.linear import Linear
from models.worst import tails
from optimizer import Status, solve
from optimizer.decide.explain.offers import Kind, offers
from optimizer.decide.robust import assess_robustness
from optimizer.decide.shortlist.intervals import uncertain
from optimizer.engines.labels import refusal
from optimizer.listing import Listing
from optimizer.solver import choose_method
from optimizer.verify import evaluate
from tests.brute import brute_force
from tests.models import naive
from tests.models.random_towns import plans, random_town
from tests.models.test_mechanisms import allowed
from tests.models.towns import effects, rows, town

GOALS = ("value_added_worst", "value_added_cvar")


def scenarios(draw, count, project):
    """Worlds with factors and with values, equally likely or not, one of them also with other budgets."""
    given = draw.choice((None, ["0.1", "0.25", "0.3", "0.05", "0.2"], ["0.5", "0.25", "0.25", "0", "0"]))
    found = []
    for n in range(count):
        more = {"scenario": f"S{n}", "probability": given and given[n]}
        figure = draw.choice(("effects/*,value_added/value", f"effects/{project()},value_added/value"))
        found.append(Scenario(figure=figure, factor=draw.choice(("0.5", "2", "0")), **more))
        found.append(Scenario(figure=f"effects/{project()},value_added/value", value=draw.randint(-6, 9), **more))
    return found


def scenario_town(seed):
    """A town of the mechanism budget, time, synergy or endogenous, with 3 to 5 worlds and two more objectives."""
    draw = random.Random(f"worst {seed}")
    region = random_town(draw.choice(("budget", "time", "synergy", "endogenous")), seed)
    while not any(map(region.starts, region.projects)):
        region = random_town("budget", draw.randrange(10**6))
    ids = [e.project for e in region.effects if e.indicator == "value_added"]
    drawn = dict.fromkeys(scenarios(draw, draw.randint(2, 4), lambda: draw.choice(ids)))
    goals = {name: Goal(**{draw.choice(("maximize", "minimize")): {name: draw.choice((1, 2))}}) for name in GOALS}
    share = Decimal(draw.choice(("0.25", "0.5", "0.3", "0.75", "1")))
    policy = region.settings.policy.model_copy(update={"tail_share": share})
    thrift = {"thrift": Goal(minimize={"capital_cost": 1, "projects": -1})}
    settings = region.settings.model_copy(update={"objectives": {**goals, **thrift}, "policy": policy})
    return replace(region, settings=settings, scenarios=tuple(drawn))


@pytest.mark.parametrize("seed", range(24))
def test_random_towns(seed):
    region = scenario_town(seed)
    problems = {name: formulate(region, [name]) for name in GOALS}
    for plan in plans(region):
        audited = evaluate(region, plan, GOALS).values
        for name, problem in problems.items():
            found = completions(problem, plan)
            assert len(found) == 1, "auxiliaries must follow from the decisions"
            value = problem.objectives[0].value(int(problem.evaluate(found)[0, 0]))
            assert value == audited[name] == naive.value(region, plan, name)
            if np.all(problem.integer):
                assert allowed(problem, found[0]) == (not naive.broken(region, plan))


def completions(problem, plan):
    """All values of the 0/1 auxiliaries that the rows ``define`` without continuous columns allow for a plan."""
    at = {d.column: float(plan.get(d.project) == d.period) for d in problem.decisions}
    rest = [j for j in range(len(problem.columns)) if j not in at and problem.integer[j] and problem.upper[j] > 0]
    hot = [j for j in rest if problem.columns[j].startswith("least[")]
    free = [j for j in rest if j not in hot]
    X = np.zeros((2 ** len(free), len(problem.columns)))
    X[:, list(at)] = list(at.values())
    X[:, free] = list(product((0, 1), repeat=len(free)))
    whole = abs(problem.A)[:, ~problem.integer].sum(axis=1) == 0
    rows = whole & np.array([name.startswith("define[") for name in problem.rows], dtype=bool)
    A, low, high = problem.A[rows], problem.row_lower[rows], problem.row_upper[rows]
    found = []
    for one in hot or [None]:
        tried = X.copy()
        if one is not None:
            tried[:, one] = 1
        activity = (A @ tried.T).T
        found += list(tried[(activity >= low).all(axis=1) & (activity <= high).all(axis=1)])
    return np.array(found).reshape(-1, len(problem.columns))


@pytest.mark.parametrize("seed", range(24))
def test_fronts_are_those_of_enumeration(seed):
    region = scenario_town(seed)
    goals = [*GOALS, "thrift"][seed % 2 :]
    problem, expected = formulate(region, goals), brute_force(region, goals)
    exact = ("labels", "search", "relax") if refusal(problem) is None else ("search", "relax")
    for method in exact if expected else ("search",):
        front = solve(problem, method=method)
        assert front.certificate.status == Status.COMPLETE
        values = [tuple(o.value(c) for o, c in zip(problem.objectives, y, strict=True)) for y in front.counts.tolist()]
        assert set(values) == set(expected)


def test_one_of_the_methods_that_prove_nothing_lists_portfolios_that_are_there():
    region = scenario_town(3)
    problem = formulate(region, [*GOALS, "thrift"])
    front = solve(problem, method="evolve", seed=1)
    assert len(front.counts)
    assert problem.violations(front.X).max() == 0


def test_the_worst_share_by_hand():
    """Three worlds of 1/2, 1/4, 1/4: the worst 0.3 are the last in full and a twentieth of the next."""
    a, b, c = (Linear.of(("start", p, 1)) for p in "abc")
    sums = tails([(Fraction(1, 2), a), (Fraction(1, 4), b), (Fraction(1, 4), c)], Fraction("0.3"))
    full, part = Fraction(5, 6), Fraction(1, 6)
    assert sums[0] == a
    assert len(sums) == 5
    assert all(x * full + y * part in sums for x, y in ((b, a), (b, c), (c, a), (c, b)))


def test_a_world_that_is_worse_whatever_is_built_needs_no_columns():
    park = read_region("park")
    goals = {"worst": Goal(maximize={"value_added_worst": 1}), "usual": Goal(maximize={"value_added": 1})}
    region = replace(park, settings=park.settings.model_copy(update={"objectives": goals, "compare": ()}))
    assert formulate(region, ["worst"]).columns == formulate(region, ["usual"]).columns
    for project in region.projects:
        values = evaluate(region, {project.id: 1}, list(goals)).values
        assert values["worst"] == values["usual"] / 2


def test_the_example_of_the_docs():
    park = read_region("park")
    figures = ("value_added", "value_added_cvar", "value_added_worst")
    goals = {name: Goal(maximize={name: 1, "exchange_saving": 1}) for name in figures}
    policy = park.settings.policy.model_copy(update={"tail_share": Decimal("0.5")})
    region = replace(
        park,
        settings=park.settings.model_copy(update={"objectives": goals, "compare": (), "policy": policy}),
        scenarios=tuple(
            Scenario(scenario=f"{p} fails", figure=f"effects/{p},value_added/value", value=0)
            for p in ("salt", "still", "oldpans")
        ),
    )
    best = {name: brute_force(region, [name]) for name in figures}
    assert {name: [int(point[0]) for point in points] for name, points in best.items()} == dict(
        zip(figures, ([37], [25], [25]), strict=True)
    )
    (usual,) = best["value_added"][(Fraction(37),)]
    assert set(usual) == {"site", "salt", "still", "soil", "well"}
    assert list(evaluate(region, usual, figures).values.values()) == [37, 24, 23]
    for name in figures[1:]:
        sure = best[name][(Fraction(25),)]
        common = {"site", "blocks", "box", "lantern", "well"}
        assert {frozenset(plan) for plan in sure} >= {frozenset({*common, extra}) for extra in ("clinic", "belt")}
        assert evaluate(region, dict.fromkeys({*common, "clinic"}, 1), figures).values["value_added"] == 25


def pair(**more):
    """Three projects; either member of a pair may come to nothing."""
    return town(
        "a",
        "b",
        "c",
        effects=effects(a=6, b=4, c=1),
        synergies=[Synergy(id="pair", members=("a", "b"), indicator="value_added", value=2)],
        scenarios=[
            Scenario(scenario=f"no {p}", figure=f"effects/{p},value_added/value", value=0, probability="0.25")
            for p in "ab"
        ],
        **more,
    )


def test_what_else_an_indicator_counts_is_as_planned_in_every_world():
    region = pair(
        goals={"sure": Goal(maximize={"value_added_worst": 1}), "mean": Goal(maximize={"value_added_cvar": 1})},
        policy=Policy(tail_share=1),
    )
    sure, mean = (
        {p: evaluate(region, dict.fromkeys(p, 1), [goal]).values[goal] for p in ("a", "b", "c", "ab", "abc")}
        for goal in ("sure", "mean")
    )
    assert sure == {"a": 0, "b": 0, "c": 1, "ab": 6, "abc": 7}
    assert mean == {"a": Fraction(9, 2), "b": 3, "c": 1, "ab": Fraction(19, 2), "abc": Fraction(21, 2)}
    assert not any(name.startswith("worst[") for name in formulate(region, ["mean"]).columns)


def test_a_grant_may_want_the_worst_to_reach_something():
    grant = Grant(id="G", kind="points", indicator="value_added_worst", threshold=6, fund="F", amount=2)
    growth = {"growth": Goal(maximize={"value_added": 1})}
    region = pair(goals=growth, budgets=rows(Budget, ("F", 1, 1)), grants=[grant])
    problem, possible = formulate(region), set()
    for plan in plans(region):
        broken = evaluate(region, plan, []).broken
        assert bool(broken) == bool(naive.broken(region, plan))
        found = completions(problem, plan)
        assert len(found) == 1
        assert allowed(problem, found[0]) == (not broken)
        if not broken:
            possible.add("".join(plan))
    assert possible == {"", "a", "b", "c", "ab", "abc"}


def test_too_many_worlds_are_refused_in_words():
    ids = [f"P{n}" for n in range(12)]
    region = town(
        *ids,
        goals={name: Goal(maximize={name: 1}) for name in GOALS},
        policy=Policy(tail_share="0.5"),
        effects=effects(**dict.fromkeys(ids, 3)),
        scenarios=[Scenario(scenario=p, figure=f"effects/{p},value_added/value", value=1) for p in ids],
    )
    with pytest.raises(ValueError, match="tail_share: effects differ in 13 worlds"):
        formulate(region)
    assert len(formulate(region, ["value_added_worst"]).columns) > len(ids)


def test_names_are_known_and_not_taken_twice():
    region = pair(goals={name: Goal(maximize={name: 1}) for name in GOALS})
    rules = {fault.value: fault.rule for fault in check_region(region)}
    assert "value_added_worst" not in rules
    assert "is not an indicator" in rules["value_added_cvar"]
    twice = Effect(project="a", indicator="value_added_worst", value=1)
    faults = check_region(replace(region, effects=(*region.effects, twice)))
    assert any("counted twice" in fault.rule for fault in faults)


def test_a_front_of_all_worlds_is_not_held_against_single_ones():
    region = pair(goals={"sure": Goal(maximize={"value_added_worst": 1}), "few": Goal(minimize={"projects": 1})})
    listing = Listing.of(solve(formulate(region)), region)
    with pytest.raises(ValueError, match="value_added_worst, which speaks of all worlds at once"):
        assess_robustness(region, listing, worlds(region), lambda world: pytest.fail(world.name))


def test_auto_searches_where_labels_would_be_slow():
    region = pair(goals={"sure": Goal(maximize={"value_added_worst": 1}), "few": Goal(minimize={"projects": 1})})
    engine, why = choose_method(formulate(region))
    assert engine == "search"
    assert "binary digits" in why


def test_what_supposes_that_effects_add_up_says_so_or_leaves_them_out():
    region = pair(goals={"growth": Goal(maximize={"value_added": 1}), "sure": Goal(maximize={"value_added_worst": 1})})
    wide = replace(region, effects=tuple(e.model_copy(update={"low": e.value - 1}) for e in region.effects))
    with pytest.raises(ValueError, match="value_added has intervals, and an objective counts the worst of it"):
        uncertain(wide, ["growth", "sure"])
    assert uncertain(wide, ["growth"]) is not None
    alone, both = (
        {offer.kind for offer in offers(region, "a", goals, formulate(region, goals))}
        for goals in (("growth",), ("growth", "sure"))
    )
    assert alone - both == {Kind.EFFECT}
