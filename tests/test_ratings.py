"""Gradings of eldercare homes; and any sequence of events of gradings, findings, sites and rooms of estates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civaffairs.registers.eldercare.estate_rooms import ESTATE_ROOMS
from civaffairs.registers.eldercare.ratings import RATINGS, Rating, RatingAction, RatingState
from civaffairs.registers.eldercare.sites import SITES
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.institutions.inspections import INSPECTIONS
from civaffairs.registers.kinds import Event, RegisterKind
from civaffairs.registers.storage import event_table, read_event_table
from civaffairs.registers.validity import Severity

DAY, ONE = date(2025, 3, 3), timedelta(1)


def happens(action: RatingAction, on: date = DAY, key: str = "r", **facts: Fact) -> Event:
    return Event(key=key, action=action, on=on, document="paper", facts=facts)


def asked(key: str = "r", **facts: Fact) -> Event:
    told: dict[str, Fact] = {"place": "450103", "home": "H1", "asked_grade": 4}
    return happens(RatingAction.ASK, DAY, key, **(told | facts))


def given_grade(key: str = "r", grade: int = 4, **facts: Fact) -> list[Event]:
    return [
        asked(key, **facts),
        happens(RatingAction.ASSESS, key=key, grade=grade),
        happens(RatingAction.SHOW, key=key, shown_from=DAY, shown_until=DAY + 6 * ONE),
        happens(RatingAction.GIVE, DAY + 7 * ONE, key, given_on=DAY + 7 * ONE),
    ]


def ratings(*events: Event) -> Register[Rating]:
    return Register(RATINGS).add(*events)


def test_a_grading_from_asking_to_losing_it() -> None:
    register = ratings(*given_grade())
    states = [each.state for _, each in register.history("r")]
    assert states == [RatingState.ASKED, RatingState.ASSESSED, RatingState.SHOWN, RatingState.GIVEN]
    later = DAY + 400 * ONE
    lowered = register.add(happens(RatingAction.LOWER, later, grade=3, checked_on=later))
    assert lowered.as_of(later)["r"].grade == 3
    assert lowered.as_of(later - ONE)["r"].grade == 4
    gone = lowered.add(happens(RatingAction.WITHDRAW, later + ONE))
    assert len(gone.add(asked("s")).as_of(later + ONE)) == 2


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (asked("s", asked_grade=6), "asked_grade"),
        (asked("s", asked_grade=0), "asked_grade"),
        (asked("s", home=""), "home.*is missing"),
        (happens(RatingAction.ASSESS, DAY + 9 * ONE, grade=4), "not open to a record that is given"),
        (happens(RatingAction.LOWER, DAY + 9 * ONE, grade=4, checked_on=DAY), "is no lower grade than 4"),
        (happens(RatingAction.LOWER, DAY + 9 * ONE, grade=5, checked_on=DAY), "is no lower grade than 4"),
        (happens(RatingAction.CONFIRM, DAY + 9 * ONE, checked_on=DAY + 10 * ONE), "after the event"),
    ],
)
def test_a_bad_event_changes_nothing_and_says_why(then: Event, why: str) -> None:
    register = ratings(*given_grade())
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        register.add(then)
    assert register.events == ratings(*given_grade()).events


def test_a_grade_is_given_after_the_last_day_on_which_it_was_shown() -> None:
    shown = ratings(*given_grade()[:3])
    for days, fits in ((6, False), (7, True)):
        event = happens(RatingAction.GIVE, DAY + days * ONE, given_on=DAY + days * ONE)
        if fits:
            assert shown.add(event).as_of(event.on)["r"].state is RatingState.GIVEN
        else:
            with pytest.raises(EventRefused, match="only after the last day"):
                shown.add(event)


def test_a_home_has_one_grade_and_more_than_was_asked_is_for_a_person() -> None:
    with pytest.raises(EventRefused, match="one grade at a time"):
        ratings(*given_grade("r"), *given_grade("s"))
    assert len(ratings(*given_grade("r"), *given_grade("s", home="H2")).as_of(DAY)) == 2
    higher = ratings(*given_grade(grade=5)).validate(DAY + 7 * ONE)
    assert [found.rule.name for found in higher.of(Severity.REVIEW)] == ["no_more_than_was_asked"]


def _value(kind: RegisterKind[Any], name: str, draw: st.DrawFn, on: date) -> Fact:
    """Something that may stand for a fact of any register; often what does not fit."""
    column = kind.fields[name]
    match column.kind.name:
        case "DATE":
            return on + timedelta(draw(st.integers(-2, 1)))
        case "CHOICE":
            return draw(st.sampled_from(list(column.choices or ())))
        case "FLAG":
            return draw(st.booleans())
        case "COUNT" | "AREA" | "FEN":
            return draw(st.integers(0, 4)) * (10**6 if column.kind.name == "AREA" else 1)
        case "PLACE":
            return "450102"
        case _:
            return "450102001" if name == "unit" else draw(st.sampled_from(["x", "y"]))


@st.composite
def _events(draw: st.DrawFn, kind: RegisterKind[Any]) -> list[Event]:
    on, events = date(2020, 6, 1), []
    for _ in range(draw(st.integers(1, 12))):
        on += timedelta(draw(st.integers(0, 2)))
        step = draw(st.sampled_from(kind.steps))
        names = [*step.needs, *(name for name in step.may if draw(st.booleans()) and name != "credit_code")]
        facts = {name: _value(kind, name, draw, on) for name in names if draw(st.integers(0, 9))}
        key = draw(st.sampled_from("ab"))
        events.append(Event(key=key, action=step.action, on=on, document="paper", facts=facts))
    return events


@pytest.mark.parametrize("kind", [RATINGS, INSPECTIONS, SITES, ESTATE_ROOMS], ids=lambda kind: kind.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_events_keep_what_must_hold_or_change_nothing(kind: RegisterKind[Any], data: st.DataObject) -> None:
    register = Register(kind)
    for event in data.draw(_events(kind)):
        before = register
        try:
            register = before.add(event)
        except EventRefused as refused:
            why = str(refused)
            assert why.startswith("nothing was changed:\n")
            assert len(why) > 40
            assert register is before
        else:
            assert register.events == (*before.events, event)
        assert not register.validate(event.on).of(Severity.INVARIANT, Severity.BREACH)
    back = read_event_table(kind, event_table(register))
    assert back.register.events == register.events
