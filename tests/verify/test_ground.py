"""Land, ecology and heritage worked by hand."""

from __future__ import annotations

import pytest

from optimizer.verify.ecology import Ecology
from optimizer.verify.heritage import Heritage
from optimizer.verify.land import Land
from tests.verify.tables import chosen, town

LAND = town(
    policy={"farmland_quota_ha": 4},
    projects="id capital_cost\nmill 1\nfarm 1\npark 1\ndock 1\npond 1",
    towns="id\nxianshi",
    zones="""
        id town    kind     area one_project
        Z1 xianshi arable   10   -
        Z2 xianshi green    8    -
        Z3 xianshi built    5    yes
        L1 xianshi red_line 1    -""",
    footprints="""
        project zone hectares becomes
        mill    Z1   7.5      built
        farm    Z3   2        arable
        park    Z1   5        green
        dock    Z3   1        green
        dock    L1   50       built
        pond    Z2   9        water
        farm    Z1   2        arable""",
)


@pytest.mark.parametrize(
    ("plan", "expected", "farmland", "green"),
    [
        ("", [], 0, 0),
        ("mill", ["land: farmland_quota_ha: 7.5 ha converted, 4 ha allowed (3.5 too much)"], 7.5, 0),
        ("mill farm", ["land: farmland_quota_ha: 5.5 ha converted, 4 ha allowed (1.5 too much)"], 5.5, 0),
        ("park farm", [], 3, 5),
        (
            "mill park",
            [
                "land: zone Z1 in xianshi: 12.5 ha taken of 10 ha",
                "land: farmland_quota_ha: 12.5 ha converted, 4 ha allowed (8.5 too much)",
            ],
            12.5,
            5,
        ),
        ("farm dock", ["land: zone Z3 in xianshi takes one project: farm and dock are chosen"], -2, 1),
        ("pond", ["land: zone Z2 in xianshi: 9 ha taken of 8 ha"], 0, -9),
    ],
)
def test_land(plan, expected, farmland, green):
    land = Land(LAND)
    assert list(land.broken(chosen(plan))) == expected
    assert land.indicators(chosen(plan)) == {"farmland_converted": farmland, "green_gain": green}


ECOLOGY = town(
    projects="id capital_cost\nmill 1\nbelt 1\nweir 1\nfarm 1\nfree 1",
    towns="id\nT1",
    zones="id town kind area\nR T1 red_line 5",
    footprints="""
        project zone hectares becomes
        mill    R    1.5      built
        belt    R    2        green
        farm    R    1        arable
        free    R    0        built""",
    capacities="""
        basin pollutant base_point base_diffuse capacity
        Tuo   nitrogen  6          3            10
        Tuo   cod       0          0            2""",
    loads="""
        project basin pollutant kind    load
        mill    Tuo   nitrogen  point   2.5
        belt    Tuo   nitrogen  diffuse -5
        weir    Tuo   nitrogen  point   -1
        farm    Tuo   nitrogen  diffuse 4
        farm    Tuo   cod       point   2
        free    Wei   cod       point   900""",
)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("", []),
        ("free", []),
        (
            "mill",
            [
                "ecology: zone R in T1 is a red line: mill makes 1.5 ha built",
                "ecology: basin Tuo, nitrogen: 11.5 t a year, it can bear 10 (1.5 too much)",
            ],
        ),
        # Green space takes up diffuse load only: the 2 t it could take up beyond that help nobody.
        ("belt", []),
        ("mill belt", ["ecology: zone R in T1 is a red line: mill makes 1.5 ha built"]),
        (
            "farm",
            [
                "ecology: zone R in T1 is a red line: farm makes 1 ha arable",
                "ecology: basin Tuo, nitrogen: 13 t a year, it can bear 10 (3 too much)",
            ],
        ),
        ("belt weir", []),
        (
            "farm mill belt",
            [
                "ecology: zone R in T1 is a red line: farm makes 1 ha arable",
                "ecology: zone R in T1 is a red line: mill makes 1.5 ha built",
                "ecology: basin Tuo, nitrogen: 10.5 t a year, it can bear 10 (0.5 too much)",
            ],
        ),
    ],
)
def test_red_lines_and_basins(plan, expected):
    assert list(Ecology(ECOLOGY).broken(chosen(plan))) == expected


def test_green_space_does_not_clean_pipes():
    region = town(
        projects="id capital_cost\nmill 1\nbelt 1",
        capacities="basin pollutant base_point base_diffuse capacity\nTuo nitrogen 6 3 7",
        loads="""
            project basin pollutant kind    load
            mill    Tuo   nitrogen  point   2
            belt    Tuo   nitrogen  diffuse -5""",
    )
    assert list(Ecology(region).broken(chosen("belt"))) == []
    assert list(Ecology(region).broken(chosen("mill belt"))) == [
        "ecology: basin Tuo, nitrogen: 8 t a year, it can bear 7 (1 too much)"
    ]


