"""How a block of households lies in memory: the only place that knows who lives with whom."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.money import Fen, even_shares
from civaffairs.people.columns import Level
from civaffairs.people.population import Array, Population
from civaffairs.rules.values import Count, Flags

Causes = NDArray[np.unsignedinteger[Any]]
"""For each row, which roots of what is not known reach it: one bit each; 0 is known."""


class Block(Protocol):
    """Some whole households, as the engine works on them."""

    def column(self, values: Array, level: Level) -> Array:
        """View the block's part of a column."""

    def store(self, values: Any, into: Array, level: Level) -> None:  # noqa: ANN401 -- a column or one value
        """Write the block's part of a result."""

    def project(self, values: Array) -> Array:
        """Give every member the household's value."""

    def total(self, values: Array) -> Array:
        """Add up over members."""

    def count(self, flags: Flags) -> Count:
        """Count the members with a flag."""

    def any(self, flags: Flags) -> Flags:
        """Say whether any member has a flag."""

    def causes(self, causes: Causes) -> Causes:
        """Bring what is not known of any member up to the household."""

    def apportion(self, amount: Fen, among: Flags | None) -> Fen:
        """Share a household's amount to the fen."""


class Layout(Protocol):
    """A population cut into blocks of whole households."""

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks, one after another."""

    def restore(self, values: Array, level: Level) -> Array:
        """Bring a result from the layout's order into the population's."""

    def arrange(self, values: Array, level: Level) -> Array:
        """Bring a column of the population into the layout's order."""


@attrs.frozen(eq=False)
class IndexBlock:
    """Households side by side, each person with the position of their household.

    Attributes
    ----------
    population
        Whose households they are.
    persons, households
        Which rows.
    """

    population: Population
    persons: slice
    households: slice

    @cached_property
    def index(self) -> NDArray[np.intp]:
        """The household of each person, counted from the block's first."""
        index, first = self.population.index[self.persons], self.households.start
        return index - first if first else index

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """The first member of each household, counted from the block's first person."""
        starts, first = self.population.starts[self.households], self.persons.start
        return starts - first if first else starts

    @property
    def sizes(self) -> NDArray[np.intp]:
        """How many members each household has."""
        return self.population.sizes[self.households]

    def column(self, values: Array, level: Level) -> Array:
        """View the block's part of a column."""
        return values[self.persons if level is Level.PERSON else self.households]

    def store(self, values: Any, into: Array, level: Level) -> None:  # noqa: ANN401
        """Write the block's part of a result."""
        into[self.persons if level is Level.PERSON else self.households] = values

    def project(self, values: Array) -> Array:
        """Give every member the household's value."""
        return values.take(self.index)

    def total(self, values: Array) -> Array:
        """Add up over members."""
        if values.ndim == 0:
            return self.sizes * np.int64(values)
        out = np.zeros(len(self.starts), np.int64)
        # Fast only where both are of the same type.
        np.add.at(out, self.index, values.astype(np.int64, copy=False))
        return out

    def count(self, flags: Flags) -> Count:
        """Count the members with a flag."""
        return self.total(flags)

    def any(self, flags: Flags) -> Flags:
        """Say whether any member has a flag."""
        out = np.zeros(len(self.starts), bool)
        if flags.ndim == 0:
            return ~out & flags
        out[self.index.take(np.flatnonzero(flags))] = True
        return out

    def causes(self, causes: Causes) -> Causes:
        """Bring what is not known of any member up to the household."""
        return np.asarray(np.bitwise_or.reduceat(causes, self.starts))

    def apportion(self, amount: Fen, among: Flags | None) -> Fen:
        """Share a household's amount to the fen."""
        amount = np.broadcast_to(amount, self.starts.shape)
        each = np.zeros(len(amount), np.int64)
        if among is not None:
            return self._apportion_among(amount, each, among)
        paying = np.flatnonzero(amount)
        each[paying], odd = even_shares(amount.take(paying), self.sizes.take(paying))
        out, first = self.project(each), self.starts.take(paying)
        for rank in range(int(odd.max(initial=0))):
            out[first.compress(odd > rank) + rank] += 1
        return out

    def _apportion_among(self, amount: Fen, each: Fen, among: Flags) -> Fen:
        takers = np.flatnonzero((amount != 0).take(self.index) & among)
        home = self.index.take(takers)
        shares = np.bincount(home, minlength=len(amount))
        paying = np.flatnonzero(shares)
        odd = np.zeros(len(amount), np.int64)
        each[paying], odd[paying] = even_shares(amount.take(paying), shares.take(paying))
        rank = np.arange(len(takers)) - (np.cumsum(shares) - shares).take(home)
        out = np.zeros(len(self.index), np.int64)
        out[takers] = each.take(home) + (rank < odd.take(home))
        return out


