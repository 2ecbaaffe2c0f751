from __future__ import annotations

from pathlib import Path

import pandas as pd

from optimizer.tables import write_table


def test_no_text_is_a_formula_and_figures_stay(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"name": ["=cmd|x", "@a", "plain", "-road"], "exact": ["-1/3", "+2.5", "7", ""], "x": [-1.5, 2, 0, 1]}
    )
    write_table(frame, tmp_path / "t.csv")
    back = pd.read_csv(tmp_path / "t.csv", dtype=str, keep_default_na=False)
    assert back["name"].tolist() == ["'=cmd|x", "'@a", "plain", "'-road"]
    assert back["exact"].tolist() == ["-1/3", "+2.5", "7", ""]
    assert back["x"].tolist() == ["-1.5", "2.0", "0.0", "1.0"]
