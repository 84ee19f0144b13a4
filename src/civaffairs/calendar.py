"""Days and ages: exact ages under a stated convention, one cut-off birth day per age, and whole months."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import CalendarError, UsageError
from civaffairs.labels import Labelled

EPOCH = date(1970, 1, 1)
_EPOCH_ORDINAL = EPOCH.toordinal()


class AgeAttained(Labelled):
    """The day on which a year of age is complete; civil law names none, so a calculation says which it takes."""

    BIRTHDAY = ("birthday", "生日当日")
    DAY_AFTER_BIRTHDAY = ("day_after_birthday", "生日次日")


class LeapDay(Labelled):
    """The birthday, in a common year, of a person born on 29 February; no text on civil affairs says."""

    FEB_28 = ("feb_28", "平年以2月28日为生日")
    MAR_01 = ("mar_01", "平年以3月1日为生日")


def days(day: date) -> int:
    """Count the days since 1 January 1970: how a day is held in a column.

    Examples
    --------
    >>> days(date(1970, 1, 2))
    1
    """
    return day.toordinal() - _EPOCH_ORDINAL


def date_of(number: int) -> date:
    """Turn a count of days since 1 January 1970 back into a day.

    Raises
    ------
    CalendarError
        If the count is outside the years 1 to 9999.

    Examples
    --------
    >>> date_of(-1)
    datetime.date(1969, 12, 31)
    """
    try:
        return date.fromordinal(int(number) + _EPOCH_ORDINAL)
    except (ValueError, OverflowError):
        msg = f"{number} days from 1970-01-01 is outside the years 1 to 9999; look for a value that is not a day"
        raise CalendarError(msg) from None


def is_leap_year(year: int) -> bool:
    """Say whether a year has a 29 February.

    Examples
    --------
    >>> [is_leap_year(year) for year in (1900, 2000, 2024, 2100)]
    [False, True, True, False]
    """
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_end(year: int, month: int) -> date:
    """Find the last day of a month (月末日).

    Examples
    --------
    >>> month_end(2026, 2)
    datetime.date(2026, 2, 28)
    """
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Find the corresponding day so many months later (or earlier), or that month's last day if it has none.

    This is the rule of the Civil Code (民法典) art. 202. Months that lose their day do not get it back:
    adding one month twice to 31 January gives 28 March, adding two gives 31 March.

    Raises
    ------
    CalendarError
        If the day would be outside the years 1 to 9999.

    Examples
    --------
    >>> add_months(date(2025, 11, 30), 3)
    datetime.date(2026, 2, 28)
    >>> add_months(date(2026, 3, 31), -1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        msg = f"{months} months from {day:%Y-%m-%d} is outside the years 1 to 9998; check the number of months"
        raise CalendarError(msg)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), month_end(year, month + 1))


def add_months_to(day_numbers: NDArray[np.int32], months: NDArray[np.int64] | int) -> NDArray[np.int32]:
    """Find the corresponding days of a column, as `add_months` does for one day.

    Parameters
    ----------
    day_numbers
        Days, counted from 1 January 1970.
    months
        How many months later, for all or for each.

    Examples
    --------
    >>> ends = add_months_to(np.array([days(date(2025, 11, 30)), days(date(2025, 12, 1))], np.int32), 3)
    >>> [f"{date_of(end)}" for end in ends]
    ['2026-02-28', '2026-03-01']
    """
    start = np.asarray(day_numbers, np.int64).astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    later = month + np.asarray(months, np.int64).astype("timedelta64[M]")
    day_of_month = start - month.astype("datetime64[D]")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    corresponding = np.minimum(later.astype("datetime64[D]") + day_of_month, last)
    return np.asarray(corresponding.astype(np.int64), np.int32)


def next_month_start(day: date) -> date:
    """Find the first day of the month after, when a monthly allowance starts in the month after a decision.

    Examples
    --------
    >>> next_month_start(date(2025, 3, 31)), next_month_start(date(2025, 4, 1))
    (datetime.date(2025, 4, 1), datetime.date(2025, 5, 1))
    """
    return month_end(day.year, day.month) + timedelta(days=1)


def completed_months(start: date, end: date) -> int:
    """Count the whole months from one day to another: the most that `add_months` can add without passing the end.

    Raises
    ------
    CalendarError
        If the end is before the start.

    Examples
    --------
    >>> completed_months(date(2026, 1, 31), date(2026, 2, 27)), completed_months(date(2026, 1, 31), date(2026, 2, 28))
    (0, 1)
    """
    if end < start:
        msg = f"{end:%Y-%m-%d} is before {start:%Y-%m-%d}; give the earlier day first"
        raise CalendarError(msg)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (add_months(start, months) > end)


def day_attained(born: date, years: int, attained: AgeAttained, leap_day: LeapDay) -> date:
    """Find the first day on which a person has completed so many years of age.

    Examples
    --------
    >>> leapling = date(2008, 2, 29)
    >>> day_attained(leapling, 18, AgeAttained.BIRTHDAY, LeapDay.FEB_28)
    datetime.date(2026, 2, 28)
    >>> day_attained(leapling, 18, AgeAttained.BIRTHDAY, LeapDay.MAR_01)
    datetime.date(2026, 3, 1)
    """
    if not 0 <= years <= 9998 - born.year:
        msg = f"an age of {years} years cannot be dated; give 0 or more, ending before the year 9999"
        raise UsageError(msg)
    if years == 0:
        return born
    year = born.year + years
    if (born.month, born.day) == (2, 29) and not is_leap_year(year):
        birthday = date(year, 2, 28) if leap_day is LeapDay.FEB_28 else date(year, 3, 1)
    else:
        birthday = date(year, born.month, born.day)
    return birthday + timedelta(days=attained is AgeAttained.DAY_AFTER_BIRTHDAY)


def cutoff(on: date, years: int, attained: AgeAttained, leap_day: LeapDay) -> date:
    """Find the last birth day that has completed so many years: whoever is born on it or before has that age.

    One day is enough, because nobody reaches an age before an older person does.

    Parameters
    ----------
    on
        The day on which the age is asked.
    years
        Completed years of age (周岁), 0 or more. Age 0 is complete at birth under either convention.
    attained
        Whether a year is complete on the birthday or on the day after.
    leap_day
        The birthday in a common year of those born on 29 February.

    Returns
    -------
    date
        The cut-off: ``born <= cutoff``.

    Raises
    ------
    UsageError
        If ``years`` is negative or goes back before the year 1.

    Examples
    --------
    >>> cutoff(date(2026, 8, 1), 80, AgeAttained.BIRTHDAY, LeapDay.FEB_28)
    datetime.date(1946, 8, 1)
    >>> cutoff(date(2026, 2, 28), 18, AgeAttained.BIRTHDAY, LeapDay.FEB_28)
    datetime.date(2008, 2, 29)
    >>> cutoff(date(2026, 2, 28), 18, AgeAttained.BIRTHDAY, LeapDay.MAR_01)
    datetime.date(2008, 2, 28)
    """
    if years == 0:
        return on
    last_birthday = on - timedelta(days=attained is AgeAttained.DAY_AFTER_BIRTHDAY)
    year = last_birthday.year - years
    if years < 0 or year < 1:
        msg = f"an age of {years} years on {on:%Y-%m-%d} has no cut-off; give between 0 and {last_birthday.year - 1}"
        raise UsageError(msg)
    end_of_february = (last_birthday.month, last_birthday.day) in {(2, 28), (2, 29)}
    if not end_of_february:
        return date(year, last_birthday.month, last_birthday.day)
    # On 29 February both days have had their birthday; on the 28th of a common year it is the convention that says.
    reaches_leap_day = last_birthday.day == 29 or (leap_day is LeapDay.FEB_28 and not is_leap_year(last_birthday.year))
    return month_end(year, 2) if reaches_leap_day else date(year, 2, 28)


def age_on(born: date, on: date, attained: AgeAttained, leap_day: LeapDay) -> int:
    """Count the completed years of age (周岁) of one person on a day.

    Raises
    ------
    CalendarError
        If the person is not yet born on that day.

    Examples
    --------
    >>> age_on(date(1944, 6, 15), date(2024, 6, 14), AgeAttained.BIRTHDAY, LeapDay.FEB_28)
    79
    >>> age_on(date(1944, 6, 15), date(2024, 6, 15), AgeAttained.BIRTHDAY, LeapDay.FEB_28)
    80
    """
    if born > on:
        msg = f"a birth on {born:%Y-%m-%d} is after {on:%Y-%m-%d}, the day asked about; check the two days"
        raise CalendarError(msg)
    years = on.year - born.year
    return years - (years > 0 and day_attained(born, years, attained, leap_day) > on)


def ages_on(births: NDArray[np.int32], on: date, attained: AgeAttained, leap_day: LeapDay) -> NDArray[np.int16]:
    """Count the completed years of age of a column of births.

    Parameters
    ----------
    births
        Days of birth, counted from 1 January 1970.
    on, attained, leap_day
        As for `cutoff`.

    Returns
    -------
    NDArray[np.int16]
        Ages, in the order of the births; -1 for a birth after ``on``.

    Raises
    ------
    CalendarError
        If a birth is before the year 2, where a missing value lies that was not set aside.

    Examples
    --------
    >>> births = np.array([days(date(1944, 6, 15)), days(date(2030, 1, 1))], np.int32)
    >>> ages_on(births, date(2024, 6, 14), AgeAttained.BIRTHDAY, LeapDay.FEB_28)
    array([79, -1], dtype=int16)
    """
    oldest = date_of(int(births.min(initial=days(on))))
    if oldest.year < 2:
        msg = f"a birth in the year {oldest.year} cannot be; set rows without a birth aside first"
        raise CalendarError(msg)
    cutoffs = [days(cutoff(on, years, attained, leap_day)) for years in range(on.year - oldest.year, -1, -1)]
    reached_cutoffs = len(cutoffs) - np.searchsorted(np.array(cutoffs, np.int32), births)
    return (reached_cutoffs - 1).astype(np.int16)


def reached(
    births: NDArray[np.int32], years: int, on: date, attained: AgeAttained, leap_day: LeapDay
) -> NDArray[np.bool_]:
    """Mark who has completed so many years of age, with one comparison; somebody not yet born has not.

    Examples
    --------
    >>> births = np.array([days(date(1946, 8, 1)), days(date(1946, 8, 2))], np.int32)
    >>> reached(births, 80, date(2026, 8, 1), AgeAttained.BIRTHDAY, LeapDay.FEB_28)
    array([ True, False])
    """
    return births <= np.int32(days(cutoff(on, years, attained, leap_day)))
