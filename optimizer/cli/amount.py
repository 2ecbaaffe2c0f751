"""Amounts of memory as people write them."""

from __future__ import annotations

import re

import click

__all__ = ["memory", "parse_memory"]

POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
LEAST = 64_000_000
"""Bytes below which the tables and the first labels alone may take more."""


def parse_memory(text: str) -> int:
    """Bytes.

    Raises ``ValueError`` with the way out.

    >>> parse_memory("4GiB"), parse_memory("500 MB"), parse_memory("2g"), parse_memory("1.5GB")
    (4294967296, 500000000, 2000000000, 1500000000)
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*", text, re.IGNORECASE | re.ASCII)
    if match is None or (match[3] and not match[2]):
        raise ValueError(f"{text!r} is no amount of memory; write for example 500MB, 4GiB or 2g")
    amount = int(float(match[1]) * (1024 if match[3] else 1000) ** POWERS[match[2].lower()])
    if amount < LEAST:
        raise ValueError(f"{text!r} is too little; {LEAST // 10**6}MB are needed at least, for example 500MB or 2GiB")
    return amount


def memory(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Bytes of an option's value, for ``click.option(callback=...)``."""
    try:
        return None if value is None else parse_memory(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error
