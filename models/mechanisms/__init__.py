"""Planning mechanisms, one a file. A new one joins by its file and one line in :data:`MECHANISMS`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from instances.region import Region
from models.draft import Draft, Provider
from models.mechanisms import (
    budget,
    commitments,
    concentration,
    coverage,
    ecology,
    effects,
    endogenous,
    grants,
    heritage,
    identity,
    land,
    network,
    relations,
    services,
    symbiosis,
    synergy,
    time,
    timeline,
)

__all__ = ["MECHANISMS", "Mechanism"]


class Mechanism(Protocol):
    """A module that writes one planning mechanism."""

    @property
    def TABLES(self) -> tuple[str, ...]:
        """The mechanism is on when one of these tables has rows."""

    def build(self, draft: Draft) -> None:
        """Write its rules."""

    def indicators(self, region: Region) -> Mapping[str, Provider]:
        """What it can count, each written down only if an objective or a rule asks for it."""


MECHANISMS: tuple[Mechanism, ...] = (
    effects,
    budget,
    grants,
    time,
    commitments,
    relations,
    synergy,
    land,
    ecology,
    heritage,
    timeline,
    identity,
    concentration,
    endogenous,
    services,
    coverage,
    network,
    symbiosis,
)
"""In the order in which their rules are written."""
