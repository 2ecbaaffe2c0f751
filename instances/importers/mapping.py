"""The mapping that says which column of a project list is what."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from instances.csv_sheets import read_text
from instances.faults import Fault, RegionError, did_you_mean
from instances.schema import Amount, Name, Number, Project, Share

__all__ = ["Mapping", "read_mapping"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Money(_Section):
    """The unit of all money, and the one fund: an amount, or a share of what is asked for."""

    unit: str = ""
    fund: Name = "budget"
    budget: Amount | None = None
    budget_share: Share | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> Money:
        if self.budget is not None and self.budget_share is not None:
            raise ValueError("give budget or budget_share, not both")
        return self


class Adopted(_Section):
    """The projects whose cell in ``column`` is one of ``values`` are adopted."""

    column: str
    values: tuple[str, ...]


class Mapping(_Section):
    """See :mod:`instances.importers.table` for an example with every key."""

    encoding: str = ""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    decimal: Literal[".", ","] = "."
    thousands: Annotated[str, Field(max_length=1)] = ""
    zero: tuple[str, ...] = ()
    category_separator: str = ""
    region: dict[str, Any] = {}
    columns: dict[str, str]
    money: Money = Money()
    effects: dict[Name, str] = {}
    scale: dict[str, Number] = {}
    adopted: Adopted | None = None
    objectives: dict[str, Any]
    policy: dict[str, Any] = {}

    @property
    def headers(self) -> list[str]:
        """The columns of the list that are read."""
        adopted = [self.adopted.column] if self.adopted else []
        return list(dict.fromkeys([*self.columns.values(), *self.effects.values(), *adopted]))


def read_mapping(path: Path) -> Mapping:
    """Read a mapping.

    Raises:
        RegionError: with every fault of the mapping itself.
    """
    text = read_text(path)
    if isinstance(text, Fault):
        raise RegionError([text])
    try:
        mapping = Mapping.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        cause = "text without quotes, a key given twice, or a bracket that is not closed"
        raise RegionError([Fault(path.name, None, None, None, f"cannot be understood: {error}", cause)]) from None
    except ValidationError as error:
        raise RegionError(_fault(path.name, dict(problem)) for problem in error.errors(include_url=False)) from None
    if faults := list(_unknown(path.name, mapping)):
        raise RegionError(faults)
    return mapping


def _fault(place: str, problem: dict[str, Any]) -> Fault:
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "missing":
        return Fault(place, None, key, None, "the key is missing", "it was left out")
    if problem["type"] == "extra_forbidden":
        section: type[BaseModel] = Money if key.startswith("money.") else Adopted if "." in key else Mapping
        known = section.model_fields
        return Fault(place, None, key, str(problem["loc"][-1]), "is not a key", did_you_mean(problem["loc"][-1], known))
    value = problem["input"]
    shown = str(value) if isinstance(value, (str, int, Decimal)) else None
    return Fault(
        place, None, key, shown, f"is not right: {problem['msg']}", "a value of another kind than the key takes"
    )


def _unknown(place: str, mapping: Mapping) -> list[Fault]:
    """Keys of open sections that name nothing."""
    wanted = [c for c in Project.model_fields if c != "adopted"]
    faults = [
        Fault(place, None, f"columns.{c}", c, "is not a column of projects", did_you_mean(c, wanted))
        for c in mapping.columns
        if c not in wanted
    ]
    for column in ("id", "capital_cost"):
        if column not in mapping.columns:
            rule = "the key is missing: no project can do without it"
            faults.append(Fault(place, None, f"columns.{column}", None, rule, "it was left out"))
    for indicator in mapping.scale:
        if indicator not in mapping.effects:
            cause = did_you_mean(indicator, mapping.effects)
            faults.append(Fault(place, None, f"scale.{indicator}", indicator, "is not one of the effects", cause))
    return faults
