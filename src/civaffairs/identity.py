"""Resident identity numbers and unified social credit codes: check, read and mask, one at a time or a million."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError

Texts: TypeAlias = Sequence[str] | NDArray[np.str_]
"""A column of numbers written as text."""

NO_BIRTH = np.iinfo(np.int32).min
"""Birth day of a number that cannot be read."""

NO_CODE = -1
"""County or division code, or kind, of a number that cannot be read."""


class Fault(Enum):
    """Why a number is refused. The number itself is never part of the reason."""

    label_zh: str
    reason: str

    NONE = (0, "无误", "in order")
    SHAPE = (1, "格式错误", "not the right characters or length")
    CHECK = (2, "校验码错误", "the check character does not match")
    BIRTH_DATE = (3, "出生日期不存在", "the birth date does not exist")
    NOT_YET_BORN = (4, "出生日期晚于当日", "the birth date is still to come")
    CLASS = (5, "机构类别错误", "registered by civil affairs, but of no class that civil affairs registers")

    def __new__(cls, value: int, label_zh: str, reason: str) -> Fault:
        """Keep the labels beside the value."""
        member = object.__new__(cls)
        member._value_ = value
        member.label_zh, member.reason = label_zh, reason
        return member


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


class OrganisationKind(Enum):
    """What sort of organisation the first two characters of a unified social credit code state."""

    label_zh: str

    GOVERNMENT_ORGAN = (11, "机关")
    PUBLIC_INSTITUTION = (12, "事业单位")
    MASS_ORGANISATION = (13, "中央编办管理的群众团体")
    SOCIAL_ASSOCIATION = (51, "社会团体")
    SOCIAL_SERVICE_ORGANISATION = (52, "民办非企业单位")
    FOUNDATION = (53, "基金会")
    OTHER_CIVIL_AFFAIRS = (59, "民政其他")
    ENTERPRISE = (91, "企业")
    OTHER = (0, "其他")

    def __new__(cls, value: int, label_zh: str) -> OrganisationKind:
        """Keep the Chinese label beside the value."""
        member = object.__new__(cls)
        member._value_ = value
        member.label_zh = label_zh
        return member


class IdentityError(UsageError):
    """A number is not one that can have been issued.

    Attributes
    ----------
    fault
        Why.
    """

    def __init__(self, message: str, fault: Fault = Fault.SHAPE) -> None:
        """Keep the fault beside the message."""
        super().__init__(message)
        self.fault = fault


def mask(text: str) -> str:
    """Show at most the first six characters of a number: the county, not the person.

    Examples
    --------
    >>> mask("450127198001010012")
    '450127…'
    """
    return text[:6] + "…" if len(text) > 6 else text


def mask_numbers(texts: Texts) -> NDArray[np.str_]:
    """Mask a column of numbers; see `mask`.

    Examples
    --------
    >>> mask_numbers(["450127198001010012", ""]).tolist()
    ['450127…', '']
    """
    column = _column(texts)
    return np.where(np.strings.str_len(column) > 6, np.strings.add(column.astype("U6"), "…"), column.astype("U6"))


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
            _refuse("resident number", text, Fault.SHAPE, "write 18 characters with a capital X, or use parse()")
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
        civaffairs.identity.IdentityError: resident number 450103…: the birth date does not exist
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
    column = _column(texts)
    fault = np.zeros(len(column), np.int8)
    birth = np.empty(len(column), np.int32)
    sex = np.empty(len(column), np.int8)
    county = np.empty(len(column), np.int32)
    last = np.iinfo(np.int32).max if today is None else (today - _EPOCH).days
    for start in range(0, len(column), _BLOCK):
        rows = slice(start, start + _BLOCK)
        fault[rows], birth[rows], sex[rows], county[rows] = _read_resident_numbers(column[rows], last)
    valid = fault == Fault.NONE.value
    birth[~valid], sex[~valid], county[~valid] = NO_BIRTH, 0, NO_CODE
    return ResidentNumbers(valid, birth, sex, county, fault)


@attrs.frozen
class UnifiedCode:
    """A unified social credit code (统一社会信用代码, GB 32100-2015) that has been checked; make it with `parse`.

    The code is for life: it keeps the division of registration whatever becomes of that division.

    Attributes
    ----------
    code
        The 18 characters.
    """

    code: str = attrs.field()

    @code.validator
    def _issued(self, _: object, text: str) -> None:
        what = "unified social credit code"
        fault = _FAULTS[int(check_unified_codes([text]).fault[0])]
        if fault is not Fault.NONE:
            _refuse(what, text, fault, _hint(text, "18 digits or capitals without I, O, S, V, Z"))
        if len(text) != 18 or text != text.upper():
            _refuse(what, text, Fault.SHAPE, "write 18 characters with capitals, or use parse()")

    @classmethod
    def parse(cls, text: str) -> UnifiedCode:
        """Read a code; lower-case letters are read as capitals.

        Raises
        ------
        IdentityError
            If the code cannot have been issued.

        Examples
        --------
        >>> association = UnifiedCode.parse("51450100MJX000018D")
        >>> association.kind.label_zh, association.division_code
        ('社会团体', '450100')
        """
        return cls(text.upper() if text.isascii() else text)

    @property
    def kind(self) -> OrganisationKind:
        """What sort of organisation it is; `OrganisationKind.OTHER` for a prefix that is not listed."""
        prefix = self.code[:2]
        return _KINDS.get(int(prefix), OrganisationKind.OTHER) if prefix.isdigit() else OrganisationKind.OTHER

    @property
    def division_code(self) -> str:
        """Division code of the authority that registered it."""
        return self.code[2:8]

    @property
    def subject_code(self) -> str:
        """The organisation's own nine characters (主体标识码)."""
        return self.code[8:17]

    def __str__(self) -> str:
        return self.code


