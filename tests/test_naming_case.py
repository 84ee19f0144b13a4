"""The case of a name: who approves it, with whom it is filed, and what is due by when."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled
from civaffairs.registers.divisions.change_duties import DutyState
from civaffairs.registers.names.applications import ApplicationPaper
from civaffairs.registers.names.authorities import Reserved, announced_by, filed_with, naming_authority
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.naming_case import NamingCase, NamingDuty, NamingDutyKind, NamingStep, naming_duties
from civaffairs.registers.names.place_name_states import ApproverKind

Member = TypeVar("Member", bound=Labelled)
CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "naming_case.toml").read_text("utf-8"))
DAY, ONE = date(2024, 3, 1), timedelta(1)
DONE = (DutyState.DONE_IN_TIME, DutyState.DONE_LATE)


def named(members: type[Member], value: str | None) -> Member | None:
    return None if value is None else next(member for member in members if member.value == value)


def case_of(told: Mapping[str, Any]) -> NamingCase:
    days = {f"{name}_on": told.get(name) for name in ("applied", "approved", "filed", "announced")}
    return NamingCase(
        key="A",
        category=named(PlaceNameCategory, told.get("category", "street")) or PlaceNameCategory.STREET,
        reserved=named(Reserved, told.get("reserved")),
        approver_kind=named(ApproverKind, told.get("approver")),
        **days,
    )


def by_kind(case: NamingCase, on: date) -> dict[NamingDutyKind, NamingDuty]:
    return {duty.kind: duty for duty in naming_duties(case, on)}


@pytest.mark.parametrize("told", CASES["case"], ids=lambda told: told["title"])
def test_what_is_due(told: Mapping[str, Any]) -> None:
    found = by_kind(case_of(told), told.get("on", date(2024, 6, 3)))
    for kind in (NamingDutyKind.FILE, NamingDutyKind.ANNOUNCE):
        duty = found[kind]
        assert [duty.plain.state.value, duty.rolled.state.value] == told[kind.value], kind
        assert duty.settled is (told[kind.value][0] == told[kind.value][1])


@pytest.mark.parametrize("told", CASES["authority"], ids=lambda told: f"{told['category']} {told.get('reserved', '')}")
def test_who_approves_and_with_whom_it_is_filed(told: Mapping[str, Any]) -> None:
    category = named(PlaceNameCategory, told["category"])
    assert category is not None
    found = naming_authority(category, named(Reserved, told.get("reserved")))
    assert (found.authority.value if found.authority else None) == told.get("authority")
    assert (found.cite.article, found.cite.item) == (12, told.get("item"))
    receiver = filed_with(found.approver_kind) if found.approver_kind else None
    assert (receiver[0] if receiver else None) == told.get("files_with")


def test_the_items_of_the_articles_are_told_once() -> None:
    items = [naming_authority(category, Reserved.NO).cite.item for category in PlaceNameCategory]
    assert items == [1, 2, 3, 4, 5, 6, 7, None]
    filed = [receiver[1].item for kind in ApproverKind if (receiver := filed_with(kind))]
    assert filed == [1, 2, 3, 4]
    assert filed_with(ApproverKind.STATE_COUNCIL) is None
    assert "备案" in announced_by(ApproverKind.OTHER_DEPARTMENT)[0]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"category": PlaceNameCategory.NATURAL_FEATURE}, "reserved="),
        ({"category": PlaceNameCategory.STREET, "reserved": Reserved.SEA}, "not for street"),
        ({"category": PlaceNameCategory.COMMITTEE_SEAT, "reserved": Reserved.SEA}, "not for committee_seat"),
        ({"applied_on": DAY, "approved_on": DAY - ONE}, "approved on 2024-02-29, before applied on 2024-03-01"),
        ({"approved_on": DAY, "refused_on": DAY}, "both refused and approved"),
        ({"filed_on": DAY}, "never approved"),
        ({"approved_on": DAY, "filed_on": DAY - ONE}, "filed on 2024-02-29, before approved"),
        ({"approved_on": DAY, "announced_on": DAY - ONE}, "announced on 2024-02-29, before approved"),
        ({"approver_kind": ApproverKind.STATE_COUNCIL}, "art. 12 names government"),
    ],
)
def test_a_case_that_cannot_be_is_refused(facts: dict[str, Any], why: str) -> None:
    every: dict[str, Any] = {"key": "A", "category": PlaceNameCategory.STREET} | facts
    with pytest.raises(UsageError, match=why):
        NamingCase(**every)


def test_the_papers_of_the_application() -> None:
    case = NamingCase(key="A", category=PlaceNameCategory.STREET, applied_on=DAY)
    assert by_kind(case, DAY - ONE)[NamingDutyKind.PAPERS].plain.state is DutyState.NOT_DUE
    assert by_kind(case, DAY)[NamingDutyKind.PAPERS].plain.state is DutyState.UNKNOWN
    every = set(ApplicationPaper) - {ApplicationPaper.RISK_ASSESSMENT}  # that one is for divisions
    full = NamingCase(key="A", category=PlaceNameCategory.STREET, applied_on=DAY, papers=frozenset(every))
    assert by_kind(full, DAY)[NamingDutyKind.PAPERS].plain.state is DutyState.DONE
    some = NamingCase(
        key="A",
        category=PlaceNameCategory.STREET,
        applied_on=DAY,
        papers=frozenset(every - {ApplicationPaper.EXPERT_OPINION}),
    )
    assert by_kind(some, DAY)[NamingDutyKind.PAPERS].reason == "missing: 专家论证报告"


def test_the_steps_of_a_case_as_of_a_day() -> None:
    case = NamingCase(
        key="A", category=PlaceNameCategory.STREET, applied_on=DAY, assessed_on=DAY + ONE, approved_on=DAY + ONE,
        announced_on=DAY + 3 * ONE, filed_on=DAY + 2 * ONE,
    )  # fmt: skip
    steps = [case.step(DAY + timedelta(days)) for days in range(-1, 4)]
    assert steps == [None, NamingStep.APPLIED, NamingStep.APPROVED, NamingStep.FILED, NamingStep.ANNOUNCED]


@given(
    approved=st.dates(date(2022, 5, 1), date(2026, 6, 1)),
    filed=st.integers(0, 40),
    announced=st.integers(0, 40),
    on=st.integers(0, 60),
)
def test_readings_are_in_order_and_what_is_later_is_not_looked_at(
    approved: date, filed: int, announced: int, on: int
) -> None:
    case = NamingCase(
        key="A", category=PlaceNameCategory.STREET, approved_on=approved, filed_on=approved + timedelta(filed),
        announced_on=approved + timedelta(announced),
    )  # fmt: skip
    day = approved + timedelta(on)
    for duty, after in zip(naming_duties(case, day)[1:], (filed, announced), strict=True):
        plain, rolled = duty.plain, duty.rolled
        assert plain.due == approved + timedelta(15)
        assert rolled.due is not None
        assert plain.due <= rolled.due
        if plain.due.isoweekday() <= 5 and rolled.due == plain.due:
            assert duty.settled
        assert (plain.state in DONE) is (after <= on)
        late = min(after, on) > 15
        assert (plain.state in (DutyState.DONE_LATE, DutyState.OVERDUE)) is late
        if rolled.state in (DutyState.DONE_LATE, DutyState.OVERDUE):
            assert late
