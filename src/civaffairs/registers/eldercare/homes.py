"""Eldercare homes (养老机构): kinds and tiers, beds, filing, grades, and how one stops: notice, plan, resettlement."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document
from civaffairs.law.parameters import load_parameters
from civaffairs.people.columns import Kind
from civaffairs.registers.eldercare.kinds import HomeKind
from civaffairs.registers.fields import Codes, Days, Flags, entry
from civaffairs.registers.institutions.base import (
    INSTITUTION_RULES,
    Institution,
    InstitutionAction,
    InstitutionState,
    in_being,
    institution_steps,
    is_open,
)
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity

LAW = document("elderly-rights-law")
OPINIONS = Citation(document("prepaid-fee-opinions"))
FILING_BEGINS = date(2018, 12, 29)
"""The day of the amendment of the law that put filing in the place of a licence."""

PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
"""Notice before a home stops; days for filing are declared unknown."""


class HomeTier(Labelled):
    """Which of the four tiers of the city's network (四级养老服务设施) a home belongs to."""

    CITY = ("city", "市级")
    COUNTY = ("county", "县区级")
    TOWNSHIP = ("township", "乡镇（街道）级")
    COMMUNITY = ("community", "社区级")


class HomeAction(Labelled):
    """What happens to an eldercare home besides what happens to any institution."""

    FILE = ("file", "备案")
    GRADE = ("grade", "评定等级")
    LOSE_GRADE = ("lose_grade", "取消等级")
    GIVE_NOTICE = ("give_notice", "告知暂停或者终止")
    TAKE_BACK_NOTICE = ("take_back_notice", "撤回告知")


@attrs.frozen(kw_only=True)
class EldercareHome(Institution):
    """One eldercare home."""

    kind: HomeKind | None = entry(Kind.CHOICE, "机构类型", "who built and who runs the home", choices=HomeKind)
    tier: HomeTier | None = entry(Kind.CHOICE, "层级", "tier of the city's network", choices=HomeTier)
    nursing_beds: int | None = entry(Kind.COUNT, "护理型床位数", "beds for nursing, among all beds", high=1_000_000)
    contracts: int | None = entry(
        Kind.COUNT, "服务协议数", "residents with a service contract", source="老年人权益保障法 art. 48", high=1_000_000
    )
    first_admitted: date | None = entry(Kind.DATE, "首次收住日期", "day on which the first resident came")
    filed_on: date | None = entry(Kind.DATE, "备案日期", "day on which it was filed", source="老年人权益保障法 art. 43")
    filed_with: str = entry(Kind.TEXT, "备案机关", "civil affairs department with which it was filed")
    grade: int | None = entry(Kind.COUNT, "等级", "grade from 1 to 5; none where it has none", low=1, high=5)
    graded_on: date | None = entry(Kind.DATE, "评定日期", "day on which the grade was given")
    prepays: bool | None = entry(Kind.FLAG, "预收费", "whether it takes fees, deposits or membership fees in advance")
    notice_on: date | None = entry(Kind.DATE, "告知日期", "day on which it was announced that the home stops")
    plan_on: date | None = entry(Kind.DATE, "安置方案提交日期", "day on which the plan of resettlement was handed in")
    stopped_on: date | None = entry(Kind.DATE, "停止服务日期", "day from which there is no service")
    resettled: bool | None = entry(Kind.FLAG, "已妥善安置", "whether all who lived there were found another place")


Counts = NDArray[np.int64]


def _stopped(state: Codes) -> Flags:
    return np.asarray(state != InstitutionState.OPEN.number)


def _closed(state: Codes) -> Flags:
    return np.asarray(state == InstitutionState.CLOSED.number)


def _prepaid_home_closed(state: Codes, prepays: Codes) -> Flags:
    return np.asarray(_closed(state) & (prepays == 1))


@validity(None, Severity.INVARIANT)
def nursing_beds_are_beds(nursing_beds: Counts, beds: Counts) -> Flags:
    """A home has no more nursing beds than beds."""
    return np.asarray(nursing_beds <= beds)


@validity(LAW[48], only=in_being)
def every_resident_has_a_contract(residents: Counts, contracts: Counts) -> Flags:
    """A home has a service contract with each resident, or who acts for them."""
    return np.asarray(contracts >= residents)


@validity(
    LAW.article(43, paragraph=3), Severity.WARNING, only=is_open, judges_missing=["filed_on"], since=FILING_BEGINS
)
def home_is_filed(filed_on: Days) -> Flags:
    """A home that is open is filed with the civil affairs department of the county or above."""
    return np.asarray(~np.isnat(filed_on))


