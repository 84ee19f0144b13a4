"""Clients of rehabilitation where people live (精神障碍社区康复): consent, assessment before and after, referral."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np

from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Codes, Days, Flags, Texts, entry
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity

HEALTH_LAW = document("mental-health-law")
ACTION = Citation(document("rehab-action-2022"))


class Referral(Labelled):
    """From where to where a client is referred."""

    HOSPITAL_TO_COMMUNITY = ("hospital_to_community", "医院转社区")
    COMMUNITY_TO_HOSPITAL = ("community_to_hospital", "社区转医院")
    FAMILY_TO_COMMUNITY = ("family_to_community", "家庭转社区")


class ClientState(Labelled):
    """The course of rehabilitation."""

    REGISTERED = ("registered", "登记")
    ASSESSED = ("assessed", "评估")
    SIGNED = ("signed", "签约")
    SERVED = ("served", "康复服务")
    REASSESSED = ("reassessed", "复评")
    REFERRED = ("referred", "转介医疗")
    CLOSED = ("closed", "结案")


class ClientAction(Labelled):
    """What happens to a client."""

    REGISTER = ("register", "登记")
    ASSESS = ("assess", "评估")
    SIGN = ("sign", "签约")
    BEGIN = ("begin", "开始服务")
    REASSESS = ("reassess", "复评")
    GO_ON = ("go_on", "继续服务")
    REFER = ("refer", "转介医疗")
    REFER_IN_DANGER = ("refer_in_danger", "危险转医")
    WITHDRAW = ("withdraw", "撤回同意")
    CLOSE = ("close", "结案")


@attrs.frozen(kw_only=True)
class RehabClient:
    """One client; by art. 4 of the Mental Health Law nothing that tells who it is is shown."""

    key: str = entry(Kind.KEY, "编号", "opaque key of the case")
    state: ClientState = entry(Kind.CHOICE, "状态", "state", choices=ClientState)
    place: str = entry(Kind.PLACE, "所在县区", "county-level division that serves the client")
    person: str = entry(Kind.TEXT, "对象", "opaque key of the person", personal=True)
    diagnosis: str = entry(Kind.TEXT, "诊断", "diagnosis", personal=True)
    guardian: str = entry(Kind.TEXT, "监护人", "opaque key of the guardian, if there is one", personal=True)
    centre: str = entry(Kind.TEXT, "康复机构", "key of the centre")
    came_by: Referral | None = entry(Kind.CHOICE, "转入方式", "by which referral the client came", choices=Referral)
    consents: bool | None = entry(Kind.FLAG, "知情同意", "whether the client consents; it may be withdrawn at any time")
    in_danger: bool | None = entry(Kind.FLAG, "危险", "whether there is danger to the client or others", personal=True)
    assessed: date | None = entry(Kind.DATE, "首次评估", "day of the assessment before the service")
    reassessed: date | None = entry(Kind.DATE, "复评", "day of the last assessment since the service began")


State, Action = ClientState, ClientAction
_COURSE = (State.SIGNED, State.SERVED, State.REASSESSED)


def _in_service(state: Codes) -> Flags:
    return np.asarray(np.isin(state, [member.number for member in _COURSE]))


def _ended(state: Codes, consents: Codes, in_danger: Codes) -> Flags:
    """Ended in the ordinary way: neither on withdrawal nor because of danger, which wait for no assessment."""
    over = np.isin(state, [State.REFERRED.number, State.CLOSED.number])
    return np.asarray(over & (consents == 1) & (in_danger != 1))


@validity(None, Severity.INVARIANT, only=_in_service, judges_missing=["consents"])
def client_consents(consents: Codes) -> Flags:
    """H1: nobody is served without consent."""
    return np.asarray(consents == 1)


@validity(ACTION, Severity.WARNING, only=_ended, judges_missing=["assessed", "reassessed"])
def assessed_before_and_after(assessed: Days, reassessed: Days) -> Flags:
    """H2: who is referred or leaves was assessed before the service and again at its end."""
    return np.asarray(~np.isnat(assessed) & ~np.isnat(reassessed) & (reassessed >= assessed))


@validity(HEALTH_LAW.article(30, paragraph=2), Severity.REVIEW, only=_in_service, judges_missing=["in_danger"])
def danger_is_for_a_doctor(in_danger: Codes) -> Flags:
    """Where there is danger to the client or others, a doctor judges whether a hospital must treat the disorder."""
    return np.asarray(in_danger != 1)


@validity(None, Severity.INVARIANT, only=_in_service)
def one_course_a_person(state: Codes, person: Texts) -> Flags:
    """A person is served in one case at a time."""
    names, counts = np.unique(person[_in_service(state)], return_counts=True)
    return np.asarray(~np.isin(person, names[counts > 1]))


def _consent(held: Facts, event: Event) -> str:
    return "" if event.facts["consents"] else "nobody is signed up without consent"


def _withdrawn(held: Facts, event: Event) -> str:
    return "" if event.facts["consents"] is False else "state consents as no: that is what is withdrawn"


def _danger(held: Facts, event: Event) -> str:
    return "" if event.facts["in_danger"] else "state the danger, or refer after an assessment"


def _in_time(fact: str, event: Event) -> str:
    day = event.facts[fact]
    late = isinstance(day, date) and day > event.on
    return f"the assessment is of {day}, after {event.on}" if late else ""


def _assessed(held: Facts, event: Event) -> str:
    return _in_time("assessed", event)


def _reassessed(held: Facts, event: Event) -> str:
    return _in_time("reassessed", event)


_ANY = (State.REGISTERED, State.ASSESSED, *_COURSE)
STEPS = (
    Step(
        action=Action.REGISTER, after=State.REGISTERED, needs=("place", "person"),
        may=("diagnosis", "guardian", "came_by", "in_danger"),
    ),
    Step(
        action=Action.ASSESS, before=(State.REGISTERED,), after=State.ASSESSED, needs=("assessed",),
        may=("in_danger", "diagnosis"), guard=_assessed, source=ACTION,
    ),
    Step(
        action=Action.SIGN, before=(State.ASSESSED,), after=State.SIGNED, needs=("consents", "centre"),
        guard=_consent,
    ),
    Step(action=Action.BEGIN, before=(State.SIGNED,), after=State.SERVED, source=HEALTH_LAW[54]),
    Step(
        action=Action.REASSESS, before=(State.SERVED,), after=State.REASSESSED, needs=("reassessed",),
        may=("in_danger",), guard=_reassessed, source=ACTION,
    ),
    Step(action=Action.GO_ON, before=(State.REASSESSED,), after=State.SERVED, clears=("reassessed",)),
    Step(action=Action.REFER, before=(State.SERVED, State.REASSESSED), after=State.REFERRED, source=ACTION),
    Step(
        action=Action.REFER_IN_DANGER, before=_ANY, after=State.REFERRED, needs=("in_danger",), guard=_danger,
        source=HEALTH_LAW.article(30, paragraph=2),
    ),
    Step(action=Action.WITHDRAW, before=_COURSE, after=State.CLOSED, needs=("consents",), guard=_withdrawn),
    Step(action=Action.CLOSE, before=(State.SERVED, State.REASSESSED), after=State.CLOSED),
)  # fmt: skip

CLIENTS: RegisterKind[RehabClient] = RegisterKind(
    name="rehabilitation clients", label_zh="精神障碍社区康复对象", record=RehabClient, steps=STEPS, place="place",
    rules=(client_consents, assessed_before_and_after, danger_is_for_a_doctor, one_course_a_person),
)  # fmt: skip
