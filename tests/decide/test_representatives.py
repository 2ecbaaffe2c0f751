from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from models.problem import Objective
from optimizer.certificate import Status
from optimizer.decide.representatives import regret, representatives
from optimizer.listing import Listing
from tests.decide.village import certificate, listing, village


def line(count: int) -> Listing:
    """``count`` portfolios on a straight line from best in `a` to best in `b`."""
    values = tuple((Fraction(count - i), Fraction(i)) for i in range(count))
    objectives = (Objective("a", "max"), Objective("b", "max"))
    ends = {"a": (1.0, float(count)), "b": (0.0, count - 1.0)}
    return Listing(objectives, (), values, np.zeros((count, 0), np.int64), certificate(points=count, ranges=ends))


def test_best_of_each_objective_and_compromise_are_among_them() -> None:
    chosen = representatives(line(101), 12)
    assert len(chosen) == 12
    assert chosen[0] == "best a"
    assert chosen[100] == "best b"
    assert chosen[50] == "compromise"


def test_the_spread_is_even() -> None:
    rows = list(representatives(line(101), 9))
    assert max(b - a for a, b in pairwise(rows)) <= 25


def test_all_are_taken_where_they_fit() -> None:
    assert list(representatives(line(5), 12)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("count", [0, 1])
def test_short_lists(count: int) -> None:
    assert len(representatives(line(count), 12)) == count


def test_one_portfolio_may_stand_for_several_things() -> None:
    assert representatives(line(1)) == {0: "best a, best b, compromise"}


def test_regret_is_in_own_units_whatever_the_sense() -> None:
    front = listing(village(), Status.COMPLETE)
    assert front.values[0] == (Fraction(6), Fraction(21, 2))
    assert regret(front, 0) == (Fraction(0), Fraction(13, 2))
    assert regret(front, 3) == (Fraction(9, 2), Fraction(0))
