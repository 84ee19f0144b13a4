"""What income of a family counts (家庭收入): four kinds, what is excluded, what is deducted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import Unit, every, rule, total
from civaffairs.rules.values import COMMON_MONTHS, Count, Day, Flags, Losses
from civaffairs.schemes.members import adult, counted_member
from civaffairs.schemes.severity import severe_unemployed

MEASURES = document("dibao-review-measures")
NOTICE = document("backstop-notice")

SINCE: Final = date(2021, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
INCOME = MEASURES.article(13)

_TIMES: Final = np.array([0, *(COMMON_MONTHS // months for months in range(1, 13))], np.int64)


def per_common_months(amount: Fen, months: Count) -> Fen:
    """State an amount that covers some months for the common number of months, exactly.

    >>> per_common_months(np.array([150_000]), np.array([1])) // COMMON_MONTHS
    array([150000])
    """
    return amount * _TIMES.take(months, mode="clip")


def net(receipts: Fen, costs: Fen, day: Day) -> Fen:
    """Take costs off the receipts of one kind of income; by convention a loss stays within its kind."""
    rest = receipts - costs
    return np.maximum(rest, 0) if day.conventions.losses is Losses.WITHIN_KIND else rest


@rule(
    PERSON,
    MEASURES.article(13, paragraph=1, item=1),
    zh="工资性收入",
    since=SINCE,
    unit=Unit.FEN_COMMON,
    conventions=("losses",),
)
def net_wages(wage_income: Fen, employment_cost: Fen, wage_months: Count, day: Day) -> Fen:
    """Pay and allowances less the necessary costs of working."""
    return per_common_months(net(wage_income, employment_cost, day), wage_months)


@rule(
    PERSON,
    MEASURES.article(13, paragraph=1, item=2),
    zh="经营净收入",
    since=SINCE,
    unit=Unit.FEN_COMMON,
    conventions=("losses",),
)
def net_business_income(business_income: Fen, business_cost: Fen, business_months: Count, day: Day) -> Fen:
    """Receipts of farming, trade or services less costs, depreciation and production taxes."""
    return per_common_months(net(business_income, business_cost, day), business_months)


@rule(
    PERSON,
    MEASURES.article(13, paragraph=1, item=3),
    zh="财产净收入",
    since=SINCE,
    unit=Unit.FEN_COMMON,
    conventions=("losses",),
)
def net_property_income(property_income: Fen, property_cost: Fen, property_months: Count, day: Day) -> Fen:
    """Interest, dividends and rents less the costs that belong to them."""
    return per_common_months(net(property_income, property_cost, day), property_months)


@rule(PERSON, MEASURES.article(13, paragraph=2, item=3), zh="不计入的基础养老金", since=SINCE)
def excluded_basic_pension(basic_pension: Fen) -> Fen:
    """During the 14th five-year plan the centrally set basic pension of residents does not count."""
    return basic_pension


@rule(
    PERSON,
    MEASURES.article(13, paragraph=2, item=3),
    zh="不计入的基础养老金（“十四五”期满后无）",
    since=date(2026, 1, 1),
    name="excluded_basic_pension",
)
def no_pension_excluded() -> Fen:
    """The exclusion was for the 14th five-year plan, which ended with 2025; no extension was found."""
    return np.int64(0)  # type: ignore[return-value]


@rule(PERSON, NOTICE.section("一(一)"), zh="有豁免的供养费用", since=date(2022, 10, 20))
def has_exempted_support(exempted_support: Fen) -> Flags:
    """Some support from siblings or from persons of 60 and over was exempted by the office."""
    return exempted_support > 0


@rule(PERSON, NOTICE.section("一(一)"), zh="无业", since=date(2022, 10, 20))
def unemployed(employed: Flags) -> Flags:
    """Has no work."""
    return ~employed


unemployed_severe_adult = every(
    "unemployed_severe_adult",
    PERSON,
    adult,
    unemployed,
    severe_unemployed,
    cites=(NOTICE.section("一(一)"),),
    zh="成年无业重度残疾人",
    meaning="A grown, unemployed, severely disabled person.",
    since=date(2022, 10, 20),
)


@rule(PERSON, MEASURES.article(13), zh="豁免的供养费用（2022年10月20日前无）", since=SINCE, name="excluded_support")
def no_support_excluded() -> Fen:
    """Before the notice of 2022 no support from relatives was exempted."""
    return np.int64(0)  # type: ignore[return-value]


@rule(PERSON, NOTICE.section("一(一)"), zh="豁免的供养费用", since=date(2022, 10, 20), only_where=has_exempted_support)
def excluded_support(exempted_support: Fen, unemployed_severe_adult: Flags) -> Fen:
    """Support that the office exempted for a grown, unemployed, severely disabled person does not count."""
    return exempted_support * unemployed_severe_adult


@rule(PERSON, MEASURES.article(13), zh="领取高龄津贴", since=SINCE)
def receives_old_age_allowance(old_age_allowance_income: Fen) -> Flags:
    """Some of the transfers received is old-age allowance."""
    return old_age_allowance_income > 0


@rule(PERSON, MEASURES.article(13), zh="不计入的高龄津贴", since=SINCE, only_where=receives_old_age_allowance)
def excluded_old_age_allowance(old_age_allowance_income: Fen, old_age_allowance_counted: Flags) -> Fen:
    """Old-age allowance does not count where the place's rules say so; art. 13 is silent on it."""
    return old_age_allowance_income * ~old_age_allowance_counted


