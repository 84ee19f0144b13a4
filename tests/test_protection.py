"""Children left behind and in distress: each boundary a day before and on it, and what need not be known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

import civaffairs as ca
from civaffairs.people.answers import HukouKind
from civaffairs.people.records import sound_population_of
from civaffairs.rules.rule import AnyRule
from civaffairs.schemes import RULEBOOK, protection

ON = date(2026, 8, 1)
AT_HOME, AWAY = ca.Parent(away=False, able_guardian=True), ca.Parent(away=True, able_guardian=True)
UNABLE = ca.Parent(away=False, able_guardian=False)
DEAD, DECLARED_DEAD = (
    ca.Parent(state=state, able_guardian=None) for state in (ca.ParentState.DEAD, ca.ParentState.DECLARED_DEAD)
)
SILENT = ca.Parent()
CHILD = ca.Person(
    person_id="C",
    birth_date=date(2015, 1, 1),
    hukou_place="450103",
    hukou_kind=HukouKind.RURAL,
    disability_kind=ca.DisabilityKind.NONE,
    needs_long_term_care=False,
    entrusted_carer=False,
    days_since_contact=0,
    left_unattended=False,
    lives_alone=False,
    poverty_hardship=False,
    guardianship_failing=False,
    safety_harmed=False,
    mother=attrs.evolve(AT_HOME, state=ca.ParentState.ALIVE),
    father=attrs.evolve(AT_HOME, state=ca.ParentState.ALIVE),
)


def told(rule: AnyRule, on: date = ON, **facts: Any) -> bool | None:  # noqa: ANN401 -- of many kinds
    """What a rule says of a child with some facts changed; None if it is not known."""
    for parent in {"mother", "father"} & facts.keys():
        alive = facts[parent].state is None and facts[parent] is not SILENT
        facts[parent] = attrs.evolve(facts[parent], state=ca.ParentState.ALIVE) if alive else facts[parent]
    home = ca.Household(household_id="H", place="450103", area=ca.Area.RURAL, members=[attrs.evolve(CHILD, **facts)])
    run = RULEBOOK.plan(on, targets=[rule.name])[0].run(sound_population_of(home))
    causes = run.unknown(rule.name, ca.Level.PERSON)
    return None if causes is not None and causes[0] else bool(run.values(rule.name)[0])


def born(age: int, *, to_come: bool = False) -> date:
    """The birth of a child who reaches an age on the day, or on the day to come."""
    return ON.replace(year=ON.year - age) + timedelta(days=to_come)


# --- children left behind ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mother", "father", "left"),
    [
        (AWAY, AWAY, True),
        (AWAY, AT_HOME, False),
        (AT_HOME, AWAY, False),
        (AWAY, UNABLE, True),
        (UNABLE, AWAY, True),
        (AT_HOME, AT_HOME, False),
        (UNABLE, UNABLE, False),
        # A dead parent cannot act as guardian, and nobody asks whether they are away.
        (DEAD, AWAY, True),
        (AWAY, DECLARED_DEAD, True),
        (DEAD, AT_HOME, False),
        # What is not stated matters only where it could change the answer.
        (SILENT, AT_HOME, False),
        (SILENT, AWAY, None),
        (AWAY, SILENT, None),
        (ca.Parent(away=False), AT_HOME, False),
        (ca.Parent(able_guardian=True, away=False), AWAY, False),
        (ca.Parent(able_guardian=False), AWAY, True),
        (AWAY, ca.Parent(away=True), True),
    ],
)
def test_whose_parents_are_away(mother: ca.Parent, father: ca.Parent, left: bool | None) -> None:
    assert told(protection.left_behind_child, mother=mother, father=father) is left
    assert told(protection.entrustment_missing, mother=mother, father=father) is left
    assert told(protection.weekly_contact_missed, mother=mother, father=father, days_since_contact=8) is left


@pytest.mark.parametrize(("to_come", "left"), [(False, False), (True, True)])
def test_left_behind_ends_on_the_sixteenth_birthday(to_come: bool, left: bool) -> None:
    away: dict[str, Any] = {"mother": AWAY, "father": AWAY, "birth_date": born(16, to_come=to_come)}
    assert told(protection.left_behind_child, **away) is left
    assert told(protection.entrustment_missing, **away) is True


def test_left_behind_is_of_the_country() -> None:
    away: dict[str, Any] = {"mother": AWAY, "father": AWAY}
    assert told(protection.left_behind_child, hukou_kind=HukouKind.URBAN, **away) is False
    assert told(protection.left_behind_child, hukou_kind=None, **away) is None
    assert told(protection.left_behind_child, hukou_kind=None) is False


# --- duties of parents who are away -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("to_come", "owed"), [(False, False), (True, True)])
def test_the_duties_end_on_the_eighteenth_birthday(to_come: bool, owed: bool) -> None:
    away: dict[str, Any] = {"mother": AWAY, "father": AWAY, "birth_date": born(18, to_come=to_come)}
    assert told(protection.entrustment_missing, **away) is owed
    assert told(protection.weekly_contact_missed, days_since_contact=8, **away) is owed


def test_who_entrusted_a_carer_did_their_duty() -> None:
    away: dict[str, Any] = {"mother": AWAY, "father": AWAY}
    assert told(protection.entrustment_missing, entrusted_carer=True, **away) is False
    assert told(protection.entrustment_missing, entrusted_carer=None, **away) is None
    assert told(protection.entrustment_missing, entrusted_carer=None) is False


@pytest.mark.parametrize(("days", "missed"), [(0, False), (7, False), (8, True), (9, True), (None, None)])
def test_contact_once_a_week(days: int | None, missed: bool | None) -> None:
    assert told(protection.weekly_contact_missed, mother=AWAY, father=AWAY, days_since_contact=days) is missed
    assert told(protection.weekly_contact_missed, days_since_contact=days) is False


# --- children in distress ---------------------------------------------------------------------------------------------

KINDS: dict[str, dict[str, Any]] = {
    "poverty_distress": {"poverty_hardship": True},
    "disability_distress": {"disability_kind": ca.DisabilityKind.SPEECH, "disability_grade": 4},
    "guardianship_distress": {"guardianship_failing": True, "safety_harmed": True},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_distress_is_enough_to_the_day_before_eighteen(kind: str) -> None:
    rule = getattr(protection, kind)
    for to_come in (False, True):
        facts = KINDS[kind] | {"birth_date": born(18, to_come=to_come)}
        assert told(rule, **facts) is told(protection.distressed_child, **facts) is to_come
    others = [other for other in KINDS if other != kind]
    assert [told(getattr(protection, other), **KINDS[kind]) for other in others] == [False, False]
    # The other facts need not be known.
    asked = ("poverty_hardship", "disability_kind", "guardianship_failing", "safety_harmed")
    unsaid: dict[str, Any] = dict.fromkeys(asked)
    assert told(protection.distressed_child, **(unsaid | KINDS[kind])) is True


def test_a_guardian_who_fails_and_harm_make_distress_only_together() -> None:
    assert told(protection.distressed_child, guardianship_failing=True) is False
    assert told(protection.distressed_child, safety_harmed=True) is False
    assert told(protection.distressed_child) is False
    assert told(protection.distressed_child, safety_harmed=None) is False
    assert told(protection.distressed_child, poverty_hardship=None) is None


# --- what must be reported --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("to_come", "breach"), [(False, False), (True, True)])
def test_nobody_under_eight_is_left_unattended(to_come: bool, breach: bool) -> None:
    facts: dict[str, Any] = {"left_unattended": True, "birth_date": born(8, to_come=to_come)}
    assert told(protection.unattended_under_8, **facts) is told(protection.report_due, **facts) is breach


@pytest.mark.parametrize(("to_come", "breach"), [(False, False), (True, True)])
def test_nor_a_minor_who_needs_special_care(to_come: bool, breach: bool) -> None:
    facts: dict[str, Any] = {"left_unattended": True, "birth_date": born(18, to_come=to_come)}
    facts["needs_long_term_care"] = True
    assert told(protection.unattended_needing_care, **facts) is told(protection.report_due, **facts) is breach
    assert told(protection.unattended_under_8, **facts) is False
    assert told(protection.report_due, left_unattended=True, needs_long_term_care=None) is None
    assert told(protection.report_due, needs_long_term_care=None) is False


@pytest.mark.parametrize(("to_come", "breach"), [(False, False), (True, True)])
def test_nobody_under_sixteen_lives_alone(to_come: bool, breach: bool) -> None:
    facts: dict[str, Any] = {"lives_alone": True, "birth_date": born(16, to_come=to_come)}
    assert told(protection.alone_under_16, **facts) is told(protection.report_due, **facts) is breach


@pytest.mark.parametrize("found", ["guardianship_failing", "safety_harmed"])
def test_a_failing_guardian_or_harm_is_reported_to_eighteen(found: str) -> None:
    for to_come in (False, True):
        facts: dict[str, Any] = {found: True, "birth_date": born(18, to_come=to_come)}
        assert told(protection.report_due, **facts) is to_come


def test_nothing_is_reported_of_a_child_in_care() -> None:
    assert told(protection.report_due) is False
    assert told(protection.report_due, mother=AWAY, father=AWAY, days_since_contact=400) is False


# --- through the front door -------------------------------------------------------------------------------------------


def test_a_child_is_assessed_and_the_answer_is_explained() -> None:
    child = attrs.evolve(CHILD, mother=AWAY, father=AWAY, days_since_contact=9, relation=ca.Relation.APPLICANT)
    home = ca.Household(household_id="H", place="450103", area=ca.Area.RURAL, members=[child])
    result = ca.assess(home, on=ON, schemes=["left_behind", "distressed_child"])
    assert result[protection.left_behind_child].tolist() == [True]
    assert result[protection.weekly_contact_missed].tolist() == [True]
    assert result[protection.distressed_child].tolist() == [False]
    assert not list(result.not_assessed)
    told_why = str(result.explain("H", rule=protection.weekly_contact_missed))
    assert "未成年人保护法" in told_why
    assert "23" in told_why


def test_what_is_not_stated_is_asked_for() -> None:
    child = attrs.evolve(CHILD, mother=AWAY, father=AWAY, hukou_kind=None, relation=ca.Relation.APPLICANT)
    home = ca.Household(household_id="H", place="450103", area=ca.Area.RURAL, members=[child])
    result = ca.assess(home, on=ON, schemes=["left_behind"])
    assert [gap.cause for gap in result.not_assessed] == ["hukou_kind"]
