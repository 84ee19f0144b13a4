"""Divisions as a register: the same places on the same days as the table, and changes that keep its invariants."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civaffairs.law.places import Division, DivisionKind, places
from civaffairs.registers import Event, EventRefused, Register, Severity, read_register, write_register
from civaffairs.registers.divisions.register import (
    DIVISIONS,
    DivisionAction,
    DivisionRecord,
    DivisionState,
    division_register,
    key_of,
)
from civaffairs.registers.fields import Fact

REGISTER = division_register()
JULY = date(2026, 7, 1)


def living(on: date) -> set[str]:
    return {key for key, record in REGISTER.as_of(on).items() if record.state is DivisionState.IN_FORCE}


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_the_register_and_the_table_agree_on_every_day(on: date) -> None:
    assert living(on) == {key_of(division) for division in places().divisions if division.in_force(on)}


@pytest.mark.parametrize("year", range(1980, 2027))
def test_every_rule_holds_in_every_year(year: int) -> None:
    found = REGISTER.validate(date(year, 7, 1))
    assert not found.of(Severity.INVARIANT, Severity.BREACH)


def test_a_change_of_a_year_is_told() -> None:
    changes = REGISTER.diff(date(2020, 12, 31), date(2022, 1, 1))
    assert {(change.key, change.after) for change in changes if change.fact == "state"} == {
        ("450181@2021", DivisionState.IN_FORCE),
        ("450127@2002", DivisionState.ABOLISHED),
    }


def establish(code: str, on: date = JULY, **facts: Fact) -> Event:
    told: dict[str, Fact] = {"code": code, "name": "新区", "kind": DivisionKind.DISTRICT, "parent": "450100", **facts}
    return Event(
        key=f"{code}@{on.year}", action=DivisionAction.ESTABLISH, on=on, document="a made-up order", facts=told
    )


REFUSED = [
    pytest.param([establish("450102")], "A code stands for one division at a time", id="code in use"),
    pytest.param([establish("45010")], "A division code has six digits", id="five digits"),
    pytest.param([establish("450111", parent="450199")], "is in force itself", id="no parent"),
    pytest.param([establish("450111", parent="452100")], "is in force itself", id="parent abolished"),
    pytest.param(
        [Event(key="450104@1983", action=DivisionAction.RENAME, on=JULY, document="x", facts={"name": "甲区"})],
        "rename on 2026-07-01 is not open to a record that is abolished",
        id="abolished",
    ),
    pytest.param(
        [Event(key="450100", action=DivisionAction.ABOLISH, on=JULY, document="x")], "is in force itself", id="children"
    ),
]


@pytest.mark.parametrize(("events", "said"), REFUSED)
def test_what_cannot_be_is_refused(events: list[Event], said: str) -> None:
    with pytest.raises(EventRefused, match=said):
        REGISTER.add(*events)


def test_a_code_may_be_used_again_after_its_division() -> None:
    again = REGISTER.add(establish("450104"))
    assert again.as_of(JULY)["450104@2026"].name == "新区"
    assert again.as_of(date(2004, 12, 31))["450104@1983"].state is DivisionState.IN_FORCE


def test_a_code_that_does_not_agree_is_warned_of() -> None:
    odd = REGISTER.add(establish("450211"))
    assert [found.key for found in odd.validate(JULY).violations] == ["450211@2026"]


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".json"])
def test_files_lose_nothing(tmp_path: Path, ending: str) -> None:
    write_register(REGISTER, tmp_path / f"divisions{ending}")
    assert read_register(DIVISIONS, tmp_path / f"divisions{ending}").register.events == REGISTER.events


def _facts(division: Division, action: DivisionAction) -> dict[str, Fact]:
    stated: dict[DivisionAction, dict[str, Fact]] = {
        DivisionAction.RENAME: {"name": "某区"},
        DivisionAction.AFFILIATE: {"parent": "450000"},
        DivisionAction.MOVE_BOUNDARY: {"note": "a boundary"},
        DivisionAction.MOVE_SEAT: {"seat": "某街"},
        DivisionAction.ESTABLISH: {"code": division.code, "name": division.name, "kind": division.kind},
    }
    return stated.get(action, {})


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(places().divisions), st.sampled_from(list(DivisionAction)), st.dates(date(2024, 1, 1), JULY)
        ),
        max_size=6,
    )
)
def test_whatever_is_tried_the_invariants_hold(tried: list[tuple[Division, DivisionAction, date]]) -> None:
    register: Register[DivisionRecord] = REGISTER
    for division, action, on in tried:
        event = Event(
            key=key_of(division), action=action, on=on, document="a made-up order", facts=_facts(division, action)
        )
        before = register
        try:
            register = register.add(event)
        except EventRefused:
            assert register is before
    for day in (date(2024, 1, 1), date(2025, 6, 1), JULY):
        assert not register.validate(day).of(Severity.INVARIANT)
