"""The report page with many portfolios: until the first picture, and until everything follows a brush or a choice."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from instances.region import Region
from instances.schema import Budget, Effect, Project, Town
from instances.settings import Goal, Settings
from models.problem import Objective
from optimizer.certificate import Certificate, Status
from optimizer.listing import Listing
from optimizer.report.page import write_report
from optimizer.run import Run

__all__ = ["FLAGS", "chromium", "measure", "synthetic_run"]

GOALS = ("growth", "character", "livability")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
"""So that a browser of Debian's runs without a screen and asks nobody for anything."""


def synthetic_run(portfolios: int, projects: int, seed: int = 0) -> Run:
    """A run of so many portfolios, drawn by chance; only its size means anything."""
    rng = np.random.default_rng(seed)
    towns = tuple(
        Town(
            id=f"t{i}", name=f"镇{i} Town {i}", lon=Decimal(104) + Decimal(i % 4) / 5, lat=Decimal(29) + Decimal(i) / 10
        )
        for i in range(12)
    )
    candidates = tuple(
        Project(
            id=f"P{j:03}", name=f"Project {j} 项目", town=f"t{j % 12}", capital_cost=Decimal(int(rng.integers(20, 400)))
        )
        for j in range(projects)
    )
    worth = rng.integers(1, 300, (projects, len(GOALS)))
    effects = tuple(
        Effect(project=p.id, indicator=goal, value=Decimal(int(worth[j, k])))
        for j, p in enumerate(candidates)
        for k, goal in enumerate(GOALS)
    )
    region = Region(
        settings=Settings(name="many", objectives={g: Goal(maximize={g: Decimal(1)}, unit="points") for g in GOALS}),
        projects=candidates,
        effects=effects,
        towns=towns,
        budgets=(Budget(fund="county", amount=Decimal(200 * projects)),),
    )
    chances = rng.random((portfolios, 1)) * 0.3 + 0.2
    starts = (rng.random((portfolios, projects)) < chances).astype(np.int64)
    certificate = Certificate(
        status=Status.HEURISTIC,
        epsilon=None,
        epsilon_in_units=None,
        hypervolume_missing=None,
        points=portfolios,
        solves=0,
        seconds=0.0,
        engine="evolve",
        stopped_by="drawn by chance",
        ranges={},
    )
    listing = Listing(
        objectives=tuple(Objective(goal, "max", "points") for goal in GOALS),
        projects=tuple(p.id for p in candidates),
        values=tuple(tuple(Fraction(int(v)) for v in row) for row in starts @ worth),
        starts=starts,
        certificate=certificate,
    )
    return Run(Path("many"), region, listing, {"growthring": "", "options": {}})


def chromium() -> str | None:
    """Where the browser is; ``None`` where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def measure(portfolios: int, projects: int, repeat: int = 5) -> Iterator[tuple[str, float]]:
    """What is measured, and its median in milliseconds (the size: megabytes)."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = write_report(synthetic_run(portfolios, projects), Path(folder) / "report.html")
        yield "size, MB", path.stat().st_size / 1e6
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        ready = []
        for _ in range(repeat):
            page.goto(path.as_uri())
            page.wait_for_selector("body[data-drawn]", timeout=60_000)
            ready.append(float(page.evaluate("() => performance.now()")))
        yield "first picture", statistics.median(ready)
        yield "brush", statistics.median(_brush(page, 60 + 12 * i) for i in range(repeat))
        yield "next portfolio", statistics.median(_followed(page, lambda: page.click("#next")) for _ in range(repeat))
        browser.close()


def _brush(page: Any, depth: int) -> float:
    box = page.locator("#parallel canvas").first.bounding_box()
    x, y = box["x"] + 60, box["y"] + 70

    def drag() -> None:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y + depth)
        page.mouse.up()

    return _followed(page, drag)


def _followed(page: Any, act: Any) -> float:
    """Milliseconds that the page took to draw what followed."""
    act()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
    return float(page.evaluate("() => Number(document.body.dataset.drawn)"))
