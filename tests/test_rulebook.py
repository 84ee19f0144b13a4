"""Mistakes in rules are found before any data is touched, all at once; a reform changes its copy and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import numpy as np
import pytest
from random_households import random_parameters, random_roster
from with_library import CITY, population, rulebook

from civaffairs.errors import PlanError, UsageError
from civaffairs.law.citation import document
from civaffairs.law.values import Value
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import AnyRule, any_of, apportion, count, every, rule, total
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Codes, Flags
from civaffairs.schemes import RULEBOOK, SCHEMES
from civaffairs.schemes.obligors import OBLIGORS

ON = date(2026, 8, 1)
SINCE = date(2021, 7, 1)
CITE = document("civil-code").article(17)
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
TOLD: dict[str, Any] = {"zh": "试", "meaning": "Test.", "since": SINCE}


def make(function: Callable[..., Any], level: Level = PERSON, **more: Any) -> AnyRule:  # noqa: ANN401
    """A rule as a caller would write it."""
    told: dict[str, Any] = {"zh": "试", "since": SINCE} | more
    made: AnyRule = rule(level, CITE, **told)(function)
    return made


def with_rules(*rules: AnyRule) -> Rulebook:
    """The library's rules and more."""
    return attrs.evolve(RULEBOOK, rules=(*RULEBOOK.rules, *rules))


# --- mistakes ---------------------------------------------------------------------------------------------------------


def misspelt(wage_incom: Fen) -> Fen:
    return wage_incom


def of_persons(wage_income: Fen) -> Fen:
    return wage_income


def of_wrong_type(wage_income: Flags) -> Flags:
    return wage_income


def of_wrong_values(urban_standard: Codes) -> Codes:
    return urban_standard


def of_wrong_rule(counted_member: Fen) -> Fen:
    return counted_member


def wage_income(business_income: Fen) -> Fen:
    return business_income


def for_one_row(wage_income: Fen) -> Fen:
    return max(wage_income, 0)  # type: ignore[arg-type]


def in_circle_one(in_circle_two: Fen) -> Fen:
    return in_circle_two


def in_circle_two(in_circle_one: Fen) -> Fen:
    return in_circle_one


MISTAKES = [
    (
        "an unknown name",
        (make(misspelt),),
        r"misspelt asks for 'wage_incom', which nothing gives; did you mean 'wage_income'\?",
    ),
    (
        "an unknown flag",
        (make(of_persons, only_where="counted_membr"),),
        r"of_persons asks for 'counted_membr', which nothing gives; did you mean 'counted_member'\?",
    ),
    (
        "persons in a household's rule",
        (make(of_persons, HOUSEHOLD),),
        "of_persons is of households but asks for 'wage_income' of persons; declare a total, count or any_of",
    ),
    (
        "persons in a household's declared rule",
        (every("of_all", HOUSEHOLD, "employed", "assets_within_limits", cites=(CITE,), **TOLD),),
        "of_all is of households but asks for 'employed' of persons",
    ),
    (
        "a total for persons",
        (attrs.evolve(total("a_total", "wage_income", CITE, **TOLD), level=PERSON),),
        "a_total adds up members, so it is of households",
    ),
    (
        "a person's amount shared",
        (apportion("shared_out", "wage_income", CITE, **TOLD),),
        "shared_out shares out a household's amount, but 'wage_income' is of persons",
    ),
    ("a column of another type", (make(of_wrong_type),), "of_wrong_type takes 'wage_income' as Flags, but it is Fen"),
    ("a value of another type", (make(of_wrong_values, HOUSEHOLD),), "takes 'urban_standard' as Codes, but it is Fen"),
    ("a rule of another type", (make(of_wrong_rule),), "takes 'counted_member' as Fen, but it is Flags"),
    ("a circle", (make(in_circle_one), make(in_circle_two)), r"rules run in a circle: (in_circle_\w+( → )?){3}"),
    (
        "two versions",
        (make(of_persons), make(of_persons)),
        "two versions of 'of_persons' begin on 2021-07-01; the other is at",
    ),
    ("a name twice", (make(wage_income),), "the name 'wage_income' is given twice"),
    (
        "no source",
        (attrs.evolve(make(of_persons), citations=()),),
        "of_persons cites no article; a rule without a source",
    ),
    ("one row only", (make(for_one_row),), r"max\(\) works on one value only; write np.maximum"),
]


