"""A population written as a table is read back the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from random_households import random_roster
from with_library import population

from civaffairs import tables
from civaffairs.people.population import Population
from civaffairs.people.records import households_of, population_of
from civaffairs.research.synthetic import synthetic_population


def some() -> Population:
    made = synthetic_population(300, seed=5)
    unstated = np.arange(made.persons) % 3 != 0
    stated = {**made.stated, "schooling": unstated, "wage_income": unstated}
    person = {name: column for name, column in made.person.items() if name != "resident_number"}
    return Population.of(person, made.household, made.index, stated)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_roster_file_gives_the_same_population(tmp_path: Path, ending: str) -> None:
    came = some()
    tables.write_roster(came, tmp_path / f"roster{ending}")
    back, rejects = tables.read(tmp_path / f"roster{ending}", today=date(2026, 11, 23))
    assert not rejects.problems
    assert households_of(back) == households_of(came)


def test_records_columns_and_tables_tell_the_same() -> None:
    came = some()
    through_records, problems = population_of(households_of(came))
    assert not problems
    through_table, rejects = tables.read(tables.roster_columns(through_records), today=date(2026, 11, 23))
    assert not rejects.problems
    for name, column in came.person.items():
        stated = came.stated.get(name, np.ones(came.persons, bool))
        assert (through_table.person[name][stated] == column[stated]).all(), name


def test_rows_come_back_in_the_order_in_which_they_came() -> None:
    roster = random_roster(200, 3, date(2025, 6, 1))
    shuffled = np.random.default_rng(1).permutation(len(roster["household"]))
    person = {k: v[shuffled] if len(v) == len(shuffled) else v for k, v in roster.items()}
    people = population(person)
    assert tables.roster_columns(people)["person_id"] == person["person_id"].tolist()
