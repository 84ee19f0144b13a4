"""Families with rigid expenditure (刚性支出困难家庭): necessary spending eats up the income; recognition, no cash."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from civaffairs.calendar import add_months_to, days
from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import Unit, every, rule
from civaffairs.rules.values import Count, Day, Days, Flags, Rate
from civaffairs.schemes.dibao import COMMON_YEARS
from civaffairs.schemes.edge_family import not_on_dibao
from civaffairs.schemes.income import per_common_months
from civaffairs.schemes.members import can_apply

MEASURES = document("rigid-expenditure-measures")
ACT = document("social-assistance-law")

SINCE, ACT_SINCE = date(2025, 1, 1), date(2026, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
rigid_ratio = PARAMETERS["rigid_ratio"]
HOUSEHOLD = Level.HOUSEHOLD
CONDITIONS = MEASURES.article(4, paragraph=1)
VALID_MONTHS = 12


@rule(HOUSEHOLD, MEASURES.article(4, paragraph=1, item=1), zh="非低保边缘家庭", since=SINCE)
def not_edge_family(edge_eligible: Flags) -> Flags:
    """The family does not qualify as an edge family."""
    return ~edge_eligible


@rule(HOUSEHOLD, MEASURES.article(4, paragraph=1, item=2), zh="人均收入低于当地上年度人均可支配收入", since=SINCE)
def rigid_income_met(household_income: Fen, local_disposable_income: Fen, household_size: Count) -> Flags:
    """Income per head is below last year's disposable income a head of the place (strictly)."""
    return household_income < local_disposable_income * COMMON_YEARS * household_size


@rule(HOUSEHOLD, MEASURES.article(5), zh="家庭刚性支出", since=SINCE, unit=Unit.FEN_COMMON)
def rigid_spending(
    living_spending: Fen,
    medical_spending: Fen,
    education_spending: Fen,
    rehabilitation_spending: Fen,
    other_rigid_spending: Fen,
    spending_months: Count,
) -> Fen:
    """Necessary spending on living, medicine, schooling, rehabilitation and what the county adds."""
    listed = living_spending + medical_spending + education_spending
    return per_common_months(listed + rehabilitation_spending + other_rigid_spending, spending_months)


@rule(HOUSEHOLD, MEASURES.article(4, paragraph=1, item=4), zh="刚性支出占比超出规定", since=SINCE)
def rigid_spending_met(rigid_spending: Fen, household_income: Fen, rigid_ratio: Rate) -> Flags:
    """The spending exceeds the place's share of the income (超出: strictly); multiplied out, nothing is divided."""
    return rigid_spending * rigid_ratio.denominator > household_income * rigid_ratio.numerator


_ELIGIBLE = "On no other support of living, income below the place's mean, assets pass, and spending above its share."
rigid_eligible = every(
    "rigid_eligible",
    HOUSEHOLD,
    not_on_dibao,
    not_edge_family,
    can_apply,
    rigid_income_met,
    "rigid_assets_within_limits",
    rigid_spending_met,
    cites=(CONDITIONS,),
    zh="刚性支出困难家庭",
    meaning=_ELIGIBLE,
    since=SINCE,
)
rigid_eligible_by_act = every(
    "rigid_eligible",
    HOUSEHOLD,
    not_on_dibao,
    not_edge_family,
    can_apply,
    rigid_income_met,
    "rigid_assets_within_limits",
    rigid_spending_met,
    cites=(ACT.article(22), CONDITIONS),
    zh="刚性支出困难家庭",
    meaning=_ELIGIBLE,
    since=ACT_SINCE,
)


@rule(HOUSEHOLD, MEASURES.article(10), zh="认定有效期已满", since=SINCE)
def rigid_lapsed(rigid_recognised_on: Days, day: Day) -> Flags:
    """A recognition is over: twelve months have passed, of which the corresponding day is the last.

    The Measures say that it is generally valid for no longer; a decision may set a shorter time.

    >>> import numpy as np
    >>> recognised = np.array([days(date(2025, 8, 1)), days(date(2025, 7, 31))], np.int32)
    >>> rigid_lapsed(recognised, Day(date(2026, 8, 1)))
    array([False,  True])
    """
    return add_months_to(rigid_recognised_on, VALID_MONTHS) < days(day.on)


RULES = (
    not_edge_family,
    rigid_income_met,
    rigid_spending,
    rigid_spending_met,
    rigid_eligible,
    rigid_eligible_by_act,
    rigid_lapsed,
)
