"""What a change of a division obliges to, and by which day: in time, late, open or overdue, as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import date_of
from civaffairs.errors import CalendarError, UsageError
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation
from civaffairs.law.parameters import NotPublished
from civaffairs.law.places import NATION
from civaffairs.registers.divisions.approval import REGULATION
from civaffairs.registers.divisions.changes import MOST_MONTHS_MORE, PARAMETERS, DivisionChange
from civaffairs.workdays import Roll, period_end


class DutyKind(Labelled):
    """What is to be done."""

    PAPERS = ("papers", "提交申请材料")
    FILING = ("filing", "报送国务院备案")
    COMPLETION = ("completion", "完成变更")
    ORDERED_COMPLETION = ("ordered_completion", "限期完成")
    REPORT = ("report", "向审批机关报告")
    SURVEY = ("survey", "勘定界线、更新区划图")
    CODE = ("code", "确定、公布区划代码")
    NOTICE = ("notice", "向社会公告")


class DutyState(Labelled):
    """How a duty stands on a day."""

    DONE_IN_TIME = ("done_in_time", "按期完成")
    DONE_LATE = ("done_late", "逾期完成")
    DONE = ("done", "已完成，未规定期限")
    OPEN = ("open", "期限未届满")
    OVERDUE = ("overdue", "逾期未完成")
    NOT_DUE = ("not_due", "尚无此义务")
    UNKNOWN = ("unknown", "无法确定")


DUTY_STATES = tuple(DutyState)
"""The states, in the order of their numbers in a column."""


@attrs.frozen(kw_only=True)
class Duty:
    """One duty of a case on a day.

    Attributes
    ----------
    kind, cite
        What is to be done, and by which article.
    due
        The last day; ``None`` where there is none, or it is not known.
    done
        The day on which it was done, if that was by the day asked for.
    state
        How it stands.
    reason
        Why it is not due or not known, or what to mind.
    """

    kind: DutyKind
    cite: Citation
    due: date | None = None
    done: date | None = None
    state: DutyState
    reason: str = ""


@attrs.frozen
class _Period:
    """A period of months: its last day, or the last day that it surely reaches and why more is not known."""

    due: date | None
    at_least: date | None
    reason: str = ""

    def state(self, done: date | None, on: date) -> DutyState:
        last = self.due or self.at_least
        if last is not None and (done or on) <= last:
            return DutyState.OPEN if done is None else DutyState.DONE_IN_TIME
        if self.due is None:
            return DutyState.UNKNOWN
        return DutyState.OVERDUE if done is None else DutyState.DONE_LATE


def duties(case: DivisionChange, on: date, *, roll: Roll, place: str = NATION) -> tuple[Duty, ...]:
    """List what a case obliges to, as it was known at the end of a day.

    An extension makes one period of twelve months and the months given, counted from the approval. The month of art. 17
    counts from the completion: the article says only "after the change", and this is how that is taken here.

    Parameters
    ----------
    case
        The case.
    on
        The day; what happened after it is not looked at.
    roll
        Whether a last day that is a holiday or weekend moves on; see `civaffairs.workdays.period_end`.
    place
        Division code, for the holidays.

    Returns
    -------
    tuple of Duty
        One for each `DutyKind`, in its order.

    Examples
    --------
    >>> from civaffairs.registers.divisions.approval import ChangeKind, ChangeLevel
    >>> case = DivisionChange(
    ...     key="Hengzhou",
    ...     kind=ChangeKind.ESTABLISH,
    ...     level=ChangeLevel.CITY_WITHOUT_DISTRICTS,
    ...     approved_on=date(2021, 2, 28),
    ...     completed_on=date(2021, 7, 29),
    ... )
    >>> by_kind = {duty.kind: duty for duty in duties(case, date(2021, 8, 1), roll=Roll.NEVER)}
    >>> f"{by_kind[DutyKind.COMPLETION].due}", by_kind[DutyKind.COMPLETION].state.value
    ('2022-02-28', 'done_in_time')
    """
    seen = _as_of(case, on)
    completion = _completion(seen["approved_on"], case.extension_months if seen["extended_on"] else None, roll, place)
    code = _months(seen["completed_on"], "division_code_months", roll, place)
    after = "the change is not completed"
    return (
        _papers(case, seen["submitted_on"]),
        _filing(case, seen, on),
        _dated(DutyKind.COMPLETION, 15, completion, seen["completed_on"], on, "the change is not approved"),
        _ordered(case, completion, seen, on),
        _dated(DutyKind.REPORT, 15, _at_once(seen["completed_on"]), seen["reported_on"], on, after),
        _undated(DutyKind.SURVEY, 16, seen["surveyed_on"], seen["completed_on"]),
        _code(case, code, seen["code_published_on"], on),
        _undated(DutyKind.NOTICE, 18, seen["announced_on"], seen["completed_on"]),
    )


def completion_dues(
    approved: NDArray[np.datetime64],
    extension_months: NDArray[np.integer] | int = 0,
    *,
    roll: Roll,
    place: str = NATION,
) -> NDArray[np.datetime64]:
    """Find the last day for completing each of many cases (art. 15).

    Parameters
    ----------
    approved
        Days of approval, ``datetime64[D]``; ``NaT`` where there is none.
    extension_months
        Months by which each was extended, 0 where it was not.
    roll, place
        As for `duties`.

    Returns
    -------
    NDArray
        ``datetime64[D]``; ``NaT`` without an approval, or where the last day is not known.

    Examples
    --------
    >>> approved = np.array(["2021-02-28", "2020-02-29", "NaT"], "datetime64[D]")
    >>> completion_dues(approved, np.array([0, 6, 0]), roll=Roll.NEVER)
    array(['2022-02-28', '2021-08-29',        'NaT'], dtype='datetime64[D]')
    """
    starts = approved.astype("datetime64[D]")
    months = np.broadcast_to(np.asarray(extension_months, np.int64), starts.shape)
    most = MOST_MONTHS_MORE
    if months.size and (months.min() < 0 or months.max() > most):
        msg = f"an extension is of 0 to {most} months (art. 15), not of {months.min()} to {months.max()}"
        raise UsageError(msg)
    found = np.full(starts.shape, np.datetime64("NaT"), "datetime64[D]")
    given = ~np.isnat(starts)
    keys = starts[given].astype(np.int64) * (most + 1) + months[given]
    distinct, back = np.unique(keys, return_inverse=True)
    dues = [_completion(date_of(key // (most + 1)), key % (most + 1) or None, roll, place) for key in distinct.tolist()]
    ends = np.array([period.due if period else None for period in dues], "datetime64[D]")
    found[given] = ends[back]
    return found


def completion_states(due: NDArray[np.datetime64], completed: NDArray[np.datetime64], on: date) -> NDArray[np.int8]:
    """Tell how the completion of each of many cases stood at the end of a day.

    Parameters
    ----------
    due
        The last days, from `completion_dues`.
    completed
        Days of completion, ``datetime64[D]``; ``NaT`` where there is none.
    on
        The day; what was completed after it is not looked at.

    Returns
    -------
    NDArray[np.int8]
        Positions in `DUTY_STATES`; without a last day, unknown.
    """
    day = np.datetime64(on, "D")
    done = completed <= day
    late = np.where(done, completed, day) > due
    states = np.where(
        done,
        np.where(late, DutyState.DONE_LATE.number, DutyState.DONE_IN_TIME.number),
        np.where(late, DutyState.OVERDUE.number, DutyState.OPEN.number),
    )
    return np.where(np.isnat(due), DutyState.UNKNOWN.number, states).astype(np.int8)


def overdue(cases: Sequence[DivisionChange], on: date, *, roll: Roll, place: str = NATION) -> dict[str, list[Duty]]:
    """List what is overdue on a day, by the key of the case; cases with nothing overdue are left out."""
    found = {
        case.key: [duty for duty in duties(case, on, roll=roll, place=place) if duty.state is DutyState.OVERDUE]
        for case in cases
    }
    return {key: late for key, late in found.items() if late}


_DAYS = [field.name for field in attrs.fields(DivisionChange) if field.name.endswith("_on")]


def _as_of(case: DivisionChange, on: date) -> dict[str, date | None]:
    days: dict[str, date | None] = {name: getattr(case, name) for name in _DAYS}
    return {name: day if day is not None and day <= on else None for name, day in days.items()}


def _completion(approved: date | None, extension: int | None, roll: Roll, place: str) -> _Period | None:
    return _months(approved, "division_change_months", roll, place, extension or 0)


def _months(start: date | None, name: str, roll: Roll, place: str, more: int = 0) -> _Period | None:
    """Count a period of the table from a day."""
    if start is None:
        return None
    try:
        months = int(str(PARAMETERS[name].at(NATION, start).value)) + more
    except NotPublished as fault:
        return _Period(None, None, str(fault))
    at_least = period_end(start, months=months, roll=Roll.NEVER)
    try:
        return _Period(period_end(start, months=months, roll=roll, place=place), at_least)
    except CalendarError as fault:
        return _Period(None, at_least, str(fault))


def _at_once(day: date | None) -> _Period | None:
    return None if day is None else _Period(day, day)


def _dated(kind: DutyKind, article: int, period: _Period | None, done: date | None, on: date, without: str) -> Duty:
    """Weigh a duty that has a last day."""
    cite = REGULATION[article]
    if period is None:
        return Duty(kind=kind, cite=cite, state=DutyState.NOT_DUE, reason=without)
    return Duty(kind=kind, cite=cite, due=period.due, done=done, state=period.state(done, on), reason=period.reason)


def _undated(kind: DutyKind, article: int, done: date | None, completed: date | None) -> Duty:
    """Weigh a duty for which the article sets no period."""
    cite = REGULATION[article]
    if completed is None:
        return Duty(kind=kind, cite=cite, state=DutyState.NOT_DUE, reason="the change is not completed")
    state = DutyState.OPEN if done is None else DutyState.DONE
    return Duty(kind=kind, cite=cite, done=done, state=state, reason="the article sets no period")


def _papers(case: DivisionChange, submitted: date | None) -> Duty:
    kind, cite = DutyKind.PAPERS, REGULATION[13]
    if submitted is None:
        return Duty(kind=kind, cite=cite, state=DutyState.NOT_DUE, reason="nothing is submitted")
    if case.papers is None:
        return Duty(kind=kind, cite=cite, due=submitted, state=DutyState.UNKNOWN, reason="no papers are recorded")
    if case.missing_papers:
        names = "、".join(paper.label_zh for paper in case.missing_papers)
        return Duty(kind=kind, cite=cite, due=submitted, state=DutyState.OVERDUE, reason=f"missing: {names}")
    return Duty(kind=kind, cite=cite, due=submitted, done=submitted, state=DutyState.DONE_IN_TIME)


def _filing(case: DivisionChange, seen: dict[str, date | None], on: date) -> Duty:
    if not case.approval.filed:
        reason = "the approval is not one that is filed with the State Council"
        return Duty(kind=DutyKind.FILING, cite=REGULATION[8], state=DutyState.NOT_DUE, reason=reason)
    approved = _at_once(seen["approved_on"])
    return _dated(DutyKind.FILING, 8, approved, seen["filed_on"], on, "the change is not approved")


def _ordered(case: DivisionChange, completion: _Period | None, seen: dict[str, date | None], on: date) -> Duty:
    """Weigh an order to finish; one that came before the period was over is still taken for an order."""
    ordered = seen["ordered_on"]
    period = _at_once(case.finish_by) if ordered else None
    if period and completion and completion.at_least and ordered and ordered <= completion.at_least:
        period = attrs.evolve(period, reason="ordered although the period of art. 15 was not over")
    return _dated(DutyKind.ORDERED_COMPLETION, 22, period, seen["completed_on"], on, "no order to finish was given")


def _code(case: DivisionChange, period: _Period | None, done: date | None, on: date) -> Duty:
    if case.code_changes is None and done is None:
        reason = "whether a code changes is not recorded"
        return Duty(kind=DutyKind.CODE, cite=REGULATION[17], state=DutyState.UNKNOWN, reason=reason)
    if case.code_changes is False:
        return Duty(kind=DutyKind.CODE, cite=REGULATION[17], state=DutyState.NOT_DUE, reason="no code changes")
    return _dated(DutyKind.CODE, 17, period, done, on, "the change is not completed")
