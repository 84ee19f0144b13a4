"""A seeded population of made-up persons, to try things at scale: a synthetic city, all at once."""

from __future__ import annotations

from civaffairs.people.population import Population
from civaffairs.research.city import city


def synthetic_population(persons: int, seed: int) -> Population:
    """Make up households with every fact stated that has an answer; the same seed makes the same persons.

    Parameters
    ----------
    persons
        How many.
    seed
        Any whole number from 0.

    Returns
    -------
    Population
        Persons in households over the twelve county-level divisions and both kinds of area; see
        `civaffairs.research.city.city`.

    Examples
    --------
    >>> synthetic_population(1000, seed=7).persons
    1000
    """
    return city(persons, seed).population()
