"""Poverty, inequality and targeting: by hand, against a slow Gini, against published results, and by their laws."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import civaffairs as ca
from civaffairs.assessment import Assessment
from civaffairs.research.demonstration import examples
from civaffairs.research.inequality import gini, lorenz
from civaffairs.research.poverty import NEEDED, before_and_after, incomes, poverty
from civaffairs.research.synthetic import synthetic_population
from civaffairs.research.targeting import targeting
from civaffairs.rules.values import COMMON_MONTHS
from civaffairs.schemes import dibao, income, members, overlaps

AMOUNTS = st.integers(0, 10**7)
HOUSEHOLDS = st.lists(st.tuples(AMOUNTS, st.integers(1, 9), st.integers(0, 50)), min_size=1, max_size=12)
LINE = st.integers(1, 10**7)

Household = tuple[int, int, int]


def columns(rows: list[Household]) -> tuple[list[int], list[int], list[int]]:
    """Incomes, heads and weights; the first row stands for somebody and has something."""
    (first, heads, weight), *rest = rows
    every = [(first + 1, heads, weight + 1), *rest]
    return [row[0] for row in every], [row[1] for row in every], [row[2] for row in every]


def slow_gini(money: list[int], heads: list[int], weights: list[int]) -> Fraction:
    """The definition: every pair of persons, their difference, over twice the mean."""
    persons = [
        Fraction(fen, count)
        for fen, count, times in zip(money, heads, weights, strict=True)
        for _ in range(count * times)
    ]
    differences = sum((abs(a - b) for a in persons for b in persons), Fraction(0))
    return differences / (2 * len(persons) * sum(persons))


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_headcount_is_strictly_below_the_line() -> None:
    # 80,999 is below 81,000; 81,000 is not (低于).
    assert poverty([80_999, 81_000], 81_000).everyone.headcount == Fraction(1, 2)


def test_a_household_shares_its_income_and_counts_its_persons() -> None:
    # 200 among 3 is below 70 a head (3 × 70 = 210 > 200), 140 among 2 is not. 3 of 5 persons are poor.
    # They lack 10 together: 10 / 70 of a line, over 5 persons 1/35. Each lacks 10/3, squared (10/3)² × 3 / 70² / 5.
    found = poverty([200, 140], 70, heads=[3, 2]).everyone
    assert (found.persons, found.poor) == (5, 3)
    assert found.lacking == 10
    assert found.headcount == Fraction(3, 5)
    assert found.gap == Fraction(1, 35)
    assert found.severity == Fraction(100, 3) / 4900 / 5


def test_every_row_may_have_its_own_line() -> None:
    # Lacking 50 of 100 and 50 of 200: gaps 1/2 and 1/4, squares 1/4 and 1/16; the third is above its line.
    found = poverty([50, 150, 120], [100, 200, 110]).everyone
    assert found.gap == (Fraction(1, 2) + Fraction(1, 4)) / 3
    assert found.severity == (Fraction(1, 4) + Fraction(1, 16)) / 3
    assert found.lacking == 100


def test_a_debt_makes_a_gap_larger_than_the_line() -> None:
    assert poverty([-100], 100).everyone.gap == 2
    assert poverty([-100], 100).everyone.severity == 4


def test_what_is_lacking_is_stated_for_one_period() -> None:
    assert poverty([1_200], 2_400, periods=12).everyone.lacking == 100


def test_the_richer_of_two_has_all() -> None:
    # Two persons, one with everything: half the mean difference 1/2 × 1/2 × x over the mean x / 2 is 1/2.
    assert gini([0, 7]) == Fraction(1, 2)
    assert gini([5, 5, 5]) == 0
    # 1 against 3: pairs (1,3), (3,1) differ by 2; 4 / (2 × 4 × 2) = 1/4.
    assert gini([1, 3]) == Fraction(1, 4)


def test_a_lorenz_curve_adds_up_from_the_poorest() -> None:
    # A head: 50 (2 persons), 100 (1 person), 300 (1 person); of 500 fen.
    curve = lorenz([300, 100, 100], heads=[1, 2, 1])
    assert curve.persons.tolist() == [0, 2, 3, 4]
    assert curve.income.tolist() == [0, 100, 200, 500]
    assert curve.population_share.tolist() == [0, 0.5, 0.75, 1]
    assert curve.income_share.tolist() == [0, 0.2, 0.4, 1]
    assert curve.share_of_poorest(Fraction(1, 4)) == Fraction(1, 10)
    assert curve.share_of_poorest(Fraction(7, 8)) == Fraction(7, 10)
    assert [curve.share_of_poorest(Fraction(end)) for end in (0, 1)] == [0, 1]


def test_coverage_and_leakage_by_hand() -> None:
    # Line 100 a head. Urban: A 150 of 2 (poor, paid 30), B 90 of 1 (poor, not paid), C 400 of 3 (not poor, paid 10).
    # Rural: D 50 of 1 (poor, paid 50), E 500 of 4 (not poor, not paid).
    table = targeting(
        [150, 90, 400, 50, 500],
        [30, 0, 10, 50, 0],
        100,
        heads=[2, 1, 3, 1, 4],
        groups=["urban", "urban", "urban", "rural", "rural"],
    )
    urban, rural = table["urban"], table["rural"]
    assert list(table) == ["rural", "urban"]
    assert (urban.persons, urban.poor, urban.recipients, urban.poor_recipients) == (6, 3, 5, 2)
    assert (urban.coverage, urban.exclusion_error) == (Fraction(2, 3), Fraction(1, 3))
    assert (urban.leakage, urban.money_leakage) == (Fraction(3, 5), Fraction(1, 4))
    assert rural.coverage == 1
    assert rural.leakage == rural.money_leakage == 0
    assert table.everyone.coverage == Fraction(3, 4)
    assert table.everyone.money_leakage == Fraction(1, 9)


def test_weights_count_households_of_the_population() -> None:
    reached = targeting([50, 50, 400], [10, 0, 10], 100, heads=[1, 2, 3], weights=[10, 5, 2]).everyone
    # Poor: 10 × 1 + 5 × 2 = 20, of whom 10 are paid; recipients 10 + 2 × 3; money 10 × 10 + 2 × 10.
    assert (reached.coverage, reached.leakage) == (Fraction(1, 2), Fraction(6, 16))
    assert (reached.money, reached.money_to_poor) == (120, 100)


def test_before_and_after_by_hand() -> None:
    # Line 100: the first is lifted out of poverty, the second is less poor, the third falls into it.
    change = before_and_after([80, 40, 110], [100, 60, 90], 100).everyone
    assert (change.lifted, change.fallen) == (1, 1)
    assert (change.before.headcount, change.after.headcount) == (Fraction(2, 3), Fraction(2, 3))
    assert (change.before.gap, change.after.gap) == (Fraction(80, 300), Fraction(50, 300))
    assert change.gini_before == gini([80, 40, 110])
    assert change.gini_after == gini([100, 60, 90])


def test_no_gini_beside_a_debt_but_everything_else() -> None:
    change = before_and_after([-5, 10], [0, 0], 100).everyone
    assert (change.gini_before, change.gini_after) == (None, None)
    assert change.before.headcount == 1
    assert " - " in repr(before_and_after([-5, 10], [0, 0], 100))


# --- against what others published ------------------------------------------------------------------------------------


def test_the_handbook_s_poverty_gap_and_severity() -> None:
    """Haughton and Khandker, Handbook on Poverty and Inequality, World Bank 2009, chapter 4, country C, line 125."""
    found = poverty([100, 110, 150, 160], 125).everyone
    assert found.gap == Fraction("0.08")
    assert found.severity == Fraction("0.0136")


def test_the_gini_of_r() -> None:
    """The example of R's ``gini`` (package acid 1.1) on ten incomes: 0.4620911, and corrected 0.5134346."""
    coefficient = gini([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261])
    assert round(float(coefficient), 7) == 0.4620911
    assert round(float(coefficient * Fraction(10, 9)), 7) == 0.5134346


