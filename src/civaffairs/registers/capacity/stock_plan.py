"""What becomes of one stock of plots from year to year, exactly: plots taken, built and released, and what is free."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.registers.capacity.arrays import Frame, StockArrays
from civaffairs.registers.capacity.shares import Counts, Shares, split


@attrs.frozen(eq=False, repr=False, kw_only=True)
class StockPlan:
    """What becomes of one stock of plots; every array is scenario by year.

    From its first year short on, less than nought is free: those who found no plot are counted as if they had, so
    what stands there is what was lacking, not what would happen.

    Attributes
    ----------
    name
        The stock.
    frame
        Scenarios and years.
    needed
        New plots that the dead of a year take.
    built, expired, released
        Plots that came into use, leases that ended, and plots of those not renewed.
    free
        Free plots at the end of a year: those before, and built, less needed, and released.
    reserve
        Free plots that there should be.
    land_cm2
        Land that the plots needed take, in square centimetres.
    land_of_a_plot_cm2
        The same of one plot.
    """

    name: str
    frame: Frame
    needed: Counts
    built: Counts
    expired: Counts
    released: Counts
    free: Counts
    reserve: Counts
    land_cm2: Counts
    land_of_a_plot_cm2: int

    @property
    def shortfall(self) -> Counts:
        """Plots lacking at the end of a year."""
        return np.maximum(-self.free, 0)

    @property
    def first_short(self) -> tuple[int | None, ...]:
        """The first year that ends below nought, by scenario; ``None`` where none does."""
        return first_years(self.free < 0, self.frame.years)

    @property
    def first_below_reserve(self) -> tuple[int | None, ...]:
        """The first year that ends below the reserve, by scenario."""
        return first_years(self.free < self.reserve, self.frame.years)

    @property
    def to_build(self) -> Counts:
        """Plots to build in a year beyond those planned, so that no year ends below the reserve."""
        lacking = np.maximum.accumulate(np.maximum(self.reserve - self.free, 0), axis=-1)
        return np.diff(lacking, axis=-1, prepend=0)

    @property
    def land_to_build_cm2(self) -> Counts:
        """Land that those plots take."""
        return self.to_build * self.land_of_a_plot_cm2

    def __repr__(self) -> str:
        return f"<{self.name}: first year short {_by_scenario(self.frame, self.first_short)}>"


def plots_for(persons: Counts, stock: StockArrays) -> Counts:
    """Plots that so many persons take, rounded up to whole plots."""
    per_plot = stock.persons
    if int(persons.max(initial=0)) * per_plot.denominator >= 2**63:
        msg = f"{per_plot} persons a plot of {stock.name!r} is too fine; write it with fewer digits"
        raise UsageError(msg)
    return -(-persons * per_plot.denominator // per_plot.numerator)


def stock_plan(frame: Frame, stock: StockArrays, needed: Counts) -> StockPlan:
    """Carry one stock from year to year; its arrays may stand for all rows of ``needed``."""
    expired, released = _ended(stock, needed)
    built = np.broadcast_to(stock.built, needed.shape)
    free = stock.opening[:, None] + np.cumsum(built - needed + released, axis=-1)
    most = int(needed.max(initial=0)) + int(np.abs(free).max(initial=0)) + int(stock.reserve.max(initial=0))
    if most * needed.shape[-1] * stock.land_cm2 >= 2**63:
        msg = f"the land of {stock.name!r} does not fit in 64 bits; look at its footprint and the deaths"
        raise UsageError(msg)
    return StockPlan(
        name=stock.name,
        frame=frame,
        needed=needed,
        built=built,
        expired=expired,
        released=released,
        free=free,
        reserve=np.broadcast_to(stock.reserve, needed.shape),
        land_cm2=needed * stock.land_cm2,
        land_of_a_plot_cm2=stock.land_cm2,
    )


def _ended(stock: StockArrays, needed: Counts) -> tuple[Counts, Counts]:
    """Leases that end in each year, and the plots of those not renewed."""
    expired, released = np.zeros_like(needed), np.zeros_like(needed)
    leases = stock.leases
    if leases is None:
        return expired, released
    shares = leases.renewed.with_the_rest()
    if leases.expired is not None:
        parts = split(leases.expired, shares)
        return np.broadcast_to(leases.expired, needed.shape), np.broadcast_to(parts[..., 1], needed.shape)
    begun = [np.full(len(needed), count, np.int64) for count in leases.begun]  # one for each year of the term
    for year in range(needed.shape[-1]):
        expired[:, year] = begun[year]
        parts = split(begun[year], Shares(shares.parts[:, year], shares.whole))
        released[:, year] = parts[:, 1]
        begun.append(needed[:, year] + parts[:, 0])
    return expired, released


def first_years(found: NDArray[np.bool_], years: tuple[int, ...]) -> tuple[int | None, ...]:
    """The first year of each row in which something is found; ``None`` where it never is."""
    return tuple(years[int(row.argmax())] if row.any() else None for row in found)


def _by_scenario(frame: Frame, found: tuple[int | None, ...]) -> str:
    return ", ".join(f"{name}: {year or 'none'}" for name, year in zip(frame.scenarios, found, strict=True))
