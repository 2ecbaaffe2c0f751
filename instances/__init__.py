"""The facts of a region: read, check, write, import, generate. Imports nothing else of this project."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Not lazy: the module has the name of the function, and would take its place when it is imported later.
from instances.generate import generate

if TYPE_CHECKING:
    from instances.check import check_region
    from instances.faults import Fault, RegionError
    from instances.frames import from_frames
    from instances.read import read_region
    from instances.region import Region
    from instances.settings import Settings
    from instances.shipped import catalogue
    from instances.template import new_region
    from instances.write import write_region

__all__ = [
    "Fault",
    "Region",
    "RegionError",
    "Settings",
    "catalogue",
    "check_region",
    "from_frames",
    "generate",
    "new_region",
    "read_region",
    "write_region",
]

#: Public name to the module that holds it; modules are imported when a name is first used.
_HOMES = {
    "Fault": "faults",
    "Region": "region",
    "RegionError": "faults",
    "Settings": "settings",
    "catalogue": "shipped",
    "check_region": "check",
    "from_frames": "frames",
    "new_region": "template",
    "read_region": "read",
    "write_region": "write",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
