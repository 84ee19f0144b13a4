"""Temporary assistance (临时救助): a sum paid once in sudden hardship, and when it has to come before the papers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen, portion
from civaffairs.people.columns import Level
from civaffairs.people.household import HardshipKind
from civaffairs.rules.rule import Unit, count, either, every, rule
from civaffairs.rules.values import COMMON_MONTHS, Codes, Count, Day, Flags
from civaffairs.schemes.dibao import A_MONTH, COMMON_YEARS, dibao_eligible, rural, urban
from civaffairs.schemes.members import family_member, has_tekun_member

INTERIM = document("social-assistance-measures")
OPINIONS = document("temporary-assistance-opinions")
ACT = document("social-assistance-law")

SINCE, ACT_SINCE = date(2021, 7, 1), date(2026, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
temporary_cap_basis = PARAMETERS["temporary_cap_basis"]
temporary_cap_times = PARAMETERS["temporary_cap_times"]
BASES = temporary_cap_basis.choices
HOUSEHOLD = Level.HOUSEHOLD
KINDS = OPINIONS.section("二(一)")
CHECKS = OPINIONS.section("二(二)")
STANDARDS = OPINIONS.section("二(三)")


@rule(HOUSEHOLD, INTERIM.article(47), KINDS, zh="急难型", since=SINCE)
def temporary_sudden(hardship_kind: Codes) -> Flags:
    """In sudden hardship, as the office found; a person alone may be, and whose hukou it is does not matter.

    >>> temporary_sudden(np.array([0, 1, 2]))
    array([False,  True, False])
    """
    return hardship_kind == HardshipKind.SUDDEN.number


@rule(HOUSEHOLD, ACT.article(29), KINDS, zh="急难型", since=ACT_SINCE, name="temporary_sudden")
def temporary_sudden_by_act(hardship_kind: Codes) -> Flags:
    """In sudden hardship, as the office found; a person alone may be, and whose hukou it is does not matter."""
    return hardship_kind == HardshipKind.SUDDEN.number


@rule(HOUSEHOLD, INTERIM.article(47), KINDS, zh="必需支出突然增加", since=SINCE)
def hard_pressed_by_spending(hardship_kind: Codes) -> Flags:
    """Hard pressed by a sudden rise of necessary spending, as the office found."""
    return hardship_kind == HardshipKind.SPENDING.number


family_heads = count(
    "family_heads",
    family_member,
    KINDS,
    zh="家庭全部成员",
    meaning="How many the family is, those in extreme hardship among them: the disposable income is of them all.",
    since=SINCE,
)


@rule(HOUSEHOLD, KINDS, zh="人均可支配收入低于当地上年度水平", since=SINCE)
def disposable_income_met(disposable_income: Fen, local_disposable_income: Fen, family_heads: Count) -> Flags:
    """Disposable income per head is below the place's of last year (strictly).

    The opinions ask for it in principle (原则上); an office that makes an exception records another kind of hardship.

    >>> disposable_income_met(np.array([8_999_999, 9_000_000]), 3_000_000, 3)
    array([ True, False])
    """
    return disposable_income < local_disposable_income * family_heads


spending_means_met = every(
    "spending_means_met",
    HOUSEHOLD,
    disposable_income_met,
    "temporary_assets_within_limits",
    cites=(KINDS,),
    zh="收入和财产符合支出型条件",
    meaning="Disposable income is below the place's, and the assets are within the limits.",
    since=SINCE,
)
only_spending_looked_at = either(
    "only_spending_looked_at",
    HOUSEHOLD,
    dibao_eligible,
    has_tekun_member,
    cites=(CHECKS,),
    zh="重点核实必需支出",
    meaning="On dibao or with a member in extreme hardship: means were tested already, and the spending is looked at.",
    since=SINCE,
)
spending_tests_met = either(
    "spending_tests_met",
    HOUSEHOLD,
    only_spending_looked_at,
    spending_means_met,
    cites=(KINDS, CHECKS),
    zh="符合支出型审核要求",
    meaning="The means pass, or need not be tested.",
    since=SINCE,
)
temporary_spending_route = every(
    "temporary_spending_route",
    HOUSEHOLD,
    hard_pressed_by_spending,
    spending_tests_met,
    cites=(KINDS,),
    zh="支出型",
    meaning="Hard pressed by necessary spending, and the means pass or need not be tested.",
    since=SINCE,
)
_ELIGIBLE = "In sudden hardship, or hard pressed by necessary spending."
temporary_eligible = either(
    "temporary_eligible",
    HOUSEHOLD,
    temporary_sudden,
    temporary_spending_route,
    cites=(INTERIM.article(47), KINDS),
    zh="临时救助对象",
    meaning=_ELIGIBLE,
    since=SINCE,
)
temporary_eligible_by_act = either(
    "temporary_eligible",
    HOUSEHOLD,
    temporary_sudden,
    temporary_spending_route,
    cites=(ACT.article(29), KINDS),
    zh="临时救助对象",
    meaning=_ELIGIBLE,
    since=ACT_SINCE,
)


# Where to apply, and what comes first.


@rule(HOUSEHOLD, INTERIM.article(48), zh="向急难发生地申请（2026年7月1日前未规定）", since=SINCE)
def apply_where_it_happened() -> Flags:
    """The Measures name a township, and do not say which."""
    return np.bool_(False)  # type: ignore[return-value]


@rule(
    HOUSEHOLD,
    ACT.article(37, paragraph=2),
    zh="向急难发生地申请",
    since=ACT_SINCE,
    name="apply_where_it_happened",
)
def apply_where_it_happened_by_act() -> Flags:
    """The application goes to the township where the emergency happened."""
    return np.bool_(True)  # type: ignore[return-value]


may_help_first = every(
    "may_help_first",
    HOUSEHOLD,
    temporary_sudden,
    "urgent",
    cites=(INTERIM.article(48), CHECKS),
    zh="可先行救助",
    meaning="Sudden and urgent: the steps may be cut short, help first and papers after; not so by reason of spending.",
    since=SINCE,
)


@rule(HOUSEHOLD, INTERIM.article(48), zh="应当先行救助（2026年7月1日前无）", since=SINCE)
def must_help_first() -> Flags:
    """Under the Measures the steps may be cut short; nobody has to."""
    return np.bool_(False)  # type: ignore[return-value]


# The limit: so many monthly standards of the place of the emergency, for each person helped.


@rule(
    HOUSEHOLD, STANDARDS, zh="急难发生地城市标准", since=SINCE,
    only_where=urban, unit=Unit.FEN_COMMON, arguments=("urban_standard@emergency_place",),
)  # fmt: skip
def urban_line_there(urban_standard: Fen) -> Fen:
    """The urban standard of the place of the emergency."""
    return urban_standard * COMMON_MONTHS


@rule(
    HOUSEHOLD, STANDARDS, zh="急难发生地农村标准", since=SINCE,
    only_where=rural, unit=Unit.FEN_COMMON, arguments=("rural_standard@emergency_place",),
)  # fmt: skip
def rural_line_there(rural_standard: Fen) -> Fen:
    """The rural standard of the place of the emergency."""
    return rural_standard * COMMON_YEARS


@rule(HOUSEHOLD, STANDARDS, zh="非重大生活困难", since=SINCE)
def not_grave(grave_hardship: Flags) -> Flags:
    """The hardship was not found to be grave."""
    return ~grave_hardship


@rule(HOUSEHOLD, STANDARDS, zh="一般困难倍数", since=SINCE, only_where=not_grave)
def ordinary_times(temporary_cap_times: Count) -> Count:
    """How many standards a person, in ordinary hardship."""
    return temporary_cap_times


@rule(HOUSEHOLD, STANDARDS, zh="重大困难倍数", since=SINCE, only_where="grave_hardship")
def grave_times(temporary_grave_cap_times: Count) -> Count:
    """How many standards a person, in grave hardship."""
    return temporary_grave_cap_times


@rule(HOUSEHOLD, STANDARDS, zh="按月计算上限", since=SINCE)
def capped_by_the_month(temporary_cap_basis: Codes) -> Flags:
    """The place's limit is for a month of help."""
    return temporary_cap_basis == BASES.index("month")


