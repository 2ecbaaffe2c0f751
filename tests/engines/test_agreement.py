"""labels and search agree where enumeration cannot go: models of 20 to 60 columns."""

from __future__ import annotations

import pytest

from benchmarks.cases import case
from optimizer import Status, solve
from optimizer.engines.labels import refusal
from tests.engines.small import minimised

NAMES = (
    *("knapsack-20-3", "knapsack-30-2", "plan-20-3"),
    *("town01-20-3", "town01-20-3-s1", "town01-20-4-s3", "town01-25-3", "town01-25-3-s2"),
)


@pytest.mark.parametrize("name", NAMES)
def test_labels_and_search_find_the_same_front(name: str) -> None:
    problem = case(name).problem()
    assert refusal(problem) is None
    assert 20 <= len(problem.columns) <= 60
    one, two = solve(problem, method="labels"), solve(problem, method="search")
    assert {one.certificate.status, two.certificate.status} == {Status.COMPLETE}
    assert one.counts.tolist() == two.counts.tolist()
    assert (problem.evaluate(one.X) == one.counts).all()
    assert problem.violations(one.X).max() == 0
    assert len(minimised(problem, one.counts)) > 1
