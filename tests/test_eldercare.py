"""Eldercare homes, findings of inspections, community sites, rooms of estates, coverage; and the cases of the docs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled
from civaffairs.law.timeline import DeclaredUnknown
from civaffairs.registers.eldercare.estate_rooms import ESTATE_ROOMS, EstateAction, required_floor
from civaffairs.registers.eldercare.homes import ELDERCARE_HOMES, PARAMETERS, EldercareHome, HomeAction, HomeTier
from civaffairs.registers.eldercare.kinds import HomeKind
from civaffairs.registers.eldercare.sites import REPORTED, SITES, SiteKind, count_sites
from civaffairs.registers.eldercare.township_coverage import (
    REPORTED_PERCENT,
    counts_behind,
    towns,
    township_coverage,
)
from civaffairs.registers.fields import Fact
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.institutions.base import InstitutionAction, InstitutionState
from civaffairs.registers.institutions.inspections import INSPECTIONS, FindingAction, InspectionMatter, overdue
from civaffairs.registers.kinds import Event
from civaffairs.registers.prepaid.book import PrepaidBook
from civaffairs.registers.prepaid.registered_homes import beside_register
from civaffairs.registers.prepaid.supervision import supervise
from civaffairs.registers.storage import event_table, read_event_table
from civaffairs.registers.validity import Severity
from civaffairs.research.report import shipped_report

DAY, ONE = date(2024, 3, 1), timedelta(1)
CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "eldercare.toml").read_text("utf-8"))
Action, State = InstitutionAction, InstitutionState


def happens(key: str, action: Labelled, on: date = DAY, **facts: Fact) -> Event:
    return Event(key=key, action=action, on=on, document="paper 1", facts=facts)


def opened(key: str = "h", on: date = DAY, **facts: Fact) -> Event:
    told: dict[str, Fact] = {"place": "450103", "name": f"made up {key}", "kind": HomeKind.NON_PROFIT}
    return happens(key, Action.OPEN, on, **(told | facts))


def homes(*events: Event, found: bool = False) -> Register[EldercareHome]:
    return Register(ELDERCARE_HOMES).add(*events, record_breaches=found)


def told(register: Register[Any], on: date, *severities: Severity) -> set[str]:
    findings = register.validate(on)
    return {found.rule.name for found in findings.of(*(severities or tuple(Severity)))}


def unchecked(register: Register[Any], on: date) -> set[str]:
    return {each.rule.name for each in register.validate(on).unchecked}


@pytest.mark.parametrize("case", CASES["home"], ids=lambda case: case["refused"] or "entered")
def test_homes(case: Mapping[str, Any]) -> None:
    facts = {name: case[name] for name in ("beds", "nursing_beds", "residents", "contracts")}
    if not case["refused"]:
        assert homes(opened(**facts)).as_of(DAY)["h"].residents == case["residents"]
        return
    with pytest.raises(EventRefused) as refused:
        homes(opened(**facts))
    rule_of = {each.name: each.statement for each in ELDERCARE_HOMES.rules}  # type: ignore[attr-defined]
    assert rule_of[case["refused"]] in str(refused.value)
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize("case", CASES["closing"], ids=lambda case: f"{case['notice']} {case['stopped']}")
def test_closings(case: Mapping[str, Any]) -> None:
    begun, stopped, where = date(2019, 1, 1), case["stopped"], case.get("place", "450103")
    plan = {"plan_on": case["plan"]} if "plan" in case else {"plan_on": case["notice"]}
    register = homes(
        opened(on=begun, place=where, prepays=True),
        happens("h", HomeAction.GIVE_NOTICE, max(case["notice"], plan["plan_on"]), notice_on=case["notice"], **plan),
        happens("h", Action.CLOSE, stopped, stopped_on=stopped, resettled=case.get("resettled", True)),
        found=True,
    )
    for on in (stopped, stopped + timedelta(1000)):  # the norm is that of the day on which it stopped
        assert told(register, on) == set(case["told"])
        assert unchecked(register, on) >= set(case["unchecked"])
        assert unchecked(register, on) & {"closing_is_announced_in_time", "plan_is_handed_in_in_time"} == set(
            case["unchecked"]
        )


@pytest.mark.parametrize("case", CASES["inspection"], ids=lambda case: f"{case.get('corrected')} {case['on']}")
def test_inspections(case: Mapping[str, Any]) -> None:
    register = Register(INSPECTIONS).add(*finding(case["due"]))
    if "corrected" in case:
        register = register.add(happens("f", FindingAction.CORRECT, case["corrected"], corrected_on=case["corrected"]))
    assert told(register, case["on"]) == set(case["told"])
    late = overdue(register.as_of(case["on"]))
    assert late["key"].tolist() == (["f"] if "corrected_by_now" in case["told"] else [])


def finding(due: date | None = None, key: str = "f", on: date = DAY) -> list[Event]:
    facts: dict[str, Fact] = {"place": "450103", "institution": "h", "finding": "made up", "inspected_on": on}
    found = [happens(key, FindingAction.FIND, on, matter=InspectionMatter.FIRE, **facts)]
    return found + ([happens(key, FindingAction.ORDER, on, due_on=due)] if due else [])


@pytest.mark.parametrize("case", CASES["estate"], ids=lambda case: f"{case['planned']} {case['households']}")
def test_estates(case: Mapping[str, Any]) -> None:
    facts: dict[str, Fact] = {"storey": case.get("storey", 1), "underground": False}
    facts |= {"storey_height_cm": case.get("height", 280), "lift_or_ramp": case.get("lift_or_ramp", True)}
    facts |= {f"{name}_cm2": int(Decimal(case[name]) * 10_000) for name in ("floor", "smallest") if name in case}
    facts |= {"rooms": case["rooms"]} if "rooms" in case else {}
    event = estate(case["planned"], case["households"], **facts)
    register = Register(ESTATE_ROOMS).add(event, record_breaches=True)
    for on in (case["planned"], date(2026, 8, 1)):  # held to the norm of its own day, whenever one looks
        assert told(register, on) == set(case["told"])
        assert ("floor_is_enough" in unchecked(register, on)) is not case.get("known", True)
    if case["told"]:
        with pytest.raises(EventRefused):
            Register(ESTATE_ROOMS).add(event)


def estate(planned: date, households: int, **facts: Fact) -> Event:
    needed: dict[str, Fact] = {"place": "450103", "name": "made up", "planned_on": planned, "households": households}
    return happens("e", EstateAction.PLAN, planned, **(needed | facts))


@pytest.mark.parametrize("case", CASES["coverage"], ids=lambda case: str(case["covered"]))
def test_coverage(case: Mapping[str, Any]) -> None:
    every = towns()
    events = [centre(f"c{code}", code) for code in every[: case["covered"]]]
    found = township_coverage(Register(SITES).add(*events).as_of(DAY), every)
    assert (len(found.covered), len(every), len(found.lacking)) == (
        case["covered"], case["whole"], case["whole"] - case["covered"],
    )  # fmt: skip
    assert f"{100 * float(found.share):.2f}" == case["percent"]
    assert (case["covered"] in counts_behind(REPORTED_PERCENT, len(every))) is (case["covered"] == 57)


def centre(key: str, code: str, **facts: Fact) -> Event:
    needed: dict[str, Fact] = {"place": code[:6], "name": key, "kind": SiteKind.TOWNSHIP_CENTRE, "unit": code}
    return happens(key, Action.OPEN, DAY, **(needed | facts))


def test_coverage_counts_open_centres_once_and_names_those_elsewhere() -> None:
    first, second, third = towns()[:3]
    canteen = centre("meal", third, kind=SiteKind.CANTEEN)
    register = Register(SITES).add(centre("a", first), centre("b", first), centre("c", second), canteen)
    register = register.add(centre("street", "450102001"), happens("c", Action.SUSPEND, DAY + ONE))
    found = township_coverage(register.as_of(DAY + ONE), (first, second, third))
    assert (found.covered, found.lacking, found.elsewhere) == ((first,), (second, third), ("street",))
    assert found.share == Fraction(1, 3)
    with pytest.raises(UsageError, match="no town"):
        township_coverage(register.as_of(DAY), ())


@given(st.integers(1, 400), st.data())
def test_counts_behind_a_percentage_are_all_and_only_those(whole: int, data: st.DataObject) -> None:
    percent = data.draw(st.integers(0, 100))
    slow = tuple(n for n in range(whole + 1) if int(Fraction(100 * n, whole) + Fraction(1, 2)) == percent)
    assert counts_behind(percent, whole) == slow


@pytest.mark.parametrize(("percent", "whole"), [(-1, 10), (101, 10), (50, 0)])
def test_no_share_is_refused(percent: int, whole: int) -> None:
    with pytest.raises(UsageError, match="is no share"):
        counts_behind(percent, whole)


def test_sites_stand_beside_the_report() -> None:
    report = shipped_report()
    assert REPORTED[SiteKind.CANTEEN] == report["canteens"].value == 102
    register = Register(SITES).add(centre("m", "450102001", kind=SiteKind.CANTEEN))
    counted = {each.kind: each for each in count_sites(register.as_of(DAY))}
    assert (counted[SiteKind.CANTEEN].counted, counted[SiteKind.CANTEEN].difference) == (1, -101)
    assert counted[SiteKind.DAY_CARE].difference is None
    closed = register.add(happens("m", Action.CLOSE, DAY + ONE))
    assert count_sites(closed.as_of(DAY + ONE))[SiteKind.CANTEEN.number].counted == 0


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"unit": "45010200"}, "nine digits"),
        ({"unit": "450103001"}, "nine digits, and lies in the division"),
        ({"kind": SiteKind.ESTATE_ROOM}, "names the estate"),
        ({"kind": "canteen"}, "wrong type"),
        ({"floor_cm2": -1}, "floor_cm2"),
        ({"beds": 1, "residents": 2}, "no more residents than beds"),
        ({"credit_code": "52450103MJX000026H"}, "one that can have been issued"),
        ({"seats": 30}, "no fact of the register"),
    ],
)
def test_a_bad_site_is_refused_with_the_reason(facts: dict[str, Fact], why: str) -> None:
    empty = Register(SITES)
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        empty.add(centre("s", "450102001", **facts))
    assert empty.events == ()


def test_a_site_of_a_city_lies_in_any_of_its_counties() -> None:
    for place in ("450102", "450100", "450000"):
        assert Register(SITES).add(centre("s", "450102001", place=place)).as_of(DAY)["s"].place == place
    for place in ("450103", "450200", "440000"):
        with pytest.raises(EventRefused, match="nine digits"):
            Register(SITES).add(centre("s", "450102001", place=place))


BEGUN = (opened(beds=10, nursing_beds=4, residents=5, contracts=5),)


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (opened(), "h: open"),
        (opened("b", kind=None), "kind.*is missing"),
        (opened("b", kind="public"), "wrong type"),
        (opened("b", tier="city"), "wrong type"),
        (opened("b", grade=3), "grade"),
        (happens("h", HomeAction.GRADE, grade=0, graded_on=DAY), "grade"),
        (happens("h", HomeAction.GRADE, grade=6, graded_on=DAY), "grade"),
        (happens("h", HomeAction.GRADE, grade=3, graded_on=DAY + ONE), "after the event"),
        (happens("h", HomeAction.FILE, filed_on=DAY + ONE), "after the event"),
        (happens("h", HomeAction.FILE), "filed_on.*is missing"),
        (happens("h", Action.COUNT, residents=11, contracts=11), "no more residents than beds"),
        (happens("h", Action.COUNT, residents=6), "service contract with each resident"),
        (happens("h", Action.CHANGE, beds=3), "no more nursing beds than beds"),
        (happens("h", Action.CHANGE, nursing_beds=11), "no more nursing beds than beds"),
        (happens("h", Action.SUSPEND), "stopped_on.*is missing"),
        (happens("h", Action.SUSPEND, stopped_on=DAY + ONE), "give one day"),
        (happens("h", Action.RESUME), "not open to a record that is open"),
        (happens("h", Action.CLOSE, stopped_on=DAY), "resettled.*is missing"),
        (happens("h", Action.CLOSE, stopped_on=DAY, resettled=False), "found another place"),
        (happens("h", HomeAction.GIVE_NOTICE, notice_on=DAY + ONE), "after the event"),
        (happens("h", HomeAction.TAKE_BACK_NOTICE, notice_on=DAY), "notice_on"),
        (happens("h", Action.LICENSE, licence="1", licensed_on=DAY, licence_until=DAY - ONE), "does not end before"),
        (happens("h", EstateAction.PLAN), "plan"),
    ],
)
def test_a_bad_event_changes_nothing_and_says_why(then: Event, why: str) -> None:
    register = homes(*BEGUN)
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        register.add(then)
    assert register.events == homes(*BEGUN).events


def test_a_home_is_filed_and_graded_and_its_licence_runs_out() -> None:
    register = homes(*BEGUN)
    assert "home_is_filed" in told(register, DAY)
    register = register.add(
        happens("h", HomeAction.FILE, filed_on=DAY, filed_with="made up"),
        happens("h", HomeAction.GRADE, grade=4, graded_on=DAY),
        happens("h", Action.LICENSE, licence="L", licensed_on=DAY, licence_until=DAY + ONE),
    )
    assert told(register, DAY) == told(register, DAY + ONE) == set()
    assert told(register, DAY + 2 * ONE) == {"licence_has_not_run_out"}
    unlimited = register.add(happens("h", Action.LICENSE, DAY + ONE, licence="M"))
    assert unlimited.as_of(DAY + ONE)["h"].licence_until is None  # the days of the old licence are not the new one's
    record = register.add(happens("h", HomeAction.LOSE_GRADE)).as_of(DAY)["h"]
    assert (record.grade, record.graded_on, record.filed_on) == (None, None, DAY)


def test_filing_is_asked_for_since_the_law_puts_it_in_the_place_of_a_licence() -> None:
    first = date(2018, 12, 29)
    register = homes(opened(on=date(2018, 1, 1)))
    assert "home_is_filed" not in told(register, first - ONE)
    assert "home_is_filed" in told(register, first)


def test_a_home_that_stops_without_notice_is_told_and_one_that_goes_on_forgets_it() -> None:
    register = homes(*BEGUN, happens("h", Action.SUSPEND, stopped_on=DAY))
    assert "stopping_was_announced" in told(register, DAY)
    again = register.add(happens("h", Action.RESUME, DAY + ONE))
    record = again.as_of(DAY + ONE)["h"]
    assert (record.state, record.stopped_on, record.residents) == (State.OPEN, None, 5)
    assert "stopping_was_announced" not in told(again, DAY + ONE)


def test_what_nobody_published_is_declared_unknown() -> None:
    for name in ("filing_days", "grade_years", "resettlement_plan_days"):
        with pytest.raises(DeclaredUnknown):
            PARAMETERS[name].at("450103", date(2026, 8, 1))
    with pytest.raises(DeclaredUnknown, match="2019"):
        required_floor(100, date(2026, 8, 1), "450103")


@pytest.mark.parametrize("households", [0, 10**6 + 1])
def test_an_estate_of_no_or_too_many_households_is_refused(households: int) -> None:
    with pytest.raises(UsageError, match="households"):
        required_floor(np.array([1, households]), date(2020, 6, 1), "450103")


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_required_floor_is_the_least_that_suffices(households: list[int]) -> None:
    floor = required_floor(np.array(households), date(2020, 6, 1), "450103").tolist()
    for count, least in zip(households, floor, strict=True):
        assert least - 1 < Fraction(30 * 10_000 * count, 100) <= least


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (happens("e", EstateAction.ACCEPT, accepted_on=DAY + ONE), "give one day"),
        (happens("e", EstateAction.HAND_OVER, handed_over_on=DAY), "not open to a record that is planned"),
        (happens("e", EstateAction.CHANGE, rooms=2, floor_cm2=100, smallest_cm2=51), "smallest"),
        (happens("e", EstateAction.CHANGE, households=0), "households"),
    ],
)
def test_a_bad_event_of_an_estate(then: Event, why: str) -> None:
    register = Register(ESTATE_ROOMS).add(estate(DAY, 1000))
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        register.add(then)


@pytest.mark.parametrize(
    ("begun", "then", "why"),
    [
        ([], happens("f", FindingAction.FIND), "is missing"),
        (finding(), happens("f", FindingAction.ORDER, due_on=DAY - ONE), "not due before"),
        (finding(), happens("f", FindingAction.EXTEND, due_on=DAY), "not open to a record that is found"),
        (finding(DAY), happens("f", FindingAction.EXTEND, due_on=DAY), "an extension ends after"),
        (finding(DAY), happens("f", FindingAction.CORRECT, corrected_on=DAY + ONE), "after the event"),
        (finding(DAY), happens("f", FindingAction.CONFIRM, checked_on=DAY), "not open"),
        (finding(DAY), happens("f", FindingAction.CORRECT, corrected_on=DAY - ONE), "not put right before"),
    ],
)
def test_a_bad_event_of_a_finding(begun: list[Event], then: Event, why: str) -> None:
    register = Register(INSPECTIONS).add(*begun)
    with pytest.raises(EventRefused, match=f"(?s){why}"):
        register.add(then)


def test_a_finding_that_was_not_put_right_is_open_again() -> None:
    register = Register(INSPECTIONS).add(
        *finding(DAY + ONE),
        happens("f", FindingAction.CORRECT, DAY + ONE, corrected_on=DAY + ONE),
        happens("f", FindingAction.REOPEN, DAY + 2 * ONE, checked_on=DAY + 2 * ONE, due_on=DAY + 5 * ONE),
        *finding(None, key="g"),
    )
    record = register.as_of(DAY + 2 * ONE)["f"]
    assert (record.corrected_on, record.due_on) == (None, DAY + 5 * ONE)
    assert told(register, DAY + 2 * ONE) == {"a_day_is_set"}
    assert overdue(register.as_of(DAY + 8 * ONE))["days"].tolist() == [3]


def test_a_book_stands_beside_the_register() -> None:
    code, stop = "52450103MJX000026G", DAY + 10 * ONE
    register = homes(
        opened("H1", kind=HomeKind.PUBLIC, beds=20, credit_code=code),
        opened("H2"),
        happens("H1", Action.SUSPEND, stop, stopped_on=stop),
    )
    signed = [str(stop), str(stop - ONE), str(stop), str(stop)]
    book = PrepaidBook.from_columns(
        {
            "contract": ["1", "2", "3", "4"], "home": [code, code, "H2", "H3"], "signed_on": signed,
            "home_kind": ["public", "commercial", "", ""], "deposit": ["1", "2", "3", "4"],
        }
    )  # fmt: skip
    assert not book.problems
    table = beside_register(supervise(book, date(2026, 6, 1), place="450100"), register.as_of(stop))
    assert table["home"].tolist() == [code, "H2", "H3"]
    assert table["registered"].tolist() == [True, True, False]
    assert table["state"].tolist() == [State.SUSPENDED.number, State.OPEN.number, -1]
    assert table["beds"].tolist() == [20, -1, -1]
    assert table["after_stopping"].tolist() == [1, 0, 0]
    assert table["other_kind"].tolist() == [1, 0, 0]
    assert table["deposit"].tolist() == [300, 300, 400]


def test_registers_come_back_from_tables_as_they_were() -> None:
    kept = (
        homes(*BEGUN, happens("h", HomeAction.GRADE, grade=5, graded_on=DAY)),
        Register(INSPECTIONS).add(*finding(DAY)),
        Register(SITES).add(centre("s", "450102001", floor_cm2=3_000_000)),
        Register(ESTATE_ROOMS).add(estate(DAY, 1000)),
    )
    for register in kept:
        loaded = read_event_table(register.kind, event_table(register))
        assert not loaded.problems
        assert loaded.register.events == register.events


def test_tiers_are_the_four_of_the_report() -> None:
    assert [tier.label_zh for tier in HomeTier] == ["市级", "县区级", "乡镇（街道）级", "社区级"]


NUMBERS = st.integers(0, 4)
ACTIONS = st.sampled_from([*(step.action for step in ELDERCARE_HOMES.steps)])


class Homes(RuleBasedStateMachine):
    """Any sequence of events keeps every invariant, or is refused with a reason and changes nothing."""

    def __init__(self) -> None:
        """Begin without homes."""
        super().__init__()
        self.register = Register(ELDERCARE_HOMES)
        self.day = DAY

    @rule(key=st.sampled_from("ab"), action=ACTIONS, facts=st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), late=NUMBERS)
    def something_happens(self, key: str, action: Labelled, facts: tuple[int, int, int, int], late: int) -> None:
        """Enter an event that may fit, and see what comes of it."""
        self.day += timedelta(late // 2)
        beds, nursing, residents, contracts = facts
        given_: dict[Labelled, dict[str, Fact]] = {
            Action.CHANGE: {"beds": beds, "nursing_beds": nursing},
            Action.COUNT: {"residents": residents, "contracts": contracts},
            Action.LICENSE: {"licence": "L", "licensed_on": self.day, "licence_until": self.day + timedelta(beds - 1)},
            HomeAction.FILE: {"filed_on": self.day + timedelta(beds - 3)},
            HomeAction.GRADE: {"grade": beds + 1, "graded_on": self.day},
            HomeAction.GIVE_NOTICE: {"notice_on": self.day - timedelta(beds)},
            Action.SUSPEND: {"stopped_on": self.day},
            Action.CLOSE: {"stopped_on": self.day, "resettled": beds > 1},
        }
        event = happens(key, action, self.day, **given_.get(action, {}))
        if action is Action.OPEN:
            event = opened(key, self.day, beds=beds, nursing_beds=nursing, residents=residents, contracts=contracts)
        before, held = self.register, self.register.as_of(self.day)
        try:
            self.register = before.add(event)
        except EventRefused:
            assert self.register is before
            if action is Action.COUNT and key in held and held[key].state is not State.CLOSED:
                assert residents > min(held[key].beds or 0, contracts)
        else:
            assert self.register.as_of(self.day) is not held
            assert (key in held) is (action is not Action.OPEN)

    @invariant()
    def everything_holds(self) -> None:
        """No invariant and no law is broken on the last day."""
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)
        for home in self.register.as_of(self.day).values():
            assert (home.residents or 0) <= (home.beds or 0)
            assert (home.nursing_beds or 0) <= (home.beds or 0)
            assert (home.residents or 0) <= (home.contracts or 0)
            assert home.grade is None or 1 <= home.grade <= 5
            assert home.state is not State.CLOSED or home.residents is None


TestHomeMachine = Homes.TestCase
TestHomeMachine.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
