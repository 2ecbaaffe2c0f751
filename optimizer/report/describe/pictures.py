"""Pictures that a black-and-white printer can show, in words that the fonts at hand can write.

Shades differ in lightness, never in hue alone. Chinese names are written where a font for them is installed; elsewhere
the part in Latin letters stands for the whole, so that no empty box appears. Matplotlib is loaded at the first picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["DARK", "LIGHT", "MIDDLE", "drawn", "lines", "new_figure", "plain_axes", "readable", "save", "shaded"]

DARK, MIDDLE, LIGHT = "#17365c", "#6f93b8", "#d4dde6"
"""Lightness 22, 59 and 88 of 100: told apart without colour."""
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti TC",
    "Arial Unicode MS",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
)
LATIN = "DejaVu Sans"  # comes with matplotlib
P = ParamSpec("P")


def drawn(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Let ``draw`` use the fonts and sizes of this house."""

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> Figure:
        import matplotlib as mpl

        sizes = {"font.size": 9, "axes.titlesize": 10, "figure.titlesize": 11}
        with mpl.rc_context({"font.family": list(fonts()), **sizes}):  # type: ignore[dict-item]
            return draw(*args, **kwargs)

    return styled


@cache
def fonts() -> tuple[str, ...]:
    """The Latin font and, if one is installed, a Chinese one to fall back on."""
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return (LATIN, *[name for name in CHINESE if name in there][:1])


@cache
def letters(families: tuple[str, ...]) -> frozenset[int]:
    """The characters that the fonts can write."""
    from matplotlib import font_manager, ft2font

    paths = [font_manager.findfont(name, fallback_to_default=False) for name in families]
    return frozenset(code for path in paths for code in ft2font.FT2Font(path).get_charmap())


def readable(name: str, otherwise: str = "", families: tuple[str, ...] | None = None) -> str:
    """``name`` without the characters that no font at hand can write; ``otherwise`` if nothing is left.

    >>> readable("大山铺 Dashanpu", families=("DejaVu Sans",)), readable("仙市", "xianshi", families=("DejaVu Sans",))
    ('Dashanpu', 'xianshi')
    """
    known = letters(families or fonts())
    kept = "".join(letter for letter in name if letter.isspace() or ord(letter) in known)
    text = " ".join(kept.split()).strip(" ()（）,;-·")
    return (text or otherwise).replace("$", r"\$")


def lines(texts: Iterable[str], width: int = 34) -> list[str]:
    """Texts broken into lines of at most ``width`` characters, to stand beside an axis."""
    from textwrap import fill

    return [fill(text, width) for text in texts]


def new_figure(
    title: str, width: float, height: float, columns: int = 1, sharex: bool = False, sharey: bool = False
) -> tuple[Figure, list[Axes]]:
    """A figure of ``width`` by ``height`` inches with ``columns`` axes beside each other."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    grid = figure.subplots(1, columns, squeeze=False, sharex=sharex, sharey=sharey)
    return figure, list(grid[0])


def plain_axes(axes: Axes) -> None:
    """No frame; hair lines behind the figures."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(left=False)
    axes.set_axisbelow(True)
    axes.grid(axis="x", color="#e3e3e3", linewidth=0.6)


def shaded(
    axes: Axes,
    values: Sequence[Sequence[float | None]],
    most: float,
    text: Callable[[float], str],
    dark_is_most: bool = True,
) -> None:
    """A table in shades of grey with its figures in it; ``None`` stays white and empty."""
    import numpy as np

    figures = np.array([[np.nan if value is None else value for value in row] for row in values], dtype=float)
    shade = figures if dark_is_most else most - figures
    axes.imshow(np.ma.masked_invalid(shade), cmap="Greys", vmin=-0.12 * most, vmax=1.35 * most, aspect="auto")
    for i, row in enumerate(figures):
        for j, value in enumerate(row):
            if not np.isnan(value):
                dark = shade[i, j] > 0.75 * most
                axes.text(j, i, text(value), ha="center", va="center", color="white" if dark else "black", fontsize=8)
    axes.set_xticks(np.arange(figures.shape[1] + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(figures.shape[0] + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="both", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def save(figure: Figure, path: Path) -> None:
    """Write a PNG of 150 dots an inch; the same picture gives the same bytes."""
    import matplotlib as mpl

    with mpl.rc_context({"font.family": list(fonts())}):
        figure.savefig(path, dpi=150, metadata={"Software": None})
