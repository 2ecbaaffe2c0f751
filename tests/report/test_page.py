"""The report page in a browser: every control is used, it agrees with Python, and no name does any harm."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np
import pytest

from benchmarks.page import synthetic_run
from instances import read_region
from instances.region import Region
from models import formulate
from optimizer import solve
from optimizer.decide.navigate import Navigator
from optimizer.report.page import write as writing
from optimizer.report.page import write_report
from optimizer.run import Options, Run, read_run, write_run
from optimizer.stop import SolveLimit
from tests.report.browser import Opened, opened, settle
from tests.report.programs import needs_programs

pytestmark = needs_programs

WILD = (
    "<script>alert(1)</script>",
    "\"quotes' & more",
    "=cmd|' /C calc'!A0",
    "🏯 emoji 🧂",
    "\u202eright to left אבג",
    "x" * 200,
)


def run_of(region: Region, folder: Path, solves: int | None = None) -> Run:
    problem = formulate(region)
    front = solve(problem, stop=SolveLimit(solves)) if solves else solve(problem)
    return read_run(write_run(folder, region, front, Options(tuple(o.name for o in problem.objectives))))


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("park")
    return write_report(run_of(read_region("park"), folder / "run"), folder / "report.html")


def chosen(found: Opened) -> str:
    text: str = found.page.inner_text("#chosen")
    return text


def test_every_control_once(park: Path) -> None:
    with opened(park) as found:
        page = found.page
        assert "Complete" in page.inner_text("#status")
        everything = page.inner_text("#selected")
        first = chosen(found)
        page.click("#next")
        settle(page)
        assert chosen(found) != first
        page.click("#previous")
        settle(page)
        assert chosen(found) == first
        page.focus("#heat")
        page.keyboard.press("ArrowRight")
        settle(page)
        assert chosen(found) != first
        page.locator("#shortlist button").nth(0).click()
        page.locator("#shortlist tr").nth(2).locator("button").nth(1).click()
        settle(page)
        assert page.inner_text("#pinned") != page.inner_text("#banned")
        page.click("#reset")
        settle(page)
        assert page.inner_text("#selected") == everything
        page.locator("#bounds input").nth(0).fill("999999")
        page.locator("#bounds input").nth(0).press("Tab")
        settle(page)
        assert page.inner_text("#selected").startswith("0 of")
        page.click("#reset")
        settle(page)
        page.locator("#aims input[type=range]").nth(0).focus()
        page.keyboard.press("End")
        page.click("#solve")
        page.wait_for_selector("#solve:not([disabled])", timeout=60_000)
        assert "proved" in page.inner_text("#answer")
        page.locator("#aims input").nth(2).fill("999999")
        page.click("#solve")
        page.wait_for_selector("#solve:not([disabled])", timeout=60_000)
        assert "No portfolio keeps all rules and this wish" in page.inner_text("#answer")
        page.click("#clear")
        page.evaluate("() => { $('solve').click(); $('stop').click(); }")
        assert page.is_enabled("#solve")
        assert page.inner_text("#answer") == ""
        for summary in page.locator("summary").all():
            summary.click()
        assert not found.errors
        assert all(url.startswith(("file:", "blob:", "data:")) for url in found.requests)


def test_many_portfolios_and_many_rules(tmp_path: Path) -> None:
    """2,000 portfolios of 200 projects, and a region with every mechanism, in both languages and on a phone."""
    many = write_report(synthetic_run(2000, 200), tmp_path / "many.html")
    zigong = run_of(read_region("zigong"), tmp_path / "run", solves=4)
    for path, width in (
        (many, 1366),
        (write_report(zigong, tmp_path / "en.html"), 1366),
        (write_report(zigong, tmp_path / "zh.html", "zh"), 390),
    ):
        assert path.stat().st_size < 4_000_000
        with opened(path, width=width) as found:
            page = found.page
            before = chosen(found)
            page.click("#next")
            page.focus("#heat")
            page.keyboard.press("ArrowRight")
            settle(page)
            assert chosen(found) != before
            for button in (0, 3):
                page.locator("#shortlist button").nth(button).click()
            settle(page)
            assert page.evaluate("() => state.rows.length < count()") or page.evaluate("() => count()") < 10
            page.click("#reset")
            page.fill("#seconds", "1")
            page.click("#solve")
            page.wait_for_selector("#solve:not([disabled])", timeout=60_000)
            assert page.inner_text("#answer")
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width + 1
            assert not found.errors
            assert all(url.startswith(("file:", "blob:", "data:")) for url in found.requests)


def test_a_brush_moves_everything(park: Path) -> None:
    with opened(park) as found:
        page = found.page
        box = page.locator("#parallel canvas").first.bounding_box()
        assert box is not None
        left = box["x"] + 60
        page.mouse.move(left, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(left, box["y"] + 150, steps=4)
        page.mouse.up()
        settle(page)
        low = page.evaluate("() => state.low[0]")
        kept = page.evaluate("() => state.rows.length")
        assert low is not None
        assert kept < page.evaluate("() => count()")
        assert page.inner_text("#selected").startswith(f"{kept} of")
        assert not found.errors


def test_fifty_wishes_as_python_answers_them(park: Path) -> None:
    """The same wish gives the same objectives: aims, bounds, pins and bans, those that no portfolio keeps included."""
    run = read_run(park.parent / "run")
    navigator = Navigator.of(run)
    objectives, projects = run.listing.objectives, run.listing.projects
    rng = np.random.default_rng(8)
    ends = [(min(run.listing.column(k)), max(run.listing.column(k))) for k in range(len(objectives))]
    agreed = 0
    with opened(park) as found:
        for _ in range(50):
            aim = {
                o.name: low + Fraction(int(rng.integers(-4, 13)), 8) * (high - low)
                for o, (low, high) in zip(objectives, ends, strict=True)
            }
            bound = {o.name: aim[o.name] for o in objectives if rng.random() < 0.15}
            pin, ban = ([str(p) for p in rng.choice(projects, rng.integers(0, 2), replace=False)] for _ in range(2))
            ban = [project for project in ban if project not in pin]
            mine = navigator.ask(aim, at_least=bound, pin=pin, ban=ban)
            counts = [o.minimised(aim[o.name]) for o in objectives]
            wish = {
                "aims": [float(count) for count in counts],
                "caps": [
                    floor(count) if o.name in bound else None for o, count in zip(objectives, counts, strict=True)
                ],
                "inside": pin,
                "outside": ban,
                "seconds": 30,
            }
            answer = found.page.evaluate(
                """(wish) => new Promise((done) => {
                  window.asking ??= newWorker(window.sources);
                  window.asking.onmessage = ({ data }) => done(data);
                  window.asking.postMessage({ id: 1, ...wish });
                })""",
                wish,
            )
            if mine.clash is not None:
                assert answer["infeasible"]
                continue
            assert mine.place is not None
            assert mine.nearest
            assert answer["proved"]
            assert answer["y"] == [int(o.minimised(mine.place.values[o.name])) for o in objectives]
            agreed += 1
    assert agreed >= 25


def test_names_do_no_harm(tmp_path: Path) -> None:
    region = read_region("hamlet")
    projects = tuple(replace_name(project, WILD[i % len(WILD)]) for i, project in enumerate(region.projects))
    settings = region.settings.model_copy(
        update={"title": f"{WILD[0]} {{script}} {{payload}}", "description": WILD[1], "provenance": WILD[4]}
    )
    page = write_report(
        run_of(replace(region, projects=projects, settings=settings), tmp_path / "run"), tmp_path / "r.html"
    )
    for language in ("en", "zh"):
        other = write_report(read_run(tmp_path / "run"), tmp_path / f"{language}.html", language)
        with opened(other, width=390, height=800) as found:
            found.page.on("dialog", lambda dialog: pytest.fail("a script in a name ran"))
            assert WILD[0] in found.page.inner_text("h1")
            assert not found.errors
            wide = found.page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= 391
    assert page.stat().st_size < 4_000_000


def replace_name(project: object, name: str) -> object:
    return project.model_copy(update={"name": name})  # type: ignore[attr-defined]


def test_same_run_same_bytes_and_nothing_is_overwritten(park: Path, tmp_path: Path) -> None:
    run = read_run(park.parent / "run")
    assert write_report(run, tmp_path / "again.html").read_bytes() == park.read_bytes()
    with pytest.raises(FileExistsError):
        write_report(run, tmp_path / "again.html")


def test_a_package_without_the_programs_says_so(park: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "files", lambda package: tmp_path)
    (tmp_path / "static").mkdir()
    with pytest.raises(writing.MissingPrograms, match="install npm"):
        write_report(read_run(park.parent / "run"), tmp_path / "r.html")
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [1366, 390])
def test_contrast_names_and_order_for_screen_readers(park: Path, tmp_path: Path, language: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install -e '.[test]'")
    path = write_report(read_run(park.parent / "run"), tmp_path / "r.html", language)  # type: ignore[arg-type]
    with opened(path, width=width, height=800) as found:
        for summary in found.page.locator("summary").all():
            summary.click()
        result = axe.Axe().run(found.page)
        told = [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in result.response["violations"]]
        assert not told, "\n".join(map(str, told))
