"""Inspections of institutions (监督检查): what was found, by when it is to be put right, and what is overdue."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np

from civaffairs.labels import Labelled
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Array, Codes, Days, Flags, entry
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity
from civaffairs.registers.view import View


class InspectionMatter(Labelled):
    """What a finding is about."""

    SAFETY = ("safety", "安全")
    FIRE = ("fire", "消防")
    FOOD = ("food", "食品")
    CARE = ("care", "服务质量")
    STAFF = ("staff", "人员")
    FEES = ("fees", "收费")
    PREPAID = ("prepaid", "预收费")
    PAPERS = ("papers", "证照档案")
    OTHER = ("other", "其他")


class FindingState(Labelled):
    """The life of a finding."""

    FOUND = ("found", "发现")
    ORDERED = ("ordered", "责令限期改正")
    CORRECTED = ("corrected", "已改正")
    CONFIRMED = ("confirmed", "复查合格")
    DROPPED = ("dropped", "撤销")


class FindingAction(Labelled):
    """What happens to a finding."""

    FIND = ("find", "检查发现")
    ORDER = ("order", "责令限期改正")
    EXTEND = ("extend", "延期")
    CORRECT = ("correct", "改正")
    CONFIRM = ("confirm", "复查合格")
    REOPEN = ("reopen", "复查不合格")
    DROP = ("drop", "撤销")


@attrs.frozen(kw_only=True)
class InspectionFinding:
    """One thing that an inspection of one institution found."""

    key: str = entry(Kind.KEY, "编号", "number of the finding")
    state: FindingState = entry(Kind.CHOICE, "状态", "state", choices=FindingState)
    place: str = entry(Kind.PLACE, "所在政区", "division of the institution")
    institution: str = entry(Kind.KEY, "机构编号", "number of the institution in its register")
    matter: InspectionMatter | None = entry(Kind.CHOICE, "事项", "what it is about", choices=InspectionMatter)
    finding: str = entry(Kind.TEXT, "问题", "what was found; nothing that tells who a person is")
    inspected_on: date | None = entry(Kind.DATE, "检查日期", "day of the inspection")
    due_on: date | None = entry(Kind.DATE, "改正期限", "last day for putting it right, as ordered")
    corrected_on: date | None = entry(Kind.DATE, "改正日期", "day on which it was put right")
    checked_on: date | None = entry(Kind.DATE, "复查日期", "day on which somebody looked again")


State, Action = FindingState, FindingAction


def _open(state: Codes) -> Flags:
    return np.isin(state, [State.FOUND.number, State.ORDERED.number])


def _corrected(state: Codes) -> Flags:
    return np.isin(state, [State.CORRECTED.number, State.CONFIRMED.number])


@validity(None, Severity.INVARIANT)
def due_after_inspection(inspected_on: Days, due_on: Days) -> Flags:
    """What is to be put right is not due before it was found."""
    return np.asarray(due_on >= inspected_on)


@validity(None, Severity.INVARIANT)
def corrected_after_inspection(inspected_on: Days, corrected_on: Days) -> Flags:
    """What was found is not put right before it was found."""
    return np.asarray(corrected_on >= inspected_on)


@validity(None, Severity.WARNING, only=_corrected)
def corrected_in_time(due_on: Days, corrected_on: Days) -> Flags:
    """What was found is put right by the day that was ordered; that day is included."""
    return np.asarray(corrected_on <= due_on)


@validity(None, Severity.WARNING, only=_open)
def corrected_by_now(due_on: Days, on: np.datetime64) -> Flags:
    """What is not yet put right is not yet due."""
    return np.asarray(on <= due_on)


@validity(None, Severity.WARNING, only=_open, judges_missing=["due_on"])
def a_day_is_set(due_on: Days) -> Flags:
    """What was found has a day by which it is to be put right."""
    return np.asarray(~np.isnat(due_on))


def overdue(view: View[InspectionFinding]) -> dict[str, Array]:
    """List what is overdue on the day of a view, the longest first.

    Returns
    -------
    dict
        One row a finding: its key, the institution, the last day (``datetime64[D]``), and the days since then.

    Examples
    --------
    >>> from civaffairs.registers import Register
    >>> found = {"place": "450103", "institution": "H1", "inspected_on": date(2026, 3, 2), "finding": "made up"}
    >>> events = [
    ...     Event(key="a", action=FindingAction.FIND, on=date(2026, 3, 2), document="record", facts=found),
    ...     Event(
    ...         key="a",
    ...         action=FindingAction.ORDER,
    ...         on=date(2026, 3, 3),
    ...         document="order",
    ...         facts={"due_on": date(2026, 4, 1)},
    ...     ),
    ... ]
    >>> register = Register(INSPECTIONS).add(*events)
    >>> [overdue(register.as_of(day))["days"].tolist() for day in (date(2026, 4, 1), date(2026, 4, 3))]
    [[], [2]]
    """
    columns = view.columns("state", "institution", "due_on")
    late = (np.datetime64(view.on) - columns["due_on"]).astype(np.int64)
    rows = np.flatnonzero(_open(columns["state"]) & ~np.isnat(columns["due_on"]) & (late > 0))
    rows = rows[np.argsort(-late[rows], kind="stable")]
    return {
        "key": np.array(list(view), np.str_)[rows],
        "institution": columns["institution"][rows],
        "due_on": columns["due_on"][rows],
        "days": late[rows],
    }


def _not_later(fact: str, event: Event) -> str:
    day = event.facts.get(fact)
    late = isinstance(day, date) and day > event.on
    return f"{fact} is {day}, after the event of {event.on}" if late else ""


def _found(held: Facts, event: Event) -> str:
    return _not_later("inspected_on", event)


def _put_right(held: Facts, event: Event) -> str:
    return _not_later("corrected_on", event)


def _looked_again(held: Facts, event: Event) -> str:
    return _not_later("checked_on", event)


def _longer(held: Facts, event: Event) -> str:
    before, after = held.get("due_on"), event.facts.get("due_on")
    longer = isinstance(before, date) and isinstance(after, date) and after > before
    return "" if longer else f"an extension ends after {before}; {after} does not"


STEPS = (
    Step(
        action=Action.FIND, after=State.FOUND, needs=("place", "institution", "finding", "inspected_on"),
        may=("matter",), guard=_found,
    ),
    Step(action=Action.ORDER, before=(State.FOUND,), after=State.ORDERED, needs=("due_on",)),
    Step(action=Action.EXTEND, before=(State.ORDERED,), needs=("due_on",), guard=_longer),
    Step(
        action=Action.CORRECT, before=(State.FOUND, State.ORDERED), after=State.CORRECTED, needs=("corrected_on",),
        guard=_put_right,
    ),
    Step(
        action=Action.CONFIRM, before=(State.CORRECTED,), after=State.CONFIRMED, needs=("checked_on",),
        guard=_looked_again,
    ),
    Step(
        action=Action.REOPEN, before=(State.CORRECTED,), after=State.ORDERED, needs=("checked_on", "due_on"),
        clears=("corrected_on",), guard=_looked_again,
    ),
    Step(action=Action.DROP, before=(State.FOUND, State.ORDERED), after=State.DROPPED),
)  # fmt: skip

INSPECTIONS: RegisterKind[InspectionFinding] = RegisterKind(
    name="findings of inspections", label_zh="监督检查发现的问题", record=InspectionFinding, steps=STEPS, place="place",
    rules=(due_after_inspection, corrected_after_inspection, corrected_in_time, corrected_by_now, a_day_is_set),
)  # fmt: skip
