"""Rooms for eldercare in new estates (配套社区居家养老服务用房): what an estate must provide, by its own day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document
from civaffairs.law.parameters import load_parameters
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Codes, Flags, entry
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity

MEASURES = Citation(document("estate-rooms-nanning-2019"))
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
"""The norm, and from when to when it is known to have held."""

LARGEST_ESTATE = 10**6
"""Households beyond which lies a typing mistake; below it every product fits in 64 bits."""

Counts = NDArray[np.int64]


class EstateState(Labelled):
    """The life of the rooms of an estate."""

    PLANNED = ("planned", "规划许可")
    ACCEPTED = ("accepted", "竣工验收")
    HANDED_OVER = ("handed_over", "移交")


class EstateAction(Labelled):
    """What happens to the rooms of an estate."""

    PLAN = ("plan", "规划许可")
    CHANGE = ("change", "变更")
    ACCEPT = ("accept", "竣工验收")
    HAND_OVER = ("hand_over", "移交")


@attrs.frozen(kw_only=True)
class EstateRooms:
    """The rooms for eldercare of one new estate."""

    key: str = entry(Kind.KEY, "编号", "number of the estate")
    state: EstateState = entry(Kind.CHOICE, "状态", "state", choices=EstateState)
    place: str = entry(Kind.PLACE, "所在政区", "division where the estate stands")
    name: str = entry(Kind.TEXT, "小区名称", "name of the estate")
    planned_on: date | None = entry(Kind.DATE, "规划许可日期", "day whose norm the estate is held to")
    households: int | None = entry(Kind.COUNT, "户数", "households of the estate", low=1, high=LARGEST_ESTATE)
    rooms: int | None = entry(Kind.COUNT, "用房处数", "how many separate rooms there are", high=1000)
    floor_cm2: int | None = entry(Kind.AREA, "用房建筑面积", "floor of all rooms together")
    smallest_cm2: int | None = entry(Kind.AREA, "最小一处建筑面积", "floor of the smallest room")
    storey: int | None = entry(
        Kind.COUNT, "所在楼层", "highest floor with a room, from 1 for the ground", low=1, high=200
    )
    underground: bool | None = entry(Kind.FLAG, "地下或者夹层", "whether any lies in a basement or on a mezzanine")
    storey_height_cm: int | None = entry(Kind.COUNT, "层高", "lowest height of a storey with a room, cm", high=2000)
    lift_or_ramp: bool | None = entry(Kind.FLAG, "电梯或者无障碍坡道", "whether a lift or a ramp leads up")
    accepted_on: date | None = entry(Kind.DATE, "竣工验收日期", "day of the acceptance")
    handed_over_on: date | None = entry(Kind.DATE, "移交日期", "day on which the rooms were handed over")


def required_floor(households: Counts | int, on: date, place: str) -> Counts:
    """Work out the floor that estates of so many households must provide together, by the norm of a day.

    A part of a hundred households counts in proportion; the least floor of a single room is a rule of its own.

    Parameters
    ----------
    households
        Households, any shape.
    on
        The day of the planning permit.
    place
        Division of six digits.

    Returns
    -------
    array
        cm², rounded up to a whole one.

    Raises
    ------
    NotPublished
        Where the norm of the day and place is not known, with where one would look.

    Examples
    --------
    >>> (required_floor(np.array([100, 1000, 1250]), date(2020, 6, 1), "450103") / 10_000).tolist()
    [30.0, 300.0, 375.0]
    """
    count = np.asarray(households, np.int64)
    if count.size and (count.min() < 1 or count.max() > LARGEST_ESTATE):
        msg = f"an estate has 1 to {LARGEST_ESTATE:,} households, not {count.min():,} to {count.max():,}"
        raise UsageError(msg)
    per_hundred = _whole(PARAMETERS["room_cm2_a_hundred_households"].at(place, on).value)
    return np.asarray(-(-per_hundred * count // 100))


def _whole(value: object) -> int:
    if not isinstance(value, int):
        msg = f"the norm is {value!r}; give a whole number"
        raise UsageError(msg)
    return value


@validity(MEASURES)
def floor_is_enough(households: Counts, floor_cm2: Counts, room_cm2_a_hundred_households: Counts) -> Flags:
    """The rooms of an estate have together the floor that its households ask for."""
    return np.asarray(100 * floor_cm2 >= room_cm2_a_hundred_households * households)


@validity(MEASURES)
def every_room_is_large_enough(smallest_cm2: Counts, least_room_cm2: Counts) -> Flags:
    """No room is smaller than one room must be."""
    return np.asarray(smallest_cm2 >= least_room_cm2)


@validity(MEASURES)
def storey_is_high_enough(storey_height_cm: Counts, least_storey_cm: Counts) -> Flags:
    """The storeys of the rooms are as high as they must be."""
    return np.asarray(storey_height_cm >= least_storey_cm)


@validity(MEASURES)
def rooms_are_not_high_up(storey: Counts, underground: Codes, highest_storey: Counts) -> Flags:
    """The rooms lie on the lowest floors, in no basement and on no mezzanine."""
    return np.asarray((storey <= highest_storey) & (underground == 0))


@validity(MEASURES)
def rooms_above_ground_are_within_reach(storey: Counts, lift_or_ramp: Codes, lift_from_storey: Counts) -> Flags:
    """A lift or a ramp leads to rooms that are not on the ground floor."""
    return np.asarray((lift_or_ramp == 1) | (storey < lift_from_storey))


@validity(None, Severity.INVARIANT)
def smallest_is_no_more_than_the_mean(rooms: Counts, floor_cm2: Counts, smallest_cm2: Counts) -> Flags:
    """The smallest of so many rooms, so many times, is no more than all rooms together."""
    return np.asarray((rooms > 0) & (smallest_cm2 <= floor_cm2 // np.maximum(rooms, 1)))


def _of_the_day(fact: str, event: Event) -> str:
    day = event.facts.get(fact)
    return "" if day == event.on else f"{fact} is {day}, and the event is of {event.on}; give one day"


def _planned(held: Facts, event: Event) -> str:
    return _of_the_day("planned_on", event)


def _accepted(held: Facts, event: Event) -> str:
    return _of_the_day("accepted_on", event)


def _handed_over(held: Facts, event: Event) -> str:
    return _of_the_day("handed_over_on", event)


State, Action = EstateState, EstateAction
_TOLD = (
    "rooms", "floor_cm2", "smallest_cm2", "storey", "underground", "storey_height_cm", "lift_or_ramp",
)  # fmt: skip

ESTATE_ROOMS: RegisterKind[EstateRooms] = RegisterKind(
    name="eldercare rooms of estates", label_zh="住宅小区配套社区居家养老服务用房", record=EstateRooms, place="place",
    values=PARAMETERS, dated=dict.fromkeys(PARAMETERS, "planned_on"),
    steps=(
        Step(
            action=Action.PLAN, after=State.PLANNED, needs=("place", "name", "planned_on", "households"), may=_TOLD,
            guard=_planned,
        ),
        Step(action=Action.CHANGE, before=(State.PLANNED,), may=("households", *_TOLD)),
        Step(
            action=Action.ACCEPT, before=(State.PLANNED,), after=State.ACCEPTED, needs=("accepted_on",), may=_TOLD,
            guard=_accepted,
        ),
        Step(
            action=Action.HAND_OVER, before=(State.ACCEPTED,), after=State.HANDED_OVER, needs=("handed_over_on",),
            guard=_handed_over,
        ),
    ),
    rules=(
        smallest_is_no_more_than_the_mean, floor_is_enough, every_room_is_large_enough, storey_is_high_enough,
        rooms_are_not_high_up, rooms_above_ground_are_within_reach,
    ),
)  # fmt: skip
