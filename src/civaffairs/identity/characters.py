"""What resident numbers and credit codes share: characters read as values, reasons to refuse, and what is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError

Texts: TypeAlias = Sequence[str] | NDArray[np.str_]
"""A column of numbers written as text."""

NO_CODE = -1
"""County or division code, or kind, of a number that cannot be read."""

BLOCK = 1 << 15
"""Rows to work on at a time, so that they stay in cache."""

END = 254
"""Value of what follows the last character; a character that may stand nowhere has a higher one."""

_STRANGE = 255
_WIDTH = 19  # one character more than a number has, so that a longer text is seen to be longer


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


FAULTS = {fault.value: fault for fault in Fault}
"""The faults by value."""


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
    column = text_column(texts)
    return np.where(np.strings.str_len(column) > 6, np.strings.add(column.astype("U6"), "…"), column.astype("U6"))


def value_table(alphabet: str) -> NDArray[np.uint8]:
    """Value of every ASCII character: its place in the alphabet, the end of the text, or strange."""
    table = np.full(128, _STRANGE, np.uint8)
    for value, character in enumerate(alphabet):
        table[[ord(character), ord(character.lower())]] = value
    table[0] = END
    return table


def text_column(texts: Texts) -> NDArray[np.str_]:
    """Take a column of text, each cut to one character more than a number has; refuse anything else."""
    if isinstance(texts, str) or (isinstance(texts, np.ndarray) and (texts.dtype.kind not in "UTO" or texts.ndim != 1)):
        found = "one text" if isinstance(texts, str) else f"{texts.ndim} dimensions of {texts.dtype}"
        msg = f"expected a column of text, found {found}; read identity numbers as text, never as numbers"
        raise IdentityError(msg)
    return np.asarray(texts, dtype=f"U{_WIDTH}")


def character_values(column: NDArray[np.str_], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Values of the characters, one row for each place in the number."""
    characters = np.ascontiguousarray(column).view(np.uint32).reshape(len(column), _WIDTH)
    return np.ascontiguousarray(table[np.minimum(characters, 127)].T)


def decimal(digits: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Numbers that the digits make, one row of digits for each place."""
    number = np.zeros(digits.shape[1], np.int32)
    for digit in digits:
        number = number * np.int32(10) + digit
    return number


def weighted(values: NDArray[np.uint8], weights: tuple[int, ...]) -> NDArray[np.int32]:
    """Sums of the values, each times the weight of its place: what a check character is found from."""
    total = np.zeros(values.shape[1], np.int32)
    for value, weight in zip(values, weights, strict=True):
        total += np.multiply(value, weight, dtype=np.int32)
    return total


def refuse(what: str, text: str, fault: Fault, advice: str) -> NoReturn:
    """Raise the error that says why a number is refused, with advice where the characters are at fault."""
    helps = advice and fault in (Fault.SHAPE, Fault.CHECK)
    msg = f"{what} {mask(text)}: {fault.reason}" + (f"; {advice}" if helps else "")
    raise IdentityError(msg, fault)


def hint(text: str, expected: str) -> str:
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
