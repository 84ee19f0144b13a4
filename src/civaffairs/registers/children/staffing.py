"""Who is missing on a day: units without a supervisor (儿童督导员), villages without a director (儿童主任)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError, listed
from civaffairs.registers.children.staff import Cadre, CadreKind, CadreState
from civaffairs.registers.divisions.township_checks import REAL, UnitKind
from civaffairs.registers.divisions.townships import SUPERVISORS_REPORTED, Townships
from civaffairs.registers.fields import Numbers
from civaffairs.registers.view import View

DIRECTORS_REPORTED = 1833
"""Child directors of villages and communities in the bureau's work report: a figure to compare with, never an input."""


def real_units(townships: Townships) -> tuple[str, ...]:
    """List the codes of the units that have a supervisor: streets, towns and townships.

    Examples
    --------
    >>> from civaffairs.registers.divisions.townships import shipped_townships
    >>> len(real_units(shipped_townships()))
    127
    """
    return tuple(unit.code for unit in townships.units if unit.kind in REAL)


def villages_of(townships: Townships) -> tuple[str, ...]:
    """List the codes of the villages and communities of a table; the one that is shipped has none."""
    return tuple(unit.code for unit in townships.units if unit.kind is UnitKind.VILLAGE)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Staffing:
    """Who is there and who is missing on a day.

    Attributes
    ----------
    on
        The day.
    units, villages
        The codes that were asked about, in order.
    supervisors, directors
        How many serve in each of them.
    directors_below
        How many directors serve below each unit.
    elsewhere
        Keys of appointments whose unit is in neither list: it has another code now, or ended.
    """

    on: date
    units: tuple[str, ...]
    villages: tuple[str, ...]
    supervisors: Numbers
    directors: Numbers
    directors_below: Numbers
    elsewhere: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Units without a supervisor."""
        return _where(self.units, self.supervisors == 0)

    @property
    def doubled(self) -> tuple[str, ...]:
        """Units with more than one supervisor."""
        return _where(self.units, self.supervisors > 1)

    @property
    def villages_missing(self) -> tuple[str, ...]:
        """Villages and communities without a director; one of them is enough, more are no fault."""
        return _where(self.villages, self.directors == 0)

    @property
    def directors_a_unit(self) -> Fraction | None:
        """Directors below the units for each of them, on average."""
        return Fraction(int(self.directors_below.sum()), len(self.units)) if self.units else None

    def table(self) -> dict[str, list[object]]:
        """One row for each township-level unit."""
        return {
            "unit": list(self.units),
            "supervisors": self.supervisors.tolist(),
            "directors_below": self.directors_below.tolist(),
        }

    def by_county(self) -> dict[str, dict[str, int]]:
        """Count units, and those without and with more than one supervisor, by the six digits of the county."""
        counties, index = np.unique(np.array([unit[:6] for unit in self.units], "<U6"), return_inverse=True)
        counted = {
            "units": np.ones(len(self.units), np.bool_),
            "missing": self.supervisors == 0,
            "doubled": self.supervisors > 1,
        }
        found = {name: np.bincount(index[rows], minlength=len(counties)).tolist() for name, rows in counted.items()}
        return {str(county): {name: found[name][at] for name in found} for at, county in enumerate(counties.tolist())}

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.on}: {len(self.units)} units, {len(self.villages)} villages",
                f"without a supervisor: {listed(self.missing) or 'none'}",
                f"with more than one: {listed(self.doubled) or 'none'}",
                f"villages without a director: {listed(self.villages_missing) or 'none'}",
                f"appointments in no unit of the lists: {listed(self.elsewhere) or 'none'}",
            ]
        )

    def __repr__(self) -> str:
        return f"<staffing on {self.on}: {len(self.missing)} of {len(self.units)} units without a supervisor>"


def staffing(view: View[Cadre], units: Iterable[str], villages: Iterable[str] = ()) -> Staffing:
    """Tell who is there and who is missing on the day of a view.

    Parameters
    ----------
    view
        The register of children's staff as of the day.
    units
        Nine-digit codes of the township-level units of that day; see `real_units`.
    villages
        Twelve-digit codes of the villages and communities of that day. Left out, no village is said to be without a
        director, and directors are not looked for elsewhere than below the units.

    Raises
    ------
    UsageError
        If a code is of another level, or stands twice.
    """
    units, villages = checked_codes(units, 9), checked_codes(villages, 12)
    columns = view.columns("state", "kind", "unit")
    serving = columns["state"] == CadreState.ACTIVE.number
    supervisor = serving & (columns["kind"] == CadreKind.SUPERVISOR.number)
    director = serving & (columns["kind"] == CadreKind.DIRECTOR.number)
    held = columns["unit"]
    townships = held.astype("<U9")
    supervisors, above = _position(units, held), _position(units, townships)
    directors = _position(villages, held) if villages else above
    known = (supervisor & (supervisors >= 0)) | (director & (directors >= 0))
    keys = np.array(list(view), np.str_)
    return Staffing(
        on=view.on,
        units=units,
        villages=villages,
        supervisors=_counted(supervisors[supervisor], len(units)),
        directors=_counted(directors[director], len(villages)) if villages else np.zeros(0, np.int64),
        directors_below=_counted(above[director], len(units)),
        elsewhere=tuple(keys[serving & ~known].tolist()),
    )


@attrs.frozen(kw_only=True)
class Reconciled:
    """A count of the register beside what the bureau's work report prints: a comparison, never a check that fails."""

    name: str
    counted: int
    reported: int

    @property
    def difference(self) -> int:
        """How many more the register has."""
        return self.counted - self.reported


