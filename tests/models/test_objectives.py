from __future__ import annotations

from fractions import Fraction as F
from itertools import product

import pytest

from instances.schema import Criterion, Effect, Place, Reach, Score
from instances.settings import Goal
from models import formulate
from tests.models.towns import effects, rows, town


@pytest.mark.parametrize(
    ("values", "weight", "quantum", "counts"),
    [
        ({"a": "4.5", "b": 3}, 1, F(3, 2), [3, 2]),
        ({"a": "4.5", "b": -3}, "0.1", F(3, 20), [3, -2]),
        ({"a": 0, "b": 0}, 1, F(1), [0, 0]),
        ({"a": 6, "b": 4}, 0, F(1), [0, 0]),
    ],
)
def test_the_quantum_left_out_is_the_largest_that_fits(values, weight, quantum, counts):
    goals = {"growth": Goal(maximize={"value_added": weight})}
    problem = formulate(town("a", "b", goals=goals, effects=effects(**values)))
    assert (problem.objectives[0].quantum, problem.C.tolist()) == (quantum, [counts])


def test_a_declared_quantum_is_kept():
    goals = {"growth": Goal(maximize={"value_added": 1}, quantum="0.5")}
    problem = formulate(town("a", "b", goals=goals, effects=effects(a=3, b="4.5")))
    assert problem.C.tolist() == [[6, 9]]
    assert problem.objectives[0].value(15) == F(15, 2)


def test_a_declared_quantum_that_does_not_divide_names_the_indicator_and_the_way_out():
    goals = {"growth": Goal(maximize={"value_added": 1, "jobs": "0.5"}, quantum=1)}
    jobs = [Effect(project="b", indicator="jobs", value=3)]
    with pytest.raises(ValueError, match="objective growth") as caught:
        formulate(town("a", "b", goals=goals, effects=[*effects(a=3), *jobs]))
    assert str(caught.value) == (
        "objective growth: the declared quantum 1 does not divide 1.5, what start[b,1] adds to it (jobs 3 x 0.5); "
        "declare a quantum of 1.5, or leave it out"
    )


def test_counts_beyond_double_arithmetic_are_refused():
    with pytest.raises(ValueError, match="objective growth: its figures span more than"):
        formulate(town("a", "b", effects=effects(a="9007199254740993", b=1)))


def test_a_score_of_one_counts_nothing():
    criteria = rows(Criterion, ("comfort", "livability", 2))
    scores = rows(Score, ("a", "comfort", 1), ("b", "comfort", 4))
    problem = formulate(town("a", "b", goals={}, criteria=criteria, scores=scores))
    assert problem.objectives[0].value(int(problem.C[0, 1])) == 6
    assert problem.C[0, 0] == 0


def test_auxiliaries_exist_only_if_an_objective_counts_them():
    goals = {"growth": Goal(maximize={"value_added": 1}), "idle": Goal(maximize={"people_reached": 0})}
    reach = {"places": rows(Place, ("North", 9)), "reach": rows(Reach, ("a", "North"), ("b", "North"))}
    assert len(formulate(town("a", "b", goals=goals, **reach)).columns) == 2
    counted = {"care": Goal(maximize={"people_reached": 1})}
    assert len(formulate(town("a", "b", goals=counted, **reach)).columns) == 3


def test_worst_cases_over_intervals_are_objectives_of_their_own():
    """The least value over all effects within their intervals, by trying every corner, is that of jobs_low."""
    ends = {"mill": (9, 5, 12), "inn": (4, 2, None), "well": (-2, -3, 0)}
    region = town(
        *ends,
        goals={
            "hoped": Goal(maximize={"jobs": 1}),
            "worst": Goal(maximize={"jobs_low": 1}),
            "best": Goal(maximize={"jobs_high": 1}),
        },
        effects=[
            Effect(project=p, indicator="jobs", value=v, low=low, high=high) for p, (v, low, high) in ends.items()
        ],
    )
    problem = formulate(region)
    for chosen in product((0, 1), repeat=3):
        corners = product(*([end for end in triple if end is not None] for triple in ends.values()))
        sums = [sum(c * x for c, x in zip(corner, chosen, strict=True)) for corner in corners]
        counts = problem.evaluate([chosen])[0].tolist()
        _, worst, best = (o.value(count) for o, count in zip(problem.objectives, counts, strict=True))
        assert (worst, best) == (min(sums), max(sums))
