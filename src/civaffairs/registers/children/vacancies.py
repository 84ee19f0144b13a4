"""Days without anybody: when a unit had no supervisor (儿童督导员), or a village no director (儿童主任)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import days
from civaffairs.errors import UsageError
from civaffairs.registers.children.staff import STAFF, Cadre, CadreKind, CadreState
from civaffairs.registers.children.staffing import checked_codes
from civaffairs.registers.fields import Numbers
from civaffairs.registers.history import Register
from civaffairs.registers.kinds import open_steps, stepped


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Vacancies:
    """When units had nobody: one row for each spell without one.

    Attributes
    ----------
    first, last
        The days that were looked at, both included.
    units
        The codes that were asked about, in order.
    index
        The unit of each spell, as a position in `units`.
    begins, ends
        First and last day of each spell without anybody, as ``datetime64[D]``, cut to the days looked at.
    """

    first: date
    last: date
    units: tuple[str, ...]
    index: Numbers
    begins: NDArray[np.datetime64]
    ends: NDArray[np.datetime64]

    @property
    def lengths(self) -> Numbers:
        """Days of each spell."""
        return np.asarray((self.ends - self.begins).astype(np.int64) + 1)

    @property
    def uncovered(self) -> Numbers:
        """Days without anybody, for each unit."""
        return np.asarray(np.bincount(self.index, self.lengths, len(self.units)), np.int64)

    @property
    def days(self) -> int:
        """How many days were looked at."""
        return (self.last - self.first).days + 1

    def by_county(self) -> dict[str, int]:
        """Days without anybody, added up over the units of each county."""
        found: dict[str, int] = {}
        for unit, count in zip(self.units, self.uncovered.tolist(), strict=True):
            found[unit[:6]] = found.get(unit[:6], 0) + count
        return found

    def table(self) -> dict[str, list[object]]:
        """One row for each spell."""
        return {
            "unit": [self.units[at] for at in self.index.tolist()],
            "begins": self.begins.astype(object).tolist(),
            "ends": self.ends.astype(object).tolist(),
            "days": self.lengths.tolist(),
        }

    def __repr__(self) -> str:
        return f"<{len(self.index)} vacancies of {len(self.units)} units, {self.first} to {self.last}>"


def vacancies(
    register: Register[Cadre],
    kind: CadreKind,
    units: Iterable[str],
    first: date,
    last: date,
    *,
    known: date | None = None,
) -> Vacancies:
    """Find every spell without anybody in an office, between two days.

    Parameters
    ----------
    register
        The register of children's staff.
    kind
        Which office.
    units
        Codes of units that exist on all these days: nine digits for supervisors, twelve for directors.
    first, last
        The days, both included. Whoever leaves on a day does not serve on it.
    known
        Take only what had been entered by this day.

    Raises
    ------
    UsageError
        If the days are not in order, or a code is of another level or stands twice.
    """
    if last < first:
        msg = f"{last} is before {first}; give the earlier day first"
        raise UsageError(msg)
    codes = checked_codes(units, 9 if kind is CadreKind.SUPERVISOR else 12)
    low, high = days(first), days(last) + 1
    unit, begin, end = _services(register, kind, codes, known)
    begin, end = np.clip(begin, low, high), np.clip(end, low, high)
    unit, begin, end = unit[begin < end], begin[begin < end], end[begin < end]
    # One empty service at each end of each unit bounds its first and last gap.
    every = np.arange(len(codes))
    unit = np.concatenate([unit, every, every])
    begin = np.concatenate([begin, np.full(len(codes), low), np.full(len(codes), high)])
    end = np.concatenate([end, np.full(len(codes), low), np.full(len(codes), high)])
    order = np.lexsort((end, begin, unit))
    unit, begin, end = unit[order], begin[order], end[order]
    # The latest end so far within the unit: units are set apart by more than the days looked at.
    apart = unit * (high - low + 1)
    covered_to = np.maximum.accumulate(end - low + apart) - apart + low
    gap = np.flatnonzero((unit[1:] == unit[:-1]) & (begin[1:] > covered_to[:-1]))
    return Vacancies(
        first=first,
        last=last,
        units=codes,
        index=unit[gap],
        begins=covered_to[gap].astype("datetime64[D]"),
        ends=(begin[gap + 1] - 1).astype("datetime64[D]"),
    )


def _services(
    register: Register[Cadre], kind: CadreKind, codes: Sequence[str], known: date | None
) -> tuple[Numbers, Numbers, Numbers]:
    """List who served where from which day (included) to which (not included), days counted from 1970."""
    open_to = open_steps(STAFF)
    held: dict[str, dict[str, Any]] = {}
    since: dict[str, int] = {}
    told: list[tuple[str, int, int]] = []
    for event in register.events:
        if known is not None and not event.known_by(known):
            continue
        before = held.get(event.key)
        step = open_to.get((event.action, before["state"] if before else None))
        if step is None:
            continue
        now = held[event.key] = stepped(STAFF, before, event, step)
        if before and before["kind"] is kind and (now["unit"], now["state"]) != (before["unit"], before["state"]):
            told.append((before["unit"], since[event.key], days(event.on)))
        if before is None or now["unit"] != before["unit"]:
            since[event.key] = days(event.on)
    told += [
        (facts["unit"], since[key], days(date.max))
        for key, facts in held.items()
        if facts["kind"] is kind and facts["state"] is CadreState.ACTIVE
    ]
    place = {code: at for at, code in enumerate(codes)}
    rows = np.array([(place[unit], begin, end) for unit, begin, end in told if unit in place], np.int64).reshape(-1, 3)
    return rows[:, 0], rows[:, 1], rows[:, 2]
