"""Children whom civil affairs looks after: temporary and long-term guardianship (临时监护、长期监护) and its end."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import AgeAttained, LeapDay, add_months_to, day_attained
from civaffairs.labels import Labelled
from civaffairs.law.citation import document
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Codes, Days, Flags, Texts, entry
from civaffairs.registers.institutions.values import PARAMETERS
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity
from civaffairs.registers.view import View

MINORS_LAW = document("minors-law")
CIVIL_CODE = document("civil-code")
ADOPTION_MEASURES = document("adoption-registration-measures")
ADULT = 18


class TemporaryGround(Labelled):
    """Why a child is in temporary guardianship: the seven items of art. 92 of the law on minors, in their order."""

    ROAMING_OR_UNIDENTIFIED = ("roaming_or_unidentified", "流浪乞讨或者身份不明，暂时查找不到监护人")
    GUARDIAN_MISSING = ("guardian_missing", "监护人下落不明且无其他人可以担任监护人")
    GUARDIAN_PREVENTED = ("guardian_prevented", "监护人因客观原因或者突发事件不能履行监护职责")
    LEFT_UNATTENDED = ("left_unattended", "监护人拒绝或者怠于履行监护职责，无人照料")
    INCITED_TO_CRIME = ("incited_to_crime", "监护人教唆、利用违法犯罪，需要带离安置")
    HARMED_OR_THREATENED = ("harmed_or_threatened", "遭受监护人严重伤害或者面临人身安全威胁")
    OTHER_BY_LAW = ("other_by_law", "法律规定的其他情形")


class LongTermGround(Labelled):
    """Why a child is in long-term guardianship: the five items of art. 94 of the law on minors, in their order."""

    PARENTS_NOT_FOUND = ("parents_not_found", "查找不到父母或者其他监护人")
    GUARDIAN_DEAD = ("guardian_dead", "监护人死亡且无其他人可以担任监护人")
    GUARDIAN_INCAPABLE = ("guardian_incapable", "监护人丧失监护能力且无其他人可以担任监护人")
    GUARDIAN_DEPRIVED = ("guardian_deprived", "法院撤销监护人资格并指定民政部门")
    OTHER_BY_LAW = ("other_by_law", "法律规定的其他情形")


class PlacedWith(Labelled):
    """With whom a child is placed: the four ways of art. 93 of the law on minors."""

    RELATIVES = ("relatives", "委托亲属抚养")
    FOSTER_FAMILY = ("foster_family", "家庭寄养")
    PROTECTION_AGENCY = ("protection_agency", "未成年人救助保护机构")
    WELFARE_INSTITUTION = ("welfare_institution", "儿童福利机构")


class PlacementState(Labelled):
    """The life of a case."""

    FOUND = ("found", "发现")
    TEMPORARY = ("temporary", "临时监护")
    LONG_TERM = ("long_term", "长期监护")
    RETURNED = ("returned", "送回监护人")
    ADOPTED = ("adopted", "被收养")
    LEFT_AS_ADULT = ("left_as_adult", "成年离院")
    TRANSFERRED = ("transferred", "转移")


class PlacementAction(Labelled):
    """What happens to a case."""

    FIND = ("find", "发现")
    TAKE_TEMPORARILY = ("take_temporarily", "临时监护")
    TAKE_FOR_LONG = ("take_for_long", "长期监护")
    PLACE_ELSEWHERE = ("place_elsewhere", "变更安置")
    SEARCH_PARENTS = ("search_parents", "公告查找生父母")
    RETURN = ("return", "送回监护人")
    ADOPT = ("adopt", "收养")
    LEAVE_AS_ADULT = ("leave_as_adult", "成年离院")
    TRANSFER = ("transfer", "转移")


@attrs.frozen(kw_only=True)
class Placement:
    """One case of one child; what tells who the child is is never shown."""

    key: str = entry(Kind.KEY, "编号", "number of the case")
    state: PlacementState = entry(Kind.CHOICE, "状态", "state", choices=PlacementState)
    place: str = entry(Kind.PLACE, "所在政区", "division whose civil affairs department looks after the child")
    child: str = entry(Kind.TEXT, "儿童", "opaque key of the child", personal=True)
    born: date | None = entry(Kind.DATE, "出生日期", "day of birth, estimated where it is not known", personal=True)
    temporary_ground: TemporaryGround | None = entry(
        Kind.CHOICE, "临时监护情形", "item of art. 92", choices=TemporaryGround
    )
    long_term_ground: LongTermGround | None = entry(
        Kind.CHOICE, "长期监护情形", "item of art. 94", choices=LongTermGround
    )
    placed: PlacedWith | None = entry(Kind.CHOICE, "安置方式", "with whom", choices=PlacedWith)
    institution: str = entry(Kind.TEXT, "安置机构", "key of the institution that keeps the child, if one does")
    guardian_assessed: date | None = entry(Kind.DATE, "监护评估", "day on which the guardian was found fit again")
    notice: date | None = entry(Kind.DATE, "查找公告", "day on which the search for the parents was published")
    adopter_assessed: date | None = entry(Kind.DATE, "收养评估", "day of the assessment of the adoption")
    adopted: date | None = entry(Kind.DATE, "收养登记", "day on which the adoption was registered")
    consents: bool | None = entry(Kind.FLAG, "本人同意", "whether the child consents to the adoption")
    destination: str = entry(Kind.TEXT, "转入单位", "which department or institution took the case over")


Counts = NDArray[np.int64]

IN_CARE = (PlacementState.TEMPORARY, PlacementState.LONG_TERM)
_HOUSED = (PlacedWith.PROTECTION_AGENCY, PlacedWith.WELFARE_INSTITUTION)


def _among(column: Codes, members: tuple[Labelled, ...]) -> Flags:
    return np.asarray(np.isin(column, [member.number for member in members]))


def _temporary(state: Codes) -> Flags:
    return _among(state, (PlacementState.TEMPORARY,))


def _for_long(state: Codes) -> Flags:
    return _among(state, (PlacementState.LONG_TERM,))


def _in_care(state: Codes) -> Flags:
    return _among(state, IN_CARE)


def housed(state: Codes, placed: Codes) -> Flags:
    """Mark children whom an institution keeps."""
    return _in_care(state) & _among(placed, _HOUSED)


def _adopted(state: Codes) -> Flags:
    return np.asarray(state == PlacementState.ADOPTED.number)


def _adopted_unfound(state: Codes, long_term_ground: Codes) -> Flags:
    return np.asarray(_adopted(state) & (long_term_ground == LongTermGround.PARENTS_NOT_FOUND.number))


@validity(MINORS_LAW[92], Severity.INVARIANT, only=_temporary, judges_missing=["temporary_ground"])
def temporary_under_a_ground(temporary_ground: Codes) -> Flags:
    """A child is in temporary guardianship only under one of the seven grounds of the article."""
    return np.asarray(temporary_ground >= 0)


@validity(MINORS_LAW[94], Severity.INVARIANT, only=_for_long, judges_missing=["long_term_ground"])
def long_term_under_a_ground(long_term_ground: Codes) -> Flags:
    """A child is in long-term guardianship only under one of the five grounds of the article."""
    return np.asarray(long_term_ground >= 0)


@validity(MINORS_LAW[93], Severity.INVARIANT, only=_in_care, judges_missing=["placed", "institution"])
def institution_is_named(placed: Codes, institution: Texts) -> Flags:
    """The institution is named where one keeps the child, and only there."""
    return np.asarray(_among(placed, _HOUSED) == (institution != ""))


@validity(None, Severity.INVARIANT, only=_in_care)
def one_case_a_child(state: Codes, child: Texts) -> Flags:
    """A child has one open case."""
    there = _in_care(state)
    names, counts = np.unique(child[there], return_counts=True)
    return np.asarray(~np.isin(child, names[counts > 1]))


@validity(MINORS_LAW.article(96, paragraph=2), Severity.INVARIANT, only=housed)
def institution_is_registered(institution: Texts, children_institutions: View[object]) -> Flags:
    """The institution that keeps a child is in the register of children's institutions."""
    return np.asarray(np.isin(institution, np.array(list(children_institutions), np.str_)))


