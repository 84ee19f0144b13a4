"""How far a target is reached, compared exactly: counties that offer rehabilitation, clients who are served."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError, listed
from civaffairs.law.citation import Citation
from civaffairs.law.timeline import NotPublished
from civaffairs.registers.fields import Flags
from civaffairs.registers.institutions.rehabilitation import ClientState, RehabClient
from civaffairs.registers.institutions.values import PARAMETERS
from civaffairs.registers.view import View

Counts = NDArray[np.int64]


def reaches(part: Counts | int, whole: Counts | int, target: Fraction) -> Flags:
    """Compare shares with a target exactly, element by element: 80 % of 12 is reached by 10, not by 9.

    Raises
    ------
    UsageError
        If a whole is less than 1, or a part is not between nothing and its whole.

    Examples
    --------
    >>> reaches(np.array([9, 10]), 12, Fraction(4, 5)).tolist()
    [False, True]
    """
    parts, wholes = np.broadcast_arrays(np.asarray(part, np.int64), np.asarray(whole, np.int64))
    bad = (wholes < 1) | (parts < 0) | (parts > wholes)
    if bad.any():
        at = int(np.flatnonzero(bad.ravel())[0])
        msg = (
            f"{parts.ravel()[at]} of {wholes.ravel()[at]} is no share; give between nothing and the whole, of 1 or more"
        )
        raise UsageError(msg)
    return np.asarray(parts * target.denominator >= target.numerator * wholes)


@attrs.frozen(kw_only=True)
class Coverage:
    """How far a target is reached, exactly.

    Attributes
    ----------
    on, place
        When and where.
    part, whole
        What was counted.
    target
        The share to be reached; ``None`` where no source gives one for the place and day.
    source
        Where the target stands.
    unknown
        Why there is none.
    """

    on: date
    place: str
    part: int
    whole: int
    target: Fraction | None
    source: Citation | None = None
    unknown: str = ""

    @property
    def share(self) -> Fraction:
        """The share."""
        return Fraction(self.part, self.whole)

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; ``None`` where there is none."""
        return None if self.target is None else bool(reaches(self.part, self.whole, self.target))

    @property
    def lacking(self) -> int | None:
        """How many more would reach the target."""
        if self.target is None:
            return None
        return max(0, -(-self.target.numerator * self.whole // self.target.denominator) - self.part)


def county_coverage(offering: Iterable[str], counties: Iterable[str], on: date, place: str) -> Coverage:
    """H4: set the counties that offer rehabilitation beside all counties, and beside the target of the day.

    Parameters
    ----------
    offering
        Codes of counties that offer it; see `counties_served`.
    counties
        Codes of all counties.
    on
        The day; the national target is one for the end of 2025, and none was read for a day before.
    place
        The division for which the target is asked.

    Raises
    ------
    UsageError
        If a county that offers it is none of the counties, or there are none.

    Examples
    --------
    >>> twelve = [f"4501{number:02d}" for number in range(1, 13)]
    >>> found = county_coverage(twelve[:9], twelve, date(2025, 12, 31), "450100")
    >>> found.share, found.reached, found.lacking
    (Fraction(3, 4), False, 1)
    """
    every, some = set(counties), set(offering)
    if some - every:
        msg = f"not among the counties: {listed(sorted(some - every))}"
        raise UsageError(msg)
    return _coverage("rehab_county_share", len(some), len(every), on, place)


def service_rate(served: int, registered: int, on: date, place: str) -> Coverage:
    """H4: set the clients who are served beside those who are registered, and beside the target of the day."""
    return _coverage("rehab_client_share", served, registered, on, place)


def counties_served(view: View[RehabClient]) -> tuple[str, ...]:
    """List the divisions in which somebody is served on the day of a view."""
    columns = view.columns("state", "place")
    there = columns["place"][np.isin(columns["state"], [ClientState.SERVED.number, ClientState.REASSESSED.number])]
    return tuple(np.unique(there).tolist())


def _coverage(name: str, part: int, whole: int, on: date, place: str) -> Coverage:
    reaches(part, whole, Fraction(1))  # refuses what is no share
    try:
        found = PARAMETERS[name].at(place, on)
    except NotPublished as fault:
        return Coverage(on=on, place=place, part=part, whole=whole, target=None, unknown=fault.reason)
    value = found.value
    target = value if isinstance(value, Fraction) else None
    return Coverage(on=on, place=place, part=part, whole=whole, target=target, source=found.citation)