def reconciled(view: View[Cadre]) -> tuple[Reconciled, Reconciled]:
    """Set the supervisors and directors who serve beside the 127 and 1833 of the bureau's work report."""
    columns = view.columns("state", "kind")
    serving = columns["kind"][columns["state"] == CadreState.ACTIVE.number]
    return (
        Reconciled(
            name="supervisors",
            counted=int(np.count_nonzero(serving == CadreKind.SUPERVISOR.number)),
            reported=SUPERVISORS_REPORTED,
        ),
        Reconciled(
            name="directors",
            counted=int(np.count_nonzero(serving == CadreKind.DIRECTOR.number)),
            reported=DIRECTORS_REPORTED,
        ),
    )


def checked_codes(codes: Iterable[str], length: int) -> tuple[str, ...]:
    """Take codes of one level, each once.

    Raises
    ------
    UsageError
        Saying which are not.

    Examples
    --------
    >>> checked_codes(["450102001", "450102001"], 9)
    Traceback (most recent call last):
        ...
    civaffairs.errors.UsageError: these codes stand twice: 450102001
    """
    every = tuple(codes)
    bad = [code for code in every if not (len(code) == length and code.isascii() and code.isdecimal())]
    if bad:
        msg = f"these are not codes of {length} digits: {listed(map(repr, bad))}"
        raise UsageError(msg)
    twice = [code for code in dict.fromkeys(every) if every.count(code) > 1] if len(set(every)) < len(every) else []
    if twice:
        msg = f"these codes stand twice: {listed(twice)}"
        raise UsageError(msg)
    return every


def _position(codes: Sequence[str], asked: NDArray[np.str_]) -> Numbers:
    """Find each asked code among the codes; -1 where it is not."""
    if not codes:
        return np.full(len(asked), -1)
    every = np.array(codes, np.str_)
    order = np.argsort(every)
    at = np.minimum(np.searchsorted(every, asked, sorter=order), len(codes) - 1)
    return np.where(every[order[at]] == asked, order[at], -1)


def _counted(index: Numbers, length: int) -> Numbers:
    return np.bincount(index[index >= 0], minlength=length)


def _where(codes: Sequence[str], rows: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(codes[at] for at in np.flatnonzero(rows).tolist())
