"""What a rule is given: columns, the day, and cited values of more than one number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Self, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import AgeAttained, LeapDay, ages_on, cutoff, days
from civaffairs.labels import Labelled
from civaffairs.law.timeline import Convention
from civaffairs.money import Fen, Rounding, portions

Flags: TypeAlias = NDArray[np.bool_]
"""A column of yes and no."""
Count: TypeAlias = NDArray[np.int64]
"""A column of whole numbers: persons, months, grades."""
Codes: TypeAlias = NDArray[np.int8]
"""A column of answers to a closed question, by their ``number``."""
Days: TypeAlias = NDArray[np.int32]
"""A column of days, counted from 1970-01-01."""

OLDEST = 130
"""Years of age up to which ages are read from a table of days lived; beyond it they are searched for."""

COMMON_MONTHS = 27_720
"""The smallest number of months that every period of 1 to 12 months divides.

Incomes that cover different periods are compared exactly by stating each for this many months; nothing is divided.
"""


class Losses(Labelled):
    """What happens to a kind of income whose costs exceed its receipts; the measures do not say."""

    WITHIN_KIND = ("within_kind", "亏损只在本类收入内扣除")
    OFFSET = ("offset", "亏损可抵减其他收入")


@attrs.frozen(kw_only=True)
class Conventions:
    """Readings that the law leaves open. Each has a default, is printed with every result, and may be changed."""

    age_attained: AgeAttained = AgeAttained.BIRTHDAY
    leap_day: LeapDay = LeapDay.FEB_28
    rounding: Rounding = Rounding.HALF_UP
    losses: Losses = Losses.WITHIN_KIND
    dated_by_latest_event: bool = True
    carried_forward: bool = True

    def to_dict(self) -> dict[str, str | bool]:
        """The readings as plain data."""
        chosen = {field.name: getattr(self, field.name) for field in attrs.fields(Conventions)}
        return {name: reading.value if isinstance(reading, Enum) else reading for name, reading in chosen.items()}

    @property
    def of_values(self) -> frozenset[Convention]:
        """The conventions by which values are dated."""
        chosen = {
            Convention.DATED_BY_LATEST_EVENT: self.dated_by_latest_event,
            Convention.CARRIED_FORWARD: self.carried_forward,
        }
        return frozenset(convention for convention, taken in chosen.items() if taken)


CONVENTION_TEXTS: dict[str, tuple[str, str]] = {
    "age_attained": ("when an age is reached", "周岁起算"),
    "leap_day": ("the birthday of a person born on 29 February, in a common year", "闰日出生者平年生日"),
    "rounding": ("rounding to the fen", "分以下取舍"),
    "losses": ("a kind of income with more costs than receipts", "亏损处理"),
    "remainder": ("odd fen of a shared amount go to the members in the order of their keys", "余分按成员编号顺序分配"),
    "dated_by_latest_event": (
        "a document without a day is dated by its latest event",
        "无日期文件以其最近事项定期",
    ),
    "carried_forward": ("the last value known stays in force until another is known", "未见调整则沿用"),
}
"""What each convention is about, in English and Chinese."""


@attrs.frozen
class Day:
    """The day a plan is for, and how ages are reckoned on it."""

    on: date
    conventions: Conventions = attrs.field(factory=Conventions)

    def reached(self, birth_date: Days, years: int) -> Flags:
        """Say who has completed ``years`` years; one comparison with the last birth day that has.

        Parameters
        ----------
        birth_date
            Births, in days from 1970-01-01.
        years
            The age.

        Examples
        --------
        >>> born = np.array([days(date(1945, 6, 15)), days(date(1945, 6, 16))], np.int32)
        >>> Day(date(2025, 6, 15)).reached(born, 80)
        array([ True, False])
        """
        return birth_date <= _last_birth(self.on, years, self.conventions.age_attained, self.conventions.leap_day)

    def age(self, birth_date: Days) -> Count:
        """Count completed years."""
        by_days_lived = _ages_by_days_lived(self.on, self.conventions.age_attained, self.conventions.leap_day)
        days_lived = days(self.on) - birth_date
        if days_lived.min(initial=0) < 0 or days_lived.max(initial=0) >= len(by_days_lived):
            return ages_on(birth_date, self.on, self.conventions.age_attained, self.conventions.leap_day).astype(
                np.int64
            )
        return by_days_lived.take(days_lived)


@lru_cache(maxsize=4096)
def _last_birth(on: date, years: int, attained: AgeAttained, leap_day: LeapDay) -> np.int32:
    return np.int32(days(cutoff(on, years, attained, leap_day)))


@lru_cache(maxsize=64)
def _ages_by_days_lived(on: date, attained: AgeAttained, leap_day: LeapDay) -> Count:
    births = days(on) - np.arange(OLDEST * 366, dtype=np.int32)
    return ages_on(births, on, attained, leap_day).astype(np.int64)


@attrs.frozen(eq=False)
class Rate:
    """An exact ratio, one or one a row; compare by multiplying with its parts."""

    numerator: Count
    denominator: Count

    @classmethod
    def stacked(cls, values: Sequence[Fraction]) -> Self:
        """Hold several ratios, one a place."""
        return cls(np.array([v.numerator for v in values]), np.array([v.denominator for v in values]))

    def of(self, amount: Fen, rounding: Rounding) -> Fen:
        """Take this part of each amount, to the fen.

        >>> Rate.stacked([Fraction(1, 2)]).pick(0).of(np.array([101]), Rounding.HALF_UP)
        array([51])
        """
        return portions(amount, self.numerator, self.denominator, rounding)

    def pick(self, rows: Any) -> Self:  # noqa: ANN401 -- a position or a column of positions
        """Take the ratio of one place, or of each row's place."""
        return type(self)(self.numerator[rows], self.denominator[rows])


