"""Services of a synthetic region: what its towns offer, what projects add, and for how many more there is room."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from instances import schema
from instances.synthetic.draft import Draft, Drawn, size, stream, whole

__all__ = ["services"]

STANDARDS = {
    "school places": ("schools", Decimal("0.15")),
    "clinic visits": ("clinics", Decimal("0.5")),
    "clean water": ("water", Decimal("0.1")),
}
"""Service to the kind of project that adds to it, and what the standard asks for a head."""

ADVANCE = Decimal("0.2")
STEP, LIMIT = Decimal(500), Decimal(3000)


def services(draft: Draft) -> Drawn:
    """Towns offer three to six fifths of what they need; all that could be added is four fifths of it.

    What is built may go a fifth beyond the need, or as far as the plan goes. Where no project is of the kind that adds
    to a service, the first one of the town does.
    """
    rng = stream(draft.seed, "services")
    rows: list[schema.Row] = []
    supply: list[schema.Row] = []
    for town in draft.towns:
        for (name, (kind, standard)), share in zip(STANDARDS.items(), whole(rng, 60, 120, len(STANDARDS)), strict=True):
            need = standard * town.population
            today = Decimal(10 * int(need * share / 1000))
            here = [p for p in draft.projects if p.town == town.id]
            builders = [p for p in here if kind in p.category] or here[:1]
            sizes = sum(map(size, builders))
            added = {p: Decimal(max(10, 10 * (int(need) * 8 * size(p) // (100 * sizes)))) for p in builders}
            planned = today + sum((amount for p, amount in added.items() if p.id in draft.plan), Decimal(0))
            beyond = Decimal(ceil((planned / need - 1) * 20)) / 20
            rows.append(
                schema.Service(
                    service=name,
                    town=town.id,
                    capacity=today,
                    per_head=standard,
                    per_newcomer=standard,
                    advance=max(ADVANCE, beyond),
                )
            )
            supply.extend(
                schema.Supply(project=p.id, service=name, town=town.id, capacity=amount) for p, amount in added.items()
            )
    weights = {"newcomers": Decimal("0.1"), "service_met": Decimal("0.01"), "worst_shortfall": Decimal(-20)}
    return Drawn(
        {"services": rows, "supply": supply},
        weights={"livability": weights},
        policy={"newcomer_step": STEP, "newcomer_limit": LIMIT},
    )
