from __future__ import annotations

import re
from decimal import Decimal

import pytest

from instances import read_region
from instances.figures import figures, find_figure, find_figures, values, with_figure, with_figures
from instances.schema import TABLES


def test_every_figure_is_found_by_its_address_and_can_be_put_back() -> None:
    region = read_region("zigong")
    for table in ("policy", *TABLES):
        for figure in list(figures(region, table))[:5]:
            assert find_figure(region, str(figure)) == figure
            value = figure.value(region)
            assert value is not None
            assert with_figure(region, figure, value) == region


def test_one_figure_changes_and_nothing_else() -> None:
    region = read_region("hamlet")
    figure = find_figure(region, "budgets/county/amount")
    changed = with_figure(region, figure, Decimal("15.5"))
    assert figure.value(changed) == Decimal("15.5")
    assert with_figure(changed, figure, Decimal(14)) == region


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("budget/county/amount", "did you mean budgets?"),
        ("budgets/country/amount", "did you mean county,1?"),
        ("budgets/county/amounts", "did you mean amount?"),
        ("policy/farmland", "has no figure farmland"),
        ("effects/road/value", "named by project, indicator; "),
        ("projects/capital_cost", "write projects/ID/COLUMN"),
    ],
)
def test_a_wrong_address_tells_the_way_out(address: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        find_figure(read_region("hamlet"), address)


def test_a_value_that_the_column_does_not_take() -> None:
    region = read_region("hamlet")
    figure = find_figure(region, "budgets/county/amount")
    with pytest.raises(ValueError, match="is below 0"):
        with_figure(region, figure, Decimal(-1))


def test_many_figures_change_at_once_as_one_after_the_other() -> None:
    region = read_region("hamlet")
    found = [*find_figures(region, "projects/*/capital_cost"), *find_figures(region, "projects/*/operating_cost")]
    found += [find_figure(region, "budgets/county/amount")]
    now = values(region, found)
    assert now == [figure.value(region) for figure in found]
    wanted = {figure: value + 1 for figure, value in zip(found, now, strict=True) if value is not None}
    single = region
    for figure, value in wanted.items():
        single = with_figure(single, figure, value)
    changed = with_figures(region, wanted)
    assert changed == single
    assert values(changed, list(wanted)) == list(wanted.values())
