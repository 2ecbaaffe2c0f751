"""The rules of a region, read off its tables for one plan at a time, as plainly as Python allows.

Written for tests of tiny regions only: the model and the re-check of runs are both held against it.
"""

from __future__ import annotations

from fractions import Fraction as F
from itertools import combinations

import networkx as nx

from instances.worlds import worlds
from tests.models import naive_character, naive_growth, naive_links, naive_time

LAND = ("built", "arable", "green", "water")


def broken(region, plan):
    """Words for each rule that the plan (project id to start period) breaks."""
    rules = (_starts, _budget, _relations, _land, _ecology, _heritage)
    found = [words for rule in rules for words in rule(region, set(plan), plan)]
    for part in (naive_time, naive_growth, naive_character, naive_links):
        found += part.broken(region, plan)
    return found


def indicators(region, plan):
    """Every indicator that the plan moves."""
    values = {name: F(0) for name in ("capital_cost", "public_cost", "operating_cost", "projects")}
    for project in region.projects:
        if project.id in plan:
            values["capital_cost"] += F(project.capital_cost)
            values["public_cost"] += F(project.capital_cost) * F(project.public_share)
            values["operating_cost"] += F(project.operating_cost)
            values["projects"] += 1
    added = [
        (e.indicator, naive_time.worth(region, plan, e, naive_growth.counted(region, e)))
        for e in region.effects
        if e.project in plan
    ]
    added += [(s.criterion, F(s.score - 1)) for s in region.scores if s.project in plan]
    for synergy in region.synergies:
        members = region.members(synergy.members)
        if sum(m in plan for m in members) >= (synergy.at_least or len(members)):
            added.append((synergy.indicator, F(synergy.value)))
    for asset in region.assets:
        steps = [i.impact for i in region.impacts if i.asset == asset.id and i.project in plan]
        added.append(("heritage_loss", _loss(asset, steps)))
        added.append(("heritage_gain", F(asset.value) * max([s for s in steps if s > 0], default=0) / 4))
    reached = {r.place for r in region.reach if r.project in plan}
    added += [("people_reached", F(place.people)) for place in region.places if place.id in reached]
    for f, zone in _footprints(region, plan, LAND):
        if "arable" in (zone.kind, f.becomes) and zone.kind != f.becomes:
            added.append(("farmland_converted", F(f.hectares) * (1 if zone.kind == "arable" else -1)))
        if "green" in (zone.kind, f.becomes) and zone.kind != f.becomes:
            added.append(("green_gain", F(f.hectares) * (1 if f.becomes == "green" else -1)))
    added += naive_time.indicators(region, plan)
    added += naive_growth.indicators(region, plan)
    added += naive_character.indicators(region, plan)
    added += naive_links.indicators(region, plan)
    for name, value in added:
        values[name] = values.get(name, F(0)) + value
    for end in ("low", "high"):
        for name in {e.indicator for e in region.effects if getattr(e, end) is not None}:
            values[f"{name}_{end}"] = values.get(name, F(0))
        for e in region.effects:
            if e.project in plan and getattr(e, end) is not None:
                other = e.model_copy(update={"value": getattr(e, end)})
                for sign, one in ((1, other), (-1, e)):
                    worth = naive_time.worth(region, plan, one, naive_growth.counted(region, one))
                    values[f"{e.indicator}_{end}"] += sign * worth
    policy = region.settings.policy
    for name in {e.indicator for e in region.effects} if region.scenarios else ():
        there = []
        for world in worlds(region):
            moved = F(0)
            for planned, other in zip(region.effects, world.region.effects, strict=True):
                if planned.indicator == name and planned.project in plan:
                    before, after = (
                        naive_time.worth(region, plan, e, naive_growth.counted(region, e)) for e in (planned, other)
                    )
                    moved += after - before
            there.append((values.get(name, F(0)) + moved, world.probability))
        values[f"{name}_worst"] = min(value for value, _ in there)
        if policy.tail_share is not None:
            values[f"{name}_cvar"] = _tail(there, F(policy.tail_share))
    return values


