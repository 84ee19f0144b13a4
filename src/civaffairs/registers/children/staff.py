"""Who looks after children where they live: supervisors (儿童督导员) of townships, directors (儿童主任) of villages."""

from __future__ import annotations

import attrs
import numpy as np

from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Codes, Flags, Texts, entry
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity

OPINIONS = Citation(document("child-cadre-opinions-2019"))
REPORT = document("nanning-report").section("落细落实儿童福利和权益保障")


class CadreKind(Labelled):
    """Which of the two offices."""

    SUPERVISOR = ("supervisor", "儿童督导员")
    DIRECTOR = ("director", "儿童主任")


class CadrePost(Labelled):
    """As what a person serves; the opinions name the first four."""

    TOWNSHIP_STAFF = ("township_staff", "乡镇（街道）工作人员")
    COMMITTEE_MEMBER = ("committee_member", "村（居）民委员会委员")
    GRADUATE_OFFICIAL = ("graduate_official", "大学生村官")
    SOCIAL_WORKER = ("social_worker", "社会工作者")
    OTHER = ("other", "其他")


class CadreState(Labelled):
    """The life of an appointment."""

    ACTIVE = ("active", "在岗")
    LEFT = ("left", "离岗")


class CadreAction(Labelled):
    """What happens to an appointment."""

    APPOINT = ("appoint", "任职")
    REGISTER_REAL_NAME = ("register_real_name", "实名登记")
    TRAIN = ("train", "培训")
    RECODE = ("recode", "单位代码变更")
    LEAVE = ("leave", "离岗")


@attrs.frozen(kw_only=True)
class Cadre:
    """One appointment of one person; who comes back is appointed anew, under another key."""

    key: str = entry(Kind.KEY, "编号", "number of the appointment")
    state: CadreState = entry(Kind.CHOICE, "状态", "state", choices=CadreState)
    kind: CadreKind | None = entry(Kind.CHOICE, "岗位", "supervisor or director", choices=CadreKind)
    unit: str = entry(
        Kind.TEXT, "单位代码", "statistical code: nine digits of a township, twelve of a village or community"
    )
    person: str = entry(Kind.TEXT, "人员", "opaque key of the person", personal=True)
    post: CadrePost | None = entry(Kind.CHOICE, "身份", "as what the person serves", choices=CadrePost)
    woman: bool | None = entry(Kind.FLAG, "是否女性", "whether the person is a woman", personal=True)
    real_name: bool | None = entry(Kind.FLAG, "实名登记", "whether entered by real name in the national system")
    trained_hours: int | None = entry(
        Kind.COUNT, "培训学时", "hours of training since the appointment, all together", high=100_000
    )


def active(state: Codes) -> Flags:
    """Mark appointments that are held."""
    return np.asarray(state == CadreState.ACTIVE.number)


def _active_supervisor(state: Codes, kind: Codes) -> Flags:
    return np.asarray(active(state) & (kind == CadreKind.SUPERVISOR.number))


def _active_director(state: Codes, kind: Codes) -> Flags:
    return np.asarray(active(state) & (kind == CadreKind.DIRECTOR.number))


def _alone(counted: Flags, *of: Texts | Codes) -> Flags:
    """Mark, among the rows that count, those whose values no other such row has."""
    alone = np.ones(len(counted), np.bool_)
    if counted.any():
        group = np.zeros(int(np.count_nonzero(counted)), np.int64)
        for values in of:
            _, index = np.unique(values[counted], return_inverse=True)
            group = group * (int(index.max()) + 1) + index
        _, index, counts = np.unique(group, return_inverse=True, return_counts=True)
        alone[counted] = counts[index] == 1
    return alone