@rule(PERSON, MEASURES.article(13, paragraph=2), zh="不计入家庭收入的项目", since=SINCE)
def excluded_income(
    award_income: Fen,
    assistance_income: Fen,
    locally_exempt_income: Fen,
    excluded_basic_pension: Fen,
    excluded_support: Fen,
    excluded_old_age_allowance: Fen,
) -> Fen:
    """What of the transfers received does not count as income."""
    listed = award_income + assistance_income + locally_exempt_income
    return listed + excluded_basic_pension + excluded_support + excluded_old_age_allowance


@rule(PERSON, MEASURES.article(13, paragraph=1, item=4), zh="转移净收入", since=SINCE, unit=Unit.FEN_COMMON)
def net_transfers(transfer_income: Fen, excluded_income: Fen, transfer_paid: Fen, transfer_months: Count) -> Fen:
    """Regular transfers that count, less taxes, contributions and maintenance paid, which may be the more."""
    return per_common_months(transfer_income - excluded_income - transfer_paid, transfer_months)


@rule(PERSON, MEASURES.article(13, paragraph=3), zh="刚性支出扣减", since=SINCE, unit=Unit.FEN_COMMON)
def hardship_deduction(rigid_deduction: Fen, deduction_months: Count) -> Fen:
    """What the office deducts for the costs of disability or serious illness."""
    return per_common_months(rigid_deduction, deduction_months)


@rule(PERSON, INCOME, zh="计入的收入", since=SINCE, unit=Unit.FEN_COMMON)
def counted_income(
    net_wages: Fen, net_business_income: Fen, net_property_income: Fen, net_transfers: Fen, hardship_deduction: Fen
) -> Fen:
    """The four kinds of income less the deduction; below nought if more is paid and deducted than comes in."""
    return net_wages + net_business_income + net_property_income + net_transfers - hardship_deduction


members_income = total(
    "members_income",
    counted_income,
    INCOME,
    zh="成员收入合计",
    meaning="The income of the members who count; one member's deduction also takes from another's income.",
    since=SINCE,
    where=counted_member,
    unit=Unit.FEN_COMMON,
)


@rule(HOUSEHOLD, INCOME, zh="家庭收入", since=SINCE, unit=Unit.FEN_COMMON)
def household_income(members_income: Fen) -> Fen:
    """The family's income, never below nought."""
    return np.maximum(members_income, 0)


@rule(PERSON, INCOME, zh="本人收入", since=SINCE, unit=Unit.FEN_COMMON)
def own_income(counted_income: Fen) -> Fen:
    """The person's own income, never below nought."""
    return np.maximum(counted_income, 0)


RULES = (
    net_wages,
    net_business_income,
    net_property_income,
    excluded_basic_pension,
    no_pension_excluded,
    has_exempted_support,
    unemployed,
    unemployed_severe_adult,
    no_support_excluded,
    excluded_support,
    receives_old_age_allowance,
    excluded_old_age_allowance,
    excluded_income,
    net_transfers,
    hardship_deduction,
    counted_income,
    members_income,
    household_income,
    own_income,
)
