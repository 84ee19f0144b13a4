"""Prepaid fees of eldercare homes: the facts' examples, an oracle, laws, edges in time, and bad input."""

from __future__ import annotations

import re
import time
import tomllib
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import oracle_prepaid as oracle
import pytest

from civaffairs.errors import MoneyError, TableError, UsageError
from civaffairs.labels import Labelled
from civaffairs.law.parameters import merge
from civaffairs.law.timeline import DeclaredUnknown
from civaffairs.money import Rounding, yuan
from civaffairs.registers.eldercare.kinds import HomeKind
from civaffairs.registers.prepaid.book import (
    CONTRACT_COLUMNS,
    LARGEST_CONTRACT_FEN,
    PrepaidBook,
    PrepaidContract,
)
from civaffairs.registers.prepaid.checks import CHECKS, FIRST_DAY, prepaid_values
from civaffairs.registers.prepaid.homes import HomeFacts, home_totals, provincial_home_findings
from civaffairs.registers.prepaid.refunds import (
    Interest,
    LastDay,
    RefundReason,
    Refunds,
    YearOfInterest,
    refund,
)
from civaffairs.registers.prepaid.supervision import Comparator, PrepaidFindings, supervise
from civaffairs.workdays import Roll

Choice = TypeVar("Choice", bound=Labelled)

CASES = tomllib.loads((Path(__file__).with_name("cases") / "registers" / "prepaid.toml").read_text("utf-8"))
NANNING = "450100"
ON = date(2026, 6, 1)
DAY = date(2025, 6, 1)
COLUMNS = tuple(CONTRACT_COLUMNS)
ORACLE_ROWS = 50_000
LAST_DAYS = {"with": LastDay.DELIVERED, "without": LastDay.NOT_DELIVERED, "": None}
REASONS = {
    "operator": RefundReason.OPERATOR,
    "consumer": RefundReason.CONSUMER,
    "no_reason": RefundReason.NO_REASON,
}


def contract(**facts: Any) -> PrepaidContract:  # noqa: ANN401
    every: dict[str, Any] = {"contract": "A", "home": "H", "signed_on": DAY} | facts
    return PrepaidContract(**every)


def book_of(*contracts: PrepaidContract) -> PrepaidBook:
    return PrepaidBook.from_contracts(contracts)


def one_row(**cells: object) -> PrepaidBook:
    """A table of one contract, in yuan."""
    return PrepaidBook.from_columns(
        {name: [cell] for name, cell in ({"contract": "A", "home": "H", "signed_on": DAY} | cells).items()}
    )


def refund_one(book: PrepaidBook, ended_on: date, reason: RefundReason, units: int | None = 0, **more: Any) -> Refunds:  # noqa: ANN401
    delivered = None if units is None else np.full(len(book), units)
    return refund(book, ended_on, reason=reason, delivered=delivered, **({"rounding": Rounding.HALF_UP} | more))


def member(choices: type[Choice], value: str) -> Choice:
    return {each.value: each for each in choices}[value]


# The examples of the facts.


@pytest.mark.parametrize("case", CASES["supervision"], ids=lambda case: case["id"])
def test_supervision_finds_what_the_examples_say(case: dict[str, Any]) -> None:
    found = supervise(one_row(**case["contract"]), ON, place=NANNING)[case["check"]]
    assert not found.not_checked[0]
    assert (found.over[0], found.breach[0]) == (case["over"], case["over"] > 0)


@pytest.mark.parametrize("case", CASES["refund"], ids=lambda case: case["id"])
def test_a_refund_is_what_the_examples_say(case: dict[str, Any]) -> None:
    refunds = refund_one(
        one_row(**case["contract"]),
        case["ended_on"],
        member(RefundReason, case["reason"]),
        case.get("delivered"),
        by_days=member(LastDay, case["by_days"]) if "by_days" in case else None,
        roll=member(Roll, case["roll"]) if "roll" in case else None,
    )
    if "why" in case:
        assert case["why"] in refunds.why_not[0]
        assert refunds.refund.tolist() == [-1]
    else:
        assert refunds.why_not == [""]
        assert (refunds.value[0], refunds.refund[0]) == (yuan(case["value"]), yuan(case["refund"]))


