"""What every part of the oracle stands on: days, rounding, disability, income and the lines it is compared with.

Instruments, as the comments name them:

- Measures: 最低生活保障审核确认办法 (民发〔2021〕57号), from 2021-07-01
- 2022 notice: 关于进一步做好最低生活保障等社会救助兜底保障工作的通知, from 2022-10-20
- Assistance Law: 社会救助法, from 2026-07-01
- Interim Measures: 社会救助暂行办法
- Orphan Opinions: 国办发〔2010〕54号
- Unattended Opinions: 民发〔2019〕62号, and 民发〔2020〕125号, which widens them
- Tekun Measures: 特困人员认定办法 (民发〔2021〕43号), from 2021-07-01
- Temporary Opinions: 民发〔2018〕23号
- Rigid Measures: 刚性支出困难家庭认定办法, from 2025-01-01
- Minors Law: 未成年人保护法
- Guangxi rules: 桂民规〔2022〕2号 and 桂民发〔2025〕25号 on the two disability subsidies, from 2022-10-01
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

Facts = dict[str, Any]
Parameters = dict[str, Any]

MEASURES = date(2021, 7, 1)
GUANGXI_RULES = date(2022, 10, 1)
NOTICE_2022 = date(2022, 10, 20)
RIGID_MEASURES = date(2025, 1, 1)
LAST_DAY_OF_THE_FIVE_YEAR_PLAN = date(2025, 12, 31)
ASSISTANCE_LAW = date(2026, 7, 1)

PUBLISHED: Parameters = {
    "urban_standard": 81_000,  # fen per person per month
    "rural_standard": 680_000,  # fen per person per year
    "living_subsidy": 12_200,
    "nursing_subsidy": 12_200,
    "nursing_classes": frozenset({("any", 1), ("any", 2), ("mental", 3), ("mental", 4)}),
    "institution_orphan_standard": 142_200,
    "scattered_orphan_standard": 102_200,
    "de_facto_standard": 102_200,
    "old_age_allowance_from_age": 80,
    "living_with_tekun": "second_only",
    "nursing_with_tekun": "second_only",
}
"""What has been published for the city and the region; every other parameter has to be assumed by name."""


# --- days -------------------------------------------------------------------------------------------------------------


def age(born: date, on: date) -> int:
    """Count completed years; a birthday counts, and a birth on 29 February is kept on the 28th in a common year."""
    years = on.year - born.year
    month_day = (born.month, born.day)
    leap = on.year % 4 == 0 and (on.year % 100 != 0 or on.year % 400 == 0)
    if month_day == (2, 29) and not leap:
        month_day = (2, 28)
    return years - 1 if (on.month, on.day) < month_day else years


def half_up(amount: Fraction) -> int:
    """Round to the fen, once, a half upwards."""
    return int((amount + Fraction(1, 2)) // 1)


def months_later(day: date, months: int) -> date:
    """Find the last day of a period of months: the corresponding day, or the last of a month that lacks it."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


# --- disability -------------------------------------------------------------------------------------------------------


def listed(kind: str, grade: int, classes: Collection[tuple[str, int]]) -> bool:
    """Whether a certificate is among (kind, grade) classes, where the kind may be ``any``."""
    return kind != "none" and ((kind, grade) in classes or ("any", grade) in classes)


def severe_for_parent(kind: str, grade: int, parameters: Parameters) -> bool:
    """Unattended Opinions 一: grade 1 or 2 of any kind; grade 3 or 4 mental or intellectual."""
    if kind == "none":
        return False
    if grade in (1, 2):
        return True
    if kind == "multiple":  # no text says whether 多重残疾 at grade 3 or 4 holds a mental or intellectual one
        return bool(parameters["multiple_disability_qualifies"])
    return kind in ("mental", "intellectual")


def severe_for_article_8(kind: str, grade: int, parameters: Parameters) -> bool:
    """Measures art. 8(1): grade 1 or 2 of any kind; grade 3 intellectual or mental."""
    if kind == "none":
        return False
    if grade in (1, 2):
        return True
    if kind == "multiple" and grade == 3:
        return bool(parameters["multiple_disability_qualifies"])
    return grade == 3 and kind in ("mental", "intellectual")


