"""What the law changes on its days, a day before and on it; and who is severely disabled under which text."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

import attrs
import numpy as np
import pytest
from cases import FOLDER, persona, stated
from random_households import CHOICES, random_parameters
from with_library import AMOUNTS_KNOWN, known, level_of, population_of_facts, record, rulebook, work_out

from civaffairs.people.columns import Level
from civaffairs.people.household import COLUMNS
from civaffairs.people.person import DisabilityKind
from civaffairs.people.population import Population
from civaffairs.people.records import sound_population_of
from civaffairs.rules.rulebook import Rulebook
from civaffairs.schemes import RULEBOOK, SCHEMES
from civaffairs.schemes.overlaps import BESIDE, START
from civaffairs.schemes.pairs import SETTLED
from civaffairs.schemes.severity import plainly_severe_parent

PERSONAS = tomllib.loads((FOLDER / "personas.toml").read_text("utf-8"))
ASSUMED = random_parameters(0) | {
    "severe_by_2022_notice_unemployed": frozenset({("any", 1), ("any", 2)}),
    "severe_by_2022_notice_edge": frozenset({("any", 1), ("any", 2), ("any", 3)}),
    "severe_by_assistance_law": frozenset({("any", 1), ("any", 2), ("any", 3), ("any", 4)}),
    "urban_edge_standard": 110_000,
    "single_person_basis": "own_income_difference",
    "multiple_disability_qualifies": True,
    "old_age_allowance_counted": True,
}
BOOK = rulebook(ASSUMED)
EARLY_BOOK = rulebook(ASSUMED, every_day=True)
ONE_DAY = timedelta(days=1)


def family(*members: dict[str, Any], **household: Any) -> Population:  # noqa: ANN401
    """A household of personas with changes: ``is`` names the persona, everything else is a fact; money in yuan."""
    people = []
    for number, facts in enumerate(members):
        about = persona(facts.get("is", "adult"), PERSONAS) | {n: v for n, v in facts.items() if n != "is"}
        people.append(stated({"person_id": f"P{number}"} | about))
    return population_of_facts(stated({"household_id": "H1"} | PERSONAS["household"] | household), people)


def answer(people: Population, on: date, *names: str, book: Rulebook | None = None) -> list[Any]:
    """The values of some rules for the first person or the household; None where they are not known."""
    run = work_out(book or (BOOK if on >= AMOUNTS_KNOWN else EARLY_BOOK), people, on, names)
    return [run.values(name)[0].item() if known(run, name)[0] else None for name in names]


# --- what changes on a day --------------------------------------------------------------------------------------------

PENSIONER = family({"is": "adult", "transfer_income": "1000", "basic_pension": "300"})
NEAR_EDGE = family({"wage_income": "1150"})
UNEMPLOYED = family(
    {"employed": False, "disability_kind": "physical", "disability_grade": 2},
    {"is": "spouse", "wage_income": "9000"},
)
EDGE_WITH_GRADE_3 = family(
    {"disability_kind": "physical", "disability_grade": 3}, {"is": "spouse", "wage_income": "2000"}
)
EDGE_IN_HARDSHIP = family({"special_hardship_recognised": True}, {"is": "spouse", "wage_income": "2000"})
EDGE_WITH_GRADE_4 = family(
    {"disability_kind": "physical", "disability_grade": 4}, {"is": "spouse", "wage_income": "2000"}
)
SUPPORTED = family(
    {
        "employed": False,
        "disability_kind": "visual",
        "disability_grade": 1,
        "transfer_income": "900",
        "exempted_support": "500",
    }
)
ON_DIBAO = family({"disability_kind": "visual", "disability_grade": 4})

CHANGES = [
    # The exclusion of the basic pension was for the fourteenth five-year plan.
    ("counted pension", PENSIONER, date(2026, 1, 1), "household_income", 700_00 * 27_720, 1_000_00 * 27_720),
    ("dibao with a pension", PENSIONER, date(2026, 1, 1), "dibao_amount", 110_00, 0),
    # Edge families: one and a half times the standard, then a line that the region sets (here 1,100 yuan).
    ("edge line", NEAR_EDGE, date(2026, 7, 1), "edge_eligible", True, False),
    # The notice of 2022: unemployed adults whatever the family has; edge families with severe disability or hardship.
    ("unemployed and severe", UNEMPLOYED, date(2022, 10, 20), "single_person_eligible", False, True),
    ("edge family, grade 3", EDGE_WITH_GRADE_3, date(2022, 10, 20), "single_person_eligible", False, True),
    ("edge family in hardship", EDGE_IN_HARDSHIP, date(2022, 10, 20), "single_person_eligible", False, True),
    ("support not counted", SUPPORTED, date(2022, 10, 20), "household_income", 900_00 * 27_720, 400_00 * 27_720),
    # The Act: its own word for severe disability (here every grade).
    ("edge family, grade 4", EDGE_WITH_GRADE_4, date(2026, 7, 1), "single_person_eligible", False, True),
    # The region's rules of the two subsidies.
    ("living subsidy", ON_DIBAO, date(2022, 10, 1), "living_subsidy_due", None, 122_00),
]


@pytest.mark.parametrize(
    ("people", "day", "rule", "before", "after"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_the_law_changes_on_its_day(people: Population, day: date, rule: str, before: object, after: object) -> None:
    assert answer(people, day, rule) == [after]
    if before is None:
        assert RULEBOOK.in_force(rule, day - ONE_DAY) is None
    else:
        assert answer(people, day - ONE_DAY, rule) == [before]


@pytest.mark.parametrize(("people", "day", "rule"), [c[1:4] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_it_changes_on_no_other_day_around(people: Population, day: date, rule: str) -> None:
    assert answer(people, day + ONE_DAY, rule) == answer(people, day, rule)
    if RULEBOOK.in_force(rule, day - 2 * ONE_DAY) is not None:
        assert answer(people, day - 2 * ONE_DAY, rule) == answer(people, day - ONE_DAY, rule)


def test_the_old_edge_line_says_nothing_under_the_act() -> None:
    assert answer(NEAR_EDGE, date(2026, 6, 30), "edge_eligible", book=RULEBOOK) == [True]
    assert answer(NEAR_EDGE, date(2026, 7, 1), "edge_eligible", book=RULEBOOK) == [None]
    # Below the standard no line of the region is needed: an edge standard is set above it.
    rich = family({"wage_income": "100"}, assets_within_limits=False)
    assert answer(rich, date(2026, 7, 1), "edge_eligible", book=RULEBOOK) == [True]


def test_before_the_first_rules_no_scheme_can_be_assessed() -> None:
    day = date(2021, 7, 1)
    assert {each.scheme for each in RULEBOOK.plan(day - ONE_DAY)[1]} == {scheme.name for scheme in SCHEMES}
    subsidies = {"living_subsidy", "nursing_subsidy", "de_facto_child"}
    assert {each.scheme for each in RULEBOOK.plan(day)[1]} == subsidies | {"rigid"}
    assert {each.scheme for each in RULEBOOK.plan(date(2022, 10, 1))[1]} == {"rigid"}
    assert RULEBOOK.plan(date(2025, 1, 1))[1] == ()


# --- lines are strict, terms are not ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wage", "eligible", "amount"), [("809.99", True, 1), ("810.00", False, 0), ("810.01", False, 0)]
)
def test_below_the_standard_is_strictly_below(wage: str, eligible: bool, amount: int) -> None:
    people = family({"wage_income": wage})
    assert answer(people, date(2025, 6, 1), "dibao_eligible", "dibao_amount") == [eligible, amount]


@pytest.mark.parametrize(("wage", "edge"), [("1214.99", True), ("1215.00", False), ("810.00", True)])
def test_below_the_edge_line_is_strictly_below(wage: str, edge: bool) -> None:
    assert answer(family({"wage_income": wage}), date(2025, 6, 1), "edge_eligible") == [edge]


@pytest.mark.parametrize(("wage", "eligible"), [("6799.99", True), ("6800.00", False)])
def test_a_rural_standard_is_of_a_year_and_is_not_rounded(wage: str, eligible: bool) -> None:
    people = family({"wage_income": wage, "wage_months": 12}, area="rural")
    assert answer(people, date(2025, 6, 1), "dibao_eligible") == [eligible]


@pytest.mark.parametrize(("months", "apart"), [(35, False), (36, True)])
def test_three_years_apart_include_the_third(months: int, apart: bool) -> None:
    people = family({"clergy_months": months})
    assert answer(people, date(2025, 6, 1), "clergy_apart", "counted_member") == [apart, not apart]


@pytest.mark.parametrize(("months", "left"), [(5, False), (6, True)])
@pytest.mark.parametrize("how", ["lost_contact", "custody"])
def test_six_months_include_the_sixth(months: int, left: bool, how: str) -> None:
    child: dict[str, Any] = {"is": "child", "relation": "applicant"}
    for parent in ("mother", "father"):
        child[f"{parent}_{how}_months"] = months
        child[f"{parent}_custody"] = "prison" if how == "custody" else "none"
    assert answer(family(child), date(2025, 6, 1), "de_facto_child") == [left]


@pytest.mark.parametrize(("born", "minor"), [(date(2007, 6, 1), False), (date(2007, 6, 2), True)])
def test_a_minor_comes_of_age_on_the_birthday(born: date, minor: bool) -> None:
    assert answer(family({"birth_date": born}), date(2025, 6, 1), "minor", "adult") == [minor, not minor]


@pytest.mark.parametrize(("born", "entitled"), [(date(1945, 6, 1), True), (date(1945, 6, 2), False)])
def test_the_old_age_allowance_begins_on_the_birthday(born: date, entitled: bool) -> None:
    assert answer(family({"birth_date": born}), date(2025, 6, 1), "old_age_allowance_entitled", book=RULEBOOK) == [
        entitled
    ]


def test_a_prisoner_is_neither_counted_nor_a_household_of_one() -> None:
    people = family({"absence": "prison", "single_person_by_local_rule": True}, {"is": "spouse"})
    answers = answer(people, date(2025, 6, 1), "counted_member", "household_size", "single_person_eligible")
    assert answers == [False, 1, False]


# --- severe disability ------------------------------------------------------------------------------------------------

GRADES = (1, 2, 3, 4)
WORDS = [kind.value for kind in DisabilityKind if kind is not DisabilityKind.NONE]
ALL = {(kind, grade) for kind in WORDS for grade in GRADES}
MIND = {"intellectual", "mental"}
TWO = {(kind, grade) for kind, grade in ALL if grade <= 2}
SEVERE = {
    # Grades 1 and 2 of any kind; grade 3 intellectual or mental.
    "plainly_severe_for_single_person": TWO | {(kind, 3) for kind in MIND},
    "disabled_obligor": TWO | {(kind, 3) for kind in MIND},
    # With a multiple disability at grade 3 taken as one of mind.
    "severe_for_single_person": TWO | {(kind, 3) for kind in (*MIND, "multiple")},
    # Grades 1 and 2 of any kind; grades 3 and 4 intellectual or mental.
    "mother_severe": TWO | {(kind, grade) for kind in MIND for grade in (3, 4)},
    "father_severe": TWO | {(kind, grade) for kind in MIND for grade in (3, 4)},
    # Grades 1 and 2 of any kind; grades 3 and 4 mental.
    "of_nursing_class": TWO | {("mental", 3), ("mental", 4)},
    # Intellectual or mental of grades 1 to 3; physical of 1 and 2; visual of 1.
    "unable_to_work_by_disability": {(kind, grade) for kind in MIND for grade in (1, 2, 3)}
    | {("physical", 1), ("physical", 2), ("visual", 1)},
    # Left open by their texts; here as assumed.
    "severe_unemployed": TWO,
    "severe_in_edge_by_notice": {pair for pair in ALL if pair[1] <= 3},
    "severe_in_edge_by_act": ALL,
}
ON_FILE = {"mother_severe": "mother_", "father_severe": "father_"}


def certificates(of: str = "") -> Population:
    """One person a certificate, each in a household of their own, and one without."""
    base = stated({"person_id": ""} | persona("adult", PERSONAS))
    home = stated({"household_id": ""} | PERSONAS["household"])
    pairs = [*sorted(ALL), ("none", 0)]
    return sound_population_of(
        [
            record(
                home | {"household_id": f"H{number:02d}"},
                [base | {"person_id": f"P{number:02d}", f"{of}disability_kind": kind, f"{of}disability_grade": grade}],
            )
            for number, (kind, grade) in enumerate(pairs)
        ]
    )


def held(people: Population, flags: np.ndarray[Any, np.dtype[np.bool_]], of: str = "") -> set[tuple[str, int]]:
    kinds, grades = people.person[f"{of}disability_kind"], people.person[f"{of}disability_grade"]
    return {(CHOICES["disability_kind"][k], int(g)) for k, g in zip(kinds[flags], grades[flags], strict=True)}


@pytest.mark.parametrize("rule", SEVERE)
def test_each_text_has_its_own_severe_disability(rule: str) -> None:
    of = ON_FILE.get(rule, "")
    people = certificates(of)
    run = work_out(BOOK, people, date(2026, 8, 1), [rule])
    assert known(run, rule).all()
    assert held(people, run.values(rule), of) == SEVERE[rule]


def test_the_texts_differ_from_each_other() -> None:
    plain = ("plainly_severe_for_single_person", "mother_severe", "of_nursing_class", "unable_to_work_by_disability")
    assert len({frozenset(SEVERE[name]) for name in plain}) == len(plain)
    assert plainly_severe_parent(np.array([0], np.int8), np.array([0])).tolist() == [False]


@pytest.mark.parametrize(
    ("rule", "open_for"),
    [
        ("severe_unemployed", ALL),
        ("severe_in_edge_by_notice", ALL),
        ("severe_in_edge_by_act", ALL),
        ("severe_for_single_person", {("multiple", 3)}),
        ("severe_for_nursing", {("intellectual", 3), ("intellectual", 4), ("multiple", 3), ("multiple", 4)}),
    ],
)
def test_where_the_text_leaves_the_word_open_nothing_is_claimed(rule: str, open_for: set[tuple[str, int]]) -> None:
    people = certificates()
    run = work_out(RULEBOOK, people, date(2026, 8, 1), [rule])
    assert held(people, ~known(run, rule)) == open_for


# --- overlaps ---------------------------------------------------------------------------------------------------------


def test_every_settled_pair_is_decided_by_a_value_of_its_name() -> None:
    for pair in SETTLED:
        parameter = RULEBOOK.parameters[pair.value]
        first, _, second = pair.value.partition("_with_")
        assert pair.first.startswith(first)
        assert second.partition("_")[0] in pair.second, pair.value
        beside = BESIDE.get(pair.value, pair.second)
        assert pair.second in START or beside in COLUMNS or beside in RULEBOOK.by_name, pair.value
        # "The higher of the two" needs the other's amount.
        has_amount = pair.second in START or beside.endswith("_allowance")
        assert ("higher" in parameter.choices) == has_amount, pair.value


DOUBLE = family(
    {"is": "child", "relation": "applicant", "mother_state": "dead", "father_state": "dead", "placement": "relatives"}
    | {
        "disability_kind": "visual",
        "disability_grade": 1,
        "needs_long_term_care": True,
        "can_live_independently": False,
    }
)


@pytest.mark.parametrize(
    ("choice", "nursing", "orphan"),
    [("both", 122_00, 1_022_00), ("first_only", 122_00, 0), ("second_only", 0, 1_022_00), ("higher", 0, 1_022_00)],
)
def test_a_pair_is_settled_as_its_value_says(choice: str, nursing: int, orphan: int) -> None:
    others = {"living_with_orphan": "both", "dibao_with_orphan": "both"}
    book = rulebook(ASSUMED | others | {"nursing_with_orphan": choice})
    names = ("nursing_subsidy_payable", "orphan_allowance_payable")
    assert answer(DOUBLE, date(2025, 6, 1), *names, book=book) == [nursing, orphan]


def test_a_pair_that_no_source_settles_is_left_open_only_for_who_holds_both() -> None:
    names = ("nursing_subsidy_due", "nursing_subsidy_payable", "orphan_allowance_due")
    assert answer(DOUBLE, date(2025, 6, 1), *names, book=RULEBOOK) == [122_00, None, 1_022_00]
    alone = family({"disability_kind": "visual", "disability_grade": 1, "needs_long_term_care": True})
    assert answer(alone, date(2025, 6, 1), *names, book=RULEBOOK) == [122_00, 122_00, 0]


# --- what is not known ------------------------------------------------------------------------------------------------


def test_a_family_over_the_line_is_known_to_get_nothing() -> None:
    rich = family({"wage_income": "5000"}, {"is": "spouse"}, recorded_payment_method="tiers")
    poor = family({"wage_income": "0"}, recorded_payment_method="tiers")
    on = date(2026, 8, 1)
    assert answer(rich, on, "dibao_eligible", "dibao_amount", "dibao_share", book=RULEBOOK) == [False, 0, 0]
    assert answer(poor, on, "dibao_eligible", "dibao_amount", "dibao_share", book=RULEBOOK) == [True, None, None]


def test_a_place_without_values_is_not_assessed() -> None:
    # Another region: nothing is published for it here.
    elsewhere = family({"hukou_place": "110101"}, place="110101")
    on = date(2026, 8, 1)
    assert answer(elsewhere, on, "dibao_eligible", "old_age_allowance_due", book=RULEBOOK) == [None, None]
    assert answer(elsewhere, on, "household_size", "minor", book=RULEBOOK) == [1, False]


def test_a_question_nobody_answered_is_open_for_what_depends_on_it() -> None:
    people = family({"wage_income": "100"})
    person = {name: column for name, column in people.person.items() if name != "needs_long_term_care"}
    silent = attrs.evolve(people, person=person)
    names = ("dibao_amount", "nursing_subsidy_due")
    assert answer(silent, date(2025, 6, 1), *names, book=RULEBOOK) == [710_00, 0]  # no certificate: no subsidy
    disabled = family({"disability_kind": "mental", "disability_grade": 4})
    silent = attrs.evolve(disabled, person={n: c for n, c in disabled.person.items() if n != "needs_long_term_care"})
    assert answer(silent, date(2025, 6, 1), *names, book=RULEBOOK) == [810_00, None]


def test_every_column_that_a_scheme_reads_is_of_the_level_it_says() -> None:
    plan, _ = RULEBOOK.plan(date(2026, 8, 1))
    assert all(plan.levels[name] is column.level for name, column in plan.inputs.items())
    assert {level_of("dibao_amount"), level_of("dibao_share")} == {Level.HOUSEHOLD, Level.PERSON}