@attrs.frozen(eq=False)
class Scale:
    """Steps: from each threshold on (included) an amount; below the first, nothing."""

    thresholds: tuple[Count, ...]
    amounts: tuple[Fen, ...]
    a_person: Flags

    @classmethod
    def stacked(cls, values: Sequence[tuple[bool, tuple[tuple[int, int], ...]]]) -> Self:
        """Hold several scales, one a place; shorter ones are filled up with steps that nobody reaches."""
        longest = max((len(steps) for _, steps in values), default=0)
        rows = [[*steps, *[(2**62, steps[-1][1])] * (longest - len(steps))] for _, steps in values]
        return cls(
            tuple(np.array([row[k][0] for row in rows], np.int64) for k in range(longest)),
            tuple(np.array([row[k][1] for row in rows], np.int64) for k in range(longest)),
            np.array([a_person for a_person, _ in values], bool),
        )

    def pick(self, rows: Any) -> Self:  # noqa: ANN401 -- a position or a column of positions
        """Take the scale of one place, or of each row's place."""
        return type(self)(
            tuple(t[rows] for t in self.thresholds), tuple(a[rows] for a in self.amounts), self.a_person[rows]
        )

    def at(self, value: Count, times: Count | int = 1) -> Fen:
        """Read the scale.

        Parameters
        ----------
        value
            What is looked up, already multiplied by ``times``.
        times
            What each threshold is multiplied by before it is compared, so that nothing need be divided.

        Examples
        --------
        >>> tiers = Scale.stacked([(True, ((0, 50_000), (40_000, 20_000)))]).pick(0)
        >>> tiers.at(np.array([39_999, 40_000]))
        array([50000, 20000])
        """
        paid: Fen = np.zeros(np.shape(value), np.int64)
        below: Fen = np.int64(0)  # type: ignore[assignment]
        for threshold, amount in zip(self.thresholds, self.amounts, strict=True):
            unreached = threshold >= 2**62
            paid = paid + ((value >= np.where(unreached, 0, threshold) * times) & ~unreached) * (amount - below)
            below = amount
        return paid


KINDS, GRADES = 10, 5
"""Room for every kind of disability with its grades, and for every status of the old with its abilities."""


@attrs.frozen(eq=False)
class Classes:
    """A test as a law words it: which kinds of disability at which grades, or which of the old at which ability."""

    table: Flags
    row: Count | int = 0

    @classmethod
    def stacked(cls, values: Sequence[frozenset[tuple[int, int]]]) -> Self:
        """Hold several tests, one a place; each is a set of pairs of numbers: kind and grade, or status and ability."""
        table = np.zeros((len(values), KINDS, GRADES), bool)
        for place, pairs in enumerate(values):
            for kind, grade in pairs:
                table[place, kind, grade] = True
        return cls(table)

    def pick(self, rows: Any) -> Self:  # noqa: ANN401 -- a position or a column of positions
        """Take the test of one place, or of each row's place."""
        return type(self)(self.table, rows)

    def contain(self, kind: Codes | int, grade: Count | Codes) -> Flags:
        """Say whom the test covers."""
        return self.table.take((self.row * KINDS + kind) * np.int64(GRADES) + grade)
