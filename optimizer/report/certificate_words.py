"""The certificate of a shortlist in plain words: heading and statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.certificate import Status
from optimizer.exact import at_most, decimals, figure

if TYPE_CHECKING:
    from optimizer.decide.shortlist import Shortlist

__all__ = ["certificate_words"]


def certificate_words(shortlist: Shortlist) -> list[tuple[str, str]]:
    """What is proved about the portfolios behind ``shortlist``, how, and from what facts."""
    certificate, listing, settings = shortlist.certificate, shortlist.listing, shortlist.region.settings
    units = {objective.name: objective.unit for objective in listing.objectives}
    rows = [
        ("Region", settings.title or settings.name),
        ("Figures come from", settings.provenance),
        ("What is proved", certificate.in_words()),
        ("What the classes rest on", shortlist.basis_in_words),
        ("Shares of weights and aims", shortlist.preference.in_words()),
        ("For all values", shortlist.intervals.in_words() if shortlist.intervals else ""),
        ("Status", certificate.status.value),
    ]
    for k, objective in enumerate(listing.objectives):
        column = listing.column(k)
        places = decimals(column)
        low, high = figure(min(column), places), figure(max(column), places)
        better = "more is better" if objective.sense == "max" else "less is better"
        label = f"{objective.label}; " if objective.label else ""
        rows.append(
            (f"Objective {objective.name}", f"{label}{better}; listed from {low} to {high} {objective.unit}".rstrip())
        )
    if certificate.status is Status.GUARANTEE and certificate.epsilon_in_units:
        amounts = (
            f"{at_most(e)} {units[name]} of {name}".replace("  ", " ")
            for name, e in certificate.epsilon_in_units.items()
        )
        rows.append(("At most missing, in units", "; ".join(amounts)))
    if certificate.status is Status.GUARANTEE and certificate.hypervolume_missing is not None:
        rows.append(("Hypervolume missing", f"at most {certificate.hypervolume_missing:.2%} of the complete front's"))
    rows += [
        ("Search ended by", certificate.stopped_by),
        ("Open regions", f"{certificate.open_regions_total:,}"),
        ("Effort", certificate.effort),
        *(("Fault", fault) for fault in certificate.faults),
        (
            "How to check",
            "growthring verify RUN re-adds every rule and objective of the run folder from the raw tables.",
        ),
    ]
    return [(heading, text) for heading, text in rows if text]
