"""Support of persons in extreme hardship: who, on which day, in which tier, for how much, and what stays open."""

from __future__ import annotations

import doctest
import tomllib
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pytest
from cases import FOLDER, Case, cases_of, persona, stated
from hypothesis import given
from hypothesis import strategies as st
from with_library import AMOUNTS_KNOWN, known, population_of_facts, rulebook, work_out

from civaffairs.people.population import Population
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK, tekun, tekun_tests
from civaffairs.schemes.dibao import COMMON_YEARS

PERSONAS = tomllib.loads((FOLDER / "personas.toml").read_text("utf-8"))
CASES = list(cases_of("tekun", tomllib.loads((FOLDER / "tekun.toml").read_text("utf-8")), PERSONAS))
ACT = date(2026, 7, 1)
ONE_DAY = timedelta(days=1)
ITEMS = (
    "eats_unaided",
    "dresses_unaided",
    "gets_up_unaided",
    "toilets_unaided",
    "walks_unaided",
    "bathes_unaided",
)
TIERS, MODES = ("able", "partial", "complete"), ("concentrated", "scattered")
CARE = {f"tekun_care_{tier}_{mode}": 10_000 * (1 + number) for number, (tier, mode) in enumerate(product(TIERS, MODES))}
AMOUNTS = {"tekun_urban_base": 105_300, "tekun_rural_base": 884_000} | CARE
BOOK = rulebook(AMOUNTS, every_day=True)


def applicant(like: str = "forsaken_elder", /, *without: str, **facts: Any) -> Population:  # noqa: ANN401
    """A persona alone in a household, with changes; some facts not stated."""
    home = {"household_id": "H1"} | PERSONAS["household"] | {"area": facts.pop("area", "urban")}
    about = persona(like, PERSONAS) | facts
    own = {name: value for name, value in about.items() if name not in without}
    return population_of_facts(stated(home), [stated({"person_id": "P1"} | own)])


def answer(people: Population, on: date, *names: str, book: Rulebook = BOOK) -> list[Any]:
    """The values of some rules; None where they are not known."""
    run = work_out(book, people, on, names)
    return [run.values(name)[0].item() if known(run, name)[0] else None for name in names]


def born(age: int, on: date, days: int = 0) -> date:
    """A birth whose birthday of that age is some days after a day."""
    birthday = on + timedelta(days=days)
    return birthday.replace(year=birthday.year - age)


# --- the worked examples, and the examples in the rules ---------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_library_answers_a_worked_example(case: Case) -> None:
    early = case.on < AMOUNTS_KNOWN
    book = rulebook(case.parameters if early else case.assume, every_day=early)
    (expected,) = case.expect["persons"]
    people = population_of_facts(case.household, case.persons)
    assert answer(people, case.on, *expected, book=book) == list(expected.values())


@pytest.mark.parametrize("module", [tekun, tekun_tests], ids=lambda module: module.__name__)
def test_the_examples_in_the_rules_hold(module: Any) -> None:  # noqa: ANN401
    told: list[str] = []
    tried = 0
    for rule in module.RULES:
        for example in doctest.DocTestFinder(recurse=False).find(rule.function, rule.name, globs=vars(module).copy()):
            tried += len(example.examples)
            doctest.DocTestRunner().run(example, out=told.append)
    assert tried
    assert not told


# --- whom it is for, and who cannot work ------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "expected"), [(1, False), (0, True), (-1, True)])
def test_sixty_is_reached_on_the_birthday(days: int, expected: bool) -> None:
    on = date(2025, 6, 1)
    elder = applicant("forsaken", birth_date=born(60, on, days))
    assert answer(elder, on, "tekun_group", "tekun_unable_to_work", "tekun_eligible") == [expected] * 3


# Years completed, the day before the Act and on it: of the group, unable to work, eligible.
NEW = {
    15: ([True, True, True], [True, True, True]),
    16: ([False, False, False], [True, None, None]),
    17: ([False, False, False], [True, None, None]),
    18: ([False, False, False], [False, False, False]),
}
ON_RECORD = {
    15: ([True, True, True], [True, True, True]),
    # Whether a child on record is kept past 16 before the Act is not said in the copy that was read.
    16: ([None, None, None], [True, True, True]),
    17: ([None, None, None], [True, True, True]),
    18: ([False, False, False], [False, False, False]),
}


