"""Exact money: int64 fen in columns, exact fractions for rates, and the only division in the library."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import MoneyError
from civaffairs.labels import Labelled

Fen: TypeAlias = NDArray[np.int64]
"""A column of money in fen (分, a hundredth of a yuan)."""

LARGEST_FEN = 10**10
"""The largest sum a person or household may state: a hundred million yuan. Beyond it lies a typing mistake.

Together with `civaffairs.people.population.LARGEST_HOUSEHOLD` it keeps every product in a rule within 64 bits."""


class Rounding(Labelled):
    """How a remainder below one fen (or one quantum) is dropped; no law read so far fixes it, so it is always named."""

    HALF_UP = ("half_up", "四舍五入")
    DOWN = ("down", "舍去")
    UP = ("up", "进一")


def yuan(amount: str | int | Decimal) -> int:
    """Read an amount of yuan as exact fen.

    Parameters
    ----------
    amount
        Yuan, as text (``"1,380.00"``), a whole number or a `Decimal`. A float is refused: it is not exact.

    Returns
    -------
    int
        Fen.

    Raises
    ------
    MoneyError
        If the amount is not a number, has a fraction of a fen, or is a float.

    Examples
    --------
    >>> yuan("1,380.00")
    138000
    >>> yuan(810)
    81000
    >>> yuan("0.005")
    Traceback (most recent call last):
    ...
    civaffairs.errors.MoneyError: '0.005' yuan has a fraction of a fen; write at most two decimals
    """
    if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
        kind = type(amount).__name__
        msg = f"{amount!r} is a {kind}, which is not exact money; write the yuan as text, e.g. yuan('810.50')"
        raise MoneyError(msg)
    try:
        exact = Decimal(amount.strip().replace(",", "")) if isinstance(amount, str) else Decimal(amount)
    except InvalidOperation:
        msg = f"{amount!r} is not an amount of yuan; write digits with at most two decimals, e.g. '1380.00'"
        raise MoneyError(msg) from None
    if not exact.is_finite():
        msg = f"{amount!r} is not an amount of yuan; write digits with at most two decimals, e.g. '1380.00'"
        raise MoneyError(msg)
    fen = exact.scaleb(2)
    if fen != fen.to_integral_value():
        msg = f"{amount!r} yuan has a fraction of a fen; write at most two decimals"
        raise MoneyError(msg)
    return int(fen)


def yuan_text(fen: int | Fraction) -> str:
    """Write fen as yuan, to the fen; a fraction of a fen is written out as a fraction, never rounded.

    Examples
    --------
    >>> yuan_text(138000)
    '1,380.00'
    >>> yuan_text(-5)
    '-0.05'
    >>> yuan_text(Fraction(170000, 3))
    '566.66 2/3'
    """
    whole, rest = divmod(abs(Fraction(fen)), 1)
    text = f"{'-' if fen < 0 else ''}{whole // 100:,}.{whole % 100:02d}"
    return f"{text} {rest}" if rest else text


def portion(amount: Fen, rate: Fraction, rounding: Rounding, quantum: int = 1) -> Fen:
    """Take the part ``rate`` of each amount: with `portions`, the only division in the library, its rounding named.

    Parameters
    ----------
    amount
        Fen, or fen times a whole number of months; none negative.
    rate
        The exact part to take.
    rounding
        What happens to a remainder below the quantum.
    quantum
        Fen that the result is a multiple of: 1 for the fen, 100 for the yuan.

    Returns
    -------
    Fen
        Same shape.

    Raises
    ------
    MoneyError
        If an amount is negative or the product does not fit in 64 bits.

    Examples
    --------
    >>> portion(np.array([202300]), Fraction(1, 12), Rounding.HALF_UP)
    array([16858])
    >>> portion(np.array([202300]), Fraction(1, 12), Rounding.UP, quantum=1000)
    array([17000])
    """
    if rate < 0 or quantum < 1:
        msg = f"cannot take the part {rate} in steps of {quantum} fen; both must be positive"
        raise MoneyError(msg)
    parts = _divided(amount, rate.numerator, rate.denominator * quantum, rounding)
    return parts if quantum == 1 else parts * quantum


def portions(amount: Fen, numerator: NDArray[np.int64], denominator: NDArray[np.int64], rounding: Rounding) -> Fen:
    """Take of each amount a part of its own, to the fen; see `portion`, which takes the same part of all.

    Parameters
    ----------
    amount
        Fen, none negative.
    numerator, denominator
        The parts, none negative; one, or one a row.
    rounding
        What happens to a remainder below the fen.

    Raises
    ------
    MoneyError
        If an amount or a part is negative, or a product does not fit in 64 bits.

    Examples
    --------
    >>> portions(np.array([93_000, 101]), np.array([2, 1]), np.array([3, 2]), Rounding.HALF_UP)
    array([62000,    51])
    """
    if np.min(numerator) < 0 or np.min(denominator) < 1:
        msg = "cannot take a negative part; look at the ratios"
        raise MoneyError(msg)
    return _divided(amount, numerator, denominator, rounding)


def _divided(
    amount: Fen, numerator: NDArray[np.int64] | int, denominator: NDArray[np.int64] | int, rounding: Rounding
) -> Fen:
    low, high = int(np.min(amount, initial=0)), int(np.max(amount, initial=0))
    if low < 0:
        msg = f"cannot take a part of {low} fen; take it of what is owed, which is never below 0"
        raise MoneyError(msg)
    if 2 * high * int(np.max(numerator)) + int(np.max(denominator)) >= 2**63:
        msg = f"{high} fen × {np.max(numerator)} does not fit in 64 bits; look for an amount with too many digits"
        raise MoneyError(msg)
    scaled = amount if isinstance(numerator, int) and numerator == 1 else amount * np.asarray(numerator, np.int64)
    if rounding is Rounding.HALF_UP:
        return np.asarray((2 * scaled + denominator) // (2 * denominator))
    return np.asarray((scaled + (denominator - 1 if rounding is Rounding.UP else 0)) // denominator)


def even_shares(amount: Fen, shares: NDArray[np.int64] | int) -> tuple[Fen, Fen]:
    """Split amounts into whole fen: what every share gets, and how many shares get one fen more.

    Parameters
    ----------
    amount
        Fen, none negative.
    shares
        How many shares each amount is split into, at least one.

    Examples
    --------
    >>> even_shares(np.array([100]), np.array([3]))
    (array([33]), array([1]))
    """
    base = amount // shares
    return base, amount - base * shares


def total_fen(amounts: Fen) -> int:
    """Add up a column of money exactly, whatever its size (the sum is a Python integer).

    Examples
    --------
    >>> total_fen(np.array([81_000, 12_200]))
    93200
    """
    largest = max(abs(int(amounts.min(initial=0))), abs(int(amounts.max(initial=0))))
    if largest * amounts.size >= 2**63:
        return sum(int(part) for part in amounts.ravel())
    return int(amounts.sum(dtype=np.int64))
