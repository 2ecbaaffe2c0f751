"""Rules about timeline, identity and concentration: each is broken once, and only that one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from instances import RegionError, check_region, read_region
from tests.instances.small import HEAD, write

TOWNS = {
    "projects.csv": "id,town,capital_cost,category\nroad,hill,9,transport\npark,,3,green\nmill,dale,5,trade\n",
    "towns.csv": "id\nhill\ndale\n",
}
ASSETS = "id,town,era,kind,value\ngate,hill,past,tangible,1\nwell,hill,past,industrial,1\nopera,dale,past,tangible,1\n"


def policy(figures: str) -> str:
    return f"{HEAD}[policy]\n{figures}\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"timeline.csv": "count,points\n1,5\n3,2\n"}, "timeline.csv row 3, column count: 3 comes without a row for 2"),
        (
            {"timeline.csv": "count,points\n1,5\n2,8\n"},
            "timeline.csv row 3, column points: 8 is more than the 5 points of the one before. Likely cause: points of",
        ),
        (
            {"assets.csv": ASSETS, "region.toml": policy("kinds_minimum = 2")},
            "key policy.kinds_minimum: 2 cannot be met by kind industrial, of which there is 1. Likely cause: assets",
        ),
        (
            {"assets.csv": ASSETS, "region.toml": policy("eras_minimum = 4")},
            "key policy.eras_minimum: 4 cannot be met by era past, of which there are 3",
        ),
        (
            {"tags.csv": "project,kind,tag,leading\nroad,style,brick,yes\n"},
            'tags.csv row 2, column leading: "yes" is for tags of kind industry; brick is a style',
        ),
        ({"tags.csv": "project,kind,tag,leading\npark,industry,salt,yes\n"}, "leads no town: project park belongs to"),
        ({"neighbours.csv": "town,other\nhill,hill\n"}, '"hill + hill" is a neighbour of its own'),
        (
            {"neighbours.csv": "town,other\nhill,dale\ndale,hill\n"},
            'neighbours.csv row 3, column town + other: "dale + hill" stands in row 2 already, the other way round',
        ),
        (
            {"region.toml": policy("industry_towns = 2")},
            "key policy.industry_towns: 2 is about industry towns, but industry_categories names no category",
        ),
        (
            {"region.toml": policy('industry_towns = 2\nindustry_categories = ["trades"]')},
            '"trades" is the category of no project. Likely cause: did you mean trade',
        ),
        (
            {"fair_shares.csv": "id,members,at_least\na,rod,0.2\n"},
            'fair_shares.csv row 2, column members: "rod" is not in the table projects',
        ),
        (
            {"fair_shares.csv": "id,members,at_least\na,setting=urban,0.2\n"},
            '"setting=urban" finds no project; no project has this setting',
        ),
        ({"fair_shares.csv": "id,members\na,road\n"}, "has neither at_least nor at_most, so it says nothing"),
        (
            {"fair_shares.csv": "id,members,at_least,at_most\na,road,0.5,0.3\n"},
            "column at_least: 0.5 is above at_most, 0.3; only the plan that costs nothing keeps both",
        ),
    ],
)
def test_one_broken_rule_gives_one_fault(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    with pytest.raises(RegionError) as found:
        read_region(write(tmp_path, {**TOWNS, **files}))
    assert expected in str(found.value)
    assert len(found.value.faults) == 1, str(found.value)


def test_what_is_allowed(tmp_path: Path) -> None:
    files = {
        "region.toml": policy('eras_minimum = 3\nindustry_categories = ["trade"]\nindustry_towns = 0'),
        "assets.csv": ASSETS,
        "timeline.csv": "count,points\n2,5\n1,5\n3,0\n",
        "tags.csv": "project,kind,tag,leading\nmill,industry,salt,yes\nmill,style,salt,no\npark,industry,salt,no\n",
        "neighbours.csv": "town,other\nhill,dale\n",
        "fair_shares.csv": "id,members,at_least,at_most\na,setting=rural | park,0.3,0.3\nb,all,1,\n",
    }
    assert check_region(read_region(write(tmp_path, {**TOWNS, **files}))) == []
