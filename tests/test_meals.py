"""Meals for the old: never more than the price, no more meals a day than the city pays toward."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.errors import UsageError
from civaffairs.schemes.meals import Meals, meal_subsidies


def told(rows: list[tuple[str, int, int, bool]], discount: int = 500, a_day: int = 1) -> Meals:
    """The subsidies of meals given as person, day, price and whether entitled."""
    person, day, price, entitled = zip(*rows, strict=True) if rows else ((), (), (), ())
    return meal_subsidies(
        np.array(person, "U4"),
        np.array(day, np.int64),
        np.array(price, np.int64),
        np.array(entitled, bool),
        discount=discount,
        a_day=a_day,
    )


@pytest.mark.parametrize(
    ("price", "subsidy"), [(1_500, 500), (501, 500), (500, 500), (499, 499), (400, 400), (1, 1), (0, 0)]
)
def test_a_subsidy_is_never_above_the_price(price: int, subsidy: int) -> None:
    meals = told([("a", 1, price, True)])
    assert (meals.subsidy.tolist(), meals.own.tolist()) == ([subsidy], [price - subsidy])


def test_the_second_meal_of_a_day_is_at_the_full_price() -> None:
    meals = told([("a", 1, 1_500, True), ("a", 1, 1_500, True), ("a", 2, 1_500, True)])
    assert meals.own.tolist() == [1_000, 1_500, 1_000]


def test_meals_are_counted_by_person_and_day_in_the_order_of_the_rows() -> None:
    rows = [("b", 2, 900, True), ("a", 1, 700, True), ("b", 1, 900, True), ("a", 1, 800, True), ("b", 2, 600, True)]
    assert told(rows).subsidy.tolist() == [500, 500, 500, 0, 0]
    assert told(rows, a_day=2).subsidy.tolist() == [500] * 5
    assert told(rows, a_day=0).subsidy.tolist() == [0] * 5


def test_who_is_not_entitled_pays_all() -> None:
    # Not yet 60 on the first day, and 60 on the second.
    meals = told([("a", 1, 1_500, False), ("a", 2, 1_500, True)])
    assert meals.subsidy.tolist() == [0, 500]


def test_no_meals_cost_nothing() -> None:
    meals = told([])
    assert meals.subsidy.tolist() == meals.own.tolist() == []


@pytest.mark.parametrize(("discount", "a_day", "price"), [(-1, 1, 100), (1, -1, 100), (1, 1, -100)])
def test_nothing_is_below_nought(discount: int, a_day: int, price: int) -> None:
    with pytest.raises(UsageError, match="below 0"):
        told([("a", 1, price, True)], discount, a_day)


def test_columns_are_of_one_length() -> None:
    one, two = np.array([1]), np.array([1, 2])
    with pytest.raises(UsageError, match=r"unequal length: \[1, 2\]"):
        meal_subsidies(one, one, two, np.array([True]), discount=1, a_day=1)


MEAL = st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.integers(0, 2_000), st.booleans())


@given(st.lists(MEAL, max_size=30), st.integers(0, 1_000), st.integers(0, 3))
def test_by_counting_one_meal_after_another(rows: list[tuple[str, int, int, bool]], discount: int, a_day: int) -> None:
    eaten: dict[tuple[str, int], int] = {}
    expected = []
    for person, day, price, entitled in rows:
        before = eaten.get((person, day), 0)
        eaten[person, day] = before + 1
        expected.append(min(price, discount) if entitled and before < a_day else 0)
    meals = told(rows, discount, a_day)
    assert meals.subsidy.tolist() == expected
    assert (meals.subsidy + meals.own).tolist() == [price for _, _, price, _ in rows]
