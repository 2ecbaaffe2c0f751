"""Label setting finds every published front, point by point.

A normal run takes the files whose front is a matter of a second; ``GROWTHRING_PUBLISHED=all`` takes all of them, and
``python -m benchmarks published`` does the same with the time that each one takes.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.cases import PUBLISHED, Published
from optimizer import Status, solve

LONGEST = float("inf") if os.environ.get("GROWTHRING_PUBLISHED") == "all" else 1
CASES = [one for one in PUBLISHED.values() if one.front and one.seconds <= LONGEST]


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_front_is_the_published_one(shared_data: Path, one: Published) -> None:
    problem, published = one.problem(), one.points()
    front = solve(problem, method="labels")
    assert published is not None
    assert sorted(front.counts.tolist()) == sorted(published.tolist())
    assert front.certificate.status is Status.COMPLETE
    assert (problem.evaluate(front.X) == front.counts).all()
    assert problem.violations(front.X).max() == 0


def test_every_number_of_objectives_is_tried() -> None:
    names = " ".join(one.name for one in CASES)
    assert all(part in names for part in ("2KP", "p-3", "p-4", "p-5", "6D"))


def test_every_file_is_known(shared_data: Path) -> None:
    """No file beside the checkout is forgotten."""
    files = {path.stem for suffix in ("dat", "in") for path in shared_data.glob(f"*/**/*.{suffix}")}
    assert {name for name in files if name.startswith(("KP_", "random_", "2KP"))} == set(PUBLISHED)
