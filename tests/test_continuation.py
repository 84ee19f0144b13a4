"""When facts change: the grace, refusals of work, checks of means and supplements, each side of every boundary."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from cases import FOLDER, persona, stated
from with_library import answers, record, rulebook, work_out

from civaffairs.calendar import add_months, add_months_to, date_of, days, next_month_start
from civaffairs.law.timeline import DeclaredUnknown
from civaffairs.people.household import Household
from civaffairs.people.records import sound_population_of
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK
from civaffairs.schemes.continuation import PARAMETERS, death_review_due, grace_months

PERSONAS = tomllib.loads((FOLDER / "personas.toml").read_text("utf-8"))
SUPPORTED = {"no_able_obligor": False}
"""Of everybody here: somebody is bound by law to support them, so that extreme hardship is out of the question."""
ON = date(2025, 6, 1)
ONE_DAY = timedelta(days=1)
CLASSES = frozenset({("any", 1), ("any", 2)})
AMOUNTS = {
    "supplement_elderly": 8_100,
    "supplement_minor": 6_000,
    "supplement_disabled": 9_000,
    "supplement_ill": 7_000,
}
ASSUMED = {
    "grace_months": 6, "grace_share": Fraction(1), "refusal_share_kept": Fraction(0),
    "severe_by_assistance_law": CLASSES, "supplements_add_up": True, "multiple_disability_qualifies": True, **AMOUNTS,
}  # fmt: skip
BOOK = rulebook(ASSUMED)


def family(*members: dict[str, Any], key: str = "H1", **household: Any) -> Household:  # noqa: ANN401
    """A family of personas with changes; the first applies. Money in yuan."""
    people = [
        stated(
            {"person_id": f"{key}-{k}"}
            | persona(about.get("is", "adult"), PERSONAS)
            | SUPPORTED
            | {name: fact for name, fact in about.items() if name != "is"}
        )
        for k, about in enumerate(members)
    ]
    facts = {"household_id": key} | PERSONAS["household"] | household
    return record(stated({name: fact for name, fact in facts.items() if fact is not None}), people)


def told(homes: Sequence[Household], on: date, *names: str, book: Rulebook = BOOK) -> list[list[Any]]:
    """Answers of some rules, one list a rule, one answer a row; a word where one is not known."""
    run = work_out(book, sound_population_of(homes), on, names)
    return [answers(run, name) for name in names]


def three(wage: str, *about: dict[str, Any], **household: Any) -> Household:  # noqa: ANN401
    """Parents and a child on one wage, with further facts of each in turn."""
    more = [*about, *[{}] * (3 - len(about))]
    base: list[dict[str, Any]] = [{"wage_income": wage}, {"is": "spouse"}, {"is": "child"}]
    return family(*[own | also for own, also in zip(base, more, strict=True)], **household)


# --- the calendar -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("months", [0, 1, 3, 6, 12, 13, -1, -12])
def test_a_column_of_corresponding_days_is_what_one_day_gives(months: int) -> None:
    every_day = np.arange(days(date(2000, 1, 1)), days(date(2032, 12, 31)) + 1, dtype=np.int32)
    found = add_months_to(every_day, months)
    assert found.dtype == np.int32
    assert found.tolist() == [days(add_months(date_of(day), months)) for day in every_day.tolist()]


def test_each_day_may_have_months_of_its_own() -> None:
    start = np.full(3, days(date(2025, 8, 31)), np.int32)
    found = add_months_to(start, np.array([0, 6, 12]))
    assert [date_of(day) for day in found.tolist()] == [date(2025, 8, 31), date(2026, 2, 28), date(2026, 8, 31)]


# --- the grace --------------------------------------------------------------------------------------------------------

LIFTED = three("2700", grace_from=date(2025, 5, 1), dibao_before_grace="930")


def test_the_grace_month_by_month() -> None:
    """Decided on 20 April 2025, so from 1 May; six months and the whole amount are assumed."""
    assert next_month_start(date(2025, 4, 20)) == date(2025, 5, 1)
    months = [add_months(date(2025, 4, 1), k) for k in range(9)]
    found = [told([LIFTED], on, "in_grace", "grace_amount") for on in months]
    paid = [False, True, True, True, True, True, True, False, False]
    assert found == [[[yes], [93_000 * yes]] for yes in paid]


def test_the_grace_begins_and_ends_on_its_days() -> None:
    for first, last in ((date(2025, 5, 1), date(2025, 10, 31)), (date(2025, 8, 31), date(2026, 2, 27))):
        home = [three("2700", grace_from=first, dibao_before_grace="930")]
        around = (first - ONE_DAY, first, last, last + ONE_DAY)
        assert [told(home, on, "in_grace") for on in around] == [[[False]], [[True]], [[True]], [[False]]]


def test_the_income_is_strictly_above_the_standard() -> None:
    wages = ["2429.99", "2430.00", "2430.01"]
    homes = [three(wage, key=wage, grace_from=date(2025, 5, 1), dibao_before_grace="930") for wage in wages]
    assert told(homes, ON, "dibao_eligible", "in_grace", "grace_amount") == [
        [True, False, False],
        [False, False, True],
        [0, 0, 93_000],
    ]


def test_assets_still_have_to_pass() -> None:
    facts = {"grace_from": date(2025, 5, 1), "dibao_before_grace": "930"}
    homes = [three("2700", key=f"H{passed}", **facts, assets_within_limits=passed) for passed in (True, False)]
    assert told(homes, ON, "in_grace") == [[True, False]]


def test_without_a_first_day_there_is_no_grace() -> None:
    homes = [three(wage, key=wage, grace_from=None, dibao_before_grace=None) for wage in ("2700", "100")]
    assert told(homes, ON, "in_grace", "grace_amount", book=RULEBOOK) == [[False, False], [0, 0]]


@pytest.mark.parametrize(
    ("share", "amount"), [(Fraction(1), 93_001), (Fraction(1, 2), 46_501), (Fraction(1, 3), 31_000), (Fraction(0), 0)]
)
def test_the_place_says_how_much_of_it_is_paid(share: Fraction, amount: int) -> None:
    home = three("2700", grace_from=date(2025, 5, 1), dibao_before_grace="930.01")
    book = rulebook(ASSUMED | {"grace_share": share})
    assert told([home], ON, "grace_amount", book=book) == [[amount]]


def test_six_months_are_a_ceiling_that_is_checked_against_and_never_paid() -> None:
    assert grace_months.bounds("450103", date(2022, 10, 19)).ceiling is None
    ceiling = grace_months.bounds("450103", date(2022, 10, 20)).ceiling
    assert ceiling is not None
    assert ceiling.value == 6
    with pytest.raises(DeclaredUnknown):
        grace_months.at("450103", ON)
    assert told([LIFTED], ON, "in_grace", book=RULEBOOK) == [["unknown"]]
    assert told([LIFTED], date(2025, 4, 30), "in_grace", book=RULEBOOK) == [[False]]


# --- refusal of work --------------------------------------------------------------------------------------------------


def idle(refusals: int | None, **about: Any) -> Household:  # noqa: ANN401
    """The second of a family of three that draws 930 has refused work so often."""
    spouse = {"able_to_work": True, "employed": False, "work_refusals": refusals} | about
    others = {"able_to_work": False, "work_refusals": 0}
    return three("1500", others, spouse, others, key=f"H{refusals}-{'-'.join(about)}")


def test_three_refusals_cost_the_own_part_and_no_other() -> None:
    homes = [idle(2), idle(3), idle(4)]
    refused, share = told(homes, ON, "refused_work_three_times", "dibao_share_after_refusal")
    assert refused == [False, False, False, False, True, False, False, True, False]
    assert share == [31_000, 31_000, 31_000, 31_000, 0, 31_000, 31_000, 0, 31_000]
    assert sum(share[3:6]) == 62_000
    assert told(homes, ON, "dibao_amount") == [[93_000] * 3]


@pytest.mark.parametrize("about", [{"employed": True}, {"able_to_work": False}], ids=["employed", "unable"])
def test_only_who_is_able_and_without_work(about: dict[str, Any]) -> None:
    refused, share = told([idle(3, **about)], ON, "refused_work_three_times", "dibao_share_after_refusal")
    assert refused == [False] * 3
    assert share == [31_000] * 3


@pytest.mark.parametrize(("kept", "rest"), [(Fraction(1, 2), 15_500), (Fraction(1, 3), 10_333), (Fraction(1), 31_000)])
def test_the_place_says_how_much_is_kept(kept: Fraction, rest: int) -> None:
    book = rulebook(ASSUMED | {"refusal_share_kept": kept})
    assert told([idle(3)], ON, "dibao_share_after_refusal", book=book) == [[31_000, rest, 31_000]]


def test_what_is_kept_is_asked_only_of_who_refused() -> None:
    homes = [idle(2), idle(3), idle(None)]
    found = told(homes, ON, "dibao_share_after_refusal", book=RULEBOOK)[0]
    assert found == [31_000] * 3 + [31_000, "unknown", 31_000] + [31_000, "unknown", 31_000]
    # A family that draws nothing has no part to lose.
    rich = three("9000", {}, {"able_to_work": True, "employed": False, "work_refusals": 3})
    assert told([rich], ON, "dibao_share_after_refusal", book=RULEBOOK) == [[0, 0, 0]]


# --- checks of means --------------------------------------------------------------------------------------------------


def reviewed(last: date | None, irregular: bool | None, *able: bool | None, key: str = "H1") -> Household:
    """A family whose means were last checked on a day."""
    about = [{"able_to_work": each} for each in able]
    return three("100", *about, key=key, last_review=last, irregular_income=irregular)


def test_every_half_year_only_if_income_is_irregular_and_somebody_can_work() -> None:
    kinds = [(True, (True, False)), (True, (False, False)), (False, (True, False)), (True, (None, False))]
    homes = [reviewed(None, irregular, *able, False, key=f"H{k}") for k, (irregular, able) in enumerate(kinds)]
    assert told(homes, ON, "review_months", book=RULEBOOK) == [[6, 12, 12, "unknown"]]


def test_the_corresponding_day_is_still_in_time() -> None:
    for months, able in ((12, False), (6, True)):
        for last in (date(2025, 1, 15), date(2025, 8, 31), date(2028, 2, 29)):
            end = add_months(last, months)
            home = [reviewed(last, True, able, False, False)]
            found = [told(home, end + by * ONE_DAY, "review_overdue", book=RULEBOOK) for by in (-1, 0, 1)]
            assert found == [[[False]], [[False]], [[True]]], (months, last)


def test_before_half_a_year_and_after_a_year_nothing_else_need_be_known() -> None:
    last = date(2025, 1, 15)
    days_around = [date(2025, 7, 15), date(2025, 7, 16), date(2026, 1, 15), date(2026, 1, 16)]
    found = [told([reviewed(last, None)], on, "review_overdue", book=RULEBOOK)[0][0] for on in days_around]
    assert found == [False, "unknown", "unknown", True]
    assert told([reviewed(None, True, True)], ON, "review_overdue", book=RULEBOOK) == [["unknown"]]


def test_the_terms_are_the_measures_own() -> None:
    for name, months in (("yearly_review_months", 12), ("half_yearly_review_months", 6)):
        found = PARAMETERS[name].at("450103", date(2021, 7, 1))
        assert (found.value, found.standing.value) == (months, "statute")


@pytest.mark.parametrize(
    ("death", "due"), [(date(2025, 11, 30), date(2026, 2, 28)), (date(2027, 11, 30), date(2028, 2, 29)),
                       (date(2026, 1, 31), date(2026, 4, 30)), (date(2026, 1, 15), date(2026, 4, 15))],
)  # fmt: skip
def test_after_a_death_three_months(death: date, due: date) -> None:
    assert death_review_due(death) == due


# --- supplements ------------------------------------------------------------------------------------------------------


def alone(key: str = "H1", **about: Any) -> Household:  # noqa: ANN401
    """One person on dibao."""
    return family({"wage_income": "0"} | about, key=key)


def test_the_four_groups() -> None:
    ill = {"serious_illness_recognised": True}
    severe = {"disability_kind": "physical", "disability_grade": 2}
    homes = [
        alone("H1"),
        alone("H2", birth_date=date(1960, 1, 1)),
        alone("H3", birth_date=date(2010, 1, 1)),
        alone("H4", **severe),
        alone("H5", **severe | {"disability_grade": 3}),
        alone("H6", **ill),
        alone("H7", **severe | ill | {"birth_date": date(1960, 1, 1)}),
    ]
    entitled = [False, True, True, True, False, True, True]
    added = [0, 8_100, 6_000, 9_000, 0, 7_000, 24_100]
    assert told(homes, ON, "supplement_entitled", "supplement_due") == [entitled, added]
    highest = rulebook(ASSUMED | {"supplements_add_up": False})
    assert told(homes, ON, "supplement_due", book=highest) == [[*added[:-1], 9_000]]
    told_nothing = rulebook({name: value for name, value in ASSUMED.items() if name != "supplements_add_up"})
    assert told(homes, ON, "supplement_due", book=told_nothing) == [[*added[:-1], "unknown"]]


def test_on_the_sixtieth_and_the_eighteenth_birthday() -> None:
    born = [date(1965, 6, 1) + by * ONE_DAY for by in (-1, 0, 1)] + [
        date(2007, 6, 1) + by * ONE_DAY for by in (-1, 0, 1)
    ]
    homes = [alone(f"H{k}", birth_date=day) for k, day in enumerate(born)]
    assert told(homes, ON, "supplement_due") == [[8_100, 8_100, 0, 0, 0, 6_000]]


def test_who_draws_no_dibao_gets_none() -> None:
    homes = [alone(wage, birth_date=date(1960, 1, 1), wage_income=wage) for wage in ("809.99", "810.00")]
    assert told(homes, ON, "supplement_due") == [[8_100, 0]]
    assert told(homes[1:], ON, "supplement_due", book=RULEBOOK) == [[0]]


def test_no_sum_is_taken_for_nanning_that_nobody_published() -> None:
    homes = [alone("H1"), alone("H2", birth_date=date(1960, 1, 1))]
    assert told(homes, ON, "supplement_entitled", "supplement_due", book=RULEBOOK) == [[False, True], [0, "unknown"]]
    severe = [alone(disability_kind="physical", disability_grade=1)]
    before, from_the_act = [date(2026, 6, 30), date(2026, 7, 1)]
    assert told(severe, before, "supplement_entitled", book=RULEBOOK) == [[True]]
    assert told(severe, from_the_act, "supplement_entitled", book=RULEBOOK) == [["unknown"]]


def test_the_act_takes_over_with_the_same_groups() -> None:
    homes = [alone(birth_date=date(1960, 1, 1))]
    for on, key in ((date(2026, 6, 30), "social-assistance-measures"), (date(2026, 7, 1), "social-assistance-law")):
        rule = RULEBOOK.in_force("supplement_entitled", on)
        assert rule is not None
        assert rule.citations[0].document.key == key
        assert told(homes, on, "supplement_due") == [[8_100]]