def test_the_examples_pay_interest_on_what_goes_back() -> None:
    book = one_row(**CASES["refund"][0]["contract"])
    terms = Interest(
        rate=Fraction(31, 1000),
        since=date(2025, 11, 1),
        until=date(2026, 2, 9),
        year=YearOfInterest.DAYS_365,
        rounding=Rounding.HALF_UP,
    )
    refunds = refund_one(book, date(2025, 11, 1), RefundReason.OPERATOR, 5, interest=terms)
    assert refunds.interest is not None
    assert refunds.interest.tolist() == [17836]  # 2,100,000 fen × 0.031 × 100 ÷ 365 = 17,835.6…
    assert "art. 16" in refunds.explain(0)[-1]


# The oracle.


@cache
def drawn() -> tuple[tuple[dict[str, Any], ...], PrepaidBook]:
    """Contracts of every sort around every edge, as the oracle and as the library hold them."""
    rng = np.random.default_rng(20240510)
    n = ORACLE_ROWS
    edges = [oracle.OPINIONS_PUBLIC, oracle.INTERPRETATION, oracle.GUIDE_PUBLIC, date(2025, 9, 20)]

    def days() -> list[Any]:
        edge = rng.integers(0, len(edges), n)
        return [edges[e] + timedelta(days=int(d)) for e, d in zip(edge, rng.integers(-3, 40, n), strict=True)]

    def money(largest: int) -> list[Any]:
        round_sums = rng.integers(0, largest // 10_000, n) * 10_000
        return np.where(rng.random(n) < 0.7, round_sums, rng.integers(0, largest, n)).tolist()  # type: ignore[no-any-return]

    def flags() -> list[Any]:
        return (rng.random(n) < 0.4).tolist()  # type: ignore[no-any-return]

    def unsaid(values: list[Any], often: float = 0.08) -> list[Any]:
        return [None if gone else value for value, gone in zip(values, rng.random(n) < often, strict=True)]

    bed = money(500_000)
    price = money(500_000)
    columns = {
        "contract": [f"c{row}" for row in range(n)],
        "home": [f"h{home}" for home in rng.integers(0, 300, n)],
        "home_kind": unsaid([list(HomeKind)[kind] for kind in rng.integers(0, 4, n)]),
        "signed_on": days(),
        "paid_on": unsaid(days()),
        "from_day": unsaid(days()),
        "months": unsaid(rng.integers(1, 26, n).tolist()),
        "prepaid": unsaid(money(5_000_000), 0.03),
        "bed_fee": unsaid(bed),
        "deposit": unsaid(
            [b * int(t) + int(o) for b, t, o in zip(bed, rng.integers(0, 15, n), rng.integers(0, 2, n), strict=True)]
        ),
        "membership_fee": unsaid([int(m) for m in rng.integers(0, 2, n) * 5_000_000]),
        "gift": unsaid([int(g) for g in rng.integers(0, 3, n) * 33_333]),
        "unit_price": unsaid(price),
        "list_unit_price": unsaid([p + int(more) for p, more in zip(price, rng.integers(0, 90_000, n), strict=True)]),
        "unlimited": unsaid(flags()),
        "had_service_before": unsaid(flags()),
        "in_custody": unsaid(flags()),
        "custody_days": unsaid(rng.integers(0, 4, n).tolist()),
        "reserve_kept": unsaid(flags()),
        "returns_promised": unsaid(flags()),
        "risky_investment": unsaid(flags()),
    }
    each = tuple(dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return each, PrepaidBook.from_columns(columns, in_fen=True)


def test_every_contract_that_was_drawn_is_kept() -> None:
    each, book = drawn()
    assert len(each) == len(book) == book.rows_in == ORACLE_ROWS
    assert not book.problems


@pytest.mark.parametrize("on", [oracle.OPINIONS_PUBLIC - timedelta(days=1), date(2025, 6, 1), ON])
def test_supervision_agrees_with_the_oracle(on: date) -> None:
    each, book = drawn()
    findings = supervise(book, on, place=NANNING)
    expected = [oracle.supervised(facts, on) for facts in each]
    assert [check.name for check in CHECKS] == list(expected[0])
    for check in CHECKS:
        found = findings[check.name]
        states = [answer[check.name] for answer in expected]
        assert found.breach.tolist() == [state == oracle.BROKEN for state, _ in states]
        assert found.not_checked.tolist() == [state == oracle.OPEN for state, _ in states]
        assert found.over.tolist() == [over for _, over in states]
        assert [gap.contracts for gap in found.open] == np.bincount(found.why)[1:].tolist()
        assert sum(gap.contracts for gap in found.open) == np.count_nonzero(found.not_checked)


@pytest.mark.parametrize(
    ("by_units", "by_days", "roll"),
    [
        (True, "with", Roll.NEVER),
        (True, "", Roll.HOLIDAYS),
        (False, "without", Roll.HOLIDAYS_AND_WEEKENDS),
        (False, "with", Roll.HOLIDAYS),
    ],
)
def test_refunds_agree_with_the_oracle(by_units: bool, by_days: str, roll: Roll) -> None:
    each, book = drawn()
    ended, reason, units = endings()
    names = list(REASONS)
    refunds = refund(
        book,
        ended,
        reason=reason,
        rounding=Rounding.HALF_UP,
        delivered=units if by_units else None,
        by_days=LAST_DAYS[by_days],
        roll=roll,
    )
    expected = [
        oracle.refunded(facts, end, names[why], unit if by_units else None, by_days, str(roll.value))
        for facts, end, why, unit in zip(each, ended.tolist(), reason.tolist(), units.tolist(), strict=True)
    ]
    assert refunds.told.tolist() == [answer is not None for answer in expected]
    assert refunds.value.tolist() == [-1 if answer is None else answer[0] for answer in expected]
    assert refunds.refund.tolist() == [-1 if answer is None else answer[1] for answer in expected]
    assert all((why == "") == told for why, told in zip(refunds.why_not, refunds.told.tolist(), strict=True))
    told_by_reason = np.bincount(reason[refunds.told], minlength=3)
    assert (told_by_reason > 50).all()  # the draw reaches every kind


def test_interest_agrees_with_the_oracle() -> None:
    _, book = drawn()
    ended, reason, units = endings()
    rates = [Fraction(31, 1000), Fraction(15, 1000), Fraction(345, 10_000)]
    own = [rates[row % 3] for row in range(len(book))]
    terms = Interest(
        rate=own, since=ended, until=date(2028, 3, 1), year=YearOfInterest.DAYS_360, rounding=Rounding.HALF_UP
    )
    refunds = refund(
        book,
        ended,
        reason=reason,
        rounding=Rounding.HALF_UP,
        delivered=units,
        by_days=LastDay.DELIVERED,
        roll=Roll.NEVER,
        interest=terms,
    )
    assert refunds.interest is not None
    expected = [
        oracle.interest(back, rate, end, date(2028, 3, 1), 360) if back >= 0 else -1
        for back, rate, end in zip(refunds.refund.tolist(), own, ended.tolist(), strict=True)
    ]
    assert refunds.interest.tolist() == expected


@cache
def endings() -> tuple[Any, Any, Any]:
    """When, why and after how many units each drawn contract ends; many just before or after an edge."""
    rng = np.random.default_rng(7)
    _, book = drawn()
    paid = np.where(np.isnat(book["paid_on"]), np.datetime64("2025-06-01"), book["paid_on"])
    ended = paid + rng.integers(-1, 12, len(book))
    ended = np.where(rng.random(len(book)) < 0.6, ended, paid + rng.integers(0, 500, len(book)))
    reason = rng.integers(0, 3, len(book)).astype(np.int8)
    units = np.where(rng.random(len(book)) < 0.3, 0, rng.integers(-1, 30, len(book)))
    return ended.astype("datetime64[D]"), reason, units


# Laws.


def refunds_of(book: PrepaidBook, rows: Any) -> Refunds:  # noqa: ANN401
    ended, reason, units = endings()
    return refund(
        book.take(rows),
        ended[rows],
        reason=reason[rows],
        rounding=Rounding.DOWN,
        delivered=units[rows],
        by_days=LastDay.DELIVERED,
        roll=Roll.HOLIDAYS,
    )


def test_a_refund_lies_between_nothing_and_what_was_paid() -> None:
    _, book = drawn()
    refunds = refunds_of(book, np.arange(len(book)))
    told = refunds.told
    assert (refunds.refund[told] >= 0).all()
    assert (refunds.refund[told] <= book["prepaid"][told]).all()
    assert refunds.total() == sum(refunds.refund[told].tolist())


@pytest.mark.parametrize("reason", [RefundReason.OPERATOR, RefundReason.CONSUMER])
@pytest.mark.parametrize("by_units", [True, False])
def test_a_longer_stay_never_raises_a_refund(reason: RefundReason, by_units: bool) -> None:
    _, whole = drawn()
    book = whole.take(np.arange(2_000))
    before = np.full(len(book), LARGEST_CONTRACT_FEN)
    for stay in range(0, 30, 3):
        ended_on = date(2026, 1, 1) + timedelta(days=0 if by_units else 20 * stay)
        refunds = refund_one(book, ended_on, reason, stay if by_units else None, by_days=LastDay.NOT_DELIVERED)
        assert (refunds.refund <= before).all()
        before = refunds.refund


def test_the_operators_fault_never_costs_the_consumer_more() -> None:
    _, whole = drawn()
    stated = (whole["gift"] >= 0) & (whole["list_unit_price"] >= 0) & (whole["unit_price"] >= 0)
    book = whole.take(stated)
    at_fault = refund_one(book, ON, RefundReason.OPERATOR, 6, by_days=LastDay.DELIVERED)
    own = refund_one(book, ON, RefundReason.CONSUMER, 6, by_days=LastDay.DELIVERED)
    assert (at_fault.told == own.told).all()
    assert (at_fault.refund >= own.refund).all()
    assert (at_fault.refund > own.refund).any()


def test_a_batch_is_its_single_contracts_and_order_does_not_matter() -> None:
    _, book = drawn()
    rng = np.random.default_rng(3)
    rows = rng.permutation(len(book))[:150]
    together = refunds_of(book, rows)
    findings = supervise(book.take(rows), ON, place=NANNING)
    for place, row in enumerate(rows.tolist()):
        alone = refunds_of(book, np.array([row]))
        assert alone.refund[0] == together.refund[place]
        assert alone.why_not[0] == together.why_not[place]
        assert alone.explain(0) == together.explain(place)
        assert supervise(book.take(np.array([row])), ON, place=NANNING).explain(0) == findings.explain(place)


def test_supervision_does_not_change_the_refund() -> None:
    facts = {"prepaid": 3_600_000, "gift": 0, "unit_price": 300_000, "unlimited": False}
    books = [book_of(contract(months=months, deposit=10**8, bed_fee=1, **facts)) for months in (12, 24)]
    assert [supervise(book, ON, place=NANNING)["fee_covers_few_months"].breach[0] for book in books] == [False, True]
    refunds = [refund_one(book, ON, RefundReason.OPERATOR, 5).refund[0] for book in books]
    assert refunds == [2_100_000, 2_100_000]


def test_an_empty_book_has_no_findings() -> None:
    book = book_of()
    assert not supervise(book, ON, place=NANNING).breach.any()
    assert refund_one(book, ON, RefundReason.OPERATOR).total() == 0
    assert len(home_totals(supervise(book, ON, place=NANNING))["home"]) == 0


# Edges in time.


@pytest.mark.parametrize(("days", "checked"), [(-1, False), (0, True), (1, True)])
def test_no_contract_is_held_to_opinions_that_were_not_public(days: int, checked: bool) -> None:
    assert date(2024, 5, 10) == FIRST_DAY
    signed = FIRST_DAY + timedelta(days=days)
    found = supervise(book_of(contract(signed_on=signed, months=13)), ON, place=NANNING)["fee_covers_few_months"]
    assert (found.breach[0], found.not_checked[0]) == (checked, not checked)
    assert [gap.reason.startswith("signed before 2024-05-10") for gap in found.open] == [True] * (not checked)


@pytest.mark.parametrize(("days", "told"), [(-1, False), (0, True), (1, True)])
def test_no_refund_is_reckoned_before_the_courts_rules(days: int, told: bool) -> None:
    facts = {"signed_on": date(2025, 1, 1), "prepaid": 100, "gift": 0, "unit_price": 1, "unlimited": False}
    ended_on = date(2025, 5, 1) + timedelta(days=days)
    refunds = refund_one(book_of(contract(**facts)), ended_on, RefundReason.OPERATOR)
    assert refunds.told.tolist() == [told]
    assert refunds.refund.tolist() == [100 if told else -1]
    assert ("ended before 2025-05-01" in refunds.why_not[0]) is not told


def test_a_contract_signed_after_the_day_is_not_checked() -> None:
    found = supervise(book_of(contract(months=13)), DAY - timedelta(days=1), place=NANNING)["fee_covers_few_months"]
    assert found.not_checked.tolist() == [True]


def test_the_custody_guide_binds_nobody_before_it_was_public() -> None:
    facts = {"deposit": 1, "membership_fee": 0, "custody_days": 9}
    days = (date(2025, 11, 18), date(2025, 11, 19))
    book = book_of(*(contract(contract=f"{day}", signed_on=day, **facts) for day in days))
    found = supervise(book, ON, place=NANNING)["moved_to_custody_in_time"]
    assert (found.not_checked.tolist(), found.over.tolist()) == ([True, False], [0, 8])


def test_a_year_without_its_notices_leaves_the_seventh_day_open() -> None:
    facts = {"prepaid": 100, "unlimited": False, "had_service_before": False}
    years = (2026, 2040)
    book = book_of(*(contract(contract=f"{year}", paid_on=date(year, 6, 1), **facts) for year in years))
    ended = np.array([f"{year}-06-02" for year in years], "datetime64[D]")
    refunds = refund(
        book,
        ended,
        reason=RefundReason.NO_REASON,
        rounding=Rounding.DOWN,
        delivered=np.zeros(2, np.int64),
        roll=Roll.HOLIDAYS,
    )
    assert refunds.refund.tolist() == [100, -1]
    assert "2040" in refunds.why_not[1]


# What is not stated, and what is not known.


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_what_is_not_stated_is_not_checked_and_counted(check: Any) -> None:  # noqa: ANN401
    found = supervise(book_of(contract(signed_on=date(2026, 1, 1))), ON, place=NANNING)[check.name]
    assert (found.breach[0], found.not_checked[0]) == (False, True)
    assert [gap.contracts for gap in found.open] == [1]
    assert "is not stated" in found.open[0].reason


def test_one_fee_that_is_there_is_enough_to_need_custody() -> None:
    book = book_of(
        contract(contract="no custody, other fee not stated", deposit=1, in_custody=False),
        contract(contract="nothing held", deposit=0, membership_fee=0),
        contract(contract="not known whether", deposit=0),
    )
    found = supervise(book, ON, place=NANNING)["held_in_custody"]
    assert found.breach.tolist() == [True, False, False]
    assert found.not_checked.tolist() == [False, False, True]


@pytest.mark.parametrize("name", ["risk_reserve_share", "membership_fee_cap", "transition_ends", "correction_days"])
def test_what_nobody_published_is_declared_unknown(name: str) -> None:
    with pytest.raises(DeclaredUnknown, match="look in"):
        prepaid_values()[name].at(NANNING, ON)


def test_the_findings_name_the_limits_that_are_not_known() -> None:
    notes = " ".join(supervise(book_of(contract()), ON, place=NANNING).notes)
    for name in ("regional_prepaid_months", "regional_deposit_times", "risk_reserve_share", "membership_fee_cap"):
        assert name in notes
    assert "secondary reading: check" in notes


@pytest.mark.parametrize(("months", "over"), [(6, [1, 7]), (18, [1, 1])])
def test_a_stricter_region_counts_from_its_day_and_a_laxer_one_never(months: int, over: list[int]) -> None:
    values = merge(
        prepaid_values(),
        f"""
        checked = 2026-11-24
        [[document]]
        key = "regional-rules"
        title_zh = "地方规定"
        title_en = "Rules of a region"
        issuer = "a region"
        kind = "notice"
        read = "issuer"
        issued = 2025-07-01
        [regional_prepaid_months]
        rows = [ {{ place = "450000", from = 2025-07-01, value = {months}, cite = "regional-rules" }} ]
        """,
    )
    days = (date(2025, 6, 30), date(2025, 7, 1))
    book = book_of(*(contract(contract=f"{day}", signed_on=day, months=13) for day in days))
    found = supervise(book, ON, place=NANNING, values=values)["fee_covers_few_months"]
    assert found.over.tolist() == over


def test_the_unnamed_province_speaks_only_when_called() -> None:
    book = book_of(
        *(contract(contract=kind.value, home_kind=kind, membership_fee=500) for kind in HomeKind),
        contract(contract="kind not stated", membership_fee=500),
    )
    silent = supervise(book, ON, place=NANNING)
    assert not any(finding.check.weak for finding in silent.findings)
    called = supervise(book, ON, place=NANNING, comparators=[Comparator.UNNAMED_PROVINCE_2024])
    found = called["public_home_takes_no_membership_fee"]
    assert found.over.tolist() == [500, 500, 0, 0, 0]
    assert found.not_checked.tolist() == [False] * 4 + [True]
    assert "weak comparator" in str(called)
    assert "weak" in called.notes[-1]


def test_homes_beside_the_unnamed_province() -> None:
    book = book_of(
        contract(contract="a", prepaid=300, deposit=200, membership_fee=0),
        contract(contract="b", home="I", prepaid=300),
    )
    homes = {
        "H": HomeFacts(net_fixed_assets=499, noticed_on=date(2026, 5, 3), closes_on=date(2026, 6, 1)),
        "I": HomeFacts(net_fixed_assets=1, noticed_on=date(2026, 5, 2), closes_on=date(2026, 6, 1)),
    }
    found = provincial_home_findings(supervise(book, ON, place=NANNING), homes)
    assert found["assets_over"].tolist() == [1, None]
    assert found["notice_short"].tolist() == [1, 0]


# Homes, explanations, speed.


def test_the_sums_of_homes_are_exact() -> None:
    each, book = drawn()
    findings = supervise(book, ON, place=NANNING)
    totals = home_totals(findings)
    at = {home: row for row, home in enumerate(totals["home"].tolist())}
    sums = dict.fromkeys(at, 0)
    for facts in each:
        sums[facts["home"]] += facts["deposit"] or 0
    assert {home: int(totals["deposit"][row]) for home, row in at.items()} == sums
    assert totals["deposit_not_stated"].sum() == sum(facts["deposit"] is None for facts in each)
    assert totals["breaches"].sum() == np.count_nonzero(findings.breach)
    assert totals["contracts"].sum() == len(book)


def test_a_sum_that_does_not_fit_is_refused() -> None:
    book = book_of(contract(contract="a", deposit=1), contract(contract="b", deposit=1))
    book.columns["deposit"][:] = 2**62
    with pytest.raises(MoneyError, match="64 bits"):
        home_totals(supervise(book, date(2024, 1, 1), place=NANNING))


def test_a_finding_explains_itself() -> None:
    book = book_of(contract(deposit=2_500_000, bed_fee=200_000, months=None))
    lines = supervise(book, ON, place=NANNING).explain(0)
    assert lines[0].startswith("not checked, months is not stated: A prepaid service fee covers")
    assert lines[1].startswith("broken, over by 1,000.00")
    assert "deposit 25,000.00 yuan, bed_fee 2,000.00 yuan, most_deposit_times 12" in lines[1]
    assert "养老机构预收费监管的指导意见" in lines[1]


def test_a_refund_explains_itself() -> None:
    book = one_row(**CASES["refund"][3]["contract"])
    lines = refund_one(book, date(2025, 11, 1), RefundReason.OPERATOR, 3594).explain(0)
    assert "3,000.00/4,000.00 was paid for: 2,695.50 yuan" in lines[2]
    assert "art. 18" in lines[2]
    assert "art. 15" in lines[3]
    capped = one_row(**CASES["refund"][2]["contract"])
    assert "art. 20" in refund_one(capped, ON, RefundReason.CONSUMER, 11).explain(0)[3]
    assert (
        refund_one(capped, date(2025, 4, 1), RefundReason.CONSUMER).explain(0)[1].startswith("not told: ended before")
    )


def test_every_explanation_can_be_written() -> None:
    _, whole = drawn()
    refunds = refunds_of(whole, np.arange(500))
    days = refund_one(whole.take(np.arange(500)), ON, RefundReason.CONSUMER, None, by_days=LastDay.DELIVERED)
    findings = supervise(refunds.book, ON, place=NANNING)
    for row in range(500):
        told = " ".join([*refunds.explain(row), *days.explain(row), *findings.explain(row)])
        assert not re.search(r"(?<!\d)-(1|0\.01)(?![\d,.])", told)  # no mark of what is not stated


def test_what_is_not_told_is_masked_in_tables() -> None:
    book = book_of(contract(contract="a"), contract(contract="b", months=13))
    table = supervise(book, ON, place=NANNING).columns()
    assert table["fee_covers_few_months_over"].tolist() == [None, 1]
    assert refund_one(book, ON, RefundReason.OPERATOR).columns()["refund"].tolist() == [None, None]


def test_a_hundred_thousand_contracts_take_well_under_a_second() -> None:
    _, book = drawn()
    twice = book.take(np.arange(2 * len(book)) % len(book))
    ended, reason, units = (np.tile(column, 2) for column in endings())
    start = time.perf_counter()
    supervise(twice, ON, place=NANNING)
    refund(
        twice,
        ended,
        reason=reason,
        rounding=Rounding.HALF_UP,
        delivered=units,
        by_days=LastDay.DELIVERED,
        roll=Roll.HOLIDAYS,
    )
    assert time.perf_counter() - start < 1


# Bad input.


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("contract", "", "is missing"),
        ("home", None, "is missing"),
        ("signed_on", "", "is missing"),
        ("signed_on", "01/02/2026", "order of day and month"),
        ("signed_on", "2025-02-29", "no day of the calendar"),
        ("home", "52450103MJX000026H", "is not a unified social credit code"),
        ("home_kind", "publik", "is not one of the listed words"),
        ("months", "0", "is not between 1 and 1200"),
        ("months", "12.5", "is not a whole number"),
        ("prepaid", "0.005", "has a fraction of a fen"),
        ("deposit", "-1", "is negative"),
        ("deposit", "１０００", "full-width"),
        ("deposit", "100000000", "is above"),
        ("deposit", True, "is of the wrong type"),
        ("bed_fee", "nan", "is not a number"),
        ("in_custody", "maybe", "is neither yes nor no"),
        ("custody_days", -1, "is not between"),
        ("list_unit_price", "1", "is below the discounted price"),
    ],
)
def test_a_bad_row_is_set_aside_and_told_while_others_go_on(column: str, cell: object, reason: str) -> None:
    cells: dict[str, list[object]] = {
        "contract": ["A", "B"],
        "home": ["H", "52450103MJX000026G"],
        "signed_on": [DAY, DAY],
        "unit_price": ["2", "2"],
    }
    cells.setdefault(column, [None, None])[0] = cell
    book = PrepaidBook.from_columns(cells)
    assert book["contract"].tolist() == ["B"]
    assert book.rows.tolist() == [2]
    assert (len(book), book.rows_in) == (1, 2)
    assert [(problem.row, problem.column) for problem in book.problems] == [(1, column)]
    assert reason in book.problems[0].reason
    assert book.problems[0].hint


