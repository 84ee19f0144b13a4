"""Read one cell: exact, and with a reason for whatever cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import attrs

from civaffairs.calendar import days
from civaffairs.errors import MoneyError, did_you_mean
from civaffairs.labels import Labelled
from civaffairs.law.places import county_divisions, places
from civaffairs.law.values import CM2_IN_M2
from civaffairs.money import yuan, yuan_text
from civaffairs.people.columns import Column, Kind

LONGEST_KEY = 64
"""Characters in a key or an identity number; a longer one is a cell that went astray."""


class Fault(NamedTuple):
    """Why a cell cannot be read, and what to do about it."""

    reason: str
    hint: str = ""


@attrs.frozen
class Unreadable:
    """A cell that is known to be wrong before it is read, such as one missing at the end of a short line."""

    text: str
    fault: Fault

    def __str__(self) -> str:
        return self.text


Answer: TypeAlias = "int | float | str | Fault | None"
"""What a cell says: a value as columns hold it, nothing (not stated), or a fault."""


def read_cell(column: Column, cell: object, *, in_fen: bool = False) -> Answer:
    """Read one cell of a column.

    Examples
    --------
    >>> from civaffairs.people.household import COLUMNS
    >>> read_cell(COLUMNS["lives_together"], "是"), read_cell(COLUMNS["area"], "农村")
    (True, 1)
    >>> read_cell(COLUMNS["birth_date"], "01/02/2026").reason
    'the order of day and month is not clear'
    """
    if isinstance(cell, Unreadable):
        return cell.fault
    if cell is None or type(cell).__name__ in ("NAType", "NaTType") or (isinstance(cell, float) and cell != cell):
        return None
    if isinstance(cell, str):
        cell = cell.strip()
        if not cell:
            return None
        if column.kind not in _WORDS and FULL_WIDTH.search(cell):
            return Fault("has full-width characters", "write the digits 0 to 9 and plain signs")
    if column.kind in (Kind.PLACE, Kind.DATE) and isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # some tools turn whole numbers into floats when a cell is empty
    if column.kind is Kind.FEN:
        return _within(column, _fen(cell, in_fen))
    if column.kind is Kind.COUNT:
        return _within(column, _count(cell))
    if column.kind is Kind.AREA:
        return _within(column, _area(cell))
    if column.kind is Kind.CHOICE:
        return _choice(column, cell)
    return _READERS[column.kind](cell)


_WORDS = (Kind.KEY, Kind.CHOICE, Kind.FLAG, Kind.TEXT, Kind.TEXTS)
FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_MONEY = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_NOT_MONEY = Fault("is not an amount of yuan", "write digits with at most two decimals, as in 1380.00")
FRACTION = Fault("has a fraction of a fen", "write at most two decimals")
_NOT_FINITE = Fault("is not a number", "leave the cell empty if the amount is not known")


def wrong_type(cell: object) -> Fault:
    """Say that a cell is of a type that its column cannot have."""
    return Fault(f"is of the wrong type ({type(cell).__name__})", "see the table format for how the column is written")


def _fen(cell: object, in_fen: bool) -> Answer:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell if in_fen else cell * 100
    if in_fen:
        return wrong_type(cell)
    if isinstance(cell, float):
        if cell in (float("inf"), float("-inf")):
            return _NOT_FINITE
        cell = Decimal(repr(cell))
    if isinstance(cell, Decimal):
        if not cell.is_finite():
            return _NOT_FINITE
        try:
            return yuan(cell)
        except MoneyError:
            return FRACTION
    if not isinstance(cell, str):
        return wrong_type(cell)
    found = _MONEY.fullmatch(cell)
    if found is None or len(cell) > 30:
        return _NOT_FINITE if cell.lower().lstrip("+-") in ("nan", "inf", "infinity") else _NOT_MONEY
    sign, whole, decimals = found.group(1), found.group(2).replace(",", ""), (found.group(3) or "").rstrip("0")
    if len(decimals) > 2:
        return FRACTION
    fen = int(whole) * 100 + int(decimals.ljust(2, "0"))
    return -fen if sign == "-" else fen


def _count(cell: object) -> Answer:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and re.fullmatch(r"[+-]?[0-9]{1,18}(\.0+)?", cell):
        return int(cell.partition(".")[0])
    if isinstance(cell, float | Decimal) and float(cell).is_integer():
        return int(cell)
    return Fault("is not a whole number", "write digits only") if isinstance(cell, _NUMBERS) else wrong_type(cell)


_NUMBERS = (str, float, Decimal)


def _area(cell: object) -> int | Fault:
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | str):
        return wrong_type(cell)
    if isinstance(cell, str) and not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", cell):
        return Fault("is not an area", "write square metres with digits, as in 1.5")
    area = Decimal(repr(cell) if isinstance(cell, float) else cell)
    if not area.is_finite() or area * CM2_IN_M2 % 1:
        return Fault("is not an area in whole square centimetres", "write square metres with at most four decimals")
    return int(area * CM2_IN_M2)


def _within(column: Column, answer: Answer) -> Answer:
    if not isinstance(answer, int) or column.low <= answer <= column.high:
        return answer
    if column.kind is Kind.FEN:
        if answer < 0:
            return Fault("is negative", "state receipts and costs as amounts of 0 or more")
        return Fault(f"is above {yuan_text(column.high)} yuan", "look for digits too many")
    return Fault(f"is not between {column.low} and {column.high}", column.meaning)


_FLAGS = dict.fromkeys(("yes", "true", "1", "是"), True) | dict.fromkeys(("no", "false", "0", "否"), False)


def _flag(cell: object) -> Answer:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float) and cell in (0, 1):
        return bool(cell)
    if isinstance(cell, str) and cell.casefold() in _FLAGS:
        return _FLAGS[cell.casefold()]
    return Fault("is neither yes nor no", "write yes or no; leave the cell empty if it is not known")


def _choice(column: Column, cell: object) -> Answer:
    options = list(column.choices or ())
    words = {option.value.casefold(): option.number for option in options}
    words |= {option.label_zh.casefold(): option.number for option in options}
    if isinstance(cell, Labelled):
        return cell.number if cell in options else Fault("belongs to another column", f"write {_either(options)}")
    if not isinstance(cell, str):
        return wrong_type(cell)
    number = words.get(cell.casefold())
    if number is not None:
        return number
    return Fault("is not one of the listed words", f"write {_either(options)}{did_you_mean(cell.casefold(), words)}")


def _either(options: Sequence[Labelled]) -> str:
    return " or ".join([", ".join(option.value for option in options[:-1]), options[-1].value])


_DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
)
_MIDNIGHT = re.compile(r"[T ]0?0:00(:00(\.0+)?)?$")
TIME_OF_DAY = Fault("has a time of day", "write the day alone, as in 2026-07-01")
NO_DAY = Fault("is no day of the calendar", "write it as in 2026-07-01")
_UNCLEAR = Fault("the order of day and month is not clear", "write the year first, as in 2026-07-01")
_SERIAL = Fault("is not a date", "it may be a spreadsheet's count of days; write it as in 2026-07-01")


def _day(cell: object) -> Answer:
    if isinstance(cell, datetime):
        return days(cell.date()) if cell.time() == time() else TIME_OF_DAY
    if isinstance(cell, date):
        return days(cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        cell = str(cell)
    if not isinstance(cell, str):
        return wrong_type(cell)
    text = _MIDNIGHT.sub("", cell)
    found = _DAY.fullmatch(text)
    if found:
        year, _, *parts = found.groups()
        month, day = (part for part in parts if part)
        try:
            return days(date(int(year), int(month), int(day)))
        except ValueError:
            return NO_DAY
    if re.fullmatch(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{2}){1,2}", text):
        return _UNCLEAR
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        return _SERIAL
    return TIME_OF_DAY if ":" in text else Fault("is not a date", "write it as in 2026-07-01")


_PROVINCE_RANGES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
_PROVINCES = frozenset(str(code) for first, last in _PROVINCE_RANGES for code in range(first, last + 1))


def _place(cell: object) -> Answer:
    if isinstance(cell, int) and not isinstance(cell, bool):
        cell = f"{cell:06d}"
    if not isinstance(cell, str):
        return wrong_type(cell)
    if re.fullmatch("[0-9]{9}|[0-9]{12}", cell):
        return Fault("is the code of a township or village", f"write its first six digits, {cell[:6]}")
    if not re.fullmatch("[0-9]{6}", cell):
        return Fault("is not a division code", "write six digits, as in 450103")
    known = places().by_code
    if cell in known and int(cell):
        return int(cell)
    if cell == "450101":
        return Fault("is a code for all districts of the city together", "write the code of the district, as in 450103")
    # Of the city and its former prefecture every code is known; a code of another city is taken as it is.
    if cell[:2] in _PROVINCES and cell[:4] not in {code[:4] for code in known if code[2:4] != "00"}:
        return int(cell)
    living = [division.code for division in county_divisions()]
    near = sorted(living, key=lambda code: sum(a != b for a, b in zip(code, cell, strict=True)))
    return Fault("has never been a division code", f"the nearest codes are {', '.join(near[:3])}")


def _key(cell: object) -> Answer:
    if isinstance(cell, int) and not isinstance(cell, bool):
        cell = str(cell)
    if not isinstance(cell, str):
        hint = "read keys and identity numbers as text: a number loses zeros and digits"
        return Fault(wrong_type(cell).reason, hint)
    if len(cell) > LONGEST_KEY:
        return Fault(f"is longer than {LONGEST_KEY} characters", "look for a cell that is not closed")
    if not cell.isprintable():
        return Fault("has characters that cannot be seen", "write letters, digits and signs only")
    return cell


LONGEST_TEXT = 2000
"""Characters in a text; a longer one is a cell that went astray."""


def _text(cell: object) -> Answer:
    if not isinstance(cell, str):
        return wrong_type(cell)
    if len(cell) > LONGEST_TEXT:
        return Fault(f"is longer than {LONGEST_TEXT} characters", "look for a cell that is not closed")
    if not cell.isprintable():
        return Fault("has characters that cannot be seen", "write it on one line, without control characters")
    return cell


def _texts(cell: object) -> Answer:
    parts = [*cell] if isinstance(cell, tuple | list) else [cell]
    faults = [read for read in map(_text, parts) if isinstance(read, Fault)]
    split = [part.strip() for text in parts if isinstance(text, str) for part in re.split("[;；]", text)]
    return faults[0] if faults else ";".join(part for part in split if part)


def _degrees(cell: object) -> Answer:
    if isinstance(cell, str) and re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]+)?", cell):
        cell = float(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return wrong_type(cell)
    if not -180 <= cell <= 180:
        return Fault("is not between -180 and 180 degrees", "write decimal degrees, as in 108.37")
    return float(cell)


_READERS: Mapping[Kind, Callable[[object], Answer]] = {
    Kind.KEY: _key,
    Kind.NUMBER: _key,
    Kind.PLACE: _place,
    Kind.DATE: _day,
    Kind.FLAG: _flag,
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.DEGREES: _degrees,
}
