"""How unequally income is shared: Gini coefficient and Lorenz curve (基尼系数、洛伦兹曲线), exact."""

from __future__ import annotations

import math
from fractions import Fraction

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError
from civaffairs.research.measures import Amounts, Part, Whole, largest, product, read_rows, sum_of_products
from civaffairs.rules.values import Flags


def _running(column: Whole) -> Whole:
    """The sum up to each row, that row included."""
    return np.cumsum(column if largest(column) * len(column) < 2**62 else column.astype(object))


def _poorest_first(income: Whole, heads: Whole) -> NDArray[np.intp]:
    """Order rows by income per head; nothing is rounded."""
    if len(heads) == 0 or heads.min() == heads.max():
        return np.argsort(income, kind="stable")
    whole, rest = np.divmod(income, heads)
    # Two fractions with denominators below 2**20 differ by more than 2**-40, so their multiples of 2**-40 differ too.
    return np.lexsort(((rest << 40) // heads, whole))


def _ordered(part: Part) -> tuple[Whole, Whole]:
    """Persons and income of each row, the poorest first."""
    income = part.columns["income"]
    if income.min(initial=0) < 0:
        msg = (
            f"an income is negative ({int(income.min())} fen), and shares of a total mean nothing then; "
            f"set such incomes to 0 or mask them, and say so"
        )
        raise UsageError(msg)
    persons, money = product(part.heads, part.weights), product(income, part.weights)
    order = _poorest_first(income, part.heads)
    persons, money = persons[order], money[order]
    if not money.any():
        msg = "nobody has any income, so there is none to share; a Gini coefficient or Lorenz curve needs some"
        raise UsageError(msg)
    return persons, money


def gini_of(part: Part) -> Fraction:
    """The Gini coefficient of checked rows; see `gini`."""
    persons, money = _ordered(part)
    upto = _running(persons)
    everybody = int(upto[-1])
    # Each row's income times those below it less those above it.
    return Fraction(sum_of_products(money, upto + (upto - persons) - everybody), everybody * sum_of_products(money))


def gini(
    income: Amounts, *, heads: Amounts | None = None, weights: Amounts | None = None, known: Flags | None = None
) -> Fraction:
    """How unequal incomes per head are: 0 if all are equal, near 1 if one person has everything.

    Half the mean difference between two persons' incomes over the mean income, of the persons at hand (without the
    correction n/(n − 1) by which some estimate that of a larger population).

    Parameters
    ----------
    income
        Fen of each row, over any period.
    heads
        How many persons share the row's income; 1 if left out. Nothing is divided.
    weights
        How many such rows the row stands for; 1 if left out.
    known
        Which rows are known; masked rows are not. The others are left out.

    Returns
    -------
    Fraction
        Exact.

    Raises
    ------
    UsageError
        If columns do not fit, an income is negative, or nobody has any.

    Examples
    --------
    >>> gini([1, 2, 3, 4])
    Fraction(1, 4)
    >>> gini([300, 100], heads=[3, 1])  # both families have 100 a head
    Fraction(0, 1)
    """
    return gini_of(read_rows({"income": income}, heads=heads, weights=weights, known=known).everyone())


@attrs.frozen(eq=False, repr=False)
class Lorenz:
    """A Lorenz curve: what the poorest have of all income.

    Attributes
    ----------
    persons, income
        Persons and fen up to each point, the poorest first, from 0; exact.
    """

    persons: Whole
    income: Whole

    @property
    def population_share(self) -> NDArray[np.float64]:
        """Shares of the persons, from 0 to 1, to be drawn."""
        return np.asarray(self.persons / self.persons[-1], np.float64)

    @property
    def income_share(self) -> NDArray[np.float64]:
        """Shares of the income, from 0 to 1, to be drawn."""
        return np.asarray(self.income / self.income[-1], np.float64)

    def share_of_poorest(self, part: Fraction) -> Fraction:
        """What the poorest part of the persons has of all income; a straight line between two points.

        Parameters
        ----------
        part
            From 0 to 1.

        Raises
        ------
        UsageError
            If it is not.

        Examples
        --------
        >>> lorenz([1, 2, 3, 4]).share_of_poorest(Fraction(1, 2))
        Fraction(3, 10)
        """
        if not 0 <= part <= 1:
            msg = f"there is no poorest {part} of the persons; give a fraction from 0 to 1"
            raise UsageError(msg)
        persons = Fraction(part) * int(self.persons[-1])
        at = min(int(np.searchsorted(self.persons, math.floor(persons), "right")) - 1, len(self.persons) - 2)
        (low, high), (below, above) = self.persons[at : at + 2].tolist(), self.income[at : at + 2].tolist()
        have: Fraction = below + (persons - low) * Fraction(above - below, high - low)
        return have / int(self.income[-1])

    def __repr__(self) -> str:
        return f"<Lorenz curve of {int(self.persons[-1]):,} persons, {len(self.persons):,} points>"


def lorenz(
    income: Amounts, *, heads: Amounts | None = None, weights: Amounts | None = None, known: Flags | None = None
) -> Lorenz:
    """Add up persons and income from the poorest on.

    Parameters
    ----------
    income, heads, weights, known
        As in `gini`.

    Returns
    -------
    Lorenz
        A point a row, and the origin.

    Raises
    ------
    UsageError
        As in `gini`.

    Examples
    --------
    >>> curve = lorenz([300, 100, 600])
    >>> curve.income.tolist(), curve.persons.tolist()
    ([0, 100, 400, 1000], [0, 1, 2, 3])
    >>> curve.income_share
    array([0. , 0.1, 0.4, 1. ])
    """
    persons, money = _ordered(read_rows({"income": income}, heads=heads, weights=weights, known=known).everyone())
    return Lorenz(*(np.concatenate([[0], _running(column)]) for column in (persons, money)))