PYSAL = [
    832955, 21067, 227403, 103340, 113309, 136970, 32338, 135192, 81456, 2323068, 194975, 122748, 129958, 95374,
    69974, 119057, 239319, 134478, 350181, 138712, 165944, 560540, 251722, 108642, 140607, 250802, 765336, 131177,
    133940, 362888, 80084, 128878, 329730, 258921, 175117, 278196, 16940, 368444, 75529, 42834,
]  # fmt: skip


def test_the_gini_of_pysal() -> None:
    """What ``inequality.gini.Gini(x).g`` of PySAL's inequality 1.1.2 gives for these incomes."""
    assert float(gini(PYSAL)) == pytest.approx(0.5155398681774652, abs=1e-14)


# --- laws -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(AMOUNTS, st.integers(1, 5), st.integers(0, 3)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_gini_is_that_of_the_slow_definition(rows: list[Household]) -> None:
    money, heads, weights = columns(rows)
    assert gini(money, heads=heads, weights=weights) == slow_gini(money, heads, weights)


@given(HOUSEHOLDS, st.integers(1, 1000))
@settings(max_examples=60)
def test_gini_does_not_depend_on_the_unit_and_lies_between_0_and_1(rows: list[Household], unit: int) -> None:
    money, heads, weights = columns(rows)
    coefficient = gini(money, heads=heads, weights=weights)
    assert 0 <= coefficient < 1
    assert gini([unit * fen for fen in money], heads=heads, weights=weights) == coefficient


