"""Auxiliaries are exact functions of the decisions, whichever side is pressed."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from instances.schema import Project
from models import logic
from models.draft import Draft
from models.formulate import compile_draft
from models.linear import ZERO, Linear
from models.logic import all_of, any_of, at_least, reaches
from models.objectives import add_objectives
from tests.models.random_towns import plans
from tests.models.test_mechanisms import complete
from tests.models.towns import town

PROJECTS = ("a", "b", "c")


@pytest.mark.parametrize("pull", [set(), {1}, {-1}, {1, -1}])
@pytest.mark.parametrize(
    ("write", "meaning"),
    [(any_of, max), (all_of, min), *((at_least, k) for k in (1, 2, 3))],
)
def test_truth_table(write, meaning, pull):
    draft = Draft(town(*PROJECTS), {})
    parts = {p: draft.built(p) for p in PROJECTS}
    arguments = (("z", 1), parts, pull)
    z = write(draft, *arguments) if callable(meaning) else write(draft, meaning, *arguments)
    assert dict(z.terms) == {("z", 1): 1}
    add_objectives(draft)
    problem = compile_draft(draft)
    fits = problem.violations(np.array(list(product((0, 1), repeat=4)))) == 0
    for x, fit in zip(product((0, 1), repeat=4), fits, strict=True):
        wanted = meaning(x[:3]) if callable(meaning) else sum(x[:3]) >= meaning
        assert fit == (x[3] == wanted)


def test_the_pressed_side_is_tight():
    draft = Draft(town(*PROJECTS), {})
    any_of(draft, ("z", 1), {p: draft.built(p) for p in PROJECTS}, {-1})
    assert len(draft.rows) == 4
    add_objectives(draft)
    problem = compile_draft(draft)
    assert problem.violations([[0.5, 0, 0, 0.4]]) > 0


def test_one_part_or_none_needs_no_column():
    draft = Draft(town(*PROJECTS), {})
    assert any_of(draft, ("z", 1), {}, {1}) == ZERO
    assert all_of(draft, ("z", 1), {"a": draft.built("a")}, {1}) == draft.built("a")
    assert at_least(draft, 4, ("z", 1), {p: draft.built(p) for p in PROJECTS}, {1}) == ZERO
    assert len(draft.columns) == 3


@pytest.mark.parametrize("widest", [logic.WIDEST, 0])
@pytest.mark.parametrize("seed", range(40))
def test_what_reaches_a_figure(seed, widest, monkeypatch):
    """Sums of projects, some with two starts that count differently, against figures between what can be had."""
    monkeypatch.setattr(logic, "WIDEST", widest)
    draw, ids = Random(seed), "abcd"
    region = town(*(Project(id=p, capital_cost=1, duration=draw.choice((1, 2))) for p in ids), periods=2)
    draft = Draft(region, {})
    sizes = draw.choice(((-2, 3, 5), (1, "2.5", 4), (3, 7), ("0.3", "-0.7")))
    by_start = draw.random() < 0.5
    size = {key: draw.choice(sizes) for key in draft.columns}
    terms = {key: size[key] if by_start else size["start", key[1], 1] for key in size}
    amount = Linear.sum(Linear.of(key, figure) for key, figure in terms.items()) + draw.choice((0, 3))
    figures = [draw.choice(("0", "0.5", "1", "3", "3.2", "6", "8")) for _ in range(3)]
    found = [reaches(draft, ("z",), amount, Fraction(figure), draw.choice(({1}, {-1}, set()))) for figure in figures]
    add_objectives(draft)
    problem = compile_draft(draft)
    define = np.array([row.startswith("define[") for row in problem.rows], dtype=bool)
    places = dict(zip(draft.columns, range(len(problem.columns)), strict=True))
    for plan in plans(region):
        (x,) = complete(problem, plan, define)
        had = amount.constant + sum(Fraction(terms["start", p, t]) for p, t in plan.items())
        for figure, z in zip(figures, found, strict=True):
            assert z.constant + sum(c * int(x[places[key]]) for key, c in z.terms.items()) == (had >= Fraction(figure))


def test_figures_that_no_choice_tells_apart_share_a_column():
    draft = Draft(town("a", "b", "c"), {})
    amount = 6 * draft.built("a") + 4 * draft.built("b") - 3 * draft.built("c")
    first = reaches(draft, ("z",), amount, Fraction(7, 2), {1})
    assert reaches(draft, ("z",), amount, 4, {-1}) == first == Linear.of(("z", "from 4"))
    assert reaches(draft, ("z",), amount, -3, {1}) == Linear(constant=Fraction(1))
    assert reaches(draft, ("z",), amount, 11, {1}) == ZERO
    assert reaches(draft, ("z",), 6 * draft.built("a"), 5, {1}) == draft.built("a")
    assert reaches(draft, ("z",), 1 - 2 * draft.built("c"), 0, {1}) == 1 - draft.built("c")
    assert len(draft.columns) == 4


def test_parts_beyond_the_figure_are_cut_down():
    """One large school is as good as the two small ones together: its half is worth half of the answer, not more."""
    draft = Draft(town(*PROJECTS), {})
    amount = 90 * draft.built("a") + 20 * draft.built("b") + 15 * draft.built("c")
    reaches(draft, ("z",), amount, 35, {1})
    add_objectives(draft)
    problem = compile_draft(draft)
    points = np.array([[0.5, 0, 0, 0.5], [0.5, 0, 0, 0.6], [0, 1, 0, 0.6]])
    held = (problem.A @ points.T >= problem.row_lower[:, None]).all(axis=0)
    assert held.tolist() == [True, False, False]
