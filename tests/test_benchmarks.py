"""The ways of running that the benchmarks time all give the same amounts; times are never tested."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from civaffairs.people.columns import Level
from civaffairs.people.population import Population
from civaffairs.rules.layout import DenseLayout, IndexLayout, Layout

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import plain
import toy_data
import toy_rules

Amounts = Mapping[str, NDArray[Any]]
MADE = toy_data.columns(30_000)
PLAN, _ = toy_rules.BOOK.plan(toy_data.ON, targets=[*plain.PERSON, *plain.HOUSEHOLD])


@pytest.fixture(scope="module")
def amounts() -> Amounts:
    return plain.assess(MADE)


@pytest.mark.parametrize("layout", [IndexLayout, DenseLayout])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("block", [1_000, 8_192, 1 << 16])
def test_the_engine_gives_what_plain_numpy_gives(
    layout: Callable[[Population, int], Layout], threads: int, block: int, amounts: Amounts
) -> None:
    population = toy_data.population(MADE)
    run = PLAN.run(population, threads=threads, layout=layout(population, block))
    assert not any(run.roots.values())
    for name, expected in amounts.items():
        assert np.array_equal(run.values(name), expected), name


@pytest.mark.parametrize("name", [*plain.PERSON, *plain.HOUSEHOLD])
def test_every_toy_benefit_is_paid_to_some_and_not_to_all(name: str, amounts: Amounts) -> None:
    paid = np.count_nonzero(amounts[name])
    assert 0 < paid < len(amounts[name])


def test_the_edges_are_planted(amounts: Amounts) -> None:
    population = toy_data.population(MADE)
    income = np.add.reduceat(population.person["income"], population.starts)
    standards = np.where(population.household["urban"], toy_data.TOY_URBAN_YEAR, toy_data.TOY_RURAL_YEAR)
    at_the_line = 12 * income == standards * population.sizes
    assert at_the_line.any()
    assert not amounts["toy_dibao"][at_the_line].any()
    assert np.isin(toy_data.EDGE_BIRTHS, population.person["birth_date"]).all()


def test_results_are_written_where_the_caller_wants_them(amounts: Amounts) -> None:
    population = toy_data.population(MADE)
    mine = np.zeros(population.persons, np.int64)
    run = PLAN.run(population, out={"toy_payable": mine})
    assert np.array_equal(mine, amounts["toy_payable"])
    assert run.values("toy_payable") is mine


def test_the_same_seed_makes_the_same_persons() -> None:
    again = toy_data.columns(30_000)
    assert all(np.array_equal(MADE[name], again[name]) for name in MADE)
    assert Level.PERSON is PLAN.levels["toy_payable"]
