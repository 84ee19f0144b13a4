"""Minimum living guarantee (最低生活保障, dibao): the standard, the test of means, the amount and its shares."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen, portion
from civaffairs.people.columns import Level
from civaffairs.people.household import Area, PaymentMethod
from civaffairs.rules.rule import Unit, agreed, apportion, every, first_stated, rule
from civaffairs.rules.values import COMMON_MONTHS, Codes, Count, Day, Flags, Scale
from civaffairs.schemes.members import can_apply, counted_member

MEASURES = document("dibao-review-measures")
INTERIM = document("social-assistance-measures")
ACT = document("social-assistance-law")

SINCE, ACT_SINCE = date(2021, 7, 1), date(2026, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
urban_standard = PARAMETERS["urban_standard"]
rural_standard = PARAMETERS["rural_standard"]
urban_tiers = PARAMETERS["urban_tiers"]
rural_tiers = PARAMETERS["rural_tiers"]
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
COMMON_YEARS = COMMON_MONTHS // 12
A_MONTH = Fraction(1, COMMON_MONTHS)


@rule(HOUSEHOLD, INTERIM.article(10), zh="适用城市标准", since=SINCE)
def urban(area: Codes) -> Flags:
    """The office applies the urban standard."""
    return area == Area.URBAN.number


@rule(HOUSEHOLD, INTERIM.article(10), zh="适用农村标准", since=SINCE)
def rural(area: Codes) -> Flags:
    """The office applies the rural standard."""
    return area == Area.RURAL.number


@rule(HOUSEHOLD, INTERIM.article(10), zh="城市标准", since=SINCE, only_where=urban, unit=Unit.FEN_COMMON)
def urban_line(urban_standard: Fen) -> Fen:
    """The urban standard, which is published by the month."""
    return urban_standard * COMMON_MONTHS


@rule(HOUSEHOLD, INTERIM.article(10), zh="农村标准", since=SINCE, only_where=rural, unit=Unit.FEN_COMMON)
def rural_line(rural_standard: Fen) -> Fen:
    """The rural standard, which is published by the year."""
    return rural_standard * COMMON_YEARS


@rule(HOUSEHOLD, INTERIM.article(10), zh="最低生活保障标准", since=SINCE, unit=Unit.FEN_COMMON)
def standard(urban_line: Fen, rural_line: Fen) -> Fen:
    """The minimum living standard for one person."""
    return urban_line + rural_line


@rule(
    HOUSEHOLD,
    INTERIM.article(10),
    ACT.article(19),
    zh="最低生活保障标准",
    since=ACT_SINCE,
    name="standard",
    unit=Unit.FEN_COMMON,
)
def standard_by_act(urban_line: Fen, rural_line: Fen) -> Fen:
    """The minimum living standard for one person."""
    return urban_line + rural_line


@rule(HOUSEHOLD, INTERIM.article(9), zh="家庭人均收入低于标准", since=SINCE)
def dibao_income_met(household_income: Fen, standard: Fen, household_size: Count) -> Flags:
    """Income per head is below the standard (低于: strictly); multiplied out, so that nothing is rounded.

    >>> dibao_income_met(np.array([161_999, 162_000]), 81_000, 2)
    array([ True, False])
    """
    return household_income < standard * household_size


@rule(HOUSEHOLD, ACT.article(18, paragraph=1), zh="家庭人均收入低于标准", since=ACT_SINCE, name="dibao_income_met")
def dibao_income_met_by_act(household_income: Fen, standard: Fen, household_size: Count) -> Flags:
    """Income per head is below the standard (低于: strictly); multiplied out, so that nothing is rounded."""
    return household_income < standard * household_size


@rule(HOUSEHOLD, MEASURES.article(14), zh="金融资产未超限额", since=SINCE)
def dibao_financial_assets_met(
    financial_assets: Fen, dibao_asset_months: Count, standard: Fen, household_size: Count
) -> Flags:
    """Financial assets per head are not above the limit, which is a number of months of the standard."""
    return financial_assets * COMMON_MONTHS <= dibao_asset_months * standard * household_size


dibao_assets_met = agreed(
    "dibao_assets_met",
    HOUSEHOLD,
    dibao_financial_assets_met,
    "assets_within_limits",
    cites=(INTERIM.article(9), MEASURES.article(14)),
    zh="财产符合规定",
    meaning="The family's assets are within the limits, as the office found; deposits above a known limit fail.",
    since=SINCE,
)
_ELIGIBLE = "Income per head is below the standard, and the assets pass."
dibao_eligible = every(
    "dibao_eligible",
    HOUSEHOLD,
    can_apply,
    dibao_income_met,
    dibao_assets_met,
    cites=(INTERIM.article(9),),
    zh="符合低保条件",
    meaning=_ELIGIBLE,
    since=SINCE,
)
dibao_eligible_by_act = every(
    "dibao_eligible",
    HOUSEHOLD,
    can_apply,
    dibao_income_met,
    dibao_assets_met,
    cites=(ACT.article(18, paragraph=1),),
    zh="符合低保条件",
    meaning=_ELIGIBLE,
    since=ACT_SINCE,
)
in_dibao_family = every(
    "in_dibao_family",
    PERSON,
    dibao_eligible,
    counted_member,
    cites=(MEASURES.article(7),),
    zh="低保家庭成员",
    meaning="A member who counts of a family on dibao.",
    since=SINCE,
)


@rule(HOUSEHOLD, MEASURES.article(23), zh="城市计算方式", since=SINCE, only_where=urban)
def urban_method(urban_payment_method: Codes) -> Codes:
    """How the place works urban dibao out."""
    return urban_payment_method


@rule(HOUSEHOLD, MEASURES.article(23), zh="农村计算方式", since=SINCE, only_where=rural)
def rural_method(rural_payment_method: Codes) -> Codes:
    """How the place works rural dibao out."""
    return rural_payment_method


@rule(HOUSEHOLD, MEASURES.article(23), zh="当地计算方式", since=SINCE)
def method_of_place(urban_method: Codes, rural_method: Codes) -> Codes:
    """How the place works dibao out for a family of this area."""
    return urban_method + rural_method


payment_method = first_stated(
    "payment_method",
    HOUSEHOLD,
    "recorded_payment_method",
    method_of_place,
    cites=(MEASURES.article(23),),
    zh="计算方式",
    meaning="The method that the decision names, or else the place's.",
    since=SINCE,
    gives="Codes",
)


@rule(HOUSEHOLD, MEASURES.article(23), zh="按差额发放", since=SINCE, only_where=dibao_eligible)
def paid_by_difference(payment_method: Codes) -> Flags:
    """The family on dibao is paid the actual difference."""
    return payment_method == PaymentMethod.DIFFERENCE.number


@rule(HOUSEHOLD, MEASURES.article(23), zh="按分档发放", since=SINCE, only_where=dibao_eligible)
def paid_by_tiers(payment_method: Codes) -> Flags:
    """The family on dibao is paid by tiers."""
    return payment_method == PaymentMethod.TIERS.number


@rule(
    HOUSEHOLD, INTERIM.article(12), MEASURES.article(23), zh="差额", since=SINCE,
    only_where=paid_by_difference, unit=Unit.FEN_MONTH, conventions=("rounding",),
)  # fmt: skip
def dibao_difference(household_income: Fen, standard: Fen, household_size: Count, day: Day) -> Fen:
    """The gap between the family's income and the standard of all its members, a month; divided once, at the end."""
    gap = np.maximum(standard * household_size - household_income, 0)
    return portion(gap, A_MONTH, day.conventions.rounding)


