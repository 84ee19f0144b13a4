"""What goes back when a prepaid contract ends, by the courts' rules (法释〔2025〕4号), whatever supervision finds."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import add_months_to
from civaffairs.errors import CalendarError, UsageError
from civaffairs.law.timeline import NotPublished
from civaffairs.money import Fen, Rounding, even_shares
from civaffairs.registers.fields import NOT_STATED, Array, Days, Flags, stated
from civaffairs.registers.prepaid.book import PrepaidBook
from civaffairs.registers.prepaid.checks import prepaid_values
from civaffairs.registers.prepaid.refund_terms import (
    INTERPRETATION,
    Interest,
    LastDay,
    RefundReason,
    Refunds,
    When,
    YearOfInterest,
    each_day,
    interest_on,
    parts,
)
from civaffairs.workdays import NATION, Roll, period_end

__all__ = ["INTERPRETATION", "Interest", "LastDay", "RefundReason", "Refunds", "YearOfInterest", "refund"]

MOST_UNITS = 100_000
"""More units than anybody is delivered under one contract."""


def refund(
    book: PrepaidBook,
    ended_on: When,
    *,
    reason: RefundReason | NDArray[np.int8],
    rounding: Rounding,
    delivered: NDArray[np.int64] | None = None,
    by_days: LastDay | None = None,
    roll: Roll | None = None,
    place: str = NATION,
    interest: Interest | None = None,
) -> Refunds:
    """Reckon what goes back of the service fees that were prepaid; deposits and membership fees are not in it.

    What was paid, less the value of what was delivered (art. 15): at the price paid where the operator is at fault,
    gifts by the ratio of what was paid to what was paid and given (art. 18); at the price without discount where the
    reason is the consumer's (art. 19), who never has to add to what was paid (art. 20); use without limit by time
    (art. 22). Without a reason all goes back within seven days (art. 14), unless the consumer had the same service
    before; what is owed then for something already delivered was not read, and is not told.

    Parameters
    ----------
    book
        The contracts.
    ended_on
        The day on which each ended; without a reason, on which the money was asked back.
    reason
        Why, for all or for each (by ``number``).
    rounding
        What happens to a part of a fen in the value of what was delivered.
    delivered
        Units delivered, such as months, of each contract; -1 where not stated. Without it days are counted.
    by_days
        Whether the last day counts, where days are counted: always for use without limit. No source says how a part
        of a month counts; days of the months covered are then a convention of the caller.
    roll
        Whether a holiday or weekend at the end of the seven days moves it (Civil Code 民法典 art. 203); needed where
        there is no reason.
    place
        Division code, for the holidays.
    interest
        Terms of interest, where it is asked for.

    Returns
    -------
    Refunds
        With the reason for each that cannot be told, as before 2025-05-01.

    Raises
    ------
    UsageError
        If what is given does not fit the book, or a convention that is needed is not named.

    Examples
    --------
    >>> book = PrepaidBook.from_columns(
    ...     {
    ...         "contract": ["A"],
    ...         "home": ["H"],
    ...         "signed_on": ["2025-06-01"],
    ...         "prepaid": ["36000"],
    ...         "gift": ["0"],
    ...         "unit_price": ["3000"],
    ...         "list_unit_price": ["3600"],
    ...         "unlimited": ["no"],
    ...     }
    ... )
    >>> five_months = refund(
    ...     book,
    ...     date(2025, 11, 1),
    ...     reason=RefundReason.CONSUMER,
    ...     rounding=Rounding.HALF_UP,
    ...     delivered=np.array([5]),
    ... )
    >>> for line in five_months.explain(0):
    ...     print(line.replace(f"{INTERPRETATION}", "Interpretation"))
    ended on 2025-11-01: consumer's reason (消费者原因)
    paid: 36,000.00 yuan
    delivered: 5 at 3,600.00 without discount: 18,000.00 yuan [Interpretation art. 19]
    refund: 36,000.00 - 18,000.00 = 18,000.00, so 18,000.00 yuan [Interpretation art. 15]
    """
    size = len(book)
    ended = each_day(ended_on, size)
    reasons = np.full(size, reason.number, np.int8) if isinstance(reason, RefundReason) else np.asarray(reason)
    units = np.full(size, NOT_STATED, np.int64) if delivered is None else np.asarray(delivered)
    _check_given(size, reasons, units, delivered is None and by_days is None, roll)
    by_time = np.equal(book["unlimited"], 1) | (delivered is None)
    spent, covered = _day_shares(book, ended, by_days)
    why, texts = _doubts(book, ended, reasons, units, by_time, by_days, spent, roll, place)
    told = why == 0
    at_list = (reasons == RefundReason.CONSUMER.number) & ~np.equal(book["unlimited"], 1)
    no_reason = reasons == RefundReason.NO_REASON.number
    of_units, of_days = told & ~by_time & ~no_reason, told & by_time & ~no_reason
    value = np.zeros(size, np.int64)
    value[of_units] = _unit_value(book.take(of_units), units[of_units], at_list[of_units], rounding)
    whole = np.where(at_list, book["list_unit_price"] * book["months"], book["prepaid"])
    value[of_days] = parts(whole[of_days], spent[of_days], covered[of_days], rounding)
    price = np.where(at_list, book["list_unit_price"], np.where(by_time, NOT_STATED, book["unit_price"]))
    back = np.maximum(book["prepaid"] - value, 0)
    owed = None if interest is None else interest_on(np.where(told, back, 0), interest)
    return Refunds(
        book=book,
        ended_on=ended,
        reason=reasons,
        delivered=np.where(by_time, NOT_STATED, units),
        delivered_days=np.where(by_time, spent, NOT_STATED),
        covered_days=np.where(by_time, covered, NOT_STATED),
        price=np.where(told & ~no_reason, price, NOT_STATED),
        value=np.where(told, value, NOT_STATED),
        refund=np.where(told, back, NOT_STATED),
        interest=None if owed is None else np.where(told, owed, NOT_STATED),
        terms=interest,
        why=why,
        reasons=texts,
    )


def _check_given(size: int, reasons: Array, units: Array, uncounted: bool, roll: Roll | None) -> None:
    if uncounted:
        msg = "what was delivered is not said; give the units delivered=, or by_days= to count days"
        raise UsageError(msg)
    for name, column, low, high in (
        ("reason", reasons, 0, len(RefundReason) - 1),
        ("delivered", units, NOT_STATED, MOST_UNITS),
    ):
        fits = column.shape == (size,) and column.dtype.kind in "iu"
        if not fits or (size and not low <= int(column.min()) <= int(column.max()) <= high):
            msg = f"{name}= must be whole numbers from {low} to {high}, one for each of the {size} contracts"
            raise UsageError(msg)
    if roll is None and (reasons == RefundReason.NO_REASON.number).any():
        msg = "whether a holiday moves the end of the seven days is not said; give roll="
        raise UsageError(msg)


def _day_shares(book: PrepaidBook, ended: Days, by_days: LastDay | None) -> tuple[Array, Array]:
    """Count the days delivered and the days covered; 0 of 1 where that is not stated."""
    size = len(book)
    known = stated(book["from_day"]) & stated(book["months"]) & (by_days is not None)
    first = np.where(known, book["from_day"], np.datetime64(0, "D")).astype(np.int64)
    months = np.where(known, book["months"], 0)
    covered = add_months_to(first.astype(np.int32), months).astype(np.int64) - first
    spent = np.clip(ended.astype(np.int64) - first + (by_days is LastDay.DELIVERED), 0, covered)
    return np.where(known, spent, np.zeros(size, np.int64)), np.where(known, covered, np.ones(size, np.int64))


def _doubts(
    book: PrepaidBook, ended: Days, reasons: Array, units: Array, by_time: Flags, by_days: LastDay | None,
    spent: Array, roll: Roll | None, place: str,
) -> tuple[NDArray[np.int16], tuple[str, ...]]:  # fmt: skip
    """Say, for each contract whose refund cannot be told, the first reason why."""
    no_reason = reasons == RefundReason.NO_REASON.number
    consumer = (reasons == RefundReason.CONSUMER.number) & ~np.equal(book["unlimited"], 1)
    paid_price = (reasons == RefundReason.OPERATOR.number) & ~by_time
    missing = {
        "prepaid": np.ones(len(book), np.bool_),
        "unlimited": np.ones(len(book), np.bool_),
        "from_day": by_time,
        "months": by_time,
        "unit_price": paid_price,
        "gift": paid_price,
        "list_unit_price": consumer,
        "paid_on": no_reason,
        "had_service_before": no_reason,
    }
    begun = np.where(by_time, spent, units) > 0
    first_day = INTERPRETATION.in_force
    found = [
        (ended < np.datetime64(first_day), f"ended before {first_day}, when the courts' rules came into force"),
        (ended < book["paid_on"], "ended before it was paid"),
        *((asked & ~stated(book[name]), f"{name} is not stated") for name, asked in missing.items()),
        (by_time & (by_days is None), "use without limit counts by days, and by_days= is not given"),
        (~by_time & np.equal(units, NOT_STATED), "the units delivered are not stated"),
        (no_reason & np.equal(book["had_service_before"], 1), f"had the same service before [{INTERPRETATION[14]}]"),
        (no_reason & begun, "something was delivered: what is owed for it without a reason was not read"),
    ]
    closed = np.logical_or.reduce([where for where, _ in found])
    if roll is not None:
        found += _too_late(book["paid_on"], ended, no_reason & ~closed, roll, place)
    numbers = np.arange(1, len(found) + 1, dtype=np.int16)
    return np.select([where for where, _ in found], list(numbers), np.int16(0)), ("", *(text for _, text in found))


def _too_late(paid_on: Days, ended: Days, asked: Flags, roll: Roll, place: str) -> list[tuple[Flags, str]]:
    """Tell what was asked back after the seventh day, and where that day cannot be told."""
    found: list[tuple[Flags, str]] = []
    days, index = np.unique(paid_on[asked], return_inverse=True)
    last = np.empty(len(days), "datetime64[D]")
    for number, day in enumerate(days.tolist()):
        try:
            last[number] = _last_day(day, roll, place)
        except (CalendarError, NotPublished) as fault:
            last[number] = np.datetime64("NaT")
            where = np.zeros(len(asked), np.bool_)
            where[asked] = index == number
            found.append((where, str(fault)))
    late = np.zeros(len(asked), np.bool_)
    late[asked] = ended[asked] > last[index]
    return [*found, (late, f"asked back after the seventh day [{INTERPRETATION[14]}]")]


def _last_day(paid_on: date, roll: Roll, place: str) -> date:
    """Find the last day on which a prepayment can be asked back without a reason."""
    length = prepaid_values()["no_reason_days"].at(NATION, max(paid_on, INTERPRETATION.in_force or paid_on)).value
    if not isinstance(length, int):
        msg = f"a period of {length!r} is not in days"
        raise UsageError(msg)
    return period_end(paid_on, days=length, roll=roll, place=place)


def _unit_value(book: PrepaidBook, units: Array, at_list: Flags, rounding: Rounding) -> Fen:
    """Value units without discount, or as paid: of what was prepaid together with its gift only a part was paid for."""
    nominal = units * np.where(at_list, book["list_unit_price"], book["unit_price"])
    given = ~at_list & (book["gift"] > 0)
    paid = book["prepaid"][given]
    whole = paid + book["gift"][given]
    # Whole prepayments first, so that what is multiplied stays below one of them and within 64 bits.
    times, rest = even_shares(nominal[given], whole)
    value = nominal.copy()
    value[given] = times * paid + parts(rest, paid, whole, rounding)
    return value
