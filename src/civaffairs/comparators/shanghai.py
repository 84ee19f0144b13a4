"""Shanghai (上海市): its regulation on social assistance, as dated versions of the nation's rules.

The text read is that of the amendment of 2024-12-31. Which articles it changed is not said, so earlier days are not
assessed. Relatives count in the family only with a Shanghai hukou, spouse and children without; a part of the wages of
those who earn the minimum wage is left out; edge families go by a line of the city's own, not by one and a half times.
A family whom medicine and schooling leave below the standard is paid up to it: ask for it by ``keep=[living_help]``.

Not in it, for want of a column or an amount: the extra help for the old, minors, the severely disabled and the gravely
ill (art. 16); the time for which dibao goes on after taking work (art. 27); the help for edge families whose spending
eats up their income (art. 17). That spouse and minor children live with the applicant (art. 55) is taken as said.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from civaffairs.comparators.pack import Pack, local_rulebook
from civaffairs.comparators.procedure import Provision, Topic
from civaffairs.law.citation import document
from civaffairs.money import Fen, portion
from civaffairs.people.columns import Level
from civaffairs.people.person import Relation
from civaffairs.rules.rule import Unit, either, every, rule
from civaffairs.rules.values import COMMON_MONTHS, Codes, Count, Day, Days, Flags
from civaffairs.schemes.dibao import A_MONTH
from civaffairs.schemes.edge_family import edge_assets_met, not_on_dibao
from civaffairs.schemes.income import net, per_common_months
from civaffairs.schemes.members import can_apply, under_statutory_duty

REGULATION = document("shanghai-social-assistance-regulation")
SINCE = date(2024, 12, 31)
"""The day of the amendment that the text read has; what it said before has not been read."""
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
FIRST_CODE, LAST_CODE = 310_000, 319_999
"""Division codes of the city and all within it."""


@rule(PERSON, REGULATION.article(55, paragraph=1), zh="本市户籍", since=SINCE)
def of_the_city(hukou_place: Days) -> Flags:
    """Has a Shanghai hukou."""
    return (hukou_place >= FIRST_CODE) & (hukou_place <= LAST_CODE)


@rule(PERSON, REGULATION.article(55, paragraph=1), zh="申请人的子女", since=SINCE)
def child_of_applicant(relation: Codes) -> Flags:
    """Is a child of the applicant."""
    return relation == Relation.CHILD.number


of_the_city_or_child = either(
    "of_the_city_or_child",
    PERSON,
    of_the_city,
    child_of_applicant,
    cites=(REGULATION.article(55, paragraph=1),),
    zh="本市户籍或子女",
    meaning="Has a Shanghai hukou, or is a child, whose hukou may be elsewhere.",
    since=SINCE,
)


@rule(
    PERSON,
    REGULATION.article(55, paragraph=1),
    zh="在本市共同生活的其他家庭成员",
    since=SINCE,
    only_where=under_statutory_duty,
)
def obliged_and_living_together(lives_together: Flags, of_the_city_or_child: Flags) -> Flags:
    """Under a duty of maintenance, living together, and of the city or a child."""
    return lives_together & of_the_city_or_child


@rule(PERSON, REGULATION.article(27, paragraph=1), zh="有劳动收入", since=SINCE)
def earns_wages(wage_income: Fen) -> Flags:
    """Has pay of any amount."""
    return wage_income > 0


@rule(PERSON, REGULATION.article(27, paragraph=1), zh="月劳动收入达到最低工资标准", since=SINCE, only_where=earns_wages)
def earns_minimum_wage(wage_income: Fen, wage_months: Count, minimum_wage: Fen) -> Flags:
    """Pay a month reaches the minimum wage (达到: it may be just that)."""
    return wage_income >= minimum_wage * wage_months


@rule(
    PERSON,
    REGULATION.article(27, paragraph=1),
    zh="不计入家庭收入的劳动收入",
    since=SINCE,
    only_where=earns_minimum_wage,
    unit=Unit.FEN_COMMON,
)
def wages_left_out(uncounted_wages: Fen) -> Fen:
    """The part of the pay that the city's standards leave out of the income."""
    return uncounted_wages * COMMON_MONTHS


