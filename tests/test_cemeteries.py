"""Cemeteries and sections: who approves what on which day, phases that add up, and lives that keep to their steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from toy_cemetery import CASES, cemeteries, cemetery_event, member, section_event, sections

from civaffairs.law.timeline import DeclaredUnknown
from civaffairs.registers.cemeteries.approval import APPROVALS, Authority, CemeteryKind, approval_of
from civaffairs.registers.cemeteries.cemeteries import CEMETERIES, Cemetery, CemeteryAction, CemeteryState, Founder
from civaffairs.registers.cemeteries.sections import SectionAction
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.kinds import Event
from civaffairs.registers.validity import Severity

ON = date(2026, 8, 1)
ONE = timedelta(1)
Action, State = CemeteryAction, CemeteryState
LOCAL = Authority.CITY_CIVIL_AFFAIRS
REGION = Authority.REGION_CIVIL_AFFAIRS


# Who approves.


@pytest.mark.parametrize("case", CASES["approval"], ids=lambda case: f"{case['kind']} {case['day']}")
def test_who_agrees_and_approves(case: Mapping[str, Any]) -> None:
    kind = member(CemeteryKind, case["kind"])
    if "approves" not in case:
        with pytest.raises(DeclaredUnknown) as error:
            approval_of(kind, case["day"])
        assert error.value.where_to_look
        return
    told = approval_of(kind, case["day"])
    assert [member.value for member in told.agrees] == case["agrees"]
    assert [member.value for member in told.approves] == case["approves"]


@given(kind=st.sampled_from(CemeteryKind), day=st.dates(date(1980, 1, 1), date(2030, 1, 1)))
def test_at_most_one_row_answers(kind: CemeteryKind, day: date) -> None:
    rows = [row for row in APPROVALS if row.kind is kind and row.since <= day <= row.until]
    assert len(rows) <= 1
    if rows:
        assert approval_of(kind, day) is rows[0]
    else:
        with pytest.raises(DeclaredUnknown):
            approval_of(kind, day)


def life(kind: CemeteryKind, approved: date, by: Authority, agreed: Authority | None = None) -> list[Event]:
    begun = approved - 10 * ONE
    events = [
        cemetery_event(Action.PLAN, begun, place="450102", name="made up", kind=kind),
        cemetery_event(Action.APPLY, begun),
    ]
    if agreed is not None:
        events.append(cemetery_event(Action.AGREE, begun, agreed_by=agreed))
    return [*events, cemetery_event(Action.APPROVE, approved, approved_by=by, approved=approved)]


@pytest.mark.parametrize(
    ("kind", "agreed", "by", "refused"),
    [
        ("commercial", "city_civil_affairs", "region_civil_affairs", ""),
        ("commercial", "county_civil_affairs", "region_civil_affairs", ""),
        ("commercial", "township", "region_civil_affairs", "agreed to first by an authority"),
        ("commercial", "city_civil_affairs", "city_civil_affairs", "is approved by an authority"),
        ("commercial", "", "region_civil_affairs", "agrees first"),
        ("rural_public", "township", "county_civil_affairs", ""),
        ("rural_public", "township", "city_civil_affairs", "is approved by an authority"),
        ("columbarium", "", "county_civil_affairs", ""),
        ("columbarium", "", "township", "is approved by an authority"),
        ("urban_public", "", "city_civil_affairs", ""),
    ],
)
def test_approval_by_the_right_authority(kind: str, agreed: str, by: str, refused: str) -> None:
    events = life(
        member(CemeteryKind, kind),
        date(2010, 5, 1),
        member(Authority, by),
        member(Authority, agreed) if agreed else None,
    )
    if not refused:
        assert Register(CEMETERIES).add(*events).as_of(ON)["C"].state is State.APPROVED
        return
    with pytest.raises(EventRefused, match=refused):
        Register(CEMETERIES).add(*events)


def test_what_an_inspection_found_can_be_recorded_and_is_told_ever_after() -> None:
    events = life(CemeteryKind.COLUMBARIUM, date(2010, 5, 1), Authority.TOWNSHIP)
    register = Register(CEMETERIES).add(*events, record_breaches=True)
    assert [found.rule.name for found in register.validate(ON).of(Severity.BREACH)] == ["right_authority_approved"]


@pytest.mark.parametrize(
    ("kind", "approved", "review"),
    [
        ("commercial", date(2026, 3, 29), 0),
        ("commercial", date(2026, 3, 30), 1),
        ("commercial", date(1997, 7, 20), 1),
        ("urban_public", date(2010, 1, 1), 1),
    ],
)
def test_where_no_text_says_who_approves_a_person_looks(kind: str, approved: date, review: int) -> None:
    register = Register(CEMETERIES).add(*life(member(CemeteryKind, kind), approved, REGION, LOCAL))
    assert [found.rule.name for found in register.validate(ON).of(Severity.REVIEW)] == ["who_decides_is_known"] * review


# What a record states.


@pytest.mark.parametrize("case", CASES["phases"], ids=lambda case: case["title"])
def test_phases(case: Mapping[str, Any]) -> None:
    facts: dict[str, Any] = {"capacity": case["capacity"]}
    if "phases" in case:
        facts["phase_capacities"] = tuple(case["phases"])
    if "refused" in case:
        with pytest.raises(EventRefused, match=case["refused"]):
            cemeteries(**facts)
        return
    register = cemeteries(**facts)
    unchecked = [found for found in register.validate(ON).unchecked if found.rule.name == "phases_add_up"]
    assert [found.reason for found in unchecked] == ["phase_capacities is not stated"]
    assert unchecked[0].records == (1 if "phases" in case else 2)


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"land_cm2": 10_000, "ecological_cm2": 10_001}, "no more than all the land"),
        ({"credit_code": "not one"}, "can have been issued"),
        ({"capacity": -1}, "capacity"),
        ({"capacity": 1.5}, "capacity"),
        ({"kind": "commercial"}, "wrong type"),
        ({"place": "45010"}, "place"),
        ({"longitude": "108.4"}, "wrong type"),
        ({"phase_capacities": ("1",) * 3 + ("99999999999999999999",)}, "add up"),
        ({"holders": "x"}, "no fact of the register"),
        ({"name": ""}, "is missing"),
    ],
)
def test_bad_cemeteries(facts: dict[str, Any], refused: str) -> None:
    with pytest.raises(EventRefused, match=refused):
        cemeteries(**facts)


def test_a_ground_for_villagers_names_its_village_and_its_founder() -> None:
    facts: dict[str, Any] = {"kind": CemeteryKind.RURAL_PUBLIC, "founder": Founder.GOVERNMENT}
    told = {found.rule.name for found in cemeteries(**facts).validate(date(2026, 3, 29)).violations if found.key == "C"}
    assert told == {"village_is_named", "villagers_set_it_up"}
    told = {found.rule.name for found in cemeteries(**facts).validate(date(2026, 3, 30)).violations if found.key == "C"}
    assert told == {"village_is_named"}


def test_where_it_lies_is_for_siting() -> None:
    view = cemeteries(longitude=108.4, latitude=22.9).as_of(ON)
    assert (view["C"].longitude, view["C"].latitude) == (108.4, 22.9)
    assert view["V"].longitude is None


# Sections.


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"styles": ("upright_grave", "no_style")}, "among the styles of burial"),
        ({"styles": ("niche", "niche")}, "each once"),
        ({"styles": ("niche",), "retains_ashes": False}, "as its styles are known to do"),
        ({"styles": ("flower_bed_burial",), "retains_ashes": True}, "as its styles are known to do"),
        ({"cemetery": "nowhere"}, "in the register of cemeteries"),
        ({"styles": ()}, "is missing"),
    ],
)
def test_bad_sections(facts: dict[str, Any], refused: str) -> None:
    told: dict[str, Any] = {"cemetery": "C", "styles": ("tree_burial",)}
    with pytest.raises(EventRefused, match=refused):
        sections().add(section_event(SectionAction.RECORD, "X", **(told | facts)))


def test_what_a_style_does_not_tell_the_section_says() -> None:
    for said in (True, False):
        told: dict[str, Any] = {"cemetery": "C", "styles": ("tree_burial",), "retains_ashes": said}
        assert sections().add(section_event(SectionAction.RECORD, "X", **told)).as_of(ON)["X"].retains_ashes is said
    warned = [found.key for found in sections().validate(ON).violations if found.rule.name == "retention_is_stated"]
    assert warned == ["N", "F"]


# Any life.


class CemeteryLives(RuleBasedStateMachine):
    """Whatever is tried, the register stays valid, and what is refused leaves it unchanged with a reason."""

    def __init__(self) -> None:
        super().__init__()
        self.register: Register[Cemetery] = Register(CEMETERIES)
        self.day = date(2010, 1, 1)

    @rule(
        action=st.sampled_from(Action),
        kind=st.sampled_from(CemeteryKind),
        authority=st.sampled_from(Authority),
        capacity=st.integers(-1, 3),
        phases=st.lists(st.sampled_from(["0", "1", "2", "x"]), max_size=2),
        wait=st.integers(0, 400),
    )
    def happen(
        self,
        action: CemeteryAction,
        kind: CemeteryKind,
        authority: Authority,
        capacity: int,
        phases: list[str],
        wait: int,
    ) -> None:
        self.day += wait * ONE
        facts: dict[str, Any] = {}
        match action:
            case Action.PLAN | Action.RECORD:
                facts = {"place": "450102", "name": "made up", "kind": kind, "capacity": capacity}
                facts |= {"phase_capacities": tuple(phases)} if phases else {}
            case Action.CHANGE | Action.EXTEND:
                facts = {"capacity": capacity}
            case Action.AGREE:
                facts = {"agreed_by": authority}
            case Action.APPROVE:
                facts = {"approved_by": authority, "approved": self.day}
            case Action.OPEN:
                facts = {"opened": self.day}
        why = "entered"
        try:
            self.register = self.register.add(cemetery_event(action, self.day, **facts))
        except EventRefused as refused:
            why = refused.problems[0].reason
        assert why

    @invariant()
    def nothing_binding_is_broken(self) -> None:
        assert not self.register.validate(self.day).of(Severity.INVARIANT, Severity.BREACH)


CemeteryLives.TestCase.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
TestCemeteryLives = CemeteryLives.TestCase
