"""Timeline, identity and concentration worked by hand."""

from __future__ import annotations

import pytest

from instances.generate import generate
from optimizer.verify.concentration import Concentration
from optimizer.verify.identity import Identity
from optimizer.verify.timeline import Timeline
from tests.verify.tables import chosen, town
from tests.verify.test_agrees_with_models import disagreements, sample

TIMELINE = town(
    policy={"eras_minimum": 2, "kinds_minimum": 1},
    projects="id capital_cost\nmall 1\ntower 1\nrepair 1\nschool 1",
    towns="id\nxianshi\nniufo",
    assets="""
        id     town    era     kind       value threatened
        gate   xianshi past    tangible   1     no
        street xianshi past    tangible   1     no
        well   xianshi past    industrial 1     yes
        opera  niufo   present intangible 1     yes
        square niufo   present tangible   1     no""",
    impacts="""
        project asset  impact
        mall    street -4
        tower   street -3
        tower   well   -4
        repair  well   3
        school  opera  1""",
    timeline="count points\n1 9\n2 4.5",
)


@pytest.mark.parametrize(
    ("plan", "lacking", "memory"),
    [
        ("", "present industrial intangible", 22.5),
        ("repair school", "", 27),
        ("tower repair school", "industrial", 27),
        ("mall school", "past industrial", 22.5),
        ("mall repair school", "", 27),
        ("repair", "present intangible", 22.5),
    ],
)
def test_timeline(plan, lacking, memory):
    timeline = Timeline(TIMELINE)
    assert timeline.indicators(chosen(plan)) == {"memory": memory}
    broken = timeline.broken(chosen(plan))
    assert [line.partition(" are kept")[0].rpartition(" ")[2] for line in broken] == lacking.split()


def test_timeline_says_what_is_missing():
    assert list(Timeline(TIMELINE).broken(chosen("repair"))) == [
        "timeline: eras_minimum: 1 of 2 assets of era present are kept, at least 2 wanted",
        "timeline: kinds_minimum: 0 of 1 assets of kind intangible are kept, at least 1 wanted",
    ]


IDENTITY = town(
    policy={"one_leading_industry": "yes"},
    projects="""
        id     town capital_cost
        mockA  A    1
        mockA2 A    1
        mockB  B    1
        mockC  C    1
        lane   B    1
        resort C    1
        salt   B    1
        stage  -    1""",
    tags="""
        project kind     tag    weight leading
        mockA   style    old    1      no
        mockA   typology street 1      no
        mockA2  style    old    1      no
        mockA2  typology street 1      no
        mockB   style    old    1      no
        mockB   typology street 1      no
        mockC   style    old    1      no
        mockC   typology street 1      no
        lane    style    old    0.5    no
        lane    typology street 0.6    no
        lane    industry tea    0.1    yes
        resort  industry salt   1      yes
        resort  style    glass  0.9    no
        salt    industry salt   1      yes
        stage   style    old    1      no
        stage   typology street 1      no""",
    neighbours="town other\nA B\nB C",
)


@pytest.mark.parametrize(
    ("plan", "alikeness"),
    [
        ("mockA mockA2", 0),
        ("mockA mockB", 100),
        ("mockA mockA2 mockB mockC", 500),
        ("mockA lane", 52),  # 1.1 of 2.1
        ("mockB lane", 0),
        ("mockA mockA2 mockC lane", 2 * 100 + 3 * 52),
        ("resort salt", 52),  # 1 of 1.9
        ("stage mockA", 0),
    ],
)
def test_alikeness(plan, alikeness):
    assert Identity(IDENTITY).indicators(chosen(plan)) == {"alikeness": alikeness}


def test_leading_industries():
    assert list(Identity(IDENTITY).broken(chosen("mockA salt"))) == []
    assert list(Identity(IDENTITY).broken(chosen("lane salt resort"))) == [
        "identity: one_leading_industry: B would lead with tea and salt",
        "identity: the neighbours B and C would both lead with salt",
    ]


CONCENTRATION = town(
    policy={"industry_categories": ["industry"], "industry_towns": 1, "industry_mass": 2},
    projects="""
        id     town category capital_cost
        forge  A    industry 4
        works  A    industry 3
        kiln   B    industry 2
        school C    schools  3
        lab    -    industry 5""",
    towns="id setting\nA urban\nB rural\nC rural",
    fair_shares="id members at_least at_most\ncountry setting=rural 0.3 -\nforge forge - 0.4",
)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("", []),
        ("school lab", []),
        ("forge works school", []),
        (
            "works kiln",
            [
                "concentration: industry_towns: A and B have industry, 1 may",
                "concentration: industry_mass: A has works only, 2 wanted",
                "concentration: industry_mass: B has kiln only, 2 wanted",
            ],
        ),
        (
            "forge works",
            [
                "concentration: country: 0 of 7 spent, at least 2.1 wanted",
                "concentration: forge: 4 of 7 spent, at most 2.8 wanted",
            ],
        ),
    ],
)
def test_concentration(plan, expected):
    assert list(Concentration(CONCENTRATION).broken(chosen(plan))) == expected


@pytest.mark.parametrize("seed", range(15))
def test_agrees_with_the_model(seed):
    mine = ["timeline", "identity", "concentration"]
    region = generate(6 + seed % 10, 1 + seed % 6, 1 + seed % 2, seed, 6, ["heritage", *mine] if seed % 3 else mine)
    assert disagreements(region, sample(region, 20, seed)) == []
