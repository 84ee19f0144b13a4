"""Resident identity numbers: check, read and mask, one at a time or a million."""

from __future__ import annotations

from datetime import date
from enum import Enum

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.identity.characters import (
    BLOCK,
    END,
    FAULTS,
    NO_CODE,
    Fault,
    Texts,
    character_values,
    decimal,
    hint,
    mask,
    refuse,
    text_column,
    value_table,
    weighted,
)

NO_BIRTH = np.iinfo(np.int32).min
"""Birth day of a number that cannot be read."""


class Sex(Enum):
    """Sex (性别) as the 17th digit of a resident number states it; 0 in a column means unreadable."""

    label_zh: str

    MALE = (1, "男")
    FEMALE = (2, "女")

    def __new__(cls, value: int, label_zh: str) -> Sex:
        """Keep the Chinese label beside the value."""
        member = object.__new__(cls)
        member._value_ = value
        member.label_zh = label_zh
        return member


@attrs.frozen(repr=False)
class ResidentNumber:
    """A resident identity number (公民身份号码, GB 11643) that has been checked; make it with `parse`.

    Attributes
    ----------
    long_form
        The 18 characters. Only this attribute shows them: ``repr`` and ``str`` are masked.
    """

    long_form: str = attrs.field()

    @long_form.validator
    def _issued(self, _: object, text: str) -> None:
        if len(text) != 18 or text != text.upper():
            refuse("resident number", text, Fault.SHAPE, "write 18 characters with a capital X, or use parse()")
        _check_resident_number(text, None)

    @classmethod
    def parse(cls, text: str, today: date | None = None) -> ResidentNumber:
        """Read a number of 18 characters, or one of 15 digits as issued before there was a check digit.

        The county code is never a reason to refuse: it is the code at first registration, which may have been retired
        since, or have begun long after the birth. Look it up with `civaffairs.law.places`.

        Parameters
        ----------
        text
            The number; a lower-case ``x`` is read as ``X``. Fifteen digits mean a birth in 19YY.
        today
            Day after which nobody can be born yet; not checked when left out.

        Returns
        -------
        ResidentNumber
            In its long form.

        Raises
        ------
        IdentityError
            If the number cannot have been issued; the message does not contain it.

        Examples
        --------
        >>> number = ResidentNumber.parse("450127198001010012")
        >>> number
        <resident number 450127…>
        >>> number.birth_date, number.sex.label_zh, number.county_code
        (datetime.date(1980, 1, 1), '男', '450127')
        >>> ResidentNumber.parse("450127800101001") == number
        True
        >>> ResidentNumber.parse("450103195002290015")
        Traceback (most recent call last):
        ...
        civaffairs.identity.characters.IdentityError: resident number 450103…: the birth date does not exist
        """
        _check_resident_number(text, today)
        long = text.upper()
        if len(long) == 15:
            long = long[:6] + "19" + long[6:]
            long += _CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(long, _WEIGHTS, strict=True)) % 11]
        return cls(long)

    @property
    def county_code(self) -> str:
        """Division code of the county where the person was first registered."""
        return self.long_form[:6]

    @property
    def birth_date(self) -> date:
        """Day of birth."""
        return date(int(self.long_form[6:10]), int(self.long_form[10:12]), int(self.long_form[12:14]))

    @property
    def sequence(self) -> int:
        """Number among those born in the county on the day: odd for men, even for women."""
        return int(self.long_form[14:17])

    @property
    def sex(self) -> Sex:
        """Sex as registered."""
        return Sex.MALE if self.sequence % 2 else Sex.FEMALE

    def __repr__(self) -> str:
        return f"<resident number {mask(self.long_form)}>"

    def __str__(self) -> str:
        return mask(self.long_form)


