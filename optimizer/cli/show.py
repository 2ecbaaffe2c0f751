"""growthring show"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.exact import counted

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.tree import Tree

    from instances.region import Region
    from models.problem import Problem

NAMES_SHOWN = 6
UNNAMED = {"once": "a project starts once", "define": "what an auxiliary column means"}


@click.command("show")
@click.argument("region")
@options.objectives
def command(region: str, objectives: str | None) -> None:
    """The problem as a tree: sizes, mechanisms that are on, objectives, rules by name.

    \b
    Examples:
      growthring show zigong
      growthring show my-town --objectives growth,livability
    """
    from rich.console import Console
    from rich.tree import Tree

    from instances import read_region
    from models import portfolio_model
    from optimizer.cli.goals import chosen_goals, formulated

    facts = read_region(region)
    goals = chosen_goals(facts, objectives)
    problem = formulated(facts, goals)
    tree = Tree(facts.settings.title or facts.name)
    _facts(tree.add("facts"), facts)
    _objectives(tree.add("objectives"), facts, goals)
    _rules(tree.add("rules"), problem)
    forbidden = portfolio_model(facts, goals).forbidden
    if forbidden:
        branch = tree.add(f"forbidden projects: {len(forbidden)}")
        for entry in forbidden:
            branch.add(f"{entry.project}: {entry.rule}")
    size = tree.add("size")
    size.add(f"{len(problem.columns):,} columns ({len(problem.decisions):,} decisions), {len(problem.rows):,} rows")
    size.add(f"{_plans(facts)} plans, before any rule")
    Console(highlight=False, emoji=False, markup=False).print(tree)


def _facts(branch: Tree, region: Region) -> None:
    settings = region.settings
    span = f"{counted(region.periods, settings.period)} from {settings.first_period}"
    branch.add(f"{span}; money in {settings.money}" if settings.money else span)
    for name, rows in region.tables.items():
        branch.add(f"{name}: {len(rows):,}")
    policy = {n: v for n, v in region.settings.policy.model_dump().items() if v is not None and v is not False}
    if policy:
        figures = branch.add("policy")
        for name, value in policy.items():
            figures.add(name if value is True else f"{name} = {value}")


def _objectives(branch: Tree, region: Region, goals: tuple[str, ...]) -> None:
    for name, goal in region.goals.items():
        weights = " ".join(_term(indicator, weight) for indicator, weight in goal.weights.items()).removeprefix("+ ")
        sense = "most" if goal.sense == "max" else "least"
        compared = "" if name in goals else " (not compared)"
        label = f", {goal.label}" if goal.label else ""
        leaf = branch.add(f"{name}{label}{compared}: {sense} of {weights}")
        if goal.unit:
            leaf.add(f"in {goal.unit}")


def _term(indicator: str, weight: Decimal) -> str:
    """``+ 0.5 income``, ``- heritage_loss``."""
    return f"{'-' if weight < 0 else '+'} {'' if abs(weight) == 1 else f'{abs(weight):f} '}{indicator}"


def _rules(branch: Tree, problem: Problem) -> None:
    """Rows by the block in front of their bracket, with their first names; rows nobody can repeal are counted."""
    blocks = Counter(row.partition("[")[0] for row in problem.rows)
    for block, count in blocks.items():
        if block in UNNAMED:
            branch.add(f"{block}: {count:,}, {UNNAMED[block]}")
            continue
        names = [row.partition("[")[2].rstrip("]") for row in problem.rows if row.partition("[")[0] == block]
        more = f", … {count - NAMES_SHOWN} more" if count > NAMES_SHOWN else ""
        branch.add(f"{block}: {count:,}").add(", ".join(names[:NAMES_SHOWN]) + more)


def _plans(region: Region) -> str:
    """How many plans there are: each free project starts in one of its periods or not at all."""
    count = math.prod(1 if p.locked == "out" else len(region.starts(p)) + (p.locked != "in") for p in region.projects)
    digits = len(str(count)) - 1
    return f"{count:,}" if digits < 9 else f"about {count // 10 ** (digits - 1) / 10} × 10^{digits}"