@pytest.mark.parametrize(
    ("recorded", "age", "before", "after"),
    [(recorded, age, *ways) for recorded, table in ((False, NEW), (True, ON_RECORD)) for age, ways in table.items()],
)
def test_minors_before_and_under_the_act(
    recorded: bool, age: int, before: list[bool | None], after: list[bool | None]
) -> None:
    # The birthday is on 30 June, so that the age is the same on both days.
    facts = {"birth_date": date(2026 - age, 6, 30), "schooling": "none", "recorded_tekun": recorded}
    names = ("tekun_group", "tekun_unable_to_work", "tekun_eligible")
    child = applicant("forsaken_child", **facts)
    assert answer(child, ACT - ONE_DAY, *names) == before
    assert answer(child, ACT, *names) == after


@pytest.mark.parametrize(("age", "days", "expected"), [(16, 1, True), (16, 0, None), (18, 1, None), (18, 0, False)])
def test_the_question_of_16_and_17_opens_and_closes_on_birthdays(age: int, days: int, expected: bool | None) -> None:
    child = applicant("forsaken_child", schooling="none", birth_date=born(age, ACT, days))
    assert answer(child, ACT, "tekun_eligible") == [expected]


@pytest.mark.parametrize("taken", [True, False])
def test_the_question_of_16_and_17_is_answered_by_name(taken: bool) -> None:
    child = applicant("forsaken_child", birth_date=date(2010, 1, 1))
    book = rulebook({"tekun_at_16_unable_to_work": taken}, base=BOOK)
    assert answer(child, ACT, "tekun_eligible", book=book) == [taken]
    disabled = applicant("forsaken_child", birth_date=date(2010, 1, 1), disability_kind="physical", disability_grade=2)
    assert answer(disabled, ACT, "tekun_eligible") == [True]
    named = applicant("forsaken_child", birth_date=date(2010, 1, 1), unable_to_work_by_local_rule=True)
    assert answer(named, ACT, "tekun_eligible") == [True]


@pytest.mark.parametrize(
    ("schooling", "expected"),
    [
        ("none", False),
        ("compulsory", True),
        ("senior_secondary", True),
        ("undergraduate", False),
        ("part_time", False),
    ],
)
def test_support_goes_on_after_18_at_school(schooling: str, expected: bool) -> None:
    grown = {"birth_date": date(2008, 7, 1), "schooling": schooling}
    on_record = applicant("forsaken_child", recorded_tekun=True, **grown)
    names = ("tekun_group", "tekun_unable_to_work", "tekun_eligible")
    assert answer(on_record, ACT, *names) == [expected] * 3
    assert answer(on_record, ACT, "tekun_to_end") == [not expected]
    assert answer(applicant("forsaken_child", **grown), ACT, *names) == [False] * 3
    # The other tests still hold for them.
    supported = applicant("forsaken_child", recorded_tekun=True, no_able_obligor=False, **grown)
    assert answer(supported, ACT, "tekun_eligible", "on_tekun", "tekun_to_end") == [False, True, True]


# --- nothing to live on -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "income", "months", "expected"),
    [
        ("urban", "809.99", 1, True),
        ("urban", "810.00", 1, False),
        ("rural", "6799.99", 12, True),
        ("rural", "6800.00", 12, False),
    ],
)
def test_the_income_is_strictly_below_the_standard(area: str, income: str, months: int, expected: bool) -> None:
    elder = applicant(area=area, property_income=income, property_months=months)
    assert answer(elder, date(2025, 6, 1), "tekun_income_met", "tekun_eligible") == [expected] * 2


@pytest.mark.parametrize(
    ("part", "counted"),
    [
        ("basic_pension", 0),
        ("medical_insurance_income", 0),
        ("old_age_allowance_income", 0),
        ("award_income", 500_00),
        ("locally_exempt_income", 500_00),
        ("exempted_support", 500_00),
        ("assistance_income", None),
    ],
)
@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 1, 1)], ids=str)
def test_what_is_left_out_of_the_income(part: str, counted: int | None, on: date) -> None:
    elder = applicant(transfer_income="500", **{part: "500"})
    assert answer(elder, on, "tekun_income") == [None if counted is None else counted * 27_720]


def test_a_pension_of_honour_is_left_out_and_the_other_awards_are_not() -> None:
    elder = applicant(transfer_income="500", award_income="500", honour_pension_income="300")
    assert answer(elder, date(2025, 6, 1), "tekun_income") == [200_00 * 27_720]


