from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.exact import decimals, exact_text, figure, percent


@given(st.fractions())
def test_text_and_back(value: Fraction) -> None:
    assert Fraction(exact_text(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_decimals_stay_decimals(value: object) -> None:
    assert "/" not in exact_text(Fraction(str(value)))


@pytest.mark.parametrize(
    ("values", "places"),
    [(["1", "2"], 0), (["0.5", "1000"], 1), (["0.123456", "0.2"], 5), (["1/3", "2/3"], 4), (["1000000.5", "1"], 0)],
)
def test_places_for_a_table(values: list[str], places: int) -> None:
    assert decimals([Fraction(v) for v in values]) == places


def test_rounded_figures_of_nothing_have_no_sign() -> None:
    assert figure(Fraction(0), signed=True) == "0"
    assert figure(Fraction(-1, 3), 1, signed=True) == "-0.3"


@given(st.fractions(0, 1))
def test_only_exact_shares_are_none_or_all(share: Fraction) -> None:
    assert (percent(share) == "0 %") == (share == 0)
    assert (percent(share) == "100 %") == (share == 1)
