"""Random regions without a portfolio: minimal conflicts and least repairs equal those of enumerating every plan.

A normal run tries the first regions; ``GROWTHRING_REGIONS=300 pytest tests/properties/test_conflict.py`` more of them.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from random import Random
from typing import Any

import pytest

from instances.generate import MECHANISMS, generate
from instances.region import Region
from instances.schema import Budget, Relation
from optimizer.decide.conflict import Conflicts, Repair, find_conflicts
from optimizer.decide.conflict.case import AIM, BAN, PIN, Case, System
from optimizer.decide.conflict.levers import Lever, levers
from optimizer.decide.conflict.repair import price
from optimizer.decide.rules import Rule
from optimizer.verify import Auditor

REGIONS = int(os.environ.get("GROWTHRING_REGIONS", "8"))
BATCH = 4
MOST_RULES = 13
"""Rules up to which all sets of them are enumerated."""

MOST_FUNDS = 3

Plan = Mapping[str, int]


def options(region: Region) -> list[dict[str, int]]:
    """All plans with allowed starts, whether they keep the locks or not."""
    ids = [project.id for project in region.projects]
    starts = product(*([0, *region.starts(project)] for project in region.projects))
    return [{p: t for p, t in zip(ids, chosen, strict=True) if t} for chosen in starts]


SENTENCES: tuple[tuple[str, Callable[..., Rule]], ...] = (
    (r"plan: (.+) is locked", lambda p: Rule("locked", (p,))),
    (r"relations: ([^:]+): ", lambda r: Rule("relations", (r,))),
    (r"commitments: (.+) is promised", lambda p: Rule("commitments", (p,))),
    (r"land: zone (.+) in .+: .+ ha taken", lambda z: Rule("zones", (z,))),
    (r"land: zone (.+) in .+ takes one project", lambda z: Rule("parcels", (z,))),
    (r"ecology: zone (.+) in .+ is a red line", lambda z: Rule("red lines", (z,))),
    (r"ecology: basin (.+), (.+): ", lambda b, p: Rule("capacities", (b, p))),
    (r"heritage: zone (.+) in .+ is a heritage core", lambda z: Rule("heritage cores", (z,))),
    (r"heritage: zone (.+) in .+ is a heritage control", lambda z: Rule("heritage controls", (z,))),
    (r"heritage: .+ destroys (.+), which", lambda a: Rule("protected assets", (a,))),
    (r"identity: the neighbours (.+) and (.+) would", lambda a, b: Rule("neighbours", (a, b))),
    (r"concentration: (.+): .+ spent, at", lambda f: Rule("fair_shares", (f,))),
    (r"endogenous: floor: (.+) in (.+) is left", lambda s, t: Rule("sources", (t, s))),
    (r"services: advance: (.+) in (.+) is built", lambda s, t: Rule("services", (s, t))),
    (r"network: ", lambda: Rule("links", ("capacity",))),
    (r"\w+: (\w+?)(?::| of )", lambda name: Rule("policy", (name,))),
)
"""What the auditor says, to the rule; the last one is for figures of the policy."""


def told(region: Region, plan: Plan, sentence: str) -> set[Rule]:
    if sentence.startswith("budget"):
        return set()  # by fund, below
    if match := re.match(r"heritage: asset (.+) is used by (.+), but", sentence):
        using = {i.project for i in region.impacts if i.asset == match[1] and i.uses and i.impact < 1}
        return {Rule("uses", (project, match[1])) for project in using & plan.keys()}
    for pattern, rule in SENTENCES:
        if match := re.match(pattern, sentence):
            return {rule(*match.groups())}
    raise AssertionError(sentence)


def broken_sets(case: Case) -> list[frozenset[frozenset[Rule]]]:
    """For each plan the sets of rules of which it breaks something when all of the set are in force."""
    region = case.region
    auditor = Auditor(region)
    funds = list(dict.fromkeys(row.fund for row in region.budgets))
    cash = {few: Auditor(with_money(region, few)) for n in range(1, len(funds) + 1) for few in combinations(funds, n)}
    found = set()
    for plan in options(region):
        rules = {rule for sentence in auditor.broken(plan) for rule in told(region, plan, sentence)}
        rules |= {Rule("eligible", (p,)) for p in plan if unpaid(region, p)}
        rules |= {Rule(PIN, (p,)) for p in case.pins if p not in plan}
        rules |= {Rule(BAN, (p,)) for p in case.bans if p in plan}
        values = auditor.values(plan, [goal for goal, _ in case.aims])
        for (goal, side), bound in case.aims.items():
            if values[goal] < bound if side == "at least" else values[goal] > bound:
                rules.add(Rule(AIM, (goal, side)))
        sets = {frozenset([rule]) for rule in rules}
        for few, there in cash.items():
            if any(sentence.startswith("budget") for sentence in there.broken(plan)):
                sets.add(frozenset(Rule("budgets", (fund,)) for fund in few))
        found.add(frozenset(s for s in sets if not any(other < s for other in sets)))
    return [sets for sets in found if not any(other < sets for other in found)]


def unpaid(region: Region, project: str) -> bool:
    own = set(region.project[project].category)
    payable = any(not row.categories or own & set(row.categories) for row in region.budgets)
    return bool(region.budgets) and not payable and region.project[project].capital_cost > 0


def with_money(region: Region, limited: Iterable[str]) -> Region:
    """No end of money in all funds but these; what no fund may pay for costs nothing."""
    rows = [row for row in region.budgets if row.fund in limited]
    for other in {row.fund: row for row in region.budgets if row.fund not in limited}.values():
        rows += [
            Budget(fund=other.fund, period=t, amount=Decimal(10**9), categories=other.categories)
            for t in range(1, region.periods + 1)
        ]
    projects = tuple(
        p.model_copy(update={"public_share": Decimal(0)}) if unpaid(region, p.id) else p for p in region.projects
    )
    return replace(region, budgets=tuple(rows), projects=projects)


def minimal_conflicts(rules: Sequence[Rule], plans: list[frozenset[frozenset[Rule]]]) -> set[frozenset[Rule]]:
    """Minimal sets of rules that every plan breaks, by enumeration, the smallest first."""
    place = {rule: 1 << i for i, rule in enumerate(rules)}
    masks = [[sum(place[rule] for rule in few) for few in sets] for sets in plans]
    found: list[int] = []
    for size in range(len(rules) + 1):
        for few in combinations(rules, size):
            mask = sum(place[rule] for rule in few)
            if any(mask & other == other for other in found):
                continue
            if all(any(mask & one == one for one in sets) for sets in masks):
                found.append(mask)
    return {frozenset(rule for rule in rules if place[rule] & mask) for mask in found}


def drawn(seed: int) -> Case:
    """A small region of some mechanisms, then tightened until it may have no portfolio any more."""
    draw = Random(seed)
    periods = 1 + (seed % 5 == 4)
    kept = [name for name in MECHANISMS if draw.random() < 0.3]
    region = generate(
        projects=draw.randint(5, 7) if periods == 1 else 5,
        towns=draw.randint(1, 3),
        periods=periods,
        seed=seed,
        objectives=2 + seed % 2,
        mechanisms=kept or ["budget"],
    )
    ids = [project.id for project in region.projects]
    changes: dict[str, Any] = {}
    if region.budgets and draw.random() < 0.7:
        factor = Decimal(draw.choice(["0.1", "0.3", "0.5"]))
        changes["budgets"] = tuple(
            r.model_copy(update={"amount": Decimal(int(r.amount * factor))}) for r in region.budgets
        )
    locks = {p: draw.choice(["in", "in", "out"]) for p in ids if draw.random() < 0.3}
    odd = draw.choice(ids) if draw.random() < 0.2 else ""
    changes["projects"] = tuple(
        p.model_copy(update={"locked": locks.get(p.id, ""), **({"category": ("odd",)} if p.id == odd else {})})
        for p in region.projects
    )
    relations = list(region.relations)
    if draw.random() < 0.5:
        least = draw.randint(1, len(ids))
        relations.append(Relation(id="enough", kind="at_least", members=tuple(ids), amount=least))
    if draw.random() < 0.4:
        relations.append(Relation(id="not both", kind="excludes", members=tuple(draw.sample(ids, 2))))
    if draw.random() < 0.3:
        money = sum(p.capital_cost for p in region.projects) * Decimal("0.8")
        relations.append(Relation(id="spend", kind="spend_at_least", members=("all",), amount=Decimal(int(money))))
    changes["relations"] = tuple(relations)
    region = replace(region, **changes)
    goal = region.compared[seed % len(region.compared)]
    aims = {}
    if draw.random() < 0.4:
        auditor = Auditor(region)
        values = [auditor.values(plan, [goal])[goal] for plan in options(region)]
        best, worst = (max, min) if region.goals[goal].sense == "max" else (min, max)
        side = "at least" if region.goals[goal].sense == "max" else "at most"
        aims[goal, side] = best(values) - Fraction(draw.randint(0, 5), 10) * (best(values) - worst(values))
    pins = [p for p in ids if draw.random() < 0.1]
    bans = [p for p in ids if p not in pins and draw.random() < 0.1]
    return Case(region, aims, tuple(pins), tuple(bans))


def works(case: Case) -> bool:
    """Does a plan keep everything, by the auditor?"""
    return any(not case.broken(plan) for plan in options(case.region))


def infeasible(seed: int, count: int) -> list[int]:
    """The first seeds, from ``seed`` on, of regions without a portfolio that enumeration bears."""
    found: list[int] = []
    while len(found) < count:
        case = drawn(seed)
        few = len({row.fund for row in case.region.budgets}) <= MOST_FUNDS
        if few and len(System(case).rules) <= MOST_RULES and not works(case):
            found.append(seed)
        seed += 1
    return found


@pytest.mark.parametrize("first", range(0, REGIONS, BATCH))
def test_conflicts_and_repairs_equal_enumeration(first: int) -> None:
    for seed in infeasible(1000 * first, min(BATCH, REGIONS - first)):
        case = drawn(seed)
        found = find_conflicts(case.region, aims=case.aims, pins=case.pins, bans=case.bans, most=10**6)
        rules = System(case).rules
        truth = minimal_conflicts(rules, broken_sets(case))
        assert found.complete, seed
        assert found.infeasible, seed
        assert {frozenset(conflict.rules) for conflict in found.conflicts} == truth, seed
        sizes = [len(conflict.rules) for conflict in found.conflicts]
        assert sizes == sorted(sizes)
        check_repairs(case, found, seed)


def check_repairs(case: Case, found: Conflicts, seed: int) -> None:
    objectives = {o.name: o for o in System(case).problem.objectives}
    there = {
        lever.address: lever
        for conflict in found.conflicts
        for rule in conflict.rules
        for lever in levers(case, rule, objectives)
    }
    single = {r.changes[0].address: r for r in found.repairs if len(r.changes) == 1}
    for address, lever in there.items():
        most = reasonable(lever)
        if address not in single:
            assert not works(lever.apply(case, most)) or not found.repairs, (seed, address)
            continue
        repair = single[address]
        least = bisect_left(range(most + 1), repair.share, key=lever.price)
        steps = next(n for n in range(least, most + 1) if lever.value(n) == repair.changes[0].value)
        assert repair.proved
        assert repair.share == lever.price(steps)
        assert works(lever.apply(case, steps)), (seed, address)
        below = range(steps) if steps < 20 else [0, *(Random(seed).randint(1, steps - 1) for _ in range(9)), steps - 1]
        assert not any(works(lever.apply(case, n)) for n in below), (seed, address)
    for repair in found.repairs:
        if len(repair.changes) > 1:
            check_combination(case, [there[c.address] for c in repair.changes if c.address in there], repair, seed)


def reasonable(lever: Lever) -> int:
    """Steps beyond which an aim asks for nothing any more."""
    most = 1
    while lever.address.startswith("aim") and lever.price(most) <= 20:
        most *= 2
    return most if lever.address.startswith("aim") else lever.most


def check_combination(case: Case, group: list[Lever], repair: Repair, seed: int) -> None:
    """No cheaper move of the same figures is enough, on grids that can be enumerated."""
    if len(group) < len(repair.changes) or not repair.proved:
        return
    cheaper = [
        range(next((n for n in range(lever.most + 1) if lever.price(n) > repair.share), lever.most + 1))
        for lever in group
    ]
    total = 1
    for steps in cheaper:
        total *= len(steps)
    if total <= 60:
        for steps in product(*cheaper):
            if price(group, steps) < repair.share:
                moved = case
                for lever, n in zip(group, steps, strict=True):
                    moved = lever.apply(moved, n) if n else moved
                assert not works(moved), (seed, repair)
