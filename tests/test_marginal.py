"""A family as one member earns more: every step is the single assessment, and falls are found to the fen."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import civaffairs as ca
from civaffairs.money import LARGEST_FEN
from civaffairs.research.marginal import marginal
from civaffairs.research.plots import resources_chart
from civaffairs.schemes import dibao, disability

ON = date(2026, 8, 1)
SHARED: dict[str, Any] = {
    "hukou_place": "450181",
    "lives_together": True,
    "can_live_independently": True,
    "employed": False,
    "own_assets_within_limits": True,
    "placement": ca.Placement.FAMILY,
    "wage_months": 1,
}
# Nobody has published these of Nanning; they only let a family above the standard be assessed to its end.
BOOK = ca.rulebook.with_file(Path(__file__).parents[1] / "examples" / "assumed.toml", assumed=True)


def person(key: str, **facts: Any) -> ca.Person:  # noqa: ANN401 -- a fact is of many kinds
    usual = SHARED | {"person_id": key, "birth_date": date(1980, 3, 1), "relation": ca.Relation.SPOUSE}
    return ca.nothing_else(ca.Person(**(usual | facts)))


def family(*members: ca.Person, **facts: Any) -> ca.Household:  # noqa: ANN401 -- a fact is of many kinds
    usual: dict[str, Any] = {
        "household_id": "F",
        "place": "450181",
        "area": ca.Area.RURAL,
        "assets_within_limits": True,
        "edge_assets_within_limits": True,
        "recorded_payment_method": ca.PaymentMethod.DIFFERENCE,
    }
    return ca.Household(**(usual | facts), members=members)


WORKER = person("1", relation=ca.Relation.APPLICANT)
COUPLE = family(WORKER, person("2"))
DISABLED = person("2", disability_kind=ca.DisabilityKind.PHYSICAL, disability_grade=3)
WITH_DISABLED = family(WORKER, DISABLED)


def single(home: ca.Household, wages: int) -> ca.Assessment:
    earner = attrs.evolve(home.members[0], wage_income=wages, wage_months=1)
    return ca.assess(attrs.evolve(home, members=(earner, *home.members[1:])), on=ON, rulebook=BOOK)


def test_below_the_line_nothing_of_a_further_yuan_is_kept_and_above_it_all() -> None:
    # 6,800 yuan a year for two is 1,133.33 1/3 a month.
    ramp = marginal(COUPLE, "1", range(0, 200_001, 20_000), on=ON, rulebook=BOOK)
    assert ramp.benefits.tolist() == [113_333, 93_333, 73_333, 53_333, 33_333, 13_333, 0, 0, 0, 0, 0]
    assert ramp.rates[:5] == (Fraction(1),) * 5
    assert ramp.rates[5] == Fraction(13_333, 20_000)
    assert ramp.rates[6:] == (Fraction(0),) * 4
    assert ramp.cliffs == ()
    assert ramp.bands() == [
        (0, 100_000, Fraction(1)),
        (100_000, 120_000, Fraction(13_333, 20_000)),
        (120_000, 200_000, Fraction(0)),
    ]


def test_what_hangs_on_dibao_is_lost_at_once() -> None:
    ramp = marginal(WITH_DISABLED, "1", range(100_000, 120_001, 5_000), on=ON, rulebook=BOOK)
    (cliff,) = ramp.cliffs
    # 1,100.00 + 33.33 + 122.00 against 1,150.00: 105.33 less.
    assert (cliff.below, cliff.at, cliff.drop) == (110_000, 115_000, 10_533)
    assert cliff.schemes == {"dibao": -3_333, "living_subsidy": -12_200}
    assert {"dibao", "living_subsidy"} <= {*cliff.ended}
    parts = [fen.tolist() for fen in ramp.by_scheme.values()]
    assert ramp.benefits.tolist() == [sum(step) for step in zip(*parts, strict=True)]
    names = {node.name for node in cliff.why.walk()}
    assert {"household_payable", "dibao_eligible", "dibao_income_met", "living_subsidy_entitled"} <= names
    assert [node.name for node in cliff.why.causes] == ["wage_income"]


@pytest.mark.parametrize(
    ("area", "start", "at"),
    [(ca.Area.RURAL, 100_000, 113_334), (ca.Area.URBAN, 150_000, 162_000)],
)
def test_a_cliff_is_found_to_the_fen(area: ca.Area, start: int, at: int) -> None:
    # Rural: 6,800 × 2 ÷ 12 = 1,133.33 1/3; urban: 810 × 2. The first whole fen that is not below it.
    home = attrs.evolve(WITH_DISABLED, area=area)
    ramp = marginal(home, "1", [start, start + 20_000], on=ON, rulebook=BOOK, schemes=["dibao"])
    assert ramp.cliffs == ()  # without what hangs on dibao there is none
    ramp = marginal(home, "1", [start, at + 1_000], on=ON, rulebook=BOOK)
    found = ramp.refine(ramp.cliffs[0])
    assert (found.below, found.at) == (at - 1, at)
    assert found.drop == 12_200 + single(home, at - 1)[dibao.dibao_amount][0] - 1


def test_what_is_not_known_is_no_nought() -> None:
    # Above the standard the edge standard decides, which nobody has published.
    ramp = marginal(WITH_DISABLED, "1", range(100_000, 130_001, 10_000), on=ON)
    assert ramp.benefits.tolist() == [25_533, 15_533, None, None]
    assert ramp.rates == (Fraction(1), None, None)
    assert ramp.cliffs == ()
    assert "not known" in repr(ramp)
    assert ramp.columns()["rate_to_next"] == [Fraction(1), None, None, None]


def test_pay_of_several_months_comes_to_the_same() -> None:
    by_month = marginal(WITH_DISABLED, "1", range(0, 150_001, 30_000), on=ON, rulebook=BOOK)
    by_year = marginal(WITH_DISABLED, "1", range(0, 150_001, 30_000), on=ON, rulebook=BOOK, months=12)
    assert by_month.columns() == by_year.columns()
    assert by_year.assessment.population.person["wage_income"].max() == 12 * 150_000


def test_a_member_whose_pay_is_not_stated_is_given_one() -> None:
    silent = attrs.evolve(WORKER, wage_income=None, wage_months=None)
    stated = marginal(COUPLE, "1", [0, 50_000], on=ON, rulebook=BOOK)
    given_one = marginal(family(silent, COUPLE.members[1]), "1", [0, 50_000], on=ON, rulebook=BOOK)
    assert given_one.columns() == stated.columns()


def test_another_amount_may_be_looked_at() -> None:
    rule = disability.living_subsidy_due
    ramp = marginal(WITH_DISABLED, "1", [0, 50_000], on=ON, rulebook=BOOK, rule=rule)
    assert ramp.benefits.tolist() == [12_200, 12_200]
    assert ramp.rates == (Fraction(0),)


@pytest.mark.parametrize(
    ("earnings", "told"),
    [
        ([], "at least two"),
        ([100], "at least two"),
        ([100, 100], "each above"),
        ([-1, 100], "none below 0"),
        ([0.0, 1.5], "whole sums"),
        ([False, True], "whole sums"),
        ([0, LARGEST_FEN + 1], "cannot|not pay"),
    ],
)
def test_steps_that_are_none_are_refused(earnings: list[Any], told: str) -> None:
    with pytest.raises(ca.UsageError, match=told):
        marginal(COUPLE, "1", earnings, on=ON)


def test_an_earner_who_is_not_there_is_refused_without_telling_keys() -> None:
    with pytest.raises(ca.UsageError, match="no member") as error:
        marginal(COUPLE, "450103199001011234", [0, 100], on=ON)
    assert "450103" not in str(error.value)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 300_000), min_size=2, max_size=5, unique=True).map(sorted),
    st.sampled_from([COUPLE, WITH_DISABLED]),
    st.sampled_from(["1", "2"]),
)
def test_every_step_is_the_single_assessment(earnings: list[int], home: ca.Household, earner: str) -> None:
    ramp = marginal(home, earner, earnings, on=ON, rulebook=BOOK)
    kept = Fraction(0)
    for k, wages in enumerate(earnings):
        members = tuple(
            attrs.evolve(one, wage_income=wages) if one.person_id == earner else one for one in home.members
        )
        alone = ca.assess(attrs.evolve(home, members=members), on=ON, rulebook=BOOK)
        assert ramp.benefits[k] == alone.column(ramp.rule).values[0]
        assert ramp.resources[k] == wages + ramp.benefits[k]
        if k:
            rate = ramp.rates[k - 1]
            assert rate is not None
            kept += (1 - rate) * (wages - earnings[k - 1])
    assert kept == ramp.resources[-1] - ramp.resources[0]


def test_a_chart_marks_each_cliff_with_what_is_lost() -> None:
    ramp = marginal(WITH_DISABLED, "1", range(100_000, 120_001, 5_000), on=ON, rulebook=BOOK)
    figure = resources_chart(ramp)
    assert [text.get_text().strip() for text in figure.axes[0].texts] == ["-105.33"]
