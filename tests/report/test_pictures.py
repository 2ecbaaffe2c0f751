"""Pictures are written, the same each time, in letters that the fonts have."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from optimizer.report.describe import REPORTS, pictures
from tests.report.county import county
from tests.report.test_reports import ADOPTED, BESIDE


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.NAME)
@pytest.mark.parametrize("beside", [None, BESIDE], ids=["alone", "beside"])
def test_every_report_has_a_picture(report, beside, tmp_path: Path) -> None:
    """A glyph that no font has would be a warning, and so an error here."""
    for name in ("one.png", "two.png"):
        pictures.save(report.picture(county(), ADOPTED, beside), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    with Image.open(tmp_path / "one.png") as picture:
        assert picture.width >= 600
        assert len(picture.convert("L").getcolors() or []) > 20


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.NAME)
def test_without_a_chinese_font_the_latin_part_stands(report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "fonts", lambda: ("DejaVu Sans",))
    pictures.save(report.picture(county(), ADOPTED, BESIDE), tmp_path / "picture.png")


@pytest.mark.parametrize(
    ("name", "otherwise", "said"),
    [
        ("大山铺 Dashanpu", "", "Dashanpu"),
        ("Dashanpu (大山铺)", "", "Dashanpu"),
        ("仙市", "xianshi", "xianshi"),
        ("5 $ a head", "", r"5 \$ a head"),
    ],
)
def test_readable(name: str, otherwise: str, said: str) -> None:
    assert pictures.readable(name, otherwise, ("DejaVu Sans",)) == said


def test_shades_differ_in_lightness() -> None:
    def lightness(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [((c + 0.055) / 1.055) ** 2.4 for c in parts]
        luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
        return 116 * luminance ** (1 / 3) - 16

    dark, middle, light = map(lightness, (pictures.DARK, pictures.MIDDLE, pictures.LIGHT))
    assert middle - dark > 25
    assert light - middle > 25