@attrs.frozen(repr=False, eq=False)
class UnifiedCodes:
    """What a column of unified social credit codes says, row by row.

    Attributes
    ----------
    valid
        Whether the code can have been issued.
    kind
        Value of `OrganisationKind`; `NO_CODE` where not valid.
    division_code
        Division code of the registering authority; `NO_CODE` where not valid.
    fault
        Value of `Fault`.
    """

    valid: NDArray[np.bool_]
    kind: NDArray[np.int8]
    division_code: NDArray[np.int32]
    fault: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.valid)

    def __repr__(self) -> str:
        return f"<{len(self)} unified social credit codes, {np.count_nonzero(~self.valid)} faulty>"


def check_unified_codes(texts: Texts) -> UnifiedCodes:
    """Check a column of unified social credit codes, by the rules of `UnifiedCode.parse`.

    Parameters
    ----------
    texts
        Codes as text, in one dimension.

    Returns
    -------
    UnifiedCodes
        Columns of the same length.

    Raises
    ------
    IdentityError
        If the column is not text.

    Examples
    --------
    >>> check_unified_codes(["52450103MJX000026G", "52450103MJX000026H"]).valid
    array([ True, False])
    """
    column = _column(texts)
    fault = np.zeros(len(column), np.int8)
    kind = np.empty(len(column), np.int8)
    division = np.empty(len(column), np.int32)
    for start in range(0, len(column), _BLOCK):
        rows = slice(start, start + _BLOCK)
        fault[rows], kind[rows], division[rows] = _read_unified_codes(column[rows])
    valid = fault == Fault.NONE.value
    kind[~valid], division[~valid] = NO_CODE, NO_CODE
    return UnifiedCodes(valid, kind, division, fault)


_FAULTS = {fault.value: fault for fault in Fault}
_KINDS = {kind.value: kind for kind in OrganisationKind}
_EPOCH = date(1970, 1, 1)
_BLOCK = 1 << 15  # rows at a time: what is worked on stays in cache
_WIDTH = 19  # one character more than a number has, so that a longer text is seen to be longer

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_UNIFIED_WEIGHTS = tuple(3**place % 31 for place in range(17))
_LONGEST_DAY = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87], np.uint8)

_END, _STRANGE = 254, 255


def _value_table(alphabet: str) -> NDArray[np.uint8]:
    """Value of every ASCII character: its place in the alphabet, the end of the text, or strange."""
    table = np.full(128, _STRANGE, np.uint8)
    for value, character in enumerate(alphabet):
        table[[ord(character), ord(character.lower())]] = value
    table[0] = _END
    return table


_DIGIT_VALUES = _value_table("0123456789X")
_UNIFIED_VALUES = _value_table(_ALPHABET)


