from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from optimizer.report.summary_pdf import write_summary
from optimizer.run import Run
from tests.report.test_plan_book import run_of


@pytest.fixture(scope="module")
def zigong(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_of("zigong", tmp_path_factory.mktemp("zigong") / "run", solves=5)


@pytest.mark.parametrize(("language", "heading"), [("en", "How sure is this?"), ("zh", "结论有多可靠")])
def test_four_tagged_pages_with_the_proof(zigong: Run, tmp_path: Path, language: str, heading: str) -> None:
    if language == "zh" and not any(Path("/usr/share/fonts").rglob("*CJK*")):
        pytest.skip("needs a Chinese font: as root, apt-get install fonts-noto-cjk")
    path = write_summary(zigong, tmp_path / "summary.pdf", language)  # type: ignore[arg-type]
    document = pypdf.PdfReader(path)
    root = document.trailer["/Root"]
    assert len(document.pages) == 4
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == language
    text = "".join(page.extract_text() for page in document.pages)
    assert heading in text
    core = [p for j, p in enumerate(zigong.listing.projects) if (zigong.listing.starts[:, j] > 0).all()]
    assert all(project in text for project in core[:5])


def test_the_same_run_gives_the_same_bytes_and_nothing_is_overwritten(zigong: Run, tmp_path: Path) -> None:
    first = write_summary(zigong, tmp_path / "a.pdf")
    assert write_summary(zigong, tmp_path / "b.pdf").read_bytes() == first.read_bytes()
    with pytest.raises(FileExistsError):
        write_summary(zigong, first)


def test_wild_names_are_only_text(tmp_path: Path) -> None:
    run = run_of("hamlet", tmp_path / "run")
    wild = "#pagebreak() *bold* $x$ <script> =cmd 🏯 " + "x" * 150
    named = tuple(p.model_copy(update={"name": wild}) for p in run.region.projects)
    other_run = replace(run, region=replace(run.region, projects=named))
    document = pypdf.PdfReader(write_summary(run, tmp_path / "plain.pdf"))
    other = pypdf.PdfReader(write_summary(other_run, tmp_path / "wild.pdf"))
    assert len(other.pages) == len(document.pages)
    assert "#pagebreak()" in other.pages[0].extract_text()
