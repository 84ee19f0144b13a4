"""Prepaid fees of one contract at a time, slowly and in fractions: written from the text of the facts alone."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import chinese_calendar

Contract = dict[str, Any]
"""A contract in fen; a fact that is not there, or ``None``, is not stated."""

OPINIONS_PUBLIC = date(2024, 5, 10)
GUIDE_PUBLIC = date(2025, 11, 19)
INTERPRETATION = date(2025, 5, 1)

KEPT, BROKEN, OPEN = "kept", "broken", "open"


def supervised(contract: Contract, on: date) -> dict[str, tuple[str, int]]:
    """Each check of one contract: kept, broken or open, and by how much."""
    get: Callable[[str], Any] = contract.get
    held = [get("deposit"), get("membership_fee")]
    if any(amount is not None and amount > 0 for amount in held):
        something_held: bool | None = True
    else:
        something_held = None if None in held else False
    return {
        name: answer if OPINIONS_PUBLIC <= get("signed_on") <= on else (OPEN, 0)
        for name, answer in {
            "fee_covers_few_months": excess(get("months"), 12),
            "deposit_is_small": small_deposit(get("deposit"), get("bed_fee")),
            "held_in_custody": yes_needed(something_held, get("in_custody")),
            "risk_reserve_kept": yes_needed(something_held, get("reserve_kept")),
            "moved_to_custody_in_time": (
                (OPEN, 0) if get("signed_on") < GUIDE_PUBLIC else moved(something_held, get("custody_days"))
            ),
            "no_returns_promised": forbidden(get("returns_promised")),
            "no_risky_investment": forbidden(get("risky_investment")),
        }.items()
    }


def excess(value: int | None, limit: int) -> tuple[str, int]:
    """How far a value is above a limit that may be reached."""
    if value is None:
        return OPEN, 0
    return (BROKEN, value - limit) if value > limit else (KEPT, 0)


def small_deposit(deposit: int | None, bed_fee: int | None) -> tuple[str, int]:
    """No deposit is small whatever a bed costs."""
    if deposit == 0:
        return KEPT, 0
    return (OPEN, 0) if bed_fee is None else excess(deposit, 12 * bed_fee)


def yes_needed(something_held: bool | None, answer: bool | None) -> tuple[str, int]:
    """Whoever holds a deposit or membership fee needs a yes."""
    if something_held is False:
        return KEPT, 0
    if something_held is None or answer is None:
        return OPEN, 0
    return (KEPT, 0) if answer else (BROKEN, 1)


def moved(something_held: bool | None, days: int | None) -> tuple[str, int]:
    """What is taken elsewhere is in the account on the same day or the next."""
    if something_held is False:
        return KEPT, 0
    return (OPEN, 0) if something_held is None else excess(days, 1)


def forbidden(answer: bool | None) -> tuple[str, int]:
    """What may not be."""
    if answer is None:
        return OPEN, 0
    return (BROKEN, 1) if answer else (KEPT, 0)


def half_up(exact: Fraction) -> int:
    """To the fen."""
    whole, rest = divmod(exact, 1)
    return int(whole) + (rest >= Fraction(1, 2))


def refunded(contract: Contract, ended_on: date, reason: str, units: int | None, by_days: str, roll: str) -> Any:  # noqa: ANN401
    """What was delivered and what goes back, in fen; ``None`` where it cannot be told.

    ``units`` -1 says that they are not stated, ``None`` that everything is counted by days; ``by_days`` is ``"with"``
    or ``"without"`` the last day, ``""`` where nobody says.
    """
    get: Callable[[str], Any] = contract.get
    paid = get("prepaid")
    if ended_on < INTERPRETATION or paid is None or (get("paid_on") and ended_on < get("paid_on")):
        return None
    if get("unlimited") is None:
        return None
    counted_by_days = get("unlimited") or units is None
    share = None
    if counted_by_days:
        if not by_days or get("from_day") is None or get("months") is None:
            return None
        first, end = get("from_day"), months_later(get("from_day"), get("months"))
        last = ended_on if by_days == "with" else ended_on - timedelta(days=1)
        delivered_days = min(max((last - first).days + 1, 0), (end - first).days)
        share = Fraction(delivered_days, (end - first).days)
    elif units == -1:
        return None
    if reason == "no_reason":
        begun = share if counted_by_days else units
        if get("paid_on") is None or get("had_service_before") is not False or begun:
            return None
        return (0, paid) if ended_on <= seventh_day(get("paid_on"), roll) else None
    value = delivered_value(contract, reason, units, share)
    return None if value is None else (half_up(value), max(paid - half_up(value), 0))


def delivered_value(contract: Contract, reason: str, units: int | None, share: Fraction | None) -> Fraction | None:
    """Arts. 18, 19 and 22: at which price what was delivered counts."""
    get: Callable[[str], Any] = contract.get
    paid = get("prepaid")
    if share is not None and (get("unlimited") or reason == "operator"):
        return Fraction(paid * share)
    if reason == "consumer":
        if get("list_unit_price") is None:
            return None
        return Fraction(get("list_unit_price") * (get("months") * share if share is not None else (units or 0)))
    if get("unit_price") is None or get("gift") is None:
        return None
    whole = paid + get("gift")
    return Fraction(get("unit_price") * (units or 0)) * (Fraction(paid, whole) if whole else 1)


def interest(refund: int, rate: Fraction, since: date, until: date, days_a_year: int) -> int:
    """Simple interest for the days after the first."""
    return half_up(refund * rate * Fraction((until - since).days, days_a_year))


def months_later(day: date, months: int) -> date:
    """The corresponding day, or that month's last (Civil Code art. 202)."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@cache
def seventh_day(paid_on: date, roll: str) -> date:
    """The day of payment is not counted (art. 201); a holiday moves the end on (art. 203)."""
    end = paid_on + timedelta(days=7)
    while is_off(end, roll):
        end += timedelta(days=1)
    return end


def is_off(day: date, roll: str) -> bool:
    """Whether a last day moves on, by somebody else's calendar."""
    if roll == "never":
        return False
    off, name = chinese_calendar.get_holiday_detail(day)
    return bool(off) if roll == "holidays_and_weekends" else bool(off and name)