@rule(HOUSEHOLD, STANDARDS, zh="计算上限的月数", since=SINCE, only_where=capped_by_the_month)
def months_of_help(help_months: Count, temporary_most_months: Count) -> Count:
    """The months that the help is for, up to the most that the place allows at one time."""
    return np.minimum(help_months, temporary_most_months)


@rule(HOUSEHOLD, STANDARDS, zh="临时救助上限", since=SINCE, unit=Unit.FEN_ONCE, conventions=("rounding",))
def temporary_cap(
    urban_line_there: Fen,
    rural_line_there: Fen,
    hardship_persons: Count,
    ordinary_times: Count,
    grave_times: Count,
    capped_by_the_month: Flags,
    months_of_help: Count,
    day: Day,
) -> Fen:
    """The most that may be given, once: standards a person, an occasion or a month; divided once, at the end."""
    times = (ordinary_times + grave_times) * np.where(capped_by_the_month, months_of_help, 1)
    whole = (urban_line_there + rural_line_there) * hardship_persons * times
    return portion(whole, A_MONTH, day.conventions.rounding)


@rule(
    HOUSEHOLD,
    INTERIM.article(49),
    STANDARDS,
    zh="临时救助金",
    since=SINCE,
    only_where=temporary_eligible,
    unit=Unit.FEN_ONCE,
)
def temporary_help(proposed_help: Fen, temporary_cap: Fen) -> Fen:
    """What is given, once: what the office proposes, up to the limit."""
    return np.minimum(proposed_help, temporary_cap)


