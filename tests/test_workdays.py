"""Working days and periods: every day against two other calendars, and deadlines against counting."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import chinese_calendar
import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.calendar import date_of, days
from civaffairs.errors import CalendarError, UsageError
from civaffairs.workdays import (
    GUANGXI,
    NATION,
    Roll,
    deadlines,
    is_working_day,
    notices,
    period_end,
    working_days_after,
)

YEARS = range(2019, 2027)
DAYS = [date.fromordinal(n) for n in range(date(2019, 1, 1).toordinal(), date(2026, 12, 31).toordinal() + 1)]
NANNING = "450100"


def by_counting(start: date, n: int, place: str) -> date:
    day = start
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day, place)
    return day


def test_every_day_against_two_other_calendars() -> None:
    ours = [day for day in DAYS if is_working_day(day)]
    assert ours == [day for day in DAYS if chinese_calendar.is_workday(day)]
    china = holidays.country_holidays("CN", years=YEARS)
    assert ours == [day for day in DAYS if china.is_working_day(day)]


def test_working_days_of_each_year() -> None:
    counts = [sum(is_working_day(day) for day in DAYS if day.year == year) for year in YEARS]
    assert counts == [250, 249, 250, 249, 249, 251, 248, 248]


def test_the_table_keeps_to_its_own_rules() -> None:
    for notice in notices() + notices(GUANGXI):
        assert notice.read in {"copy", "secondary"}
        assert str(notice.year) in notice.title
        assert all(notice.year in {first.year, last.year} and first <= last for _, first, last in notice.off)
        if notice.place == NATION:
            assert notice.number.startswith("国办发明电〔")
            assert all(day.weekday() >= 5 for day in notice.worked)
        if notice.published:
            assert notice.published.year in {notice.year - 1, notice.year}
    assert {notice.year for notice in notices() if notice.place == NATION} == set(YEARS)
    assert {notice.year for notice in notices(GUANGXI) if notice.place == GUANGXI} == set(YEARS)


def test_the_epidemic_lengthened_the_spring_festival_of_2020() -> None:
    """31 January was to be worked, and Saturday 1 February too, until the notice of 27 January."""
    assert not any(is_working_day(date(2020, 1, 31) + timedelta(days=n)) for n in range(3))
    assert is_working_day(date(2020, 2, 3))


@pytest.mark.parametrize(
    ("year", "free", "worked"),
    [
        (2019, ["04-04", "04-08"], []),
        (2020, [], []),
        (2021, ["04-14", "04-15", "04-16"], ["04-18"]),
        (2022, ["04-02", "04-06"], []),
        (2023, ["04-21", "04-23"], []),
        (2024, ["04-11", "04-12"], []),
        (2025, ["03-31", "04-01"], []),
        (2026, ["04-17", "04-20"], []),
    ],
)
def test_guangxi_differs_by_two_days_a_year(year: int, free: list[str], worked: list[str]) -> None:
    here = [day for day in DAYS if day.year == year]
    assert [f"{day:%m-%d}" for day in here if is_working_day(day) and not is_working_day(day, NANNING)] == free
    assert [f"{day:%m-%d}" for day in here if is_working_day(day, NANNING) and not is_working_day(day)] == worked
    assert len(free) - len(worked) == (0 if year == 2020 else 2)


@pytest.mark.parametrize(
    ("n", "nation", "nanning"),
    [
        (3, "03-06", "03-06"),
        (10, "03-17", "03-17"),
        (15, "03-24", "03-24"),
        (20, "03-31", "04-02"),
        (30, "04-15", "04-17"),
        (45, "05-08", "05-12"),
    ],
)
def test_periods_from_an_application_accepted_on_monday_3_march_2025(n: int, nation: str, nanning: str) -> None:
    accepted = date(2025, 3, 3)
    assert f"{working_days_after(accepted, n):%m-%d}" == nation
    assert f"{working_days_after(accepted, n, NANNING):%m-%d}" == nanning


@given(
    st.dates(date(2018, 12, 31), date(2026, 6, 30)), st.integers(1, 60), st.sampled_from([NATION, GUANGXI, "450181"])
)
def test_deadlines_are_what_counting_gives(start: date, n: int, place: str) -> None:
    assert working_days_after(start, n, place) == by_counting(start, n, place)


@pytest.mark.parametrize("place", [NATION, NANNING])
def test_a_column_is_its_rows(place: str) -> None:
    starts = np.array([days(day) for day in DAYS[: 7 * 365 : 3]], np.int32)
    column = deadlines(starts, 20, place)
    assert column.dtype == np.int32
    assert [date_of(n) for n in column] == [working_days_after(date_of(n), 20, place) for n in starts]
    assert deadlines(np.array([], np.int32), 20, place).shape == (0,)


def test_past_the_last_notice_there_is_no_deadline() -> None:
    assert working_days_after(date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(CalendarError, match="国务院办公厅关于2027年部分节假日安排的通知"):
        working_days_after(date(2026, 12, 30), 2)
    with pytest.raises(CalendarError, match="2027"):
        is_working_day(date(2027, 1, 1))
    with pytest.raises(CalendarError, match="2027"):
        deadlines(np.array([days(date(2020, 1, 1)), days(date(2026, 12, 30))], np.int32), 2)


def test_before_the_first_notice_neither() -> None:
    assert working_days_after(date(2018, 12, 31), 1) == date(2019, 1, 2)
    with pytest.raises(CalendarError, match="国务院办公厅关于2018年部分节假日安排的通知"):
        working_days_after(date(2018, 12, 30), 1)


@pytest.mark.parametrize("place", ["540000", "110101", "45", "广西", ""])
def test_a_place_whose_own_holidays_are_not_known_is_refused(place: str) -> None:
    with pytest.raises(CalendarError, match="not known"):
        is_working_day(date(2026, 3, 2), place)


def test_an_identity_number_given_as_place_is_not_repeated() -> None:
    with pytest.raises(CalendarError) as caught:
        is_working_day(date(2026, 3, 2), "450103199001011234")
    assert "19900101" not in str(caught.value)


@pytest.mark.parametrize("n", [0, -1])
def test_a_period_has_at_least_one_day(n: int) -> None:
    with pytest.raises(UsageError, match="1 or more"):
        working_days_after(date(2026, 3, 2), n)


def test_calendar_periods() -> None:
    assert period_end(date(2025, 3, 3), days=30, roll=Roll.NEVER) == date(2025, 4, 2)
    assert all(period_end(date(2025, 11, 30), months=3, roll=roll) == date(2026, 2, 28) for roll in Roll)
    assert period_end(date(2024, 2, 29), years=1, roll=Roll.NEVER) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("end", "holidays_only", "weekends_too"),
    [
        (date(2025, 10, 1), date(2025, 10, 9), date(2025, 10, 9)),
        (date(2025, 10, 4), date(2025, 10, 9), date(2025, 10, 9)),
        (date(2025, 3, 15), date(2025, 3, 15), date(2025, 3, 17)),
        (date(2025, 4, 27), date(2025, 4, 27), date(2025, 4, 27)),
        (date(2025, 3, 14), date(2025, 3, 14), date(2025, 3, 14)),
        (date(2026, 2, 22), date(2026, 2, 24), date(2026, 2, 24)),
    ],
)
def test_a_last_day_off_moves_on(end: date, holidays_only: date, weekends_too: date) -> None:
    start = end - timedelta(days=10)
    assert period_end(start, days=10, roll=Roll.NEVER) == end
    assert period_end(start, days=10, roll=Roll.HOLIDAYS) == holidays_only
    assert period_end(start, days=10, roll=Roll.HOLIDAYS_AND_WEEKENDS) == weekends_too


@pytest.mark.parametrize(("place", "ordinary_saturdays"), [(NATION, set()), (NANNING, {date(2021, 4, 17)})])
def test_the_day_after_a_holiday_is_worked(place: str, ordinary_saturdays: set[date]) -> None:
    """A break holds the weekend joined to it; only Guangxi's of 2021 ends on a Friday, with the Sunday worked."""
    last_days = {last for notice in notices(place) for _, _, last in notice.off}
    ends = {
        period_end(day - timedelta(days=1), days=1, roll=Roll.HOLIDAYS, place=place)
        for day in last_days
        if not is_working_day(day, place)
    }
    assert {day for day in ends if not is_working_day(day, place)} == ordinary_saturdays


