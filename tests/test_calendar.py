"""Ages, months and cut-offs: against counting by hand, for every day where that is affordable."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import numpy as np
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.calendar import (
    AgeAttained,
    LeapDay,
    add_months,
    age_on,
    ages_on,
    completed_months,
    cutoff,
    date_of,
    day_attained,
    days,
    is_leap_year,
    month_end,
    next_month_start,
    reached,
)
from civaffairs.errors import CalendarError, UsageError

BIRTHDAY, DAY_AFTER = AgeAttained.BIRTHDAY, AgeAttained.DAY_AFTER_BIRTHDAY
FEB_28, MAR_01 = LeapDay.FEB_28, LeapDay.MAR_01
CONVENTIONS = list(product(AgeAttained, LeapDay))
conventions = pytest.mark.parametrize(("attained", "leap_day"), CONVENTIONS)
any_day = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def age_by_counting(born: date, on: date, attained: AgeAttained, leap_day: LeapDay) -> int:
    """Walk the birthdays one by one, as somebody with a wall calendar would."""
    age = 0
    while True:
        year, month, day = born.year + age + 1, born.month, born.day
        if (month, day) == (2, 29) and not is_leap_year(year):
            month, day = (2, 28) if leap_day is FEB_28 else (3, 1)
        complete = date(year, month, day) + timedelta(days=1 if attained is DAY_AFTER else 0)
        if complete > on:
            return age
        age += 1


def every_day(first: date, last: date) -> list[date]:
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]


def test_labels_are_chinese() -> None:
    assert [member.label_zh for member in AgeAttained] == ["生日当日", "生日次日"]
    assert len({member.label_zh for member in LeapDay}) == 2


@given(any_day)
def test_days_and_back(day: date) -> None:
    assert date_of(days(day)) == day
    assert np.datetime64(day, "D").astype(np.int64) == days(day)


def test_a_number_that_is_no_day_is_refused() -> None:
    with pytest.raises(CalendarError, match="outside the years"):
        date_of(-(2**31))


@conventions
def test_births_are_split_by_one_cutoff(attained: AgeAttained, leap_day: LeapDay) -> None:
    """Around every end of February, whoever has the age is exactly whoever is born by the cut-off."""
    for year, years in product((1999, 2000, 2001, 2003, 2004, 2026, 2099, 2100, 2101), (1, 2, 3, 4, 18, 60, 80, 100)):
        for on in every_day(date(year, 2, 26), date(year, 3, 3)):
            last = cutoff(on, years, attained, leap_day)
            births = every_day(date(year - years, 2, 24), date(year - years, 3, 5))
            has_age = [age_by_counting(born, on, attained, leap_day) >= years for born in births]
            assert has_age == [born <= last for born in births], (on, years)
            assert has_age == [day_attained(born, years, attained, leap_day) <= on for born in births]


@conventions
def test_every_birth_of_two_centuries(attained: AgeAttained, leap_day: LeapDay) -> None:
    """All births from 1900 on, on days that matter: the column and the single person agree with counting."""
    for on in (date(2024, 2, 28), date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 1), date(2026, 8, 1)):
        births = every_day(date(1900, 1, 1), on)
        column = ages_on(np.array([days(born) for born in births], np.int32), on, attained, leap_day)
        single = [age_on(born, on, attained, leap_day) for born in births]
        assert column.dtype == np.int16
        assert column.tolist() == single
        sample = range(0, len(births), 97)
        assert [single[i] for i in sample] == [age_by_counting(births[i], on, attained, leap_day) for i in sample]


@conventions
def test_every_day_of_a_life(attained: AgeAttained, leap_day: LeapDay) -> None:
    """From birth to a hundred and four, the age rises by one on the day attained and on no other day."""
    for born in (date(1944, 2, 28), date(1944, 2, 29), date(1944, 3, 1), date(1944, 12, 31), date(1996, 2, 29)):
        expected = {day_attained(born, years, attained, leap_day): years for years in range(1, 106)}
        age = 0
        for on in every_day(born, date(born.year + 104, 12, 31)):
            age = expected.get(on, age)
            assert age_on(born, on, attained, leap_day) == age


@conventions
def test_the_whole_grid_at_once(attained: AgeAttained, leap_day: LeapDay) -> None:
    """Every birth of 1900 to 2100 against the ages that decide anything: one comparison is the age itself."""
    births = np.arange(days(date(1900, 1, 1)), days(date(2100, 12, 31)) + 1, dtype=np.int32)
    for on in (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29), date(2100, 2, 28), date(2100, 3, 1)):
        ages = ages_on(births, on, attained, leap_day)
        assert ((ages == -1) == (births > days(on))).all()
        assert (np.diff(ages) <= 0).all()
        for years in (0, 16, 18, 60, 70, 80, 90, 100):
            assert (reached(births, years, on, attained, leap_day) == (ages >= years)).all()


@given(any_day, any_day, st.sampled_from(CONVENTIONS))
def test_any_two_days(one: date, other: date, convention: tuple[AgeAttained, LeapDay]) -> None:
    born, on = min(one, other), max(one, other)
    assert age_on(born, on, *convention) == age_by_counting(born, on, *convention)


def test_boundaries_of_the_day_itself() -> None:
    born = date(1946, 8, 1)
    assert age_on(born, date(2026, 7, 31), BIRTHDAY, FEB_28) == 79
    assert age_on(born, date(2026, 8, 1), BIRTHDAY, FEB_28) == 80
    assert age_on(born, date(2026, 8, 1), DAY_AFTER, FEB_28) == 79
    assert age_on(born, date(2026, 8, 2), DAY_AFTER, FEB_28) == 80
    assert age_on(born, born, DAY_AFTER, FEB_28) == 0


def test_not_yet_born() -> None:
    with pytest.raises(CalendarError, match="2026-08-02 is after 2026-08-01"):
        age_on(date(2026, 8, 2), date(2026, 8, 1), BIRTHDAY, FEB_28)
    unborn = np.array([days(date(2026, 8, 2))], np.int32)
    assert ages_on(unborn, date(2026, 8, 1), BIRTHDAY, FEB_28).tolist() == [-1]
    assert not reached(unborn, 0, date(2026, 8, 1), BIRTHDAY, FEB_28).any()


def test_an_empty_column_and_a_missing_value() -> None:
    assert ages_on(np.array([], np.int32), date(2026, 8, 1), BIRTHDAY, FEB_28).shape == (0,)
    with pytest.raises(CalendarError):
        ages_on(np.array([np.iinfo(np.int32).min], np.int32), date(2026, 8, 1), BIRTHDAY, FEB_28)


@pytest.mark.parametrize("years", [-1, 2026, 5000])
def test_ages_without_a_cutoff(years: int) -> None:
    with pytest.raises(UsageError):
        cutoff(date(2026, 8, 1), years, BIRTHDAY, FEB_28)


@pytest.mark.parametrize(
    ("born", "years", "feb_28", "mar_01"),
    [
        (date(2008, 2, 29), 18, date(2026, 2, 28), date(2026, 3, 1)),
        (date(1944, 2, 29), 80, date(2024, 2, 29), date(2024, 2, 29)),
        (date(1944, 2, 29), 90, date(2034, 2, 28), date(2034, 3, 1)),
        (date(1944, 2, 29), 100, date(2044, 2, 29), date(2044, 2, 29)),
        (date(2020, 2, 29), 80, date(2100, 2, 28), date(2100, 3, 1)),
        (date(2000, 2, 29), 100, date(2100, 2, 28), date(2100, 3, 1)),
    ],
)
def test_leap_day_births(born: date, years: int, feb_28: date, mar_01: date) -> None:
    assert day_attained(born, years, BIRTHDAY, FEB_28) == feb_28
    assert day_attained(born, years, BIRTHDAY, MAR_01) == mar_01


def test_the_leap_day_rule_bites_at_18_70_and_90_only() -> None:
    """16, 60, 80 and 100 are multiples of four: those birthdays have a 29 February, but for the year 2100."""
    for born in (date(year, 2, 29) for year in range(1904, 2000, 4)):
        bites = {
            n for n in (16, 18, 60, 70, 80, 90, 100) if len({day_attained(born, n, BIRTHDAY, r) for r in LeapDay}) > 1
        }
        assert bites - {18, 70, 90} == set()
        assert {18, 70, 90} <= bites


@pytest.mark.parametrize("born", [date(1944, 6, 15), date(1940, 4, 2), date(1946, 11, 30)])
def test_pendulum_intervals_miscount(born: date) -> None:
    """Why ages are counted here: on the eve of a birthday the interval already says the new age."""
    eve = date(born.year + 80, born.month, born.day) - timedelta(days=1)
    interval = pendulum.date(eve.year, eve.month, eve.day) - pendulum.date(born.year, born.month, born.day)
    assert interval.years == 80
    assert age_on(born, eve, BIRTHDAY, FEB_28) == 79


def test_months_end_where_the_month_ends() -> None:
    assert add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert add_months(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 1, 15), -1) == date(2025, 12, 15)
    assert month_end(2026, 12) == date(2026, 12, 31)
    with pytest.raises(CalendarError, match="outside the years"):
        add_months(date(9000, 1, 1), 12000)


def test_an_allowance_starts_in_the_next_month() -> None:
    assert next_month_start(date(2025, 3, 31)) == date(2025, 4, 1)
    assert next_month_start(date(2025, 4, 1)) == date(2025, 5, 1)
    assert next_month_start(date(2025, 12, 31)) == date(2026, 1, 1)


@given(any_day, st.integers(-600, 600))
def test_adding_months_moves_the_month_and_keeps_the_day_if_it_can(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == min(day.day, month_end(moved.year, moved.month).day)


@given(any_day, any_day)
def test_completed_months_is_the_most_that_fits(one: date, other: date) -> None:
    start, end = min(one, other), max(one, other)
    months = completed_months(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)


def test_completed_months_backwards_is_refused() -> None:
    with pytest.raises(CalendarError, match="is before"):
        completed_months(date(2026, 2, 1), date(2026, 1, 31))
