"""No answer of the library differs from the oracle's, on worked examples and on random households.

``python tests/test_against_oracle.py 1000000`` compares a million households on two processes; the environment variable
``CIVAFFAIRS_ORACLE_HOUSEHOLDS`` sets how many the tests compare.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import islice

import oracle
import pytest
from cases import Case, load_cases
from with_library import (
    AMOUNTS_KNOWN,
    HOUSEHOLD,
    PERSON,
    differences,
    known,
    population_of_facts,
    rulebook,
    work_out,
)

DAYS = (
    date(2021, 7, 2),
    date(2022, 9, 30),
    date(2022, 10, 1),
    date(2022, 10, 19),
    date(2022, 10, 20),
    date(2025, 6, 1),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2026, 8, 1),
    date(2028, 2, 29),
)
"""Both sides of every change of the rules, and a leap day."""

HOUSEHOLDS = int(os.environ.get("CIVAFFAIRS_ORACLE_HOUSEHOLDS", "96000"))
ROSTER = 1_000
"""Households of one roster: each has parameters of its own."""

CASES = load_cases()


def compare(on: date, roster: int) -> list[str]:
    """The first few differences on one roster."""
    return list(islice(differences(on, on.toordinal() + roster, ROSTER), 5))


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_no_random_household_differs(on: date) -> None:
    for roster in range(max(1, HOUSEHOLDS // (ROSTER * len(DAYS)))):
        assert compare(on, roster) == []


def test_a_difference_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "half_up", int)
    assert compare(date(2025, 6, 1), 0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.scheme}-{case.id}")
def test_a_worked_example(case: Case) -> None:
    # A case on published amounts assumes nothing: what the library ships has to answer it.
    given = case.assume if case.on >= AMOUNTS_KNOWN else case.parameters
    book = rulebook(given, every_day=case.on < AMOUNTS_KNOWN)
    people = population_of_facts(case.household, case.persons)
    run = work_out(book, people, case.on, (*HOUSEHOLD, *PERSON.values()))
    for name, expected in case.expect["household"].items():
        assert known(run, name).all(), name
        assert run.values(name).item() == expected, name
    for name in {name for person in case.expect["persons"] for name in person}:
        values, sure = run.values(PERSON[name]), known(run, PERSON[name])
        for position, person in enumerate(case.expect["persons"]):
            if name in person:
                assert sure[position], (position, name)
                assert values[position] == person[name], (position, name)


def main(households: int) -> int:
    """Compare that many households, and print what differs."""
    rosters = -(-households // (ROSTER * len(DAYS)))
    jobs = [(on, roster) for roster in range(rosters) for on in DAYS]
    with ProcessPoolExecutor(2) as pool:
        found = [each for part in pool.map(compare, *zip(*jobs, strict=True), chunksize=4) for each in part]
    print(f"{len(jobs) * ROSTER:,} households on {len(DAYS)} days: {len(found)} differences")
    print("\n".join(found[:20]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
