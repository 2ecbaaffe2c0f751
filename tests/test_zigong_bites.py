"""Every mechanism and every rule of zigong bites: without it, something else can be built or counts for more.

A rule is asked a question that only it answers with no: the most (or with negative weights the least) of some starts
or of an indicator. The question is answered twice, with the rule and without it, and the answers must differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import highspy
import numpy as np
import pytest
import scipy.sparse as sp

from instances import Region, read_region
from instances.schema import Row
from instances.settings import Goal
from models import formulate
from models.mechanisms import MECHANISMS
from models.problem import Floats, Problem

Change = Callable[[Region], Region]
GAP = 0.05


@dataclass(frozen=True)
class Case:
    """``starts``: weights of projects, or of ``project@period``; ``indicators``: weights of indicators."""

    mechanism: str
    leave_out: Change
    starts: Mapping[str, float] = field(default_factory=dict)
    indicators: Mapping[str, float] = field(default_factory=dict)


def tables(*names: str) -> Change:
    empty: dict[str, Any] = dict.fromkeys(names, ())
    return lambda region: replace(region, **empty)


def policy(**figures: Any) -> Change:
    def changed(region: Region) -> Region:
        figure = region.settings.policy.model_copy(update=figures)
        return replace(region, settings=region.settings.model_copy(update={"policy": figure}))

    return changed


def edited(region: Region, table: str, rows: Iterable[Row]) -> Region:
    changed: dict[str, Any] = {table: tuple(rows)}
    return replace(region, **changed)


def column(table: str, **cells: Any) -> Change:
    """Every row of ``table`` with these cells."""
    return lambda region: edited(region, table, (r.model_copy(update=cells) for r in getattr(region, table)))


def rows(table: str, name: str, value: str) -> Change:
    """``table`` without the rows whose column ``name`` is ``value``."""
    return lambda region: edited(region, table, (r for r in getattr(region, table) if getattr(r, name) != value))


def lines(kind: str) -> Change:
    """No zones of a kind, and no footprints on them."""

    def changed(region: Region) -> Region:
        gone = {z.id for z in region.zones if z.kind == kind}
        kept = tuple(f for f in region.footprints if f.zone not in gone)
        return replace(rows("zones", "kind", kind)(region), footprints=kept)

    return changed


def wide_fields(region: Region) -> Region:
    """There are more fields to build on than anybody can use."""
    zones = (z.model_copy(update={"area": Decimal(1000)}) if z.kind == "arable" else z for z in region.zones)
    return replace(region, zones=tuple(zones))


def no_wait(region: Region) -> Region:
    """`after` is read as `requires`."""
    relations = (r.model_copy(update={"kind": "requires"}) if r.kind == "after" else r for r in region.relations)
    return replace(region, relations=tuple(relations))


def undiscounted(region: Region) -> Region:
    return replace(region, settings=region.settings.model_copy(update={"discount_rate": 0}))


def count(names: str, weight: float = 1) -> dict[str, float]:
    return dict.fromkeys(names.split(), weight)


def spent(rule: str) -> Mapping[str, float]:
    """Capital costs of the members of a spending rule or a fair share, and 0 for all others."""
    region = read_region("zigong")
    rules = {r.id: r.members for r in region.relations} | {r.id: r.members for r in region.fair_shares}
    return {name: float(region.project[name].capital_cost) for name in region.members(rules[rule])}


def short_of(rule: str, share: float) -> Mapping[str, float]:
    """How much the members of a fair share get less than ``share`` of all capital cost."""
    members = spent(rule)
    costs = {p.id: float(p.capital_cost) for p in read_region("zigong").projects}
    return {name: share * cost - members.get(name, 0) for name, cost in costs.items()}


def only(fund: str) -> Mapping[str, float]:
    """Capital costs of the projects that no other fund may pay."""
    region = read_region("zigong")
    others = {c for b in region.budgets if b.fund != fund for c in b.categories}
    return {p.id: float(p.capital_cost) for p in region.projects if others.isdisjoint(p.category)}


def external() -> Mapping[str, float]:
    sign = {"external": 0.6, "internal": -0.4}
    effects = (e for e in read_region("zigong").effects if e.indicator == "value_added")
    return {e.project: sign.get(e.source, 0) * float(e.value) for e in effects}


def negative(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: -figure for name, figure in figures.items()}


GREEN = "ds_belt xs_bank nf_wetland zh_park cs_mine"
CLEANERS = "ds_belt xs_bank xs_sewer sz_farm ay_sewage cs_sewage nf_sewage nf_wetland zh_sewer zh_park"

CASES = {
    "effects: values": Case("effects", tables("effects"), indicators={"value_added": 1}),
    "time: discount": Case("effects", undiscounted, indicators={"savings": 1}),
    "time: after": Case("relations", no_wait, count("ds_lantern@3 ds_scrap@4")),
    "time: operating tail": Case("time", policy(operating_tail_limit=None), indicators={"operating_cost": 1}),
    "budget": Case("budget", tables("budgets"), indicators={"projects": 1}),
    "grants: count": Case("grants", rows("grants", "kind", "count"), only("heritage")),
    "grants: points": Case("grants", rows("grants", "kind", "points"), only("heritage")),
    "grants: matching": Case("grants", rows("grants", "kind", "matching"), only("livelihood")),
    "commitments: binding": Case("commitments", column("commitments", binding=False), count("nf_sewage@2")),
    "commitments: charge": Case("commitments", tables("commitments"), indicators={"break_charge": 1}),
    "relations: requires": Case("relations", rows("relations", "kind", "requires"), {"ds_food": 1, "ds_park": -1}),
    "relations: excludes": Case("relations", rows("relations", "kind", "excludes"), count("ds_camp ds_resort")),
    "relations: exactly one": Case(
        "relations", rows("relations", "kind", "exactly_one"), count("ds_link ds_link_wide", -1)
    ),
    "relations: at least": Case(
        "relations", rows("relations", "kind", "at_least"), count("ay_clinic nf_ward nf_hospital cs_clinic", -1)
    ),
    "relations: at most": Case(
        "relations", rows("relations", "kind", "at_most"), count("ds_tower ds_resort zh_visit zh_new")
    ),
    "relations: spend at least": Case(
        "relations", rows("relations", "kind", "spend_at_least"), negative(spent("money for heritage"))
    ),
    "relations: spend at most": Case(
        "relations",
        rows("relations", "kind", "spend_at_most"),
        spent("Dashanpu is not the region"),
    ),
    "synergy": Case("synergy", tables("synergies"), indicators={"remembrance": 1}),
    "land: area": Case("land", wide_fields, count("ds_park ds_link_wide ds_school ds_belt ds_camp")),
    "land: parcel": Case("land", column("zones", one_project=False), count("ds_freight ds_tower")),
    "land: farmland": Case("land", policy(farmland_quota_ha=None), indicators={"farmland_converted": 1}),
    "ecology: red line": Case("ecology", lines("red_line"), count("nf_villas")),
    "ecology: rivers": Case("ecology", tables("loads", "capacities"), count(CLEANERS, -1)),
    "ecology: green cover": Case("ecology", policy(green_cover=None), {"sg_resort": 1, "sg_road": 1}),
    "ecology: habitat": Case("ecology", policy(habitat_no_net_loss=False), {"sg_resort": 9, **count(GREEN, -1)}),
    "heritage: core": Case("heritage", lines("heritage_core"), count("sz_hotel")),
    "heritage: control zone": Case("heritage", lines("heritage_control"), count("xs_hotel")),
    "heritage: loss limit": Case("heritage", policy(heritage_loss_limit=None), indicators={"heritage_loss": 1}),
    "heritage: demolition": Case("heritage", policy(demolition_share=None), count("zh_gentle@2 zh_visit@2")),
    "timeline: memory": Case("timeline", tables("timeline"), indicators={"memory": 1}),
    "timeline: eras": Case("timeline", policy(eras_minimum=None), count("ds_tower zh_visit ay_lantern", -1)),
    "timeline: kinds": Case("timeline", policy(kinds_minimum=None), count("ds_halls cs_mine", -1)),
    "identity: copies": Case("identity", tables("tags", "neighbours"), indicators={"alikeness": 1}),
    "identity: leading industry": Case("identity", policy(one_leading_industry=False), count("sg_tea sg_resort")),
    "identity: neighbours": Case("identity", tables("neighbours"), count("ds_resort xs_mock")),
    "concentration: towns": Case(
        "concentration", policy(industry_towns=None), count("ds_park ct_brew hd_halls nf_agro")
    ),
    "concentration: mass": Case("concentration", policy(industry_mass=None), {"hd_halls": 1, "hd_blocks": -1}),
    "fair share: villages": Case("concentration", rows("fair_shares", "id", "villages"), short_of("villages", 0.35)),
    "fair share: Fushun": Case(
        "concentration", rows("fair_shares", "id", "Fushun county"), short_of("Fushun county", 0.2)
    ),
    "fair share: Da'an": Case(
        "concentration", rows("fair_shares", "id", "Da'an district"), negative(short_of("Da'an district", 0.6))
    ),
    "endogenous: floor": Case("endogenous", column("sources", floor=None), {"ds_clear": 1, "ds_machine": -1}),
    "endogenous: activation": Case("endogenous", tables("activations"), indicators={"activated_growth": 1}),
    "endogenous: internal share": Case("endogenous", policy(internal_share=None), external()),
    "endogenous: quotient": Case("endogenous", policy(location_quotient=()), indicators={"value_added": 1}),
    "services: standard": Case("services", tables("supply"), indicators={"service_met": 1}),
    "services: advance": Case("services", column("services", advance=None), count("zh_new zh_full")),
    "services: newcomers": Case("services", policy(newcomer_limit=0), indicators={"newcomers": 1}),
    "coverage": Case("coverage", tables("reach"), indicators={"people_reached": 1}),
    "network: capacity": Case(
        "network", column("links", capacity=None), count("ds_link ds_food ds_lantern ds_freight")
    ),
    "network: travel time": Case("network", rows("links", "id", "new Xianshi road"), indicators={"travel_time": -1}),
    "symbiosis: exchange": Case("symbiosis", tables("exchanges"), indicators={"exchange_saving": 1}),
    "symbiosis: closed chain": Case(
        "symbiosis", policy(closed_chain=None), {"ds_salt": 1, "hd_blocks": -1, "ct_biogas": -1}
    ),
    "symbiosis: park only": Case("symbiosis", policy(park_only=()), count("hd_plating")),
}


@pytest.fixture(scope="module")
def zigong() -> Region:
    return read_region("zigong")


@pytest.fixture(scope="module")
def plain(zigong: Region) -> Problem:
    """The rules alone, with an objective that needs nothing: shared by all questions about starts."""
    return asked(zigong, {"projects": 1})


def asked(region: Region, weights: Mapping[str, float]) -> Problem:
    goals = {"question": Goal(maximize=dict(weights)), "other": Goal(maximize={"projects": 1})}
    settings = region.settings.model_copy(update={"objectives": goals, "compare": ()})
    return formulate(replace(region, settings=settings, criteria=(), scores=()), ["question"])


def most(problem: Problem, starts: Mapping[str, float]) -> tuple[float, float]:
    """The most there is of ``starts``, or of the problem's objective: a portfolio's value and a bound for all."""
    info = solved(problem, cost_of(problem, starts)).getInfo()
    quantum, offset = (
        (1.0, 0.0) if starts else (float(problem.objectives[0].quantum), float(problem.objectives[0].offset))
    )
    return offset - quantum * info.objective_function_value, offset - quantum * info.mip_dual_bound


def chosen(problem: Problem, starts: Mapping[str, float]) -> list[str]:
    """The projects of a portfolio with (nearly) the most of ``starts``."""
    values = solved(problem, cost_of(problem, starts)).getSolution().col_value
    return [d.project for d in problem.decisions if values[d.column] > 0.5]


def cost_of(problem: Problem, starts: Mapping[str, float]) -> Floats:
    if not starts:
        return np.array(problem.costs[0], dtype=np.float64)
    cost = np.zeros(len(problem.columns))
    for d in problem.decisions:
        cost[d.column] = -(starts.get(d.project, 0) + starts.get(f"{d.project}@{d.period}", 0))
    return cost


def solved(problem: Problem, cost: Floats) -> highspy.Highs:
    A = sp.csc_array(problem.A)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(problem.columns), len(problem.rows)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, problem.lower, problem.upper
    model.row_lower_, model.row_upper_ = problem.row_lower, problem.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = A.indptr, A.indices, A.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(whole)] for whole in problem.integer]
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", GAP), ("time_limit", 60.0)):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return solver


@pytest.mark.parametrize("name", CASES)
def test_it_bites(zigong: Region, plain: Problem, name: str) -> None:
    case = CASES[name]
    left = case.leave_out(zigong)
    with_it = most(asked(zigong, case.indicators) if case.indicators else plain, case.starts)
    without = most(asked(left, case.indicators or {"projects": 1}), case.starts)
    (low, high), (least, bound) = with_it, without
    assert low > bound + 1e-6 or least > high + 1e-6, f"{with_it} with it, {without} without"


def test_no_mechanism_is_left_out() -> None:
    modules = {mechanism.__name__.rpartition(".")[2] for mechanism in MECHANISMS}  # type: ignore[attr-defined]
    assert {case.mechanism for case in CASES.values()} == modules


def test_all_but_five_wishes_can_be_built(zigong: Region, plain: Problem) -> None:
    open_wishes = [p.id for p in zigong.projects]
    while open_wishes:
        built = set(chosen(plain, {open_wishes[0]: 1000, **count(" ".join(open_wishes[1:]))}))
        if open_wishes[0] not in built:
            assert open_wishes[0] in {"xs_hotel", "sz_hotel", "nf_villas", "zh_mall", "hd_plating"}
        open_wishes = [name for name in open_wishes[1:] if name not in built]
