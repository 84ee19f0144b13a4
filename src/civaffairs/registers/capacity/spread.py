"""How far what a plan was told may be off: spreads to draw from by chance (随机抽样)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled

Floats: TypeAlias = NDArray[np.float64]
"""Numbers of chance; what is counted is whole again."""

FloatsGiven: TypeAlias = "float | Sequence[FloatsGiven] | Floats"
"""One for all, or as what they are about is laid out."""


class Years(Labelled):
    """How the chance of one year goes with that of the next."""

    TOGETHER = ("together", "同高同低")
    APART = ("apart", "逐年独立")


@attrs.frozen(eq=False)
class Relative:
    """A normal spread: each value times 1 plus a deviation, never below nought.

    Attributes
    ----------
    deviation
        The standard deviation as a part of the value: one for all, or laid out as the values are.
    """

    deviation: FloatsGiven

    def drawn(self, told: Floats, scenario: int, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Draw around the values of one scenario."""
        deviation = _over(self.deviation, told.shape, "a relative deviation")
        if not (np.isfinite(deviation) & (deviation >= 0)).all():
            msg = "a relative deviation is 0 or more; write 5 % as 0.05"
            raise UsageError(msg)
        drawn: Floats = np.maximum(told[scenario] * (1 + deviation[scenario] * rng.standard_normal(shape)), 0)
        return drawn


@attrs.frozen(eq=False)
class Triangular:
    """A triangular spread, with its peak at what the plan was told.

    Attributes
    ----------
    low, high
        The least and the most it can be: one for all, or laid out as the values are.
    """

    low: FloatsGiven
    high: FloatsGiven

    def drawn(self, told: Floats, scenario: int, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
        """Draw around the values of one scenario."""
        lows, highs = (_over(end, told.shape, "an end of a triangular spread") for end in (self.low, self.high))
        if not ((lows >= 0) & (lows <= told) & (told <= highs) & np.isfinite(highs)).all():
            msg = "a triangular spread goes from low up to what the plan was told and on to high, none below 0"
            raise UsageError(msg)
        low, mode, high = lows[scenario], told[scenario], highs[scenario]
        chance, width = rng.random(shape), high - low
        rising = low + np.sqrt(chance * width * (mode - low))
        falling = high - np.sqrt((1 - chance) * width * (high - mode))
        drawn: Floats = np.where(chance * width < mode - low, rising, falling)
        return drawn


Spread: TypeAlias = Relative | Triangular
"""Either way of being unsure."""


@attrs.frozen(eq=False)
class Luck:
    """What chance a quantity of one scenario has: whence it is drawn, how often, and how its years go together."""

    rng: np.random.Generator
    scenario: int
    draws: int
    years: Years

    @classmethod
    def of(cls, seed: np.random.SeedSequence, scenario: int, draws: int, years: Years) -> Luck:
        """Begin from a seed, the same for every scenario."""
        return cls(np.random.Generator(np.random.PCG64(seed)), scenario, draws, years)

    def drawn(self, spread: Spread, told: Floats) -> Floats:
        """Draw by year (and way); where years go together, one luck is drawn for all of them."""
        years = 1 if self.years is Years.TOGETHER else told.shape[1]
        return spread.drawn(told, self.scenario, (self.draws, years, *told.shape[2:]), self.rng)

    def same(self, told: NDArray[np.int64]) -> NDArray[np.int64]:
        """What is sure, the same in every draw."""
        return np.broadcast_to(told[self.scenario], (self.draws, *told.shape[1:]))


def _over(values: FloatsGiven, shape: tuple[int, ...], what: str) -> Floats:
    array = np.asarray(values, np.float64)
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        msg = f"{what} has the shape {array.shape}, which does not fit {shape}: scenarios, years (and ways)"
        raise UsageError(msg) from None
