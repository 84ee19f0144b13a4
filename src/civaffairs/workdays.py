"""When a period ends: by days, months and years under the Civil Code, and by working days from published notices."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import add_months, date_of, days
from civaffairs.errors import CalendarError, UsageError, masked
from civaffairs.labels import Labelled

NATION = "000000"
GUANGXI = "450000"

_TITLES = {
    NATION: "国务院办公厅关于{year}年部分节假日安排的通知",
    GUANGXI: "广西壮族自治区人民政府办公厅关于{year}年“壮族三月三”放假的通知",
}


class Roll(Labelled):
    """What makes the last day of a period move on; art. 203 says a statutory holiday, and leaves weekends open."""

    NEVER = ("never", "不顺延")
    HOLIDAYS = ("holidays", "仅法定节假日顺延")
    HOLIDAYS_AND_WEEKENDS = ("holidays_and_weekends", "法定节假日和休息日均顺延")


@attrs.frozen(kw_only=True)
class Notice:
    """One published arrangement of a year's holidays.

    Attributes
    ----------
    place
        Division that it covers.
    year
        Year that it arranges.
    title
        Title of the paper.
    number
        Document number (文号), or an empty string when it was not read.
    published
        Day of the paper, or ``None`` when it was not read.
    read
        ``"copy"``: the wording was read in a republished copy; ``"secondary"``: in reports and tables that agree.
    off
        Breaks: name, first and last day.
    worked
        Days that are worked although they would be free.
    """

    place: str
    year: int
    title: str
    number: str = ""
    published: date | None = None
    read: str
    off: tuple[tuple[str, date, date], ...]
    worked: tuple[date, ...]


@attrs.frozen
class _Calendar:
    """The notices of a place, compiled: per year the title that is missing, days of a break, all days not worked."""

    place: str
    missing: dict[int, str]
    breaks: frozenset[date]
    free: frozenset[date]
    business_days: np.busdaycalendar

    def demand(self, year: int) -> None:
        """Refuse a year whose notices are not all known."""
        missing = self.missing.get(year, _TITLES[NATION].format(year=year))
        if missing:
            known = [held_year for held_year, title in self.missing.items() if not title]
            msg = (
                f"working days of {year} in {self.place} are not known: {missing} is not among the notices held "
                f"({min(known)} to {max(known)}); use a release that holds it"
            )
            raise CalendarError(msg)


def notices(place: str = NATION) -> tuple[Notice, ...]:
    """List the notices that a place's working days stand on, later ones overriding earlier ones.

    Parameters
    ----------
    place
        Division code: the nation (``"000000"``), or Guangxi or any division in it (``"45…"``).

    Raises
    ------
    CalendarError
        If it is not known whether the place has holidays of its own.

    Examples
    --------
    >>> notices("450100")[-1].off
    (('广西三月三', datetime.date(2026, 4, 17), datetime.date(2026, 4, 20)),)
    """
    layers = _layers(place)
    return tuple(notice for layer in layers for notice in _published() if notice.place == layer)


def is_working_day(day: date, place: str = NATION) -> bool:
    """Say whether a day is worked: swapped weekends are, holidays and the weekdays joined to them are not.

    The last days of December may still be changed by the notice of the year after.

    Raises
    ------
    CalendarError
        If a notice of that year is missing, or the place's own holidays are not known.

    Examples
    --------
    >>> is_working_day(date(2025, 4, 27))  # a Sunday, swapped for Labour Day
    True
    >>> is_working_day(date(2025, 3, 31)), is_working_day(date(2025, 3, 31), "450100")
    (True, False)
    """
    calendar = _calendar(_layers(place)[-1])
    calendar.demand(day.year)
    return date.fromordinal(day.toordinal()) not in calendar.free


def working_days_after(start: date, n: int, place: str = NATION) -> date:
    """Find the last day of a period of ``n`` working days (工作日); the day it starts from is not counted.

    Parameters
    ----------
    start
        The day of the event, worked or not: acceptance, decision, receipt.
    n
        Working days, 1 or more.
    place
        Division code: the nation (``"000000"``), or Guangxi or any division in it, which has 壮族三月三 besides.

    Returns
    -------
    date
        The ``n``-th working day after the start.

    Raises
    ------
    CalendarError
        If the period touches a year whose notices are not held, or the place's own holidays are not known.
    UsageError
        If ``n`` is below 1.

    Examples
    --------
    >>> working_days_after(date(2025, 3, 3), 20)
    datetime.date(2025, 3, 31)
    >>> working_days_after(date(2025, 3, 3), 20, "450100")
    datetime.date(2025, 4, 2)
    """
    return date_of(int(deadlines(np.array([days(start)], np.int32), n, place)[0]))


def deadlines(starts: NDArray[np.int32], n: int, place: str = NATION) -> NDArray[np.int32]:
    """Find the ``n``-th working day after each start: `working_days_after` for a column.

    Parameters
    ----------
    starts
        Days counted from 1 January 1970.
    n, place
        As for `working_days_after`.

    Returns
    -------
    NDArray[np.int32]
        Days counted from 1 January 1970, in the order of the starts.

    Examples
    --------
    >>> starts = np.array([days(date(2025, 3, 3))], np.int32)
    >>> date_of(deadlines(starts, 45)[0])
    datetime.date(2025, 5, 8)
    """
    if n < 1:
        msg = f"a period of {n} working days has no last day; give 1 or more"
        raise UsageError(msg)
    calendar = _calendar(_layers(place)[-1])
    first = starts.astype("datetime64[D]")
    last = np.busday_offset(first, n, roll="preceding", busdaycal=calendar.business_days)
    # Days of an unknown year would pass as worked, so a wrong result always touches such a year.
    first_years, last_years = _years(first + 1), _years(last)
    for year in range(int(first_years.min(initial=9999)), int(last_years.max(initial=0)) + 1):
        if ((first_years <= year) & (year <= last_years)).any():
            calendar.demand(year)
    return last.astype(np.int64).astype(np.int32)


def period_end(
    start: date,
    *,
    days: int | None = None,
    months: int | None = None,
    years: int | None = None,
    roll: Roll,
    place: str = NATION,
) -> date:
    """Find the last day of a period of days, months or years, under arts. 201 to 203 of the Civil Code (民法典).

    The starting day is not counted; a period of months or years ends on the corresponding day, or on the last day
    of a month that has none.

    Parameters
    ----------
    start
        The day of the event.
    days, months, years
        The length of the period: exactly one of them, 1 or more. Days are calendar days.
    roll
        Whether a last day that is a holiday moves to the day after it, and whether an ordinary weekend counts as
        one (法定休假日), which the article does not settle: so it is always said.
    place
        Division code, for the holidays.

    Returns
    -------
    date
        The last day of the period.

    Raises
    ------
    UsageError
        If not exactly one length of 1 or more is given.
    CalendarError
        If the last day may move and the notices of its year are not held.

    Examples
    --------
    >>> period_end(date(2025, 3, 3), days=30, roll=Roll.NEVER)
    datetime.date(2025, 4, 2)
    >>> period_end(date(2025, 11, 30), months=3, roll=Roll.HOLIDAYS)
    datetime.date(2026, 2, 28)
    >>> period_end(date(2025, 4, 1), months=6, roll=Roll.HOLIDAYS)  # 1 to 8 October are a holiday
    datetime.date(2025, 10, 9)
    """
    given = {name: n for name, n in (("days", days), ("months", months), ("years", years)) if n is not None}
    if len(given) != 1 or min(given.values()) < 1:
        msg = f"a period needs one length of 1 or more, not {given or 'none'}; give days=, months= or years="
        raise UsageError(msg)
    if days is not None:
        end = date.fromordinal(start.toordinal() + days)
    else:
        end = add_months(date.fromordinal(start.toordinal()), (months or 0) + 12 * (years or 0))
    if roll is Roll.NEVER:
        return end
    calendar = _calendar(_layers(place)[-1])
    passed_over = calendar.breaks if roll is Roll.HOLIDAYS else calendar.free
    calendar.demand(end.year)
    while end in passed_over:
        end += timedelta(days=1)
        calendar.demand(end.year)
    return end


def _layers(place: str) -> tuple[str, ...]:
    """Name the divisions whose notices apply to a place, the widest first."""
    if place == NATION:
        return (NATION,)
    if place[:2] == GUANGXI[:2] and len(place) in {6, 9, 12} and place.isascii() and place.isdigit():
        return (NATION, GUANGXI)
    msg = (
        f"whether {masked(place)!r} has holidays of its own is not known; known are {NATION} (the nation) and "
        f"{GUANGXI} (Guangxi) with the divisions in it; give place={NATION!r} where the national calendar applies"
    )
    raise CalendarError(msg)


@cache
def _published() -> tuple[Notice, ...]:
    """Read the table of notices once."""
    text = files("civaffairs").joinpath("data/holidays.toml").read_text(encoding="utf-8")
    return tuple(
        Notice(
            **{
                **entry,
                "off": tuple((name, span[0], span[-1]) for name, span in entry["off"].items()),
                "worked": tuple(entry["worked"]),
            }
        )
        for entry in tomllib.loads(text)["notice"]
    )


@cache
def _calendar(layer: str) -> _Calendar:
    """Compile the notices of a layer and of those above it."""
    layers = _layers(layer)
    papers = notices(layer)
    worked_or_not: dict[date, bool] = {}
    for paper in papers:
        worked_or_not |= {day: False for _, first, last in paper.off for day in _span(first, last)}
        worked_or_not |= dict.fromkeys(paper.worked, True)
    held = {(paper.place, paper.year) for paper in papers}
    all_years = sorted({paper.year for paper in papers})
    missing = {
        year: next((_TITLES[name].format(year=year) for name in layers if (name, year) not in held), "")
        for year in all_years
    }
    every_day = _span(date(all_years[0], 1, 1), date(all_years[-1], 12, 31))
    free = frozenset(day for day in every_day if not worked_or_not.get(day, day.weekday() < 5))
    return _Calendar(
        place=layer,
        missing=missing,
        breaks=frozenset(day for day, worked in worked_or_not.items() if not worked),
        free=free,
        business_days=np.busdaycalendar("1111111", sorted(np.datetime64(day, "D") for day in free)),
    )


def _span(first: date, last: date) -> Iterator[date]:
    """Go through the days from one to another, both included."""
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def _years(of: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Take the calendar year of each day."""
    return of.astype("datetime64[Y]").astype(np.int64) + 1970