COVER = town(
    policy={"green_cover": "0.4", "habitat_no_net_loss": True},
    projects="id capital_cost\nmill 1\npark 1\nwood 1\ncity 1\nfill 1",
    towns="id\nT1\nT2",
    zones="""
        id town kind   area
        B1 T1   built  6
        G1 T1   green  4
        A1 T1   arable 10
        W1 T1   water  3
        A2 T2   arable 10
        B2 T2   built  0
        G2 T2   green  2""",
    footprints="""
        project zone hectares becomes
        mill    G1   1        built
        park    B1   1.5      green
        wood    A1   2        green
        city    A2   3        built
        city    G2   1        green
        fill    W1   0.5      built""",
)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("", []),
        (
            "mill",
            [
                "ecology: green_cover of T1: 3 ha green of 10 ha green and built, at least 4 ha wanted",
                "ecology: habitat_no_net_loss: 1 ha of green and water land lost, 0 ha won",
            ],
        ),
        ("mill park", []),
        ("mill wood", []),
        # half a hectare of water built over, two hectares of farmland turned into wood
        (
            "fill wood",
            [],
        ),
        (
            "fill",
            [
                "ecology: green_cover of T1: 4 ha green of 10.5 ha green and built, at least 4.2 ha wanted",
                "ecology: habitat_no_net_loss: 0.5 ha of green and water land lost, 0 ha won",
            ],
        ),
        ("city", []),
        ("city park", []),
    ],
)
def test_green_cover_and_habitat(plan, expected):
    assert list(Ecology(COVER).broken(chosen(plan))) == expected


def test_green_cover_counts_the_town_of_the_zone():
    region = town(
        policy={"green_cover": "0.4"},
        projects="id town capital_cost\ncity T1 1",
        towns="id\nT1\nT2",
        zones="id town kind area\nA2 T2 arable 10\nG2 T2 green 2\nG1 T1 green 1\nW3 T3 water 9",
        footprints="project zone hectares becomes\ncity A2 4 built",
    )
    assert list(Ecology(region).broken(chosen("city"))) == [
        "ecology: green_cover of T2: 2 ha green of 6 ha green and built, at least 2.4 ha wanted"
    ]


HERITAGE = town(
    periods=2,
    policy={"heritage_loss_limit": 6, "demolition_share": "0.1"},
    projects="""
        id    category capital_cost
        inn   tourism  1
        tower housing  1
        raze  housing  1
        heal  heritage 1
        care  heritage 1
        tour  tourism  1
        show  tourism  1
        hurt  road     1""",
    towns="id\nT1",
    zones="""
        id town kind             area allowed_categories
        C  T1   heritage_core    2    -
        K  T1   heritage_control 4    tourism
        N  T1   heritage_control 4    -
        O  T1   old_quarter      20   -""",
    footprints="""
        project zone hectares becomes
        inn     K    1        built
        tower   K    1        built
        raze    C    0.5      built
        heal    C    0.5      green
        care    N    1        built
        hurt    O    1.5      built
        tour    O    1        green""",
    assets="""
        id     town grade    value threatened
        temple T1   national 8     yes
        barn   T1   unlisted 3     -""",
    impacts="""
        project asset  impact uses
        hurt    temple -1     -
        raze    temple -4     -
        raze    barn   -4     -
        heal    temple 2      -
        care    barn   4      yes
        tour    temple 0      yes
        show    temple 1      yes""",
)
NOT_SAVED = "heritage: heritage_loss_limit: 8 points lost, 6 allowed"


@pytest.mark.parametrize(
    ("plan", "expected", "loss", "gain"),
    [
        ("", [NOT_SAVED], 8, 0),
        ("heal", [], 0, 4),
        ("heal hurt", [], 2, 4),
        ("hurt", [NOT_SAVED], 8, 0),
        ("heal inn", [], 0, 4),
        ("heal tower", ["heritage: zone K in T1 is a heritage control: tower may not build there"], 0, 4),
        ("heal care", ["heritage: zone N in T1 is a heritage control: care may not build there"], 0, 7),
        (
            "heal raze",
            [
                "heritage: zone C in T1 is a heritage core: raze may not build there",
                "heritage: raze destroys temple, which has national protection",
                "heritage: heritage_loss_limit: 11 points lost, 6 allowed",
            ],
            11,
            4,
        ),
        ("tour", ["heritage: asset temple is used by tour, but no chosen project conserves it", NOT_SAVED], 8, 0),
        ("tour heal", [], 0, 4),
        ("show", [], 0, 2),
        ("show tour", [], 0, 2),
        (
            "heal hurt:1 tour:1",
            ["heritage: demolition_share: zone O, period 1: 2.5 ha, 2 ha allowed"],
            2,
            4,
        ),
        ("heal hurt:1 tour:2", [], 2, 4),
        ("heal hurt:2 tour:2", ["heritage: demolition_share: zone O, period 2: 2.5 ha, 2 ha allowed"], 2, 4),
    ],
)
def test_heritage(plan, expected, loss, gain):
    heritage = Heritage(HERITAGE)
    assert list(heritage.broken(chosen(plan))) == expected
    assert heritage.indicators(chosen(plan)) == {"heritage_loss": loss, "heritage_gain": gain}