def severe_for_nursing(kind: str, grade: int, parameters: Parameters) -> bool:
    """Guangxi rules: grade 1 or 2 and mental 3 or 4; a city may add intellectual 3 or 4."""
    if kind == "none":
        return False
    if listed(kind, grade, parameters["nursing_classes"]):
        return True
    if kind == "intellectual" and grade in (3, 4):
        return bool(parameters["nursing_for_intellectual_3_4"])
    if kind == "multiple" and grade in (3, 4):
        return bool(parameters["multiple_disability_for_nursing"])
    return False


def unemployed_and_severe(person: Facts, on: date, parameters: Parameters) -> bool:
    """2022 notice 一(一): an adult (成年) without work (无业) who is severely disabled (重度残疾)."""
    if on < NOTICE_2022 or age(person["birth_date"], on) < 18 or person["employed"]:
        return False
    if person["disability_kind"] == "none":
        return False
    classes = parameters["severe_by_2022_notice_unemployed"]
    return listed(person["disability_kind"], person["disability_grade"], classes)


# --- income -----------------------------------------------------------------------------------------------------------


def counted_income(person: Facts, on: date, parameters: Parameters) -> Fraction:
    """Counted income of a person in fen a month; what the person pays out may exceed what comes in."""
    # Measures art. 13(1) to (3): pay less the costs of working; business and property net of their costs.
    earned = earned_income(person)

    # Measures art. 13(4), less what art. 13 does not count.
    transfers = person["transfer_income"]
    transfers -= person["award_income"]  # 不计入 (1)
    transfers -= person["assistance_income"]  # 不计入 (2)
    if on <= LAST_DAY_OF_THE_FIVE_YEAR_PLAN:
        transfers -= person["basic_pension"]  # 不计入 (3): only during the fourteenth five-year plan
    transfers -= person["locally_exempt_income"]  # 不计入 (4)
    if person["exempted_support"] and unemployed_and_severe(person, on, parameters):
        transfers -= person["exempted_support"]  # 2022 notice 一(一)
    if person["old_age_allowance_income"] and not parameters["old_age_allowance_counted"]:
        transfers -= person["old_age_allowance_income"]  # art. 13 is silent
    # Taxes, social insurance and maintenance paid come off the transfers, and so off the family's income.
    transfer = Fraction(transfers - person["transfer_paid"], person["transfer_months"])

    # Measures art. 13, last paragraph: the rigid costs of disability and illness may be deducted.
    rigid = Fraction(person["rigid_deduction"], person["deduction_months"])
    return earned + transfer - rigid


def earned_income(person: Facts) -> Fraction:
    """Pay, business and property of a person in fen a month, each net of its costs and none of them below nought."""
    kinds = (("wage", "employment"), ("business", "business"), ("property", "property"))
    amounts = (
        Fraction(max(0, person[f"{kind}_income"] - person[f"{cost}_cost"]), person[f"{kind}_months"])
        for kind, cost in kinds
    )
    return sum(amounts, Fraction(0))


def standard(household: Facts, parameters: Parameters) -> Fraction:
    """The dibao standard, in fen a person a month; the rural one is set by the year."""
    if household["area"] == "urban":
        return Fraction(parameters["urban_standard"])
    return Fraction(parameters["rural_standard"], 12)


def edge_standard(household: Facts, on: date, parameters: Parameters) -> Fraction:
    """The line of an edge family, in fen a person a month."""
    if on < ASSISTANCE_LAW:  # Measures art. 8: one and a half times the standard
        return standard(household, parameters) * Fraction(3, 2)
    if household["area"] == "urban":  # Assistance Law art. 21: the province sets it
        return Fraction(parameters["urban_edge_standard"])
    return Fraction(parameters["rural_edge_standard"], 12)


def tier_amount(household: Facts, per_head: Fraction, size: int, parameters: Parameters) -> int:
    """Assistance Law art. 18, Measures art. 23: a fixed sum for each tier of income."""
    if household["area"] == "urban":
        table, income = parameters["urban_tiers"], per_head
    else:
        table, income = parameters["rural_tiers"], per_head * 12
    amount = step_amount(table["steps"], income)
    return amount * size if table["basis"] == "person" else amount


def step_amount(steps: Sequence[tuple[int, int]], value: Fraction | int) -> int:
    """The amount of the last step that begins at or below a value."""
    reached = [amount for start, amount in steps if start <= value]
    if not reached:
        msg = f"no step of {steps} reaches down to {value}"
        raise ValueError(msg)
    return reached[-1]
