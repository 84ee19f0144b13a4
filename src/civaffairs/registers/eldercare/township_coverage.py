"""How many towns have an eldercare centre (乡镇综合性养老服务中心覆盖率): computed from a register, never stated."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import attrs
import numpy as np

from civaffairs.errors import UsageError
from civaffairs.registers.divisions.township_checks import UnitKind
from civaffairs.registers.divisions.townships import Townships, shipped_townships
from civaffairs.registers.eldercare.sites import ServiceSite, SiteKind
from civaffairs.registers.institutions.base import InstitutionState
from civaffairs.registers.view import View

REPORTED_PERCENT = 56
"""The share of towns and townships with a centre in the bureau's work report. Of how many, it does not say."""


@attrs.frozen(kw_only=True)
class TownshipCoverage:
    """Towns with a centre, and without.

    Attributes
    ----------
    covered, lacking
        Nine-digit codes, in order.
    elsewhere
        Keys of open centres whose unit is not stated, or is none of the towns.
    """

    covered: tuple[str, ...]
    lacking: tuple[str, ...]
    elsewhere: tuple[str, ...]

    @property
    def share(self) -> Fraction:
        """The share of towns with a centre, exactly."""
        return Fraction(len(self.covered), len(self.covered) + len(self.lacking))

    def __str__(self) -> str:
        whole = len(self.covered) + len(self.lacking)
        return f"{len(self.covered)} of {whole} towns and townships, {float(self.share):.2%}"


def towns(table: Townships | None = None) -> tuple[str, ...]:
    """List the towns and townships (镇、乡), without streets; those of Nanning if no table is given.

    Examples
    --------
    >>> len(towns())
    102
    """
    units = shipped_townships() if table is None else table
    return tuple(unit.code for unit in units.units if unit.kind in (UnitKind.TOWN, UnitKind.TOWNSHIP))


def township_coverage(view: View[ServiceSite], units: Iterable[str]) -> TownshipCoverage:
    """Set the towns that have an open centre beside all towns.

    Parameters
    ----------
    view
        The sites on a day.
    units
        Nine-digit codes of the towns that are to have one; see `towns`. Which are meant is the caller's to say.

    Raises
    ------
    UsageError
        If there are no towns.
    """
    every = tuple(dict.fromkeys(units))
    if not every:
        msg = "there is no town to cover; give the nine-digit codes of towns"
        raise UsageError(msg)
    columns = view.columns("kind", "state", "unit")
    centre = (columns["kind"] == SiteKind.TOWNSHIP_CENTRE.number) & (columns["state"] == InstitutionState.OPEN.number)
    known = np.isin(columns["unit"], every)
    have = set(columns["unit"][centre & known].tolist())
    keys = np.array(list(view), np.str_)
    return TownshipCoverage(
        covered=tuple(unit for unit in every if unit in have),
        lacking=tuple(unit for unit in every if unit not in have),
        elsewhere=tuple(keys[centre & ~known].tolist()),
    )


def counts_behind(percent: int, whole: int) -> tuple[int, ...]:
    """List the counts that a report could have rounded to a whole percentage of a known whole, half rounded up.

    Parameters
    ----------
    percent
        As reported, 0 to 100.
    whole
        Of how many; 1 or more.

    Examples
    --------
    Of the 102 towns and townships, only 57 are 56 %. Of all 127 units, streets among them, it would be 71.

    >>> counts_behind(REPORTED_PERCENT, 102), counts_behind(REPORTED_PERCENT, 127)
    ((57,), (71,))
    """
    if whole < 1 or not 0 <= percent <= 100:
        msg = f"{percent} % of {whole} is no share; give 0 to 100 % of 1 or more"
        raise UsageError(msg)
    return tuple(count for count in range(whole + 1) if (200 * count + whole) // (2 * whole) == percent)
