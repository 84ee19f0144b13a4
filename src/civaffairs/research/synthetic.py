"""A seeded population of made-up persons, to try things at scale. Nothing about it is taken from any city's figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import days
from civaffairs.law.places import county_divisions
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.people.household import COLUMNS, Area
from civaffairs.people.person import DisabilityKind, ParentState, Placement, Relation, Schooling
from civaffairs.people.population import Array, Population

LAST_BIRTH = date(2026, 6, 30)
SIZES = (0.25, 0.30, 0.21, 0.13, 0.07, 0.04)
"""Made-up shares of households of one to six persons."""

_TYPES: dict[Kind, type[np.generic]] = {
    Kind.FLAG: np.bool_,
    Kind.CHOICE: np.int8,
    Kind.PLACE: np.int32,
    Kind.DATE: np.int32,
}


def synthetic_population(persons: int, seed: int) -> Population:
    """Make up households with every fact stated; the same seed makes the same persons.

    Parameters
    ----------
    persons
        About how many; households are whole.
    seed
        Any whole number.

    Returns
    -------
    Population
        Persons in households over the twelve county-level divisions and both kinds of area.

    Examples
    --------
    >>> synthetic_population(1000, seed=7)
    <Population of 388 households, 1,003 persons>
    """
    rng = np.random.default_rng(seed)
    sizes = rng.choice(np.arange(1, 7), size=persons, p=SIZES)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), persons)) + 1]
    households, index = len(sizes), np.repeat(np.arange(len(sizes)), sizes)
    first = np.cumsum(sizes) - sizes
    position = np.arange(len(index)) - first[index]
    columns = [column for column in COLUMNS.values() if column.kind is not Kind.NUMBER]  # nobody has an identity number
    household = {column.name: _blank(column, households) for column in columns if column.level is Level.HOUSEHOLD}
    person = {column.name: _blank(column, len(index)) for column in columns if column.level is Level.PERSON}
    household |= _homes(rng, households)
    person |= _family(rng, position, index, household)
    person |= _income(rng, person, index, household)
    person |= _disability(rng, len(index))
    person |= _parents(rng, person)
    stated = {"recorded_payment_method": household["area"] == Area.RURAL.number}
    return Population.of(person, household, index.astype(np.intp), stated)


def _blank(column: Column, length: int) -> Array:
    """A column in which everything is none, no or nought."""
    if column.kind is Kind.KEY:
        return np.char.add("S" if column.level is Level.PERSON else "F", (np.arange(length) + 10_000_000).astype("U8"))
    value = 1 if column.name.endswith("_months") and column.low == 1 else 0
    return np.full(length, value, _TYPES.get(column.kind, np.int64))


def _homes(rng: np.random.Generator, count: int) -> dict[str, Array]:
    codes = np.array([int(division.code) for division in county_divisions()], np.int32)
    assets = rng.random(count)
    return {
        "place": rng.choice(codes, count),
        "area": np.where(rng.random(count) < 0.62, Area.URBAN.number, Area.RURAL.number).astype(np.int8),
        "assets_within_limits": assets < 0.7,
        "edge_assets_within_limits": assets < 0.85,
        "financial_assets": (rng.integers(0, 200_000, count) * 100).astype(np.int64),
    }


def _family(
    rng: np.random.Generator, position: NDArray[Any], index: NDArray[Any], household: dict[str, Array]
) -> dict[str, Array]:
    """Give the first person of a home the application, then a spouse, children and a parent, with ages that fit."""
    count = len(position)
    relation = np.select(
        [position == 0, position == 1, position <= 3],
        [Relation.APPLICANT.number, Relation.SPOUSE.number, Relation.CHILD.number],
        Relation.PARENT.number,
    )
    head = rng.triangular(22, 45, 96, len(household["place"])).astype(np.int64)[index]
    years = np.select(
        [relation == Relation.CHILD.number, relation == Relation.PARENT.number],
        [np.maximum(head - rng.integers(20, 40, count), 0), np.minimum(head + rng.integers(18, 36, count), 104)],
        np.clip(head + np.where(relation == Relation.SPOUSE.number, rng.integers(-6, 7, count), 0), 20, 104),
    )
    born = days(LAST_BIRTH) - (years * 365.25).astype(np.int64) - rng.integers(0, 365, count)
    young, grown = years < 18, years >= 18
    schooling = np.select(
        [(years >= 6) & (years < 15), (years >= 15) & young, (years < 23) & grown & (rng.random(count) < 0.4)],
        [Schooling.COMPULSORY.number, Schooling.SENIOR_SECONDARY.number, Schooling.UNDERGRADUATE.number],
        Schooling.NONE.number,
    )
    return {
        "birth_date": born.astype(np.int32),
        "hukou_place": household["place"][index],
        "relation": relation.astype(np.int8),
        "lives_together": np.ones(count, bool),
        "can_live_independently": grown,
        "schooling": schooling.astype(np.int8),
        "employed": grown & (years < 60) & (schooling == Schooling.NONE.number) & (rng.random(count) < 0.6),
        "own_assets_within_limits": household["assets_within_limits"][index],
    }


def _income(
    rng: np.random.Generator, person: dict[str, Array], index: NDArray[Any], household: dict[str, Array]
) -> dict[str, Array]:
    count = len(index)
    rural = household["area"][index] == Area.RURAL.number
    pay = (rng.lognormal(12.6, 0.8, count)).astype(np.int64)
    old = person["birth_date"] <= days(date(1966, 6, 30))
    pension = np.where(old & rural, 15_000, 0)
    return {
        "wage_income": np.where(person["employed"] & ~rural, np.minimum(pay, 5_000_000), 0),
        "business_income": np.where(person["employed"] & rural, np.minimum(pay * 5, 20_000_000), 0),
        "business_cost": np.where(person["employed"] & rural, np.minimum(pay * 2, 8_000_000), 0),
        "business_months": np.full(count, 12, np.int64),
        "transfer_income": np.where(old, np.where(rural, 15_000, np.minimum(pay // 2, 500_000)), 0),
        "basic_pension": pension,
    }


def _disability(rng: np.random.Generator, count: int) -> dict[str, Array]:
    disabled = rng.random(count) < 0.065
    kinds = rng.integers(DisabilityKind.VISUAL.number, DisabilityKind.MULTIPLE.number, count)
    grade = np.where(disabled, rng.integers(1, 5, count), 0)
    return {
        "disability_kind": np.where(disabled, kinds, DisabilityKind.NONE.number).astype(np.int8),
        "disability_grade": grade,
        "needs_long_term_care": disabled & (grade <= 2),
        "serious_illness_recognised": rng.random(count) < 0.008,
        "recorded_tekun": rng.random(count) < 0.003,
    }


def _parents(rng: np.random.Generator, person: dict[str, Array]) -> dict[str, Array]:
    """Leave a few children without parents, or with parents who cannot bring them up."""
    count = len(person["birth_date"])
    fate = np.where(person["birth_date"] > days(date(2008, 6, 30)), rng.random(count), 1.0)
    orphan, half = fate < 0.002, (fate >= 0.002) & (fate < 0.006)
    dead, alive = ParentState.DEAD.number, ParentState.ALIVE.number
    placement = np.where(
        orphan,
        np.where(rng.random(count) < 0.3, Placement.INSTITUTION.number, Placement.RELATIVES.number),
        Placement.FAMILY.number,
    )
    return {
        "placement": placement.astype(np.int8),
        "mother_state": np.where(orphan | half, dead, alive).astype(np.int8),
        "father_state": np.where(orphan, dead, alive).astype(np.int8),
        "father_lost_contact_months": np.where(half, rng.integers(0, 24, count), 0),
    }
