"""What ``region.toml`` holds: name, money, periods, objectives and policy figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from instances.schema import Amount, Name, Number, Period, Share

__all__ = ["Goal", "Policy", "Settings"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Goal(_Section):
    """An objective as declared: a weighted sum of indicators, to be maximised or minimised."""

    label: str = Field("", description="title for people")
    unit: str = Field("", description="unit of the weighted sum")
    quantum: Annotated[Decimal, Field(gt=0)] | None = Field(
        None, description="every portfolio's value is a whole multiple of this; left out: the largest that fits"
    )
    maximize: dict[Name, Number] = Field(default_factory=dict, description="indicator = weight")
    minimize: dict[Name, Number] = Field(default_factory=dict, description="indicator = weight")

    @model_validator(mode="after")
    def _one_sense(self) -> Goal:
        if bool(self.maximize) == bool(self.minimize):
            raise ValueError("give either maximize or minimize, with at least one indicator")
        return self

    @property
    def sense(self) -> Literal["max", "min"]:
        return "max" if self.maximize else "min"

    @property
    def weights(self) -> dict[str, Decimal]:
        """Indicator to weight, whichever the sense."""
        return self.maximize or self.minimize


class Policy(_Section):
    """Figures that a council sets. A figure that is left out switches its rule off."""

    farmland_quota_ha: Amount | None = Field(None, description="ha: arable land converted minus reclaimed, at most")
    green_cover: Share | None = Field(
        None, description="share of each town's built and green land that is green, at least"
    )
    habitat_no_net_loss: bool = Field(False, description="green and water land won at least equals what is lost")
    heritage_loss_limit: Amount | None = Field(
        None, description="points of heritage value lost, at most, whatever is gained"
    )
    demolition_share: Share | None = Field(
        None, description="share of an old quarter that may be demolished by projects that start in one period"
    )
    overruns_borne: Annotated[int, Field(ge=0)] | None = Field(
        None,
        description="projects that may come to their cost_high at the same time, whichever they are, without a budget "
        "being overrun",
    )
    tail_share: Annotated[Decimal, Field(gt=0, le=1)] | None = Field(
        None,
        description="share of the worlds of scenarios, by chance: INDICATOR_cvar is the mean over the worst of them",
    )
    operating_tail_limit: Amount | None = Field(
        None, description="money a period that what is built may cost to run after the last period, at most"
    )
    eras_minimum: Annotated[int, Field(ge=1)] | None = Field(
        None, description="kept assets of each era that assets have, in the whole region, at least"
    )
    kinds_minimum: Annotated[int, Field(ge=1)] | None = Field(
        None, description="kept assets of each kind that assets have, in the whole region, at least"
    )
    alike_from: Share | None = Field(
        None, description="similarity of tags from which two projects in different towns are copies of each other"
    )
    one_leading_industry: bool = Field(False, description="a town leads with at most one industry")
    internal_share: Share | None = Field(
        None, description="share of each indicator with internal and external effects that must be internal, at least"
    )
    location_quotient: tuple[Name, ...] = Field(
        (), description="indicators whose effects are scaled by the location quotient of the project's industry"
    )
    newcomer_step: Amount | None = Field(None, description="people: newcomers are counted in steps of so many")
    newcomer_limit: Amount | None = Field(None, description="people: newcomers a town can take in, at most")
    closed_chain: Share | None = Field(
        None, description="share of by-products, in tonnes, that must find a taker, at least"
    )
    park_only: tuple[Name, ...] = Field((), description="polluting categories that may build only inside an eco_park")
    industry_categories: tuple[Name, ...] = Field((), description="categories that make a town an industry town")
    industry_towns: Annotated[int, Field(ge=0)] | None = Field(None, description="industry towns, at most")
    industry_mass: Annotated[int, Field(ge=1)] | None = Field(
        None, description="projects of the industry categories that an industry town needs, at least"
    )


class Settings(_Section):
    """The head of a region."""

    name: Name = Field(description="short name of the region")
    title: str = Field("", description="title for people")
    description: str = Field("", description="what the region is, in a few sentences")
    provenance: str = Field("", description="where the figures come from; say so when they are illustrative")
    money: str = Field("", description="unit of all money columns, for instance: thousand CNY")
    period: str = Field("year", description="what a period is")
    periods: Period = Field(1, description="number of periods")
    first_period: int = Field(1, description="label of period 1, for instance 2026")
    tail_periods: Annotated[int, Field(ge=0, le=100)] = Field(
        0, description="periods after the last one whose yearly effects still count"
    )
    discount_rate: Share = Field(Decimal(0), description="a period, for effects that come in each period of service")
    compare: tuple[Name, ...] = Field((), description="objectives to trade off unless told otherwise; empty: all")
    objectives: dict[Name, Goal] = Field(default_factory=dict)
    policy: Policy = Policy()