@attrs.frozen(eq=False)
class IndexLayout:
    """The population's own order, cut at household boundaries into runs that stay in the processor's cache."""

    population: Population
    size: int

    def blocks(self) -> Iterator[IndexBlock]:
        """Yield runs of about ``size`` persons."""
        people = self.population
        starts, persons, households, first = people.starts, people.persons, people.households, 0
        while first < households:
            begin = int(starts[first])
            last = households
            if begin + self.size < persons:
                last = max(int(np.searchsorted(starts, begin + self.size, side="right")) - 1, first + 1)
            end = int(starts[last]) if last < households else persons
            yield IndexBlock(people, slice(begin, end), slice(first, last))
            first = last

    def restore(self, values: Array, level: Level) -> Array:
        """Return the values: the order is the population's."""
        return values

    def arrange(self, values: Array, level: Level) -> Array:
        """Return the values: the order is the population's."""
        return values


@attrs.frozen(eq=False)
class DenseBlock:
    """Households of one size as a table: a row for the first members, a row for the second, and so on."""

    persons: slice
    households: slice
    members: int

    def column(self, values: Array, level: Level) -> Array:
        """View the block's part of a column."""
        return values[self.persons].reshape(self.members, -1) if level is Level.PERSON else values[self.households]

    def store(self, values: Any, into: Array, level: Level) -> None:  # noqa: ANN401
        """Write the block's part of a result."""
        self.column(into, level)[...] = values

    def project(self, values: Array) -> Array:
        """Give every member the household's value."""
        return values

    def total(self, values: Array) -> Array:
        """Add up over members."""
        if values.ndim < 2:
            return np.broadcast_to(values * np.int64(self.members), self._width)
        out: Array = values[0].astype(np.int64)
        for row in values[1:]:
            out += row
        return out

    def count(self, flags: Flags) -> Count:
        """Count the members with a flag."""
        return self.total(flags)

    def any(self, flags: Flags) -> Flags:
        """Say whether any member has a flag."""
        if flags.ndim < 2:
            return np.broadcast_to(flags, self._width)
        out: Flags = flags[0].copy()
        for row in flags[1:]:
            out |= row
        return out

    def causes(self, causes: Causes) -> Causes:
        """Bring what is not known of any member up to the household."""
        return causes if causes.ndim < 2 else np.asarray(np.bitwise_or.reduce(causes, axis=0))

    def apportion(self, amount: Fen, among: Flags | None) -> Fen:
        """Share a household's amount to the fen."""
        amount = np.broadcast_to(amount, self._width)
        if among is not None:
            return self._apportion_among(amount, np.broadcast_to(among, (self.members, *self._width)))
        base, odd = even_shares(amount, self.members)
        return base + (np.arange(self.members)[:, None] < odd) if np.count_nonzero(odd) else base

    def _apportion_among(self, amount: Fen, among: Flags) -> Fen:
        out = np.zeros(among.shape, np.int64)
        paying = np.flatnonzero((amount != 0) & self.any(among))
        takers = among.take(paying, axis=1)
        base, odd = even_shares(amount.take(paying), takers.sum(axis=0))
        rank: Count = np.cumsum(takers, axis=0) - takers
        out[:, paying] = takers * (base + (rank < odd))
        return out

    @property
    def _width(self) -> tuple[int]:
        return (self.households.stop - self.households.start,)


@attrs.frozen(eq=False)
class DenseLayout:
    """Households put together by size: dearer to set up, half to run; for populations assessed again and again."""

    population: Population
    size: int
    _persons: NDArray[np.intp] = attrs.field(init=False)
    _households: NDArray[np.intp] = attrs.field(init=False)
    _blocks: tuple[DenseBlock, ...] = attrs.field(init=False)
    _arranged: dict[int, tuple[Array, Array]] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        sizes, starts = self.population.sizes, self.population.starts
        order = np.argsort(sizes, kind="stable")
        sorted_sizes, persons, blocks, at = sizes[order], np.empty(self.population.persons, np.intp), [], 0
        for members in np.unique(sizes).tolist():
            first = int(np.searchsorted(sorted_sizes, members, "left"))
            stop = int(np.searchsorted(sorted_sizes, members, "right"))
            step = max(1, self.size // members)
            for begin in range(first, stop, step):
                end = min(stop, begin + step)
                width = members * (end - begin)
                block = starts[order[begin:end]][None, :] + np.arange(members)[:, None]
                persons[at : at + width] = block.ravel()
                blocks.append(DenseBlock(slice(at, at + width), slice(begin, end), members))
                at += width
        object.__setattr__(self, "_persons", persons)
        object.__setattr__(self, "_households", order)
        object.__setattr__(self, "_blocks", tuple(blocks))

    def blocks(self) -> Iterator[DenseBlock]:
        """Yield blocks of households of one size."""
        return iter(self._blocks)

    def restore(self, values: Array, level: Level) -> Array:
        """Bring a result back into the population's order."""
        out = np.empty_like(values)
        out[self._persons if level is Level.PERSON else self._households] = values
        return out

    def arrange(self, values: Array, level: Level) -> Array:
        """Bring a column into the layout's order; a column once arranged is kept with the layout."""
        kept = self._arranged.get(id(values))
        if kept is None:
            arranged = values.take(self._persons if level is Level.PERSON else self._households)
            kept = self._arranged[id(values)] = (values, arranged)
        return kept[1]
