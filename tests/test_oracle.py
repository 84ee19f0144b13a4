"""The oracle answers every worked example, and the random rosters are valid and crowd the lines."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import oracle
import oracle_all
import pytest
from cases import Case, load_cases
from numpy.typing import NDArray
from oracle_ground import months_later
from oracle_tekun import ABLE, COMPLETE, DAILY_LIFE, PARTIAL, care_tier
from random_draw import NOT_STATED, Roster
from random_households import CHOICES, MAY_BE_SILENT, as_dicts, random_parameters, random_roster
from random_more import LOCAL_INCOME
from with_library import MISSING, MISSING_VALUES

from civaffairs.people.columns import Kind, Level
from civaffairs.people.household import COLUMNS

DAYS = [
    date(2021, 7, 1),
    date(2022, 10, 20),
    date(2024, 2, 29),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 2, 28),
    date(2026, 8, 1),
]
CASES = load_cases()
TYPES = {
    Kind.KEY: "U",
    Kind.NUMBER: "U",
    Kind.PLACE: "U",
    Kind.DATE: "int32",
    Kind.FLAG: "bool",
    Kind.CHOICE: "int8",
    Kind.FEN: "int64",
    Kind.COUNT: "int64",
}


@pytest.fixture(scope="module")
def roster() -> Roster:
    return random_roster(3_000, 20, date(2025, 6, 1))


def answered(case: Case, parameters: dict[str, Any]) -> dict[str, Any]:
    """What the oracle answers to an example, and no more than the example asks."""
    asked = {*case.expect["household"], *(name for person in case.expect["persons"] for name in person)}
    return oracle_all.assess(case.household, case.persons, case.on, parameters, asked)


def test_the_library_answers_everything_that_the_oracle_does() -> None:
    assert MISSING == []
    assert MISSING_VALUES == []


# --- worked examples --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.scheme}-{case.id}")
def test_the_oracle_answers_a_worked_example(case: Case) -> None:
    found = answered(case, case.parameters)
    expected = case.expect
    assert expected["household"] or any(expected["persons"]), "the case expects nothing"
    assert {name: found["household"][name] for name in expected["household"]} == expected["household"]
    for answers, wanted in zip(found["persons"], expected["persons"], strict=True):
        assert {name: answers[name] for name in wanted} == wanted


def test_a_case_states_every_fact_once() -> None:
    wanted = {name for name in COLUMNS if name != "resident_number"}
    for case in CASES:
        for person in case.persons:
            assert case.household.keys() | person.keys() == wanted
    identifiers = [case.id for case in CASES]
    assert len(set(identifiers)) == len(identifiers)


def test_a_verified_case_assumes_nothing() -> None:
    assert not [case.id for case in CASES if case.tag == "V" and case.assume]
    assert {case.tag for case in CASES} == {"V", "GX25", "P"}


def test_every_assumption_of_a_case_is_a_parameter() -> None:
    known = random_parameters(0).keys()
    assert not {name for case in CASES for name in case.assume} - known


@pytest.mark.parametrize("case", [case for case in CASES if case.assume], ids=lambda case: case.id)
def test_a_case_assumes_no_more_than_it_needs(case: Case) -> None:
    for name in case.assume:
        fewer = {other: value for other, value in case.parameters.items() if other != name}
        with pytest.raises(KeyError, match=name):
            answered(case, fewer)


# --- the oracle's own arithmetic --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        (date(2007, 6, 1), date(2025, 5, 31), 17),
        (date(2007, 6, 1), date(2025, 6, 1), 18),
        (date(2008, 2, 29), date(2026, 2, 27), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 18),
        (date(1944, 2, 29), date(2024, 2, 28), 79),
        (date(1944, 2, 29), date(2024, 2, 29), 80),
        (date(2020, 2, 29), date(2100, 2, 28), 80),
    ],
)
def test_an_age_is_reached_on_the_birthday(born: date, on: date, expected: int) -> None:
    assert oracle.age(born, on) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_a_period_of_months_ends_on_the_corresponding_day(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


@pytest.mark.parametrize(
    ("failed", "expected"),
    [(0, ABLE), (1, PARTIAL), (3, PARTIAL), (4, COMPLETE), (6, COMPLETE)],
)
def test_the_tier_of_care_is_read_off_six_items(failed: int, expected: int) -> None:
    assert care_tier({item: place >= failed for place, item in enumerate(DAILY_LIFE)}) == expected


def test_half_a_fen_goes_up() -> None:
    assert [oracle.half_up(Fraction(part, 4)) for part in (0, 1, 2, 3, 4, 6)] == [0, 0, 1, 1, 1, 2]


def test_a_tie_keeps_the_scheme_named_first() -> None:
    assert oracle.both_or_one("higher", 100, 100) == (100, 0)
    assert oracle.both_or_one("higher", 99, 100) == (0, 100)
    assert oracle.beside_outside_money("higher", 100, 100) == 0


def test_a_day_without_rules_is_refused(roster: Roster) -> None:
    with pytest.raises(ValueError, match="no rule is known"):
        oracle.assess(*as_dicts(roster, 0), date(2021, 6, 30), random_parameters(0))


def test_before_the_guangxi_rules_no_answer_rests_on_them(roster: Roster) -> None:
    answers = oracle.assess(*as_dicts(roster, 0), date(2022, 9, 30), random_parameters(0))["persons"][0]
    assert answers["living_subsidy_due"] is answers["total_payable"] is None
    assert answers["orphan_allowance_due"] is not None


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_the_answers_agree_with_each_other(on: date) -> None:
    households = random_roster(400, on.toordinal(), on)
    for i in range(400):
        household, persons = as_dicts(households, i)
        found = oracle_all.assess(household, persons, on, random_parameters(i))
        check_household(found["household"], found["persons"])


def check_household(family: dict[str, Any], persons: list[dict[str, Any]]) -> None:
    assert family["household_size"] == sum(person["counted_member"] for person in persons)
    assert family["dibao_amount"] == sum(person["dibao_share"] for person in persons)
    assert not (family["dibao_eligible"] and family["edge_eligible"])
    assert family["dibao_eligible"] or family["dibao_amount"] == 0
    assert not (family["temporary_sudden"] and family["temporary_spending_route"])
    assert family["temporary_help"] <= family["temporary_cap"]
    assert family["home_bed_household"] == (family["home_beds"] > 0)
    assert not (family["rigid_eligible"] and (family["dibao_eligible"] or family["edge_eligible"]))
    for person in persons:
        assert not (person["on_tekun"] and person["on_dibao"])
        assert not (person["tekun_due"] and not person["tekun_eligible"])
        assert person["dibao_share_after_refusal"] <= person["dibao_share"]
        assert person["distressed_child"] >= person["disability_distress"]
        assert not (person["dibao_share"] and person["single_person_amount"])
        assert not (person["orphan_allowance_due"] and person["de_facto_allowance_due"])
        if person["total_payable"] is not None:
            schemes = ("living_subsidy", "nursing_subsidy", "orphan_allowance", "old_age_allowance")
            assert all(person[f"{scheme}_payable"] in (0, person[f"{scheme}_due"]) for scheme in schemes)
            payable = [person[f"{scheme}_payable"] for scheme in (*schemes, "dibao", "de_facto_allowance", "tekun")]
            assert person["total_payable"] == sum(payable)


# --- random rosters ---------------------------------------------------------------------------------------------------


def test_a_random_roster_states_every_column(roster: Roster) -> None:
    assert roster.keys() == COLUMNS.keys() | {"household"}
    for name, column in COLUMNS.items():
        assert len(roster[name]) == (3_000 if column.level is Level.HOUSEHOLD else len(roster["household"])), name
        assert str(roster[name].dtype.kind if TYPES[column.kind] == "U" else roster[name].dtype) == TYPES[column.kind]
        if column.choices is not None:
            assert CHOICES[name] == tuple(choice.value for choice in column.choices)
            assert set(stated(roster, name).tolist()) == set(range(len(CHOICES[name]))), f"{name} lacks some value"
        elif column.kind in (Kind.FEN, Kind.COUNT):
            values = stated(roster, name)
            assert column.low <= values.min() <= values.max() <= column.high


def stated(roster: Roster, name: str) -> NDArray[Any]:
    """The values of a column without what a roster leaves unstated."""
    values = roster[name]
    return values[values != NOT_STATED] if name in MAY_BE_SILENT else values


@pytest.mark.parametrize("name", MAY_BE_SILENT)
def test_some_facts_are_left_unstated(roster: Roster, name: str) -> None:
    assert (roster[name] == NOT_STATED).sum() >= 20


def test_a_random_roster_is_valid(roster: Roster) -> None:
    household = roster["household"]
    assert (np.diff(household) >= 0).all()
    assert (np.bincount(household[roster["relation"] == 0]) == 1).all()
    assert set(np.bincount(household).tolist()) == set(range(1, 9))
    assert len(np.unique(roster["person_id"])) == len(household)
    parts = ("award_income", "assistance_income", "locally_exempt_income", "basic_pension", "exempted_support")
    excluded = (
        sum(roster[part] for part in parts) + roster["medical_insurance_income"] + roster["old_age_allowance_income"]
    )
    assert (excluded <= roster["transfer_income"]).all()
    for who in ("", "mother_", "father_"):
        assert ((roster[f"{who}disability_kind"] == 0) == (roster[f"{who}disability_grade"] == 0)).all()
    for who in ("mother_", "father_"):
        assert ((roster[f"{who}custody"] == 0) == (roster[f"{who}custody_months"] == 0)).all()
    assert ((roster["recorded_tekun_amount"] != 0) == roster["recorded_tekun"]).all()
    assert (roster["honour_pension_income"] <= roster["award_income"]).all()
    assert (roster["proposed_help"][roster["hardship_kind"] == 0] == 0).all()


def test_the_same_seed_draws_the_same_roster() -> None:
    one, two, other = (random_roster(50, seed, date(2025, 6, 1)) for seed in (1, 1, 2))
    assert all((one[name] == two[name]).all() for name in one)
    assert len(one["household"]) != len(other["household"]) or (one["wage_income"] != other["wage_income"]).any()


@pytest.mark.parametrize(("area", "line"), [("urban", Fraction(81_000)), ("rural", Fraction(680_000, 12))])
@pytest.mark.parametrize("times", [Fraction(1), Fraction(3, 2)])
def test_incomes_crowd_the_lines(roster: Roster, area: str, line: Fraction, times: Fraction) -> None:
    on, parameters = date(2025, 6, 1), random_parameters(0)
    gaps = []
    for i in range(3_000):
        household, persons = as_dicts(roster, i)
        counted = [each for each in persons if oracle.lives_as_family(each, on) and not each["recorded_tekun"]]
        if household["area"] == area and counted:
            income = sum((oracle.counted_income(each, on, parameters) for each in counted), Fraction(0))
            gaps.append(income - line * times * len(counted))
    for gap in (Fraction(-1), Fraction(-1, 12), Fraction(0), Fraction(1, 12), Fraction(1)):
        assert gaps.count(gap) >= 10, f"few incomes {gap} fen from the line"


def test_births_crowd_the_ages() -> None:
    on = date(2026, 2, 28)
    drawn = random_roster(3_000, 1, on)["birth_date"].astype("datetime64[D]")
    for born in ("2008-02-27", "2008-02-28", "2008-02-29", "2008-03-01", "1946-02-28", "1946-03-01", "1936-02-29"):
        assert (drawn == np.datetime64(born)).any(), born


def test_tekun_incomes_and_the_lines_of_hardship_are_crowded(roster: Roster) -> None:
    on, parameters = date(2025, 6, 1), random_parameters(0)
    gaps: dict[str, list[Fraction]] = {"tekun": [], "cap": [], "ratio": [], "local": []}
    for i in range(3_000):
        household, persons = as_dicts(roster, i)
        found = oracle_all.assess(household, persons, on, parameters, ("tekun_income", "temporary_cap"))
        family = oracle.assess_family(household, persons, on, parameters)
        line = Fraction(81_000) if household["area"] == "urban" else Fraction(680_000, 12)
        gaps["tekun"] += [person["tekun_income"] - line for person in found["persons"]]
        gaps["cap"].append(Fraction(household["proposed_help"] - found["household"]["temporary_cap"]))
        gaps["local"].append(Fraction(household["disposable_income"] - LOCAL_INCOME * len(family["family"])))
        spent = sum(household[name] for name in household if name.endswith("_spending"))
        gaps["ratio"].append(spent - family["income"] * household["spending_months"] / 2)
    for name, found_gaps in gaps.items():
        for gap in (-1, 0, 1):
            assert found_gaps.count(Fraction(gap)) >= 10, f"few {gap} fen from the line of {name}"


def test_dates_crowd_the_ends_of_periods() -> None:
    on = date(2025, 6, 1)
    drawn = random_roster(3_000, 3, on)
    for column, months in (("last_review", 6), ("last_review", 12), ("rigid_recognised_on", 12), ("grace_from", 6)):
        end = np.datetime64(months_later(on, -months))
        days = drawn[column].astype("datetime64[D]")
        assert all((days == end + off).sum() >= 5 for off in (-1, 0, 1)), column
