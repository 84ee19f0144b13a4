"""Records: checked like a table, and the same when they come back."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.errors import UsageError
from civaffairs.people.checks import CERTIFICATES, CUSTODIES, EXCLUDED_PARTS, IMPLIED
from civaffairs.people.columns import Column, Kind
from civaffairs.people.household import COLUMNS, HOUSEHOLD_COLUMNS, PERSON_COLUMNS, Area, Household
from civaffairs.people.person import Parent, Person, Relation
from civaffairs.people.records import households_of, population_of, sound_population_of

PLACES = ["450103", "450181", "450127", "110101"]
DEPENDENT = {count for _, count, _ in (*CERTIFICATES, *CUSTODIES)} | {*EXCLUDED_PARTS, "relation", "resident_number"}


def answers(column: Column) -> st.SearchStrategy[Any]:
    """Anything that the column may say, or nothing."""
    strategies: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.PLACE: st.sampled_from(PLACES),
        Kind.DATE: st.dates(date(1900, 1, 1), date(2026, 1, 1)),
        Kind.FLAG: st.booleans(),
        Kind.CHOICE: st.sampled_from(list(column.choices or ())),
        Kind.FEN: st.integers(column.low, column.high),
        Kind.COUNT: st.integers(column.low, column.high),
    }
    return strategies[column.kind] if column.required else st.none() | strategies[column.kind]


@st.composite
def households(draw: st.DrawFn) -> list[Household]:
    homes = []
    for number in range(draw(st.integers(1, 3))):
        facts = {c.name: draw(answers(c)) for c in HOUSEHOLD_COLUMNS if c.name != "household_id"}
        order = draw(st.permutations(range(draw(st.integers(1, 4)))))
        members = [draw(persons(f"P{number}-{member}")) for member in order]
        homes.append(Household(household_id=f"H{9 - number}", members=members, **facts))
    return homes


@st.composite
def persons(draw: st.DrawFn, key: str) -> Person:
    own: dict[str, Any] = {}
    parents: dict[str, dict[str, Any]] = {"mother": {}, "father": {}}
    for column in PERSON_COLUMNS:
        of, _, rest = column.name.partition("_")
        if column.name != "person_id" and column.name not in DEPENDENT and (column.required or draw(st.booleans())):
            parents.get(of, own)[rest if of in parents else column.name] = draw(answers(column))
    own.setdefault("birth_date", date(1980, 2, 29))
    stated = {of: Parent(**facts) for of, facts in parents.items() if set(facts.values()) - {None}}
    return Person(person_id=key, **own, **stated)  # type: ignore[arg-type]  # a parent is never another fact


def facts_of(person: Person) -> dict[str, Any]:
    """Every fact of a person by its column name."""
    every = attrs.asdict(person, recurse=False)
    for of in ("mother", "father"):
        parent = every.pop(of) or Parent()
        every |= {f"{of}_{name}": value for name, value in attrs.asdict(parent, recurse=False).items()}
    return every


@given(households())
def test_records_come_back_as_they_went(homes: list[Household]) -> None:
    population, problems = population_of(homes)
    assert not problems, str(problems)
    back = households_of(population)
    assert [home.household_id for home in back] == [home.household_id for home in homes]
    implied = {name: answer for _, name, answer in IMPLIED}
    for old, new in zip(homes, back, strict=True):
        records = [(facts_of(before), facts_of(after)) for before, after in zip(old.members, new.members, strict=True)]
        own = [attrs.asdict(attrs.evolve(home, members=()), recurse=False) for home in (old, new)]
        for before, after in [*records, (own[0], own[1])]:
            # A nought needs no months: what follows from it is the only thing that may be added.
            added = {name: value for name, value in after.items() if value != before[name]}
            assert all(before[name] is None and value == implied[name] for name, value in added.items())
    again, _ = population_of(back)
    assert households_of(again) == back


def home(**facts: Any) -> Household:  # noqa: ANN401
    plain: dict[str, Any] = {"household_id": "H1", "place": "450103", "area": Area.URBAN}
    return Household(**plain | {"members": [Person(person_id="P1", birth_date=date(1980, 1, 1))]} | facts)


def test_one_record_is_a_population_of_one() -> None:
    population = sound_population_of(home(financial_assets=81_050))
    assert (population.households, population.persons) == (1, 1)
    assert population.household["financial_assets"].tolist() == [81_050]  # fen stay fen


def test_the_members_keep_their_order() -> None:
    members = [Person(person_id=key, birth_date=date(1980, 1, 1)) for key in ("P3", "P1", "P2")]
    population = sound_population_of(home(members=members))
    assert population.person["person_id"].tolist() == ["P1", "P2", "P3"]
    assert [person.person_id for person in households_of(population)[0].members] == ["P3", "P1", "P2"]


def test_a_household_kept_of_many_comes_back() -> None:
    homes = [home(), home(household_id="H2", members=[Person(person_id="P2", birth_date=date(1950, 1, 1))])]
    kept = sound_population_of(homes).keeping(np.array([False, True]))
    assert households_of(kept) == homes[1:]


def test_a_bad_record_is_set_aside_and_told() -> None:
    bad = Person(person_id="P2", birth_date=date(1980, 1, 1), wage_income=-1, wage_months=13)
    homes = [home(), home(household_id="H2", members=[bad])]
    population, problems = population_of(homes)
    assert households_of(population) == homes[:1]
    assert [(problem.row, problem.column) for problem in problems] == [(2, "wage_income"), (2, "wage_months")]
    with pytest.raises(UsageError, match="row 2, household H2, wage_income: '-1' is negative"):
        sound_population_of(homes)


def test_money_in_a_record_is_whole_fen() -> None:
    _, problems = population_of(home(financial_assets=810.5))
    assert problems[0].reason == "is of the wrong type (float)"


def test_two_applicants_are_refused() -> None:
    members = [Person(person_id=key, birth_date=date(1980, 1, 1), relation=Relation.APPLICANT) for key in ("P1", "P2")]
    _, problems = population_of(home(members=members))
    assert problems[0].hint == ""
    assert problems[1].reason == "is a second applicant of the household"


@pytest.mark.parametrize(
    ("homes", "message"),
    [([], "no household"), ([home(members=[])], "no member"), ([home(), home()], "one key: H1")],
)
def test_records_that_are_no_roster_are_an_error(homes: list[Household], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        population_of(homes)


def test_every_column_belongs_to_a_record() -> None:
    assert COLUMNS.keys() == {column.name for column in (*HOUSEHOLD_COLUMNS, *PERSON_COLUMNS)}
