"""Rules about sources of growth and services: each is broken once, and only that one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from instances import RegionError, check_region, read_region
from tests.instances.small import HEAD, write

SOURCES = {
    "towns.csv": "id,population\nsalt,1000\n",
    "sources.csv": "town,source,form,stock,floor\nsalt,craft,soft,5,7\nsalt,road,location,2,\n",
    "source_changes.csv": "project,town,source,change\nroad,salt,road,4\npark,salt,craft,2\nmill,salt,craft,-3\n",
    "activations.csv": "town,level,internal,external,gain\nsalt,2,6,3,9\nsalt,1,5,3,4\n",
    "industries.csv": "town,industry,jobs\nsalt,lanterns,20\n",
    "region.toml": HEAD + '[policy]\nlocation_quotient = ["jobs"]\n',
}
SERVICES = {
    "towns.csv": "id,population\nsalt,1000\n",
    "services.csv": "service,town,capacity,per_head\nschool,salt,90,0.1\n",
    "supply.csv": "project,service,town,capacity\nroad,school,salt,4\n",
}


def policy(figures: str, goal: str = "") -> dict[str, str]:
    return {"region.toml": f"{HEAD}{goal}[policy]\n{figures}\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # sources
        (
            {"source_changes.csv": SOURCES["source_changes.csv"] + "mill,salt,crafts,1\n"},
            'source_changes.csv row 5, column town + source: "salt + crafts" has no row in the table sources, so the '
            "change would count for nothing. Likely cause: did you mean salt + craft?",
        ),
        (
            {
                "towns.csv": "id\nsalt\ntea\n",
                "activations.csv": "town,level,internal,external,gain\ntea,1,5,3,4\n",
            },
            'activations.csv row 2, column town: "tea" has no sources, so nothing could ever be activated there',
        ),
        (
            {"sources.csv": SOURCES["sources.csv"].replace(",7", ",7.5")},
            "sources.csv row 2, column floor: 7.5 is more than the stock and all that projects add to it (7); it can",
        ),
        (
            {"activations.csv": SOURCES["activations.csv"].replace("salt,1,5", "salt,1,6.5")},
            "activations.csv row 2, column internal: 6 is less than at level 1 of salt (6.5); levels rise. Likely",
        ),
        (
            {"activations.csv": SOURCES["activations.csv"] + "salt,3,6,3,2\n"},
            "activations.csv row 4, column gain: 2 is less than at level 2 of salt (9); levels rise. Likely cause: "
            "levels in another order; a gain is entered in all, not on top of the level below",
        ),
        # location quotients
        (
            policy('location_quotient = ["jobs", "job"]'),
            'key policy.location_quotient: "job" is not an indicator of the table effects; only effects of projects '
            "can be scaled. Likely cause: did you mean jobs?",
        ),
        (
            {"industries.csv": "town,industry,jobs\n"},
            "key policy.location_quotient: needs the table industries, which has no rows",
        ),
    ],
)
def test_one_broken_rule_about_sources(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    told(tmp_path, {**SOURCES, **files}, expected)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"supply.csv": "project,service,town,capacity\nroad,schools,salt,4\n"},
            'supply.csv row 2, column service + town: "schools + salt" has no row in the table services, so the supply '
            "would count for nothing. Likely cause: did you mean school + salt?",
        ),
        ({"services.csv": "service,town,capacity,per_head\n"}, "Likely cause: the table services is missing"),
        (
            {"towns.csv": "id,population\n"},
            "services.csv, column town: the table towns is missing, which holds the residents",
        ),
        # newcomers
        (policy("newcomer_step = 50"), "key policy.newcomer_limit: is left out, but newcomer_step is set"),
        (policy("newcomer_limit = 50"), "key policy.newcomer_step: is left out, but newcomer_limit is set"),
        (policy("newcomer_limit = 50\nnewcomer_step = 0"), "key policy.newcomer_step: 0 is no step; newcomers are"),
        (
            policy("newcomer_limit = 50\nnewcomer_step = 100"),
            "100 is more than newcomer_limit (50); not even one step could be counted. Likely cause: the two figures",
        ),
        (
            policy("", "[objectives.welcome]\nmaximize = {newcomers = 1}\n"),
            "key policy.newcomer_step: is left out, but objective welcome counts newcomers",
        ),
    ],
)
def test_one_broken_rule_about_services(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    told(tmp_path, {**SERVICES, **files}, expected)


def told(folder: Path, files: dict[str, str], expected: str) -> None:
    with pytest.raises(RegionError) as found:
        read_region(write(folder, dict(files)))
    assert expected in str(found.value), str(found.value)
    assert len(found.value.faults) == 1, str(found.value)


@pytest.mark.parametrize(
    "files",
    [
        SOURCES,
        SERVICES,
        {**SERVICES, **policy("newcomer_limit = 50\nnewcomer_step = 50")},
        {"towns.csv": SOURCES["towns.csv"], "sources.csv": "town,source,form,stock\nsalt,craft,soft,5\n"},
    ],
)
def test_what_is_allowed(tmp_path: Path, files: dict[str, str]) -> None:
    assert check_region(read_region(write(tmp_path, dict(files)))) == []
