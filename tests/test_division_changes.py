"""A change of a division: who approves it, its steps, and what is due by when."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from enum import Enum
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.calendar import add_months
from civaffairs.errors import UsageError
from civaffairs.registers.divisions.approval import (
    Authority,
    ChangeKind,
    ChangeLevel,
    Paper,
    approving_authority,
    missing_papers,
)
from civaffairs.registers.divisions.change_duties import (
    DUTY_STATES,
    Duty,
    DutyKind,
    DutyState,
    completion_dues,
    completion_states,
    duties,
    overdue,
)
from civaffairs.registers.divisions.changes import STEPS, ChangeStep, DivisionChange
from civaffairs.workdays import Roll

E = TypeVar("E", bound=Enum)
CASES = tomllib.loads((Path(__file__).parent / "cases" / "registers" / "divisions.toml").read_text("utf-8"))
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))


def named(members: type[E], value: str) -> E:
    """The member of a closed set that has a value."""
    return next(member for member in members if member.value == value)


def change(kind: str = "establish", **facts: Any) -> DivisionChange:  # noqa: ANN401 -- days, papers, months, flags
    return DivisionChange(key="C1", kind=named(ChangeKind, kind), level=ChangeLevel.CITY_WITHOUT_DISTRICTS, **facts)


def by_kind(case: DivisionChange, on: date, roll: Roll = Roll.NEVER) -> dict[DutyKind, Duty]:
    return {duty.kind: duty for duty in duties(case, on, roll=roll)}


@pytest.mark.parametrize("case", CASES["approval"], ids=lambda case: f"{case['kind']} of {case['level']}")
def test_who_approves(case: dict[str, Any]) -> None:
    found = approving_authority(
        named(ChangeKind, case["kind"]), named(ChangeLevel, case["level"]), sensitive=case.get("sensitive", False)
    )
    authority = found.authority.value if found.authority else None
    assert (authority, found.cite.article, found.cite.item, found.filed) == (
        case.get("authority"),
        case.get("article"),
        case.get("item"),
        case.get("filed", False),
    )
    assert found.cite.document.key == "divisions-regulation"


def test_only_what_the_regulation_leaves_out_has_no_authority() -> None:
    without = {
        (kind, level)
        for kind, level in product(ChangeKind, ChangeLevel)
        if approving_authority(kind, level).authority is None and kind is not ChangeKind.SHORT_NAME_OR_ORDER
    }
    assert without == {
        (ChangeKind.AFFILIATION, ChangeLevel.PROVINCE),
        (ChangeKind.AFFILIATION, ChangeLevel.TOWNSHIP),
        (ChangeKind.AFFILIATION, ChangeLevel.BRANCH_OFFICE),
        (ChangeKind.ESTABLISH, ChangeLevel.BRANCH_OFFICE),
    }
    assert approving_authority(ChangeKind.SEAT, ChangeLevel.TOWNSHIP, sensitive=True).authority is Authority.PROVINCE


def test_the_papers_that_are_missing_are_listed_in_order() -> None:
    assert len(missing_papers(())) == 7
    assert missing_papers(set(Paper)) == ()
    case = change(submitted_on=date(2024, 5, 6), papers=frozenset(set(Paper) - {Paper.MAPS, Paper.RISK_ASSESSMENT}))
    duty = by_kind(case, date(2024, 5, 6))[DutyKind.PAPERS]
    assert (duty.state, duty.reason) == (
        DutyState.OVERDUE,
        "missing: 风险评估报告、变更前的行政区划图和变更方案示意图",
    )
    whole = change(submitted_on=date(2024, 5, 6), papers=frozenset(Paper))
    assert by_kind(whole, date(2024, 5, 6))[DutyKind.PAPERS].state is DutyState.DONE_IN_TIME
    unrecorded = change(submitted_on=date(2024, 5, 6))
    assert by_kind(unrecorded, date(2024, 5, 6))[DutyKind.PAPERS].state is DutyState.UNKNOWN


@pytest.mark.parametrize("case", CASES["change"], ids=lambda case: case["id"])
def test_the_cases_of_changes(case: dict[str, Any]) -> None:
    found = by_kind(change(case.get("kind", "establish"), **case["facts"]), case["on"])
    for kind, (state, *due) in case["expect"].items():
        duty = found[named(DutyKind, kind)]
        assert (duty.state.value, [duty.due] if duty.due else []) == (state, due)
    assert list(found) == list(DutyKind)


def test_the_last_day_moves_on_only_as_it_is_told_to() -> None:
    case = change(approved_on=date(2023, 10, 1))  # 1 October 2024 is a holiday, to the 7th
    assert by_kind(case, date(2024, 1, 1))[DutyKind.COMPLETION].due == date(2024, 10, 1)
    assert by_kind(case, date(2024, 1, 1), Roll.HOLIDAYS)[DutyKind.COMPLETION].due == date(2024, 10, 8)


def test_where_the_holidays_are_not_published_only_what_is_sure_is_said() -> None:
    case = change(approved_on=date(2089, 3, 1), completed_on=date(2090, 3, 2))
    assert by_kind(case, date(2090, 3, 1), Roll.HOLIDAYS)[DutyKind.COMPLETION].state is DutyState.OPEN
    duty = by_kind(case, date(2090, 3, 2), Roll.HOLIDAYS)[DutyKind.COMPLETION]
    assert (duty.due, duty.state) == (None, DutyState.UNKNOWN)
    assert "not known" in duty.reason


def test_an_order_before_its_time_is_told() -> None:
    case = change(approved_on=date(2024, 5, 6), ordered_on=date(2024, 6, 1), finish_by=date(2024, 12, 1))
    duty = by_kind(case, date(2025, 1, 1))[DutyKind.ORDERED_COMPLETION]
    assert (duty.state, duty.due) == (DutyState.OVERDUE, date(2024, 12, 1))
    assert duty.reason == "ordered although the period of art. 15 was not over"
    assert [late.kind for late in overdue([case], date(2025, 1, 1), roll=Roll.NEVER)["C1"]] == [
        DutyKind.ORDERED_COMPLETION
    ]
    assert overdue([case], date(2024, 7, 1), roll=Roll.NEVER) == {}


def test_all_that_is_wrong_with_the_days_is_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        change(
            drafted_on=date(2024, 2, 1),
            approved_on=date(2024, 1, 1),
            extended_on=date(2024, 6, 1),
            extension_months=7,
            completed_on=date(2023, 12, 31),
            ordered_on=date(2025, 1, 1),
            surveyed_on=date(2023, 1, 1),
            code_changes=False,
            code_published_on=date(2024, 3, 1),
        )
    told = str(caught.value)
    for message in (
        "approved_on 2024-01-01 is before drafted_on 2024-02-01",
        "completed_on 2023-12-31 is before approved_on 2024-01-01",
        "surveyed_on 2023-01-01 is before completed_on 2023-12-31",
        "extension_months is 7; an extension is of 1 to 6 months (art. 15)",
        "finish_by, the day set for finishing, is not (art. 22)",
        "code_published_on is stated although no code changes",
    ):
        assert message in told
    assert f"has {len(told.splitlines()) - 1} faults" in told


@pytest.mark.parametrize(
    ("field", "needed"),
    [
        ("completed_on", "approved_on"),
        ("extended_on", "approved_on"),
        ("ordered_on", "approved_on"),
        ("announced_on", "completed_on"),
        ("reported_on", "completed_on"),
        ("finish_by", "ordered_on"),
    ],
)
def test_a_step_without_the_one_that_it_stands_on_is_refused(field: str, needed: str) -> None:
    facts: dict[str, Any] = {field: date(2024, 1, 1)}
    with pytest.raises(UsageError, match=f"{field} is stated but {needed} is not"):
        change(**facts)


def test_a_case_goes_its_way_step_by_step() -> None:
    case, day = change(), date(2024, 1, 1)
    assert case.step_on(day) is None
    for step in ChangeStep:
        months = 3 if step is ChangeStep.EXTENDED else None
        finish_by = date(2030, 1, 1) if step is ChangeStep.ORDERED else None
        before = case
        case = case.advance(step, day, months=months, finish_by=finish_by)
        assert case.step_on(day) is step
        assert before.step_on(day) is not step
        day += timedelta(days=30)
    assert case.step_on(date(2024, 1, 31)) is ChangeStep.OPINIONS
    assert all(getattr(case, rule.day) for rule in STEPS.values())


def test_a_step_out_of_turn_changes_nothing_and_says_why() -> None:
    case = change(approved_on=date(2024, 1, 1))
    told = (
        r"stands at approved \(批准\); announced \(公告\) follows completed \(完成\), code_published \(代码公布\), once"
    )
    with pytest.raises(UsageError, match=told):
        case.advance(ChangeStep.ANNOUNCED, date(2024, 2, 1))
    with pytest.raises(UsageError, match="extension_months is None"):
        case.advance(ChangeStep.EXTENDED, date(2024, 2, 1))
    with pytest.raises(UsageError, match="completed_on 2023-01-01 is before approved_on 2024-01-01"):
        case.advance(ChangeStep.COMPLETED, date(2023, 1, 1))
    assert case == change(approved_on=date(2024, 1, 1))


@given(st.lists(st.tuples(st.sampled_from(ChangeStep), DAYS), max_size=12))
def test_any_steps_in_any_order_leave_a_case_whose_days_agree(steps: list[tuple[ChangeStep, date]]) -> None:
    case = change()
    for step, on in steps:
        now = case.step_on(date.max)
        try:
            after = case.advance(
                step,
                on,
                months=6 if step is ChangeStep.EXTENDED else None,
                finish_by=on if step is ChangeStep.ORDERED else None,
            )
        except UsageError:
            continue
        assert now is None or now in STEPS[step].after
        case = after
    if case.completed_on is not None:
        assert case.approved_on is not None
        assert case.approved_on <= case.completed_on <= (case.announced_on or date.max)


@given(st.lists(st.tuples(st.none() | DAYS, st.integers(0, 6), st.none() | DAYS)), DAYS)
def test_many_cases_stand_as_single_ones_do(rows: list[tuple[date | None, int, date | None]], on: date) -> None:
    approved = np.array([start for start, _, _ in rows], "datetime64[D]")
    months = np.array([more for _, more, _ in rows], np.int64)
    completed = np.array([done for _, _, done in rows], "datetime64[D]")
    due = completion_dues(approved, months, roll=Roll.NEVER)
    states = completion_states(due, completed, on)
    for (start, more, done), last, state in zip(rows, due.tolist(), states.tolist(), strict=True):
        assert last == (None if start is None else add_months(start, 12 + more))
        if start is None or start > on or (done is not None and done < start):
            continue
        extension: dict[str, Any] = {"extended_on": start, "extension_months": more} if more else {}
        case = change(approved_on=start, completed_on=done, **extension)
        single = by_kind(case, on)[DutyKind.COMPLETION]
        assert (single.due, single.state) == (last, DUTY_STATES[state])


def test_columns_before_the_regulation_or_with_too_long_an_extension() -> None:
    approved = np.array(["2018-12-31", "2019-01-01"], "datetime64[D]")
    due = completion_dues(approved, roll=Roll.NEVER)
    assert due.tolist() == [None, date(2020, 1, 1)]
    states = completion_states(due, np.array(["NaT", "NaT"], "datetime64[D]"), date(2020, 1, 2)).tolist()
    assert [DUTY_STATES[state] for state in states] == [DutyState.UNKNOWN, DutyState.OVERDUE]
    with pytest.raises(UsageError, match="an extension is of 0 to 6 months"):
        completion_dues(approved, 7, roll=Roll.NEVER)
