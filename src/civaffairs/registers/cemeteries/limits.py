"""How much ground a plot may take and for how long (墓穴占地、使用年限): limits by what it holds, each of its own day.

The national limits of 1998 are known for days up to 2026-03-29. Before 1998-09-16, from 2026-03-30 on, and for plots of
more than two, no source read gives a limit: such a plot is *not known*, and never within it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from civaffairs.errors import CivaffairsError, UsageError, is_a, listed
from civaffairs.labels import Labelled
from civaffairs.law.lookup import Parameter
from civaffairs.law.parameters import load_parameters
from civaffairs.law.timeline import NotPublished
from civaffairs.law.values import Unit, value_text
from civaffairs.registers.fields import NOT_STATED, Codes, Days, Flags, Numbers, Texts

PARAMETERS = load_parameters(Path(__file__).with_name("cemeteries.toml"))
"""Areas, terms, prepaid fees, and what nobody published that was read."""


class Holds(Labelled):
    """What a plot or niche is laid out for."""

    ASHES = ("ashes", "骨灰")
    BODIES = ("bodies", "遗体")


class FootprintExceeded(CivaffairsError, ValueError):
    """A plot takes more ground than it may.

    Attributes
    ----------
    footprint, limit
        Square centimetres.
    """

    def __init__(self, footprint: int, limit: int, told: str) -> None:
        took, most = (value_text(area, Unit.SQUARE_CENTIMETRES) for area in (footprint, limit))
        super().__init__(f"a plot takes {took}, and {told} may take {most}")
        self.footprint = footprint
        self.limit = limit


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Limits:
    """The limit of each of many plots.

    Attributes
    ----------
    values
        Square centimetres or years as `int64`; `NOT_STATED` where no source read gives one.
    reasons
        Why not, for how many.
    """

    values: Numbers
    reasons: Mapping[str, int]

    @property
    def known(self) -> Flags:
        """Where there is one."""
        return np.asarray(self.values != NOT_STATED)

    def __repr__(self) -> str:
        return f"<limits of {len(self.values)} plots, {sum(self.reasons.values())} of them not known>"


NO_DAY = "the day from which its limit would be told is not stated"
NOT_TOLD = "what it holds, or for how many, is not stated"


def area_parameter(holds: Holds, persons: int) -> str:
    """Name the parameter that limits a plot by what it holds and for how many.

    Examples
    --------
    >>> area_parameter(Holds.ASHES, 2), area_parameter(Holds.BODIES, 2), area_parameter(Holds.ASHES, 3)
    ('ash_area', 'double_body_area', 'many_ash_area')
    """
    if not is_a(persons, int) or persons < 1:
        msg = f"a plot cannot be laid out for {persons!r}; give a whole number of persons, at least 1"
        raise UsageError(msg)
    if holds is Holds.ASHES:
        return "ash_area" if persons <= 2 else "many_ash_area"
    return {1: "single_body_area", 2: "double_body_area"}.get(persons, "many_body_area")


def check_footprint(
    area_cm2: int,
    holds: Holds,
    persons: int,
    *,
    on: date,
    place: str,
    parameters: Mapping[str, Parameter] = PARAMETERS,
) -> None:
    """Hold the ground of one plot to the limit of its day.

    Parameters
    ----------
    area_cm2
        What it takes, in whole square centimetres.
    holds, persons
        What it is laid out for, and for how many.
    on, place
        Its own day, and its division.
    parameters
        Limits; with rows of the caller's, if need be.

    Raises
    ------
    FootprintExceeded
        If it takes more.
    NotPublished
        One of its family, if no source read gives the limit.

    Examples
    --------
    >>> check_footprint(10_000, Holds.ASHES, 2, on=date(2025, 5, 1), place="450102")
    >>> check_footprint(12_000, Holds.ASHES, 2, on=date(2025, 5, 1), place="450102")
    Traceback (most recent call last):
    ...
    civaffairs.registers.cemeteries.limits.FootprintExceeded: a plot takes 1.2 m², and one for ashes of 2 may take 1 m²
    """
    if not is_a(area_cm2, int) or area_cm2 <= 0:
        msg = f"a plot cannot take {area_cm2!r}; give whole square centimetres, 10_000 for 1 m²"
        raise UsageError(msg)
    limit = parameters[area_parameter(holds, persons)].at(place, on).value
    if isinstance(limit, int) and area_cm2 > limit:
        raise FootprintExceeded(area_cm2, limit, f"one for {holds.value} of {persons}")


def area_limits(
    holds: Codes, persons: Numbers, days: Days, places: Texts, *, parameters: Mapping[str, Parameter] = PARAMETERS
) -> Limits:
    """Find how much ground each of many plots may take, by the law of its own day.

    Parameters
    ----------
    holds
        The ``number`` of `Holds`.
    persons
        For how many it is laid out.
    days
        The day of each as ``datetime64[D]``; ``NaT`` where not stated.
    places
        Division codes.
    parameters
        As for `check_footprint`.

    Examples
    --------
    >>> days = np.array(["2026-03-29", "2026-03-30"], "datetime64[D]")
    >>> told = area_limits(np.zeros(2, np.int8), np.array([2, 2]), days, np.array(["450102", "450102"]))
    >>> told.values.tolist(), told
    ([10000, -1], <limits of 2 plots, 1 of them not known>)
    """
    values = np.full(len(days), NOT_STATED, np.int64)
    reasons: dict[str, int] = {}
    told = (holds >= 0) & (persons >= 1)
    _more(reasons, NOT_TOLD, int(np.count_nonzero(~told)))
    size = np.clip(persons, 1, 3)
    for kind in Holds:
        for name in dict.fromkeys(area_parameter(kind, count) for count in (1, 2, 3)):
            sizes = [count for count in (1, 2, 3) if area_parameter(kind, count) == name]
            rows = told & (holds == kind.number) & (size >= sizes[0]) & (size <= sizes[-1])
            if rows.any():
                found = limits_by_day(parameters[name], days[rows], places[rows])
                values[rows] = found.values
                for reason, count in found.reasons.items():
                    _more(reasons, reason, count)
    return Limits(values=values, reasons=reasons)


def limits_by_day(parameter: Parameter, days: Days, places: Texts) -> Limits:
    """Look a value up for each row by its own place and day.

    The parameter is asked once for each place and each stretch of days between which it cannot change.
    """
    edges = np.array(sorted(parameter.boundary_days()), "datetime64[D]")
    silent = np.isnat(days)
    stretch = np.searchsorted(edges, days, side="right")
    codes, where = _places(places)
    slots = np.where(silent, 0, where * (len(edges) + 1) + stretch)
    first = np.full(len(codes) * (len(edges) + 1), -1, np.int64)
    rows = np.flatnonzero(~silent)
    first[slots[rows[::-1]]] = rows[::-1]
    table = np.full(len(first), NOT_STATED, np.int64)
    reasons: dict[str, int] = {}
    _more(reasons, NO_DAY, int(np.count_nonzero(silent)))
    for slot in np.flatnonzero(first >= 0).tolist():
        row = int(first[slot])
        try:
            table[slot] = _whole(parameter, parameter.at(str(places[row]) or "000000", days[row].item()).value)
        except NotPublished as fault:
            _more(reasons, str(fault), int(np.count_nonzero((slots == slot) & ~silent)))
    values = np.where(silent, NOT_STATED, table[slots]) if len(table) else np.zeros(0, np.int64)
    return Limits(values=values, reasons=reasons)


def _places(places: Texts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tell places apart by their number: whole numbers sort faster than texts."""
    numbers = np.where(places == "", "0", places).astype(np.int64)
    codes, where = np.unique(numbers, return_inverse=True)
    return codes, np.asarray(where, np.int64)