def test_a_nephews_support_is_left_over() -> None:
    elder = applicant(transfer_income="1050", basic_pension="150", old_age_allowance_income="50")
    assert answer(elder, date(2025, 6, 1), "tekun_income", "tekun_income_met") == [850_00 * 27_720, False]


@pytest.mark.parametrize("counted", [True, False])
def test_whether_assistance_counts_is_assumed_by_name(counted: bool) -> None:
    book = rulebook({"assistance_counted_for_tekun": counted}, base=BOOK)
    elder = applicant(transfer_income="500", assistance_income="500")
    assert answer(elder, date(2025, 6, 1), "tekun_income", book=book) == [counted * 500_00 * 27_720]


def test_no_deduction_for_illness_and_never_below_nought() -> None:
    ill = applicant(wage_income="500", rigid_deduction="400")
    assert answer(ill, date(2025, 6, 1), "tekun_income") == [500_00 * 27_720]
    paying = applicant(wage_income="500", transfer_paid="600")
    assert answer(paying, date(2025, 6, 1), "tekun_income") == [0]


# --- all tests together -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        {"tekun_assets_within_limits": False},
        {"no_able_obligor": False},
        {"absence": "prison"},
        {"absence": "declared_missing"},
        {"absence": "compulsory_detoxification"},
        {"wage_income": "810"},
        {"birth_date": date(1980, 1, 1)},
    ],
    ids=str,
)
def test_one_failed_test_is_enough_whatever_else_is_open(facts: dict[str, Any]) -> None:
    on = date(2025, 6, 1)
    names = ("tekun_eligible", "newly_on_tekun", "on_tekun", "tekun_due", "tekun_amount", "tekun_to_end")
    assert answer(applicant(), on, *names) == [True, True, True, 135_300 - 10_000, 125_300, False]
    assert answer(applicant(**facts), on, *names) == [False, False, False, 0, 0, False]
    silent = {"tekun_assets_within_limits", "no_able_obligor", "benefit_choice", "support_mode"} - facts.keys()
    assert answer(applicant("forsaken_elder", *silent, **facts), on, *names) == [False, False, False, 0, 0, False]
    on_record = applicant(recorded_tekun=True, recorded_tekun_amount="900", **facts)
    assert answer(on_record, on, *names) == [False, False, True, 0, 900_00, True]


@pytest.mark.parametrize(
    "fact", ["tekun_assets_within_limits", "no_able_obligor", "absence", "medical_insurance_income"]
)
def test_what_is_not_stated_stays_open(fact: str) -> None:
    names = ("tekun_eligible", "on_tekun", "tekun_due", "tekun_amount", "tekun_to_end")
    on = date(2025, 6, 1)
    assert answer(applicant("forsaken_elder", fact), on, *names) == [None, None, None, None, False]
    on_record = applicant("forsaken_elder", fact, recorded_tekun=True, recorded_tekun_amount="900")
    assert answer(on_record, on, *names) == [None, True, None, 900_00, None]


def test_before_the_measures_nothing_is_written() -> None:
    first = date(2021, 7, 1)
    missing = {each.scheme for each in RULEBOOK.plan(first - ONE_DAY)[1]}
    assert "tekun" in missing
    assert "tekun" not in {each.scheme for each in RULEBOOK.plan(first)[1]}


# --- the tier, the amount, the choice ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("failed", "tier"), [(0, 0), (1, 1), (3, 1), (4, 2), (6, 2)])
@pytest.mark.parametrize("mode", MODES)
def test_the_tier_decides_the_care_standard(failed: int, tier: int, mode: str) -> None:
    elder = applicant(support_mode=mode, **dict.fromkeys(ITEMS[:failed], False))
    care = CARE[f"tekun_care_{TIERS[tier]}_{mode}"]
    assert answer(elder, ACT, "failed_items", "care_tier", "tekun_due") == [failed, tier, 105_300 + care]


@given(st.lists(st.booleans(), min_size=6, max_size=6))
def test_the_tier_by_hand(alone: list[bool]) -> None:
    columns = [np.array([item]) for item in alone]
    failed = alone.count(False)
    assert tekun.failed_items(*columns).tolist() == [failed]
    assert tekun.care_tier(np.array([failed])).tolist() == [0 if failed == 0 else 1 if failed <= 3 else 2]


