"""A synthetic city: made-up persons in households, from a seed and the marginals of one visible file, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import attrs
import numpy as np

from civaffairs.errors import UsageError, is_a
from civaffairs.people.columns import Kind, Level
from civaffairs.people.household import COLUMNS
from civaffairs.people.population import Array, Population
from civaffairs.research.city_marginals import (
    MOST_PERSONS,
    Marginals,
    exact_apportionment,
    shipped_marginals,
)
from civaffairs.research.drawing import Draw, Drawn, joined

PERSONS_A_PART = 250_000
"""Persons of a part; a part is in memory at a time."""


def city(persons: int, seed: int, *, marginals: Marginals | None = None, persons_a_part: int = PERSONS_A_PART) -> City:
    """Describe a city of made-up persons; nobody is drawn before it is asked for.

    Parameters
    ----------
    persons
        How many, exactly; the last household is cut short.
    seed
        Any whole number from 0; the same seed makes the same persons.
    marginals
        What is drawn from; the library's invented ones when not given (`civaffairs.research.city_marginals`).
    persons_a_part
        How the city is parted. Another size makes other persons.

    Raises
    ------
    UsageError
        If a number is not one that a city can have.

    Examples
    --------
    >>> town = city(20_000, seed=7, persons_a_part=5_000)
    >>> town
    <City of 20,000 made-up persons, 418 of 80 and over, in 4 parts; seed 7>
    >>> [part.persons for part in town.parts()]
    [5000, 5000, 5000, 5000]
    """
    if not is_a(persons, int) or not 1 <= persons <= MOST_PERSONS:
        msg = f"a city has 1 to {MOST_PERSONS:,} persons, not {persons!r}"
        raise UsageError(msg)
    if not is_a(seed, int) or seed < 0 or persons_a_part < 1:
        msg = f"seed {seed!r}, parts of {persons_a_part!r}: give a whole number from 0, and parts of at least 1"
        raise UsageError(msg)
    return City(persons, seed, shipped_marginals() if marginals is None else marginals, persons_a_part)


@attrs.frozen(repr=False, eq=False, slots=False)
class City:
    """Made-up persons in households; each part is the same in whatever order parts are made.

    Attributes
    ----------
    persons
        How many.
    seed
        What they are drawn with.
    marginals
        What they are drawn from.
    persons_a_part
        How many a part has; the last may have fewer.
    """

    persons: int
    seed: int
    marginals: Marginals
    persons_a_part: int = PERSONS_A_PART

    def __len__(self) -> int:
        return -(-self.persons // self.persons_a_part)

    @property
    def scale(self) -> Fraction:
        """How many persons of the full city one made-up person stands for."""
        return Fraction(self.marginals.population, self.persons)

    @property
    def oldest(self) -> int:
        """Persons of 80 and over on the reference day: the published number in proportion, rounded half up."""
        full = self.marginals
        return exact_apportionment(full.persons_of_80_and_over, self.persons, full.population)

    def oldest_in(self, number: int) -> int:
        """Persons of 80 and over in a part: what brings the running sum to its due, so that parts add up exactly."""
        until, before = (min(n * self.persons_a_part, self.persons) for n in (number + 1, number))
        due, so_far = (exact_apportionment(self.oldest, n, self.persons) for n in (until, before))
        return due - so_far

    def part(self, number: int) -> Population:
        """Draw one part, counted from 0.

        Raises
        ------
        UsageError
            If there is no such part.
        """
        if not 0 <= number < len(self):
            msg = f"there is no part {number}; the city has {len(self)}, counted from 0"
            raise UsageError(msg)
        return self._draw(number).population()

    def parts(self) -> Iterator[Population]:
        """Draw one part after another; only one is in memory."""
        return (self.part(number) for number in range(len(self)))

    def population(self) -> Population:
        """Draw all parts and join them: about 300 bytes a person."""
        drawn = [self._draw(number) for number in range(len(self))]
        return (drawn[0] if len(drawn) == 1 else joined(drawn)).population()

    def write(self, path: str | Path) -> None:
        """Write the city as CSV or Parquet in the table format, part by part.

        Needs ``civaffairs[tables]`` for Parquet.
        """
        from civaffairs.tables.writing import table_writer

        money = {column.name for column in COLUMNS.values() if column.kind is Kind.FEN}
        with table_writer(path, money=money) as write:
            for part in self.parts():
                write(_table(part))

    def _draw(self, number: int) -> Drawn:
        first = number * self.persons_a_part
        size = min(self.persons_a_part, self.persons - first)
        rng = np.random.default_rng([self.seed, number])
        return Draw(rng, self.marginals, size, self.oldest_in(number), first).drawn()

    def __repr__(self) -> str:
        parts = f"in {len(self)} part{'s' * (len(self) > 1)}"
        return f"<City of {self.persons:,} made-up persons, {self.oldest:,} of 80 and over, {parts}; seed {self.seed}>"


def _table(part: Population) -> dict[str, Array]:
    """A part in the table format: words instead of numbers, days instead of counts, one row a person."""
    table: dict[str, Array] = {}
    for column in COLUMNS.values():
        values, stated = part.column(column.name), part.stated.get(column.name)
        if values is None:
            continue
        if column.kind is Kind.CHOICE:
            values = np.array([choice.value for choice in column.choices or ()], object)[values]
        elif column.kind is Kind.DATE:
            values = values.astype("datetime64[D]")
        elif column.kind is Kind.PLACE:
            codes, back = np.unique(values, return_inverse=True)
            values = np.array([f"{code:06d}" for code in codes.tolist()], object)[back]
        shown: Array = values if stated is None else np.ma.MaskedArray(values, mask=~stated)
        table[column.name] = shown[part.index] if column.level is Level.HOUSEHOLD else shown
    return table
