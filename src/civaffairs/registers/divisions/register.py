"""Divisions (行政区划) as a register: the table of codes as events, to which an office adds what it learns of."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled
from civaffairs.law.citation import document
from civaffairs.law.places import Division, DivisionKind, places
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Fact, Flags, entry
from civaffairs.registers.history import Register
from civaffairs.registers.kinds import Event, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity

REGULATION = document("divisions-regulation")


class DivisionState(Labelled):
    """Whether a division is in force."""

    IN_FORCE = ("in_force", "有效")
    ABOLISHED = ("abolished", "撤销")


class DivisionAction(Labelled):
    """What changes a division (行政区划变更); a new code is a new record."""

    ESTABLISH = ("establish", "设立")
    RENAME = ("rename", "更名")
    AFFILIATE = ("affiliate", "隶属关系变更")
    MOVE_BOUNDARY = ("move_boundary", "界线变更")
    MOVE_SEAT = ("move_seat", "驻地迁移")
    ABOLISH = ("abolish", "撤销")


@attrs.frozen(kw_only=True)
class DivisionRecord:
    """One life of one code: codes are retired and used again, so the key is the code and its first year."""

    key: str = entry(Kind.KEY, "编号", "code and first year, as in 450103@2004; the code alone where no year is known")
    state: DivisionState = entry(Kind.CHOICE, "状态", "whether it is in force", choices=DivisionState)
    code: str = entry(Kind.KEY, "行政区划代码", "six digits")
    name: str = entry(Kind.TEXT, "名称", "name")
    kind: DivisionKind = entry(Kind.CHOICE, "类别", "what sort of division it is", choices=DivisionKind)
    parent: str = entry(Kind.KEY, "上级代码", "code of the division above")
    seat: str = entry(Kind.TEXT, "驻地", "where its government sits")
    successors: tuple[str, ...] = entry(Kind.TEXTS, "继承代码", "codes it went over to, where its name carries over")
    dated_by_year: bool | None = entry(Kind.FLAG, "仅知年份", "whether the sources give only the year")
    note: str = entry(Kind.TEXT, "说明", "what else is known")


@validity(None, Severity.INVARIANT)
def code_is_six_digits(code: NDArray[np.str_]) -> Flags:
    """A division code has six digits."""
    return np.asarray(np.char.isdigit(code) & (np.char.str_len(code) == 6))


@validity(None, Severity.INVARIANT)
def one_division_a_code(code: NDArray[np.str_], state: NDArray[np.int8]) -> Flags:
    """A code stands for one division at a time."""
    living = state == DivisionState.IN_FORCE.number
    _, index, counts = np.unique(np.where(living, code, ""), return_inverse=True, return_counts=True)
    return np.asarray(~living | (counts[index] == 1))


@validity(None, Severity.INVARIANT, judges_missing=["parent"])
def parent_is_in_force(code: NDArray[np.str_], parent: NDArray[np.str_], state: NDArray[np.int8]) -> Flags:
    """The division above one in force is in force itself."""
    living = state == DivisionState.IN_FORCE.number
    return np.asarray(~living | (parent == "") | np.isin(parent, code[living]))


@validity(None, Severity.WARNING, judges_missing=["parent"])
def code_agrees_with_parent(code: NDArray[np.str_], parent: NDArray[np.str_], state: NDArray[np.int8]) -> Flags:
    """A code begins with the digits of the division above."""
    region = np.char.equal(code.astype("U2"), parent.astype("U2"))
    city = np.char.equal(code.astype("U4"), parent.astype("U4"))
    above_city = np.isin(parent, ["", "000000"])
    of_region = np.char.endswith(parent, "0000")
    return np.asarray((state != DivisionState.IN_FORCE.number) | above_city | np.where(of_region, region, city))


DIVISIONS: RegisterKind[DivisionRecord] = RegisterKind(
    name="divisions",
    label_zh="行政区划",
    record=DivisionRecord,
    steps=(
        Step(
            action=DivisionAction.ESTABLISH,
            after=DivisionState.IN_FORCE,
            needs=("code", "name", "kind"),
            may=("parent", "seat", "dated_by_year", "note"),
            source=REGULATION[7],
        ),
        Step(
            action=DivisionAction.RENAME,
            before=(DivisionState.IN_FORCE,),
            needs=("name",),
            may=("note",),
            source=REGULATION[7],
        ),
        Step(
            action=DivisionAction.AFFILIATE,
            before=(DivisionState.IN_FORCE,),
            needs=("parent",),
            may=("note",),
            source=REGULATION[7],
        ),
        Step(
            action=DivisionAction.MOVE_BOUNDARY, before=(DivisionState.IN_FORCE,), needs=("note",), source=REGULATION[8]
        ),
        Step(
            action=DivisionAction.MOVE_SEAT,
            before=(DivisionState.IN_FORCE,),
            needs=("seat",),
            may=("note",),
            source=REGULATION[8],
        ),
        Step(
            action=DivisionAction.ABOLISH,
            before=(DivisionState.IN_FORCE,),
            after=DivisionState.ABOLISHED,
            may=("successors", "dated_by_year", "note"),
            source=REGULATION[7],
        ),
    ),
    rules=(code_is_six_digits, one_division_a_code, parent_is_in_force, code_agrees_with_parent),
)


def division_register() -> Register[DivisionRecord]:
    """Tell the table of divisions that comes with the library as a register.

    The sources give years. A division begins with the first day of its first year, and ends with the last day of its
    last: in a changeover year both the old and the new one are in force. Where no first year is known, it begins with
    the first day there is.

    Examples
    --------
    >>> register = division_register()
    >>> register
    <register of divisions (行政区划): 48 events>
    >>> [str(change.after) for change in register.diff(date(2020, 7, 1), date(2022, 7, 1)) if change.fact == "name"]
    ['横州市']
    >>> register.as_of(date(2003, 12, 31))["450103@1983"].name
    '新城区'
    """
    events = [event for division in places().divisions for event in _events(division)]
    register, problems = Register(DIVISIONS).entered(events)
    if problems:  # pragma: no cover -- the table is checked when it is loaded
        raise AssertionError(str(problems))
    return register


def key_of(division: Division) -> str:
    """The key of a life of a code.

    Examples
    --------
    >>> from civaffairs.law.places import division_at
    >>> key_of(division_at("450103", date(2026, 8, 1)))
    '450103@2004'
    """
    return division.code if division.since_year is None else f"{division.code}@{division.since_year}"


def _events(division: Division) -> list[Event]:
    paper = str(document(division.cite))
    facts: dict[str, Fact] = {"code": division.code, "name": division.name, "kind": division.kind}
    facts |= {"parent": division.parent} if division.parent else {}
    facts |= {"note": division.note} if division.note else {}
    key, since, until = key_of(division), division.since_year, division.until_year
    first = date.min if since is None else date(since, 1, 1)
    begun = Event(
        key=key, action=DivisionAction.ESTABLISH, on=first, document=paper, facts=facts | {"dated_by_year": True}
    )
    if until is None:
        return [begun]
    over: dict[str, Fact] = {"successors": division.successors} if division.successors else {}
    ended = Event(key=key, action=DivisionAction.ABOLISH, on=date(until + 1, 1, 1), document=paper, facts=over)
    return [begun, ended]