def _whole(parameter: Parameter, value: object) -> int:
    if not is_a(value, int):
        msg = f"{parameter.name} cannot be {value!r} here; give a whole number"
        raise UsageError(msg)
    return int(str(value))


def _more(reasons: dict[str, int], reason: str, count: int) -> None:
    if count:
        reasons[reason] = reasons.get(reason, 0) + count


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AreaCheck:
    """What was found of the ground of many plots.

    Attributes
    ----------
    limits
        The limit of each.
    within, exceeded
        Where the limit is kept, and where it is not; neither where it, or the ground, is not known.
    not_stated
        Plots whose ground is not stated.
    """

    limits: Limits
    within: Flags
    exceeded: Flags
    not_stated: int

    def __repr__(self) -> str:
        kept, broken = int(self.within.sum()), int(self.exceeded.sum())
        rest = len(self.within) - kept - broken
        return f"<ground of {len(self.within)} plots: {kept} within, {broken} exceeded, {rest} not known>"

    def __str__(self) -> str:
        lines = [f"{reason} ({count} plots)" for reason, count in self.limits.reasons.items()]
        lines += [f"the ground is not stated ({self.not_stated} plots)"] if self.not_stated else []
        return f"{self!r}: {listed(lines)}" if lines else repr(self)


def check_areas(
    area_cm2: ArrayLike,
    holds: Codes,
    persons: Numbers,
    days: Days,
    places: Texts,
    *,
    parameters: Mapping[str, Parameter] = PARAMETERS,
) -> AreaCheck:
    """Hold the ground of many plots to the limit of each one's own day.

    Parameters
    ----------
    area_cm2
        What each takes, in whole square centimetres; `NOT_STATED` where not stated.
    holds, persons, days, places, parameters
        As for `area_limits`.

    Raises
    ------
    UsageError
        If the columns are not of one length.
    """
    area = np.asarray(area_cm2)
    lengths = {len(column) for column in (area, holds, persons, days, places)}
    if len(lengths) > 1 or area.dtype.kind not in "iu":
        msg = f"columns of {listed(sorted(lengths))} rows, areas as {area.dtype}; give whole cm² and one row a plot"
        raise UsageError(msg)
    limits = area_limits(holds, persons, days, places, parameters=parameters)
    judged = limits.known & (area != NOT_STATED)
    within = judged & (area <= limits.values)
    return AreaCheck(
        limits=limits, within=within, exceeded=judged & ~within, not_stated=int(np.count_nonzero(area == NOT_STATED))
    )
