"""The same facts as columns: persons sorted by household, the grouping computed once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.people.columns import Level

Array: TypeAlias = NDArray[Any]
"""A column of any type; which one is told by its `Column`."""

PLACES = ("place", "hukou_place", "emergency_place")
"""Columns of division codes, by which values are looked up."""

LARGEST_HOUSEHOLD = 300
"""Persons in one household. An institution is not a household: give each resident a household of their own."""


@attrs.frozen(eq=False, repr=False, slots=False)
class Population:
    """Persons and households as columns, in the order the engine works in, with the way back to the caller's order.

    Attributes
    ----------
    person
        Columns with one value a person, persons of one household side by side.
    household
        Columns with one value a household.
    stated
        For a column in which something is not stated: which values are. A column not named here is stated throughout;
        a column that is in neither table is not stated at all.
    index
        The household's position, for each person; sorted.
    person_order, household_order
        Position in the caller's table of each person and household, or ``None`` when it is the same.
    """

    person: Mapping[str, Array]
    household: Mapping[str, Array]
    stated: Mapping[str, NDArray[np.bool_]]
    index: NDArray[np.intp]
    person_order: NDArray[np.intp] | None = None
    household_order: NDArray[np.intp] | None = None

    @classmethod
    def of(
        cls,
        person: Mapping[str, Array],
        household: Mapping[str, Array],
        member_of: NDArray[np.intp],
        stated: Mapping[str, NDArray[np.bool_]] | None = None,
    ) -> Self:
        """Group columns by household; members are put in the order of their keys, and the way back is kept.

        Parameters
        ----------
        person
            Columns of persons in any order, ``person_id`` among them.
        household
            Columns of households.
        member_of
            For each person the position of the household in the household columns.
        stated
            Which values of a column are stated, for columns where some are not.

        Raises
        ------
        UsageError
            If columns differ in length, a household has no member, or one has more than `LARGEST_HOUSEHOLD`.
        """
        stated = dict(stated or {})
        persons, households = len(member_of), len(next(iter(household.values())))
        wrong = [name for name, column in person.items() if len(column) != persons]
        wrong += [name for name, column in household.items() if len(column) != households]
        if wrong:
            counts = f"there are {persons} persons and {households} households"
            msg = f"columns of unequal length: {', '.join(wrong)}; {counts}"
            raise UsageError(msg)
        sizes = np.bincount(member_of, minlength=households)
        if len(sizes) != households or (persons and int(member_of.min()) < 0) or (sizes == 0).any():
            msg = "every household needs a member and every person a household; set the others aside first"
            raise UsageError(msg)
        if int(sizes.max(initial=0)) > LARGEST_HOUSEHOLD:
            limit = f"above {LARGEST_HOUSEHOLD} it is an institution: give each resident a household"
            msg = f"a household has {sizes.max()} persons; {limit}"
            raise UsageError(msg)
        order = _key_order(member_of, person["person_id"])
        index = np.asarray(member_of, np.intp)
        if order is not None:
            index = index.take(order)
            person = {name: column[order] for name, column in person.items()}
            stated = {name: flags[order] if name in person else flags for name, flags in stated.items()}
        return cls(person, household, stated, index, order)

    def __len__(self) -> int:
        return self.households

    @property
    def persons(self) -> int:
        """How many persons there are."""
        return len(self.index)

    @property
    def households(self) -> int:
        """How many households there are."""
        return len(self.starts)

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Position of each household's first person."""
        first = np.ones(len(self.index), bool)
        np.not_equal(self.index[1:], self.index[:-1], out=first[1:])
        return np.flatnonzero(first)

    @cached_property
    def sizes(self) -> NDArray[np.intp]:
        """Persons in each household."""
        return np.diff(self.starts, append=len(self.index))

    def column(self, name: str) -> Array | None:
        """Return a column of either level, or ``None`` if the roster does not have it."""
        return self.person[name] if name in self.person else self.household.get(name)

    def places(self, name: str) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        """Return the distinct division codes of a place column, and each row's position among them.

        Codes are whole numbers; a place that is not stated is -1.
        """
        return self._distinct[name]

    @cached_property
    def _distinct(self) -> Mapping[str, tuple[NDArray[np.int32], NDArray[np.intp]]]:
        found = {}
        for name in PLACES:
            column = self.column(name)
            if column is not None:
                codes, back = np.unique(column, return_inverse=True)
                found[name] = (codes.astype(np.int32), back.astype(np.intp))
        return found

    def part(self, first: int, last: int) -> Population:
        """Households ``first`` to before ``last`` as a population of their own; every column is a view."""
        start = int(self.starts[first]) if first < self.households else self.persons
        stop = int(self.starts[last]) if last < self.households else self.persons
        rows = {Level.PERSON: slice(start, stop), Level.HOUSEHOLD: slice(first, last)}
        return Population(
            {name: column[start:stop] for name, column in self.person.items()},
            {name: column[first:last] for name, column in self.household.items()},
            {
                name: flags[rows[Level.PERSON if name in self.person else Level.HOUSEHOLD]]
                for name, flags in self.stated.items()
            },
            self.index[start:stop] - first,
        )

    def keeping(self, households: NDArray[np.bool_]) -> Population:
        """Only the households marked, with the order of the caller's table among those kept."""
        members = households[self.index]
        renumber = np.cumsum(households) - 1
        person_order, household_order = self.person_order, self.household_order
        return Population(
            {name: column[members] for name, column in self.person.items()},
            {name: column[households] for name, column in self.household.items()},
            {name: flags[members if name in self.person else households] for name, flags in self.stated.items()},
            renumber[self.index[members]].astype(np.intp),
            None if person_order is None else _ranks(person_order[members]),
            None if household_order is None else _ranks(household_order[households]),
        )

    def find(self, household_id: str) -> int:
        """Return the position of the household with that key.

        Raises
        ------
        UsageError
            If there is none.
        """
        at = np.flatnonzero(self.household["household_id"] == household_id)
        if not len(at):
            msg = "no household of the roster has that key; keys are compared as they are written"
            raise UsageError(msg)
        return int(at[0])

    def in_callers_order(self, column: Array, level: Level) -> Array:
        """Put a column of results back into the order of the caller's table."""
        order = self.person_order if level is Level.PERSON else self.household_order
        if order is None:
            return column
        back = np.empty_like(column)
        back[order] = column
        return back

    def __repr__(self) -> str:
        return f"<Population of {self.households:,} households, {self.persons:,} persons>"


def _key_order(member_of: NDArray[np.intp], keys: Array) -> NDArray[np.intp] | None:
    """Order persons by household and then by key, or say that they already are."""
    same = member_of[1:] == member_of[:-1]
    sorted_already = bool((member_of[1:] >= member_of[:-1]).all()) and not bool((same & (keys[1:] < keys[:-1])).any())
    return None if sorted_already else np.lexsort((keys, member_of))


def _ranks(order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Positions 0, 1, 2 … in the same order."""
    ranks = np.empty(len(order), np.intp)
    ranks[np.argsort(order)] = np.arange(len(order))
    return ranks