@given(st.lists(AMOUNTS, min_size=2, max_size=12), st.data())
@settings(max_examples=60)
def test_a_gift_from_rich_to_poor_makes_incomes_more_equal(money: list[int], data: st.DataObject) -> None:
    money = sorted(money)
    money[-1] += 2  # somebody has two fen more than somebody else
    gift = data.draw(st.integers(1, (money[-1] - money[0]) // 2))
    assert gini([money[0] + gift, *money[1:-1], money[-1] - gift]) < gini(money)


@given(HOUSEHOLDS, LINE)
@settings(max_examples=60)
def test_a_weight_is_a_repetition(rows: list[Household], line: int) -> None:
    money, heads, weights = columns(rows)
    again: dict[str, Any] = {"heads": np.repeat(heads, weights)}
    repeated = np.repeat(money, weights)
    assert gini(money, heads=heads, weights=weights) == gini(repeated, **again)
    assert poverty(money, line, heads=heads, weights=weights).everyone == poverty(repeated, line, **again).everyone


@given(HOUSEHOLDS, LINE)
@settings(max_examples=60)
def test_equal_persons_of_a_household_are_as_many_households_of_one(rows: list[Household], line: int) -> None:
    each, heads, weights = columns(rows)
    together = [fen * count for fen, count in zip(each, heads, strict=True)]
    persons = [count * times for count, times in zip(heads, weights, strict=True)]
    assert gini(together, heads=heads, weights=weights) == gini(each, weights=persons)
    shared = poverty(together, line, heads=heads, weights=weights).everyone
    assert shared == poverty(each, line, weights=persons).everyone


@given(HOUSEHOLDS, LINE, st.data())
@settings(max_examples=60)
def test_poverty_is_the_groups_poverty_weighted_by_their_persons(
    rows: list[Household], line: int, data: st.DataObject
) -> None:
    money, heads, weights = columns(rows)
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=len(money), max_size=len(money)))
    table = poverty(money, line, heads=heads, weights=weights, groups=groups)
    for name in ("headcount", "gap", "severity"):
        parts = [getattr(part, name) * part.persons for part in table.values() if part.persons]
        assert sum(parts) / table.everyone.persons == getattr(table.everyone, name)
    assert sum(part.lacking for part in table.values()) == table.everyone.lacking


