"""Plots: what stands on the axes, marks that differ in form, five portfolios or five thousand, names in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from instances import read_region
from instances.region import Region
from instances.schema import Budget
from models import formulate
from models.problem import Objective
from optimizer import Front, solve
from optimizer.certificate import Certificate, Status
from optimizer.listing import Listing
from optimizer.report import plots
from optimizer.report.describe import pictures
from optimizer.report.plots.common import FEW, Drawn
from optimizer.report.plots.front import stairs
from optimizer.report.plots.places import _apart
from optimizer.report.plots.shares import COLUMNS, binned
from tests.report.county import county

GOALS = (
    Objective("growth", "max", "million CNY", quantum=Fraction(1)),
    Objective("emissions", "min", "tonnes", quantum=Fraction(1)),
    Objective("memory", "max", "", quantum=Fraction(1)),
)


def chinese() -> Region:
    """The county with names in Chinese alone, some of them of rare characters."""
    region = county()
    return replace(
        region,
        settings=region.settings.model_copy(update={"title": "自贡盐镇"}),
        projects=tuple(p.model_copy(update={"name": f"盐井修缮与燊海井 {i}"}) for i, p in enumerate(region.projects)),
        budgets=(Budget(fund="建设资金", period=1, amount=Decimal(40)),),
        towns=tuple(t.model_copy(update={"name": f"仙市{i}"}) for i, t in enumerate(region.towns)),
    )


def proof(points: int, status: Status = Status.HEURISTIC, epsilon: float | None = None) -> Certificate:
    units = None if epsilon is None else {goal.name: 100 * epsilon for goal in GOALS}
    return Certificate(status, epsilon, units, None, points, 1, 1.0, "search", "time limit", {})


def listing(region: Region, count: int, certificate: Certificate | None = None) -> Listing:
    """``count`` portfolios on a sphere, with any projects; of them nothing but the size matters."""
    rng = np.random.default_rng(count)
    directions = np.abs(rng.normal(size=(count, 3)))
    whole = np.round(10_000 * directions / np.linalg.norm(directions, axis=1, keepdims=True)).astype(int)
    return Listing(
        objectives=GOALS,
        projects=tuple(project.id for project in region.projects),
        values=tuple(tuple(Fraction(int(v) * s) for v, s in zip(row, (1, -1, 1), strict=True)) for row in whole),
        starts=rng.integers(0, 2, size=(count, len(region.projects))),
        certificate=certificate or proof(count),
    )


@pytest.fixture(scope="module")
def hamlet() -> Region:
    return read_region("hamlet")


@pytest.fixture(scope="module")
def found(hamlet: Region) -> Front:
    return solve(formulate(hamlet), method="search")


@pytest.mark.parametrize("count", [1, 5, 5000])
@pytest.mark.parametrize("name", plots.PLOTS)
def test_every_plot_of_few_and_many(name: str, count: int, tmp_path: Path) -> None:
    """In Chinese; a glyph that no font has would be a warning, and so an error here."""
    region = chinese()
    figure = plots.PLOTS[name](listing(region, count), region)
    assert isinstance(figure, Figure)
    pictures.save(figure, tmp_path / "plot.png")
    with Image.open(tmp_path / "plot.png") as picture:
        assert picture.width >= 600
        grey = np.asarray(picture.convert("L"))
    assert grey.min() < 40 < 250 < grey.max()


@pytest.mark.parametrize("name", plots.PLOTS)
def test_without_a_chinese_font(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "fonts", lambda: ("DejaVu Sans",))
    region = chinese()
    pictures.save(plots.PLOTS[name](listing(region, 12), region), tmp_path / "plot.png")


@pytest.mark.parametrize("name", plots.PLOTS)
def test_no_figure_stays_open(name: str, found: Front, hamlet: Region) -> None:
    from matplotlib import pyplot

    before = pyplot.get_fignums()
    plots.PLOTS[name](found, hamlet)
    assert pyplot.get_fignums() == before


@pytest.mark.parametrize("name", plots.PLOTS)
def test_the_same_picture_twice(name: str, found: Front, hamlet: Region, tmp_path: Path) -> None:
    for copy in ("one.png", "two.png"):
        pictures.save(plots.PLOTS[name](found, hamlet), tmp_path / copy)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize("count", [5, 5000])
def test_marks_differ_in_form_not_in_colour(count: int) -> None:
    region = county()
    (axes,) = plots.parallel_coordinates(listing(region, count), region).axes
    named = [line for line in axes.get_lines() if not str(line.get_label()).startswith("_")]
    assert len(named) == (5 if count == 5 else 4)
    assert {line.get_color() for line in named} == {"black"}
    assert len({str(line._dash_pattern) for line in named}) == len(named)  # type: ignore[attr-defined]
    assert len({line.get_marker() for line in named}) == len(named)


def test_up_to_few_portfolios_are_told_apart_one_by_one() -> None:
    marks = Drawn.of(listing(county(), FEW)).marks
    assert len(marks) == FEW
    assert len({mark.marker for mark in marks}) == len({mark.dashes for mark in marks}) == FEW


def test_senses_and_units_stand_on_the_axes() -> None:
    region = county()
    data = listing(region, 50)
    axes = plots.front(data, "emissions", "memory").axes[0]
    assert axes.get_xlabel() == "emissions, tonnes (less is better)"
    assert axes.get_ylabel() == "memory (more is better)"
    (parallel,) = plots.parallel_coordinates(data).axes
    titles = [label.get_text().splitlines() for label in parallel.get_xticklabels()]
    assert titles[0] == ["growth", "million CNY", "more is better"]
    assert titles[1][:3] == ["emissions", "tonnes", "less is better:"]


def test_better_is_higher_on_every_upright() -> None:
    data = listing(county(), 5)
    (axes,) = plots.parallel_coordinates(data).axes
    for k in range(3):
        best = next(
            line for line, mark in zip(lines(axes), Drawn.of(data).marks, strict=True) if mark.row == data.best(k)
        )
        assert best[k] == 1


def lines(axes: object) -> Iterator[np.ndarray]:
    for line in axes.get_lines():  # type: ignore[attr-defined]
        if not str(line.get_label()).startswith("_"):
            yield np.asarray(line.get_ydata())


@pytest.mark.parametrize("signs", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_stairs_are_the_undominated_points(signs: tuple[int, int]) -> None:
    """Against the definition, with ties in either value."""
    rng = np.random.default_rng(3)
    for _ in range(50):
        points = rng.integers(0, 6, size=(12, 2)).astype(float)
        good = points * signs
        kept = {
            tuple(point)
            for point, own in zip(points, good, strict=True)
            if not ((good >= own).all(axis=1) & (good > own).any(axis=1)).any()
        }
        corners = stairs(points, np.array(signs, dtype=float))
        assert {tuple(corner) for corner in corners} == kept
        assert len(corners) == len(kept)


@pytest.mark.parametrize(
    ("certificate", "drawn"),
    [
        (proof(20, Status.GUARANTEE, 0.05), True),
        (proof(20, Status.COMPLETE, 0.0), False),
        (proof(20), False),
    ],
)
def test_only_a_guarantee_draws_what_it_rules_out(certificate: Certificate, drawn: bool) -> None:
    """The line is the stairs moved by epsilon, in each objective's own direction."""
    data = listing(county(), 20, certificate)
    axes = plots.front(data).axes[0]
    lines = {str(line.get_label()): np.asarray(line.get_xydata()) for line in axes.get_lines()}
    said = [label for label in lines if "proved" in label]
    assert bool(said) == drawn
    if drawn:
        assert said == ["nothing lies beyond this: proved (5 %)"]
        moved = lines[said[0]] - lines["the best of the list"]
        assert moved[1:-1] == pytest.approx(np.tile([5, -5], (len(moved) - 2, 1)))


