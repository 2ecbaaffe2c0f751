"""Which categories of a participatory budget speak for growth, for character and for livability."""

from __future__ import annotations

import re

__all__ = ["FAMILIES", "families_of"]

FAMILIES: dict[str, tuple[str, ...]] = {
    "growth": (
        "public transit", "road", "transport", "traffic", "mobil", "éco-mobil", "infrastruct", "street", "straten",
        "drogi", "education", "éducation", "edukacja", "onderwijs", "econom", "économ", "consommation", "employ",
        "emploi", "tourism", "digital", "numéri", "energ", "énergie",
    ),
    "character": (
        "culture", "cultuur", "kultur", "public space", "przestrzeń", "cadre de vie", "pleinen", "samen", "heritage",
        "patrimoine", "erfgoed", "dziedzictw", "histor", "monument", "architect", "art",
    ),
    "livability": (
        "urban green", "green", "zieleń", "nature", "natuur", "park", "environment", "środowisk", "climat", "water",
        "waste", "déchets", "animal", "health", "zdrowie", "gezondheid", "santé", "sport", "welfare", "social",
        "solidari", "pomoc", "safety", "veilig", "sécurité", "children", "senior",
    ),
}  # fmt: skip
"""Family to the beginnings of words, in the languages of the files, that mark its categories."""

_PATTERNS = {family: re.compile("|".join(rf"\b{re.escape(w)}" for w in words)) for family, words in FAMILIES.items()}


def families_of(category: str) -> tuple[str, ...]:
    """The families that a category belongs to: those of which it has a word.

    >>> families_of("public transit and roads"), families_of("Straten pleinen en parken"), families_of("other")
    (('growth',), ('growth', 'character', 'livability'), ())
    """
    return tuple(family for family, pattern in _PATTERNS.items() if pattern.search(category.casefold()))
