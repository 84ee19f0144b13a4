"""Gradings of eldercare homes (养老机构等级评定) as cases: asked for, assessed, shown, given, looked at again."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np

from civaffairs.labels import Labelled
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Codes, Days, Flags, Numbers, Texts, entry
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity


class RatingState(Labelled):
    """Where a grading stands."""

    ASKED = ("asked", "申报")
    ASSESSED = ("assessed", "评定")
    SHOWN = ("shown", "公示")
    GIVEN = ("given", "挂牌")
    REFUSED = ("refused", "不予评定")
    WITHDRAWN = ("withdrawn", "取消")


class RatingAction(Labelled):
    """What happens to a grading."""

    ASK = ("ask", "申报")
    ASSESS = ("assess", "评定")
    SHOW = ("show", "公示")
    GIVE = ("give", "挂牌")
    REFUSE = ("refuse", "不予评定")
    CONFIRM = ("confirm", "复核")
    LOWER = ("lower", "降级")
    WITHDRAW = ("withdraw", "取消")


@attrs.frozen(kw_only=True)
class Rating:
    """One grading of one home, by the national standard GB/T 37276: five grades, 5 the highest."""

    key: str = entry(Kind.KEY, "编号", "number of the grading")
    state: RatingState = entry(Kind.CHOICE, "状态", "where it stands", choices=RatingState)
    place: str = entry(Kind.PLACE, "所在政区", "division of the home")
    home: str = entry(Kind.KEY, "养老机构编号", "number of the home in its register")
    asked_grade: int | None = entry(Kind.COUNT, "申报等级", "grade that the home asks for", low=1, high=5)
    grade: int | None = entry(Kind.COUNT, "评定等级", "grade that it is assessed at", low=1, high=5)
    shown_from: date | None = entry(Kind.DATE, "公示起始日期", "first day on which the result is shown to the public")
    shown_until: date | None = entry(Kind.DATE, "公示截止日期", "last day on which it is")
    given_on: date | None = entry(Kind.DATE, "挂牌日期", "day from which the home has the grade")
    checked_on: date | None = entry(Kind.DATE, "复核日期", "day on which it was last looked at again")


def _given(state: Codes) -> Flags:
    return np.asarray(state == RatingState.GIVEN.number)


@validity(None, Severity.INVARIANT)
def shown_for_some_days(shown_from: Days, shown_until: Days) -> Flags:
    """A result is not shown for less than a day."""
    return np.asarray(shown_from <= shown_until)


@validity(None, Severity.INVARIANT, only=_given)
def given_after_it_was_shown(shown_until: Days, given_on: Days) -> Flags:
    """A grade is given only after the last day on which the result was shown."""
    return np.asarray(given_on > shown_until)


@validity(None, Severity.INVARIANT, only=_given)
def one_grade_a_home(home: Texts, state: Codes) -> Flags:
    """A home has one grade at a time: the earlier one is withdrawn first."""
    homes, counts = np.unique(home[_given(state)], return_counts=True)
    return np.asarray(~np.isin(home, homes[counts > 1]))


@validity(None, Severity.REVIEW, only=_given)
def no_more_than_was_asked(asked_grade: Numbers, grade: Numbers) -> Flags:
    """A home is given no higher grade than it asked for."""
    return np.asarray(grade <= asked_grade)


def _on_the_day(held: Facts, event: Event) -> str:
    day = event.facts.get("given_on")
    return "" if day == event.on else f"given_on is {day}, and the event is of {event.on}; give one day"


def _checked(held: Facts, event: Event) -> str:
    day = event.facts.get("checked_on")
    late = isinstance(day, date) and day > event.on
    return f"checked_on is {day}, after the event of {event.on}" if late else ""


def _lower(held: Facts, event: Event) -> str:
    before, after = held.get("grade"), event.facts.get("grade")
    lower = isinstance(before, int) and isinstance(after, int) and after < before
    return _checked(held, event) if lower else f"{after} is no lower grade than {before}"


State, Action = RatingState, RatingAction

RATINGS: RegisterKind[Rating] = RegisterKind(
    name="gradings of eldercare homes", label_zh="养老机构等级评定", record=Rating, place="place",
    steps=(
        Step(action=Action.ASK, after=State.ASKED, needs=("place", "home", "asked_grade")),
        Step(action=Action.ASSESS, before=(State.ASKED,), after=State.ASSESSED, needs=("grade",)),
        Step(action=Action.SHOW, before=(State.ASSESSED,), after=State.SHOWN, needs=("shown_from", "shown_until")),
        Step(action=Action.GIVE, before=(State.SHOWN,), after=State.GIVEN, needs=("given_on",), guard=_on_the_day),
        Step(action=Action.REFUSE, before=(State.ASKED, State.ASSESSED, State.SHOWN), after=State.REFUSED),
        Step(action=Action.CONFIRM, before=(State.GIVEN,), needs=("checked_on",), guard=_checked),
        Step(action=Action.LOWER, before=(State.GIVEN,), needs=("grade", "checked_on"), guard=_lower),
        Step(action=Action.WITHDRAW, before=(State.GIVEN,), after=State.WITHDRAWN),
    ),
    rules=(shown_for_some_days, given_after_it_was_shown, one_grade_a_home, no_more_than_was_asked),
)  # fmt: skip
