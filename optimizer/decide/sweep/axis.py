"""Axes: the values over which a sweep varies a figure, from the words of a command."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from instances.figures import Figure, find_figure

if TYPE_CHECKING:
    from instances.region import Region

__all__ = ["MOST_VALUES", "Axis", "parse_axis"]

MOST_VALUES = 1000
"""Values that a range may have."""
HELP = "write FIGURE=10..20:1, FIGURE=10,12.5,15 or FIGURE=80%..120%:5% (shares of what stands there)"


@dataclass(frozen=True)
class Axis:
    """A figure and the values that it takes, rising."""

    figure: Figure
    values: tuple[Decimal, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError(f"{self.figure}: no values to sweep over; {HELP}")
        object.__setattr__(self, "values", tuple(sorted(set(self.values))))


def parse_axis(region: Region, text: str) -> Axis:
    """The axis that ``text`` describes: a list of values, or a range with a step, in figures or in per cent.

    Raises ``ValueError`` with what is wrong and how to write it.

    >>> from instances import read_region
    >>> [str(value) for value in parse_axis(read_region("hamlet"), "budgets/county/amount=10..14:2").values]
    ['10', '12', '14']
    >>> [str(value) for value in parse_axis(read_region("hamlet"), "budgets/county/amount=50%,100%").values]
    ['7', '14']
    """
    address, equals, values = text.partition("=")
    if not equals:
        raise ValueError(f"{text}: the values are missing; {HELP}")
    figure = find_figure(region, address)
    return Axis(figure, tuple(_value(region, figure, amount, percent) for amount, percent in _amounts(text, values)))


def _amounts(text: str, values: str) -> Iterable[tuple[Decimal, bool]]:
    for part in values.split(","):
        match = re.fullmatch(r"\s*([^.]+?(?:\.\d+)?%?)\s*\.\.\s*(.+?)\s*:\s*(.+?)\s*", part)
        if match is None:
            yield _amount(text, part)
            continue
        (first, share), (last, share_too), (step, share_as_well) = (_amount(text, piece) for piece in match.groups())
        if not share == share_too == share_as_well:
            raise ValueError(f"{text}: either all of a range is in per cent or nothing of it; {HELP}")
        if step <= 0 or last < first:
            raise ValueError(f"{text}: a range goes upwards by a step above 0; {HELP}")
        if (last - first) / step >= MOST_VALUES:
            raise ValueError(f"{text}: more than {MOST_VALUES} values; give a larger step")
        for n in range(int((last - first) / step) + 1):
            yield first + n * step, share


def _amount(text: str, piece: str) -> tuple[Decimal, bool]:
    piece = piece.strip()
    try:
        amount = Decimal(piece.removesuffix("%"))
    except InvalidOperation:
        raise ValueError(f"{text}: {piece or 'nothing'} is no figure; {HELP}") from None
    if not amount.is_finite():
        raise ValueError(f"{text}: {piece} is no figure; {HELP}")
    return amount, piece.endswith("%")


def _value(region: Region, figure: Figure, amount: Decimal, percent: bool) -> Decimal:
    if not percent:
        return amount
    today = figure.value(region)
    if today is None:
        raise ValueError(f"{figure} is empty, so that there is nothing to take per cent of; {HELP}")
    product = today * amount / 100
    return product.quantize(Decimal(1)) if product == product.to_integral_value() else product.normalize()