@rule(
    PERSON,
    REGULATION.article(27, paragraph=1),
    zh="工资性收入",
    since=SINCE,
    unit=Unit.FEN_COMMON,
    conventions=("losses",),
)
def net_wages(wage_income: Fen, employment_cost: Fen, wage_months: Count, wages_left_out: Fen, day: Day) -> Fen:
    """Pay and allowances less the necessary costs of working and the part left out, of which no more is left out."""
    earned = per_common_months(net(wage_income, employment_cost, day), wage_months)
    return earned - np.minimum(wages_left_out, np.maximum(earned, 0))


@rule(HOUSEHOLD, REGULATION.article(12, item=1), zh="扣除医疗、教育支出后的收入", since=SINCE, unit=Unit.FEN_COMMON)
def income_after_spending(
    household_income: Fen, medical_spending: Fen, education_spending: Fen, spending_months: Count
) -> Fen:
    """What medicine and schooling leave of the family's income; below nought if they cost more than comes in."""
    return household_income - per_common_months(medical_spending + education_spending, spending_months)


@rule(HOUSEHOLD, REGULATION.article(12, item=1), zh="扣除必需支出后人均收入低于标准", since=SINCE)
def left_below_standard(income_after_spending: Fen, standard: Fen, household_size: Count) -> Flags:
    """What is left per head is below the standard of dibao (strictly)."""
    return income_after_spending < standard * household_size


@rule(HOUSEHOLD, REGULATION.article(12), zh="年人均可支配收入低于上年度全市水平", since=SINCE)
def below_city_income(disposable_income: Fen, local_disposable_income: Fen, household_size: Count) -> Flags:
    """The year's disposable income per head is below that of all the city's residents in the year before."""
    return disposable_income < local_disposable_income * household_size


@rule(HOUSEHOLD, REGULATION.article(17, paragraph=2), zh="非低保边缘家庭", since=SINCE)
def not_edge_family(edge_eligible: Flags) -> Flags:
    """Not an edge family: such a one is helped accordingly, by an amount that the text does not give."""
    return ~edge_eligible


living_help_eligible = every(
    "living_help_eligible",
    HOUSEHOLD,
    can_apply,
    not_on_dibao,
    not_edge_family,
    left_below_standard,
    below_city_income,
    edge_assets_met,
    cites=(REGULATION.article(12), REGULATION.article(18, paragraph=2)),
    zh="享受生活救助的刚性支出困难家庭",
    meaning="A family of ordinary income whom medicine and schooling leave below the standard.",
    since=SINCE,
)


@rule(
    HOUSEHOLD,
    REGULATION.article(18, paragraph=2),
    zh="生活救助金",
    since=SINCE,
    only_where=living_help_eligible,
    unit=Unit.FEN_MONTH,
    conventions=("rounding",),
)
def living_help(income_after_spending: Fen, standard: Fen, household_size: Count, day: Day) -> Fen:
    """The gap between what is left and the standard, a month; the whole standard where nothing is left.

    >>> yuan, three = 100 * COMMON_MONTHS, np.array([3, 3])
    >>> living_help(np.array([1_800, -500]) * yuan, 810 * yuan, three, Day(date(2025, 6, 1)))
    array([ 63000, 243000])
    """
    gap = standard * household_size - np.maximum(income_after_spending, 0)
    return portion(gap, A_MONTH, day.conventions.rounding)


RULES = (
    of_the_city,
    child_of_applicant,
    of_the_city_or_child,
    obliged_and_living_together,
    earns_wages,
    earns_minimum_wage,
    wages_left_out,
    net_wages,
    income_after_spending,
    left_below_standard,
    below_city_income,
    not_edge_family,
    living_help_eligible,
    living_help,
)
RULEBOOK = local_rulebook(Path(__file__).with_suffix(".toml"), RULES)

PROCEDURE = {
    Topic.WORK_INCOME: Provision(
        "a part of the pay of those who earn the minimum wage; its amount is not given", REGULATION.article(27)
    ),
    Topic.PUBLICITY: Provision(
        "on boards, screens or websites; for how long is not said", REGULATION.article(33, paragraph=2)
    ),
    Topic.DECIDER: Provision("the township", REGULATION.article(36, paragraph=1)),
    Topic.TIME_LIMIT: Provision("a set time, which is not given", REGULATION.article(36, paragraph=3)),
    Topic.REVIEW: Provision(
        "at set times, which are not given; spot checks besides", REGULATION.article(45, paragraph=1)
    ),
}

PACK = Pack(
    name="Shanghai",
    label_zh="上海市",
    place="310000",
    regulation=REGULATION,
    rules=RULES,
    rulebook=RULEBOOK,
    procedure=PROCEDURE,
)