@given(HOUSEHOLDS, LINE)
@settings(max_examples=60)
def test_severity_is_below_gap_is_below_headcount(rows: list[Household], line: int) -> None:
    money, heads, weights = columns(rows)
    found = poverty(money, line, heads=heads, weights=weights).everyone
    assert 0 <= found.severity <= found.gap <= found.headcount <= 1
    assert found.lacking == found.gap * found.persons * line


@given(HOUSEHOLDS)
@settings(max_examples=60)
def test_a_lorenz_curve_hangs_below_the_diagonal_and_gives_the_gini(rows: list[Household]) -> None:
    money, heads, weights = columns(rows)
    curve = lorenz(money, heads=heads, weights=weights)
    people, fen = [int(n) for n in curve.persons], [int(n) for n in curve.income]
    assert all(f * people[-1] <= p * fen[-1] for p, f in zip(people, fen, strict=True))
    under = sum(
        Fraction((people[k] - people[k - 1]) * (fen[k] + fen[k - 1]), 2 * people[-1] * fen[-1])
        for k in range(1, len(fen))
    )
    assert gini(money, heads=heads, weights=weights) == 1 - 2 * under


@given(HOUSEHOLDS, LINE)
@settings(max_examples=30)
def test_sums_beyond_64_bits_are_exact(rows: list[Household], line: int) -> None:
    money, heads, weights = columns(rows)
    unit = 2**38  # 10**7 × 2**38 is just below 2**62; its products with heads and weights are not
    large = [fen * unit for fen in money]
    assert gini(large, heads=heads, weights=weights) == gini(money, heads=heads, weights=weights)
    assert lorenz(large, heads=heads, weights=weights).income.tolist() == [
        fen * unit for fen in lorenz(money, heads=heads, weights=weights).income.tolist()
    ]
    small = poverty(money, line, heads=heads, weights=weights).everyone
    great = poverty(large, line * unit, heads=heads, weights=weights, periods=unit).everyone
    assert great == small


def test_incomes_a_head_that_differ_by_little_are_put_in_order() -> None:
    # As floats both are the same number of fen a head.
    heads = [2**20 - 1, 2**20 - 2]
    base = 2**40
    money = [base * heads[0] + 1, base * heads[1] + 1]  # the second has more a head
    assert lorenz(money, heads=heads).persons.tolist() == [0, heads[0], sum(heads)]
    assert lorenz(money[::-1], heads=heads[::-1]).persons.tolist() == [0, heads[0], sum(heads)]


# --- what is not known ------------------------------------------------------------------------------------------------


def test_what_is_not_known_is_counted_apart_and_never_nought() -> None:
    unknown = np.ma.MaskedArray([50, 0, 150], mask=[False, True, False])
    found = poverty(unknown, 100).everyone
    assert (found.persons, found.poor, found.not_known) == (2, 1, 1)
    assert found == poverty([50, 7, 150], 100, known=np.array([True, False, True])).everyone
    assert gini(unknown) == gini([50, 150])
    assert lorenz(unknown).income.tolist() == [0, 50, 200]


def test_a_row_counts_only_if_all_of_it_is_known() -> None:
    benefit = np.ma.MaskedArray([10, 10], mask=[True, False])
    assert targeting([50, 50], benefit, 100).everyone.not_known == 1
    line = np.ma.MaskedArray([0, 100], mask=[True, False])
    assert poverty([50, 50], line).everyone.not_known == 1
    change = before_and_after([50, 60], np.ma.MaskedArray([60, 0], mask=[False, True]), 100).everyone
    assert (change.before.persons, change.after.persons, change.before.not_known) == (1, 1, 1)
    heads = np.ma.MaskedArray([-1, 2], mask=[True, False])
    assert poverty([50, 50], 100, heads=heads).everyone.persons == 2


