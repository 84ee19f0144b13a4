"""How sure a capacity plan is: the same plan for thousands of chance draws around what was told (蒙特卡洛模拟)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from types import MappingProxyType

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError, did_you_mean
from civaffairs.registers.capacity.arrays import LARGEST_COUNT, Frame, OtherWay, PlanArrays
from civaffairs.registers.capacity.inputs import CapacityInputs
from civaffairs.registers.capacity.plan import demand_by_way
from civaffairs.registers.capacity.shares import Counts, Exact, Shares, exact
from civaffairs.registers.capacity.spread import Luck, Spread, Years
from civaffairs.registers.capacity.stock_plan import plots_for, stock_plan

FINEST = 1_000_000
"""Into how many parts shares drawn by chance are divided at least."""


@attrs.frozen(eq=False, repr=False, kw_only=True)
class StockChances:
    """What becomes of one stock, by chance.

    Attributes
    ----------
    frame
        Scenarios and years.
    levels
        Which part of the draws lies at or below each quantile.
    free
        Free plots at the end of a year: quantile by scenario by year, each one that was drawn.
    land_cm2
        Land that the plots needed have taken since the start, likewise.
    first_short
        In how many draws each year is the first one short; the last column counts draws in which none is.
    """

    frame: Frame
    levels: tuple[Fraction, ...]
    free: Counts
    land_cm2: Counts
    first_short: Counts

    def short_by(self, year: int) -> tuple[Fraction, ...]:
        """The part of the draws that are short by the end of a year, by scenario."""
        if year not in self.frame.years:
            msg = f"the plan goes from {self.frame.years[0]} to {self.frame.years[-1]}; {year} is not in it"
            raise UsageError(msg)
        until = self.frame.years.index(year) + 1
        counts = zip(self.first_short[:, :until].sum(-1), self.first_short.sum(-1), strict=True)
        return tuple(Fraction(int(short), int(draws)) for short, draws in counts)

    def first_short_at(self, level: Exact) -> tuple[int | None, ...]:
        """The year by which that part of the draws is short, by scenario; ``None`` where it never comes to so many."""
        wanted = _level(level)
        until = np.cumsum(self.first_short, -1)
        return tuple(
            next(
                (year for year, so_far in zip(self.frame.years, row, strict=False) if so_far >= wanted * row[-1]), None
            )
            for row in until.tolist()
        )


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Chances:
    """Quantiles and first years short of many draws.

    Attributes
    ----------
    draws, seed
        How many, and from what.
    stocks
        What becomes of each stock, by its name.
    """

    draws: int
    seed: int
    stocks: Mapping[str, StockChances]

    def __getitem__(self, name: str) -> StockChances:
        try:
            return self.stocks[name]
        except KeyError:
            msg = f"there is no stock {name!r}{did_you_mean(name, self.stocks)}"
            raise UsageError(msg) from None

    def __repr__(self) -> str:
        return f"<Chances of {self.draws:,} draws from seed {self.seed}>"


def simulate(
    inputs: CapacityInputs,
    *,
    draws: int,
    seed: int,
    years: Years,
    deaths: Spread | None = None,
    cremated: Spread | None = None,
    shares: Spread | None = None,
    levels: Sequence[Exact] = ("0.05", "0.5", "0.95"),
) -> Chances:
    """Work the plan out for many draws of what it was told.

    All scenarios are given the same luck, so that they differ only by what they were told, and one scenario alone is
    drawn as among others. Deaths are rounded to whole persons; from there on everything is exact.

    Parameters
    ----------
    inputs
        The plan.
    draws, seed
        How many, and from what; the same seed gives the same draws.
    years
        Whether one draw is high or low in all years together, which is how a wrong forecast is wrong, or each year
        has luck of its own, which evens out over the years.
    deaths, cremated, shares
        The spread around what was told, one for all, or by scenario and year (and way); ``None`` for what is sure.
        Shares that were drawn are made to add up to 1 again.
    levels
        Quantiles to tell.

    Returns
    -------
    Chances
        By stock.

    Raises
    ------
    UsageError
        If a spread does not fit what it is around.

    Examples
    --------
    >>> from civaffairs.registers.capacity.spread import Triangular
    >>> from civaffairs.registers.capacity.plot_stock import Stock
    >>> from civaffairs.registers.cemeteries.styles import BurialStyle
    >>> graves = Stock(
    ...     name="ash plots",
    ...     serves=[BurialStyle.UPRIGHT_GRAVE],
    ...     persons_per_plot=1,
    ...     footprint_cm2=10_000,
    ...     common_area=0,
    ...     opening=300,
    ...     built=0,
    ...     leases=None,
    ...     reserve=0,
    ... )
    >>> told = CapacityInputs(
    ...     scenarios=["as before"],
    ...     years=range(2020, 2024),
    ...     deaths=100,
    ...     cremated=1,
    ...     ways=[BurialStyle.UPRIGHT_GRAVE],
    ...     shares=[1],
    ...     stocks=[graves],
    ...     without_plot=[],
    ... )
    >>> chances = simulate(told, draws=1_000, seed=1, years=Years.TOGETHER, deaths=Triangular(80, 120))
    >>> chances["ash plots"].first_short_at("0.95"), 0.4 < chances["ash plots"].short_by(2022)[0] < 0.6
    ((2023,), True)
    """
    arrays = inputs.arrays
    if draws < 1:
        msg = f"{draws} draws tell nothing; give at least 1"
        raise UsageError(msg)
    if cremated is not None and not _bodies_are_placed(inputs):
        msg = "fewer may be cremated than the plan was told; say which stock serves body_burial (遗体安葬)"
        raise UsageError(msg)
    of_levels = tuple(_level(level) for level in levels)
    found: dict[str, list[tuple[Counts, Counts, Counts]]] = {stock.name: [] for stock in arrays.stocks}
    for scenario in range(len(arrays.frame.scenarios)):
        luck = [Luck.of(part, scenario, draws, years) for part in np.random.SeedSequence(seed).spawn(3)]
        people, burnt = _deaths(arrays, deaths, luck[0]), _cremated(arrays, cremated, luck[1])
        demand = demand_by_way(people, burnt, _shares(arrays, shares, luck[2]))
        one = arrays.only(scenario)
        for stock in one.stocks:
            plan = stock_plan(one.frame, stock, plots_for(demand[..., list(stock.serves)], stock).sum(-1))
            so_far = np.cumsum(plan.land_cm2, -1)
            found[stock.name].append(
                (_quantiles(plan.free, of_levels), _quantiles(so_far, of_levels), _first(plan.free < 0))
            )
    stocks = {}
    for name, of_scenarios in found.items():
        free, land, first = zip(*of_scenarios, strict=True)
        stocks[name] = StockChances(
            frame=arrays.frame,
            levels=of_levels,
            free=np.stack(free, 1),
            land_cm2=np.stack(land, 1),
            first_short=np.stack(first),
        )
    return Chances(draws=draws, seed=seed, stocks=MappingProxyType(stocks))


def _deaths(arrays: PlanArrays, spread: Spread | None, luck: Luck) -> Counts:
    if spread is None:
        return luck.same(arrays.deaths)
    drawn = luck.drawn(spread, arrays.deaths.astype(np.float64))
    return np.rint(np.minimum(drawn, LARGEST_COUNT)).astype(np.int64)


def _cremated(arrays: PlanArrays, spread: Spread | None, luck: Luck) -> Shares:
    told = arrays.cremated
    if spread is None:
        return Shares(luck.same(told.parts), told.whole)
    whole = told.whole * _times(told)
    drawn = np.minimum(luck.drawn(spread, told.parts / told.whole), 1)
    return Shares(np.rint(drawn * whole).astype(np.int64), whole)


def _shares(arrays: PlanArrays, spread: Spread | None, luck: Luck) -> Shares:
    told = arrays.shares
    if spread is None:
        return Shares(luck.same(told.parts), told.whole)
    whole = told.whole * _times(told)
    drawn = luck.drawn(spread, told.parts / told.whole)
    total = drawn.sum(-1, keepdims=True)
    drawn = np.where(total > 0, drawn / np.where(total > 0, total, 1), luck.same(told.parts) / told.whole)
    # Rounding the running sum, and not each share, makes the parts add up to the whole.
    upto = np.rint(np.cumsum(drawn, -1) * whole)
    upto[..., -1] = whole
    return Shares(np.diff(upto, axis=-1, prepend=0).astype(np.int64), whole)


def _times(shares: Shares) -> int:
    """How often the denominator is taken for shares drawn by chance to be fine enough."""
    return max(1, -(-FINEST // shares.whole))


def _level(level: Exact) -> Fraction:
    found = exact(level)
    if not 0 < found <= 1:
        msg = f"{level} is not a quantile; give a part of the draws, such as '0.95'"
        raise UsageError(msg)
    return found


def _quantiles(rows: Counts, levels: tuple[Fraction, ...]) -> Counts:
    """The smallest draw that such a part of the draws does not exceed; whole, and one that was drawn."""
    ordered = np.sort(np.ascontiguousarray(rows.T), -1)
    return np.stack([ordered[:, ceil(level * len(rows)) - 1] for level in levels])


def _first(short: NDArray[np.bool_]) -> Counts:
    """How often each year is the first one short, and how often none is."""
    first = np.where(short.any(-1), short.argmax(-1), short.shape[-1])
    return np.bincount(first, minlength=short.shape[-1] + 1).astype(np.int64)


def _bodies_are_placed(inputs: CapacityInputs) -> bool:
    served = [way for stock in inputs.stocks for way in stock.serves]
    return OtherWay.BODY_BURIAL in (*served, *inputs.without_plot)