def test_a_title_claims_no_more_than_the_certificate(found: Front, hamlet: Region) -> None:
    assert plots.front(found, region=hamlet).get_suptitle().endswith("10 portfolios, the complete front")
    some = found.listing.rows([0, 3])
    assert plots.front(some, region=hamlet).get_suptitle().endswith("2 portfolios, nothing proved")


def test_rows_of_the_heat_map_fall_by_core_index(found: Front, hamlet: Region) -> None:
    wide, narrow = plots.heat_map(found, hamlet).axes
    shares = [bar.get_width() for bar in narrow.patches]
    assert shares == sorted(shares, reverse=True)
    cells = np.asarray(wide.images[0].get_array())
    assert (cells > 0).mean(axis=1) == pytest.approx(shares)
    names = {project.name for project in hamlet.projects}
    assert {label.get_text() for label in wide.get_yticklabels()} == names


def test_many_columns_become_shares() -> None:
    cells = np.random.default_rng(1).integers(0, 2, size=(4, 2 * COLUMNS)).astype(float)
    assert binned(cells, COLUMNS).shape == (4, COLUMNS)
    assert binned(cells, COLUMNS).mean(axis=1) == pytest.approx(cells.mean(axis=1))


def test_use_is_that_of_the_auditor(found: Front, hamlet: Region) -> None:
    few = found.listing.rows([0, 3, 5])
    axes = plots.budget_use(few, hamlet).axes[0]
    use = found.to_frame(hamlet)["use"]
    for row, dots in zip((0, 3, 5), axes.collections, strict=True):
        shown = np.asarray(dots.get_offsets())[:, 0]
        assert shown == pytest.approx(use[["budget county, period 1", "budget culture, period 1"]].iloc[row])


def test_towns_make_room_for_each_other() -> None:
    radii = {"a": 1.0, "b": 0.5, "c": 0.7}
    for centres in ({n: np.zeros(2) for n in radii}, {n: np.array([i / 10, 0.0]) for i, n in enumerate(radii)}):
        moved = _apart(centres, radii)
        for one in radii:
            for other in radii:
                if one < other:
                    assert np.hypot(*(moved[one] - moved[other])) >= radii[one] + radii[other]


def test_towns_that_have_room_stay() -> None:
    centres = {"a": np.array([0.0, 0.0]), "b": np.array([9.0, 0.0])}
    moved = _apart(centres, {"a": 1.0, "b": 1.0})
    assert all((moved[town] == centres[town]).all() for town in centres)


def test_save_all_says_what_it_cannot_draw(found: Front, tmp_path: Path) -> None:
    files, missing = plots.save_all(found, tmp_path / "all")
    assert set(files) == {"front", "scatter", "parallel", "heat"}
    assert {path.name for path in (tmp_path / "all").iterdir()} == {path.name for path in files.values()}
    assert set(missing) == {"budgets", "map"}
    assert all("region" in why for why in missing.values())


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda data, folder: plots.front(data, "grwth"), "did you mean growth?"),
        (lambda data, folder: plots.front(data.rows([])), "there is no portfolio to draw"),
        (lambda data, folder: plots.save_all(data.rows([]), folder), "there is no portfolio to draw"),
        (lambda data, folder: plots.save_all(data, folder, only=["haet"]), "did you mean heat?"),
        (lambda data, folder: plots.budget_use(data), "needs the region"),
        (lambda data, folder: plots.budget_use(data, county()), "nothing of any budget"),
    ],
)
def test_refusals(draw: Callable[[Listing, Path], object], said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        draw(listing(county(), 6), tmp_path / "pictures")
    assert not list(tmp_path.iterdir())
