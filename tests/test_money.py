"""Money is exact: read without a float, divided in one place, shared to the last fen."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civaffairs.errors import MoneyError
from civaffairs.money import LARGEST_FEN, Rounding, even_shares, portion, total_fen, yuan, yuan_text
from civaffairs.people.population import LARGEST_HOUSEHOLD
from civaffairs.rules.values import COMMON_MONTHS

FEN = st.integers(0, LARGEST_FEN)
EXACT = {
    Rounding.HALF_UP: lambda amount: floor(amount + Fraction(1, 2)),
    Rounding.DOWN: floor,
    Rounding.UP: ceil,
}


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("1,380.00", 138_000),
        (" 810.5 ", 81_050),
        ("0.01", 1),
        ("-0.05", -5),
        ("1e3", 100_000),
        ("１２", 1_200),
        (810, 81_000),
        (Decimal("0.10"), 10),
        ("100000000.00", LARGEST_FEN),
        ("1.000", 100),
    ],
)
def test_yuan_are_read_as_fen(written: str | int | Decimal, fen: int) -> None:
    assert yuan(written) == fen


@pytest.mark.parametrize("written", ["0.005", Decimal("0.001"), "abc", "", "nan", "inf", "1.2.3", "元", "0x10"])
def test_what_is_not_whole_fen_is_refused(written: str | Decimal) -> None:
    with pytest.raises(MoneyError, match="yuan"):
        yuan(written)


@pytest.mark.parametrize("written", [810.5, True, None, 1.0])
def test_a_float_or_a_flag_is_not_money(written: object) -> None:
    with pytest.raises(MoneyError, match="not exact money; write the yuan as text"):
        yuan(written)  # type: ignore[arg-type]


@given(st.integers(-(10**14), 10**14))
def test_fen_come_back_as_they_were_written(fen: int) -> None:
    assert yuan(yuan_text(fen)) == fen


def test_a_part_of_a_fen_is_written_out() -> None:
    assert yuan_text(Fraction(680_000, 12)) == "566.66 2/3"
    assert yuan_text(Fraction(-1, 3)) == "-0.00 1/3"


@given(
    st.lists(FEN, min_size=1, max_size=5),
    st.fractions(0, 1, max_denominator=1_000),
    st.sampled_from(Rounding),
    st.sampled_from([1, 10, 100]),
)
def test_a_portion_is_the_exact_part_rounded_once(
    amounts: list[int], rate: Fraction, rounding: Rounding, quantum: int
) -> None:
    expected = [quantum * EXACT[rounding](amount * rate / quantum) for amount in amounts]
    found = portion(np.array(amounts, np.int64), rate, rounding, quantum)
    assert found.tolist() == expected
    assert found.dtype == np.int64


def test_half_a_fen_goes_up() -> None:
    halves = np.array([0, 1, 2, 3], np.int64)
    assert portion(halves, Fraction(1, 2), Rounding.HALF_UP).tolist() == [0, 1, 1, 2]
    assert portion(halves, Fraction(1, 2), Rounding.DOWN).tolist() == [0, 0, 1, 1]
    assert portion(halves, Fraction(1, 2), Rounding.UP).tolist() == [0, 1, 1, 2]


def test_a_portion_leaves_its_amounts_alone() -> None:
    amounts = np.array([5], np.int64)
    amounts.setflags(write=False)
    assert portion(amounts, Fraction(1, 1), Rounding.DOWN) is not amounts
    assert portion(np.array([], np.int64), Fraction(1, 3), Rounding.UP).tolist() == []


@pytest.mark.parametrize(
    ("amount", "rate", "quantum", "message"),
    [
        (-1, Fraction(1, 2), 1, "never below 0"),
        (1, Fraction(-1, 2), 1, "must be positive"),
        (1, Fraction(1, 2), 0, "must be positive"),
        (2**61, Fraction(3, 2), 1, "does not fit in 64 bits"),
        (1, Fraction(1, 2**63), 1, "does not fit in 64 bits"),
    ],
)
def test_a_portion_that_cannot_be_taken_is_refused(amount: int, rate: Fraction, quantum: int, message: str) -> None:
    with pytest.raises(MoneyError, match=message):
        portion(np.array([amount], np.int64), rate, Rounding.HALF_UP, quantum)


def test_the_largest_household_with_the_largest_sums_fits() -> None:
    per_person = 4 * LARGEST_FEN * COMMON_MONTHS
    household = per_person * LARGEST_HOUSEHOLD
    assert household < 2**63
    worst = np.array([household], np.int64)
    assert portion(worst, Fraction(1, COMMON_MONTHS), Rounding.HALF_UP).tolist() == [
        4 * LARGEST_FEN * LARGEST_HOUSEHOLD
    ]


@given(FEN, st.integers(1, LARGEST_HOUSEHOLD))
def test_even_shares_add_up(amount: int, shares: int) -> None:
    base, odd = even_shares(np.array([amount]), np.array([shares]))
    assert base.item() * shares + odd.item() == amount
    assert 0 <= odd.item() < shares


@given(st.lists(st.integers(-(2**62), 2**62), max_size=6))
def test_a_total_is_exact_whatever_its_size(amounts: list[int]) -> None:
    assert total_fen(np.array(amounts, np.int64)) == sum(amounts)
