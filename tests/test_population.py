"""A population groups persons by household once, and knows the way back to the caller's order."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.people.columns import Level
from civaffairs.people.population import LARGEST_HOUSEHOLD, Population

Columns: TypeAlias = dict[str, NDArray[Any]]
Table: TypeAlias = tuple[Columns, Columns, NDArray[np.intp]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Persons in any order, with keys in any order."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=6))
    member_of = np.array(draw(st.permutations(np.repeat(np.arange(len(sizes)), sizes).tolist())), np.intp)
    keys = np.array(draw(st.permutations([f"p{row:02d}" for row in range(len(member_of))])))
    person = {"person_id": keys, "row": np.arange(len(member_of))}
    household = {"household_id": np.array([f"h{row}" for row in range(len(sizes))])}
    return person, household, member_of


@given(tables())
def test_members_lie_side_by_side_in_the_order_of_their_keys(table: Table) -> None:
    person, household, member_of = table
    people = Population.of(person, household, member_of)
    assert len(people) == people.households == len(household["household_id"])
    assert people.persons == len(member_of)
    assert (np.diff(people.index) >= 0).all()
    keys = people.person["person_id"]
    for home, (start, size) in enumerate(zip(people.starts, people.sizes, strict=True)):
        own = keys[start : start + size].tolist()
        assert own == sorted(person["person_id"][member_of == home].tolist())
    assert people.index.tolist() == np.repeat(np.arange(people.households), people.sizes).tolist()


@given(tables())
def test_results_go_back_to_the_callers_order(table: Table) -> None:
    person, household, member_of = table
    people = Population.of(person, household, member_of)
    assert people.in_callers_order(people.person["row"], Level.PERSON).tolist() == person["row"].tolist()
    assert people.in_callers_order(people.index, Level.PERSON).tolist() == member_of.tolist()
    homes = people.in_callers_order(people.household["household_id"], Level.HOUSEHOLD)
    assert homes.tolist() == household["household_id"].tolist()


@given(tables(), st.data())
def test_what_is_not_stated_moves_with_its_person(table: Table, data: st.DataObject) -> None:
    person, household, member_of = table
    flags = np.array(data.draw(st.lists(st.booleans(), min_size=len(member_of), max_size=len(member_of))))
    people = Population.of(person, household, member_of, {"row": flags})
    assert people.in_callers_order(people.stated["row"], Level.PERSON).tolist() == flags.tolist()


@given(tables(), st.data())
def test_some_households_are_a_population_of_their_own(table: Table, data: st.DataObject) -> None:
    people = Population.of(*table)
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=people.households, max_size=people.households)))
    kept = people.keeping(keep)
    assert kept.households == keep.sum()
    assert kept.person["person_id"].tolist() == people.person["person_id"][keep[people.index]].tolist()
    members = people.in_callers_order(keep[people.index], Level.PERSON)
    rows = people.in_callers_order(people.person["row"], Level.PERSON)[members]
    assert kept.in_callers_order(kept.person["row"], Level.PERSON).tolist() == rows.tolist()


@given(tables(), st.data())
def test_a_part_is_a_view(table: Table, data: st.DataObject) -> None:
    people = Population.of(*table)
    first = data.draw(st.integers(0, people.households))
    last = data.draw(st.integers(first, people.households))
    part = people.part(first, last)
    members = (people.index >= first) & (people.index < last)
    assert part.households == last - first
    assert part.person["row"].tolist() == people.person["row"][members].tolist()
    assert part.index.tolist() == (people.index[members] - first).tolist()
    assert part.persons == 0 or np.shares_memory(part.person["row"], people.person["row"])


def small(**more: Any) -> Population:  # noqa: ANN401
    person = {"person_id": np.array(["a", "b", "c"]), "hukou_place": np.array([450_103, -1, 450_102])}
    household = {"household_id": np.array(["h", "g"]), "place": np.array([450_103, 450_103])}
    return Population.of(person | more, household, np.array([0, 0, 1]))


def test_a_column_of_either_level_is_found_by_name() -> None:
    people = small()
    assert people.column("hukou_place") is people.person["hukou_place"]
    assert people.column("place") is people.household["place"]
    assert people.column("wage_income") is None


def test_places_are_listed_once() -> None:
    codes, back = small().places("hukou_place")
    assert (codes.tolist(), back.tolist()) == ([-1, 450_102, 450_103], [2, 0, 1])
    codes, back = small().places("place")
    assert (codes.tolist(), back.tolist()) == ([450_103], [0, 0])


def test_a_household_is_found_by_its_key() -> None:
    assert small().find("g") == 1
    with pytest.raises(UsageError, match="no household of the roster has that key") as told:
        small().find("450103199001011234")
    assert "4501" not in str(told.value)


def test_nothing_of_a_person_is_printed() -> None:
    assert repr(small()) == "<Population of 2 households, 3 persons>"


def of(person_rows: int, member_of: list[int], households: int = 2) -> Population:
    person = {"person_id": np.array([f"p{row:03d}" for row in range(person_rows)])}
    return Population.of(person, {"household_id": np.arange(households)}, np.array(member_of, np.intp))


@pytest.mark.parametrize(
    ("rows", "member_of", "message"),
    [
        (3, [0, 1], "unequal length: person_id; there are 2 persons and 2 households"),
        (2, [0, 0], "every household needs a member"),
        (3, [0, 1, 2], "every household needs a member and every person a household"),
        (LARGEST_HOUSEHOLD + 2, [0] * (LARGEST_HOUSEHOLD + 1) + [1], "has 301 persons; above 300 it is an institution"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(rows: int, member_of: list[int], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        of(rows, member_of)


def test_the_largest_household_is_a_household() -> None:
    assert of(LARGEST_HOUSEHOLD + 1, [0] * LARGEST_HOUSEHOLD + [1]).sizes.tolist() == [LARGEST_HOUSEHOLD, 1]


def test_a_negative_household_is_refused() -> None:
    with pytest.raises((UsageError, ValueError)):
        of(3, [0, 1, -1])