def test_a_regional_holiday_moves_the_last_day_of_the_region_only() -> None:
    assert period_end(date(2025, 3, 21), days=10, roll=Roll.HOLIDAYS) == date(2025, 3, 31)
    assert period_end(date(2025, 3, 21), days=10, roll=Roll.HOLIDAYS, place=NANNING) == date(2025, 4, 2)


def test_a_period_that_cannot_be_rolled_is_refused_but_one_that_need_not_is_not() -> None:
    assert period_end(date(2026, 8, 1), years=1, roll=Roll.NEVER) == date(2027, 8, 1)
    with pytest.raises(CalendarError, match="2027"):
        period_end(date(2026, 8, 1), years=1, roll=Roll.HOLIDAYS)


def test_a_period_has_one_length() -> None:
    with pytest.raises(UsageError, match="one length"):
        period_end(date(2026, 8, 1), roll=Roll.NEVER)
    with pytest.raises(UsageError, match="one length"):
        period_end(date(2026, 8, 1), days=1, months=1, roll=Roll.NEVER)
    with pytest.raises(UsageError, match="one length"):
        period_end(date(2026, 8, 1), days=0, roll=Roll.NEVER)


def test_importing_reads_no_table_and_no_date_library() -> None:
    code = (
        "import sys, civaffairs.workdays as w; assert not w._published.cache_info().currsize;"
        "assert not {'pendulum', 'pandas', 'holidays', 'chinese_calendar'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
