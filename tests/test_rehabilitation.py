"""Rehabilitation where people live: consent, assessment before and after, and targets compared exactly."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from civaffairs.errors import UsageError
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.institutions.coverage import counties_served, county_coverage, reaches, service_rate
from civaffairs.registers.institutions.rehabilitation import CLIENTS, ClientAction, ClientState, Referral, RehabClient
from civaffairs.registers.kinds import Event
from civaffairs.registers.storage import event_table, read_event_table
from civaffairs.registers.validity import Severity

DAY = date(2025, 1, 6)
ONE = timedelta(1)
TWELVE = [
    "450102", "450103", "450105", "450107", "450108", "450109", "450110", "450123", "450124", "450125", "450126",
    "450181",
]  # fmt: skip
Action, State = ClientAction, ClientState

FACTS: dict[ClientAction, dict[str, Fact]] = {
    Action.REGISTER: {"place": "450107", "came_by": Referral.HOSPITAL_TO_COMMUNITY},
    Action.ASSESS: {"assessed": DAY},
    Action.SIGN: {"consents": True, "centre": "R-1"},
    Action.BEGIN: {},
    Action.REASSESS: {"reassessed": DAY},
    Action.GO_ON: {},
    Action.REFER: {},
    Action.REFER_IN_DANGER: {"in_danger": True},
    Action.WITHDRAW: {"consents": False},
    Action.CLOSE: {},
}


def event(action: ClientAction, key: str = "a", on: date = DAY, **facts: Fact) -> Event:
    told = FACTS[action] | ({"person": f"P-{key}"} if action is Action.REGISTER else {}) | facts
    return Event(key=key, action=action, on=on, document="file 1", facts=told)


def clients(*actions: ClientAction, key: str = "a") -> Register[RehabClient]:
    return Register(CLIENTS).add(*(event(action, key) for action in actions))


SERVED = (Action.REGISTER, Action.ASSESS, Action.SIGN, Action.BEGIN)


def broken(register: Register[RehabClient], on: date = DAY) -> set[str]:
    return {found.rule.name for found in register.validate(on).violations}


@pytest.mark.parametrize(
    ("after", "state", "found"),
    [
        ((), State.SERVED, set()),
        ((Action.REASSESS,), State.REASSESSED, set()),
        ((Action.REASSESS, Action.GO_ON), State.SERVED, set()),
        ((Action.REASSESS, Action.REFER), State.REFERRED, set()),
        ((Action.REASSESS, Action.CLOSE), State.CLOSED, set()),
        ((Action.REFER,), State.REFERRED, {"assessed_before_and_after"}),
        ((Action.CLOSE,), State.CLOSED, {"assessed_before_and_after"}),
        # An assessment of an earlier round does not close this one.
        ((Action.REASSESS, Action.GO_ON, Action.REFER), State.REFERRED, {"assessed_before_and_after"}),
        ((Action.REFER_IN_DANGER,), State.REFERRED, set()),
        ((Action.WITHDRAW,), State.CLOSED, set()),
    ],
)
def test_the_course_of_a_client(after: tuple[ClientAction, ...], state: ClientState, found: set[str]) -> None:
    register = clients(*SERVED, *after)
    assert register.as_of(DAY)["a"].state is state
    assert broken(register) == found


@pytest.mark.parametrize(
    ("begun", "then", "why"),
    [
        (SERVED[:2], event(Action.SIGN, consents=False), "without consent"),
        (SERVED[:1], event(Action.SIGN), "not open to a record that is registered"),
        (SERVED[:3], event(Action.ASSESS), "not open to a record that is signed"),
        (SERVED[:1], event(Action.ASSESS, assessed=DAY + ONE), "after 2025-01-06"),
        (SERVED, event(Action.REASSESS, reassessed=DAY + ONE), "after 2025-01-06"),
        (SERVED, event(Action.REFER_IN_DANGER, in_danger=False), "state the danger"),
        (SERVED, event(Action.WITHDRAW, consents=True), "that is what is withdrawn"),
        ((*SERVED, Action.WITHDRAW), event(Action.GO_ON), "not open to a record that is closed"),
        (SERVED[:0], event(Action.REGISTER, place="45010"), "place"),
        (SERVED[:0], event(Action.REGISTER, place=""), "place.*is missing"),
        (SERVED[:0], event(Action.REGISTER, name="x"), "no fact of the register"),
    ],
)
def test_a_bad_event_changes_nothing_and_says_why(begun: tuple[ClientAction, ...], then: Event, why: str) -> None:
    register = clients(*begun)
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        register.add(then)
    assert len(register.events) == len(begun)


def test_a_person_is_served_in_one_case_at_a_time() -> None:
    register = clients(*SERVED)
    second = [event(action, "b") for action in SERVED[1:]]
    with pytest.raises(EventRefused, match="one case at a time"):
        register.add(event(Action.REGISTER, "b", person="P-a"), *second)
    later = register.add(event(Action.WITHDRAW), event(Action.REGISTER, "b", person="P-a"), *second)
    assert broken(later) == set()


def test_danger_is_told_to_a_doctor_and_nothing_of_it_to_others() -> None:
    register = clients(*SERVED).add(event(Action.REASSESS, in_danger=True))
    found = register.validate(DAY)
    assert [(each.rule.name, each.facts) for each in found.of(Severity.REVIEW)] == [("danger_is_for_a_doctor", ())]
    view = register.as_of(DAY)
    for text in (repr(view["a"]), str(view.table()), str(found), str(register.diff(DAY - ONE, DAY)), repr(register)):
        assert "P-a" not in text
        assert "danger=True" not in text
    assert not {"person", "diagnosis", "guardian", "in_danger"} & set(view.table())


@pytest.mark.parametrize(
    ("served", "reached", "lacking"), [(9, False, 1), (10, True, 0), (0, False, 10), (12, True, 0)]
)
def test_nine_of_twelve_counties_miss_the_target_of_2025_and_ten_reach_it(
    served: int, reached: bool, lacking: int
) -> None:
    found = county_coverage(TWELVE[:served], TWELVE, date(2025, 12, 31), "450100")
    assert (found.share, found.reached, found.lacking) == (Fraction(served, 12), reached, lacking)
    assert found.target == Fraction(4, 5)


def test_sixty_of_a_hundred_clients_reach_the_target() -> None:
    day = date(2025, 12, 31)
    assert [service_rate(served, 100, day, "450100").reached for served in (59, 60, 61)] == [False, True, True]


def test_the_targets_of_another_city_are_not_nanning_s() -> None:
    for year, share in ((2023, Fraction(1, 2)), (2024, Fraction(13, 20))):
        nanning = county_coverage(TWELVE, TWELVE, date(year, 12, 31), "450100")
        assert (nanning.target, nanning.reached, nanning.lacking) == (None, None, None)
        assert nanning.unknown
        assert county_coverage(["a"], ["a", "b"], date(year, 12, 31), "210300").target == share
    assert county_coverage(TWELVE, TWELVE, date(2025, 12, 30), "450100").target is None


def test_counties_are_those_in_which_somebody_is_served() -> None:
    register = clients(*SERVED).add(*(event(action, "b", place="450103") if action is Action.REGISTER else
                                      event(action, "b") for action in SERVED[:3]))  # fmt: skip
    assert counties_served(register.as_of(DAY)) == ("450107",)
    assert counties_served(register.as_of(DAY - ONE)) == ()


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (-1, 3), (4, 3), (0, 0)])
def test_what_is_no_share_is_refused(part: int, whole: int) -> None:
    with pytest.raises(UsageError, match="is no share"):
        reaches(part, whole, Fraction(4, 5))
    with pytest.raises(UsageError, match="is no share"):
        service_rate(part, whole, DAY, "450100")


def test_a_county_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="not among the counties: 450127"):
        county_coverage(["450127"], TWELVE, DAY, "450100")


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 200)), min_size=1), st.fractions(0, 1))
def test_columns_are_compared_as_fractions_are(pairs: list[tuple[int, int]], target: Fraction) -> None:
    pairs = [(min(part, whole), whole) for part, whole in pairs]
    target = target.limit_denominator(1000)
    told = reaches(np.array([part for part, _ in pairs]), np.array([whole for _, whole in pairs]), target)
    assert told.tolist() == [Fraction(part, whole) >= target for part, whole in pairs]


class Courses(RuleBasedStateMachine):
    """Any sequence of steps keeps consent, or is refused and changes nothing."""

    def __init__(self) -> None:
        """Begin without clients."""
        super().__init__()
        self.register: Register[RehabClient] = Register(CLIENTS)
        self.day = DAY

    @rule(key=st.sampled_from("abc"), action=st.sampled_from(list(Action)), same=st.booleans(), wait=st.integers(0, 2))
    def something_happens(self, key: str, action: ClientAction, same: bool, wait: int) -> None:
        """Enter an event, or see that the register is as it was."""
        self.day += timedelta(wait)
        facts: dict[str, Fact] = {"person": "P-same"} if same and action is Action.REGISTER else {}
        before = self.register.as_of(self.day)
        state = before[key].state if key in before else None
        able = any(step.action is action and state in (step.before or (None,)) for step in CLIENTS.steps)
        try:
            self.register = self.register.add(event(action, key, self.day, **facts))
        except EventRefused as refused:
            twice = "one case at a time" in str(refused)
            assert twice or not able
            assert self.register.as_of(self.day) == before
        else:
            assert able

    @invariant()
    def nobody_is_served_without_consent(self) -> None:
        """Whoever is served consents."""
        view = self.register.as_of(self.day)
        served = [each for each in view.values() if each.state in (State.SIGNED, State.SERVED, State.REASSESSED)]
        assert all(each.consents for each in served)
        assert len({each.person for each in served}) == len(served)
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)

    @invariant()
    def it_is_saved_without_loss(self) -> None:
        """A table holds every event."""
        assert read_event_table(CLIENTS, event_table(self.register)).register.events == self.register.events


TestCourses = Courses.TestCase
TestCourses.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
