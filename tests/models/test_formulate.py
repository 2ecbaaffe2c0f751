"""The matrix of hand-sized towns, without a solver."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pyomo.environ as pyo
import pytest
import scipy.sparse as sp

from instances.schema import Asset, Budget, Effect, Footprint, Project, Relation, Zone
from instances.settings import Goal
from models import formulate, portfolio_model
from models.draft import Draft
from models.formulate import compile_draft
from models.objectives import add_objectives
from models.portfolio import draft_portfolio
from models.problem import Decision, Problem
from tests.models.random_towns import random_town
from tests.models.towns import EXAMPLES, GROWTH, LOSS, effects, rows, town


def test_the_matrix_of_a_hand_sized_town():
    region = town(
        Project(id="road", capital_cost=6, duration=2, category="works"),
        Project(id="school", capital_cost="2.5"),
        "well",
        periods=2,
        goals={**GROWTH, "cost": Goal(minimize={"capital_cost": 1})},
        effects=effects(road="1.5", school=3),
        budgets=rows(Budget, ("county", 1, 5, True), ("county", 2, "2.5")),
        relations=rows(Relation, ("road or school", "excludes", "road | school")),
    )
    problem = formulate(region)
    assert problem.columns == ("start[road,1]", "start[school,1]", "start[school,2]", "start[well,1]", "start[well,2]")
    assert problem.rows == (
        "once[school]",
        "once[well]",
        "budget[county,in 1]",
        "budget[county,through 2]",
        "relations[road or school]",
    )
    assert problem.A.toarray().tolist() == [
        [0, 1, 1, 0, 0],
        [0, 0, 0, 1, 1],
        [6, 5, 0, 2, 0],
        [12, 5, 5, 2, 2],
        [1, 1, 1, 0, 0],
    ]
    assert problem.row_upper.tolist() == [1, 1, 10, 15, 1]
    assert np.isneginf(problem.row_lower).all()
    assert problem.C.tolist() == [[1, 2, 2, 0, 0], [12, 5, 5, 2, 2]]
    assert [(o.name, o.sense, o.quantum, o.offset) for o in problem.objectives] == [
        ("growth", "max", F(3, 2), 0),
        ("cost", "min", F(1, 2), 0),
    ]
    assert problem.decisions[2] == Decision("school", 2, 2)
    assert (problem.name, problem.periods) == ("town", 2)


def test_columns_that_nothing_touches_are_kept_in_order():
    problem = formulate(town("idle", "mill", "still", effects=effects(mill=3)))
    assert problem.columns == ("start[idle,1]", "start[mill,1]", "start[still,1]")
    assert problem.C.tolist() == [[0, 1, 0]]


def test_objectives_can_be_named_and_need_not_count_anything():
    region = town("mill", goals={**GROWTH, **LOSS}, assets=[Asset(id="temple", town="T", value=1)])
    assert [o.name for o in formulate(region, ["character"]).objectives] == ["character"]
    assert formulate(region, []).C.shape == (0, 1)
    with pytest.raises(ValueError, match=r"no objective is called fame; region town has growth, character"):
        formulate(region, ["fame"])


def test_a_constant_part_is_an_offset():
    assets = rows(Asset, ("temple", "T", "", "past", "tangible", "national", "7.5", True))
    problem = formulate(town("mill", goals=LOSS, assets=assets))
    assert problem.objectives[0].value(0) == F(15, 2)
    assert problem.A.shape == (0, 1)


def test_a_range_is_one_row():
    draft = Draft(town("a", "b", "c"), {})
    draft.rule("land", "some", 2 * draft.built("a") + 2 * draft.built("b") + 2 * draft.built("c"), 1, 4)
    draft.rule("land", "two", draft.built("a") + draft.built("b"), 1, 1)
    add_objectives(draft)
    problem = compile_draft(draft)
    assert problem.rows == ("land[some]", "land[two]")
    assert problem.A.toarray().tolist() == [[1, 1, 1], [1, 1, 0]]
    assert (problem.row_lower.tolist(), problem.row_upper.tolist()) == ([1, 1], [2, 1])


def test_rules_of_one_name_are_both_kept():
    draft = Draft(town("a", "b"), {})
    for project in ("a", "b"):
        draft.rule("land", "same", draft.built(project), upper=0)
    assert list(draft.rows) == ["land[same]", "land[same (2)]"]


def test_sides_that_nothing_can_break_are_not_written():
    draft = Draft(town("a", "b"), {})
    both = draft.built("a") + draft.built("b")
    draft.rule("land", "free", both, 0, 2)
    draft.rule("land", "upper", both, 0, 1)
    assert list(draft.rows) == ["land[upper]"]
    assert draft.rows["land[upper]"].lower is None


def test_a_project_starts_once_when_it_is_asked_what_can_break_a_rule():
    draft = Draft(town("a", "b", periods=3), {})
    draft.rule("land", "free", draft.built("a") + draft.built("b"), upper=2)
    assert draft.range(3 * draft.built("a") - draft.built("b") + 1) == (0, 4)
    assert list(draft.rows) == ["once[a]", "once[b]"]


def test_a_count_without_an_amount_is_refused():
    region = town("a", relations=rows(Relation, ("few", "at_most", "a")))
    with pytest.raises(ValueError, match="relations few: a relation of kind at_most needs an amount"):
        formulate(region)


def test_locks_are_bounds_where_one_start_decides():
    region = town(
        Project(id="in", capital_cost=1, locked="in", earliest_start=2),
        Project(id="out", capital_cost=1, locked="out"),
        Project(id="some day", capital_cost=1, locked="in"),
        periods=2,
    )
    problem = formulate(region)
    assert problem.lower.tolist() == [1, 0, 0, 0, 0]
    assert problem.upper.tolist() == [1, 0, 0, 1, 1]
    assert problem.rows == ("once[out]", "once[some day]", "locked[some day]")
    assert problem.row_lower.tolist()[2] == 1


def test_forbidden_projects_say_why():
    model = portfolio_model(EXAMPLES["heritage"])
    assert [(f.project, f.rule) for f in model.forbidden] == [
        ("tower", "heritage[core core]: nothing new is built there")
    ]
    assert model.start["tower", 1].ub == 0
    assert not any(var.fixed for var in model.start.values())


def test_a_forbidden_project_that_must_be_built_is_a_row_that_fails():
    region = town(
        Project(id="dam", capital_cost=1, locked="in"),
        zones=rows(Zone, ("line", "T", "red_line", 5)),
        footprints=rows(Footprint, ("dam", "line", 1)),
    )
    problem = formulate(region)
    assert (problem.lower.tolist(), problem.upper.tolist()) == ([0], [0])
    assert problem.rows == ("locked[dam]",)


@pytest.mark.parametrize(
    ("region", "row"),
    [
        (town("a", relations=rows(Relation, ("two", "at_least", "category=none", 2))), "relations[two]"),
        (town(Project(id="late", capital_cost=1, duration=2, locked="in")), "locked[late]"),
    ],
)
def test_a_rule_without_columns_that_fails_stays_visible(region, row):
    problem = formulate(region)
    assert problem.rows == (row,)
    assert problem.columns[-1] == "never[1]"
    assert problem.upper[-1] == 0
    X = np.zeros((1, len(problem.columns)))
    assert problem.violations(X)[0] == 1


def test_figures_too_far_apart_name_the_rule_and_the_way_out():
    costs = (Project(id=f"P{n}", capital_cost=cost) for n, cost in enumerate(("9007199254740993", "0.01")))
    region = town(*costs, budgets=rows(Budget, ("county", 1, 5)))
    with pytest.raises(ValueError, match=r"rule budget\[county\].*coarser unit of money"):
        formulate(region)


@pytest.mark.parametrize("region", [*EXAMPLES.values(), *(random_town(m, 99) for m in EXAMPLES)])
def test_values_and_rows_are_those_of_pyomo(region):
    draft = draft_portfolio(region)
    problem, rng = compile_draft(draft), np.random.default_rng(7)
    X = rng.integers(0, 2, (5, len(problem.columns)))
    for x, counts, activity in zip(X, problem.evaluate(X), (problem.A @ X.T).T, strict=True):
        for var, value in zip(draft.columns.values(), x, strict=True):
            var.set_value(int(value), skip_validation=True)
        assert counts.tolist() == [pyo.value(objective) for objective in draft.model.objective.values()]
        assert activity.tolist() == [pyo.value(row.body) for row in draft.rows.values()]
    bounds = [(row.lower, row.upper) for row in draft.rows.values()]
    finite = [(low if np.isfinite(low) else None, up if np.isfinite(up) else None) for low, up in _bounds(problem)]
    assert finite == [(pyo.value(low), pyo.value(up)) for low, up in bounds]


def test_the_matrix_is_in_canonical_order():
    unsorted = sp.csr_array((np.array([1.0, 2.0]), np.array([1, 0]), np.array([0, 2])), shape=(1, 2))
    problem = Problem.from_arrays([[1, 1]], unsorted.toarray(), [3])
    assert abs(problem.A).sum() == 3
    assert all(formulate(region).A.has_sorted_indices for region in EXAMPLES.values())


def test_indicators_of_the_same_name_add_up():
    extra = [Effect(project="a", indicator="capital_cost", value=2)]
    problem = formulate(town("a", "b", goals={"cost": Goal(minimize={"capital_cost": 1})}, effects=extra))
    assert problem.C.tolist() == [[3, 1]]


def _bounds(problem):
    return zip(problem.row_lower.tolist(), problem.row_upper.tolist(), strict=True)