@validity(None, Severity.BREACH, only=housed)
def institution_has_a_bed(
    state: Codes, placed: Codes, institution: Texts, children_institutions: View[object]
) -> Flags:
    """An institution keeps no more children than it has beds."""
    there = housed(state, placed)
    names, index = np.unique(institution, return_inverse=True)
    kept = np.bincount(index[there], minlength=len(names))
    beds = dict(zip(children_institutions, children_institutions.columns("beds")["beds"].tolist(), strict=True))
    # Beds that are not stated limit nothing, and an institution that is not registered is another rule's matter.
    room = np.array([beds.get(name, -1) for name in names.tolist()], np.int64)
    return np.asarray(((kept <= room) | (room < 0))[index])


@validity(CIVIL_CODE[17], Severity.REVIEW, only=_in_care)
def still_a_minor(born: Days, on: np.datetime64) -> Flags:
    """Who has turned eighteen is in no guardianship as a minor any more."""
    return np.asarray(_birthday(born, np.full(len(born), ADULT)) > on)


@validity(ADOPTION_MEASURES.article(8, paragraph=2), only=_adopted_unfound, judges_missing=["notice"])
def parents_were_searched_for(notice: Days, adopted: Days, adoption_notice_days: Counts) -> Flags:
    """Where the parents are not found, an adoption is registered after the public search has run in full."""
    over = notice + adoption_notice_days.astype("timedelta64[D]") < adopted  # the day of the notice is not counted
    return np.asarray(~np.isnat(notice) & over)


