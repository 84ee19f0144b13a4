"""Guardianship by civil affairs, and stays at assistance stations: grounds, assessments, periods and their days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from civaffairs.calendar import AgeAttained, LeapDay, day_attained
from civaffairs.registers.children.placements import (
    PLACEMENTS,
    LongTermGround,
    PlacedWith,
    Placement,
    PlacementAction,
    PlacementState,
    TemporaryGround,
)
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.institutions.stays import (
    STAYS,
    Outcome,
    Stay,
    StayAction,
    StayState,
    TargetGroup,
    target_group,
)
from civaffairs.registers.kinds import Event
from civaffairs.registers.storage import event_table, read_event_table
from civaffairs.registers.validity import Severity

DAY, ONE = date(2024, 3, 1), timedelta(1)
BORN = date(2015, 3, 1)
Action, State = PlacementAction, PlacementState

FACTS: dict[PlacementAction, dict[str, Fact]] = {
    Action.FIND: {"place": "450103"},
    Action.TAKE_TEMPORARILY: {
        "temporary_ground": TemporaryGround.ROAMING_OR_UNIDENTIFIED, "placed": PlacedWith.RELATIVES,
    },
    Action.TAKE_FOR_LONG: {
        "long_term_ground": LongTermGround.PARENTS_NOT_FOUND, "placed": PlacedWith.FOSTER_FAMILY,
    },
    Action.PLACE_ELSEWHERE: {"placed": PlacedWith.WELFARE_INSTITUTION, "institution": "home"},
    Action.SEARCH_PARENTS: {"notice": DAY},
    Action.RETURN: {"guardian_assessed": DAY},
    Action.ADOPT: {"adopter_assessed": DAY, "consents": True},
    Action.LEAVE_AS_ADULT: {},
    Action.TRANSFER: {"destination": "another department"},
}  # fmt: skip


def event(action: PlacementAction, key: str = "a", on: date = DAY, **facts: Fact) -> Event:
    told: dict[str, Fact] = dict(FACTS[action])
    if action is Action.FIND:
        told |= {"child": f"K-{key}", "born": BORN}
    if action is Action.ADOPT:
        told |= {"adopted": on}
    return Event(key=key, action=action, on=on, document="file 1", facts=told | facts)


def cases(*events: Event) -> Register[Placement]:
    return Register(PLACEMENTS).add(*events)


TAKEN = (event(Action.FIND), event(Action.TAKE_TEMPORARILY))
LONG = (*TAKEN, event(Action.TAKE_FOR_LONG))


def broken(register: Register[Placement], on: date = DAY) -> set[str]:
    return {found.rule.name for found in register.validate(on).violations}


def test_the_grounds_are_those_of_the_articles() -> None:
    assert (len(TemporaryGround), len(LongTermGround), len(PlacedWith)) == (7, 5, 4)


@pytest.mark.parametrize(
    ("begun", "then", "why"),
    [
        (TAKEN[:1], event(Action.TAKE_TEMPORARILY, temporary_ground=None), "temporary_ground.*is missing"),
        (TAKEN[:1], event(Action.TAKE_TEMPORARILY, temporary_ground="other"), "wrong type"),
        (TAKEN[:1], event(Action.TAKE_TEMPORARILY, placed=None), "placed.*is missing"),
        (TAKEN[:1], event(Action.TAKE_TEMPORARILY, institution="home"), "and only there"),
        (TAKEN, event(Action.PLACE_ELSEWHERE, institution=""), "is named where one keeps the child"),
        (TAKEN, event(Action.ADOPT), "not open to a record that is temporary"),
        (TAKEN, event(Action.RETURN, guardian_assessed=None), "guardian_assessed.*is missing"),
        (TAKEN, event(Action.RETURN, guardian_assessed=DAY + ONE), "after 2024-03-01"),
        (LONG, event(Action.RETURN), "not open to a record that is long_term"),
        (LONG, event(Action.SEARCH_PARENTS, notice=DAY + ONE), "after 2024-03-01"),
        (LONG, event(Action.ADOPT, adopted=DAY + ONE), "begins on the day of its registration"),
        (LONG, event(Action.LEAVE_AS_ADULT), "not eighteen"),
        (LONG, event(Action.TRANSFER, destination=""), "destination.*is missing"),
        ((*TAKEN, event(Action.FIND, "b", child="K-a")), event(Action.TAKE_TEMPORARILY, "b"), "one open case"),
        (TAKEN, event(Action.FIND, "b", name="x"), "no fact of the register"),
    ],
)
def test_a_bad_event_changes_nothing_and_says_why(begun: tuple[Event, ...], then: Event, why: str) -> None:
    register = cases(*begun)
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        register.add(then)
    assert register.events == cases(*begun).events


@pytest.mark.parametrize(("days", "kept"), [(59, False), (60, False), (61, True), (62, True)])
def test_an_adoption_waits_until_the_sixty_days_are_over(days: int, kept: bool) -> None:
    register = cases(*LONG, event(Action.SEARCH_PARENTS))
    adoption = event(Action.ADOPT, on=DAY + timedelta(days))
    if kept:
        assert register.add(adoption).as_of(DAY + timedelta(days))["a"].state is State.ADOPTED
    else:
        with pytest.raises(EventRefused, match="after the public search has run in full"):
            register.add(adoption)
        found = register.add(adoption, record_breaches=True)
        assert broken(found, DAY + timedelta(days)) == {"parents_were_searched_for"}


def test_the_search_is_for_children_whose_parents_are_not_found_and_its_length_is_dated() -> None:
    with pytest.raises(EventRefused, match="public search"):
        cases(*LONG, event(Action.ADOPT))
    orphan = cases(*TAKEN, event(Action.TAKE_FOR_LONG, long_term_ground=LongTermGround.GUARDIAN_DEAD))
    assert broken(orphan.add(event(Action.ADOPT))) == set()
    early = date(2023, 7, 1)  # the text of 2023-07-20 is the one that was read
    facts = [event(Action.FIND, on=early), event(Action.TAKE_FOR_LONG, on=early)]
    register = cases(*facts, event(Action.ADOPT, on=early, adopter_assessed=early))
    unchecked = {each.rule.name: each for each in register.validate(early).unchecked}
    assert unchecked["parents_were_searched_for"].records == 1


@pytest.mark.parametrize(
    ("born", "consents", "kept"),
    [
        (date(2016, 3, 2), None, True),
        (date(2016, 3, 1), None, False),
        (date(2016, 3, 1), True, True),
        (date(2016, 3, 1), False, False),
        (date(2016, 2, 29), None, False),
    ],
)
def test_a_child_of_eight_must_consent(born: date, consents: bool | None, kept: bool) -> None:
    register = cases(event(Action.FIND, born=born), *TAKEN[1:], event(
        Action.TAKE_FOR_LONG, long_term_ground=LongTermGround.GUARDIAN_DEAD))  # fmt: skip
    found = register.add(event(Action.ADOPT, consents=consents), record_breaches=True)
    assert ("child_consents" not in broken(found)) is kept
    assert str(born) not in str(found.validate(DAY))


def test_an_adoption_without_an_assessment_is_a_breach() -> None:
    orphan = cases(*TAKEN, event(Action.TAKE_FOR_LONG, long_term_ground=LongTermGround.GUARDIAN_DEAD))
    with pytest.raises(EventRefused, match="after an assessment"):
        orphan.add(event(Action.ADOPT, adopter_assessed=None))
    with pytest.raises(EventRefused, match="after an assessment"):
        orphan.add(event(Action.ADOPT, adopter_assessed=DAY + ONE))


@pytest.mark.parametrize("born", [date(2006, 3, 1), date(2008, 2, 29)])
def test_a_ward_comes_of_age(born: date) -> None:
    register = cases(event(Action.FIND, born=born), *LONG[1:])
    grown = day_attained(born, 18, AgeAttained.BIRTHDAY, LeapDay.FEB_28)
    assert ("still_a_minor" in broken(register, grown - ONE), "still_a_minor" in broken(register, grown)) == (
        False, True,
    )  # fmt: skip
    assert not register.validate(grown).of(Severity.BREACH, Severity.INVARIANT)
    if grown > DAY:
        with pytest.raises(EventRefused, match="not eighteen"):
            register.add(event(Action.LEAVE_AS_ADULT, on=grown - ONE))
    left = register.add(event(Action.LEAVE_AS_ADULT, on=max(grown, DAY)))
    assert left.as_of(max(grown, DAY))["a"].state is State.LEFT_AS_ADULT


class Cases(RuleBasedStateMachine):
    """Any sequence of steps keeps a ground for every guardianship, or is refused and changes nothing."""

    def __init__(self) -> None:
        """Begin without cases."""
        super().__init__()
        self.register: Register[Placement] = Register(PLACEMENTS)
        self.day = DAY

    @rule(key=st.sampled_from("ab"), action=st.sampled_from(list(Action)), wait=st.sampled_from([0, 1, 61, 4000]))
    def something_happens(self, key: str, action: PlacementAction, wait: int) -> None:
        """Enter an event, or see that the register is as it was."""
        self.day = min(self.day + timedelta(wait), date(2060, 1, 1))
        before = self.register
        view = before.as_of(self.day)
        state = view[key].state if key in view else None
        able = any(step.action is action and state in (step.before or (None,)) for step in PLACEMENTS.steps)
        try:
            self.register = before.add(event(action, key, self.day))
        except EventRefused:
            assert self.register is before
            assert not able or action in (Action.ADOPT, Action.LEAVE_AS_ADULT)
        else:
            assert able

    @invariant()
    def every_guardianship_has_a_ground(self) -> None:
        """No child is kept without one."""
        for each in self.register.as_of(self.day).values():
            assert each.state is not State.TEMPORARY or each.temporary_ground is not None
            assert each.state is not State.LONG_TERM or each.long_term_ground is not None
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)

    @invariant()
    def it_is_saved_without_loss(self) -> None:
        """A table holds every event."""
        assert read_event_table(PLACEMENTS, event_table(self.register)).register.events == self.register.events


TestCases = Cases.TestCase
TestCases.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)


ENTERED = date(2025, 3, 1)


def stay(action: StayAction, key: str = "s", on: date = ENTERED, **facts: Fact) -> Event:
    told: dict[str, Fact] = {
        StayAction.ASK: {"place": "450103", "station": "X", "person": f"P-{key}"},
        StayAction.REFUSE: {"reason": "has a home and means"},
        StayAction.ADMIT: {"entered": on},
        StayAction.REPORT_EXTENSION: {"extension_reported": on},
        StayAction.TAKE_GUARDIANSHIP: {"guardianship": "a"},
        StayAction.LEAVE: {"left": on, "outcome": Outcome.WENT_HOME},
    }[action]  # type: ignore[assignment]
    return Event(key=key, action=action, on=on, document="file 1", facts=told | facts)


def stays(*events: Event) -> Register[Stay]:
    return Register(STAYS).add(stay(StayAction.ASK), stay(StayAction.ADMIT), *events)


def told(register: Register[Stay], on: date) -> set[str]:
    return {found.rule.name for found in register.validate(on).violations}


@pytest.mark.parametrize(("day", "over"), [(10, False), (11, False), (12, True), (20, True)])
def test_ten_days_are_ordinary_and_the_day_of_admission_is_not_counted(day: int, over: bool) -> None:
    on = date(2025, 3, day)
    assert ("longer_stay_is_reported" in told(stays(), on)) is over
    left = stays(stay(StayAction.LEAVE, on=on))
    assert ("longer_stay_is_reported" in told(left, date(2026, 1, 1))) is over
    reported = stays(stay(StayAction.REPORT_EXTENSION, on=on))
    assert told(reported, date(2025, 5, 1)) == set()


def test_a_minor_alone_is_taken_into_guardianship() -> None:
    register = Register(STAYS).add(stay(StayAction.ASK, minor=True), stay(StayAction.ADMIT))
    assert told(register, ENTERED) == {"minor_is_in_guardianship"}
    assert told(register.add(stay(StayAction.TAKE_GUARDIANSHIP)), ENTERED) == set()


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (stay(StayAction.REFUSE), "not open to a record that is in_station"),
        (stay(StayAction.LEAVE, outcome=None), "outcome.*is missing"),
        (stay(StayAction.LEAVE, on=ENTERED + ONE, left=ENTERED), "ends on the day of leaving"),
        (stay(StayAction.REPORT_EXTENSION, extension_reported=ENTERED + ONE), "after 2025-03-01"),
        (stay(StayAction.LEAVE, on=ENTERED - ONE), "not open"),
    ],
)
def test_a_bad_stay_changes_nothing_and_says_why(then: Event, why: str) -> None:
    register = stays()
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        register.add(then)


def test_a_refusal_says_why_and_a_person_is_in_one_station() -> None:
    refused = Register(STAYS).add(stay(StayAction.ASK, "r"), stay(StayAction.REFUSE, "r"))
    assert refused.as_of(ENTERED)["r"].state is StayState.REFUSED
    with pytest.raises(EventRefused, match=r"reason.*is missing"):
        Register(STAYS).add(stay(StayAction.ASK, "r"), stay(StayAction.REFUSE, "r", reason=""))
    with pytest.raises(EventRefused, match="one station at a time"):
        stays(stay(StayAction.ASK, "t", person="P-s"), stay(StayAction.ADMIT, "t"))


@given(st.dates(date(2003, 8, 1), date(2030, 1, 1)))
def test_the_group_has_its_name_of_the_day(on: date) -> None:
    group, citation = target_group(on)
    assert (group is TargetGroup.ADRIFT) is (on >= date(2026, 7, 1))
    assert citation.document.in_force is not None
    assert citation.document.in_force <= on