def test_of_a_contract_that_is_there_twice_neither_is_kept() -> None:
    book = book_of(contract(contract="A"), contract(contract="B"), contract(contract="A"))
    assert book["contract"].tolist() == ["B"]
    assert [problem.row for problem in book.problems] == [1, 3]


def test_identity_numbers_are_masked_in_problems() -> None:
    assert "19900101" not in str(one_row(contract="450103199001011234", deposit="450103199001011234").problems)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"contract": ["A"], "home": ["H"]}, "missing column 'signed_on'"),
        ({"contract": ["A"], "home": ["H"], "signed_on": [DAY], "deposits": [1]}, "did you mean 'deposit'"),
        ({"contract": ["A"], "home": ["H", "I"], "signed_on": [DAY]}, "differ in length"),
        ({}, "missing column 'contract'"),
    ],
)
def test_what_is_no_table_of_contracts_is_refused(table: dict[str, Any], message: str) -> None:
    with pytest.raises(TableError, match=message):
        PrepaidBook.from_columns(table)


GOOD: dict[str, Any] = {"rounding": Rounding.DOWN, "reason": RefundReason.OPERATOR, "delivered": np.array([1])}
TERMS: dict[str, Any] = {
    "rate": Fraction(1, 10),
    "since": DAY,
    "until": ON,
    "year": YearOfInterest.DAYS_365,
    "rounding": Rounding.DOWN,
}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"delivered": None}, "what was delivered is not said"),
        ({"delivered": np.array([1, 2])}, "one for each of the 1 contracts"),
        ({"delivered": np.array([-2])}, "whole numbers from -1"),
        ({"delivered": np.array([0.5])}, "whole numbers"),
        ({"reason": np.array([3])}, "whole numbers from 0 to 2"),
        ({"reason": RefundReason.NO_REASON}, "give roll="),
        ({"interest": Interest(**(TERMS | {"since": ON, "until": DAY}))}, "give the earlier day first"),
        ({"interest": Interest(**(TERMS | {"rate": 0.1}))}, "is a Fraction"),
        ({"interest": Interest(**(TERMS | {"rate": Fraction(-1, 10)}))}, "from 0 to 1"),
        ({"interest": Interest(**(TERMS | {"rate": [Fraction(1)] * 2}))}, "one for each contract"),
    ],
)
def test_a_refund_asked_for_wrongly_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        refund(book_of(contract(prepaid=1)), ON, **(GOOD | wrong))


