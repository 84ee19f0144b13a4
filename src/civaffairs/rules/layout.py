"""How a block of households lies in memory: the only place that knows who lives with whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.money import Fen, even_shares
from civaffairs.people.columns import Level
from civaffairs.people.population import Array, Population
from civaffairs.rules.values import Count, Flags

Causes = NDArray[np.uint64]
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
    """Households side by side, each person with the position of their household."""

    persons: slice
    households: slice
    index: NDArray[np.intp]
    count_of: int

    def column(self, values: Array, level: Level) -> Array:
        return values[self.persons if level is Level.PERSON else self.households]

    def store(self, values: Any, into: Array, level: Level) -> None:  # noqa: ANN401
        into[self.persons if level is Level.PERSON else self.households] = values

    def project(self, values: Array) -> Array:
        return values.take(self.index, mode="clip")

    def total(self, values: Array) -> Array:
        out = np.zeros(self.count_of, np.int64)
        np.add.at(out, self.index, np.broadcast_to(np.asarray(values, np.int64), self.index.shape))
        return out

    def count(self, flags: Flags) -> Count:
        who = self.index.take(np.flatnonzero(np.broadcast_to(flags, self.index.shape)))
        return np.bincount(who, minlength=self.count_of)

    def any(self, flags: Flags) -> Flags:
        out = np.zeros(self.count_of, bool)
        out[self.index.take(np.flatnonzero(np.broadcast_to(flags, self.index.shape)))] = True
        return out

    def causes(self, causes: Causes) -> Causes:
        out = np.zeros(self.count_of, np.uint64)
        rows = np.flatnonzero(causes)
        np.bitwise_or.at(out, self.index.take(rows), causes.take(rows))
        return out

    def apportion(self, amount: Fen, among: Flags | None) -> Fen:
        out = np.zeros(len(self.index), np.int64)
        paid = amount != 0
        takes = paid.take(self.index) if among is None else paid.take(self.index) & among
        who = np.flatnonzero(takes)
        if not len(who):
            return out
        home = self.index.take(who)
        shares = np.bincount(home, minlength=self.count_of)
        some = np.flatnonzero(shares)
        base, odd = np.zeros(self.count_of, np.int64), np.zeros(self.count_of, np.int64)
        base[some], odd[some] = even_shares(amount.take(some), shares.take(some))
        first = np.cumsum(shares) - shares
        rank = np.arange(len(who)) - first.take(home)
        out[who] = base.take(home) + (rank < odd.take(home))
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
            index = people.index[begin:end]
            yield IndexBlock(slice(begin, end), slice(first, last), index - first if first else index, last - first)
            first = last

    def restore(self, values: Array, level: Level) -> Array:  # noqa: ARG002 -- nothing to undo
        """Return the values: the order is the population's."""
        return values

    def arrange(self, values: Array, level: Level) -> Array:  # noqa: ARG002
        """Return the values: the order is the population's."""
        return values


@attrs.frozen(eq=False)
class DenseBlock:
    """Households of one size as a table: a row for the first members, a row for the second, and so on."""

    persons: slice
    households: slice
    members: int

    def column(self, values: Array, level: Level) -> Array:
        return values[self.persons].reshape(self.members, -1) if level is Level.PERSON else values[self.households]

    def store(self, values: Any, into: Array, level: Level) -> None:  # noqa: ANN401
        self.column(into, level)[...] = values

    def _full(self, values: Array) -> Array:
        return np.broadcast_to(values, (self.members, self.households.stop - self.households.start))

    def project(self, values: Array) -> Array:
        return values

    def total(self, values: Array) -> Array:
        rows = self._full(values)
        out = rows[0].astype(np.int64)
        for row in rows[1:]:
            out += row
        return out

    def count(self, flags: Flags) -> Count:
        return self.total(flags)

    def any(self, flags: Flags) -> Flags:
        rows = self._full(flags)
        out = rows[0].copy()
        for row in rows[1:]:
            out |= row
        return out

    def causes(self, causes: Causes) -> Causes:
        return np.bitwise_or.reduce(self._full(causes), axis=0)

    def apportion(self, amount: Fen, among: Flags | None) -> Fen:
        if among is None:
            if self.members == 1:
                return amount[None, :]
            base, odd = even_shares(amount, np.int64(self.members))  # type: ignore[arg-type]
            return base + (np.arange(self.members)[:, None] < odd)
        takes = self._full(among)
        shares = self.count(takes)
        base, odd = even_shares(amount, np.maximum(shares, 1))
        rank = np.cumsum(takes, axis=0) - takes
        return np.asarray(takes * (base + (rank < odd)))


@attrs.frozen(eq=False)
class DenseLayout:
    """Households put together by size. Costs more to set up and half to run: for populations assessed again and again."""

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
