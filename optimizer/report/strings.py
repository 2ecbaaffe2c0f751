"""Strings: every word that people read in reports, in English and Chinese, from the one table ``strings.csv``."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Literal

__all__ = ["LANGUAGES", "Language", "strings"]

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@cache
def strings(language: Language) -> dict[str, str]:
    """Key to text in ``language``; ``{…}`` are places for figures and names.

    >>> strings("en")["class.short.core"], strings("zh")["class.short.core"]
    ('core', '必选')
    """
    text = (files(__package__) / "strings.csv").read_text(encoding="utf-8")
    return {row["key"]: row[language] for row in csv.DictReader(text.splitlines())}
