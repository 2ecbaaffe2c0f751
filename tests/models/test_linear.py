from __future__ import annotations

from fractions import Fraction as F

import pytest

from models.linear import ZERO, Linear, Row, common_quantum

A, B = ("start", "a", 1), ("start", "b", 1)


def test_arithmetic_is_exact_and_drops_zeros():
    tenth = Linear.of(A, F(1, 10))
    assert tenth + tenth + tenth - Linear.of(A, F(3, 10)) == ZERO
    assert 1 - 2 * tenth == Linear({A: F(-1, 5)}, F(1))
    assert Linear.sum([tenth, Linear.of(B), 2 + tenth]) == Linear({A: F(1, 5), B: F(1)}, F(2))


def test_it_cannot_be_changed():
    terms = {A: F(1)}
    linear = Linear(terms)
    terms[B] = F(2)
    assert dict(linear.terms) == {A: F(1)}
    with pytest.raises(TypeError):
        linear.terms[B] = F(2)


@pytest.mark.parametrize(
    ("linear", "bounds", "whole", "row"),
    [
        (Linear({A: F(1, 2), B: F(1, 3)}), (None, F(3, 4)), True, Row({A: 3, B: 2}, None, 4)),
        (Linear({A: F(4), B: F(6)}), (F(1), F(7)), True, Row({A: 2, B: 3}, 1, 3)),
        (Linear({A: F(4), B: F(6)}, F(3)), (None, F(10)), True, Row({A: 2, B: 3}, None, 3)),
        (Linear({A: F(4), B: F(6)}), (None, F(7)), False, Row({A: 4, B: 6}, None, 7)),
        (Linear({A: F(1), B: F(1)}), (None, F(1, 3)), False, Row({A: 3, B: 3}, None, 1)),
    ],
)
def test_rows_are_whole_without_a_common_factor(linear, bounds, whole, row):
    assert linear.row(*bounds, whole=whole) == row


def test_a_row_that_doubles_cannot_add_up_is_refused():
    with pytest.raises(OverflowError, match="too far apart"):
        Linear({A: F(2**52), B: F(2**52 + 1)}).row(upper=1)


def test_common_quantum():
    assert common_quantum([F(3, 2), F(-9, 4), F(0)]) == F(3, 4)
    assert common_quantum([]) == 0
