"""Zhejiang (浙江省): its regulation on social assistance, as dated versions of the nation's rules.

An edge family's income may be as high as one and a half times the standard (以下 includes it), but never above the
minimum wage. From 2026-07-01 the Social Assistance Law has the province set an amount, and the nation's rule stands.

Not in it, for want of a column: what a member on dibao earns more by taking work is left out of the income for six to
twelve months, up to three times the standard a month (art. 50), so state the wages less that part; and the help for a
time to families brought below the standard by illness (art. 41), whose terms counties set.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from civaffairs.comparators.pack import Pack, local_rulebook
from civaffairs.comparators.procedure import Provision, Topic
from civaffairs.law.citation import document
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import every, rule
from civaffairs.rules.values import COMMON_MONTHS, Count, Flags, Rate

REGULATION = document("zhejiang-social-assistance-regulation")
SINCE = date(2021, 7, 1)
"""The text read is in force since 2020-09-24; the library's own rules begin on this day."""
HOUSEHOLD = Level.HOUSEHOLD


@rule(HOUSEHOLD, REGULATION.article(13, paragraph=1), zh="人均收入在标准的1.5倍以下", since=SINCE)
def within_edge_multiple(household_income: Fen, standard: Fen, household_size: Count, edge_multiplier: Rate) -> Flags:
    """Income per head is one and a half times the standard or less (以下 includes it)."""
    return household_income * edge_multiplier.denominator <= standard * household_size * edge_multiplier.numerator


@rule(HOUSEHOLD, REGULATION.article(13, paragraph=2), zh="人均收入不超过月最低工资标准", since=SINCE)
def within_minimum_wage(household_income: Fen, minimum_wage: Fen, household_size: Count) -> Flags:
    """Income per head is not above the minimum wage, which no edge line may exceed."""
    return household_income <= minimum_wage * COMMON_MONTHS * household_size


edge_income_met = every(
    "edge_income_met",
    HOUSEHOLD,
    within_edge_multiple,
    within_minimum_wage,
    cites=(REGULATION.article(13),),
    zh="人均收入符合低保边缘家庭标准",
    meaning="Income per head is at most one and a half times the standard, and not above the minimum wage.",
    since=SINCE,
)

RULES = (within_edge_multiple, within_minimum_wage, edge_income_met)
RULEBOOK = local_rulebook(Path(__file__).with_suffix(".toml"), RULES)

PROCEDURE = {
    Topic.WORK_INCOME: Provision(
        "what is earned more by taking work on dibao, for 6 to 12 months, up to 3 times the standard a month",
        REGULATION.article(50, paragraph=3),
    ),
    Topic.PUBLICITY: Provision("7 days", REGULATION.article(11, paragraph=2)),
    Topic.DECIDER: Provision("the county", REGULATION.article(11, paragraph=3)),
    Topic.TIME_LIMIT: Provision(
        "15 working days in the township, publicity, then 5 working days in the county", REGULATION.article(11)
    ),
    Topic.FIRST_MONTH: Provision("the month after the approval", REGULATION.article(56)),
}

PACK = Pack(
    name="Zhejiang",
    label_zh="浙江省",
    place="330000",
    regulation=REGULATION,
    rules=RULES,
    rulebook=RULEBOOK,
    procedure=PROCEDURE,
)
