"""Options that several commands take, said once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

__all__ = ["guarantee", "language", "objectives", "time_limit"]

C = TypeVar("C", bound=Callable[..., object])

objectives = click.option(
    "--objectives", metavar="A,B,C", help="Objectives to trade off.  [default: those the region compares]"
)

language = click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="English or Chinese."
)


def guarantee(words: str) -> Callable[[C], C]:
    """``--guarantee SHARE``, at most the whole range; 0 unless it is given."""
    share = click.FloatRange(0, 1, max_open=True)
    return click.option("--guarantee", metavar="SHARE", type=share, default=0.0, show_default=True, help=words)


def time_limit(seconds: float, words: str) -> Callable[[C], C]:
    """``--time-limit SECONDS``, by default so many ``seconds``."""
    more_than_none = click.FloatRange(min=0, min_open=True)
    return click.option(
        "--time-limit", metavar="SECONDS", type=more_than_none, default=seconds, show_default=True, help=words
    )
