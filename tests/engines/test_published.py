"""Complete fronts equal the published ones, at no more MIP solves a point than the field's best."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.formats import read_front, read_problem
from optimizer import Status, solve

CASES = [
    # file, front, format, most MIP solves per nondominated point
    ("mokp/kirlik/KP_p-3_n-20_ins-1.dat", "mokp/kirlik/EffSet_KP_p-3_n-20_ins-1.txt", "kirlik", 3.0),
    ("mokp/kirlik/KP_p-3_n-30_ins-1.dat", "mokp/kirlik/EffSet_KP_p-3_n-30_ins-1.txt", "kirlik", 3.0),
    ("mokp/kirlik/KP_p-4_n-20_ins-1.dat", "mokp/kirlik/EffSet_KP_p-4_n-20_ins-1.txt", "kirlik", 6.0),
    ("mokp/kirlik/KP_p-5_n-10_ins-1.dat", "mokp/kirlik/EffSet_KP_p-5_n-10_ins-1.txt", "kirlik", 11.0),
    ("voptlib/2KP50-92.dat", "voptlib/2KP50-92.min", "voptlib", 3.0),
    ("voptlib/2KP50-50.dat", "voptlib/2KP50-50.min", "voptlib", 3.0),
]


@pytest.mark.parametrize(("file", "expected", "form", "most"), CASES, ids=[Path(case[0]).stem for case in CASES])
def test_front_is_the_published_one(shared_data: Path, file: str, expected: str, form: str, most: float) -> None:
    front = solve(read_problem(shared_data / file, form), method="search")
    published = {tuple(y) for y in read_front(shared_data / expected, form).tolist()}
    assert {tuple(y) for y in front.counts.tolist()} == published
    assert front.certificate.status is Status.COMPLETE
    assert front.certificate.solves <= most * len(published)


def test_every_published_front_fits_its_problem(shared_data: Path) -> None:
    """The readers agree with each other: no published point lies above what all items together would give."""
    path = shared_data / "mokp/mobkp/random_6D_25_1.in"
    problem, front = read_problem(path, "mobkp"), read_front(path, "mobkp")
    assert front.shape == (1519, 6)
    assert (front.max(axis=0) <= problem.C.sum(axis=1)).all()
