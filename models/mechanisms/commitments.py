"""Commitments: ``start_j,period = 1`` if binding, else ``break_charge = Σ drop (1 - built_j) + move (built_j -
start_j,period)``; ``changes = Σ [start_j differs from the adopted start]``.

    "Often people's past choices and decisions determine their present possible choices" (S2, section 2); conclusions
    are to be drawn and problems solved gradually "in the dynamic development process" (section 6 (4)).

A plan may be changed, at a price: the stability of schedules of Herroelen & Leus (2005), "Project scheduling under
uncertainty: survey and research potentials", and the bounded recovery of Liebchen, Lübbecke, Möhring & Stiller (2009),
"The concept of recoverable robustness, linear programming recovery, and railway applications". A change is a linear
function of the starts themselves, so nothing needs an auxiliary column.
"""

from __future__ import annotations

from collections.abc import Mapping

from instances.region import Region
from instances.schema import Commitment, Project
from models.draft import Draft, Provider
from models.linear import Linear

TABLES = ("commitments", "projects")


def build(draft: Draft) -> None:
    """One row for each binding commitment."""
    for promise in draft.region.commitments:
        if promise.binding:
            draft.rule("commitments", promise.project, draft.started(promise.project, promise.period), lower=1)


def indicators(region: Region) -> Mapping[str, Provider]:
    """``break_charge``, points, and ``changes``, projects, where there is a plan to differ from."""
    found: dict[str, Provider] = {}
    if region.commitments:
        found["break_charge"] = break_charge
    if any(project.adopted for project in region.projects):
        found["changes"] = changes
    return found


def break_charge(draft: Draft) -> Linear:
    """Charges for promised projects that are dropped, and for those that start in another period."""
    return Linear.sum(_charge(draft, promise) for promise in draft.region.commitments if not promise.binding)


def _charge(draft: Draft, promise: Commitment) -> Linear:
    built = draft.built(promise.project)
    moved = built - draft.started(promise.project, promise.period)
    return (1 - built) * promise.drop_charge + moved * promise.move_charge


def changes(draft: Draft) -> Linear:
    """Projects whose start is not the adopted one; not to be built is a start as well."""
    return Linear.sum(_changed(draft, project) for project in draft.region.projects)


def _changed(draft: Draft, project: Project) -> Linear:
    return 1 - draft.started(project.id, project.adopted) if project.adopted else draft.built(project.id)