@validity(MINORS_LAW[95], only=_adopted, judges_missing=["adopter_assessed"])
def adopters_were_assessed(adopter_assessed: Days, adopted: Days) -> Flags:
    """A child in long-term guardianship is adopted after an assessment."""
    return np.asarray(~np.isnat(adopter_assessed) & (adopter_assessed <= adopted))


@validity(CIVIL_CODE[1104], only=_adopted, judges_missing=["consents"])
def child_consents(born: Days, adopted: Days, consents: Codes, adoption_consent_age: Counts) -> Flags:
    """A child of eight years or more consents to the adoption."""
    return np.asarray((_birthday(born, adoption_consent_age) > adopted) | (consents == 1))


def _birthday(born: Days, years: Counts) -> Days:
    """The day on which each completes so many years; of 29 February, the last of the month in a common year."""
    numbers = np.where(np.isnat(born), 0, born.astype(np.int64)).astype(np.int32)
    attained = add_months_to(numbers, np.asarray(years, np.int64) * 12).astype("datetime64[D]")
    return np.where(np.isnat(born), np.datetime64("NaT"), attained)


def _told_in_time(fact: str, what: str, event: Event) -> str:
    day = event.facts.get(fact)
    late = isinstance(day, date) and day > event.on
    return f"{what} is of {day}, after {event.on}" if late else ""


def _fit_again(held: Facts, event: Event) -> str:
    return _told_in_time("guardian_assessed", "the assessment of the guardian", event)


def _published(held: Facts, event: Event) -> str:
    return _told_in_time("notice", "the notice", event)


def _registered_today(held: Facts, event: Event) -> str:
    day = event.facts["adopted"]
    return "" if day == event.on else f"the adoption begins on the day of its registration, {day}, not on {event.on}"


def _adult(held: Facts, event: Event) -> str:
    born = event.facts.get("born", held.get("born"))
    if not isinstance(born, date):
        return "the day of birth is not stated; state it, or an estimate"
    grown = day_attained(born, ADULT, AgeAttained.BIRTHDAY, LeapDay.FEB_28)
    return "" if grown <= event.on else f"the child is not eighteen on {event.on}"


State, Action = PlacementState, PlacementAction
STEPS = (
    Step(action=Action.FIND, after=State.FOUND, needs=("place", "child"), may=("born",)),
    Step(
        action=Action.TAKE_TEMPORARILY, before=(State.FOUND,), after=State.TEMPORARY,
        needs=("temporary_ground", "placed"), may=("institution", "born"), source=MINORS_LAW[92],
    ),
    Step(
        action=Action.TAKE_FOR_LONG, before=(State.FOUND, State.TEMPORARY), after=State.LONG_TERM,
        needs=("long_term_ground", "placed"), may=("institution", "born"), clears=("institution",),
        source=MINORS_LAW[94],
    ),
    Step(
        action=Action.PLACE_ELSEWHERE, before=IN_CARE, needs=("placed",), may=("institution",),
        clears=("institution",), source=MINORS_LAW[93],
    ),
    Step(
        action=Action.SEARCH_PARENTS, before=IN_CARE, needs=("notice",), guard=_published,
        source=ADOPTION_MEASURES.article(8, paragraph=2),
    ),
    Step(
        action=Action.RETURN, before=(State.TEMPORARY,), after=State.RETURNED, needs=("guardian_assessed",),
        clears=("placed", "institution"), guard=_fit_again, source=MINORS_LAW.article(93, paragraph=2),
    ),
    Step(
        action=Action.ADOPT, before=(State.LONG_TERM,), after=State.ADOPTED, needs=("adopted",),
        may=("adopter_assessed", "consents", "born"), clears=("placed", "institution"), guard=_registered_today,
        source=MINORS_LAW[95],
    ),
    Step(
        action=Action.LEAVE_AS_ADULT, before=IN_CARE, after=State.LEFT_AS_ADULT, may=("born",),
        clears=("placed", "institution"), guard=_adult, source=CIVIL_CODE[17],
    ),
    Step(
        action=Action.TRANSFER, before=IN_CARE, after=State.TRANSFERRED, needs=("destination",),
        clears=("placed", "institution"),
    ),
)  # fmt: skip

PLACEMENTS: RegisterKind[Placement] = RegisterKind(
    name="placements", label_zh="民政监护儿童", record=Placement, steps=STEPS, place="place",
    values={name: PARAMETERS[name] for name in ("adoption_notice_days", "adoption_consent_age")},
    beside=("children_institutions",),
    rules=(
        temporary_under_a_ground, long_term_under_a_ground, institution_is_named, one_case_a_child,
        institution_is_registered, institution_has_a_bed, still_a_minor, parents_were_searched_for,
        adopters_were_assessed, child_consents,
    ),
)  # fmt: skip