# The duty of the Act: what is urgent and small has to be helped first.


@rule(HOUSEHOLD, ACT.article(50), zh="有临时困难", since=ACT_SINCE)
def in_some_hardship(hardship_kind: Codes) -> Flags:
    """In hardship of either kind; whether the means pass is found out afterwards."""
    return hardship_kind != HardshipKind.NONE.number


@rule(HOUSEHOLD, ACT.article(50), zh="救助金额较小", since=ACT_SINCE)
def help_is_small(proposed_help: Fen, small_help_ceiling: Fen) -> Flags:
    """The sum proposed is not above what the place takes for small.

    >>> help_is_small(np.array([200_000, 200_001]), 200_000)
    array([ True, False])
    """
    return proposed_help <= small_help_ceiling


must_help_first_by_act = every(
    "must_help_first",
    HOUSEHOLD,
    in_some_hardship,
    "urgent",
    help_is_small,
    cites=(ACT.article(50),),
    zh="应当先行救助",
    meaning="Urgent and small: the help has to come first, and the papers after.",
    since=ACT_SINCE,
)
sudden_and_urgent = every(
    "sudden_and_urgent",
    HOUSEHOLD,
    temporary_sudden,
    "urgent",
    cites=(CHECKS,),
    zh="急难且紧急",
    meaning="In sudden hardship, and urgent.",
    since=ACT_SINCE,
)
may_help_first_by_act = either(
    "may_help_first",
    HOUSEHOLD,
    sudden_and_urgent,
    must_help_first_by_act,
    cites=(ACT.article(50), CHECKS),
    zh="可先行救助",
    meaning="Sudden and urgent, or urgent and small: help may come before the papers.",
    since=ACT_SINCE,
)


RULES = (
    family_heads,
    temporary_sudden,
    temporary_sudden_by_act,
    hard_pressed_by_spending,
    disposable_income_met,
    spending_means_met,
    only_spending_looked_at,
    spending_tests_met,
    temporary_spending_route,
    temporary_eligible,
    temporary_eligible_by_act,
    apply_where_it_happened,
    apply_where_it_happened_by_act,
    may_help_first,
    must_help_first,
    urban_line_there,
    rural_line_there,
    not_grave,
    ordinary_times,
    grave_times,
    capped_by_the_month,
    months_of_help,
    temporary_cap,
    temporary_help,
    in_some_hardship,
    help_is_small,
    must_help_first_by_act,
    sudden_and_urgent,
    may_help_first_by_act,
)
