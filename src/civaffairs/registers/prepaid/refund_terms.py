"""Terms and results of refunds of prepaid contracts: reasons, conventions, interest, and the breakdown that is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import MoneyError, UsageError, is_a
from civaffairs.labels import Labelled
from civaffairs.law.citation import document
from civaffairs.money import Fen, Rounding, portions, total_fen, yuan_text
from civaffairs.registers.fields import NOT_STATED, Array, Days, Flags
from civaffairs.registers.prepaid.book import LARGEST_CONTRACT_FEN, PrepaidBook

INTERPRETATION = document("prepaid-interpretation-2025")

When: TypeAlias = date | Days
"""One day for all contracts, or one for each."""


class RefundReason(Labelled):
    """Why the prepayment goes back."""

    OPERATOR = ("operator's fault", "经营者原因")
    CONSUMER = ("consumer's reason", "消费者原因")
    NO_REASON = ("no reason, within seven days", "七日无理由")


class LastDay(Labelled):
    """Whether the day on which a contract ends counts as delivered, where days are counted; no source says."""

    DELIVERED = ("delivered", "终止当日计为已提供")
    NOT_DELIVERED = ("not delivered", "终止当日不计为已提供")


class YearOfInterest(Labelled):
    """How many days a year of interest has; no source says."""

    DAYS_365 = ("365 days", "一年按365日")
    DAYS_360 = ("360 days", "一年按360日")

    @property
    def days(self) -> int:
        """The number."""
        return 365 if self is YearOfInterest.DAYS_365 else 360


@attrs.frozen(kw_only=True)
class Interest:
    """How interest is reckoned: simple interest on the refund for the days after the first (art. 16).

    Attributes
    ----------
    rate
        A year's, for all contracts or for each: where the operator is at fault the one-year LPR
        (一年期贷款市场报价利率), where the reason is the consumer's the one-year deposit rate, either of the day on
        which the contract was made. An agreed rate goes before.
    since, until
        The days between which it runs; the first is not counted. From when it runs was not read.
    year
        How many days a year has.
    rounding
        What happens to a remainder below the fen.
    """

    rate: Fraction | Sequence[Fraction]
    since: When
    until: When
    year: YearOfInterest
    rounding: Rounding


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Refunds:
    """What goes back, contract by contract; -1 where it cannot be told.

    Attributes
    ----------
    book
        The contracts.
    ended_on, reason
        When and why each ended; the reason by its ``number``.
    delivered
        Units delivered; -1 where days are counted.
    delivered_days, covered_days
        Days delivered and days covered; -1 where units are counted.
    price
        Fen of a unit at which what was delivered is counted; -1 where a part of what was paid is.
    value
        Fen of what was delivered.
    refund
        Fen that go back.
    interest
        Fen of interest on them, or ``None`` where it was not asked for.
    terms
        How interest was reckoned.
    why
        Number of the reason why it cannot be told; 0 where it can.
    reasons
        Those reasons, by number.
    """

    book: PrepaidBook
    ended_on: Days
    reason: NDArray[np.int8]
    delivered: NDArray[np.int64]
    delivered_days: NDArray[np.int64]
    covered_days: NDArray[np.int64]
    price: Fen
    value: Fen
    refund: Fen
    interest: Fen | None
    terms: Interest | None
    why: NDArray[np.int16]
    reasons: tuple[str, ...]

    @property
    def told(self) -> Flags:
        """Contracts whose refund is known."""
        return np.equal(self.why, 0)

    @property
    def why_not(self) -> list[str]:
        """Why a refund cannot be told, by contract; empty where it can."""
        return [self.reasons[number] for number in self.why.tolist()]

    def total(self) -> int:
        """Add up the refunds that are known, in fen."""
        return total_fen(self.refund[self.told])

    def columns(self) -> dict[str, Array]:
        """The refunds as a table; masked where they cannot be told."""
        table: dict[str, Array] = {"row": self.book.rows, "contract": self.book["contract"]}
        money = {"paid": self.book["prepaid"], "delivered_value": self.value, "price": self.price}
        money |= {"refund": self.refund} | ({} if self.interest is None else {"interest": self.interest})
        table |= {name: np.ma.MaskedArray(fen, np.equal(fen, NOT_STATED)) for name, fen in money.items()}
        table["why_not"] = np.array(self.why_not, np.str_)
        return table

    def explain(self, row: int) -> tuple[str, ...]:
        """Tell the refund of one contract, by its position in the book, step by step with the articles.

        Examples
        --------
        See `refund`.
        """
        reason = list(RefundReason)[int(self.reason[row])]
        head = f"ended on {self.ended_on[row]}: {reason.value} ({reason.label_zh})"
        if not self.told[row]:
            return head, f"not told: {self.reasons[int(self.why[row])]}"
        paid, value, refund = (int(column[row]) for column in (self.book["prepaid"], self.value, self.refund))
        lines = [head, f"paid: {yuan_text(paid)} yuan", f"delivered: {self._delivered(row, reason)}"]
        article = 14 if reason is RefundReason.NO_REASON else 15
        floor = f"; no less than 0 [{INTERPRETATION[20]}]" if value > paid else ""
        sums = f"{yuan_text(paid)} - {yuan_text(value)} = {yuan_text(paid - value)}"
        lines.append(f"refund: {sums}, so {yuan_text(refund)} yuan [{INTERPRETATION[article]}]{floor}")
        if self.interest is not None and self.terms is not None:
            rate = self.terms.rate if isinstance(self.terms.rate, Fraction) else self.terms.rate[row]
            since, until = (each_day(day, len(self.why))[row] for day in (self.terms.since, self.terms.until))
            how = f"{rate} a year from {since} to {until}, a year of {self.terms.year.value}"
            how += f", rounded {self.terms.rounding.value}"
            lines.append(f"interest: {yuan_text(int(self.interest[row]))} yuan, {how} [{INTERPRETATION[16]}]")
        return tuple(lines)

    def _delivered(self, row: int, reason: RefundReason) -> str:
        """What was delivered of one contract, and what it counts for."""
        value, price = yuan_text(int(self.value[row])), int(self.price[row])
        if reason is RefundReason.NO_REASON:
            return "nothing"
        days = f"{self.delivered_days[row]} of {self.covered_days[row]} days"
        if self.book["unlimited"][row] == 1:
            return f"{days} of use without limit: {value} yuan [{INTERPRETATION[22]}]"
        if price == NOT_STATED:
            return f"{days} at what was paid: {value} yuan [{INTERPRETATION[18]}]"
        if reason is RefundReason.CONSUMER:
            units = f"{days} of {self.book['months'][row]} months" if self.delivered[row] < 0 else self.delivered[row]
            return f"{units} at {yuan_text(price)} without discount: {value} yuan [{INTERPRETATION[19]}]"
        paid, gift = int(self.book["prepaid"][row]), int(self.book["gift"][row])
        part = f", of which {yuan_text(paid)}/{yuan_text(paid + gift)} was paid for" if gift else ""
        return f"{self.delivered[row]} at {yuan_text(price)} as paid{part}: {value} yuan [{INTERPRETATION[18]}]"

    def __repr__(self) -> str:
        return f"<refunds of {len(self.why)} contracts: {np.count_nonzero(~self.told)} cannot be told>"


def each_day(day: When, size: int) -> Days:
    """Give one day for each contract."""
    days = np.broadcast_to(np.asarray(day, "datetime64[D]"), (size,)) if isinstance(day, date) else np.asarray(day)
    if days.shape != (size,) or days.dtype != np.dtype("datetime64[D]") or np.isnat(days).any():
        msg = f"{days.size} days of type {days.dtype} do not go with {size} contracts; give one day, or a stated "
        msg += "datetime64[D] for each"
        raise UsageError(msg)
    return days


def parts(amount: Fen, numerator: Array, denominator: Array, rounding: Rounding) -> Fen:
    """Take parts of amounts, of which there may be none."""
    return portions(amount, numerator, denominator, rounding) if len(amount) else amount


def interest_on(amount: Fen, terms: Interest) -> Fen:
    """Reckon simple interest, exactly, with one division."""
    size = len(amount)
    days = (each_day(terms.until, size) - each_day(terms.since, size)).astype(np.int64)
    if (days < 0).any():
        row = int(np.argmax(days < 0))
        since, until = (each_day(day, size)[row] for day in (terms.since, terms.until))
        msg = f"interest would run from {since} to {until} for contract {row + 1}; give the earlier day first"
        raise UsageError(msg)
    rates = [*terms.rate] if isinstance(terms.rate, Sequence) else [terms.rate] * size
    if len(rates) != size or not all(is_a(rate, Fraction) and 0 <= rate <= 1 for rate in rates):
        msg = "a rate of interest is a Fraction from 0 to 1, such as Fraction(31, 1000): one, or one for each contract"
        raise UsageError(msg)
    below = lcm(*{rate.denominator for rate in rates})
    largest = int(days.max(initial=0))
    if below * terms.year.days * LARGEST_CONTRACT_FEN >= 2**63 or below * largest >= 2**63:
        msg = f"rates of interest in parts of {below} do not fit in 64 bits; write them with fewer decimals"
        raise MoneyError(msg)
    above = np.array([rate.numerator * (below // rate.denominator) for rate in rates], np.int64)
    return parts(amount, above * days, np.full(size, below * terms.year.days, np.int64), terms.rounding)
