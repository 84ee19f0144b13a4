"""Where a place stands among the others: what lies under and over it, what it was and became, and whole columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import date_of
from civaffairs.errors import did_you_mean, listed
from civaffairs.law.places import (
    Division,
    NotCurrent,
    PlaceError,
    codes_of,
    days_of,
    division_at,
    index,
    lives_of,
    places,
    resolve,
)
from civaffairs.law.places_index import IN_FORCE, NOT_STATED, STANDINGS, CodeStanding

__all__ = [
    "STANDINGS",
    "CodeStanding",
    "Divisions",
    "Succession",
    "children",
    "divisions_at",
    "find_divisions",
    "parent",
    "place_notes",
    "predecessors",
    "succession",
    "successors",
]


@attrs.frozen(eq=False, repr=False)
class Divisions:
    """What each code of a column meant on its day.

    Attributes
    ----------
    index
        Positions in ``places().divisions``; -1 where none was in force.
    standing
        Positions in `STANDINGS`, which say why.
    """

    index: NDArray[np.int16]
    standing: NDArray[np.int8]

    def names(self) -> NDArray[np.str_]:
        """Give the names; empty where none was in force."""
        return np.array([division.name for division in places().divisions] + [""])[self.index]

    def count(self) -> dict[CodeStanding, int]:
        """Count the codes by how they stand."""
        found = np.bincount(self.standing.reshape(-1), minlength=len(STANDINGS)).tolist()
        return {standing: n for standing, n in zip(STANDINGS, found, strict=True) if n}

    def __repr__(self) -> str:
        told = ", ".join(f"{n} {standing.value}" for standing, n in self.count().items())
        return f"<{self.index.size} codes: {told or 'none'}>"


def divisions_at(codes: NDArray[np.generic], on: date | NDArray[np.generic]) -> Divisions:
    """Find for each code of a column the division that it meant on its own day; see `division_at` for one.

    The sources give years only: in a changeover year both the old and the new code answer.

    Parameters
    ----------
    codes
        Numbers or text of six digits; a negative number is a code that is not stated.
    on
        The day for all of them, or one for each: whole numbers since 1 January 1970, or ``datetime64[D]``.

    Returns
    -------
    Divisions
        The rows, and why there is none.

    Raises
    ------
    PlaceError
        If a code is not six digits; names the malformed ones.
    UsageError
        If there is not one day for each code.

    Examples
    --------
    >>> days = np.array(["2003-12-31", "2004-01-01", "2022-01-01"], "datetime64[D]")
    >>> found = divisions_at(np.array([450103, 450103, 450127]), days)
    >>> found.names().tolist(), found
    (['新城区', '青秀区', ''], <3 codes: 2 in_force, 1 ended>)
    """
    numbers = codes_of(codes)
    row, standing, _ = index().find(numbers.reshape(-1), days_of(on, numbers).reshape(-1))
    return Divisions(row.reshape(numbers.shape), standing.reshape(numbers.shape))


def place_notes(codes: NDArray[np.generic], on: date | NDArray[np.generic]) -> tuple[str, ...]:
    """Say of each code that does not stand as it is what is made of it, and how many rows it concerns.

    Parameters
    ----------
    codes, on
        As for `divisions_at`.

    Returns
    -------
    tuple of str
        One note a code and outcome, most rows first; empty where every code stands.

    Examples
    --------
    >>> place_notes(np.array(["450127", "450127", "450102"]), date(2026, 8, 1))
    ('450127 横县 until 2021, now 450181 横州市 (2 rows)',)
    """
    numbers = codes_of(codes).reshape(-1)
    day_of = days_of(on, codes_of(codes)).reshape(-1)
    _, standing, _ = index().find(numbers, day_of)
    rows = np.flatnonzero((standing != IN_FORCE) & (standing != NOT_STATED))
    now = index().follow(numbers[rows], day_of[rows])
    _, standing_now, _ = index().find(now, day_of[rows])
    keys = (numbers[rows].astype(np.int64) << 24 | now.astype(np.int64)) << 3 | standing_now
    _, first, count = np.unique(keys, return_index=True, return_counts=True)
    told: dict[str, int] = {}
    for row, n in zip(rows[first].tolist(), count.tolist(), strict=True):
        note = resolve(f"{numbers[row]:06d}", date_of(int(day_of[row]))).note
        told[note] = told.get(note, 0) + n
    by_rows = sorted(told.items(), key=lambda item: -item[1])
    return tuple(f"{note} ({n} row{'s' * (n != 1)})" for note, n in by_rows)


def children(code: str, on: date) -> tuple[Division, ...]:
    """List the divisions directly under one on a day, by code: those that the table has.

    The table is whole for Nanning's county level alone; of the prefecture of before 2002 it has the counties that came
    to the city, of the autonomous region the city and that prefecture. In a changeover year old and new are both there.

    Raises
    ------
    NotCurrent
        If the code itself was not in force on the day.
    PlaceError
        If the table does not have the code.

    Examples
    --------
    >>> len(children("450100", date(2026, 8, 1)))
    12
    >>> [division.name for division in children("452100", date(1990, 1, 1))]
    ['横县', '宾阳县', '上林县', '隆安县', '马山县']
    """
    division_at(code, on)
    under = [division for division in places().divisions if division.parent == code and division.in_force(on)]
    return tuple(sorted(under, key=lambda division: division.code))


def parent(code: str, on: date) -> Division | None:
    """Find the division directly over one on a day; ``None`` over the nation.

    Raises
    ------
    NotCurrent
        If the code was not in force on the day.
    PlaceError
        If the table does not have the code.

    Examples
    --------
    >>> [f"{parent(code, date(2000, 1, 1))}" for code in ("452122", "452100")]
    ['452100 南宁地区', '450000 广西壮族自治区']
    """
    above = division_at(code, on).parent
    return division_at(above, on) if above else None


def find_divisions(name: str, on: date | None = None) -> tuple[Division, ...]:
    """Find the divisions that bear exactly a name, or bore it on a day; oldest first.

    Raises
    ------
    NotCurrent
        If divisions bear the name, but none was in force on the day.
    PlaceError
        If no division of the table ever bore it; the message has the nearest names.

    Examples
    --------
    >>> [f"{division}" for division in find_divisions("邕宁县")]
    ['452121 邕宁县', '450121 邕宁县']
    >>> find_divisions("邕宁")
    Traceback (most recent call last):
    ...
    civaffairs.law.places.PlaceError: no division of the table is called '邕宁'; these begin so: 邕宁区, 邕宁县
    """
    bearing = sorted((d for d in places().divisions if d.name == name), key=_age)
    if not bearing:
        names = dict.fromkeys(division.name for division in places().divisions)
        begin = listed(sorted(known for known in names if name and known.startswith(name)))
        near = f"; these begin so: {begin}" if begin else did_you_mean(name, names)
        msg = f"no division of the table is called {name!r}{near}"
        raise PlaceError(msg)
    living = [division for division in bearing if on is None or division.in_force(on)]
    if not living:
        heirs = tuple(dict.fromkeys(code for division in bearing for code in division.successors))
        msg = f"no division was called {name} on {on}; there were {listed(map(_told, bearing))}"
        raise NotCurrent(msg, heirs)
    return tuple(living)


def successors(code: str, since: int | None = None) -> tuple[Division, ...]:
    """List what a division went over to, as far as a source names it.

    Parameters
    ----------
    code
        Six digits.
    since
        Year in which this life of the code begins; needed where the code has had several lives.

    Returns
    -------
    tuple of Division
        Empty where the division lives, and where no source names a successor: 城北区, 永新区, 郊区, 新城区 and 邕宁县
        ended, and what became of them is not in the sources read.

    Raises
    ------
    PlaceError
        If the table has no such life of the code.

    Examples
    --------
    >>> [f"{division}" for division in successors("450127")]
    ['450181 横州市']
    >>> successors("450104")
    ()
    """
    return tuple(_following(_life(code, since)))


def predecessors(code: str, since: int | None = None) -> tuple[Division, ...]:
    """List what went over to a division, as far as a source names it; see `successors`.

    Examples
    --------
    >>> [f"{division}" for division in predecessors("450127")]
    ['452122 横县']
    """
    life = _life(code, since)
    return tuple(sorted((d for d in places().divisions if life in _following(d)), key=_age))


@attrs.frozen(repr=False)
class Succession:
    """A place through all its codes, oldest first.

    Attributes
    ----------
    divisions
        What it was, one after the other.
    broken
        The divisions that ended without a successor that a source names; empty where the place lives on.
    """

    divisions: tuple[Division, ...]
    broken: tuple[Division, ...]

    def __str__(self) -> str:
        told = " → ".join(map(_told, self.divisions))
        return f"{told} → no source names one successor" if self.broken else told

    def __repr__(self) -> str:
        return f"<{self}>"


def succession(code: str, since: int | None = None) -> Succession:
    """Follow a place back and forth through all its codes.

    Parameters
    ----------
    code, since
        As for `successors`.

    Examples
    --------
    >>> print(succession("450127"))
    452122 横县 (until 2002) → 450127 横县 (2002 to 2021) → 450181 横州市 (since 2021)
    >>> print(succession("452121"))
    452121 邕宁县 (until 1983) → 450121 邕宁县 (1983 to 2004) → no source names one successor
    """
    start = _life(code, since)
    found = {start: None}
    for step in (predecessors, successors):
        edge: Iterable[Division] = [start]
        while edge:
            edge = [after for life in edge for after in step(life.code, life.since_year) if after not in found]
            found |= dict.fromkeys(edge)
    lives = tuple(sorted(found, key=_age))
    return Succession(lives, tuple(life for life in lives if life.until_year is not None and not _following(life)))


def _life(code: str, since: int | None) -> Division:
    lives = lives_of(code)
    found = lives if since is None and len(lives) == 1 else [life for life in lives if life.since_year == since]
    if len(found) != 1:
        asked = "say which with since=" if since is None else f"none begins in {since}"
        msg = f"{code} has had {len(lives)} li{'ves' if len(lives) > 1 else 'fe'}: {listed(map(_told, lives))}; {asked}"
        raise PlaceError(msg)
    return found[0]


def _following(life: Division) -> list[Division]:
    """Pick of each successor's code the life that takes over: the first that is there when the other ends."""
    end = life.until_year or 0
    taking_over = ([heir for heir in lives_of(code) if (heir.until_year or end + 1) > end] for code in life.successors)
    return [heirs[0] for heirs in taking_over if heirs]


def _age(division: Division) -> tuple[int, int, str]:
    return division.since_year or 0, division.until_year or 9999, division.code


def _told(division: Division) -> str:
    since, until = division.since_year, division.until_year
    if since is None and until is None:
        return f"{division}"
    if since is None or until is None:
        return f"{division} ({f'until {until}' if since is None else f'since {since}'})"
    return f"{division} ({since} to {until})"