@attrs.frozen(repr=False, eq=False)
class ResidentNumbers:
    """What a column of resident numbers says, row by row; the numbers themselves are not kept.

    Attributes
    ----------
    valid
        Whether the number can have been issued.
    birth
        Day of birth in days since 1970-01-01; `NO_BIRTH` where not valid.
    sex
        Value of `Sex`; 0 where not valid.
    county_code
        Division code at first registration; `NO_CODE` where not valid.
    fault
        Value of `Fault`.
    """

    valid: NDArray[np.bool_]
    birth: NDArray[np.int32]
    sex: NDArray[np.int8]
    county_code: NDArray[np.int32]
    fault: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.valid)

    def __repr__(self) -> str:
        return f"<{len(self)} resident numbers, {np.count_nonzero(~self.valid)} faulty>"


def check_resident_numbers(texts: Texts, today: date | None = None) -> ResidentNumbers:
    """Check a column of resident numbers, of 18 characters and of 15 digits, by the rules of `ResidentNumber.parse`.

    Parameters
    ----------
    texts
        Numbers as text, in one dimension. Numbers that passed through a float have lost digits, so only text is read.
    today
        Day after which nobody can be born yet; not checked when left out.

    Returns
    -------
    ResidentNumbers
        Columns of the same length.

    Raises
    ------
    IdentityError
        If the column is not text.

    Examples
    --------
    >>> found = check_resident_numbers(["450127198001010012", "450181202203010026", "450127198001010011"])
    >>> found
    <3 resident numbers, 1 faulty>
    >>> found.county_code
    array([450127, 450181,     -1], dtype=int32)
    """
    column = text_column(texts)
    fault = np.zeros(len(column), np.int8)
    birth = np.empty(len(column), np.int32)
    sex = np.empty(len(column), np.int8)
    county = np.empty(len(column), np.int32)
    last = np.iinfo(np.int32).max if today is None else (today - _EPOCH).days
    for start in range(0, len(column), BLOCK):
        rows = slice(start, start + BLOCK)
        fault[rows], birth[rows], sex[rows], county[rows] = _read_resident_numbers(column[rows], last)
    valid = fault == Fault.NONE.value
    birth[~valid], sex[~valid], county[~valid] = NO_BIRTH, 0, NO_CODE
    return ResidentNumbers(valid, birth, sex, county, fault)


_EPOCH = date(1970, 1, 1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_LONGEST_DAY = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87], np.uint8)
_DIGIT_VALUES = value_table("0123456789X")


def _read_resident_numbers(
    column: NDArray[np.str_], last: int
) -> tuple[NDArray[np.int8], NDArray[np.int32], NDArray[np.int8], NDArray[np.int32]]:
    given = character_values(column, _DIGIT_VALUES)
    short = (given[14] < END) & (given[15:] == END).all(axis=0)
    body = given[:17].copy()
    if short.any():
        body[8:] = np.where(short, given[6:15], body[8:])
        body[6:8] = np.where(short, np.array([[1], [9]], np.uint8), body[6:8])
    shaped = (body <= 9).all(axis=0) & (short | ((given[17] <= 10) & (given[18] == END)))
    body[:, ~shaped] = 0
    checked = short | ((12 - weighted(body, _WEIGHTS) % 11) % 11 == given[17])
    year, month, day = decimal(body[6:10]), decimal(body[10:12]), decimal(body[12:14])
    leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    dated = (year >= 1) & (day >= 1) & (day <= _LONGEST_DAY[month] + leap)
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)
    birth = first + day - np.int32(1)
    fault = np.select(
        [~shaped, ~checked, ~dated, birth > last],
        [np.int8(f.value) for f in (Fault.SHAPE, Fault.CHECK, Fault.BIRTH_DATE, Fault.NOT_YET_BORN)],
        np.int8(Fault.NONE.value),
    )
    sex = np.where(body[16] % 2 == 1, np.int8(Sex.MALE.value), np.int8(Sex.FEMALE.value))
    return fault, birth, sex, decimal(body[:6])


def _check_resident_number(text: str, today: date | None) -> None:
    fault = FAULTS[int(check_resident_numbers([text], today).fault[0])]
    if fault is not Fault.NONE:
        refuse("resident number", text, fault, hint(text, "18 characters, or 15 digits"))
