"""What a capacity plan is told: deaths, shares, and plots that stand in for one another; nothing has a default."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import attrs
import numpy as np

from civaffairs.errors import UsageError, is_a, listed
from civaffairs.registers.capacity.arrays import (
    CountsGiven,
    Frame,
    OtherWay,
    PlanArrays,
    Way,
)
from civaffairs.registers.capacity.plot_stock import Stock, stock_arrays
from civaffairs.registers.capacity.shares import Shares, SharesGiven
from civaffairs.registers.cemeteries.styles import TAKES_A_PLOT, BurialStyle


def _ways(ways: Iterable[Way]) -> tuple[Way, ...]:
    return tuple(ways)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return (names,) if is_a(names, str) else tuple(names)  # type: ignore[return-value]


def _years(years: Iterable[int]) -> tuple[int, ...]:
    return tuple(years)


def _stocks(stocks: Iterable[Stock]) -> tuple[Stock, ...]:
    return tuple(stocks)


@attrs.frozen(eq=False, kw_only=True)
class CapacityInputs:
    """Everything that a plan of capacity (容量规划) is worked out from.

    Counts and shares may be given once for all, once for each year, or for each scenario and year.

    Attributes
    ----------
    scenarios
        Their names.
    years
        One after the other, such as ``range(2020, 2036)``.
    deaths
        Deaths.
    cremated
        The share of the dead that is cremated (火化率); the others are buried as bodies.
    ways
        What becomes of the ashes, in the order of the shares.
    shares
        The share of the ashes that goes each way, along the last axis; they add up to 1.
    stocks
        The plots.
    without_plot
        Ways that take no plot. Every way is either here or served by one stock.
    arrays
        The same as arrays, scenario by year.

    Raises
    ------
    UsageError
        If something is missing, negative, of another shape, or does not add up; the message names the place.

    Examples
    --------
    >>> graves = Stock(
    ...     name="ash plots",
    ...     serves=[BurialStyle.UPRIGHT_GRAVE],
    ...     persons_per_plot="1.5",
    ...     footprint_cm2=10_000,
    ...     common_area="0.5",
    ...     opening=150,
    ...     built=0,
    ...     leases=None,
    ...     reserve=0,
    ... )
    >>> told = CapacityInputs(
    ...     scenarios=["as before"],
    ...     years=[2020, 2021],
    ...     deaths=[100, 120],
    ...     cremated=1,
    ...     ways=[BurialStyle.UPRIGHT_GRAVE, BurialStyle.SEA_SCATTERING],
    ...     shares=["0.9", "0.1"],
    ...     stocks=[graves],
    ...     without_plot=[BurialStyle.SEA_SCATTERING],
    ... )
    >>> told.arrays.deaths.tolist(), graves.land_of_a_plot_cm2()
    ([[100, 120]], 15000)
    """

    scenarios: tuple[str, ...] = attrs.field(converter=_names)
    years: tuple[int, ...] = attrs.field(converter=_years)
    deaths: CountsGiven
    cremated: SharesGiven
    ways: tuple[Way, ...] = attrs.field(converter=_ways)
    shares: SharesGiven
    stocks: tuple[Stock, ...] = attrs.field(converter=_stocks)
    without_plot: tuple[Way, ...] = attrs.field(converter=_ways)
    arrays: PlanArrays = attrs.field(init=False, repr=False)

    @arrays.default
    def _arrays(self) -> PlanArrays:
        frame = _frame(self.scenarios, self.years)
        if not self.ways or len(set(self.ways)) < len(self.ways) or OtherWay.BODY_BURIAL in self.ways:
            msg = "name each way of the ashes once; burial of bodies is what cremation leaves, and is not among them"
            raise UsageError(msg)
        cremated = frame.shares(self.cremated, "the shares cremated")
        shares = frame.shares(self.shares, "the shares of burial", (len(self.ways),))
        _check_sums(frame, shares)
        ways = (*self.ways, OtherWay.BODY_BURIAL)
        _check_served(self, ways if (cremated.parts < cremated.whole).any() else self.ways)
        return PlanArrays(
            frame=frame,
            deaths=frame.counts(self.deaths, "deaths"),
            cremated=cremated,
            shares=shares,
            ways=ways,
            stocks=tuple(stock_arrays(frame, stock, ways) for stock in self.stocks),
        )


def _frame(scenarios: tuple[str, ...], years: tuple[int, ...]) -> Frame:
    if not scenarios or len(set(scenarios)) < len(scenarios):
        msg = f"scenarios need names, each its own; given: {listed(scenarios) or 'none'}"
        raise UsageError(msg)
    if not years or not all(is_a(year, int) for year in years):
        msg = "a plan needs years as whole numbers; give for example range(2020, 2036)"
        raise UsageError(msg)
    for before, after in pairwise(years):
        if after != before + 1:
            msg = f"the years go from {before} to {after}; give every year once, in order"
            raise UsageError(msg)
    return Frame(scenarios, years)


def _check_sums(frame: Frame, shares: Shares) -> None:
    sums = shares.parts.sum(-1)
    wrong = np.argwhere(sums != shares.whole)
    if len(wrong):
        found = Fraction(int(sums[tuple(wrong[0])]), shares.whole)
        more = f" (and in {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        msg = f"the shares of burial in {frame.place(wrong[0])}{more} add up to {found}, and not to 1"
        raise UsageError(msg)


def _check_served(given: CapacityInputs, ways: tuple[Way, ...]) -> None:
    """Every way is served by exactly one stock, or takes no plot."""
    names = [stock.name for stock in given.stocks]
    if len(set(names)) < len(names):
        msg = f"stocks need names, each its own; given: {listed(names)}"
        raise UsageError(msg)
    served = [way for stock in given.stocks for way in stock.serves]
    placed = served + list(given.without_plot)
    unknown = [way for way in placed if way not in given.ways and way is not OtherWay.BODY_BURIAL]
    twice = [way for way in dict.fromkeys(placed) if placed.count(way) > 1]
    missing = [way for way in ways if way not in placed]
    plotless = [way for way in served if way in (BurialStyle.SEA_SCATTERING, OtherWay.KEPT_ELSEWHERE)]
    needing = [way for way in given.without_plot if way in TAKES_A_PLOT]
    for found, why in (
        (unknown, "served or without a plot, but not among the ways of the ashes"),
        (twice, "placed more than once; a way is served by one stock or takes no plot"),
        (missing, "neither served by a stock nor said to take no plot"),
        (plotless, "served by a stock, but takes no plot"),
        (needing, "said to take no plot, but is a grave"),
    ):
        if found:
            msg = f"{listed(f'{way.value} ({way.label_zh})' for way in found)}: {why}"
            raise UsageError(msg)
