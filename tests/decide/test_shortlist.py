from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from instances import read_region
from models import formulate
from optimizer import solve
from optimizer.certificate import Status
from optimizer.decide.shortlist import Class, Verdict, shortlist
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
    doubt = "open: whatever portfolio takes it, one of these is at least as good in every objective"
    assert why["tower"] == f"dearer (99) than all the money of its funds (20); {doubt}"
    assert why["casino"] == "locked out"


def test_a_project_that_is_only_crowded_out() -> None:
    region = village()
    front = listing(region, plans=(("clinic", "road"),))
    entries = {entry.project: entry for entry in shortlist(region, front).entries}
    assert entries["park"].why.startswith("not in the only portfolio; open")
    assert entries["road"].why.startswith("in the only portfolio; open")


def test_what_is_proved_without_solving() -> None:
    region = village()
    whole = shortlist(region, listing(region))
    verdicts = {entry.project: entry.verdict.value for entry in whole.entries}
    assert verdicts == dict.fromkeys(verdicts, "proved") | {"tower": "open"}
    assert (whole.basis, whole.open) == ("of the listed portfolios", 1)
    assert "another portfolio with the very same values" in whole.basis_in_words
    for status in (Status.GUARANTEE, Status.HEURISTIC):
        chosen = shortlist(region, listing(region, status))
        assert {entry.project for entry in chosen.entries if entry.verdict is Verdict.PROVED} == {
            "clinic",
            "mine",
            "casino",
        }
        assert "not complete" in chosen.basis_in_words
    assert "at most 3 % of the range worse" in shortlist(region, listing(region, Status.GUARANTEE)).in_words()


def test_all_portfolios_of_equal_merit_prove_a_complete_front() -> None:
    region = read_region("hamlet")
    front = solve(formulate(region), alternatives=True)
    chosen = shortlist(region, front)
    assert (chosen.basis, len(front), chosen.portfolios) == ("proved", 10, 12)
    assert chosen.in_words().startswith("1 project is core; 9 projects are borderline; 0 projects are exterior. Proved")
    share = {entry.project: entry.share for entry in chosen.entries}
    assert (share["belt"], share["road"]) == (1, Fraction(5, 12))


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
        "project", "name", "town", "category", "class", "verdict", "portfolios", "share", "weights", "aims",
        "capital_cost", "start", "why",
    ]  # fmt: skip
    assert frame["class"].tolist()[:2] == ["core", "borderline"]
    html = chosen._repr_html_()
    assert "盐场路改造工程" in html
    assert "Open for 1 project" in html
    assert len(chosen.of_class(Class.CORE)) == 1
