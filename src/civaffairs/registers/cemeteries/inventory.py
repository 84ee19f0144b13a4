"""Plots counted as of a day (墓位存量): by cemetery, section, style and state; and terms that end soon or have ended.

All functions take the columns of a view (``register.as_of(day).columns()``), and so work on a hundred thousand at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from civaffairs.calendar import add_months
from civaffairs.errors import UsageError, did_you_mean, is_a, listed
from civaffairs.registers.cemeteries.limits import Holds
from civaffairs.registers.cemeteries.plot_states import LAID_TO_REST, TAKEN, PlotState
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.fields import NOT_STATED, Array, Flags

BY = ("place", "cemetery", "section", "style", "holds", "persons", "state")
"""What plots may be counted by."""

_WORDS = {"style": BurialStyle, "state": PlotState, "holds": Holds}
_FACTS = ("term_end", "fee_until")


def inventory(columns: Mapping[str, Array], by: Sequence[str] = ("cemetery",)) -> dict[str, Array]:
    """Count plots by what they have in common.

    Parameters
    ----------
    columns
        Columns of a view of plots.
    by
        Facts of `BY`; none for one row of all plots.

    Returns
    -------
    dict
        One row for each group that has a plot, in order: the facts it is counted by (states, styles and what is held by
        their English words), ``plots``, one column for each state, ``persons`` and ``occupants`` as far as they are
        stated, and ``ground_cm2``. All counts are `int64`.

    Raises
    ------
    UsageError
        If plots cannot be counted by a fact.

    Examples
    --------
    >>> occupied, available = PlotState.OCCUPIED.number, PlotState.AVAILABLE.number
    >>> columns = {
    ...     "key": np.array(["a", "b", "c"]),
    ...     "cemetery": np.array(["C1", "C1", "C2"]),
    ...     "state": np.array(
    ...         [PlotState.OCCUPIED.number, PlotState.AVAILABLE.number, PlotState.OCCUPIED.number], np.int8
    ...     ),
    ...     "persons": np.array([2, 2, 1]),
    ...     "occupants": np.array([1, -1, 1]),
    ...     "area_cm2": np.array([10_000, 8_000, -1]),
    ... }
    >>> told = inventory(columns)
    >>> for name in ("cemetery", "plots", "occupied", "available", "persons", "occupants", "ground_cm2"):
    ...     print(name, told[name].tolist())
    cemetery ['C1', 'C2']
    plots [2, 1]
    occupied [1, 1]
    available [1, 0]
    persons [4, 1]
    occupants [1, 1]
    ground_cm2 [18000, 0]
    """
    unknown = [name for name in by if name not in BY]
    if unknown or len(set(by)) < len(by):
        near = did_you_mean(unknown[0], BY) if unknown else ""
        msg = f"plots cannot be counted by {listed(unknown or by)}{near}; give each of {listed(BY)} once at most"
        raise UsageError(msg)
    group = np.zeros(len(columns["key"]), np.int64)
    for name in by:
        distinct, index = np.unique(columns[name], return_inverse=True)
        _, group = np.unique(group * max(1, len(distinct)) + index, return_inverse=True)
    groups = int(group.max(initial=-1)) + 1
    first = np.full(groups, -1, np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    told: dict[str, Array] = {name: _words(name, columns[name][first]) for name in by}
    told["plots"] = np.bincount(group, minlength=groups)
    for state in PlotState:
        told[str(state.value)] = np.bincount(group[columns["state"] == state.number], minlength=groups)
    for name, fact in (("persons", "persons"), ("occupants", "occupants"), ("ground_cm2", "area_cm2")):
        if fact not in by:
            told[name] = _sums(group, columns[fact], groups)
    return told


def _words(name: str, values: Array) -> Array:
    """Write members of a closed set by their English words."""
    if name not in _WORDS:
        return values
    words = [str(member.value) for member in _WORDS[name]]
    return np.array([words[number] if number >= 0 else "" for number in values.tolist()], np.str_)


def _sums(group: Array, values: Array, groups: int) -> Array:
    """Add up whole numbers, exactly; what is not stated adds nothing."""
    total = np.zeros(groups, np.int64)
    np.add.at(total, group, np.where(values == NOT_STATED, 0, values))
    return total


def occupancy(columns: Mapping[str, Array], by: Sequence[str] = ("cemetery",)) -> dict[str, Array]:
    """Tell how many plots that are built are taken, and how many have somebody in them.

    Returns
    -------
    dict
        The facts it is counted by, ``built`` (all but those planned or being built), ``taken``, ``laid_to_rest`` and
        ``free``: those open to anybody, which leaves out what was taken back and not offered again.
    """
    told = inventory(columns, by)
    out: dict[str, Array] = {name: told[name] for name in by}
    out["built"] = told["plots"] - told["planned"] - told["building"]
    for name, states in (("taken", TAKEN), ("laid_to_rest", LAID_TO_REST), ("free", (PlotState.AVAILABLE,))):
        out[name] = np.sum([told[str(state.value)] for state in states], axis=0)
    return out


def last_day(on: date, *, days: int | None = None, months: int | None = None) -> date:
    """Find the last day of a stretch that starts after a day.

    Examples
    --------
    >>> last_day(date(2026, 11, 30), days=30), last_day(date(2026, 11, 30), months=3)
    (datetime.date(2026, 12, 30), datetime.date(2027, 2, 28))
    """
    given = [number for number in (days, months) if number is not None]
    if len(given) != 1 or not is_a(given[0], int) or isinstance(given[0], bool) or given[0] < 0:
        msg = f"days={days!r} and months={months!r}; give one of the two, a whole number of 0 or more"
        raise UsageError(msg)
    return on + timedelta(days) if days is not None else add_months(on, given[0])


def ending(
    columns: Mapping[str, Array],
    on: date,
    *,
    days: int | None = None,
    months: int | None = None,
    fact: str = "term_end",
) -> Array:
    """Find the plots in use whose term, or fee, ends soon.

    Parameters
    ----------
    columns
        Columns of a view of plots.
    on
        The day of the view; an end on it counts, for the last day is part of the term.
    days, months
        How far ahead, one of the two; the last day is included. Months by the rule of the Civil Code (民法典 art. 202).
    fact
        ``"term_end"``, or ``"fee_until"``.

    Returns
    -------
    array
        Rows, in the order of their ends.

    Examples
    --------
    >>> columns = {
    ...     "state": np.full(4, PlotState.OCCUPIED.number, np.int8),
    ...     "term_end": np.array(["2026-08-01", "2026-07-31", "2026-11-01", "2026-11-02"], "datetime64[D]"),
    ... }
    >>> ending(columns, date(2026, 8, 1), months=3).tolist(), overdue(columns, date(2026, 8, 1)).tolist()
    ([0, 2], [1])
    """
    last = np.datetime64(last_day(on, days=days, months=months))
    end = _ends(columns, fact)
    return _in_order(_held(columns) & (end >= np.datetime64(on)) & (end <= last), end)


def overdue(columns: Mapping[str, Array], on: date, *, fact: str = "term_end") -> Array:
    """Find the plots in use whose term, or fee, ended before a day; longest ago first."""
    end = _ends(columns, fact)
    return _in_order(_held(columns) & (end < np.datetime64(on)), end)


def ending_by_year(columns: Mapping[str, Array], years: Sequence[int], *, fact: str = "term_end") -> dict[str, Array]:
    """Count, for each year, the plots in use whose term, or fee, ends in it.

    This is the number of expiring leases that the planning of capacity asks for.

    Returns
    -------
    dict
        ``year`` and ``plots``.
    """
    end = _ends(columns, fact)
    held = _held(columns) & ~np.isnat(end)
    ended = end[held].astype("datetime64[Y]").astype(np.int64) + 1970
    asked = np.asarray(list(years), np.int64)
    order = np.sort(ended)
    counts = np.searchsorted(order, asked, side="right") - np.searchsorted(order, asked, side="left")
    return {"year": asked, "plots": counts.astype(np.int64)}


def _held(columns: Mapping[str, Array]) -> Flags:
    return np.asarray(np.isin(columns["state"], [state.number for state in TAKEN]))


def _ends(columns: Mapping[str, Array], fact: str) -> Array:
    if fact not in _FACTS:
        msg = f"{fact!r} is not a day on which something ends{did_you_mean(fact, _FACTS)}; give {listed(_FACTS)}"
        raise UsageError(msg)
    return columns[fact]


def _in_order(found: Flags, end: Array) -> Array:
    rows = np.flatnonzero(found)
    return np.asarray(rows[np.argsort(end[rows], kind="stable")])
