"""Division codes with a legal life: which place a code meant on a day, what it became, and what lies above it."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import days
from civaffairs.errors import UsageError, did_you_mean, is_a, listed, masked
from civaffairs.law.places_index import EVER, MALFORMED, PlaceIndex, code_numbers
from civaffairs.law.places_table import SIX_DIGITS, Division, DivisionKind, Places, load_places

__all__ = [
    "COUNTY_LEVEL",
    "NATION",
    "Division",
    "DivisionKind",
    "NotCurrent",
    "PlaceError",
    "Places",
    "Resolution",
    "chain",
    "codes_of",
    "county_divisions",
    "days_of",
    "division_at",
    "index",
    "known",
    "lives_of",
    "load_places",
    "name",
    "places",
    "resolve",
    "resolve_codes",
]

_Code = TypeVar("_Code", np.int32, np.str_)

NATION = "000000"
"""The code at the top of every chain."""

COUNTY_LEVEL = frozenset({DivisionKind.DISTRICT, DivisionKind.COUNTY, DivisionKind.COUNTY_LEVEL_CITY})
"""The kinds at county level (县级)."""


class PlaceError(UsageError):
    """A division code is malformed or is not in the table."""


class NotCurrent(PlaceError):
    """A division code was not in force on the day asked for.

    Attributes
    ----------
    successors
        Codes that the division went over to; empty where no source names any, or before it began.
    """

    def __init__(self, message: str, successors: tuple[str, ...] = ()) -> None:
        """Keep the successors beside the message."""
        super().__init__(message)
        self.successors = successors


@attrs.frozen
class Resolution:
    """The code that stands for a place on a day, and how it was found.

    Attributes
    ----------
    code_now
        Code in force on the day, or the code as given where none is known.
    note
        What was done; empty when the code stands as it is.
    """

    code_now: str
    note: str = ""


@cache
def places() -> Places:
    """Load the table of divisions that comes with the library, once.

    Examples
    --------
    >>> places()
    <33 divisions under 32 codes>
    """
    return load_places(files("civaffairs").joinpath("law/places.toml").read_text("utf-8"), "places.toml")


def known(code: str) -> bool:
    """Whether the table has a code, living or retired. A code it lacks may be a good one of another city.

    Examples
    --------
    >>> known("450127"), known("110101")
    (True, False)
    """
    return code in places().by_code


def name(code: str) -> str:
    """Give the name under which a code was last in force.

    Raises
    ------
    PlaceError
        If the table does not have the code.

    Examples
    --------
    >>> name("450103"), name("450127")
    ('青秀区', '横县')
    """
    return lives_of(code)[-1].name


def division_at(code: str, on: date) -> Division:
    """Find the division that a code meant on a day.

    The sources give years only: in a changeover year both the old and the new code answer.

    Parameters
    ----------
    code
        Six digits.
    on
        The day.

    Returns
    -------
    Division
        The life of the code that covers the day.

    Raises
    ------
    NotCurrent
        If the code was not in force then; the message says when it was and what followed.
    PlaceError
        If the table does not have the code.

    Examples
    --------
    >>> division_at("450103", date(2003, 12, 31)).name
    '新城区'
    >>> division_at("450103", date(2004, 1, 1)).name
    '青秀区'
    >>> division_at("450127", date(2022, 1, 1))
    Traceback (most recent call last):
    ...
    civaffairs.law.places.NotCurrent: 450127 横县 ended in 2021; use its successor 450181 横州市
    """
    lives = lives_of(code)
    for division in lives:
        if division.in_force(on):
            return division
    ended = _ended_lives(code, on)
    if ended:
        raise NotCurrent(_ended(ended[-1]), ended[-1].successors)
    raise NotCurrent(_not_begun(lives[0]))


@lru_cache(maxsize=4096)
def chain(code: str) -> tuple[str, ...]:
    """List the places whose values apply to a code: county, city, region, nation.

    A retired code is first carried over to its successor, so that a place has one chain whichever of its codes a
    register holds; without a single successor it keeps its own code under its old parent. The chain is today's: it
    does not go back to the prefecture of before 2002. A code outside the table is climbed by its digits.

    Parameters
    ----------
    code
        Six digits.

    Returns
    -------
    tuple of str
        Codes, nearest first; the last is always the nation.

    Raises
    ------
    PlaceError
        If the code is not six digits.

    Examples
    --------
    >>> chain("450103")
    ('450103', '450100', '450000', '000000')
    >>> chain("452122")  # the county's code while under the prefecture, two codes ago
    ('450181', '450100', '450000', '000000')
    >>> chain("110101")
    ('110101', '110100', '110000', '000000')
    """
    _six_digits(code)
    if code not in places().by_code:
        return tuple(dict.fromkeys([code, code[:4] + "00", code[:2] + "0000", NATION]))
    division = lives_of(code)[-1]
    if division.until_year is not None and len(division.successors) == 1:
        return chain(division.successors[0])
    return (code, *(chain(division.parent) if division.parent else ()))


def resolve(code: str, on: date) -> Resolution:
    """Find the code that stands for a place on a day, following a retired code to its successor.

    Never refuses a well-formed code: one that cannot be carried over is handed back as it is, with the reason.

    Parameters
    ----------
    code
        Six digits, from a register of any age.
    on
        The day.

    Returns
    -------
    Resolution
        The code, and a note of what was done.

    Raises
    ------
    PlaceError
        If the code is not six digits.

    Examples
    --------
    >>> resolve("452122", date(2026, 8, 1))
    Resolution(code_now='450181', note='452122 横县 until 2002, 450127 横县 until 2021, now 450181 横州市')
    >>> resolve("450104", date(2026, 8, 1))
    Resolution(code_now='450104', note='450104 城北区 ended in 2004; no source names one successor')
    """
    _six_digits(code)
    if not known(code):
        return Resolution(code, f"{code} is not in the table; kept as it is")
    passed: list[str] = []
    at = code
    while True:
        try:
            now = division_at(at, on)
        except NotCurrent as fault:
            if len(fault.successors) != 1:
                return Resolution(at, ", ".join([*passed, str(fault)]))
            division = _ended_lives(at, on)[-1]
            passed.append(f"{division} until {division.until_year}")
            at = fault.successors[0]
        else:
            return Resolution(at, ", ".join([*passed, f"now {now}"]) if passed else "")


def resolve_codes(codes: NDArray[_Code], on: date | NDArray[np.generic]) -> NDArray[_Code]:
    """Resolve a whole column of codes at once; see `resolve`.

    Parameters
    ----------
    codes
        Numbers or text of six digits. A negative number, the mark of an unreadable identity number, is kept.
    on
        The day for all of them, or one for each: whole numbers since 1 January 1970, or ``datetime64[D]``.

    Returns
    -------
    array
        Codes in force, of the same shape and type.

    Raises
    ------
    PlaceError
        If a code is not six digits; names the malformed ones.

    Examples
    --------
    >>> resolve_codes(np.array(["450127", "450102"]), date(2026, 8, 1)).tolist()
    ['450181', '450102']
    >>> days = np.array(["2020-06-30", "2022-06-30"], "datetime64[D]")
    >>> resolve_codes(np.array([450127, 450127]), days).tolist()
    [450127, 450181]
    """
    numbers = codes_of(codes)
    now = index().follow(numbers.reshape(-1), days_of(on, numbers).reshape(-1)).reshape(numbers.shape)
    moved = np.flatnonzero(now != numbers)
    every = np.array(codes, order="C")  # a copy: most codes stay as they are
    told = now.reshape(-1)[moved]
    every.reshape(-1)[moved] = told if codes.dtype.kind in "iu" else index().text(told)
    return every


@cache
def index() -> PlaceIndex:
    """Give the table that comes with the library as arrays."""
    return PlaceIndex(places())


def codes_of(codes: NDArray[np.generic]) -> NDArray[np.int32]:
    """Read a column of codes as whole numbers, -1 where none is stated.

    Raises
    ------
    PlaceError
        If a code is not six digits; names the malformed ones.
    """
    numbers = code_numbers(codes)
    if numbers.size and numbers.min() == MALFORMED:
        wrong = np.unique(codes[numbers == MALFORMED]).tolist()
        texts = [masked(f"{code:06d}" if is_a(code, int) else code) for code in wrong]
        msg = f"not division codes: {listed(texts)}; a code is six digits, as in '450103'"
        raise PlaceError(msg)
    return numbers


def days_of(on: date | NDArray[np.generic], codes: NDArray[np.int32]) -> NDArray[np.int32]:
    """Read the day of each code as a count of days since 1 January 1970.

    Raises
    ------
    UsageError
        If there is not one day for each code, a day is not stated, or the days are of another type.
    """
    if not isinstance(on, np.ndarray):
        return np.broadcast_to(np.int32(days(on)), codes.shape)
    if on.dtype.kind not in "iuM" or on.shape != codes.shape or (on.dtype.kind == "M" and np.isnat(on).any()):
        msg = (
            f"{on.size} days of type {on.dtype} do not go with {codes.size} codes; give one day, or for each code "
            "a whole number of days since 1970-01-01 or a stated datetime64[D]"
        )
        raise UsageError(msg)
    counted = (on.astype("datetime64[D]") if on.dtype.kind == "M" else on).astype(np.int64)
    return np.clip(counted, EVER.min, EVER.max).astype(np.int32)


def county_divisions() -> tuple[Division, ...]:
    """List the county-level divisions of Nanning that are in force, by code.

    Examples
    --------
    >>> len(county_divisions())
    12
    """
    living = [d for d in places().divisions if d.kind in COUNTY_LEVEL and d.until_year is None]
    return tuple(sorted(living, key=lambda division: division.code))


def _six_digits(code: str) -> None:
    if not SIX_DIGITS.fullmatch(code):
        msg = f"{masked(code)!r} is not a division code; write six digits, as in '450103'"
        raise PlaceError(msg)


def lives_of(code: str) -> tuple[Division, ...]:
    """List the lives of a code, oldest first.

    Raises
    ------
    PlaceError
        If the table does not have the code.

    Examples
    --------
    >>> [f"{life}" for life in lives_of("450103")]
    ['450103 新城区', '450103 青秀区']
    """
    _six_digits(code)
    lives = places().by_code.get(code)
    if lives is None:
        msg = f"division code {code!r} is not in the table{did_you_mean(code, places().by_code)}"
        raise PlaceError(msg)
    return lives


def _ended_lives(code: str, on: date) -> list[Division]:
    return [life for life in lives_of(code) if life.until_year is not None and life.until_year < on.year]


def _ended(division: Division) -> str:
    names = [f"{code} {name(code)}" for code in division.successors]
    then = f"use its successor {listed(names)}" if names else "no source names one successor"
    return f"{division} ended in {division.until_year}; {then}"


def _not_begun(division: Division) -> str:
    before = [str(other) for other in places().divisions if division.code in other.successors]
    then = f"; before it the place was {listed(before)}" if before else ""
    return f"{division} begins in {division.since_year}{then}"