def well_coded(kind: Codes, unit: Texts) -> Flags:
    """Mark codes of the right length: nine digits for a supervisor, twelve for a director, none all zero at the end."""
    length = np.where(kind == CadreKind.SUPERVISOR.number, 9, 12)
    plain = np.strings.str_len(np.strings.encode(unit, "utf-8")) == length  # no digits of other scripts
    return np.asarray(np.strings.isdecimal(unit) & plain & ~np.strings.endswith(unit, "000"))


@validity(None, Severity.INVARIANT)
def unit_is_of_the_right_level(kind: Codes, unit: Texts) -> Flags:
    """A supervisor is of a township-level unit (nine digits), a director of a village or community (twelve digits)."""
    return well_coded(kind, unit)


@validity(REPORT, Severity.BREACH, only=_active_supervisor)
def one_supervisor_a_unit(state: Codes, kind: Codes, unit: Texts) -> Flags:
    """A township-level unit has one supervisor at a time."""
    return _alone(_active_supervisor(state, kind), unit)


@validity(None, Severity.INVARIANT, only=active)
def not_appointed_twice(state: Codes, kind: Codes, unit: Texts, person: Texts) -> Flags:
    """Nobody holds the same office of the same unit twice at once."""
    return _alone(active(state), kind, unit, person)


@validity(None, Severity.REVIEW, only=active)
def in_one_unit(state: Codes, person: Texts) -> Flags:
    """A person who holds two offices at once can hardly be on duty in both."""
    return _alone(active(state), person)


@validity(OPINIONS, Severity.REVIEW, only=active)
def post_is_among_those_named(kind: Codes, post: Codes) -> Flags:
    """A supervisor is on the township's staff; a director is a committee member, graduate official or social worker."""
    staff = post == CadrePost.TOWNSHIP_STAFF.number
    supervisor = kind == CadreKind.SUPERVISOR.number
    return np.asarray(np.where(supervisor, staff, ~staff & (post != CadrePost.OTHER.number)))


@validity(OPINIONS, Severity.WARNING, only=_active_director)
def women_come_first(woman: Codes) -> Flags:
    """Women of the committee come first as directors: a preference, not a condition."""
    return np.asarray(woman == 1)


@validity(OPINIONS, Severity.WARNING, only=active, judges_missing=["real_name"])
def entered_by_real_name(real_name: Codes) -> Flags:
    """Supervisors and directors are entered by real name in the national system."""
    return np.asarray(real_name == 1)


def _hours_grow(held: Facts, event: Event) -> str:
    before, now = held.get("trained_hours"), event.facts["trained_hours"]
    if isinstance(before, int) and isinstance(now, int) and now < before:
        return f"hours of training are told all together: {now} is less than the {before} that were told before"
    return ""


def _another_code(held: Facts, event: Event) -> str:
    same = event.facts["unit"] == held["unit"]
    return f"the unit has the code {held['unit']} already" if same else ""


STEPS = (
    Step(
        action=CadreAction.APPOINT, after=CadreState.ACTIVE, needs=("kind", "unit", "person"),
        may=("post", "woman", "real_name", "trained_hours"), source=OPINIONS,
    ),
    Step(
        action=CadreAction.REGISTER_REAL_NAME, before=(CadreState.ACTIVE,), needs=("real_name",), source=OPINIONS,
    ),
    Step(action=CadreAction.TRAIN, before=(CadreState.ACTIVE,), needs=("trained_hours",), guard=_hours_grow),
    Step(action=CadreAction.RECODE, before=(CadreState.ACTIVE,), needs=("unit",), guard=_another_code),
    Step(action=CadreAction.LEAVE, before=(CadreState.ACTIVE,), after=CadreState.LEFT),
)  # fmt: skip

STAFF: RegisterKind[Cadre] = RegisterKind(
    name="children's staff", label_zh="儿童督导员和儿童主任", record=Cadre, steps=STEPS,
    rules=(
        unit_is_of_the_right_level, one_supervisor_a_unit, not_appointed_twice, in_one_unit, post_is_among_those_named,
        women_come_first, entered_by_real_name,
    ),
)  # fmt: skip
