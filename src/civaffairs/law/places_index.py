"""The table of divisions as arrays: which row a code meant on a day, and where it went, for whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import days
from civaffairs.labels import Labelled
from civaffairs.law.places_table import Division, Places

HIGHEST = 999_999
"""The highest number that six digits write."""

EVER = np.iinfo(np.int32)
MALFORMED = -2
"""What stands for a code that is not six digits; -1 stands for one that is not stated."""


class CodeStanding(Labelled):
    """How a code stands on a day."""

    IN_FORCE = ("in_force", "在用")
    NOT_STATED = ("not_stated", "未填写")
    NOT_LISTED = ("not_listed", "表中没有")
    NOT_BEGUN = ("not_begun", "尚未启用")
    ENDED = ("ended", "已停用")


STANDINGS = tuple(CodeStanding)
"""The standings, in the order of their numbers in a column."""

IN_FORCE, NOT_STATED, NOT_LISTED, NOT_BEGUN, ENDED = range(len(STANDINGS))


def code_numbers(codes: NDArray[np.generic]) -> NDArray[np.int32]:
    """Read a column of codes as whole numbers; -1 where a number is negative, -2 where a code is not six digits.

    Examples
    --------
    >>> code_numbers(np.array(["450103", "45010", "４５０１０３"])).tolist()
    [450103, -2, -2]
    >>> code_numbers(np.array([450103, -1, 4501030])).tolist()
    [450103, -1, -2]
    """
    if codes.dtype.kind == "u":
        codes = np.minimum(codes.astype(np.uint64), HIGHEST + 1).astype(np.int32)
    if codes.dtype.kind == "i":
        wide = codes if codes.dtype.itemsize >= 4 else codes.astype(np.int32)
        whole = np.clip(wide, -1, HIGHEST + 1).astype(np.int32)
        return np.where(whole > HIGHEST, np.int32(MALFORMED), whole)
    width = codes.dtype.itemsize // 4
    if codes.dtype.kind != "U" or width < 6:
        return np.full(codes.shape, MALFORMED, np.int32)
    native = np.ascontiguousarray(codes, dtype=f"=U{width}")
    letters = native.view(np.uint32).reshape(*codes.shape, width)
    number, good = np.zeros(codes.shape, np.uint32), np.ones(codes.shape, bool)
    for place in range(6):
        digit = letters[..., place] - np.uint32(ord("0"))  # a sign below "0" wraps round to a large number
        good &= digit <= 9
        number = number * np.uint32(10) + digit
    for place in range(6, width):
        good &= letters[..., place] == 0
    return np.where(good, number.astype(np.int32), np.int32(MALFORMED))


@attrs.frozen(eq=False, repr=False)
class PlaceIndex:
    """The table laid out by code and, under one code, by age: one row a division.

    Attributes
    ----------
    table
        The table; rows are counted in the order of its ``divisions``.
    """

    table: Places

    @cached_property
    def order(self) -> NDArray[np.int16]:
        """Rows of the table, the lives of each code together, oldest first."""
        row = {id(division): number for number, division in enumerate(self.table.divisions)}
        return np.array([row[id(life)] for lives in self.table.by_code.values() for life in lives], np.int16)

    @cached_property
    def first(self) -> NDArray[np.int16]:
        """Where the lives of a code begin in `order`, by the code as a number; -1 where the table has none."""
        found = np.full(HIGHEST + 1, -1, np.int16)
        place = 0
        for code, lives in self.table.by_code.items():
            found[int(code)] = place
            place += len(lives)
        return found

    @cached_property
    def spans(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """First and last day of each life in `order`; the sources give years, so a changeover year is in both."""
        lives = self._lives
        begins = [EVER.min if life.since_year is None else days(date(life.since_year, 1, 1)) for life in lives]
        ends = [EVER.max if life.until_year is None else days(date(life.until_year, 12, 31)) for life in lives]
        return np.array(begins, np.int32), np.array(ends, np.int32)

    @cached_property
    def heirs(self) -> NDArray[np.int32]:
        """The one code that the division of a row of the table went over to, as a number; -1 where there is no one."""
        heirs = [division.successors for division in self.table.divisions]
        return np.array([int(codes[0]) if len(codes) == 1 else -1 for codes in heirs], np.int32)

    def text(self, numbers: NDArray[np.int32]) -> NDArray[np.str_]:
        """Write codes of the table as text of six digits."""
        return self._texts[self.first[numbers]]

    @cached_property
    def _texts(self) -> NDArray[np.str_]:
        return np.array([life.code for life in self._lives], "U6")

    @cached_property
    def _lives(self) -> Sequence[Division]:
        return [life for lives in self.table.by_code.values() for life in lives]

    @cached_property
    def _most(self) -> int:
        """The most lives that one code has had."""
        return max(map(len, self.table.by_code.values()), default=0)

    @cached_property
    def _count(self) -> NDArray[np.int16]:
        """How many lives follow in `order` under one code, this one included."""
        lengths = [len(lives) - past for lives in self.table.by_code.values() for past in range(len(lives))]
        return np.array(lengths, np.int16)

    def find(
        self, numbers: NDArray[np.int32], on: NDArray[np.int32]
    ) -> tuple[NDArray[np.int16], NDArray[np.int8], NDArray[np.int16]]:
        """Find for each code the row of the division that it meant on its day.

        Parameters
        ----------
        numbers
            Codes as `code_numbers` reads them; -1 is kept.
        on
            Days since 1 January 1970: one for each code, or one for all.

        Returns
        -------
        tuple of arrays
            The row of the table, -1 where none was in force; the standing, as a position in `STANDINGS`; and the row
            of the last life that had ended by then, -1 where none had.
        """
        place = self.first.take(numbers, mode="clip")
        if numbers.size and numbers.min() < 0:
            place[numbers < 0] = -1
        listed = place >= 0
        row, ended = self._life(place, on)
        for past in range(1, self._most):
            more = np.flatnonzero(listed & (self._count.take(place, mode="clip") > past))
            later = place.reshape(-1)[more] + np.int16(past)
            row_then, ended_then = self._life(later, np.broadcast_to(on, numbers.shape).reshape(-1)[more])
            row.reshape(-1)[more[row_then >= 0]] = row_then[row_then >= 0]
            ended.reshape(-1)[more[ended_then >= 0]] = ended_then[ended_then >= 0]
        standing = np.where(row >= 0, np.int8(IN_FORCE), np.where(ended >= 0, np.int8(ENDED), np.int8(NOT_BEGUN)))
        if not listed.all():
            standing[~listed] = NOT_LISTED
            standing[numbers < 0] = NOT_STATED
            row[~listed] = ended[~listed] = -1
        return row, standing, ended

    def _life(self, place: NDArray[np.int16], on: NDArray[np.int32]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """Give the row of a life where it was in force on a day, and where it had ended; -1 elsewhere."""
        begins, ends = self.spans
        over, begun = ends.take(place, mode="clip") < on, begins.take(place, mode="clip") <= on
        row, none = self.order.take(place, mode="clip"), np.int16(-1)
        return np.where(begun & ~over, row, none), np.where(over, row, none)

    def follow(self, numbers: NDArray[np.int32], on: NDArray[np.int32]) -> NDArray[np.int32]:
        """Carry each code over to its single successor until one was in force on its day, or none is named."""
        now = numbers.copy()
        flat, day_of = now.reshape(-1), np.broadcast_to(on, numbers.shape).reshape(-1)
        rows, at, day = np.arange(0), flat, day_of
        while at.size:
            _, standing, ended = self.find(at, day)
            gone = np.flatnonzero(standing == ENDED)
            heir = self.heirs.take(ended[gone])
            gone, heir = gone[heir >= 0], heir[heir >= 0]
            rows = gone if at is flat else rows[gone]
            flat[rows] = at = heir
            day = day_of[rows]
        return now
