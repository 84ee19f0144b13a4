"""A seeded made-up population for the toy rules, with cases on the very edges planted in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import days
from civaffairs.people.population import Population

ON = date(2024, 6, 1)
PLACE = 450102
SHARES_OF_SIZES = (0.254, 0.297, 0.210, 0.132, 0.065, 0.042)
TOY_URBAN_YEAR, TOY_RURAL_YEAR = 972_000, 680_000
EDGE_BIRTHS = tuple(
    days(date(*born))
    for born in (
        (1944, 6, 1), (1944, 6, 2), (1934, 6, 1), (1934, 6, 2), (1924, 6, 1), (1924, 6, 2), (2006, 6, 1), (2006, 6, 2),
        (1944, 2, 29), (1924, 2, 29), (2008, 2, 29), (2024, 2, 29), (2024, 6, 1), (1943, 12, 31),
    )
)  # fmt: skip

Columns = Mapping[str, NDArray[Any]]


def columns(persons: int, seed: int = 1) -> Columns:
    """Draw persons side by side in households of one to six; every column has one value a person."""
    rng = np.random.default_rng([seed, persons])
    shares = np.array(SHARES_OF_SIZES) / sum(SHARES_OF_SIZES)
    sizes = rng.choice(np.arange(1, 7), size=persons // 2 + 64, p=shares)
    households = int(np.searchsorted(np.cumsum(sizes), persons)) + 1
    sizes = sizes[:households]
    sizes[-1] -= int(sizes.sum()) - persons
    home = np.repeat(np.arange(households), sizes)
    urban = rng.random(households) < 0.62
    income = _incomes(rng, home, sizes)
    deposits = np.where(rng.random(persons) < 0.55, 0, np.exp(rng.normal(13.4, 1.6, persons))).astype(np.int64)
    _plant_edges(rng, income, deposits, sizes, np.where(urban, TOY_URBAN_YEAR, TOY_RURAL_YEAR))
    births = (days(ON) - rng.beta(1.6, 2.0, persons) * 104 * 365.25).astype(np.int32)
    on_edge = np.flatnonzero(rng.random(persons) < 0.004)
    births[on_edge] = rng.choice(np.array(EDGE_BIRTHS, np.int32), len(on_edge))
    disabled = rng.random(persons) < 0.07
    orphaned = rng.random(persons) < np.where(births > days(date(2006, 6, 1)), 0.02, 0.0004)
    return {
        "household": home,
        "birth_date": births,
        "urban": urban.take(home),
        "income": income,
        "grade": (disabled * rng.integers(1, 5, persons)).astype(np.int8),
        "disability": (disabled * rng.integers(1, 7, persons)).astype(np.int8),
        "orphan": (orphaned * rng.integers(1, 4, persons)).astype(np.int8),
        "tekun": rng.random(persons) < 0.006,
        "deposits": deposits,
        "car": rng.random(persons) < 0.12,
    }


def _incomes(rng: np.random.Generator, home: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.int64]:
    """Draw incomes in fen a month: many members earn nothing, and most who earn do so in whole yuan."""
    a_head = np.exp(rng.normal(12.1, 0.9, len(sizes)))
    part = rng.random(len(home)) * (rng.random(len(home)) < 0.6)
    of_home = np.bincount(home, weights=part)
    income = np.minimum(part / np.maximum(of_home, 1e-9).take(home) * (a_head * sizes).take(home), 5e6).astype(np.int64)
    return np.where(rng.random(len(home)) < 0.7, income // 100 * 100, income)


def _plant_edges(
    rng: np.random.Generator,
    income: NDArray[np.int64],
    deposits: NDArray[np.int64],
    sizes: NDArray[np.intp],
    standard: NDArray[np.int64],
) -> None:
    """Give some households exactly a limit, or a fen to one side of it; the first member has it all."""
    starts = np.cumsum(sizes) - sizes
    need = sizes * standard
    edges = (
        (income, need // 12),
        (income, need // 12 - 1),
        (income, need // 8),
        (deposits, need * 2),
        (deposits, need * 2 + 1),
    )
    chosen = rng.random(len(sizes))
    for number, (column, exactly) in enumerate(edges):
        homes = np.flatnonzero((chosen >= 0.004 * number) & (chosen < 0.004 * (number + 1)))
        for member in range(int(sizes.max())):
            column[starts[homes[sizes[homes] > member]] + member] = 0
        column[starts[homes]] = exactly[homes]


def population(made: Columns) -> Population:
    """Group the columns by household."""
    home = made["household"]
    starts = np.flatnonzero(np.diff(home, prepend=-1))
    person = {name: column for name, column in made.items() if name not in {"household", "urban"}}
    household = {"urban": made["urban"].take(starts), "place": np.full(len(starts), PLACE, np.int32)}
    return Population(person, household, {}, home)
