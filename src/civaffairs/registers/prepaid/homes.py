"""Prepaid fees home by home: exact sums, and homes beside the text of a province that nobody named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import attrs
import numpy as np

from civaffairs.calendar import days
from civaffairs.errors import MoneyError
from civaffairs.money import Fen, total_fen, yuan_text
from civaffairs.registers.fields import NOT_STATED, Array, stated
from civaffairs.registers.prepaid.supervision import PrepaidFindings

SUMS = ("prepaid", "deposit", "membership_fee")


def home_totals(findings: PrepaidFindings) -> dict[str, Array]:
    """Add up the contracts of each home: what was prepaid, what breaks a rule, and where a sum is not stated.

    Returns
    -------
    dict
        One row a home, by key. Sums are of what is stated; ``…_not_stated`` counts the contracts that are missing
        in them.

    Raises
    ------
    MoneyError
        If a sum does not fit in 64 bits.
    """
    book = findings.book
    homes, index = np.unique(book["home"], return_inverse=True)
    table: dict[str, Array] = {"home": homes, "contracts": np.bincount(index, minlength=len(homes))}
    for name in SUMS:
        amounts = book[name]
        table[name] = _summed(np.where(stated(amounts), amounts, 0), index, len(homes))
        table[f"{name}_not_stated"] = np.bincount(index[~stated(amounts)], minlength=len(homes))
    table["deposit_over"] = _summed(findings["deposit_is_small"].over, index, len(homes))
    table["breaches"] = np.bincount(index[findings.breach], minlength=len(homes))
    table["not_checked"] = np.bincount(index[findings.not_checked], minlength=len(homes))
    return table


def _summed(amounts: Fen, index: Array, groups: int) -> Fen:
    """Add up amounts of 0 or more by group; where all of them together fit, each group's sum does."""
    if total_fen(amounts) >= 2**63:
        msg = f"{yuan_text(total_fen(amounts))} yuan does not fit in 64 bits; look for amounts with too many digits"
        raise MoneyError(msg)
    sums = np.zeros(groups, np.int64)
    np.add.at(sums, index, amounts)
    return sums


NOTICE_DAYS = 30
"""Days before closing on which the unnamed province wants it announced."""


@attrs.frozen(kw_only=True)
class HomeFacts:
    """What the comparator asks of a home; ``None`` for what is not stated.

    Attributes
    ----------
    net_fixed_assets
        Fen, without mortgaged assets.
    noticed_on, closes_on
        When its closing was announced, and when it closes.
    """

    net_fixed_assets: int | None = None
    noticed_on: date | None = None
    closes_on: date | None = None


def provincial_home_findings(findings: PrepaidFindings, homes: Mapping[str, HomeFacts]) -> dict[str, Array]:
    """Compare homes with the text of the unnamed province: weak, and no rule here.

    Parameters
    ----------
    findings
        The findings of the book.
    homes
        Facts by the key of the home.

    Returns
    -------
    dict
        One row a home: fen prepaid beyond its net fixed assets, and days of notice short; masked where not stated.
    """
    totals = home_totals(findings)
    facts = [homes.get(str(key), HomeFacts()) for key in totals["home"]]
    prepaid = sum((totals[name] for name in SUMS), np.zeros(len(facts), np.int64))
    unsaid = sum((totals[f"{name}_not_stated"] for name in SUMS), np.zeros(len(facts), np.int64)) > 0
    assets = np.array([NOT_STATED if f.net_fixed_assets is None else f.net_fixed_assets for f in facts], np.int64)
    notice = np.array([_notice_short(f) for f in facts], np.int64)
    return {
        "home": totals["home"],
        "assets_over": np.ma.MaskedArray(np.maximum(prepaid - assets, 0), unsaid | (assets == NOT_STATED)),
        "notice_short": np.ma.MaskedArray(notice, notice == NOT_STATED),
    }


def _notice_short(home: HomeFacts) -> int:
    if home.closes_on is None or home.noticed_on is None:
        return NOT_STATED
    last = home.closes_on - timedelta(days=NOTICE_DAYS)
    return max(days(home.noticed_on) - days(last), 0)
