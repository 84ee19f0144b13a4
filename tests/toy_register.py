"""A small register for the tests of what all registers share: beds of a home, with an owner that is personal."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled
from civaffairs.law.lookup import Parameter, UnknownSpan
from civaffairs.law.timeline import Row, Standing
from civaffairs.law.values import Unit, ValueKind
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Flags, entry
from civaffairs.registers.history import Register
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity


class BedState(Labelled):
    """A bed's life."""

    FREE = ("free", "空置")
    TAKEN = ("taken", "占用")
    GONE = ("gone", "撤除")


class BedAction(Labelled):
    """What happens to a bed."""

    SET_UP = ("set_up", "设置")
    TAKE = ("take", "入住")
    LEAVE = ("leave", "离开")
    REMOVE = ("remove", "撤除")


@attrs.frozen(kw_only=True)
class Bed:
    """A bed."""

    key: str = entry(Kind.KEY, "编号", "number of the bed")
    state: BedState = entry(Kind.CHOICE, "状态", "state", choices=BedState)
    place: str = entry(Kind.PLACE, "所在政区", "where it stands")
    room: str = entry(Kind.TEXT, "房间", "room")
    area_cm2: int | None = entry(Kind.AREA, "面积", "ground it takes")
    holder: str = entry(Kind.TEXT, "入住人", "who lies in it", personal=True)
    until: date | None = entry(Kind.DATE, "期限", "to when")
    fee: int | None = entry(Kind.FEN, "费用", "fen a month", high=10**9)
    lit: bool | None = entry(Kind.FLAG, "有窗", "has a window")
    longitude: float | None = entry(Kind.DEGREES, "经度", "degrees east")
    latitude: float | None = entry(Kind.DEGREES, "纬度", "degrees north")
    names: tuple[str, ...] = entry(Kind.TEXTS, "别名", "what else it is called")


def _has_holder(holder: NDArray[np.str_]) -> Flags:
    return np.asarray(holder != "")


@validity(None, Severity.INVARIANT, judges_missing=["holder"])
def taken_by_somebody(state: NDArray[np.int8], holder: NDArray[np.str_]) -> Flags:
    """A bed has a holder exactly while it is taken."""
    return np.asarray((state == BedState.TAKEN.number) == (holder != ""))


@validity(None)
def large_enough(area_cm2: NDArray[np.int64], least_area: NDArray[np.int64]) -> Flags:
    """A bed has at least the least area."""
    return area_cm2 >= least_area


@validity(None, Severity.WARNING, only=_has_holder)
def not_overdue(until: NDArray[np.datetime64], on: np.datetime64) -> Flags:
    """A bed is not held beyond its day."""
    return np.asarray(until >= on)


@validity(None, Severity.INVARIANT, judges_missing=["room"], since=date(2020, 1, 1))
def one_bed_a_room(room: NDArray[np.str_]) -> Flags:
    """No two beds stand in one room."""
    _, index, counts = np.unique(room, return_inverse=True, return_counts=True)
    return np.asarray((counts[index] == 1) | (room == ""))


def _not_too_long(held: Facts, event: Event) -> str:
    until = event.facts["until"]
    return "nobody stays for more than ten years" if isinstance(until, date) and until.year > event.on.year + 10 else ""


LEAST_AREA = Parameter(
    name="least_area", scheme="beds", title_en="Least area", title_zh="最小面积", unit=Unit.SQUARE_CENTIMETRES,
    kind=ValueKind.COUNT, choices=(), by="place", checked=date(2026, 1, 1),
    rows=(Row(place="450000", value=20_000, in_force=date(2015, 1, 1), standing=Standing.ASSUMED, why="a toy"),),
    unknowns=(UnknownSpan(place="450181", where_to_look="nowhere"),),
)  # fmt: skip

STEPS = (
    Step(
        action=BedAction.SET_UP, after=BedState.FREE, needs=("place", "area_cm2"),
        may=("room", "fee", "lit", "longitude", "latitude", "names"),
    ),
    Step(
        action=BedAction.TAKE, before=(BedState.FREE,), after=BedState.TAKEN, needs=("holder", "until"),
        guard=_not_too_long,
    ),
    Step(action=BedAction.LEAVE, before=(BedState.TAKEN,), after=BedState.FREE, clears=("holder", "until")),
    Step(action=BedAction.REMOVE, before=(BedState.FREE,), after=BedState.GONE, clears=("room",)),
)  # fmt: skip

BEDS: RegisterKind[Bed] = RegisterKind(
    name="beds", label_zh="床位", record=Bed, steps=STEPS, place="place", values={"least_area": LEAST_AREA},
    rules=(taken_by_somebody, large_enough, not_overdue, one_bed_a_room),
)  # fmt: skip


def set_up(key: str, on: date, **facts: object) -> Event:
    """Set up a bed of two square metres in Nanning, unless told otherwise."""
    told: dict[str, object] = {"place": "450103", "area_cm2": 20_000} | facts
    return Event(key=key, action=BedAction.SET_UP, on=on, document="order 1", facts=told)  # type: ignore[arg-type]


def beds(*events: Event) -> Register[Bed]:
    """Make a register of beds with some events."""
    return Register(BEDS).add(*events)
