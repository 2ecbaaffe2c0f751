"""Auxiliaries are exact functions of the decisions, whichever side is pressed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.draft import Draft
from models.formulate import compile_draft
from models.linear import ZERO
from models.logic import all_of, any_of, at_least
from models.objectives import add_objectives
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