def _column(texts: Texts) -> NDArray[np.str_]:
    if isinstance(texts, str) or (isinstance(texts, np.ndarray) and (texts.dtype.kind not in "UTO" or texts.ndim != 1)):
        found = "one text" if isinstance(texts, str) else f"{texts.ndim} dimensions of {texts.dtype}"
        msg = f"expected a column of text, found {found}; read identity numbers as text, never as numbers"
        raise IdentityError(msg)
    return np.asarray(texts, dtype=f"U{_WIDTH}")


def _values(column: NDArray[np.str_], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Values of the characters, one row for each place in the number."""
    characters = np.ascontiguousarray(column).view(np.uint32).reshape(len(column), _WIDTH)
    return np.ascontiguousarray(table[np.minimum(characters, 127)].T)


def _number(digits: NDArray[np.uint8]) -> NDArray[np.int32]:
    number = np.zeros(digits.shape[1], np.int32)
    for digit in digits:
        number = number * np.int32(10) + digit
    return number


def _weighted(values: NDArray[np.uint8], weights: tuple[int, ...]) -> NDArray[np.int32]:
    total = np.zeros(values.shape[1], np.int32)
    for value, weight in zip(values, weights, strict=True):
        total += np.multiply(value, weight, dtype=np.int32)
    return total


def _read_resident_numbers(
    column: NDArray[np.str_], last: int
) -> tuple[NDArray[np.int8], NDArray[np.int32], NDArray[np.int8], NDArray[np.int32]]:
    given = _values(column, _DIGIT_VALUES)
    short = (given[14] < _END) & (given[15:] == _END).all(axis=0)
    body = given[:17].copy()
    if short.any():
        body[8:] = np.where(short, given[6:15], body[8:])
        body[6:8] = np.where(short, np.array([[1], [9]], np.uint8), body[6:8])
    shaped = (body <= 9).all(axis=0) & (short | ((given[17] <= 10) & (given[18] == _END)))
    body[:, ~shaped] = 0
    checked = short | ((12 - _weighted(body, _WEIGHTS) % 11) % 11 == given[17])
    year, month, day = _number(body[6:10]), _number(body[10:12]), _number(body[12:14])
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
    return fault, birth, sex, _number(body[:6])


def _read_unified_codes(column: NDArray[np.str_]) -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.int32]]:
    given = _values(column, _UNIFIED_VALUES)
    shaped = (given[:18] < _END).all(axis=0) & (given[18] == _END) & (given[2:8] <= 9).all(axis=0)
    given[:, ~shaped] = 0
    checked = (31 - _weighted(given[:17], _UNIFIED_WEIGHTS) % 31) % 31 == given[17]
    prefix = np.where((given[:2] <= 9).all(axis=0), _number(given[:2]), 0)
    kind = np.where(np.isin(prefix, list(_KINDS)), prefix, OrganisationKind.OTHER.value).astype(np.int8)
    fault = np.select(
        [~shaped, ~checked, (given[0] == 5) & (kind == OrganisationKind.OTHER.value)],
        [np.int8(f.value) for f in (Fault.SHAPE, Fault.CHECK, Fault.CLASS)],
        np.int8(Fault.NONE.value),
    )
    return fault, kind, _number(given[2:8])


def _check_resident_number(text: str, today: date | None) -> None:
    fault = _FAULTS[int(check_resident_numbers([text], today).fault[0])]
    if fault is not Fault.NONE:
        _refuse("resident number", text, fault, _hint(text, "18 characters, or 15 digits"))


def _refuse(what: str, text: str, fault: Fault, hint: str) -> None:
    helps = hint and fault in (Fault.SHAPE, Fault.CHECK)
    msg = f"{what} {mask(text)}: {fault.reason}" + (f"; {hint}" if helps else "")
    raise IdentityError(msg, fault)


def _hint(text: str, expected: str) -> str:
    """Say what commonly happened to a number that looks like this one."""
    if re.search("[０-９]", text):
        return "full-width digits; write 0-9"
    if re.search(r"\s", text):
        return "there are blanks in it; take them out"
    if re.fullmatch(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+", text):
        return "a spreadsheet made it a number and lost digits; keep the column as text"
    if len(text) == 18 and text.endswith("000"):
        return "a spreadsheet may have replaced its last digits by zeros; keep the column as text"
    return "" if len(text) == 18 else f"expected {expected}, found {len(text)} characters"
