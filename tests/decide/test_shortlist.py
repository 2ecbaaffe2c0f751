from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from optimizer.certificate import Status
from optimizer.decide.shortlist import Class, shortlist
from tests.decide.village import listing, village


def test_classes_and_exact_shares() -> None:
    region = village()
    entries = {entry.project: entry for entry in shortlist(region, listing(region)).entries}
    assert {p: entry.cls.value for p, entry in entries.items()} == {
        "clinic": "core",
        "road": "borderline",
        "park": "borderline",
        "school": "borderline",
        "mine": "exterior",
        "tower": "exterior",
        "casino": "exterior",
    }
    assert [entries[p].share for p in ("clinic", "road", "school", "mine")] == [1, Fraction(3, 4), Fraction(1, 4), 0]
    assert entries["road"].capital_cost == Decimal("2.5")
    assert entries["road"].town == "盐场镇"


def test_core_comes_first_then_by_share() -> None:
    region = village()
    order = [entry.project for entry in shortlist(region, listing(region)).entries]
    assert order == ["clinic", "road", "park", "school", "mine", "tower", "casino"]


def test_why() -> None:
    region = village()
    why = {entry.project: entry.why for entry in shortlist(region, listing(region)).entries}
    assert why["clinic"] == "in all 4 portfolios; locked in"
    assert why["road"] == "in 3 of 4; with it on average growth +3.17 but cost +3.50"
    assert why["mine"].startswith("forbidden: ")
    assert why["tower"] == "dearer (99) than all the money of its funds (20)"
    assert why["casino"] == "locked out"


def test_a_project_that_is_only_crowded_out() -> None:
    region = village()
    front = listing(region, plans=(("clinic", "road"),))
    entries = {entry.project: entry for entry in shortlist(region, front).entries}
    assert entries["park"].why == "none of the 1 portfolios takes it"
    assert entries["road"].why == "in the only portfolio"


def test_proved_only_if_complete() -> None:
    region = village()
    assert shortlist(region, listing(region)).basis == "proved"
    for status in (Status.GUARANTEE, Status.HEURISTIC):
        chosen = shortlist(region, listing(region, status))
        assert chosen.basis == "of the listed portfolios"
        assert "not complete" in chosen.basis_in_words
    assert "very same values may exist" in shortlist(region, listing(region)).basis_in_words


def test_most_frequent_start() -> None:
    region = village(periods=2)
    front = listing(region)
    starts = front.starts.copy()
    starts[0, 0] = starts[1, 0] = 2
    starts[0, 2] = 2
    chosen = shortlist(region, replace(front, starts=starts))
    entries = {entry.project: entry for entry in chosen.entries}
    assert entries["road"].start == (2,)
    assert entries["park"].start == (1,)
    assert entries["clinic"].start == (1,)
    assert entries["mine"].start == ()


def test_no_portfolio_no_shortlist() -> None:
    region = village()
    with pytest.raises(ValueError, match="no portfolio"):
        shortlist(region, listing(region, plans=()))


def test_frame_and_html() -> None:
    region = village()
    chosen = shortlist(region, listing(region))
    frame = chosen.to_frame()
    assert list(frame.columns) == [
        "project", "name", "town", "category", "class", "portfolios", "share", "capital_cost", "start", "why",
    ]  # fmt: skip
    assert frame["class"].tolist()[:2] == ["core", "borderline"]
    html = chosen._repr_html_()
    assert "盐场路改造工程" in html
    assert "Proved" in html
    assert len(chosen.of_class(Class.CORE)) == 1
