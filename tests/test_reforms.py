"""Two results compared: hand-worked gains, sums that agree, reasons that name what was changed and nothing else."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import civaffairs as ca
from civaffairs.money import Fen, portion
from civaffairs.people.population import Population
from civaffairs.people.records import sound_population_of
from civaffairs.research.outcomes import Outcome
from civaffairs.research.reforms import Comparison, compare
from civaffairs.research.synthetic import synthetic_population
from civaffairs.rules.rule import Unit
from civaffairs.rules.values import Count, Day
from civaffairs.schemes import dibao, disability, income, members

ON = date(2026, 8, 1)
BOOK = ca.rulebook.with_file(Path(__file__).parents[1] / "examples" / "assumed.toml", assumed=True)
HIGHER = BOOK.with_parameter(dibao.rural_standard, ca.yuan(7_200), place="450100", since=ON, why="raised to 7,200")
LOWER = BOOK.with_parameter(dibao.rural_standard, ca.yuan(6_000), place="450100", since=ON, why="lowered to 6,000")
SHARED: dict[str, Any] = {
    "birth_date": date(1980, 3, 1),
    "hukou_place": "450181",
    "lives_together": True,
    "can_live_independently": True,
    "employed": False,
    "own_assets_within_limits": True,
    "placement": ca.Placement.FAMILY,
    "business_months": 12,
    "wage_months": 1,
}
RELATIONS = (ca.Relation.APPLICANT, ca.Relation.SPOUSE, ca.Relation.PARENT, ca.Relation.PARENT)


def family(key: str = "D4", size: int = 4, yearly: int = 20_000, **facts: Any) -> ca.Household:  # noqa: ANN401
    """A rural family paid by difference, with farming income in yuan a year; facts are of its last member."""
    people = [SHARED | {"person_id": f"{key}-{k + 1}", "relation": RELATIONS[k]} for k in range(size)]
    people[0] |= {"business_income": ca.yuan(yearly)}
    people[-1] |= facts
    return ca.Household(
        household_id=key,
        place="450181",
        area=ca.Area.RURAL,
        assets_within_limits=True,
        edge_assets_within_limits=True,
        recorded_payment_method=ca.PaymentMethod.DIFFERENCE,
        members=[ca.nothing_else(ca.Person(**one)) for one in people],
    )


FAMILIES = [
    family("D4"),  # 27,200 - 20,000 a year: 600.00 a month
    family("new", yearly=28_000),  # above 27,200, below 28,800
    family("rich", yearly=90_000),
    family("one", size=1, yearly=1_000, disability_kind=ca.DisabilityKind.PHYSICAL, disability_grade=3),
]


def assess(data: object, book: ca.Rulebook = BOOK, **how: Any) -> ca.Assessment:  # noqa: ANN401
    return ca.assess(data, on=ON, rulebook=book, **how)


def compared(data: object, book: ca.Rulebook, **how: Any) -> Comparison:  # noqa: ANN401
    return compare(assess(data, **how), assess(data, book, **how))


@pytest.fixture(scope="module")
def people() -> Population:
    return synthetic_population(3_000, seed=20)


@pytest.fixture(scope="module")
def raised(people: Population) -> Comparison:
    return compared(people, HIGHER)


def test_a_higher_standard_worked_by_hand() -> None:
    comparison = compared(FAMILIES, HIGHER, schemes=["dibao"])
    # 7,200 × 4 - 20,000 = 8,800 ÷ 12 = 733.33; 28,800 - 28,000 = 800 ÷ 12 = 66.67; 7,200 - 1,000 = 6,200 ÷ 12 = 516.67.
    assert comparison.columns() == {
        "household_id": ["D4", "new", "rich", "one"],
        "before": [60_000, 0, 0, 48_333],
        "after": [73_333, 6_667, 0, 51_667],
        "change": [13_333, 6_667, 0, 3_334],
        "outcome": ["gains", "gains", "unchanged", "gains"],
    }
    overall = comparison.overall
    assert (overall.gainers, overall.losers, overall.unchanged, overall.not_known) == (3, 0, 1, 0)
    assert (overall.gainers_persons, overall.unchanged_persons) == (9, 4)
    assert comparison.cost_a_month == comparison.gains == 13_333 + 6_667 + 3_334
    assert comparison.cost_a_year == 12 * 23_334
    (change,) = comparison.schemes
    assert (change.persons_before, change.persons_after) == (5, 9)
    assert (change.fen_before, change.fen_after, change.change) == (108_333, 131_667, 23_334)


def test_the_reason_goes_from_the_amount_down_to_the_standard() -> None:
    why = compared(FAMILIES, HIGHER, schemes=["dibao"]).why("D4")
    assert [node.name for node in why.walk()] == [
        "dibao_amount",
        "dibao_difference",
        "standard",
        "rural_line",
        "rural_standard",
    ]
    assert why.sentence == (
        "dibao_amount 600.00 -> 733.33 yuan/month because rural_standard 6,800.00 -> 7,200.00 yuan/person/year"
    )
    assert why.causes[0].notes == ("assumed: raised to 7,200",)


def test_a_family_that_comes_in_is_told_the_verdict_that_turned() -> None:
    why = compared(FAMILIES, HIGHER, schemes=["dibao"]).why("new")
    names = [node.name for node in why.walk()]
    assert names[:3] == ["dibao_amount", "dibao_eligible", "dibao_income_met"]
    assert "dibao_difference" not in names  # what comes after the verdict is no reason


def test_one_for_whom_nothing_changes_has_no_reason() -> None:
    comparison = compared(FAMILIES, HIGHER)
    with pytest.raises(ca.UsageError, match="the same"):
        comparison.why("rich")
    with pytest.raises(ca.UsageError, match="no household"):
        comparison.why("nobody")
    with pytest.raises(ca.UsageError, match="4 households"):
        comparison.why(4)


def test_a_benefit_that_hangs_on_dibao_goes_with_it() -> None:
    home = family("one", 1, 6_500, disability_kind=ca.DisabilityKind.PHYSICAL, disability_grade=3)
    comparison = compared([home], LOWER)
    # 300 ÷ 12 = 25.00 of dibao and 122.00 beside it.
    assert comparison.losses == 2_500 + 12_200
    assert comparison.cost_a_month == -14_700
    assert comparison.reasons()[0].schemes == ("dibao", "living_subsidy")
    told = str(comparison.why("one"))
    assert "living_subsidy_entitled one-1: yes -> no" in told
    assert "dibao_income_met yes -> no" in told


def test_half_of_the_wages_left_out_is_told_as_a_rule_replaced() -> None:
    @ca.rule(
        ca.Level.PERSON,
        income.INCOME,
        zh="工资性收入（减半计入）",
        since=ON,
        name="net_wages",
        unit=Unit.FEN_COMMON,
        conventions=("losses",),
    )
    def half_of_wages(wage_income: Fen, employment_cost: Fen, wage_months: Count, day: Day) -> Fen:
        """Half of the pay less the costs of working."""
        whole = income.per_common_months(income.net(wage_income, employment_cost, day), wage_months)
        return portion(whole, Fraction(1, 2), day.conventions.rounding)

    taper = BOOK.with_rule(half_of_wages, why="half of wages counted")
    home = family("W", 2, 0, wage_income=ca.yuan(600))
    comparison = compared([home], taper, schemes=["dibao"])
    assert comparison.difference.tolist() == [30_000]
    assert comparison.changes == ("rule net_wages from 2026-08-01: half of wages counted",)
    (cause,) = comparison.why().causes
    assert (cause.name, cause.change) == ("net_wages", "W-2: 600.00 -> 300.00 yuan/month")
    assert cause.notes == ("rule replaced: Half of the pay less the costs of working.",)
    assert comparison.reasons()[0].causes == ("net_wages",)
    both = taper.with_parameter(dibao.rural_standard, ca.yuan(7_200), place="450100", since=ON, why="and raised")
    assert compared([home], both, schemes=["dibao"]).reasons()[0].causes == ("net_wages", "rural_standard")


def test_another_version_with_the_same_arithmetic_is_no_cause() -> None:
    # The Act renewed the rules of dibao on 1 July 2026 without another sum; the pension stopped being left out earlier.
    pensioner = family("P", 1, 0, transfer_income=15_000, basic_pension=15_000, transfer_months=1)
    old = ca.assess(pensioner, on="2025-12-01", schemes=["dibao"])
    new = ca.assess(pensioner, on="2026-08-01", schemes=["dibao"])
    comparison = compare(old, new)
    assert comparison.difference.tolist() == [-15_000]
    assert [node.name for node in comparison.why().causes] == ["excluded_basic_pension"]
    assert "2025-12-01 and 2026-08-01" in repr(comparison)


def test_other_facts_are_a_cause_too() -> None:
    comparison = compare(assess(family(yearly=20_000)), assess(family(yearly=21_200)))
    assert comparison.difference.tolist() == [-10_000]
    (cause,) = comparison.why().causes
    assert (cause.name, cause.change) == ("business_income", "D4-1: 20,000.00 -> 21,200.00 yuan")


def test_what_is_not_known_on_either_side_is_neither_gain_nor_loss() -> None:
    book = ca.rulebook
    above = family("X", disability_kind=ca.DisabilityKind.PHYSICAL, disability_grade=3, yearly=28_000)
    homes = [family("D4"), above]
    higher = book.with_parameter(dibao.rural_standard, ca.yuan(7_200), place="450100", since=ON, why="raised")
    comparison = compare(assess(homes, book), assess(homes, higher))
    # Whether the family above the standard is an edge family hangs on a line nobody has published.
    assert comparison.columns()["before"] == [60_000, None]
    assert comparison.difference.tolist() == [13_333, None]
    assert (comparison.overall.gainers, comparison.overall.not_known) == (1, 1)
    assert (comparison.cost_a_month, comparison.cost_a_year, comparison.gains) == (None, None, 13_333)
    assert "cost: not known" in repr(comparison)
    assert [one.cost for one in comparison.by(["a", "b"])] == [13_333, None]
    assert sum(one.households for one in comparison.reasons()) == 1


def test_nothing_changes_against_itself(raised: Comparison) -> None:
    same = compare(raised.before, raised.before)
    assert (same.overall.gainers, same.overall.losers, same.gains, same.losses) == (0, 0, 0, 0)
    assert len(same.reasons()) == 0
    assert same.quantiles(of=Outcome.GAINS) == {}
    assert same.largest() == {name: [] for name in same.columns()}


def test_a_value_that_moves_nobody_changes_nobody(people: Population) -> None:
    nursing = [one for one in people.person["disability_grade"].tolist() if one]
    assert nursing  # there are disabled persons, so the subsidy itself would move somebody
    book = BOOK.with_parameter(disability.nursing_subsidy, ca.yuan(500), place="450100", since=ON, why="unrelated")
    before, after = (assess(people, one, schemes=["dibao"]) for one in (BOOK, book))
    comparison = compare(before, after)
    assert comparison.overall.gainers == comparison.overall.losers == 0
    assert comparison.changes == (f"nursing_subsidy = 50000 in 450100 from {ON}: unrelated",)


def test_sums_agree(raised: Comparison) -> None:
    assert raised.overall.gainers > 0
    known = ~np.ma.getmaskarray(raised.difference)
    assert raised.gains - raised.losses == int(raised.difference.compressed().sum())
    assert int(known.sum()) == raised.overall.gainers + raised.overall.losers + raised.overall.unchanged
    for group in ("area", "place", "members", members.household_size):
        tallies = raised.by(group)
        for name in (a.name for a in attrs.fields(type(raised.overall)) if a.name != "group"):
            assert sum(getattr(one, name) for one in tallies) == getattr(raised.overall, name)
    rural = next(one for one in raised.by("area") if one.group == "rural")
    assert rural.gainers == raised.overall.gainers
    reasons = raised.reasons()
    assert {one.causes for one in reasons} == {("rural_standard",)}
    assert sum(one.households for one in reasons) == raised.overall.gainers + raised.overall.losers
    assert sum(one.fen for one in reasons) == raised.gains - raised.losses


def test_the_cost_of_a_scheme_is_that_of_its_amounts(people: Population) -> None:
    comparison = compared(people, HIGHER, schemes=["dibao"])
    (change,) = comparison.schemes
    assert change.change_so_far == comparison.gains - comparison.losses > 0
    assert change.change == comparison.cost_a_month


def test_each_reason_is_the_reason_of_its_households(raised: Comparison) -> None:
    changed = np.flatnonzero(np.isin(raised.outcome, [Outcome.GAINS.number, Outcome.LOSES.number]))
    for row in changed[:15].tolist():
        why = raised.why(row)
        assert [node.name for node in why.causes] == ["rural_standard"]
        for node in why.walk():
            assert node.before != node.after, node.name


def test_quantiles_are_changes_that_occur(raised: Comparison) -> None:
    gains = sorted(raised.difference.compressed()[raised.difference.compressed() > 0].tolist())
    found = raised.quantiles([Fraction(0), Fraction(1, 2), Fraction(1)], of=Outcome.GAINS)
    assert found == {
        Fraction(0): gains[0],
        Fraction(1, 2): gains[-(-len(gains) // 2) - 1],
        Fraction(1): gains[-1],
    }
    assert raised.largest(2)["change"][:2] == gains[::-1][:2]


@settings(max_examples=20, deadline=None)
@given(st.permutations(FAMILIES), st.sampled_from([HIGHER, LOWER]))
def test_order_does_not_matter(homes: list[ca.Household], book: ca.Rulebook) -> None:
    usual, moved = compared(FAMILIES, book), compared(homes, book)
    by_key = [dict(zip(c.columns()["household_id"], c.columns()["change"], strict=True)) for c in (usual, moved)]
    assert by_key[0] == by_key[1]
    assert usual.overall == moved.overall
    assert usual.reasons().columns() == moved.reasons().columns()


def test_different_people_are_not_compared() -> None:
    one, other = assess(FAMILIES), assess([*FAMILIES[:3], family("450103199001011234", 1)])
    with pytest.raises(ca.UsageError, match="differ from household 4 on") as error:
        compare(one, other)
    assert "199001" not in str(error.value)
    with pytest.raises(ca.UsageError, match="4 households and the other 2"):
        compare(one, assess(FAMILIES[:2]))
    swapped = assess([FAMILIES[1], FAMILIES[0], *FAMILIES[2:]])
    with pytest.raises(ca.UsageError, match="same population"):
        compare(one, swapped)


def test_a_group_that_is_none_is_refused(raised: Comparison) -> None:
    with pytest.raises(ca.UsageError, match="did you mean 'area'"):
        raised.by("arae")
    with pytest.raises(ca.UsageError, match="2 groups for"):
        raised.by([1, 2])


def test_an_amount_is_needed() -> None:
    result = assess(FAMILIES, schemes=["edge_family"])
    with pytest.raises(ca.UsageError, match="no amount in common"):
        compare(result, result)
    flags = assess(FAMILIES)
    with pytest.raises(ca.UsageError, match="no sum of money"):
        _ = compare(flags, flags, dibao.dibao_eligible).difference


def test_it_says_what_it_stands_on() -> None:
    comparison = compared(sound_population_of(FAMILIES), HIGHER, schemes=["dibao"])
    assert comparison.changes == ("rural_standard = 720000 in 450100 from 2026-08-01: raised to 7,200",)
    assert any(value.startswith("Rural minimum living standard") for value in comparison.assumed)
    for told in (repr(comparison), comparison._repr_html_()):
        assert "ASSUMED" in told
        assert "233.34" in told
        assert "2,800.08" in told
    assert comparison.to_dict()["cost_a_year"] == 280_008
