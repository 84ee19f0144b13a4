"""Stays at assistance stations (救助站): who came, for how long, and how the stay ended; nothing tells who it was."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Codes, Days, Flags, Texts, entry
from civaffairs.registers.institutions.values import PARAMETERS
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity

MEASURES = document("vagrants-measures-2003")
ASSISTANCE_LAW = document("social-assistance-law")
MINORS_LAW = document("minors-law")
LAW_BEGINS = date(2026, 7, 1)


class TargetGroup(Labelled):
    """Whom a station is for, as the law of the day calls them."""

    VAGRANTS = ("vagrants_and_beggars", "城市生活无着的流浪乞讨人员")
    ADRIFT = ("persons_adrift_without_support", "生活无着的流散人员")


def target_group(on: date) -> tuple[TargetGroup, Citation]:
    """Tell whom stations are for on a day, and where that stands.

    Whether the measures of 2003 were repealed on 2026-07-01 is not known: the law's last article says only when it
    begins. The name is the law's from that day on; what the measures demand is then for a person to look at.

    Examples
    --------
    >>> [target_group(day)[0].label_zh for day in (date(2026, 6, 30), date(2026, 7, 1))]
    ['城市生活无着的流浪乞讨人员', '生活无着的流散人员']
    """
    if on < LAW_BEGINS:
        return TargetGroup.VAGRANTS, MEASURES[1]
    return TargetGroup.ADRIFT, ASSISTANCE_LAW[31]


class StayState(Labelled):
    """The life of a stay."""

    ASKED = ("asked", "求助")
    REFUSED = ("refused", "不予救助")
    IN_STATION = ("in_station", "在站")
    LEFT = ("left", "离站")


class StayAction(Labelled):
    """What happens to a stay."""

    ASK = ("ask", "求助或者发现")
    REFUSE = ("refuse", "不予救助")
    ADMIT = ("admit", "入站")
    REPORT_EXTENSION = ("report_extension", "报告延期")
    TAKE_GUARDIANSHIP = ("take_guardianship", "临时监护")
    LEAVE = ("leave", "离站")


class Outcome(Labelled):
    """How a stay ends."""

    WENT_HOME = ("went_home", "返乡")
    FETCHED = ("fetched", "家庭接回")
    PASSED_ON = ("passed_on", "转送")
    SETTLED = ("settled", "落户安置")
    IN_CARE = ("in_care", "托养")
    IN_HOSPITAL = ("in_hospital", "医疗")
    LEFT_FREELY = ("left_freely", "自行离站")
    ENDED = ("ended", "终止救助")


@attrs.frozen(kw_only=True)
class Stay:
    """One stay of one person."""

    key: str = entry(Kind.KEY, "编号", "opaque key of the stay")
    state: StayState = entry(Kind.CHOICE, "状态", "state", choices=StayState)
    place: str = entry(Kind.PLACE, "所在政区", "division of the station")
    station: str = entry(Kind.TEXT, "救助站", "key of the station")
    person: str = entry(Kind.TEXT, "受助人", "opaque key of the person", personal=True)
    minor: bool | None = entry(Kind.FLAG, "未成年人", "whether the person is under eighteen")
    entered: date | None = entry(Kind.DATE, "入站日", "day of admission")
    extension_reported: date | None = entry(Kind.DATE, "延期报告日", "day on which a longer stay was reported above")
    guardianship: str = entry(Kind.TEXT, "临时监护编号", "key of the case of guardianship of a minor")
    left: date | None = entry(Kind.DATE, "离站日", "day of leaving")
    outcome: Outcome | None = entry(Kind.CHOICE, "离站去向", "how the stay ended", choices=Outcome)
    reason: str = entry(Kind.TEXT, "不予救助理由", "why help was refused")


def _minor_in_station(state: Codes, minor: Codes) -> Flags:
    return np.asarray((state == StayState.IN_STATION.number) & (minor == 1))


def _admitted(state: Codes) -> Flags:
    return np.asarray(state >= StayState.IN_STATION.number)


@validity(None, Severity.WARNING, only=_admitted, judges_missing=["left", "extension_reported"])
def longer_stay_is_reported(
    entered: Days, left: Days, extension_reported: Days, stay_days: NDArray[np.int64], on: np.datetime64
) -> Flags:
    """A6: a stay longer than is ordinary is reported to the civil affairs department above."""
    end = np.where(np.isnat(left), on, left)
    over = (end - entered).astype(np.int64) > stay_days  # the day of admission is not counted
    return np.asarray(~over | ~np.isnat(extension_reported))


@validity(MINORS_LAW.article(92, item=1), Severity.REVIEW, only=_minor_in_station, judges_missing=["guardianship"])
def minor_is_in_guardianship(guardianship: Texts) -> Flags:
    """A5: a minor who begs or roams, and whose guardians are not found, is taken into temporary guardianship."""
    return np.asarray(guardianship != "")


@validity(None, Severity.INVARIANT)
def one_stay_a_person(state: Codes, person: Texts) -> Flags:
    """A person is in one station at a time."""
    there = state == StayState.IN_STATION.number
    names, counts = np.unique(person[there], return_counts=True)
    return np.asarray(~there | ~np.isin(person, names[counts > 1]))


def _entered_today(held: Facts, event: Event) -> str:
    day = event.facts["entered"]
    return "" if day == event.on else f"the stay begins on the day of admission, {day}, not on {event.on}"


def _left_today(held: Facts, event: Event) -> str:
    day = event.facts["left"]
    return "" if day == event.on else f"the stay ends on the day of leaving, {day}, not on {event.on}"


def _reported(held: Facts, event: Event) -> str:
    day = event.facts["extension_reported"]
    late = isinstance(day, date) and day > event.on
    return f"the report is of {day}, after {event.on}" if late else ""


State, Action = StayState, StayAction
STEPS = (
    Step(action=Action.ASK, after=State.ASKED, needs=("place", "station", "person"), may=("minor",)),
    Step(action=Action.REFUSE, before=(State.ASKED,), after=State.REFUSED, needs=("reason",), source=MEASURES[6]),
    Step(
        action=Action.ADMIT, before=(State.ASKED,), after=State.IN_STATION, needs=("entered",),
        may=("minor", "guardianship"), guard=_entered_today, source=MEASURES[6],
    ),
    Step(
        action=Action.REPORT_EXTENSION, before=(State.IN_STATION,), needs=("extension_reported",), guard=_reported,
    ),
    Step(
        action=Action.TAKE_GUARDIANSHIP, before=(State.IN_STATION,), needs=("guardianship",), may=("minor",),
        source=MINORS_LAW.article(92, item=1),
    ),
    Step(
        action=Action.LEAVE, before=(State.IN_STATION,), after=State.LEFT, needs=("left", "outcome"),
        guard=_left_today, source=MEASURES[11],
    ),
)  # fmt: skip

STAYS: RegisterKind[Stay] = RegisterKind(
    name="stays at assistance stations", label_zh="在站受助", record=Stay, steps=STEPS, place="place",
    values={"stay_days": PARAMETERS["stay_days"]},
    rules=(longer_stay_is_reported, minor_is_in_guardianship, one_stay_a_person),
)  # fmt: skip
