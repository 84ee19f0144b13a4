"""Exact shares, and whole numbers split by them so that the parts add up: no float, and nothing lost in rounding."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError, is_a

Counts: TypeAlias = NDArray[np.int64]
"""Whole numbers: of deaths, of plots, of square centimetres."""

Exact: TypeAlias = Fraction | Decimal | str | int
"""One exact number, such as ``Fraction(53, 100)``, ``Decimal("0.53")`` or ``"0.53"``."""

LARGEST_WHOLE = 10**9
"""The finest denominator of a share."""


@attrs.frozen(eq=False, repr=False)
class Shares:
    """Exact parts of a whole, all over one denominator; an array of whatever shape.

    Attributes
    ----------
    parts
        Numerators.
    whole
        The denominator.

    Examples
    --------
    >>> Shares.of(["0.5", Fraction(1, 3), "1/6"])
    <Shares 3/6, 2/6, 1/6>
    >>> Shares.per_ten_thousand([5_300, 4_700])
    <Shares 5300/10000, 4700/10000>
    """

    parts: Counts
    whole: int

    @classmethod
    def of(cls, values: SharesGiven) -> Shares:
        """Read shares from exact numbers between 0 and 1, nested as the array is to be.

        Raises
        ------
        UsageError
            If one of them is a float, no number, outside 0 to 1, or too fine.
        """
        if isinstance(values, Shares):
            return values
        array = np.asarray(values, dtype=object)
        exact = [_share(value) for value in array.ravel()]
        whole = lcm(*(value.denominator for value in exact))
        if whole > LARGEST_WHOLE:
            msg = f"the shares have no common denominator up to {LARGEST_WHOLE:,}; write them with fewer digits"
            raise UsageError(msg)
        parts = [value.numerator * (whole // value.denominator) for value in exact]
        return cls(np.array(parts, np.int64).reshape(array.shape), whole)

    @classmethod
    def per_ten_thousand(cls, parts: Sequence[object] | NDArray[np.integer]) -> Shares:
        """Read shares written as whole numbers of ten-thousandths.

        Raises
        ------
        UsageError
            If one of them is not a whole number from 0 to 10,000.
        """
        array = np.asarray(parts)
        if array.dtype.kind not in "iu" or array.min(initial=0) < 0 or array.max(initial=0) > 10_000:
            msg = "shares in ten-thousandths are whole numbers from 0 to 10,000; write 53 % as 5_300"
            raise UsageError(msg)
        return cls(array.astype(np.int64), 10_000)

    def with_the_rest(self) -> Shares:
        """Each share beside what it leaves, along a new last axis.

        >>> Shares.of(["0.9", "1"]).with_the_rest().parts.tolist()
        [[9, 1], [10, 0]]
        """
        return Shares(np.stack([self.parts, self.whole - self.parts], -1), self.whole)

    def __repr__(self) -> str:
        shown = ", ".join(f"{part}/{self.whole}" for part in self.parts.ravel()[:5])
        return f"<Shares {shown}{' …' * (self.parts.size > 5)}>"


SharesGiven: TypeAlias = "Shares | Exact | Sequence[SharesGiven] | NDArray[np.object_]"
"""What `Shares.of` reads."""


def exact(value: Exact) -> Fraction:
    """Read one exact number.

    Raises
    ------
    UsageError
        If it is a float, or no number.

    Examples
    --------
    >>> exact("0.35"), exact(2)
    (Fraction(7, 20), Fraction(2, 1))
    """
    if is_a(value, bool, float) or not is_a(value, Fraction, Decimal, str, int, np.integer):
        msg = f"{value!r} is not an exact number; write it as '0.53', Decimal('0.53') or Fraction(53, 100)"
        raise UsageError(msg)
    try:
        return Fraction(int(value)) if is_a(value, np.integer) else Fraction(value)
    except (ValueError, OverflowError, ZeroDivisionError):
        msg = f"{value!r} is not an exact number; write it as '0.53', Decimal('0.53') or Fraction(53, 100)"
        raise UsageError(msg) from None


def _share(value: Exact) -> Fraction:
    share = exact(value)
    if not 0 <= share <= 1:
        msg = f"{value} is not a share from 0 to 1; whole ten-thousandths are read by Shares.per_ten_thousand"
        raise UsageError(msg)
    return share


def split(totals: Counts, shares: Shares) -> Counts:
    """Split whole numbers by shares into whole numbers that add up to them.

    Each part gets what its share comes to, rounded down; what is left over goes, one each, to the largest
    remainders, and among equal ones to those that stand first (最大余额法).

    Parameters
    ----------
    totals
        None negative, of any shape.
    shares
        The same shape and one axis more, along which they add up to 1.

    Returns
    -------
    Counts
        Of the shape of the shares.

    Raises
    ------
    UsageError
        If a product does not fit in 64 bits.

    Examples
    --------
    >>> split(np.array([10, 11]), Shares.of(["1/2", "1/4", "1/4"]))
    array([[5, 3, 2],
           [5, 3, 3]])
    """
    largest = int(np.max(totals, initial=0))
    if largest * shares.whole >= 2**63:
        msg = f"{largest:,} split over {shares.whole:,} parts does not fit in 64 bits; write shares with fewer digits"
        raise UsageError(msg)
    scaled = np.asarray(totals, np.int64)[..., None] * shares.parts
    given, remainder = np.divmod(scaled, shares.whole)
    left = totals - given.sum(-1)
    other, own = remainder[..., None, :], remainder[..., None]
    first = np.tri(given.shape[-1], k=-1, dtype=bool)
    rank = ((other > own) | ((other == own) & first)).sum(-1)
    whole: Counts = given + (rank < left[..., None])
    return whole