def test_a_rate_that_does_not_fit_is_refused() -> None:
    terms = Interest(**(TERMS | {"rate": Fraction(1, 10**12 + 1)}))
    with pytest.raises(MoneyError, match="64 bits"):
        refund(book_of(contract(prepaid=1)), ON, **GOOD, interest=terms)


@pytest.mark.parametrize("days", [np.array(["2025-06-01"] * 2, "datetime64[D]"), np.array(["NaT"], "datetime64[D]")])
def test_days_that_do_not_go_with_the_book_are_refused(days: Any) -> None:  # noqa: ANN401
    with pytest.raises(UsageError, match="do not go with 1 contracts"):
        refund(book_of(contract(prepaid=1)), days, **GOOD)


def test_a_name_that_is_not_there_is_answered_with_the_nearest() -> None:
    findings: PrepaidFindings = supervise(book_of(contract()), ON, place=NANNING)
    with pytest.raises(UsageError, match="did you mean 'deposit_is_small'"):
        findings["deposit_is_smal"]
    with pytest.raises(UsageError, match="did you mean 'deposit'"):
        findings.book["deposits"]


def test_the_largest_contract_fits_in_every_product() -> None:
    most = LARGEST_CONTRACT_FEN
    book = book_of(
        contract(contract="a", prepaid=most, gift=most, unit_price=most, list_unit_price=most, unlimited=False),
        contract(contract="b", prepaid=most, list_unit_price=most, unlimited=False, from_day=DAY, months=1200),
        contract(contract="c", prepaid=most, bed_fee=most, deposit=most, membership_fee=most),
    )
    units = np.array([100_000, 0, 0])
    by_units = refund(book, ON, reason=RefundReason.OPERATOR, rounding=Rounding.HALF_UP, delivered=units)
    assert by_units.value[0] == most * 100_000 // 2
    refund_one(book, date(2125, 5, 1), RefundReason.CONSUMER, None, by_days=LastDay.DELIVERED)
    supervise(book, ON, place=NANNING)
