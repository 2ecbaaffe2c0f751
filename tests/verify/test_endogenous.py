"""Sources of growth worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optimizer.verify import evaluate
from optimizer.verify.endogenous import Endogenous
from tests.verify.tables import chosen, town

SALT = town(
    policy={"internal_share": "0.4"},
    projects="id capital_cost\nguild 1\nmall 1\nroad 1",
    effects="""
        project indicator value source
        guild   jobs      3     internal
        mall    jobs      5     external
        road    jobs      -1    external
        road    calm      -4    internal
        mall    calm      2     -""",
    sources="""
        town source form     stock floor
        Salt craft  soft     10    8.5
        Salt land   hard     4     -
        Salt road   location 5     -
        Salt guests flow     0     -
        Tea  craft  soft     9     -""",
    source_changes="""
        project town source change
        guild   Salt craft  3
        mall    Salt craft  -2
        mall    Salt guests 2.5
        road    Salt road   4""",
    activations="""
        town level internal external gain
        Salt 1     12       7.5      10
        Salt 2     15       7.5      10
        Salt 3     15       10       30
        Tea  1     9        0        1.5""",
)


@pytest.mark.parametrize(
    ("plan", "expected", "growth"),
    [
        ("", [], "1.5"),  # Salt has land and craft for level 1, but nobody comes; Tea meets its first level as it is
        ("road", [], "11.5"),  # 14 inside, 9 outside: level 1
        ("guild road", [], "11.5"),  # 17 inside, 9 outside: level 2 gains no more than level 1
        ("guild mall", ["internal_share: 3 of 8 jobs is internal, a share of 0.4 wanted"], "11.5"),
        (
            "mall",
            [
                "floor: craft in Salt is left at 8, 8.5 wanted",
                "internal_share: 0 of 5 jobs is internal, a share of 0.4 wanted",
            ],
            "11.5",
        ),
        ("guild mall road", [], "31.5"),  # 15 inside, 11.5 outside: level 3; 3 of 7 jobs are internal
    ],
)
def test_endogenous(plan, expected, growth):
    endogenous = Endogenous(SALT)
    assert list(endogenous.broken(chosen(plan))) == [f"endogenous: {words}" for words in expected]
    assert endogenous.indicators(chosen(plan)) == {"activated_growth": Fraction(growth)}


QUOTIENT = {
    "projects": """
        id     capital_cost town
        saltern 1           Salt
        tower   1           Salt
        fair    1           Salt
        depot   1           -
        plot    1           Empty""",
    "tags": """
        project kind     tag    weight
        saltern industry trade  0.5
        saltern industry salt   1
        tower   style    salt   1
        fair    industry trade  1
        fair    industry salt   1
        depot   industry salt   1
        plot    industry salt   1""",
    "industries": "town industry jobs\nSalt salt 60\nSalt trade 40\nTea trade 80\nTea tea 20\nEmpty salt 0",
}
"""60 of 100 jobs in Salt are in salt, 60 of 200 in all: quotient 2; trade 40 of 100 and 120 of 200: quotient 2/3."""


@pytest.mark.parametrize(
    ("project", "value", "counts"),
    [
        ("saltern", "3.5", "7"),  # the tag of the larger weight
        ("fair", "1.00", "0"),  # the first of equal weights, rounded down to no decimals: 2/3
        ("fair", "1.05", "0.7"),
        ("fair", "0.1", "0"),
        ("fair", "-1", "-1"),  # losses stay
        ("tower", "3", "3"),  # no industry
        ("depot", "3", "3"),  # no town
        ("plot", "3", "3"),  # no jobs in the town
    ],
)
def test_location_quotient(project, value, counts):
    tables = {**QUOTIENT, "effects": f"project indicator value\n{project} nothing {value}\n{project} calm {value}"}
    for scaled, expected in ((["nothing"], counts), (["calm"], value), ([], value)):
        region = town(policy={"location_quotient": scaled}, **tables)
        assert evaluate(region, {project: 1}, ["nothing"]).values == {"nothing": Fraction(expected)}
