"""Plots that stand in for one another, and the leases on them, as they are given to a capacity plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import attrs
import numpy as np

from civaffairs.errors import UsageError, is_a, listed
from civaffairs.registers.capacity.arrays import CountsGiven, Frame, LeaseArrays, StockArrays, Way
from civaffairs.registers.capacity.shares import Exact, SharesGiven, exact

LARGEST_FOOTPRINT_CM2 = 10**8
"""A hundredth of a square kilometre; no plot is larger."""


def _ways(ways: Iterable[Way]) -> tuple[Way, ...]:
    return tuple(ways)


@attrs.frozen(eq=False, kw_only=True)
class Expiries:
    """Leases that end, year by year, whenever they began.

    Attributes
    ----------
    expired
        How many end in each year (到期).
    renewed
        The share of them that is renewed (续期); the other plots are released (收回).
    """

    expired: CountsGiven
    renewed: SharesGiven


@attrs.frozen(eq=False, kw_only=True)
class Cohorts:
    """Leases that end a fixed number of years after they began, and if renewed, as many years later again.

    Attributes
    ----------
    term
        Years. The word of the law on it is dated and placed, so it is never assumed here.
    begun
        Leases begun in each of the ``term`` years before the plan: year and number. Those of the plan's own years
        are the plots that its dead take, and the renewals.
    renewed
        The share of those ending that is renewed.
    """

    term: int
    begun: Mapping[int, int]
    renewed: SharesGiven


@attrs.frozen(eq=False, kw_only=True)
class Stock:
    """Plots or niches of one size that stand in for one another, and the ways of burial that take them.

    A stock for each style keeps the styles apart; one stock that serves several pools them.

    Attributes
    ----------
    name
        What it is called.
    serves
        Ways of burial that take its plots.
    persons_per_plot
        How many persons a plot comes to hold on average, exactly; at least 1.
    footprint_cm2
        What one plot covers, in square centimetres.
    common_area
        Paths and green added to it, as an exact part of the footprint.
    opening
        Free plots at the start of the first year; one for all, or one for each scenario.
    built
        Plots that come into use in each year.
    leases
        How leases end; ``None`` says that none does.
    reserve
        Free plots that there should always be at the end of a year.
    """

    name: str
    serves: tuple[Way, ...] = attrs.field(converter=_ways)
    persons_per_plot: Exact
    footprint_cm2: int
    common_area: Exact
    opening: CountsGiven
    built: CountsGiven
    leases: Expiries | Cohorts | None
    reserve: CountsGiven

    def land_of_a_plot_cm2(self) -> int:
        """What one plot takes with its common area, rounded up to the square centimetre."""
        if not is_a(self.footprint_cm2, int) or not 0 <= self.footprint_cm2 <= LARGEST_FOOTPRINT_CM2:
            msg = f"the footprint of {self.name!r} cannot be {self.footprint_cm2!r}; 1 m² is 10_000 square centimetres"
            raise UsageError(msg)
        common = exact(self.common_area)
        if not 0 <= common <= 100:
            msg = f"the common area of {self.name!r} cannot be {self.common_area}; '0.5' adds half of the footprint"
            raise UsageError(msg)
        land = self.footprint_cm2 * (1 + common)
        return -(-land.numerator // land.denominator)

    def persons(self) -> Fraction:
        """Persons a plot, exactly."""
        persons = exact(self.persons_per_plot)
        if not 1 <= persons <= 1_000:
            msg = f"a plot of {self.name!r} cannot hold {self.persons_per_plot} persons; give 1 or more"
            raise UsageError(msg)
        return persons


def stock_arrays(frame: Frame, stock: Stock, ways: tuple[Way, ...]) -> StockArrays:
    """Lay a stock out by scenario and year; its ways become places along the axis of ways."""
    return StockArrays(
        name=stock.name,
        serves=tuple(ways.index(way) for way in stock.serves),
        persons=stock.persons(),
        land_cm2=stock.land_of_a_plot_cm2(),
        opening=frame.openings(stock.opening, f"opening plots of {stock.name!r}"),
        built=frame.counts(stock.built, f"plots built of {stock.name!r}"),
        leases=None if stock.leases is None else _leases(frame, stock.name, stock.leases),
        reserve=frame.counts(stock.reserve, f"the reserve of {stock.name!r}"),
    )


def _leases(frame: Frame, name: str, leases: Expiries | Cohorts) -> LeaseArrays:
    renewed = frame.shares(leases.renewed, f"the shares renewed of {name!r}")
    if isinstance(leases, Expiries):
        return LeaseArrays(renewed=renewed, expired=frame.counts(leases.expired, f"leases of {name!r} that expire"))
    if not is_a(leases.term, int) or not 1 <= leases.term <= 100:
        msg = f"the term of leases of {name!r} cannot be {leases.term!r}; give whole years, at least 1"
        raise UsageError(msg)
    needed = range(frame.years[0] - leases.term, frame.years[0])
    missing = [year for year in needed if year not in leases.begun]
    beyond = sorted(year for year in leases.begun if year not in needed)
    if missing or beyond:
        fault = f"missing: {listed(missing)}" if missing else f"not to be counted: {listed(beyond)}"
        msg = f"leases of {name!r} still running began from {needed[0]} to {needed[-1]}; {fault}"
        raise UsageError(msg)
    begun = [leases.begun[year] for year in needed]
    wrong = [year for year in needed if not is_a(leases.begun[year], int, np.integer) or leases.begun[year] < 0]
    if wrong:
        msg = f"leases of {name!r} begun in {wrong[0]} cannot be {leases.begun[wrong[0]]!r}; give a whole number"
        raise UsageError(msg)
    return LeaseArrays(renewed=renewed, begun=tuple(int(count) for count in begun))
