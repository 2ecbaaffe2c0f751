"""Benchmarks run small: methods in turn, the gate, published fronts, what they print and when they fail."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from benchmarks import gate, pairs, workers
from benchmarks.__main__ import cli
from benchmarks.cases import CASES, PUBLISHED, case, knapsack, plan
from benchmarks.gate import QUICK, WATCHED, Effort, differences, effort, read_record, write_record
from benchmarks.measure import Measure, in_new_process, measure
from benchmarks.pairs import compare, table
from benchmarks.peers import HOME
from optimizer import solve


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith(("knapsack", "plan"))])
def test_cases_have_the_size_in_their_name(name: str) -> None:
    _, n, p = name.split("-")
    problem = case(name).problem()
    assert problem.name == name
    assert (len(problem.columns), len(problem.objectives)) == (int(n), int(p))
    assert len(case(name).small().objectives) == int(p)


@pytest.mark.parametrize("name", ["town-20", "town01-8-4", "zigong"])
def test_regions_are_cases(name: str) -> None:
    problem = case(name).problem()
    assert len(problem.objectives) == (4 if name.endswith("-4") else 3)
    assert problem.integer.all() == name.startswith("town01")


def test_same_name_same_figures() -> None:
    assert plan(20).C.tolist() == plan(20).C.tolist() != plan(20, seed=1).C.tolist()
    assert knapsack(9).C.tolist() == case("knapsack-9").problem().C.tolist()
    assert case("knapsack-9-3-s2").problem().C.tolist() == knapsack(9, 3, 2).C.tolist()


@pytest.mark.parametrize("name", ["village-3-3", "knapsack", "knapsack-40-9", "KP_p-9"])
def test_unknown_cases_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"no such case: {name}; there are knapsack-N-P"):
        case(name)


def test_the_gate_holds_for_the_quickest_cases() -> None:
    recorded = read_record()
    assert set(recorded) == {f"{method} {name}" for method, name in WATCHED}
    assert set(QUICK) <= set(WATCHED)
    for method, name in QUICK:
        key = f"{method} {name}"
        assert not list(differences(key, recorded[key], effort(method, name)))


def test_the_gate_fails_where_effort_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, record = Effort(9, 1000, 50), tmp_path / "gate.json"
    assert not list(differences("x", before, Effort(9, 900, 51)))
    assert "10 points" in next(differences("x", before, Effort(10, 1000, 50)))
    assert "8 points" in next(differences("x", before, Effort(8, 1000, 50)))
    (line,) = differences("x", before, Effort(9, 1100, 50))
    assert line == "x: 1,100 labels, recorded are 1,000 (10.0 % more)"
    assert "52 solves" in next(differences("x", before, Effort(9, 1000, 52)))
    assert "nothing is recorded" in next(differences("x", None, before))
    write_record([("labels knapsack-9-3", Effort(99, 0, 1))], record)
    assert read_record(record) == {"labels knapsack-9-3": Effort(99, 0, 1)}
    monkeypatch.setattr("benchmarks.__main__.WATCHED", (("labels", "knapsack-9-3"),))
    monkeypatch.setattr("benchmarks.__main__.read_record", lambda: read_record(record))
    result = CliRunner().invoke(cli, ["gate"], catch_exceptions=False)
    assert result.exit_code == 1
    assert "recorded are 99: one of the two fronts is wrong" in result.output
    assert gate.RECORD.is_file()


def test_a_run_in_a_process_of_its_own() -> None:
    found, points = in_new_process("knapsack-12-3", "labels", 60)
    front = solve(case("knapsack-12-3").problem())
    assert found.complete
    assert found.points == len(front)
    assert points is not None
    assert sorted((-points).tolist()) == sorted(front.counts.tolist())
    assert found.peak_mb > 0
    assert found.labels == front.certificate.labels > 0


def test_a_run_that_fails_is_reported() -> None:
    found, points = in_new_process("town-20-3", "labels", 60)
    assert points is None
    assert found.status.startswith("error: ValueError: labels takes 0/1 problems")
    assert not found.complete
    assert "| error: ValueError" in table([pairs.Compared((found,), None, found.status)])


@pytest.mark.parametrize("method", ["search-plain", "nsga2", "nsga3"])
def test_peers_answer(method: str) -> None:
    problem = plan(14)
    found, points = measure(case("plan-14-3"), method, 60 if method == "search-plain" else 2)
    truth = -solve(problem).counts
    assert found.status == ("complete" if method == "search-plain" else "heuristic")
    assert len(points)
    if found.complete:
        assert sorted(points.tolist()) == sorted(truth.tolist())
    for y in points:
        assert np.any(np.all(truth <= y, axis=1)), "a point better than the complete front"


def test_a_peer_that_cannot_run_says_why(tmp_path: Path) -> None:
    this = case("knapsack-9-3")
    assert "no complete front" in measure(this, "pyaugmecon", 9)[0].status
    known = -solve(this.problem()).counts
    assert "not installed" in measure(this, "pyaugmecon", 9, known, tmp_path)[0].status


def made_up(fronts: dict[str, list[list[int]]], seconds: dict[str, float]) -> pairs.Runner:
    def run(
        name: str, method: str, limit: float, known: NDArray[np.int64] | None, home: Path
    ) -> tuple[Measure, NDArray[np.int64] | None]:
        points = np.array(fronts[method])
        status = "heuristic" if method == "nsga2" else "complete"
        return Measure(name, method, status, 3, 1, len(points), seconds[method], seconds[method]), points

    return run


def test_runs_in_turn_are_compared() -> None:
    fronts = {
        "labels": [[0, 4], [4, 0]],
        "search": [[4, 0], [0, 4]],
        "nsga2": [[0, 4]],
        "search-plain": [[0, 4], [5, 0]],
    }
    seconds = {"labels": 0.5, "search": 100.0, "nsga2": 2.0, "search-plain": 1.0}
    found = compare("x", list(fronts), 3, 9, HOME, made_up(fronts, seconds))
    assert [one.ratio for one in found] == [1, 200, 4, 2]
    assert [one.verdict.partition(";")[0] for one in found] == [
        *("complete", "equal front", "heuristic", "DIFFERENT FRONT, 1 points in common")
    ]
    assert found[2].verdict == "heuristic; 1 of 2 points; 0.5556 of the hypervolume"
    assert [one.differs for one in found] == [False, False, False, True]
    assert [len(one.runs) for one in found] == [3, 3, 3, 3]
    lines = table(found).splitlines()
    assert len(lines) == 6
    assert len({line.count("|") for line in lines}) == 1
    assert "| x | 3 × 1 | search | 100 | 200 |" in lines[3]
    json.dumps([one.row() for one in found])


def test_the_run_command(monkeypatch: pytest.MonkeyPatch) -> None:
    fronts = {"labels": [[0, 4]], "search": [[4, 0]]}
    run = made_up(fronts, {"labels": 1.0, "search": 2.0})
    monkeypatch.setattr("benchmarks.__main__.compare", lambda *given: compare(*given, run=run))
    said = CliRunner().invoke(cli, ["run", "--case", "x", "--json"], catch_exceptions=False)
    assert said.exit_code == 1, "two complete fronts differ"
    assert [json.loads(line)["method"] for line in said.output.splitlines()] == ["labels", "search"]
    said = CliRunner().invoke(cli, ["run", "--case", "x", "--against", "labels"], catch_exceptions=False)
    assert said.exit_code == 0
    assert "1 × in turn" in said.output


def test_a_published_front_by_command(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = PUBLISHED["KP_p-3_n-20_ins-1"]
    monkeypatch.setattr("benchmarks.__main__.published", lambda: [one])
    monkeypatch.setattr("benchmarks.against.in_new_process", lambda name, *how: measure(case(name), *how))
    said = CliRunner().invoke(cli, ["published", "--quick"], catch_exceptions=False)
    assert said.exit_code == 0
    assert "| KP_p-3_n-20_ins-1 | 20 | 3 | 35 |" in said.output
    assert said.output.splitlines()[2].endswith("| equal |")


def test_workers_in_turn() -> None:
    said = (
        CliRunner().invoke(cli, ["workers", "--case", "knapsack-9-3", "--repeat", "1"], catch_exceptions=False).output
    )
    one, two = (line.split("|")[1:-1] for line in said.splitlines() if line.startswith("| knapsack"))
    assert (one[1].strip(), two[1].strip()) == ("1", "2")
    assert one[5] == two[5]
    assert int(one[7]) == 0
    assert int(two[7]) == int(two[6]) - int(one[6])
    assert "1 × in turn, highs" in said


def test_workers_that_find_another_front_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fronts = iter([[[1, 2]], [[2, 1]]])
    monkeypatch.setattr(workers, "_solved", lambda *_: (workers.Round(1, 1.0, 1.0, 1, 1), next(fronts)))
    done = CliRunner().invoke(cli, ["workers", "--case", "knapsack-9-3"])
    assert done.exit_code == 1
    assert "found another front" in done.output
