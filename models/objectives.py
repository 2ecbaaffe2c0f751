"""Objectives: declared weighted sums of indicators, counted in whole quanta.

``value = offset + quantum * count`` with ``value = Σ_i weight_i * indicator_i`` exactly and ``count`` a whole number
for every portfolio, so that "nondominated" is a statement about whole numbers and not about a tolerance.
"""

from __future__ import annotations

from fractions import Fraction

import pyomo.environ as pyo

from instances.settings import Goal
from models.draft import Draft
from models.linear import LARGEST, Key, Linear, column_name, common_quantum
from models.problem import Objective

__all__ = ["add_objectives"]


def add_objectives(draft: Draft) -> tuple[Objective, ...]:
    """Write ``model.objective[name]`` for every compared objective; return what their counts mean.

    Raises ``ValueError`` if a declared quantum does not divide a coefficient: nothing is ever rounded.
    """
    bodies, meanings = {}, []
    for name, goal in draft.goals.items():
        total = Linear.sum(draft.indicator(indicator) * weight for indicator, weight in goal.weights.items() if weight)
        quantum = _quantum(draft, name, goal, total)
        counts = {key: int(coefficient / quantum) for key, coefficient in total.terms.items()}
        if sum(map(abs, counts.values())) >= LARGEST:
            raise ValueError(
                f"objective {name}: its figures span more than 2^53 quanta of {quantum}; declare figures with fewer "
                f"decimals or in a larger unit"
            )
        bodies[name] = draft.expression(counts)
        meanings.append(Objective(name, goal.sense, goal.unit, goal.label, quantum, total.constant))
    senses = {name: pyo.maximize if goal.sense == "max" else pyo.minimize for name, goal in draft.goals.items()}
    draft.model.objective = pyo.Objective(
        list(bodies), rule=lambda _, name: bodies[name], sense=lambda _, name: senses[name]
    )
    return tuple(meanings)


def _quantum(draft: Draft, name: str, goal: Goal, total: Linear) -> Fraction:
    fitting = common_quantum(total.terms.values()) or Fraction(1)
    if goal.quantum is None:
        return fitting
    declared = Fraction(goal.quantum)
    for key, coefficient in total.terms.items():
        if (coefficient / declared).denominator != 1:
            raise ValueError(
                f"objective {name}: the declared quantum {goal.quantum} does not divide {_figure(coefficient)}, what "
                f"{column_name(key)} adds to it{_sources(draft, goal, key, declared)}; declare a quantum of "
                f"{_figure(fitting)}, or leave it out"
            )
    return declared


def _sources(draft: Draft, goal: Goal, key: Key, declared: Fraction) -> str:
    """The indicators that the misfit comes from, with their weights."""
    parts = {i: draft.indicator(i).terms.get(key, Fraction(0)) for i in goal.weights}
    culprits = [
        f"{indicator} {_figure(part)} x {goal.weights[indicator]}"
        for indicator, part in parts.items()
        if (part * Fraction(goal.weights[indicator]) / declared).denominator != 1
    ]
    return f" ({', '.join(culprits)})"


def _figure(value: Fraction) -> str:
    """A short decimal if there is one, else the fraction."""
    return f"{float(value):g}" if Fraction(f"{float(value):g}") == value else str(value)