def test_a_group_of_nobody_known_has_no_measures_but_a_line_in_the_table() -> None:
    table = poverty(np.ma.MaskedArray([50, 0], mask=[False, True]), 100, groups=["urban", "rural"])
    assert (table["rural"].persons, table["rural"].not_known) == (0, 1)
    with pytest.raises(ca.UsageError, match="no persons whose income is known"):
        _ = table["rural"].headcount
    assert repr(table).splitlines()[1].split() == ["rural", "0", "0", "-", "-", "-", "0.00", "1"]


def test_a_group_that_is_not_stated_is_a_group() -> None:
    groups = np.ma.MaskedArray(["urban", "rural", "urban"], mask=[False, False, True])
    assert {name: part.persons for name, part in poverty([1, 2, 3], 2, groups=groups).items()} == {
        "rural": 1,
        "urban": 1,
        "not stated": 1,
    }


def test_rows_that_stand_for_nobody_count_for_nothing() -> None:
    found = poverty([10, 10, 10], 100, heads=[0, 1, 1], weights=[1, 0, 1]).everyone
    assert (found.persons, found.not_known) == (1, 0)


def test_nobody_poor_has_no_coverage() -> None:
    reached = targeting([500], [0], 100).everyone
    with pytest.raises(ca.UsageError, match="no poor persons"):
        _ = reached.coverage
    with pytest.raises(ca.UsageError, match="no recipients"):
        _ = reached.leakage


def test_a_table_is_written_as_html_too() -> None:
    html = poverty([50, 150], 100, groups=["a<b", "c"])._repr_html_()
    assert "<td>a&lt;b</td>" in html
    assert "<td>50.00%</td>" in html


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([1, 2], 5), {"heads": [1]}, "differ in length: income has 2, line has 2, heads has 1; give"),
        (([1, 2], 5), {"weights": [1, -2]}, "weights is -2 in row 2; .* give 0 or more"),
        (([1, 2], 0), {}, "a poverty line is 0 fen; give an amount above nought"),
        (([1, 2], [5, -5]), {}, "a poverty line is -5 fen"),
        (([], 5), {}, "of 0 rows none is known"),
        (([1], 5), {"known": np.array([False])}, "of 1 rows none is known"),
        (([1], 5), {"periods": 0}, "cannot cover 0 periods"),
        (([1], 2**70), {}, "line is of type object; give whole fen in 64 bits"),
        (([1], 5), {"heads": [2**20]}, "1,048,576 heads; .* use weights"),
        ((np.array([1.5]), 5), {}, "income is of type float64; give whole fen"),
        (([1], 5.0), {}, "line is of type float64; give whole fen"),
        (([1], 5), {"weights": np.array([0.5])}, "weights is of type float64; give whole persons or rows"),
        ((list(range(201)), list(range(300, 501))), {}, "more than 200 different poverty lines"),
    ],
)
def test_what_cannot_be_measured_is_refused(arguments: tuple[Any, Any], options: dict[str, Any], message: str) -> None:
    if message.startswith("of 0"):
        arguments = (np.empty(0, np.int64), 5)
    with pytest.raises(ca.UsageError, match=message):
        poverty(*arguments, **options)


def test_inequality_of_debts_or_of_nothing_is_refused() -> None:
    with pytest.raises(ca.UsageError, match=r"an income is negative \(-1 fen\)"):
        gini([-1, 5])
    with pytest.raises(ca.UsageError, match="nobody has any income"):
        lorenz([0, 0])
    with pytest.raises(ca.UsageError, match="from 0 to 1"):
        lorenz([1, 2]).share_of_poorest(Fraction(3, 2))


def test_a_benefit_is_never_negative() -> None:
    with pytest.raises(ca.UsageError, match="a benefit is -3 fen"):
        targeting([50], [-3], 100)


# --- from an assessment -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def assessed() -> Assessment:
    people = synthetic_population(1_500, seed=22)
    return ca.assess(people, on="2026-08-01", assume=examples() / "assumed.toml", keep=NEEDED)


