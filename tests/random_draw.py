"""A seeded source of columns, and the days on which something is so many years or months old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from oracle_ground import months_later

Roster = dict[str, NDArray[Any]]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
NOT_STATED = -1
"""What a column holds where a fact is not stated; only amounts and choices that may be left out do."""


class Draw:
    """A seeded source of columns of one length."""

    def __init__(self, rng: np.random.Generator, length: int) -> None:
        self.rng, self.length = rng, length

    def chance(self, probability: float) -> Mask:
        """Draw flags."""
        return np.asarray(self.rng.random(self.length) < probability)

    def of(self, *values: int, weights: Sequence[float] | None = None) -> Integers:
        """Draw from a few whole numbers."""
        if weights is None:
            return np.array(values, np.int64)[self.rng.integers(len(values), size=self.length)]
        steps = np.cumsum(weights) / np.sum(weights)
        return np.array(values, np.int64)[np.searchsorted(steps, self.rng.random(self.length), side="right")]

    def between(self, low: int, high: int) -> Integers:
        """Draw whole numbers, both ends included."""
        return self.rng.integers(low, high, size=self.length, endpoint=True)

    def part(self, whole: Integers) -> Integers:
        """Draw whole numbers from 0 up to each whole."""
        return np.asarray((self.rng.random(self.length) * (whole + 1)).astype(np.int64))

    def some(self, probability: float, values: Integers) -> Integers:
        """Keep a value now and then; else 0."""
        return np.where(self.chance(probability), values, 0)


def born_so_long_before(on: date, years: int) -> date:
    """The same day so many years before; 28 February where there is no 29th."""
    day = 28 if (on.month, on.day) == (2, 29) and (on.year - years) % 4 else on.day
    return date(on.year - years, on.month, day)


def so_many_months_before(on: date, months: int) -> date:
    """A day from which a period of months ends on a day, or as near to it as there is."""
    return months_later(on, -months)