def _tail(values, share):
    """CVaR as Rockafellar & Uryasev define it: the largest of ``t - E[(t - value)+] / share`` over all ``t``."""
    return max(t - sum(chance * max(t - value, 0) for value, chance in values) / share for t, _ in values)


def value(region, plan, goal):
    """The value of an objective, in its own unit."""
    moved = indicators(region, plan)
    return sum((F(w) * moved.get(i, F(0)) for i, w in region.goals[goal].weights.items()), F(0))


def _loss(asset, steps):
    lost = asset.threatened and not any(step >= 1 for step in steps)
    return F(asset.value) * (4 if lost else max([-s for s in steps if s < 0], default=0)) / 4


def _footprints(region, plan, kinds):
    zones = {z.id: z for z in region.zones}
    return [(f, zones[f.zone]) for f in region.footprints if f.project in plan and zones[f.zone].kind in kinds]


def _starts(region, chosen, plan):
    for project in region.projects:
        if project.id in plan and plan[project.id] not in region.starts(project):
            yield f"{project.id} cannot start in {plan[project.id]}"
        if {"in": project.id not in plan, "out": project.id in plan}.get(project.locked, False):
            yield f"{project.id} is locked {project.locked}"


def _budget(region, chosen, plan):
    """The funds can pay, also if any few projects come to their high cost."""
    uncertain = [p.id for p in region.projects if p.id in plan and p.cost_high is not None]
    borne = min(region.settings.policy.overruns_borne or 0, len(uncertain))
    if region.budgets and not all(_payable(region, plan, dear) for dear in combinations(uncertain, borne)):
        yield "the funds cannot pay"


def _payable(region, plan, dear):
    """A largest flow from the money through (project, period) to what is spent there."""
    flow, needed = nx.DiGraph(), F(0)
    flow.add_edge("money", "spent", capacity=0)
    flow.add_edge("spent", "everything", capacity=0)
    rows = {(b.fund, b.period): b for b in region.budgets}
    granted = naive_time.granted(region, plan, indicators(region, plan))
    for fund, period in granted:
        for row in [b for b in region.budgets if b.fund == fund and period <= region.periods]:
            nothing = {"period": period, "amount": F(0), "carry_over": False}
            rows.setdefault((fund, period), row.model_copy(update=nothing))
    for project in region.projects:
        if project.id not in plan:
            continue
        for period in range(plan[project.id], region.periods + 1):
            building = period < plan[project.id] + project.duration
            capital = F(project.cost_high if project.id in dear else project.capital_cost)
            cost = capital / project.duration if building else F(project.operating_cost)
            needed += cost * F(project.public_share)
            flow.add_edge((project.id, period), "everything", capacity=cost * F(project.public_share))
            for (fund, earned), row in rows.items():
                eligible = not row.categories or set(row.categories) & set(project.category)
                kept = all((fund, t) in rows and rows[fund, t].carry_over for t in range(earned, period))
                if eligible and earned <= period and kept:
                    flow.add_edge((fund, earned), (project.id, period))
    for cell, row in rows.items():
        flow.add_edge("money", cell, capacity=F(row.amount) + granted.get(cell, 0))
    return nx.maximum_flow_value(flow, "money", "everything") >= needed


def _relations(region, chosen, plan):
    for rule in region.relations:
        members = region.members(rule.members)
        count = sum(m in chosen for m in members)
        spent = sum(F(region.project[m].capital_cost) for m in members if m in chosen)
        kept = {
            "requires": lambda m=members: m[0] not in chosen or chosen.issuperset(m),
            "after": lambda: True,
            "excludes": lambda n=count: n <= 1,
            "exactly_one": lambda n=count: n == 1,
            "at_least": lambda n=count, r=rule: n >= r.amount,
            "at_most": lambda n=count, r=rule: n <= r.amount,
            "spend_at_least": lambda s=spent, r=rule: s >= F(r.amount),
            "spend_at_most": lambda s=spent, r=rule: s <= F(r.amount),
        }
        if not kept[rule.kind]():
            yield f"relation {rule.id}"


