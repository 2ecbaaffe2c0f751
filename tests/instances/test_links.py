"""Rules about roads and by-products: each is broken once, and only that one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from instances import RegionError, check_region, read_region
from tests.instances.small import HEAD, write

N, L, T, B, X, Z = "nodes.csv", "links.csv", "trips.csv", "byproducts.csv", "exchanges.csv", "zones.csv"
ROADS: dict[str, str | bytes] = {
    N: "id,trunk,people,trips\njunction,yes,,\nhome,,50,3\nhills,,,\n",
    L: "id,start,end,minutes,capacity,project\nold,home,junction,9,20,\nnew,home,junction,4,30,road\n",
    T: "project,node,trips\nmill,home,5\n",
}
CHAIN: dict[str, str | bytes] = {
    B: "project,material,tonnes\nmill,bran,10\n",
    X: "source,target,material,tonnes,saving\nmill,park,bran,6,2\nmill,road,bran,4,1\n",
}
PARK: dict[str, str | bytes] = {
    "region.toml": HEAD + '[policy]\npark_only = ["trade"]\n',
    Z: "id,town,kind,area\nplot,riverside,eco_park,9\n",
}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {**ROADS, L: "id,start,end,minutes,capacity\nold,home,junction,9,20\nring,home,home,2,\n"},
            'links.csv row 3, column end: "home" is also the start; a link joins two nodes',
        ),
        (
            {**ROADS, L: f"{ROADS[L]!s}far,hills,junction,4,30,rail\n"},
            'links.csv row 4, column project: "rail" is not in the table projects',
        ),
        (
            {**ROADS, L: "id,start,end,minutes,capacity,project\nnew,home,junction,4,30,road\n"},
            'nodes.csv row 3, column id: "home" has people, but no existing links lead from there to a trunk node',
        ),
        (
            {**ROADS, N: "id,trunk,people,trips\njunction,yes,,\nhome,,50,3\nhills,,,2\n"},
            'row 4, column id: "hills" is a node from which no links lead to a trunk node; its trips cannot arrive',
        ),
        (
            {**ROADS, T: "project,node,trips\nmill,hills,5\n"},
            'trips.csv row 2, column node: "hills" is a node from which no links lead to a trunk node. Likely cause: '
            "a link left out; as it is, mill could never be built",
        ),
        (
            {**ROADS, L: "id,start,end,minutes\nold,home,junction,9\n"},
            "trips.csv, column trips: is not used: no link has a capacity that trips could exceed",
        ),
        (
            {**CHAIN, X: "source,target,material,tonnes\nmill,mill,bran,6\n"},
            'row 2, column target: "mill" takes its own by-product; an exchange is between two plants',
        ),
        (
            {**CHAIN, X: "source,target,material,tonnes\nmill,park,brand,6\n"},
            'row 2, column material: "brand" is not a by-product of mill. Likely cause: did you mean bran?',
        ),
        (
            {**CHAIN, X: "source,target,material,tonnes\nroad,mill,bran,6\n"},
            '"bran" is not a by-product of road. Likely cause: road has no row in byproducts, or source and target',
        ),
        (
            {**CHAIN, X: "source,target,material,tonnes\nmill,park,bran,6\nmill,road,bran,4.5\n"},
            "exchanges.csv row 3, column tonnes: 4.5 is too much: with it 10.5 t of bran are taken from mill, where 10 "
            "t come about. Likely cause: each taker was given what it could use",
        ),
        (
            {**PARK, "region.toml": HEAD + '[policy]\npark_only = ["trade", "tradeing"]\n'},
            'key policy.park_only: "tradeing" is not a category of any project. Likely cause: did you mean trade?',
        ),
        (
            {**PARK, Z: "id,town,kind,area\nplot,riverside,built,9\n"},
            "key policy.park_only: names categories that may build only inside an eco_park, but no zone is of this",
        ),
    ],
)
def test_one_broken_rule_gives_one_fault(tmp_path: Path, files: dict[str, str | bytes], expected: str) -> None:
    with pytest.raises(RegionError) as found:
        read_region(write(tmp_path, files))
    assert expected in str(found.value)
    assert len(found.value.faults) == 1, str(found.value)


@pytest.mark.parametrize(
    "files",
    [
        ROADS,
        CHAIN,
        PARK,
        {**ROADS, T: "project,node,trips\nmill,junction,5\n"},
        {**ROADS, T: "project,node,trips\nmill,hills,0\n"},
        {N: ROADS[N], L: "id,start,end,minutes\nold,home,junction,9\n"},
        {B: CHAIN[B]},
    ],
)
def test_what_is_allowed(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    assert check_region(read_region(write(tmp_path, files))) == []
