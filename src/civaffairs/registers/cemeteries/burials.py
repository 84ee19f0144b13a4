"""Collective ecological burials (集体生态安葬) as a register, and their awards (奖补), exact to the fen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from civaffairs.errors import NotAssessed, UsageError, listed
from civaffairs.labels import Labelled
from civaffairs.law.lookup import Parameter
from civaffairs.law.parameters import load_parameters
from civaffairs.law.timeline import NotPublished
from civaffairs.people.columns import Kind
from civaffairs.registers.cemeteries.styles import ECOLOGICAL, BurialStyle
from civaffairs.registers.fields import Codes, Days, Flags, Numbers, entry
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step
from civaffairs.registers.validity import Severity, validity

PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
"""``award_per_remains``: what was paid for each set of remains, where a report tells it."""

MOST_REMAINS = 10**6
"""A burial of more is a typing mistake; with `LARGEST_AWARD` it keeps every product within 64 bits."""

LARGEST_AWARD = 10**7


class BurialState(Labelled):
    """The life of a collective burial."""

    PLANNED = ("planned", "计划")
    HELD = ("held", "已举办")
    CANCELLED = ("cancelled", "取消")


class BurialAction(Labelled):
    """What happens to it."""

    PLAN = ("plan", "计划")
    RESCHEDULE = ("reschedule", "改期")
    CANCEL = ("cancel", "取消")
    HOLD = ("hold", "举办")
    AWARD = ("award", "发放奖补")
    CORRECT = ("correct", "更正")


@attrs.frozen(kw_only=True)
class CollectiveBurial:
    """One burial of many on one day; whose remains they are is kept elsewhere."""

    key: str = entry(Kind.KEY, "编号", "number of the burial")
    state: BurialState = entry(Kind.CHOICE, "状态", "state", choices=BurialState)
    place: str = entry(Kind.PLACE, "所在政区", "division in which it is held")
    venue: str = entry(Kind.TEXT, "举办地", "cemetery or stretch of sea")
    style: BurialStyle | None = entry(Kind.CHOICE, "安葬方式", "how the ashes are laid to rest", choices=BurialStyle)
    edition: int | None = entry(Kind.COUNT, "届次", "which one it is in its series", low=1)
    planned: date | None = entry(Kind.DATE, "计划日期", "day for which it is planned")
    held: date | None = entry(Kind.DATE, "举办日期", "day on which it was held")
    remains: int | None = entry(Kind.COUNT, "安葬具数", "sets of remains laid to rest", low=1, high=MOST_REMAINS)
    awarded: int | None = entry(Kind.COUNT, "奖补具数", "sets of remains for which an award is paid", high=MOST_REMAINS)
    award_per_remains: int | None = entry(Kind.FEN, "每具奖补", "award for each set of remains", high=LARGEST_AWARD)
    award_total: int | None = entry(Kind.FEN, "奖补总额", "all that is paid")


def _planned(state: Codes) -> Flags:
    return np.asarray(state == BurialState.PLANNED.number)


def _held(state: Codes) -> Flags:
    return np.asarray(state == BurialState.HELD.number)


def _numbered(edition: Numbers) -> Flags:
    return np.asarray(edition >= 1)


@validity(None, Severity.INVARIANT, only=_held)
def total_is_the_product(awarded: Numbers, award_per_remains: Numbers, award_total: Numbers) -> Flags:
    """What is paid in all is the award for each set of remains times how many are awarded."""
    return np.asarray(awarded * award_per_remains == award_total)


@validity(None, Severity.INVARIANT, only=_held)
def awarded_were_laid_to_rest(awarded: Numbers, remains: Numbers) -> Flags:
    """No more awards are paid than remains were laid to rest."""
    return np.asarray(awarded <= remains)


@validity(None, Severity.INVARIANT, only=_numbered)
def one_burial_a_number(place: NDArray[np.str_], style: Codes, edition: Numbers, state: Codes) -> Flags:
    """Of one style in one place no two burials have the same number in their series."""
    live = state != BurialState.CANCELLED.number
    names = np.char.add(np.char.add(place, style.astype(np.str_)), np.char.add("/", edition.astype(np.str_)))
    _, index = np.unique(names, return_inverse=True)
    return np.asarray(~live | (np.bincount(index, live)[index] <= 1))


@validity(None, Severity.REVIEW)
def style_is_ecological(style: Codes) -> Flags:
    """The style is one that Nanning is known to hold as a collective ecological burial."""
    return np.asarray(np.isin(style, [member.number for member in ECOLOGICAL]))


@validity(None, Severity.WARNING, only=_planned)
def planned_day_is_to_come(planned: Days, on: np.datetime64) -> Flags:
    """A burial whose day has passed is held, put off or cancelled."""
    return np.asarray(planned >= on)


def _to_come(held: Facts, event: Event) -> str:
    day = event.facts["planned"]
    passed = isinstance(day, date) and day < event.on
    return f"{day} has passed on {event.on}; plan it for a day to come" if passed else ""


def _today(held: Facts, event: Event) -> str:
    day = event.facts["held"]
    return "" if day == event.on else f"it is held from the day of the burial, {day}, not from {event.on}"


State, Action = BurialState, BurialAction
_AWARD = ("awarded", "award_per_remains", "award_total")
STEPS = (
    Step(
        action=Action.PLAN, after=State.PLANNED, needs=("place", "style", "planned"), may=("venue", "edition"),
        guard=_to_come,
    ),
    Step(action=Action.RESCHEDULE, before=(State.PLANNED,), needs=("planned",), may=("venue",), guard=_to_come),
    Step(action=Action.CANCEL, before=(State.PLANNED,), after=State.CANCELLED),
    Step(
        action=Action.HOLD, before=(State.PLANNED,), after=State.HELD, needs=("held", "remains"),
        may=("style", "venue", "edition", *_AWARD), guard=_today,
    ),
    # A burial of which only a report of the day itself is known.
    Step(
        action=Action.HOLD, after=State.HELD, needs=("place", "style", "held", "remains"),
        may=("venue", "edition", *_AWARD), guard=_today,
    ),
    Step(action=Action.AWARD, before=(State.HELD,), needs=_AWARD),
    Step(action=Action.CORRECT, before=(State.HELD,), may=("remains", "venue", "edition", *_AWARD)),
)  # fmt: skip

COLLECTIVE_BURIALS: RegisterKind[CollectiveBurial] = RegisterKind(
    name="collective burials", label_zh="集体生态安葬", record=CollectiveBurial, steps=STEPS, place="place",
    rules=(
        total_is_the_product, awarded_were_laid_to_rest, one_burial_a_number, style_is_ecological,
        planned_day_is_to_come,
    ),
)  # fmt: skip


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Awards:
    """What is awarded at each of many burials, each by the award of its own day.

    Attributes
    ----------
    per_remains, fen
        Award for each set of remains, and in all; masked where no award is published for the day.
    reasons
        Why not, for how many burials.
    """

    per_remains: np.ma.MaskedArray[tuple[int, ...], np.dtype[np.int64]]
    fen: np.ma.MaskedArray[tuple[int, ...], np.dtype[np.int64]]
    reasons: Mapping[str, int]

    def total(self) -> int:
        """All of it, in fen.

        Raises
        ------
        NotAssessed
            If the award of some day is not published.
        """
        if self.reasons:
            told = listed(f"{reason} ({count} burials)" for reason, count in self.reasons.items())
            msg = f"the awards cannot be added up: {told}"
            raise NotAssessed(msg)
        return int(self.fen.sum()) if len(self.fen) else 0

    def __repr__(self) -> str:
        return f"<awards of {len(self.fen)} burials, {sum(self.reasons.values())} of them not published>"


def awards(
    awarded: ArrayLike, held: ArrayLike, *, place: str, award: Parameter = PARAMETERS["award_per_remains"]
) -> Awards:
    """Work out what is awarded at many burials.

    Parameters
    ----------
    awarded
        For how many sets of remains each time, whole numbers. Who is eligible is in no paper that was read, so whoever
        asks counts them.
    held
        The days of the burials, as ``datetime64[D]``.
    place
        Division code of the place whose award is paid.
    award
        The award for each set of remains; with rows of the caller's, if need be.

    Returns
    -------
    Awards
        Fen as `int64`, exact; masked where the award of the day is not published.

    Raises
    ------
    UsageError
        If the numbers are not whole, or below 0, or not one for each day.

    Examples
    --------
    >>> days = np.array(["2023-03-27", "2024-03-28"], "datetime64[D]")
    >>> told = awards([237, 80], days, place="450100")
    >>> told.fen.tolist(), told.total()
    ([18960000, 6400000], 25360000)
    >>> awards([50], np.array(["2026-04-01"], "datetime64[D]"), place="450100").fen.tolist()
    [None]
    """
    counts, days = np.asarray(awarded), np.asarray(held, "datetime64[D]")
    if counts.dtype.kind not in "iu" and counts.size:
        msg = f"remains are counted in whole numbers, not as {counts.dtype}"
        raise UsageError(msg)
    if counts.shape != days.shape or counts.ndim != 1:
        msg = f"{counts.size} numbers of remains and {days.size} days are not those of one list of burials"
        raise UsageError(msg)
    beyond = (counts < 0) | (counts > MOST_REMAINS)
    if beyond.any():
        msg = f"no burial awards {listed(counts[beyond].tolist())} sets of remains; give 0 to {MOST_REMAINS:,}"
        raise UsageError(msg)
    each, known, reasons = _each(award, place, days)
    return Awards(
        per_remains=np.ma.MaskedArray(each, ~known),
        fen=np.ma.MaskedArray(counts.astype(np.int64) * each, ~known),
        reasons=reasons,
    )


def _each(award: Parameter, place: str, days: Days) -> tuple[Numbers, NDArray[np.bool_], dict[str, int]]:
    """Look the award up once for each stretch of days between which it cannot change."""
    edges = np.array(sorted(award.boundary_days()), "datetime64[D]")
    stretch = np.where(np.isnat(days), -1, np.searchsorted(edges, days, side="right"))
    each, known = np.zeros(len(days), np.int64), np.zeros(len(days), np.bool_)
    reasons: dict[str, int] = {}
    for number in np.unique(stretch).tolist():
        rows = stretch == number
        if number < 0:
            reasons["the day of the burial is not stated"] = int(rows.sum())
            continue
        first: date = days[rows][0].item()
        try:
            value = award.at(place, first).value
        except NotPublished as fault:
            reasons[str(fault)] = int(rows.sum())
            continue
        if not isinstance(value, int) or not 0 <= value <= LARGEST_AWARD:
            msg = f"an award cannot be {value!r}; give whole fen up to {LARGEST_AWARD:,}"
            raise UsageError(msg)
        each[rows], known[rows] = value, True
    return each, known, reasons