def _land(region, chosen, plan):
    for zone in region.zones:
        here = [f for f in region.footprints if f.zone == zone.id and f.project in chosen]
        if zone.kind in LAND and sum(F(f.hectares) for f in here) > F(zone.area):
            yield f"zone {zone.id} is full"
        if zone.one_project and len(here) > 1:
            yield f"zone {zone.id} is one parcel"
    quota = region.settings.policy.farmland_quota_ha
    if quota is not None and indicators(region, plan).get("farmland_converted", 0) > quota:
        yield "farmland quota"


def _ecology(region, chosen, plan):
    for f, zone in _footprints(region, chosen, ["red_line"]):
        if f.hectares and f.becomes in ("built", "arable"):
            yield f"{f.project} crosses the red line {zone.id}"
    for c in region.capacities:
        loads = [x for x in region.loads if x.project in chosen and (x.basin, x.pollutant) == (c.basin, c.pollutant)]
        pipes = F(c.base_point) + sum(F(x.load) for x in loads if x.kind == "point")
        fields = F(c.base_diffuse) + sum(F(x.load) for x in loads if x.kind == "diffuse")
        if pipes + max(0, fields) > F(c.capacity):
            yield f"too much {c.pollutant} in {c.basin}"
    policy, moves = region.settings.policy, _footprints(region, chosen, LAND)
    if policy.green_cover is not None:
        for town in {z.town for z in region.zones if z.kind in ("built", "green")}:
            after = {kind: sum(F(z.area) for z in region.zones if (z.town, z.kind) == (town, kind)) for kind in LAND}
            for f, zone in moves:
                if zone.town == town:
                    after[zone.kind] -= F(f.hectares)
                    after[f.becomes] += F(f.hectares)
            if after["green"] < F(policy.green_cover) * (after["green"] + after["built"]):
                yield f"too little green in {town}"
    wild = ("green", "water")
    won = sum(F(f.hectares) for f, zone in moves if zone.kind not in wild and f.becomes in wild)
    lost = sum(F(f.hectares) for f, zone in moves if zone.kind in wild and f.becomes not in wild)
    if policy.habitat_no_net_loss and won < lost:
        yield "habitat is lost"


def _heritage(region, chosen, plan):
    for f, zone in _footprints(region, chosen, ["heritage_core", "heritage_control"]):
        allowed = zone.kind == "heritage_control" and {*region.project[f.project].category} & {*zone.allowed_categories}
        if f.hectares and f.becomes == "built" and not allowed:
            yield f"{f.project} crosses the line {zone.id}"
    grade = {a.id: a.grade for a in region.assets}
    for i in region.impacts:
        if i.project in chosen and i.impact == -4 and grade[i.asset] != "unlisted":
            yield f"{i.project} destroys {i.asset}"
        conserving = [k for k in region.impacts if k.asset == i.asset and k.impact >= 1 and k.project in chosen]
        if i.uses and i.project in chosen and not conserving:
            yield f"{i.project} uses {i.asset}, which nobody conserves"
    policy = region.settings.policy
    if policy.heritage_loss_limit is not None:
        steps = {
            a.id: [i.impact for i in region.impacts if i.asset == a.id and i.project in chosen] for a in region.assets
        }
        if sum(_loss(a, steps[a.id]) for a in region.assets) > policy.heritage_loss_limit:
            yield "too much heritage is lost"
    if policy.demolition_share is not None:
        for zone in region.zones:
            for period in range(1, region.periods + 1):
                now = [f for f in region.footprints if f.zone == zone.id and plan.get(f.project) == period]
                limit = F(policy.demolition_share) * F(zone.area)
                if zone.kind == "old_quarter" and sum(F(f.hectares) for f in now) > limit:
                    yield f"too much of {zone.id} goes in {period}"