@rule(HOUSEHOLD, MEASURES.article(23), zh="按城市分档", since=SINCE)
def by_urban_tiers(paid_by_tiers: Flags, urban: Flags) -> Flags:
    """Paid by the urban tiers."""
    return paid_by_tiers & urban


@rule(HOUSEHOLD, MEASURES.article(23), zh="按农村分档", since=SINCE)
def by_rural_tiers(paid_by_tiers: Flags, rural: Flags) -> Flags:
    """Paid by the rural tiers."""
    return paid_by_tiers & rural


def tier_amount(tiers: Scale, income: Fen, persons: Count, common: int) -> Fen:
    """Read a tier table at an income per head without dividing; a table by the person pays for each.

    That a tier goes by income per head is the form in which tables are held here: art. 23 speaks of hardship and of
    the members' situation, and Nanning's own tiers have not been read.
    """
    return tiers.at(income, persons * np.int64(common)) * np.where(tiers.a_person, persons, 1)


@rule(HOUSEHOLD, MEASURES.article(23), zh="城市分档金额", since=SINCE, only_where=by_urban_tiers, unit=Unit.FEN_MONTH)
def urban_tier_amount(urban_tiers: Scale, household_income: Fen, household_size: Count) -> Fen:
    """The amount of the urban tier that the income per head, by the month, falls in."""
    return tier_amount(urban_tiers, household_income, household_size, COMMON_MONTHS)


@rule(HOUSEHOLD, MEASURES.article(23), zh="农村分档金额", since=SINCE, only_where=by_rural_tiers, unit=Unit.FEN_MONTH)
def rural_tier_amount(rural_tiers: Scale, household_income: Fen, household_size: Count) -> Fen:
    """The amount of the rural tier that the income per head, by the year, falls in."""
    return tier_amount(rural_tiers, household_income, household_size, COMMON_YEARS)


@rule(
    HOUSEHOLD,
    INTERIM.article(12),
    MEASURES.article(23),
    zh="低保金",
    since=SINCE,
    only_where=dibao_eligible,
    unit=Unit.FEN_MONTH,
)
def dibao_amount(dibao_difference: Fen, urban_tier_amount: Fen, rural_tier_amount: Fen) -> Fen:
    """What the family is owed a month, by difference or by tiers."""
    return dibao_difference + urban_tier_amount + rural_tier_amount


@rule(
    HOUSEHOLD, ACT.article(18, paragraph=2), MEASURES.article(23), zh="低保金", since=ACT_SINCE,
    name="dibao_amount", only_where=dibao_eligible, unit=Unit.FEN_MONTH,
)  # fmt: skip
def dibao_amount_by_act(dibao_difference: Fen, urban_tier_amount: Fen, rural_tier_amount: Fen) -> Fen:
    """What the family is owed a month, by difference or by tiers, both now named by the Act itself."""
    return dibao_difference + urban_tier_amount + rural_tier_amount


dibao_share = apportion(
    "dibao_share",
    dibao_amount,
    MEASURES.article(34),
    zh="本人低保金份额",
    meaning="Each member's own part of the family's dibao.",
    since=SINCE,
    among=counted_member,
)

RULES = (
    urban,
    rural,
    urban_line,
    rural_line,
    standard,
    standard_by_act,
    dibao_income_met,
    dibao_income_met_by_act,
    dibao_financial_assets_met,
    dibao_assets_met,
    dibao_eligible,
    dibao_eligible_by_act,
    in_dibao_family,
    urban_method,
    rural_method,
    method_of_place,
    payment_method,
    paid_by_difference,
    paid_by_tiers,
    dibao_difference,
    by_urban_tiers,
    by_rural_tiers,
    urban_tier_amount,
    rural_tier_amount,
    dibao_amount,
    dibao_amount_by_act,
    dibao_share,
)
