"""Households written as records become a population, by the same checks as a table, and come back as records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import date_of
from civaffairs.errors import Problems, UsageError, listed, masked
from civaffairs.people.border import read_columns
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.people.household import HOUSEHOLD_COLUMNS, PERSON_COLUMNS, Household
from civaffairs.people.parsing import Cells
from civaffairs.people.person import Parent, Person
from civaffairs.people.population import Array, Population

PARENTS = ("mother", "father")


def population_of(
    households: Household | Sequence[Household], *, today: date | None = None
) -> tuple[Population, Problems]:
    """Turn records into a population; households in which something cannot be right are left out.

    Parameters
    ----------
    households
        One record or many.
    today
        The day after which nobody can be born; births are not compared with any day when left out.

    Returns
    -------
    Population
        The households in which nothing was found, in the given order.
    Problems
        Everything found; rows are counted over all members, from 1.

    Raises
    ------
    UsageError
        If there is no household, one has no member, or two have one key.

    See Also
    --------
    sound_population_of : Refuses records in which anything was found.

    Examples
    --------
    >>> from civaffairs.people.household import Area
    >>> child = Person(person_id="P1", birth_date=date(2019, 6, 1))
    >>> population_of(Household(household_id="H1", place="450103", area=Area.URBAN, members=[child]))
    (<Population of 1 households, 1 persons>, <0 problems>
    no problems)
    """
    homes = [households] if isinstance(households, Household) else list(households)
    empty = [position for position, home in enumerate(homes) if not home.members]
    if empty or not homes:
        which = f"household {empty[0] + 1} of {len(homes)} has no member" if homes else "there is no household"
        msg = f"{which}; give each household at least one person"
        raise UsageError(msg)
    keys = [home.household_id for home in homes]
    twice = [masked(key) for key in dict.fromkeys(keys) if keys.count(key) > 1] if len(set(keys)) < len(keys) else []
    if twice:
        msg = f"several households have one key: {listed(twice)}; give each a key of its own"
        raise UsageError(msg)
    columns: dict[str, Cells] = {}
    for column in HOUSEHOLD_COLUMNS:
        columns[column.name] = [getattr(home, column.name) for home in homes for _ in home.members]
    members = [person for home in homes for person in home.members]
    for column in PERSON_COLUMNS:
        columns[column.name] = [_answer(person, column.name) for person in members]
    population, problems, _ = read_columns(columns, today=today, in_fen=True)
    return population, problems


def sound_population_of(households: Household | Sequence[Household], *, today: date | None = None) -> Population:
    """Turn records into a population, or refuse them all if anything is wrong with one.

    Raises
    ------
    UsageError
        With what was found.

    See Also
    --------
    population_of : Leaves out the households in question instead.
    """
    population, problems = population_of(households, today=today)
    if problems:
        raise UsageError(str(problems))
    return population


def households_of(population: Population) -> list[Household]:
    """Write a population as records, in the order in which its persons and households came.

    A parent of whom nothing is stated is ``None``.

    Examples
    --------
    >>> from civaffairs.people.household import Area
    >>> home = Household(
    ...     household_id="H1",
    ...     place="450103",
    ...     area=Area.URBAN,
    ...     members=[Person(person_id="P1", birth_date=date(2019, 6, 1), wage_income=0)],
    ... )
    >>> households_of(population_of(home)[0]) == [home]
    True
    """
    person = {column.name: answers_of(population, column) for column in PERSON_COLUMNS}
    household = {column.name: answers_of(population, column) for column in HOUSEHOLD_COLUMNS}
    came = np.arange(population.persons) if population.person_order is None else population.person_order
    order = population.household_order
    positions = np.arange(population.households) if order is None else np.argsort(order)
    stops = population.starts + population.sizes
    return [
        Household(
            **{name: answers[home] for name, answers in household.items()},
            members=[_person(person, row) for row in _in_order(came, int(population.starts[home]), int(stops[home]))],
        )
        for home in positions.tolist()
    ]


def _in_order(came: NDArray[np.intp], start: int, stop: int) -> list[int]:
    rows: list[int] = (start + np.argsort(came[start:stop])).tolist()
    return rows


def _answer(person: Person, name: str) -> object:
    of, _, rest = name.partition("_")
    if of in PARENTS:
        parent: Parent | None = getattr(person, of)
        return None if parent is None else getattr(parent, rest)
    return getattr(person, name)


def _person(answers: Mapping[str, list[Any]], row: int) -> Person:
    facts: dict[str, Any] = {column.name: answers[column.name][row] for column in PERSON_COLUMNS if _is_own(column)}
    return Person(**facts, mother=_parent(answers, "mother", row), father=_parent(answers, "father", row))


def _is_own(column: Column) -> bool:
    return not column.name.startswith(tuple(f"{of}_" for of in PARENTS))


def _parent(answers: Mapping[str, list[Any]], of: str, row: int) -> Parent | None:
    facts = {field.name: answers[f"{of}_{field.name}"][row] for field in attrs.fields(Parent)}
    return Parent(**facts) if any(fact is not None for fact in facts.values()) else None


def answers_of(population: Population, column: Column) -> list[Any]:
    """Write a column as the records hold it, with ``None`` where nothing is stated."""
    values = population.column(column.name)
    if values is None:
        return [None] * (population.persons if column.level is Level.PERSON else population.households)
    written = _written(column, values)
    stated = population.stated.get(column.name)
    if stated is None:
        return written
    return [answer if told else None for answer, told in zip(written, stated.tolist(), strict=True)]


def _written(column: Column, values: Array) -> list[Any]:
    options = list(column.choices or ())
    writers: dict[Kind, Callable[[Any], object]] = {
        Kind.PLACE: lambda code: f"{code:06d}" if code >= 0 else None,
        Kind.DATE: date_of,
        Kind.CHOICE: lambda number: options[number],
    }
    write = writers.get(column.kind)
    return [write(value) for value in values.tolist()] if write else list(values.tolist())
