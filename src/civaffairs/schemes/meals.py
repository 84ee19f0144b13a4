"""Meals for the old (老年助餐): what of the price of each meal is paid for, meal by meal."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.money import Fen
from civaffairs.rules.values import Count, Flags

__all__ = ["Meals", "meal_subsidies"]


@attrs.frozen(eq=False)
class Meals:
    """What of each meal is paid for, and what the person pays; the two add up to its price."""

    subsidy: Fen
    own: Fen


def meal_subsidies(
    person: NDArray[np.generic], day: NDArray[np.generic], price: Fen, entitled: Flags, *, discount: int, a_day: int
) -> Meals:
    """Pay a sum toward each of the first meals of a person on a day, never more than the price.

    No source read gives Nanning's sums: the report counts 102 canteens on trial and names no amount. So both are
    arguments without a default; the values ``meal_discount`` and ``meals_a_day`` are declared unknown.

    Parameters
    ----------
    person, day
        Who ate, and when; one row a meal, in the order in which the meals were taken.
    price
        Fen a meal.
    entitled
        Whether the person of each row is: the rule ``canteen_entitled`` on the day of the meal.
    discount
        Fen paid toward a meal.
    a_day
        How many meals of a person on one day are paid toward.

    Returns
    -------
    Meals
        Fen of each meal paid for, and left to pay.

    Raises
    ------
    UsageError
        If columns differ in length, or a sum or number is below 0.

    Examples
    --------
    >>> told = meal_subsidies(
    ...     np.array(["a", "a", "b"]),
    ...     np.array([1, 1, 1]),
    ...     np.array([1_500, 1_500, 400]),
    ...     np.array([True, True, True]),
    ...     discount=500,
    ...     a_day=1,
    ... )
    >>> told.subsidy, told.own
    (array([500,   0, 400]), array([1000, 1500,    0]))
    """
    lengths = {len(column) for column in (person, day, price, entitled)}
    if len(lengths) > 1:
        msg = f"columns of unequal length: {sorted(lengths)}; give one row a meal"
        raise UsageError(msg)
    if discount < 0 or a_day < 0 or (len(price) and int(price.min()) < 0):
        msg = "a price, a discount or a number of meals is below 0"
        raise UsageError(msg)
    paid_toward = entitled & (_which_of_the_day(person, day) < a_day)
    subsidy = np.where(paid_toward, np.minimum(price, discount), 0).astype(np.int64)
    return Meals(subsidy, price - subsidy)


def _which_of_the_day(person: NDArray[np.generic], day: NDArray[np.generic]) -> Count:
    """Number each person's meals of a day from 0, in the order of the rows."""
    who, when = (np.unique(column, return_inverse=True)[1] for column in (person, day))
    order = np.lexsort((np.arange(len(who)), when, who))
    fresh = np.ones(len(order), bool)
    fresh[1:] = (who[order][1:] != who[order][:-1]) | (when[order][1:] != when[order][:-1])
    position = np.arange(len(order))
    started = np.maximum.accumulate(np.where(fresh, position, 0))
    number = np.empty(len(order), np.int64)
    number[order] = position - started
    return number
