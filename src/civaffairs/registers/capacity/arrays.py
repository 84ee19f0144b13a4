"""The arrays behind a capacity plan, all laid out by scenario and year, and how they are read from what is given."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled
from civaffairs.registers.capacity.shares import Counts, Shares, SharesGiven
from civaffairs.registers.cemeteries.styles import BurialStyle

LARGEST_COUNT = 10**9
"""The largest number of deaths or plots in a year; beyond it lies a typing mistake."""


class OtherWay(Labelled):
    """What becomes of the dead beside the styles in which ashes are laid to rest."""

    BODY_BURIAL = ("body_burial", "遗体安葬")
    KEPT_ELSEWHERE = ("kept_elsewhere", "家中或寺院存放")


Way: TypeAlias = BurialStyle | OtherWay
"""A style of burial, or what happens instead."""

CountsGiven: TypeAlias = "int | Sequence[CountsGiven] | NDArray[np.int64]"
"""Whole numbers: one for all, one for each year, or one for each scenario and year."""


@attrs.frozen(eq=False)
class Frame:
    """The scenarios and years that all arrays of a plan are laid out by."""

    scenarios: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """How many scenarios and years there are."""
        return len(self.scenarios), len(self.years)

    def place(self, position: Sequence[int] | NDArray[np.int64]) -> str:
        """Name a position for a message, by scenario and (where there is one) year."""
        scenario, *rest = (int(index) for index in position)
        year = f", {self.years[rest[0]]}" if rest else ""
        return f"scenario {self.scenarios[scenario]!r}{year}"

    def counts(self, values: CountsGiven, what: str) -> Counts:
        """Read whole numbers, one for each scenario and year, none negative."""
        return self._counts(values, what, self.shape)

    def openings(self, values: CountsGiven, what: str) -> Counts:
        """Read whole numbers, one for each scenario, none negative."""
        return self._counts(values, what, self.shape[:1])

    def shares(self, values: SharesGiven, what: str, ways: tuple[int, ...] = ()) -> Shares:
        """Read shares, one for each scenario and year, or one for each scenario, year and way."""
        given = Shares.of(values)
        return Shares(self._full(given.parts, what, (*self.shape, *ways)), given.whole)

    def _counts(self, values: CountsGiven, what: str, shape: tuple[int, ...]) -> Counts:
        try:
            array = np.asarray(values)
        except ValueError:
            msg = f"{what} are nested unevenly; give an array of {_laid_out(shape)}"
            raise UsageError(msg) from None
        if array.dtype.kind not in "iu":
            msg = f"{what} must be whole numbers (int), an array of {_laid_out(shape)}"
            raise UsageError(msg)
        full = self._full(array, what, shape)
        wrong = np.argwhere((full < 0) | (full > LARGEST_COUNT))
        if len(wrong):
            value = int(full[tuple(wrong[0])])
            msg = f"{what} in {self.place(wrong[0])} cannot be {value:,}; give 0 to {LARGEST_COUNT:,}"
            raise UsageError(msg)
        return full.astype(np.int64)

    def _full(self, array: Counts, what: str, shape: tuple[int, ...]) -> Counts:
        try:
            return np.broadcast_to(array, shape)
        except ValueError:
            msg = f"{what} have the shape {array.shape}; give an array of {_laid_out(shape)}"
            raise UsageError(msg) from None


def _laid_out(shape: tuple[int, ...]) -> str:
    names = ("scenarios", "years", "ways")
    return " × ".join(f"{length} {name}" for length, name in zip(shape, names, strict=False)) + ", or one for all"


@attrs.frozen(eq=False, kw_only=True)
class LeaseArrays:
    """How leases end: in numbers by year, or from those begun in the years before the plan, the earliest first."""

    renewed: Shares
    expired: Counts | None = None
    begun: tuple[int, ...] = ()


@attrs.frozen(eq=False, kw_only=True)
class StockArrays:
    """One stock of plots; ``serves`` are places along the axis of ways."""

    name: str
    serves: tuple[int, ...]
    persons: Fraction
    land_cm2: int
    opening: Counts
    built: Counts
    leases: LeaseArrays | None
    reserve: Counts


@attrs.frozen(eq=False, kw_only=True)
class PlanArrays:
    """Everything a plan is worked out from. Ways of the ashes come first along their axis, burial of bodies is last."""

    frame: Frame
    deaths: Counts
    cremated: Shares
    shares: Shares
    ways: tuple[Way, ...]
    stocks: tuple[StockArrays, ...]

    def only(self, scenario: int) -> PlanArrays:
        """The same for one scenario alone."""

        def cut(shares: Shares) -> Shares:
            return Shares(shares.parts[scenario : scenario + 1], shares.whole)

        one = slice(scenario, scenario + 1)
        stocks = [
            attrs.evolve(
                stock,
                opening=stock.opening[one],
                built=stock.built[one],
                reserve=stock.reserve[one],
                leases=stock.leases
                and attrs.evolve(
                    stock.leases,
                    renewed=cut(stock.leases.renewed),
                    expired=None if stock.leases.expired is None else stock.leases.expired[one],
                ),
            )
            for stock in self.stocks
        ]
        return attrs.evolve(
            self,
            frame=Frame(self.frame.scenarios[one], self.frame.years),
            deaths=self.deaths[one],
            cremated=cut(self.cremated),
            shares=cut(self.shares),
            stocks=tuple(stocks),
        )