@given(base=st.integers(0, 10**8), care=st.integers(0, 10**7))
def test_the_rural_base_and_care_are_rounded_once(base: int, care: int) -> None:
    day = work_out_day()
    due = tekun.tekun_by_standards(np.array([0]), np.array([base]) * COMMON_YEARS, np.array([care * 27_720]), day)
    assert due.tolist() == [(2 * (base + 12 * care) + 12) // 24]


def work_out_day() -> Any:  # noqa: ANN401
    """The day of a plan."""
    return RULEBOOK.plan(ACT, targets=[tekun.tekun_due])[0].day


@pytest.mark.parametrize(("tier", "mode"), list(product(TIERS, MODES)))
def test_only_the_cell_of_the_person_need_be_known(tier: str, mode: str) -> None:
    failed = {"able": 0, "partial": 2, "complete": 5}[tier]
    elder = applicant(support_mode=mode, **dict.fromkeys(ITEMS[:failed], False))
    cell = f"tekun_care_{tier}_{mode}"
    for name in CARE:
        book = rulebook({"tekun_urban_base": 105_300, name: 30_000})
        assert answer(elder, ACT, "tekun_due", book=book) == [135_300 if name == cell else None]
    # The other area's base is not asked for.
    rural = applicant(area="rural", support_mode=mode, **dict.fromkeys(ITEMS[:failed], False))
    assert answer(rural, ACT, "tekun_due", book=rulebook({"tekun_urban_base": 105_300, cell: 30_000})) == [None]
    assert answer(rural, ACT, "tekun_due", book=rulebook({"tekun_rural_base": 884_000, cell: 30_000})) == [103_667]


def test_nannings_amounts_are_not_known() -> None:
    names = ("tekun_eligible", "on_tekun", "tekun_due", "tekun_amount")
    assert answer(applicant(), ACT, *names, book=RULEBOOK) == [True, True, None, None]
    on_record = applicant(recorded_tekun=True, recorded_tekun_amount="900")
    assert answer(on_record, ACT, *names, book=RULEBOOK) == [True, True, None, 900_00]
    without = applicant("forsaken_elder", "recorded_tekun_amount", recorded_tekun=True)
    assert answer(without, ACT, *names, book=RULEBOOK) == [True, True, None, None]
    assert answer(without, ACT, *names) == [True, True, 125_300, 125_300]


@pytest.mark.parametrize("fact", ["support_mode", *ITEMS])
def test_the_amount_needs_the_tier_and_the_form(fact: str) -> None:
    names = ("tekun_eligible", "on_tekun", "tekun_due")
    assert answer(applicant("forsaken_elder", fact), ACT, *names) == [True, True, None]


@pytest.mark.parametrize(
    ("choice", "expected"), [("tekun", True), ("children", False), ("dibao", False), (None, False)]
)
def test_nobody_is_put_on_it_unasked(choice: str | None, expected: bool) -> None:
    orphan = {"mother_state": "dead", "father_state": "dead", "placement": "relatives", "birth_date": date(2013, 1, 1)}
    facts = orphan if choice is None else orphan | {"benefit_choice": choice}
    child = applicant("forsaken_child", *(["benefit_choice"] if choice is None else []), **facts)
    assert answer(child, ACT, "newly_on_tekun", "on_tekun", "tekun_amount") == [expected, expected, 125_300 * expected]
    # An orphan has two supports to choose from; the one on file is an orphan's until the other is applied for.
    assert answer(child, ACT, "chose_tekun", "orphan_paid") == [choice == "tekun", choice != "tekun"]
    # What each alone comes to is told in any case.
    assert answer(child, ACT, "tekun_due", "orphan_allowance_due") == [125_300, 102_200]


def test_the_choice_matters_only_to_those_who_have_it() -> None:
    able = applicant("forsaken_elder", "benefit_choice", no_able_obligor=False)
    assert answer(able, ACT, "newly_on_tekun", "on_tekun") == [False, False]
    on_record = applicant("forsaken_elder", "benefit_choice", recorded_tekun=True)
    assert answer(on_record, ACT, "newly_on_tekun", "on_tekun", "tekun_amount") == [False, True, 0]


def test_more_income_never_brings_anybody_in() -> None:
    amounts = ["0", "500", "809.99", "810", "900"]
    due = [answer(applicant(wage_income=wage), ACT, "tekun_due")[0] for wage in amounts]
    assert due == sorted(due, reverse=True)
