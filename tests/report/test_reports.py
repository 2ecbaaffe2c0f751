"""The reports, against sums done by hand on three towns."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from instances import check_region
from instances.schema import Tag
from optimizer.decide.beside import Beside, growth_goal
from optimizer.decide.growth_only import beside_of
from optimizer.report.describe import (
    REPORTS,
    convergence,
    growth_only,
    integration,
    leading_industry,
    memory,
    sources,
)
from tests.report.county import county

ADOPTED = {"well": 1, "copy": 1, "mill": 1, "school": 1}
GREEDY = {"well": 1, "mall": 1, "copy": 1, "mill": 1, "exit": 1}
BESIDE = Beside(
    growth_only=GREEDY,
    best={"growth": Fraction(23), "character": Fraction(6)},
    worst={"growth": Fraction(3), "character": Fraction(0)},
)


def test_the_county_is_sound() -> None:
    assert check_region(county()) == []


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.NAME)
def test_every_report_tells_of_every_plan(report) -> None:
    region = county()
    for plan in ({}, ADOPTED, GREEDY):
        for beside in (None, BESIDE):
            found = report.table(region, plan, beside)
            assert len(found)
            assert list(found) == list(dict.fromkeys(found))
            assert all(sentence.endswith(".") for sentence in report.words(region, plan, beside))
            for caption, part in report.show(found):
                assert caption
                assert len(part.columns) <= 10


class TestSources:
    def test_stocks_and_growth_by_hand(self) -> None:
        """Ay: craft 10 + 3 - 2, exit 4 + 1; growth 1 from within, 9 from the mall (the exit belongs to no town)."""
        ay, be, ce = sources.table(county(), GREEDY).to_dict("records")
        assert (ay["hard"], ay["soft"], ay["location"], ay["soft_change"]) == (5, 11, 5, 1)
        assert (ay["internal"], ay["external"]) == (16, 5)
        assert (ay["growth_internal"], ay["growth_external"], ay["outruns"], ay["draws_on"]) == (1, 9, True, "soft")
        assert (be["policy"], be["growth_internal"], be["growth_external"], be["draws_on"]) == (2, 2, 7, "")
        assert not ce["outruns"]

    def test_growth_from_within(self) -> None:
        found = sources.table(county(), {"well": 1, "mill": 1})
        assert not found["outruns"].any()
        assert "in no town" in sources.words(county(), {"well": 1})[0]

    def test_where_no_effect_names_a_source_the_stocks_are_compared(self) -> None:
        region = county()
        mute = replace(region, effects=tuple(e.model_copy(update={"source": ""}) for e in region.effects))
        assert list(sources.table(mute, {"exit": 1})["outruns"]) == [True, False, False]
        assert not sources.table(mute, {"exit": 1, "well": 1})["outruns"].any()


class TestConvergence:
    def test_mixes_by_hand(self) -> None:
        """Greedy: Ay half salt, half shops; Be 8 shops, 16/3 food, 8/3 sheds: K = 1/2 + 0 + 1/3 + 1/6 = 1."""
        mixes = convergence.project_mix(county(), GREEDY)
        assert mixes["ay"] == {"industry salt": Fraction(1, 2), "typology shopping street": Fraction(1, 2)}
        assert mixes["be"]["industry food"] == Fraction(1, 3)
        assert convergence.krugman(mixes["ay"], mixes["be"]) == 1
        plan, alone = convergence.table(county(), ADOPTED, BESIDE).to_dict("records")[1:3]
        assert (plan["krugman"], plan["copies"], plan["cosine"]) == (2, 0, 0)
        assert (alone["krugman"], alone["copies"], alone["towns"]) == (1, 1, 2)
        assert "more alike" in " ".join(convergence.words(county(), ADOPTED, BESIDE))

    def test_jobs_before_and_after(self) -> None:
        """Today 3/4 and 1/4 salt apart: K = 7/12 · 2; the mill brings 20 jobs in food: 1/8 salt in Be, K = 5/4."""
        found = convergence.table(county(), ADOPTED).set_index(["mix", "state"])
        assert found.loc[("jobs", "before"), "krugman"] == pytest.approx(7 / 6)
        assert found.loc[("jobs", "plan"), "krugman"] == pytest.approx(5 / 4)

    def test_copies_from_the_similarity_of_the_policy_on(self) -> None:
        """Two streets that share one of two styles: similarity 1/3."""
        region = county(alike_from="0.3")
        tags = (*region.tags, *(Tag(project=p, kind="style", tag=p) for p in ("mall", "copy")))
        region = replace(region, tags=tags)
        assert convergence.copies(region, GREEDY) == [("mall", "copy", Fraction(1, 3))]
        strict = replace(county(), tags=tags)
        assert convergence.copies(strict, GREEDY) == []

    def test_without_tags_categories_are_the_mix(self) -> None:
        region = replace(county(), tags=())
        assert convergence.project_mix(region, {"mall": 1, "well": 1})["ay"] == {
            "craft": Fraction(1, 2),
            "shops": Fraction(1, 2),
        }
        assert convergence.table(region, GREEDY)["copies"].isna().all()

    @pytest.mark.parametrize("shift", [0, 1])
    def test_the_index_is_symmetric_and_bounded(self, shift: int) -> None:
        mixes = list(convergence.project_mix(county(), {p.id: 1 for p in county().projects[shift:]}).values())
        for one in mixes:
            assert convergence.krugman(one, one) == 0
            assert convergence.cosine(one, one) == pytest.approx(1)
            for other in mixes:
                assert 0 <= convergence.krugman(one, other) == convergence.krugman(other, one) <= 2


class TestLeadingIndustry:
    def test_quotients_by_hand(self) -> None:
        found = leading_industry.table(county(), ADOPTED, BESIDE).set_index(["town", "industry"])
        assert found.loc[("盐镇 Ay", "salt"), "lq"] == 1.875
        assert bool(found.loc[("盐镇 Ay", "salt"), "leads"])
        assert not found.loc[("盐镇 Ay", "food"), "advantage"]
        assert found.loc[("Be", "food"), "backing"] == 8
        assert found["best"].sum() == 2

    def test_backing_against_the_advantage_is_named(self) -> None:
        region = county()
        moved = replace(
            region, tags=tuple(t.model_copy(update={"tag": "salt"}) if t.tag == "food" else t for t in region.tags)
        )
        said = leading_industry.words(moved, ADOPTED)[0]
        assert "33 %" in said
        assert "without one: Be salt" in said


class TestMemory:
    def test_fates_by_hand(self) -> None:
        """The well saves a1; the mall destroys a2 (-4) and harms a3 (-3), which is kept; nothing saves b1."""
        assert memory.fates(county(), GREEDY) == {"a1": "saved", "a2": "lost", "a3": "kept", "b1": "lost"}
        ay, be = memory.table(county(), GREEDY, BESIDE).to_dict("records")
        assert (ay["past"], ay["past_all"], ay["present"], ay["eras"], ay["kinds"]) == (1, 2, 1, 2, 2)
        assert ay["saved"] == ("古井 Old well",)
        assert (ay["lost_if_nothing"], ay["lost_growth_only"], be["lost"]) == (1, 1, ("b1",))

    def test_points_of_the_timeline(self) -> None:
        """Adopted: two of the past (5 + 2) and one of the present (5) in Ay; nothing in Be."""
        assert memory.points(county(), ADOPTED) == {"ay": 12, "be": 0, "ce": 0}

    def test_a_kind_that_dies_out_is_named(self) -> None:
        assert "nothing is left of: industrial" in memory.words(county(), {})[0]


class TestIntegration:
    def test_rooms_and_bottleneck_by_hand(self) -> None:
        """Ay: 18 school places and 60 homes free are room for 120 and 120 people: two steps of 50."""
        ay, be = integration.table(county(), ADOPTED, BESIDE).to_dict("records")
        assert (ay["today"], ay["newcomers"], ay["growth_only"], ay["bottleneck"]) == (0, 100, 0, "school")
        assert (ay["room_school"], ay["room_homes"]) == (120, 120)
        assert (be["newcomers"], be["bottleneck"]) == (1000, "the limit")

    def test_without_a_limit_and_a_step_people_are_counted_one_by_one(self) -> None:
        region = county(newcomer_step=None, newcomer_limit=None)
        found = integration.table(region, ADOPTED)
        assert list(found["newcomers"]) == [120, 3000]

    def test_no_service_for_newcomers(self) -> None:
        region = county()
        mute = replace(region, services=tuple(s.model_copy(update={"per_newcomer": 0}) for s in region.services))
        assert "No service" in integration.words(mute, {})[0]


class TestGrowthOnly:
    def test_regret_by_hand(self) -> None:
        """Charm: the best is 6, the greedy plan has 6 - 3 - 3 = 0: it gives up the whole range."""
        growth, character = growth_only.table(county(), ADOPTED, BESIDE).to_dict("records")
        assert (growth["regret"], growth["plan_regret"], growth["plan_regret_share"]) == (0, 13, 0.65)
        assert (character["regret"], character["regret_share"], character["plan"]) == (6, 1, 3)
        assert "6 points of character (100 % of the range)" in growth_only.words(county(), ADOPTED, BESIDE)[0]

    def test_without_a_run_it_is_solved_for(self) -> None:
        found = beside_of(county())
        assert found is not None
        assert dict(found.growth_only) == GREEDY
        assert found.best == {"growth": 23, "character": 6}
        assert found.worst["character"] == 0
        assert "each proved" in found.basis

    def test_it_is_never_left_out(self) -> None:
        assert REPORTS[0] is growth_only
        assert growth_only.NEEDS == ()

    def test_the_objective_that_stands_for_growth(self) -> None:
        region = county()
        assert growth_goal(region) == "growth"
        goals = {"jobs": region.goals["growth"], "charm": region.goals["character"]}
        assert growth_goal(replace(region, settings=region.settings.model_copy(update={"objectives": goals}))) == "jobs"
