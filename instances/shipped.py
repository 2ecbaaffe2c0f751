"""The regions that ship with the package, each a folder under ``instances/catalogue``."""

from __future__ import annotations

import tomllib
from pathlib import Path

__all__ = ["catalogue", "shipped_folder"]

_HOME = Path(__file__).parent / "catalogue"


def catalogue() -> dict[str, str]:
    """Name and title of every shipped region.

    >>> "zigong" in catalogue()
    True
    """
    return {head.parent.name: _title(head) for head in sorted(_HOME.glob("*/region.toml"))}


def shipped_folder(name: str) -> Path | None:
    """Where a shipped region lies; nothing if there is none of this name."""
    folder = _HOME / name
    return folder if Path(name).name == name and (folder / "region.toml").is_file() else None


def _title(head: Path) -> str:
    settings = tomllib.loads(head.read_text(encoding="utf-8"))
    return str(settings.get("title") or settings.get("name") or head.parent.name)
