"""Cemeteries (公墓) as a register: what kind, for whom, who approved it, how many plots, and where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs
import numpy as np

from civaffairs.identity.credit_code import check_unified_codes
from civaffairs.labels import Labelled
from civaffairs.law.citation import document
from civaffairs.law.timeline import DeclaredUnknown
from civaffairs.people.columns import Kind
from civaffairs.registers.cemeteries.approval import (
    APPROVALS,
    FIRST,
    LAST,
    LAW,
    Authority,
    CemeteryKind,
    approval_of,
    authorities,
)
from civaffairs.registers.fields import Codes, Days, Flags, Numbers, Texts, entry
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity

MEASURES = document("cemetery-measures-1992")
MOST_PLOTS = 10**7
LAW_FIRST, LAW_LAST = np.datetime64(FIRST), np.datetime64(LAST)


class CemeteryState(Labelled):
    """The life of a cemetery."""

    PLANNED = ("planned", "规划")
    APPLIED = ("applied", "申请")
    AGREED = ("agreed", "审核同意")
    APPROVED = ("approved", "审批通过")
    BUILDING = ("building", "建设")
    ACCEPTED = ("accepted", "验收")
    OPEN = ("open", "运营")
    EXTENDING = ("extending", "扩建")
    CLOSED = ("closed", "停用")
    MOVED = ("moved", "迁移")


class CemeteryAction(Labelled):
    """What happens to it."""

    PLAN = ("plan", "规划")
    APPLY = ("apply", "申请")
    AGREE = ("agree", "审核同意")
    APPROVE = ("approve", "审批")
    BUILD = ("build", "开工建设")
    ACCEPT = ("accept", "验收")
    OPEN = ("open", "开园")
    RECORD = ("record", "补录")
    CHANGE = ("change", "变更")
    EXTEND = ("extend", "扩建")
    FINISH_EXTENSION = ("finish_extension", "扩建完成")
    CLOSE = ("close", "停用")
    MOVE = ("move", "迁移")


class Founder(Labelled):
    """Who set it up."""

    VILLAGE_COMMITTEE = ("village_committee", "村民委员会")
    FUNERAL_UNIT = ("funeral_unit", "殡葬事业单位")
    GOVERNMENT = ("government", "政府")
    OTHER = ("other", "其他")


@attrs.frozen(kw_only=True)
class Cemetery:
    """One burial place; degrees are as `civaffairs.registers.cemeteries.siting` takes them."""

    key: str = entry(Kind.KEY, "编号", "number of the cemetery")
    state: CemeteryState = entry(Kind.CHOICE, "状态", "state", choices=CemeteryState)
    place: str = entry(Kind.PLACE, "所在政区", "division in which it lies")
    name: str = entry(Kind.TEXT, "名称", "name of the cemetery")
    kind: CemeteryKind | None = entry(Kind.CHOICE, "类别", "what kind", choices=CemeteryKind)
    village: str = entry(Kind.TEXT, "所属村", "village whose people it serves, for one of villagers")
    founder: Founder | None = entry(Kind.CHOICE, "兴办单位", "who set it up", choices=Founder)
    credit_code: str = entry(Kind.TEXT, "统一社会信用代码", "unified social credit code of whoever runs it")
    agreed_by: Authority | None = entry(Kind.CHOICE, "审核机关", "who agreed first", choices=Authority)
    approved_by: Authority | None = entry(Kind.CHOICE, "审批机关", "who approved it", choices=Authority)
    approved: date | None = entry(Kind.DATE, "批准日期", "day of the approval")
    opened: date | None = entry(Kind.DATE, "开园日期", "day on which it opened")
    land_cm2: int | None = entry(Kind.AREA, "占地面积", "land that it lies on")
    ecological_cm2: int | None = entry(Kind.AREA, "生态葬区面积", "part of the land laid out for ecological burials")
    capacity: int | None = entry(Kind.COUNT, "规划容量", "plots and niches planned in all", high=MOST_PLOTS)
    phase_capacities: tuple[str, ...] = entry(Kind.TEXTS, "各期容量", "plots of each phase in order, as whole numbers")
    plan: str = entry(Kind.TEXT, "规划依据", "plan that it stands in")
    longitude: float | None = entry(Kind.DEGREES, "经度", "degrees east")
    latitude: float | None = entry(Kind.DEGREES, "纬度", "degrees north")


def _open(state: Codes) -> Flags:
    return np.asarray(np.isin(state, [CemeteryState.OPEN.number, CemeteryState.EXTENDING.number]))


def _rural(kind: Codes) -> Flags:
    return np.asarray(kind == CemeteryKind.RURAL_PUBLIC.number)


@validity(None, Severity.INVARIANT)
def phases_add_up(phase_capacities: Texts, capacity: Numbers) -> Flags:
    """The plots of the phases are whole numbers and add up to the plots planned in all."""
    told = [[text.strip() for text in row.split(";")] for row in phase_capacities.tolist()]
    whole = [all(text.isascii() and text.isdigit() and len(text) < 9 for text in row) for row in told]
    sums = [sum(int(text) for text in row) if good else -1 for row, good in zip(told, whole, strict=True)]
    return np.asarray(np.array(sums, np.int64) == capacity)


@validity(None, Severity.INVARIANT)
def ecological_land_is_part_of_the_land(ecological_cm2: Numbers, land_cm2: Numbers) -> Flags:
    """The land laid out for ecological burials is no more than all the land."""
    return np.asarray(ecological_cm2 <= land_cm2)


@validity(None, Severity.INVARIANT)
def credit_code_is_one(credit_code: Texts) -> Flags:
    """The unified social credit code is one that can have been issued."""
    return np.asarray(check_unified_codes(credit_code).valid)


@validity(None, Severity.WARNING, only=_open, judges_missing=["capacity"])
def capacity_is_stated(capacity: Numbers) -> Flags:
    """A cemetery in use states how many plots it is planned for; without it nobody can tell whether it is overfull."""
    return np.asarray(capacity >= 0)


@validity(LAW.article(9, paragraph=2), Severity.WARNING, only=_rural, judges_missing=["village"])
def village_is_named(village: Texts) -> Flags:
    """A ground for villagers says of which village they are."""
    return np.asarray(village != "")


@validity(MEASURES[5], Severity.WARNING, only=_rural, until=LAST)
def villagers_set_it_up(founder: Codes) -> Flags:
    """A ground for villagers is set up by the village committee."""
    return np.asarray(founder == Founder.VILLAGE_COMMITTEE.number)


def _decided(kind: Codes, approved: Days) -> Flags:
    """Where the table says who decides."""
    known = np.isin(kind, [row.kind.number for row in APPROVALS])
    return np.asarray(known & (approved >= LAW_FIRST) & (approved <= LAW_LAST))


def _undecided(kind: Codes, approved: Days) -> Flags:
    return np.asarray(~np.isnat(approved) & ~_decided(kind, approved))


def _agreed_to(kind: Codes, approved: Days) -> Flags:
    """Where the table says who agrees first."""
    needs = np.isin(kind, [row.kind.number for row in APPROVALS if row.agrees])
    return np.asarray(needs & _decided(kind, approved))


@validity(LAW[8], only=_agreed_to)
def right_authority_agreed(kind: Codes, agreed_by: Codes) -> Flags:
    """A cemetery is agreed to first by an authority that the regulation names for its kind."""
    return _among(kind, {row.kind: row.agrees for row in APPROVALS}, agreed_by)


@validity(LAW[8], only=_decided)
def right_authority_approved(kind: Codes, approved: Days, approved_by: Codes) -> Flags:
    """A cemetery is approved by an authority that the regulation names for its kind."""
    return _among(kind, {row.kind: row.approves for row in APPROVALS}, approved_by)


def _among(kind: Codes, right: Mapping[CemeteryKind, tuple[Authority, ...]], who: Codes) -> Flags:
    """Mark where an authority is among those that are right for the kind; the table has one row for each."""
    pairs = [(of.number, member.number) for of, members in right.items() for member in members]
    return np.asarray(np.isin(kind.astype(np.int64) * 100 + who, [of * 100 + member for of, member in pairs]))


@validity(None, Severity.REVIEW, only=_undecided)
def who_decides_is_known(kind: Codes, approved: Days) -> Flags:
    """Who decides on a cemetery of its kind is in a text that was read for the day of its approval."""
    return _decided(kind, approved)


def _may_approve(held: Facts, event: Event) -> str:
    """Say why it is not open: nobody agreed where somebody must; whether the right ones did is for a rule."""
    kind = held["kind"]
    if event.facts["approved"] != event.on:
        return f"it is approved from the day of the approval, {event.facts['approved']}, not from {event.on}"
    if held["state"] is not CemeteryState.APPLIED or not isinstance(kind, CemeteryKind):
        return ""
    try:
        row = approval_of(kind, event.on)
    except DeclaredUnknown:
        return ""
    return f"{authorities(row.agrees)} agrees first [{row.source}]" if row.agrees else ""


def _opened_today(held: Facts, event: Event) -> str:
    day = event.facts["opened"]
    return "" if day == event.on else f"it is open from the day on which it opened, {day}, not from {event.on}"


State, Action = CemeteryState, CemeteryAction
_TELL = ("founder", "credit_code", "land_cm2", "ecological_cm2", "capacity", "phase_capacities", "plan")
_WHERE = ("longitude", "latitude")
_IN_USE = (State.OPEN, State.EXTENDING)
STEPS = (
    Step(action=Action.PLAN, after=State.PLANNED, needs=("place", "name", "kind"), may=("village", *_TELL, *_WHERE)),
    Step(action=Action.APPLY, before=(State.PLANNED,), after=State.APPLIED, may=("village", *_TELL, *_WHERE)),
    Step(
        action=Action.AGREE, before=(State.APPLIED,), after=State.AGREED, needs=("agreed_by",), source=LAW[8],
    ),
    Step(
        action=Action.APPROVE, before=(State.APPLIED, State.AGREED), after=State.APPROVED,
        needs=("approved_by", "approved"), guard=_may_approve, source=LAW[8],
    ),
    Step(action=Action.BUILD, before=(State.APPROVED,), after=State.BUILDING, source=LAW.article(9, paragraph=1)),
    Step(action=Action.ACCEPT, before=(State.BUILDING,), after=State.ACCEPTED, may=(*_TELL, *_WHERE)),
    Step(
        action=Action.OPEN, before=(State.ACCEPTED,), after=State.OPEN, needs=("opened",), may=_TELL,
        guard=_opened_today,
    ),
    # One that was there before the register.
    Step(
        action=Action.RECORD, after=State.OPEN, needs=("place", "name", "kind"),
        may=("village", "agreed_by", "approved_by", "approved", "opened", *_TELL, *_WHERE),
    ),
    Step(action=Action.CHANGE, before=(State.ACCEPTED, *_IN_USE), may=("name", "village", *_TELL, *_WHERE)),
    Step(action=Action.EXTEND, before=(State.OPEN,), after=State.EXTENDING, may=_TELL),
    Step(action=Action.FINISH_EXTENSION, before=(State.EXTENDING,), after=State.OPEN, may=_TELL),
    Step(action=Action.CLOSE, before=_IN_USE, after=State.CLOSED),
    Step(action=Action.MOVE, before=(*_IN_USE, State.CLOSED), after=State.MOVED),
)  # fmt: skip

CEMETERIES: RegisterKind[Cemetery] = RegisterKind(
    name="cemeteries", label_zh="公墓", record=Cemetery, steps=STEPS, place="place",
    rules=(
        phases_add_up, ecological_land_is_part_of_the_land, credit_code_is_one, capacity_is_stated, village_is_named,
        villagers_set_it_up, right_authority_agreed, right_authority_approved, who_decides_is_known,
    ),
)  # fmt: skip