@validity(LAW[46], only=_closed, judges_missing=["resettled"])
def everybody_is_resettled(resettled: Codes) -> Flags:
    """When a home closes, whoever lived there has been found another place."""
    return np.asarray(resettled == 1)


@validity(None, Severity.WARNING, only=_stopped, judges_missing=["notice_on"])
def stopping_was_announced(notice_on: Days) -> Flags:
    """Before a home stops, the register has the notice of it."""
    return np.asarray(~np.isnat(notice_on))


@validity(OPINIONS, only=_prepaid_home_closed)
def closing_is_announced_in_time(notice_on: Days, stopped_on: Days, closing_notice_days: Counts) -> Flags:
    """A home that takes fees in advance announces its closing at least so many days before."""
    return np.asarray(notice_on <= stopped_on - closing_notice_days.astype("timedelta64[D]"))


@validity(None, only=_stopped)
def plan_is_handed_in_in_time(plan_on: Days, stopped_on: Days, resettlement_plan_days: Counts) -> Flags:
    """A home that stops hands in its plan of resettlement at least so many days before."""
    return np.asarray(plan_on <= stopped_on - resettlement_plan_days.astype("timedelta64[D]"))


def _same_day(fact: str, event: Event) -> str:
    day = event.facts.get(fact)
    return "" if day == event.on else f"{fact} is {day}, and the event is of {event.on}; give one day"


def _not_later(event: Event, *facts: str) -> str:
    late = [
        f"{fact} is {day}, after the event of {event.on}"
        for fact in facts
        if isinstance(day := event.facts.get(fact), date) and day > event.on
    ]
    return "; ".join(late)


def _stops(held: Facts, event: Event) -> str:
    return _same_day("stopped_on", event)


def _files(held: Facts, event: Event) -> str:
    return _not_later(event, "filed_on")


def _grades(held: Facts, event: Event) -> str:
    return _not_later(event, "graded_on")


def _notices(held: Facts, event: Event) -> str:
    return _not_later(event, "notice_on", "plan_on")


_OWN = ("tier", "nursing_beds", "contracts", "first_admitted", "prepays")
_STOP = ("notice_on", "plan_on", "stopped_on")
_GRADE = ("grade", "graded_on")
_ALIVE = (InstitutionState.OPEN, InstitutionState.SUSPENDED)
_REPLACED = (InstitutionAction.COUNT, InstitutionAction.SUSPEND, InstitutionAction.RESUME, InstitutionAction.CLOSE)

STEPS = (
    *(
        step
        for step in institution_steps(needs=("kind",), may=_OWN)
        if step.action not in _REPLACED
    ),
    Step(action=InstitutionAction.COUNT, before=_ALIVE, needs=("residents",), may=("contracts",)),
    Step(
        action=HomeAction.FILE, before=_ALIVE, needs=("filed_on",), may=("filed_with",), guard=_files,
        source=LAW.article(43, paragraph=3),
    ),
    Step(action=HomeAction.GRADE, before=_ALIVE, needs=_GRADE, guard=_grades),
    Step(action=HomeAction.LOSE_GRADE, before=_ALIVE, clears=_GRADE),
    Step(action=HomeAction.GIVE_NOTICE, before=_ALIVE, needs=("notice_on",), may=("plan_on",), guard=_notices),
    Step(action=HomeAction.TAKE_BACK_NOTICE, before=(InstitutionState.OPEN,), clears=_STOP),
    Step(
        action=InstitutionAction.SUSPEND, before=(InstitutionState.OPEN,), after=InstitutionState.SUSPENDED,
        needs=("stopped_on",), guard=_stops,
    ),
    Step(
        action=InstitutionAction.RESUME, before=(InstitutionState.SUSPENDED,), after=InstitutionState.OPEN, clears=_STOP
    ),
    Step(
        action=InstitutionAction.CLOSE, before=_ALIVE, after=InstitutionState.CLOSED, needs=("stopped_on", "resettled"),
        clears=("residents", "contracts"), guard=_stops, source=LAW[46],
    ),
)  # fmt: skip

ELDERCARE_HOMES: RegisterKind[EldercareHome] = RegisterKind(
    name="eldercare homes", label_zh="养老机构", record=EldercareHome, steps=STEPS, place="place",
    values={name: PARAMETERS[name] for name in ("closing_notice_days", "resettlement_plan_days")},
    dated={"closing_notice_days": "stopped_on", "resettlement_plan_days": "stopped_on"},
    rules=(
        *INSTITUTION_RULES, nursing_beds_are_beds, every_resident_has_a_contract, home_is_filed,
        everybody_is_resettled, stopping_was_announced, closing_is_announced_in_time, plan_is_handed_in_in_time,
    ),
)  # fmt: skip
