"""How long the plots of a city will last: deaths in, plots, land and the first year short out, by scenario and year."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import attrs
import numpy as np

from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import UsageError, did_you_mean
from civaffairs.registers.capacity.arrays import Way
from civaffairs.registers.capacity.inputs import CapacityInputs
from civaffairs.registers.capacity.shares import Counts, Shares, split
from civaffairs.registers.capacity.stock_plan import StockPlan, first_years, plots_for, stock_plan

SQUARE_METRE = 10_000
"""Square centimetres in it."""

COLUMNS = (
    "needed",
    "built",
    "expired",
    "released",
    "free",
    "shortfall",
    "to_build",
    "land_cm2",
    "land_to_build_cm2",
)
"""What is told of a stock in a table, in order."""


def square_metres(cm2: int) -> Decimal:
    """Write square centimetres as square metres, exactly.

    >>> square_metres(15_500)
    Decimal('1.55')
    """
    return Decimal(int(cm2)) / SQUARE_METRE


@attrs.frozen(eq=False, repr=False, kw_only=True)
class CapacityPlan:
    """A plan worked out.

    Attributes
    ----------
    inputs
        What it was told.
    ways
        Ways of burial along the last axis; burial of bodies is the last.
    demand
        The dead, by scenario, year and way; they add up to the deaths.
    new_plots, land_cm2
        Plots and land that they take.
    stocks
        What becomes of each stock, by its name.
    """

    inputs: CapacityInputs
    ways: tuple[Way, ...]
    demand: Counts
    new_plots: Counts
    land_cm2: Counts
    stocks: Mapping[str, StockPlan]

    def __getitem__(self, name: str) -> StockPlan:
        try:
            return self.stocks[name]
        except KeyError:
            msg = f"there is no stock {name!r}{did_you_mean(name, self.stocks)}"
            raise UsageError(msg) from None

    @property
    def first_short(self) -> tuple[int | None, ...]:
        """The first year in which any stock is short, by scenario; ``None`` where none is."""
        short = [stock.free < 0 for stock in self.stocks.values()]
        frame = self.inputs.arrays.frame
        return first_years(np.logical_or.reduce(short, axis=0) if short else np.zeros(frame.shape, bool), frame.years)

    def columns(self) -> dict[str, list[object]]:
        """One row for each stock, scenario and year, as a table of columns."""
        frame = self.inputs.arrays.frame
        scenarios, years = frame.shape
        table: dict[str, list[object]] = {name: [] for name in ("stock", "scenario", "year", *COLUMNS)}
        for stock in self.stocks.values():
            table["stock"] += [stock.name] * (scenarios * years)
            table["scenario"] += [name for name in frame.scenarios for _ in frame.years]
            table["year"] += list(frame.years) * scenarios
            for name in COLUMNS:
                table[name] += getattr(stock, name).ravel().tolist()
        return table

    def _rows(self) -> tuple[list[str], list[list[str]]]:
        frame = self.inputs.arrays.frame
        header = ["stock", "scenario", "first year short", f"free at the end of {frame.years[-1]}", "to build", "m²"]
        rows = []
        for stock in self.stocks.values():
            build, land = stock.to_build.sum(-1), stock.land_to_build_cm2.sum(-1)
            for s, scenario in enumerate(frame.scenarios):
                numbers = [f"{stock.free[s, -1]:,}", f"{build[s]:,}", f"{square_metres(land[s]):,}"]
                rows.append([stock.name, scenario, str(stock.first_short[s] or "none"), *numbers])
        return header, rows

    def __repr__(self) -> str:
        header, rows = self._rows()
        return text_table(header, rows, numbers=[3, 4, 5])

    def _repr_html_(self) -> str:
        return html_table(*self._rows())


def capacity_plan(inputs: CapacityInputs) -> CapacityPlan:
    """Work out demand, plots, land and the first year short, exactly, for all scenarios at once.

    The dead of a year are split into cremated and not, and the ashes over the ways of burial, by whole persons; a
    way's plots are its dead over the persons a plot, rounded up, since a plot begun is a plot taken.

    Parameters
    ----------
    inputs
        Everything; nothing is assumed.

    Returns
    -------
    CapacityPlan
        Arrays by scenario and year.

    Raises
    ------
    UsageError
        If the land does not fit in 64 bits.

    Examples
    --------
    Ninety of 100 dead in graves for one and a half persons take 60 plots; of 120 dead, 108 take 72.

    >>> from civaffairs.registers.capacity.plot_stock import Stock
    >>> from civaffairs.registers.cemeteries.styles import BurialStyle
    >>> graves = Stock(
    ...     name="ash plots",
    ...     serves=[BurialStyle.UPRIGHT_GRAVE],
    ...     persons_per_plot="1.5",
    ...     footprint_cm2=10_000,
    ...     common_area="0.5",
    ...     opening=100,
    ...     built=0,
    ...     leases=None,
    ...     reserve=10,
    ... )
    >>> plan = capacity_plan(
    ...     CapacityInputs(
    ...         scenarios=["as before"],
    ...         years=[2020, 2021],
    ...         deaths=[100, 120],
    ...         cremated=1,
    ...         ways=[BurialStyle.UPRIGHT_GRAVE, BurialStyle.SEA_SCATTERING],
    ...         shares=["0.9", "0.1"],
    ...         stocks=[graves],
    ...         without_plot=[BurialStyle.SEA_SCATTERING],
    ...     )
    ... )
    >>> plan["ash plots"].free.tolist(), plan.first_short
    ([[40, -32]], (2021,))
    >>> plan
    stock      scenario   first year short  free at the end of 2021  to build  m²
    ash plots  as before  2021                                  -32        42  63
    """
    arrays = inputs.arrays
    demand = demand_by_way(arrays.deaths, arrays.cremated, arrays.shares)
    new_plots = np.zeros_like(demand)
    land = np.zeros_like(demand)
    stocks = {}
    for stock in arrays.stocks:
        serves = list(stock.serves)
        taken = plots_for(demand[..., serves], stock)
        new_plots[..., serves] = taken
        land[..., serves] = taken * stock.land_cm2
        stocks[stock.name] = stock_plan(arrays.frame, stock, taken.sum(-1))
    return CapacityPlan(
        inputs=inputs,
        ways=arrays.ways,
        demand=demand,
        new_plots=new_plots,
        land_cm2=land,
        stocks=MappingProxyType(stocks),
    )


def demand_by_way(deaths: Counts, cremated: Shares, shares: Shares) -> Counts:
    """Split deaths into whole persons by way; bodies not cremated come last."""
    ashes_and_bodies = split(deaths, cremated.with_the_rest())
    ashes = split(ashes_and_bodies[..., 0], shares)
    return np.concatenate([ashes, ashes_and_bodies[..., 1:]], -1)
