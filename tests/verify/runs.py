"""A small run folder written by hand, and ways to tamper with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

REGION = {
    "region.toml": """\
name = "quay"
[objectives.growth]
unit = "points"
maximize = { jobs = 1 }
[objectives.calm]
maximize = { calm = 1 }
[objectives.cost]
minimize = { public_cost = 1 }
""",
    "projects.csv": "id,capital_cost\nroad,3\npark,4\nwell,2\nfort,2\n",
    "effects.csv": "project,indicator,value\nroad,jobs,5\npark,jobs,4\nwell,jobs,1.5\nfort,jobs,1\n"
    "park,calm,3\nwell,calm,1\nfort,calm,1\n",
    "budgets.csv": "fund,amount\ncounty,6\n",
}
FRONT = """\
portfolio,growth,calm,cost,road,park,well,fort
1,6.5,1,5,1,0,1,0
2,5.5,4,6,0,1,1,0
3,5,0,3,1,0,0,0
4,4,3,4,0,1,0,0
5,1.5,1,2,0,0,1,0
6,0,0,0,0,0,0,0
"""
OBJECTIVES = [
    {"name": "growth", "sense": "max", "unit": "points", "label": "", "quantum": "1/2", "offset": "0"},
    {"name": "calm", "sense": "max", "unit": "", "label": "", "quantum": "1", "offset": "0"},
    {"name": "cost", "sense": "min", "unit": "", "label": "", "quantum": "1", "offset": "0"},
]
COMPLETE = {
    "status": "COMPLETE",
    "epsilon": 0.0,
    "epsilon_in_units": {"growth": 0.0, "calm": 0.0, "cost": 0.0},
    "hypervolume_missing": 0.0,
    "points": 6,
    "solves": 12,
    "seconds": 0.1,
    "engine": "search",
    "stopped_by": "complete",
    "ranges": {"growth": [0.0, 6.5], "calm": [0.0, 4.0], "cost": [6.0, 0.0]},
    "infeasible": False,
    "faults": [],
    "open_regions": [],
    "open_regions_total": 0,
}
OPEN = {
    "best": {"growth": 6.5, "calm": 4.0, "cost": 3.0},
    "worst": {"growth": 5.5, "calm": 3.0, "cost": 4.0},
    "epsilon": 0.25,
    "why": "not searched to the end",
}
GUARANTEE = COMPLETE | {
    "status": "GUARANTEE",
    "epsilon": 0.25,
    "epsilon_in_units": {"growth": 1.625, "calm": 1.0, "cost": 1.5},
    "hypervolume_missing": 0.1,
    "open_regions": [OPEN],
    "open_regions_total": 1,
}


def honest_run(folder: Path) -> Path:
    """A run folder in which everything is right."""
    (folder / "region").mkdir(parents=True)
    for name, text in REGION.items():
        (folder / "region" / name).write_text(text, encoding="utf-8")
    (folder / "front.csv").write_text(FRONT, encoding="utf-8")
    (folder / "certificate.json").write_text(json.dumps(COMPLETE), encoding="utf-8")
    sums = {f"region/{name}": hashlib.sha256(text.encode()).hexdigest() for name, text in REGION.items()}
    (folder / "manifest.json").write_text(json.dumps({"files": sums, "objectives": OBJECTIVES}), encoding="utf-8")
    return folder


def replace(name: str, *changes: tuple[str, str]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")

    return tamper


def front(*changes: tuple[str, str]) -> Callable[[Path], None]:
    return replace("front.csv", *changes)


def certificate(base: dict[str, Any], **changes: Any) -> Callable[[Path], None]:
    return lambda folder: (
        (folder / "certificate.json").write_text(json.dumps(base | changes), encoding="utf-8") and None
    )


def manifest(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        change(data)
        (folder / "manifest.json").write_text(json.dumps(data), encoding="utf-8")

    return tamper


def both(*tampers: Callable[[Path], None]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        for each in tampers:
            each(folder)

    return tamper