def test_incomes_are_the_assessment_s(assessed: Assessment) -> None:
    found, table = incomes(assessed), assessed.persons_table()
    homes = assessed.households_table()["household_id"].tolist()
    expected: dict[str, int | None] = dict.fromkeys(homes, 0)
    for home, paid, counted in zip(
        table["household_id"].tolist(), table["total_payable"].tolist(), table["counted_member"].tolist(), strict=True
    ):
        so_far = expected[home]
        if counted is None or (counted and paid is None) or so_far is None:
            expected[home] = None
        elif counted:
            expected[home] = so_far + paid * COMMON_MONTHS
    assert found.benefit.tolist() == [expected[home] for home in homes]
    assert any(expected.values())
    assert found.before.tolist() == assessed.column(income.household_income).masked.tolist()
    assert found.heads.tolist() == assessed.column(members.household_size).masked.tolist()
    assert found.standard.tolist() == assessed.column(dibao.standard).masked.tolist()
    assert "households" in repr(found)


def test_below_the_standard_is_what_the_means_test_says(assessed: Assessment) -> None:
    found = incomes(assessed)
    size = assessed[members.household_size]
    below = dibao.dibao_income_met(assessed[income.household_income], assessed[dibao.standard], size)
    poor = poverty(found.before, found.standard, heads=found.heads, periods=found.months).everyone
    assert poor.poor == int(size[below].sum()) > 0
    assert poor.not_known == 0


def test_dibao_by_the_difference_lifts_whom_it_reaches_to_the_line() -> None:
    book = ca.rulebook
    for name in ("urban_payment_method", "rural_payment_method"):
        method = dibao.PARAMETERS[name]
        book = book.with_parameter(method, "difference", place="450100", since=date(2026, 8, 1), why="for a test")
    result = ca.assess(
        synthetic_population(1_500, seed=22),
        on="2026-08-01",
        rulebook=book,
        assume=examples() / "assumed.toml",
        keep=NEEDED,
    )
    found = incomes(result, overlaps.dibao_share_payable)
    paid = np.ma.filled(found.benefit > 0, False)
    assert paid.sum() > 20
    # Rounding half up to the fen a month may leave a household half a fen a month short.
    short = (found.standard * found.heads - found.after)[paid]
    assert short.max() <= COMMON_MONTHS // 2


def test_the_order_of_the_roster_does_not_matter(tmp_path: Path) -> None:
    roster = examples() / "roster.csv"
    head, *rows = roster.read_text("utf-8-sig").splitlines()
    backwards = tmp_path / "roster.csv"
    backwards.write_text("\n".join([head, *reversed(rows)]), "utf-8")
    of = []
    for path in (roster, backwards):
        result = ca.assess(path, on="2026-08-01", assume=examples() / "assumed.toml", keep=NEEDED)
        found = incomes(result)
        homes = result.households_table()["household_id"].tolist()
        of.append(dict(zip(homes, zip(found.before.tolist(), found.benefit.tolist(), strict=True), strict=True)))
    assert list(of[0]) != list(of[1])
    assert of[0] == of[1]
    assert any(benefit for _, benefit in of[0].values())


def test_incomes_ask_for_what_they_need() -> None:
    people = synthetic_population(50, seed=1)
    with pytest.raises(ca.UsageError, match="ask for it with keep="):
        incomes(ca.assess(people, on="2026-08-01"))
    with pytest.raises(ca.UsageError, match="household_payable is of households"):
        incomes(ca.assess(people, on="2026-08-01", keep=NEEDED), overlaps.household_payable)


def test_persons_who_count_in_no_family_are_told() -> None:
    elder = ca.nothing_else(
        ca.Person(person_id="1", birth_date=date(1950, 1, 1), relation=ca.Relation.APPLICANT, recorded_tekun=True)
    )
    home = ca.Household(household_id="1", place="450103", area=ca.Area.URBAN, members=[elder])
    found = incomes(ca.assess(home, on="2026-08-01", keep=NEEDED))
    assert found.left_out == 1
    assert "1 persons in none of them" in repr(found)