@pytest.mark.parametrize(("rules", "message"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_a_mistake_is_found_when_the_plan_is_made(rules: tuple[AnyRule, ...], message: str) -> None:
    with pytest.raises(PlanError, match=message) as told:
        with_rules(*rules).plan(ON, targets=[rules[0].name])
    assert re.match(r"[12] faults? in the rules:\n", str(told.value))


@pytest.mark.parametrize("case", [case for case in MISTAKES if "declared" not in case[0]][:3], ids=lambda case: case[0])
def test_a_mistake_is_told_with_file_and_line(case: tuple[str, tuple[AnyRule, ...], str]) -> None:
    with pytest.raises(PlanError) as told:
        with_rules(*case[1]).plan(ON, targets=[case[1][0].name])
    line = case[1][0].function.__code__.co_firstlineno
    assert f"{__file__}:{line}: " in str(told.value)


def test_every_mistake_is_told_at_once() -> None:
    uncited = attrs.evolve(make(of_persons), citations=())
    with pytest.raises(PlanError) as told:
        with_rules(make(misspelt), uncited, make(for_one_row), make(wage_income)).plan(ON)
    text = str(told.value)
    assert text.startswith("4 faults in the rules:\n")
    assert all(part in text for part in ("misspelt", "cites no article", "np.maximum", "given twice"))

    later = (make(of_wrong_type), make(of_persons, HOUSEHOLD))
    with pytest.raises(PlanError, match="2 faults"):
        with_rules(*later).plan(ON, targets=[each.name for each in later])


def test_a_mistake_outside_what_is_asked_for_does_not_stop_the_plan() -> None:
    plan, _ = with_rules(make(of_persons, HOUSEHOLD)).plan(ON, targets=["dibao_amount"])
    assert "of_persons" not in {step.rule.name for step in plan.steps}


def test_an_unknown_scheme_or_rule_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"no scheme 'dibo'; did you mean 'dibao'\?; known: dibao, "):
        RULEBOOK.plan(ON, schemes=["dibo"])
    with pytest.raises(UsageError, match=r"no rule 'dibao_amont'; did you mean 'dibao_amount'\?"):
        RULEBOOK.plan(ON, targets=["dibao_amont"])
    with pytest.raises(
        UsageError, match="living_subsidy_due cannot be worked out for 2022-09-30: rules before 2022-10-01"
    ):
        RULEBOOK.plan(date(2022, 9, 30), targets=["living_subsidy_due"])


# --- the library's own ------------------------------------------------------------------------------------------------


def test_nothing_is_wrong_with_the_library() -> None:
    assert RULEBOOK.check() == []


def test_what_is_wrong_on_any_day_is_found() -> None:
    wrong = RULEBOOK.with_rule(
        make(of_wrong_type, name="standard", since=date(2026, 1, 1), level=HOUSEHOLD), why="test"
    )
    assert any("on 2026-01-01" in fault for fault in wrong.check())


def test_every_name_is_used() -> None:
    used: set[str] = set()
    for day in RULEBOOK.boundary_days():
        for step in RULEBOOK.plan(day)[0].steps:
            used |= {step.rule.name, *step.rule.needs}
    read_by_the_border = {"household_id", "person_id", "resident_number"}
    looked_up_by = {parameter.by for parameter in RULEBOOK.values.values()}
    used |= {name.partition("@")[0] for name in used} | set(OBLIGORS.by_name)
    every_name = {*RULEBOOK.by_name, *RULEBOOK.parameters, *RULEBOOK.columns}
    assert every_name - used == looked_up_by | read_by_the_border


def test_every_rule_of_one_name_is_of_one_level_and_type() -> None:
    for name, versions in RULEBOOK.by_name.items():
        assert len({(each.level, each.gives, each.unit) for each in versions}) == 1, name


def test_a_scheme_is_of_one_household_or_person() -> None:
    for scheme in SCHEMES:
        assert scheme.verdict.gives == "Flags", scheme.name
        for amount in (scheme.amount, scheme.payable):
            assert amount is None or amount.gives == "Fen", scheme.name
        assert scheme.amount is None or scheme.amount.level is scheme.verdict.level, scheme.name
        assert RULEBOOK.schemes[scheme.name] is scheme


def test_a_scheme_can_be_asked_for_alone() -> None:
    for scheme in SCHEMES:
        plan, unavailable = RULEBOOK.plan(ON, schemes=[scheme.name])
        assert not unavailable
        assert {each.name for each in scheme.targets} <= set(plan.keep)


def test_a_book_says_what_it_is() -> None:
    assert repr(RULEBOOK).startswith(f"<Rulebook of {len(SCHEMES)} schemes, ")
    assert "changed" not in repr(RULEBOOK)


# --- reforms ----------------------------------------------------------------------------------------------------------


def change(book: Rulebook, name: str, value: Value, since: date = ON) -> Rulebook:
    return book.with_parameter(book.parameters[name], value, place=CITY, since=since, why="a reform")


def standards(book: Rulebook, on: date = ON) -> set[int]:
    """The monthly standards of random urban households."""
    people = population(random_roster(50, 1, on))
    run = book.plan(on, targets=["standard"])[0].run(people)
    return set((run.values("standard")[people.household["area"] == 0] // 27_720).tolist())


def test_a_changed_value_changes_only_the_copy() -> None:
    before = RULEBOOK.fingerprint
    reform = change(RULEBOOK, "urban_standard", 90_000)
    assert (standards(RULEBOOK), standards(reform)) == ({81_000}, {90_000})
    assert standards(reform, date(2026, 7, 31)) == {81_000}
    assert RULEBOOK.fingerprint == before != reform.fingerprint
    assert RULEBOOK.changes == ()
    assert reform.changes == ("urban_standard = 90000 in 450100 from 2026-08-01: a reform",)
    assert "changed: urban_standard" in repr(reform)


def test_a_changed_rule_changes_only_the_copy() -> None:
    def standard(urban_line: Fen, rural_line: Fen) -> Fen:
        return 2 * (urban_line + rural_line)

    reform = RULEBOOK.with_rule(make(standard, HOUSEHOLD, since=date(2026, 9, 1)), why="twice the standard")
    assert standards(reform, date(2026, 8, 31)) == {81_000}
    assert standards(reform, date(2026, 9, 1)) == {162_000}
    assert standards(RULEBOOK, date(2026, 9, 1)) == {81_000}
    assert reform.fingerprint != RULEBOOK.fingerprint
    assert reform.changes == ("rule standard from 2026-09-01: twice the standard",)
    assert len(reform.rules) == len(RULEBOOK.rules) + 1
    again = reform.with_rule(make(standard, HOUSEHOLD, since=date(2026, 9, 1)), why="again")
    assert len(again.rules) == len(reform.rules)


def test_a_rule_that_ends_gives_way_to_the_one_before() -> None:
    def standard(urban_line: Fen, rural_line: Fen) -> Fen:
        return 3 * (urban_line + rural_line)

    temporary = make(standard, HOUSEHOLD, since=date(2026, 9, 1), until=date(2026, 9, 30))
    reform = RULEBOOK.with_rule(temporary, why="for a month")
    days = (date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 1))
    assert [standards(reform, on) for on in days] == [{81_000}, {243_000}, {243_000}, {81_000}]
    assert date(2026, 10, 1) in reform.boundary_days()


def test_a_callers_file_is_merged() -> None:
    text = '[urban_edge_standard]\nrows = [ { place = "450000", from = 2026-07-01, value = 130_000, why = "a try" } ]\n'
    book = RULEBOOK.with_file(text, assumed=True)
    people = population(random_roster(80, 2, ON))
    run = book.plan(ON, targets=["urban_edge_line"])[0].run(people)
    assert run.unknown("urban_edge_line", HOUSEHOLD) is None
    assert set(run.values("urban_edge_line").tolist()) == {0, 130_000 * 27_720}
    assert book.fingerprint != RULEBOOK.fingerprint


def test_two_reforms_differ_by_their_values() -> None:
    prints = {change(RULEBOOK, "urban_standard", fen).fingerprint for fen in (90_000, 90_001)}
    prints |= {change(RULEBOOK, "urban_standard", 90_000, since).fingerprint for since in (ON, date(2026, 9, 1))}
    assert len(prints) == 3


def test_two_rules_differ_by_where_they_reach_and_what_they_settle() -> None:
    def standard(urban_line: Fen, rural_line: Fen) -> Fen:
        return urban_line + rural_line

    since = date(2026, 9, 1)
    ones = [make(standard, HOUSEHOLD, since=since), make(standard, HOUSEHOLD, since=since, until=date(2027, 1, 1))]
    assert len({RULEBOOK.with_rule(one, why="test").fingerprint for one in ones}) == 2


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    code = "from civaffairs.schemes import RULEBOOK; print(RULEBOOK.fingerprint)"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {RULEBOOK.fingerprint}


def test_a_rule_without_source_text_has_a_fingerprint_too() -> None:
    space: dict[str, Any] = {}
    exec("def typed(wage_income):\n    return wage_income * 2\n", space)  # as at a prompt
    book = RULEBOOK.with_rule(make(space["typed"]), why="typed")
    people = population(random_roster(5, 1, ON))
    run = book.plan(ON, targets=["typed"])[0].run(people)
    assert run.values("typed").tolist() == (people.person["wage_income"] * 2).tolist()
    assert book.fingerprint != RULEBOOK.fingerprint


def test_rules_of_a_caller_join_the_librarys() -> None:
    def needy(counted_income: Fen, standard: Fen) -> Flags:
        return counted_income < standard

    one = make(needy)
    book = rulebook(random_parameters(1))
    book = book.with_rule(one, why="research").with_rule(count("needy_members", one, CITE, **TOLD), why="research")
    book = book.with_rule(any_of("some_needy", one, CITE, **TOLD), why="research")
    people = population(random_roster(50, 3, ON))
    run = book.plan(ON, targets=["needy", "needy_members", "some_needy"])[0].run(people)
    counts = np.bincount(people.index[run.values("needy")], minlength=people.households)
    assert run.values("needy_members").tolist() == counts.tolist()
    assert run.values("some_needy").tolist() == (counts > 0).tolist()


# --- what was public --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "version"),
    [(date(2026, 4, 29), SINCE), (date(2026, 4, 30), date(2026, 7, 1)), (None, date(2026, 7, 1))],
)
def test_a_version_is_hidden_before_its_document_was_public(known: date | None, version: date) -> None:
    for name in ("standard", "dibao_income_met", "dibao_eligible", "dibao_amount", "edge_eligible", "edge_income_met"):
        found = RULEBOOK.in_force(name, ON, known)
        assert found is not None
        assert found.since == version, name
    plan, unavailable = RULEBOOK.plan(ON, known=known, schemes=["dibao", "edge_family"])
    assert not unavailable
    steps = {step.rule.name: step.rule.since for step in plan.steps}
    assert steps["dibao_eligible"] == version
    assert ("below_edge_standard" in steps) == (version != SINCE)


def test_a_later_version_takes_over_on_its_day() -> None:
    days = {date(2026, 6, 30): SINCE, date(2026, 7, 1): date(2026, 7, 1)}
    for on, since in days.items():
        found = RULEBOOK.in_force("dibao_eligible", on)
        assert found is not None
        assert found.since == since


def test_nothing_is_known_before_anything_was_public() -> None:
    plan, unavailable = RULEBOOK.plan(ON, known=date(2020, 1, 1))
    assert "dibao" in {each.scheme for each in unavailable}
    reasons = [each.reason for each in unavailable if each.scheme == "dibao"]
    assert all("not public, or not surely so, by 2020-01-01" in reason for reason in reasons)
    assert plan.known == date(2020, 1, 1)


def test_a_value_that_was_not_public_is_not_known() -> None:
    plan, _ = RULEBOOK.plan(date(2025, 6, 1), known=date(2025, 6, 1), targets=["dibao_amount"])
    people = population(random_roster(40, 4, date(2025, 6, 1)))
    causes = plan.run(people).unknown("dibao_amount", HOUSEHOLD)
    assert causes is not None
    assert (causes == 0).any()
