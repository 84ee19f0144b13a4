"""Children's staff: one supervisor a township, a director a village, and who is missing on which day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from civaffairs.errors import UsageError
from civaffairs.registers.children.staff import STAFF, Cadre, CadreAction, CadreKind, CadrePost, CadreState
from civaffairs.registers.children.staffing import real_units, reconciled, staffing
from civaffairs.registers.children.vacancies import vacancies
from civaffairs.registers.divisions.townships import shipped_townships
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.kinds import Event
from civaffairs.registers.storage import event_table, read_event_table
from civaffairs.registers.validity import Severity
from civaffairs.research.report import shipped_report

DAY, MAY = date(2024, 1, 1), date(2024, 5, 1)
TOWN, OTHER = "450102001", "450103001"
VILLAGE = "450102001001"
ONE = timedelta(1)


def appoint(key: str, on: date, unit: str = TOWN, person: str = "", **facts: Fact) -> Event:
    kind = CadreKind.SUPERVISOR if len(unit) == 9 else CadreKind.DIRECTOR
    told: dict[str, Fact] = {"kind": kind, "unit": unit, "person": person or f"P-{key}"}
    return Event(key=key, action=CadreAction.APPOINT, on=on, document="order 1", facts=told | facts)


def event(key: str, action: CadreAction, on: date, **facts: Fact) -> Event:
    return Event(key=key, action=action, on=on, document="order 2", facts=facts)


def leave(key: str, on: date) -> Event:
    return event(key, CadreAction.LEAVE, on)


def staff(*events: Event, record_breaches: bool = False) -> Register[Cadre]:
    return Register(STAFF).add(*events, record_breaches=record_breaches)


def broken(register: Register[Cadre], on: date) -> set[tuple[str, str]]:
    return {(found.rule.name, found.key) for found in register.validate(on).violations}


def test_a_second_supervisor_is_refused_unless_it_was_found_so() -> None:
    one = staff(appoint("a", DAY))
    with pytest.raises(EventRefused, match="has one supervisor at a time"):
        one.add(appoint("b", MAY))
    found = one.add(appoint("b", MAY), record_breaches=True)
    assert {("one_supervisor_a_unit", "a"), ("one_supervisor_a_unit", "b")} <= broken(found, MAY)
    assert not {name for name, _ in broken(found, MAY - ONE)} & {"one_supervisor_a_unit"}
    assert staffing(found.as_of(MAY), [TOWN, OTHER]).doubled == (TOWN,)


def test_a_successor_on_the_day_on_which_the_other_leaves_leaves_no_gap() -> None:
    register = staff(appoint("a", DAY)).add(leave("a", MAY), appoint("b", MAY))
    assert staffing(register.as_of(MAY - ONE), [TOWN]).missing == ()
    assert staffing(register.as_of(MAY), [TOWN]).missing == ()
    assert vacancies(register, CadreKind.SUPERVISOR, [TOWN], DAY, date(2024, 12, 31)).table()["unit"] == []


def test_a_vacancy_begins_on_the_day_of_leaving_and_ends_on_the_day_before_the_next() -> None:
    register = staff(appoint("a", DAY)).add(leave("a", MAY), appoint("b", date(2024, 5, 11)))
    gaps = vacancies(register, CadreKind.SUPERVISOR, [TOWN, OTHER], DAY, date(2024, 12, 31))
    assert gaps.table() == {
        "unit": [TOWN, OTHER],
        "begins": [MAY, DAY],
        "ends": [date(2024, 5, 10), date(2024, 12, 31)],
        "days": [10, 366],
    }
    assert gaps.by_county() == {"450102": 10, "450103": 366}
    for first, last, count in [(MAY, MAY, 1), (MAY - ONE, MAY - ONE, 0), (MAY - ONE, MAY, 1), (MAY, MAY + ONE, 2)]:
        assert vacancies(register, CadreKind.SUPERVISOR, [TOWN], first, last).uncovered.tolist() == [count]


def test_a_person_is_in_no_text() -> None:
    register = staff(appoint("a", DAY, person="P-secret", woman=True))
    told = [repr(register.as_of(DAY)["a"]), str(register.diff(DAY - ONE, DAY)), str(register.as_of(DAY).table())]
    told += [str(register.validate(DAY)), repr(register.events)]
    with pytest.raises(EventRefused) as refused:
        register.add(appoint("b", DAY, person="P-secret"))
    assert not any("P-secret" in text for text in [*told, str(refused.value)])
    assert "woman=" not in told[0]


@pytest.mark.parametrize(
    ("given_event", "why"),
    [
        (appoint("b", DAY, OTHER, kind=CadreKind.DIRECTOR), "a director of a village or community"),
        (appoint("b", DAY, VILLAGE, kind=CadreKind.SUPERVISOR), "nine digits"),
        (appoint("b", DAY, "450102000"), "nine digits"),
        (appoint("b", DAY, "４５０１０２００１"), "nine digits"),
        (appoint("b", DAY, "45010200x"), "nine digits"),
        (appoint("b", DAY, "4501020010000"), "nine digits"),
        (appoint("b", DAY, ""), "is missing"),
        (event("b", CadreAction.APPOINT, DAY, kind=CadreKind.SUPERVISOR, unit=OTHER), "person.*is missing"),
        (appoint("b", DAY, OTHER, kind="supervisor"), "wrong type"),
        (appoint("b", DAY, OTHER, trained_hours=-1), "trained_hours"),
        (appoint("b", DAY, OTHER, hours=3), "no fact of the register"),
        (appoint("a", MAY), "not open to a record that is active"),
        (leave("b", DAY), "has not begun"),
        (event("a", CadreAction.TRAIN, MAY, trained_hours=4), "less than the 8"),
        (event("a", CadreAction.RECODE, MAY, unit=TOWN), "already"),
        (appoint("b", MAY, person="P-a"), "twice at once"),
    ],
)
def test_a_bad_event_changes_nothing_and_says_why(given_event: Event, why: str) -> None:
    register = staff(appoint("a", DAY, trained_hours=8))
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        register.add(given_event, record_breaches=True)
    assert len(register.events) == 1


def test_what_the_opinions_prefer_is_a_warning_and_no_ground_to_refuse() -> None:
    post, man = CadrePost.COMMITTEE_MEMBER, False
    register = staff(
        appoint("m", DAY, VILLAGE, woman=man, post=post, real_name=True),
        appoint("w", DAY, "450102001002", woman=True, post=CadrePost.SOCIAL_WORKER),
        appoint("o", DAY, "450102001003", post=CadrePost.OTHER, real_name=True),
        appoint("s", DAY, TOWN, woman=False, post=CadrePost.COMMITTEE_MEMBER, real_name=True),
    )
    assert broken(register, DAY) == {
        ("women_come_first", "m"), ("entered_by_real_name", "w"), ("post_is_among_those_named", "o"),
        ("post_is_among_those_named", "s"),
    }  # fmt: skip
    assert not register.validate(DAY).of(Severity.BREACH, Severity.INVARIANT)
    unchecked = {(each.rule.name, each.records) for each in register.validate(DAY).unchecked}
    assert ("women_come_first", 1) in unchecked  # not stated is not a man
    later = register.add(event("w", CadreAction.REGISTER_REAL_NAME, MAY, real_name=True))
    assert ("entered_by_real_name", "w") not in broken(later, MAY)


def test_units_that_have_another_code_are_told_and_recoded() -> None:
    register = staff(appoint("a", DAY, "450127100"))
    new = "450181100"
    day = staffing(register.as_of(MAY), [new])
    assert (day.missing, day.elsewhere) == ((new,), ("a",))
    recoded = register.add(event("a", CadreAction.RECODE, MAY, unit=new))
    day = staffing(recoded.as_of(MAY), [new])
    assert (day.missing, day.elsewhere) == ((), ())
    year = vacancies(recoded, CadreKind.SUPERVISOR, [new, "450127100"], DAY, date(2024, 12, 31))
    assert year.uncovered.tolist() == [121, 245]  # each code has its holder for its own time


def test_a_village_needs_one_director_and_may_have_more() -> None:
    villages = [VILLAGE, "450102001002"]
    register = staff(appoint("a", DAY, VILLAGE), appoint("b", DAY, VILLAGE), appoint("s", DAY))
    day = staffing(register.as_of(DAY), [TOWN], villages)
    assert (day.villages_missing, day.directors.tolist(), day.directors_below.tolist()) == (
        (villages[1],),
        [2, 0],
        [2],
    )
    assert day.elsewhere == ()
    assert staffing(register.as_of(DAY), [OTHER], villages[1:]).elsewhere == ("a", "b", "s")
    assert vacancies(register, CadreKind.DIRECTOR, villages, DAY, MAY).uncovered.tolist() == [0, 122]


def test_what_was_entered_late_was_not_known_before() -> None:
    late = Event(
        key="a", action=CadreAction.APPOINT, on=DAY, document="order 1", recorded=MAY,
        facts={"kind": CadreKind.SUPERVISOR, "unit": TOWN, "person": "P-1"},
    )  # fmt: skip
    register = staff(late)
    assert vacancies(register, CadreKind.SUPERVISOR, [TOWN], DAY, DAY).uncovered.tolist() == [0]
    assert vacancies(register, CadreKind.SUPERVISOR, [TOWN], DAY, DAY, known=MAY - ONE).uncovered.tolist() == [1]


def test_the_units_of_nanning_are_as_many_as_the_supervisors_of_the_report() -> None:
    units = real_units(shipped_townships())
    register = staff(*(appoint(f"C-{unit}", DAY, unit) for unit in units))
    view = register.as_of(DAY)
    day = staffing(view, units)
    supervisors, directors = reconciled(view)
    assert (day.missing, day.doubled, day.elsewhere) == ((), (), ())
    assert (supervisors.counted, supervisors.reported, supervisors.difference) == (127, 127, 0)
    assert (directors.counted, directors.reported) == (0, 1833)
    report = shipped_report()
    assert supervisors.reported == report["child_supervisors"].value
    assert directors.reported == report["child_directors"].value
    assert {county: each["units"] for county, each in day.by_county().items()} == {
        "450102": 6, "450103": 9, "450105": 9, "450107": 13, "450108": 7, "450109": 5, "450110": 13, "450123": 10,
        "450124": 11, "450125": 11, "450126": 16, "450181": 17,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        (["450102001", "450102001"], "stand twice: 450102001"),
        (["450102"], "not codes of 9 digits: '450102'"),
        (["450102001001"], "not codes of 9 digits"),
        (["４５０１０２００１"], "not codes of 9 digits"),
        ([""], "not codes of 9 digits: ''"),
    ],
)
def test_codes_of_another_level_or_twice_are_refused(codes: list[str], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        staffing(staff().as_of(DAY), codes)
    with pytest.raises(UsageError, match=why):
        vacancies(staff(), CadreKind.SUPERVISOR, codes, DAY, MAY)
    with pytest.raises(UsageError, match="is before"):
        vacancies(staff(), CadreKind.SUPERVISOR, [TOWN], MAY, DAY)


def test_nobody_and_nowhere() -> None:
    empty = staffing(staff().as_of(DAY), [])
    assert (empty.missing, empty.directors_a_unit, empty.by_county()) == ((), None, {})
    assert staffing(staff().as_of(DAY), [TOWN], [VILLAGE]).villages_missing == (VILLAGE,)
    assert vacancies(staff(), CadreKind.SUPERVISOR, [], DAY, MAY).by_county() == {}


UNITS = [TOWN, OTHER, "450105001"]
LAST = DAY + timedelta(25)
spells = st.tuples(st.sampled_from(UNITS), st.integers(-5, 30), st.one_of(st.none(), st.integers(0, 20)))


@settings(max_examples=150, deadline=None)
@given(st.lists(spells, max_size=8), st.integers(0, 9))
def test_vacancies_are_those_of_going_from_day_to_day(spans: list[tuple[str, int, int | None]], lead: int) -> None:
    events = []
    for at, (unit, begin, length) in enumerate(spans):
        since = DAY + timedelta(begin)
        events.append(appoint(f"c{at}", since, unit))
        if length is not None:
            events.append(leave(f"c{at}", since + timedelta(length)))
    register, problems = Register(STAFF).entered(events)  # overlaps too: what was found so
    assert not problems
    first = DAY + timedelta(lead)
    gaps = vacancies(register, CadreKind.SUPERVISOR, UNITS, first, LAST)
    every = [first + timedelta(number) for number in range((LAST - first).days + 1)]
    missing = {(unit, day) for day in every for unit in staffing(register.as_of(day), UNITS).missing}
    table = gaps.table()
    told: list[object] = [
        (unit, begins + timedelta(number))  # type: ignore[operator]
        for unit, begins, length in zip(table["unit"], table["begins"], table["days"], strict=True)
        for number in range(length)  # type: ignore[call-overload]
    ]
    assert len(told) == len(set(told))
    assert set(told) == missing
    assert gaps.uncovered.tolist() == [sum(unit == each for each, _ in missing) for unit in UNITS]
    days_of = {(unit, day) for unit, day in missing if (unit, day - ONE) not in missing}
    assert len(gaps.index) == len(days_of)  # neighbouring days are one spell


class Appointments(RuleBasedStateMachine):
    """Any sequence of appointments keeps one supervisor a unit, or is refused and changes nothing."""

    def __init__(self) -> None:
        """Begin without anybody."""
        super().__init__()
        self.register = staff()
        self.day = DAY
        self.number = 0

    def enter(self, *events: Event) -> bool:
        """Enter events, or tell that the register is as it was."""
        before = self.register.events
        try:
            self.register = self.register.add(*events)
        except EventRefused:
            assert self.register.events == before
            return False
        return True

    @rule(unit=st.sampled_from(UNITS), wait=st.integers(0, 3))
    def somebody_is_appointed(self, unit: str, wait: int) -> None:
        """Who is appointed where somebody serves is refused."""
        self.day += timedelta(wait)
        self.number += 1
        free = unit in staffing(self.register.as_of(self.day), UNITS).missing
        assert self.enter(appoint(f"c{self.number}", self.day, unit)) is free

    @rule(number=st.integers(1, 12), wait=st.integers(0, 3))
    def somebody_leaves(self, number: int, wait: int) -> None:
        """Who does not serve cannot leave."""
        self.day += timedelta(wait)
        held = self.register.as_of(self.day).get(f"c{number}")
        assert self.enter(leave(f"c{number}", self.day)) is (held is not None and held.state is CadreState.ACTIVE)

    @rule(unit=st.sampled_from(UNITS))
    def somebody_is_replaced(self, unit: str) -> None:
        """A successor of the same day is never refused."""
        self.number += 1
        view = self.register.as_of(self.day)
        serving = [key for key in view if view[key].unit == unit and view[key].state is CadreState.ACTIVE]
        assert self.enter(*(leave(key, self.day) for key in serving), appoint(f"c{self.number}", self.day, unit))

    @invariant()
    def one_supervisor_a_unit(self) -> None:
        """No unit has two."""
        day = staffing(self.register.as_of(self.day), UNITS)
        assert day.doubled == ()
        assert np.all(day.supervisors <= 1)
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)

    @invariant()
    def it_is_saved_without_loss(self) -> None:
        """A table holds every event."""
        assert read_event_table(STAFF, event_table(self.register)).register.events == self.register.events


TestAppointments = Appointments.TestCase
TestAppointments.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
