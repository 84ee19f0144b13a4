"""Services in kind for the old: who is meant by a city's list of groups, and what a voucher or a grant covers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.law.values import ABILITIES, ElderStatus
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.people.person import SelfCare
from civaffairs.rules.rule import AnyRule, Rule, Unit, any_of, count, either, every, rule
from civaffairs.rules.values import Classes, Codes, Count, Day, Days, Flags, Rate
from civaffairs.schemes.members import elderly

ELDERLY = document("elderly-rights-law")
REPORT = document("nanning-report").section("高质量推进养老服务体系建设")
REFORM = document("low-income-monitoring-opinions").section("二")

SINCE = date(2021, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
HIGH_AGE, CARE = ELDERLY.article(33, paragraph=2), ELDERLY.article(37)
PARTLY, UNABLE = ABILITIES.index("partly"), ABILITIES.index("unable")


@rule(PERSON, HIGH_AGE, zh="八十周岁以上", since=SINCE, conventions=("age_attained", "leap_day"))
def reached_80(birth_date: Days, day: Day) -> Flags:
    """Has reached 80."""
    return day.reached(birth_date, 80)


@rule(PERSON, CARE, zh="评估为失能", since=SINCE)
def assessed_unable(self_care: Codes) -> Flags:
    """Was assessed as not able to care for themselves."""
    return self_care == SelfCare.UNABLE.number


unable_or_demented = either(
    "unable_or_demented",
    PERSON,
    assessed_unable,
    "dementia",
    cites=(CARE,),
    zh="失能或失智",
    meaning="Cannot care for themselves; dementia counts as that, and either is enough.",
    since=SINCE,
)


@rule(PERSON, CARE, zh="非失能、失智", since=SINCE)
def not_unable(unable_or_demented: Flags) -> Flags:
    """Neither was found."""
    return ~unable_or_demented


@rule(PERSON, CARE, zh="部分失能（半失能）", since=SINCE, only_where=not_unable)
def assessed_partly(self_care: Codes) -> Flags:
    """Was assessed as able to care for themselves in part."""
    return self_care == SelfCare.PARTLY.number


@rule(PERSON, CARE, zh="自理能力", since=SINCE, only_where=elderly)
def care_ability(unable_or_demented: Flags, assessed_partly: Flags) -> Codes:
    """How far an old person cares for themselves; dementia counts as unable.

    >>> care_ability(np.array([True, False, False]), np.array([False, True, False])).tolist()
    [2, 1, 0]
    """
    return np.where(unable_or_demented, np.int8(UNABLE), np.int8(PARTLY) * assessed_partly)


def _old_and(name: str, zh: str, meaning: str, *others: AnyRule | str) -> Rule[Any, Flags]:
    return every(name, PERSON, elderly, *others, cites=(CARE,), zh=zh, meaning=meaning, since=SINCE)


rigid_member = every(
    "rigid_member",
    PERSON,
    "rigid_eligible",
    "counted_member",
    cites=(REFORM,),
    zh="刚性支出困难家庭成员",
    meaning="A member who counts of a family with rigid expenditure.",
    since=date(2025, 1, 1),
)
# The opinions also name those watched lest they fall back into poverty (防止返贫监测对象) and others in difficulty; no
# column records them, so they are not found here.
_LOW_INCOME = "Of the population on low incomes: dibao, extreme hardship, edge families"
low_income = either(
    "low_income",
    PERSON,
    "on_dibao",
    "on_tekun",
    "edge_member",
    cites=(REFORM,),
    zh="低收入人口",
    meaning=f"{_LOW_INCOME}.",
    since=SINCE,
)
low_income_from_2025 = either(
    "low_income",
    PERSON,
    "on_dibao",
    "on_tekun",
    "edge_member",
    rigid_member,
    cites=(REFORM,),
    zh="低收入人口",
    meaning=f"{_LOW_INCOME}, and from 2025 families with rigid expenditure.",
    since=date(2025, 1, 1),
)


@rule(PERSON, CARE, zh="残疾一、二级", since=SINCE)
def of_grade_1_or_2(disability_grade: Count) -> Flags:
    """Holds a certificate of grade 1 or 2, as statutes on services mean severe disability (重度残疾)."""
    return (disability_grade == 1) | (disability_grade == 2)


old_on_tekun = _old_and("old_on_tekun", "特困老年人", "An old person in extreme hardship.", "on_tekun")
old_on_dibao = _old_and("old_on_dibao", "低保老年人", "An old person on dibao.", "on_dibao")
old_in_edge = _old_and("old_in_edge", "低保边缘老年人", "An old person of an edge family.", "edge_member")
old_on_low_income = _old_and(
    "old_on_low_income", "低收入老年人", "An old person of the population on low incomes.", "low_income"
)
old_of_special_family = _old_and(
    "old_of_special_family",
    "计划生育特殊家庭老年人",
    "An old person of a family that lost or has a disabled only child.",
    "family_planning_special",
)
living_alone_at_80 = _old_and(
    "living_alone_at_80", "高龄独居老年人", "A person of 80 or over who lives alone.", reached_80, "lives_alone"
)
old_disabled_poor = _old_and(
    "old_disabled_poor",
    "低收入重度残疾老年人",
    "An old, severely disabled person on a low income.",
    "low_income",
    of_grade_1_or_2,
)
old_of_special_family_poor = _old_and(
    "old_of_special_family_poor",
    "低收入计划生育特殊家庭老年人",
    "An old person on a low income of a family that lost or has a disabled only child.",
    "low_income",
    "family_planning_special",
)

STATUSES: dict[ElderStatus, AnyRule] = {
    ElderStatus.EVERYBODY: elderly,
    ElderStatus.TEKUN: old_on_tekun,
    ElderStatus.DIBAO: old_on_dibao,
    ElderStatus.EDGE: old_in_edge,
    ElderStatus.LOW_INCOME: old_on_low_income,
    ElderStatus.FAMILY_PLANNING_SPECIAL: old_of_special_family,
    ElderStatus.LIVING_ALONE_80: living_alone_at_80,
    ElderStatus.SEVERELY_DISABLED_POOR: old_disabled_poor,
    ElderStatus.FAMILY_PLANNING_POOR: old_of_special_family_poor,
}
"""By which rule an old person has each status that a list of groups may name."""

SERVICES = {
    "home_service": ("home_service_groups", "居家上门服务"),
    "canteen": ("canteen_groups", "老年助餐"),
    "home_bed": ("home_bed_groups", "家庭养老床位"),
    "bathing": ("bathing_groups", "助浴服务"),
    "voucher": ("voucher_groups", "养老服务消费券"),
}
"""Each service: the list of groups that it is for, and its Chinese name."""


def _apart(groups: Classes) -> Flags:
    """Say which places' lists name somebody at one ability and not at another."""
    named = groups.table[:, :, : len(ABILITIES)]
    apart: Flags = (named != named[:, :, :1]).any(axis=(1, 2))
    return apart


def _tells_abilities_apart(groups: Classes) -> Flags:
    """The city's list names somebody at one ability and not at another; else no assessment need be asked for."""
    return _apart(groups).take(groups.row)


def _ability_if_asked(care_ability: Codes) -> Codes:
    """How far the person cares for themselves, where the city's list asks."""
    return care_ability


def _named(status: ElderStatus) -> Callable[[Classes, Codes], Flags]:
    def named(groups: Classes, ability: Codes) -> Flags:
        return groups.contain(status.number, ability)

    named.__doc__ = f"The city's list names this status at the person's ability: {status.label_zh}."
    return named


def _routes(service: str, groups: str, zh: str) -> tuple[tuple[AnyRule, ...], Rule[Any, Flags]]:
    """Make the rules that say who is meant by a service's list.

    Two a status: whether the list names it at the person's ability, and whether the person has it too. So a status that
    the list does not name need not be known.
    """
    service_rule = partial(rule, PERSON, CARE, REPORT, since=SINCE)
    asks = service_rule(zh=f"{zh}区分自理能力", name=f"{service}_asks_ability", arguments=(groups,))(
        _tells_abilities_apart
    )
    ability = service_rule(
        zh=f"{zh}所问自理能力", name=f"{service}_ability", only_where=asks, arguments=("care_ability",)
    )(_ability_if_asked)
    made: list[AnyRule] = [asks, ability]
    routes: list[AnyRule] = []
    for status, flag in STATUSES.items():
        named = service_rule(
            zh=f"{zh}名单：{status.label_zh}",
            name=f"{service}_names_{status.value}",
            arguments=(groups, ability.name),
        )(_named(status))
        route = every(
            f"{service}_as_{status.value}",
            PERSON,
            named,
            flag,
            cites=(CARE, REPORT),
            zh=f"{zh}：{status.label_zh}",
            meaning="Has a status that the city's list names, at this ability.",
            since=SINCE,
        )
        made += [named, route]
        routes.append(route)
    listed = either(
        f"{service}_listed" if service == "voucher" else f"{service}_entitled",
        PERSON,
        *routes,
        cites=(CARE, REPORT),
        zh=f"{zh}对象",
        meaning="Is of a group that the city's list names.",
        since=SINCE,
    )
    return tuple(made), listed


_MADE = {service: _routes(service, groups, zh) for service, (groups, zh) in SERVICES.items()}
home_service_entitled = _MADE["home_service"][1]
canteen_entitled = _MADE["canteen"][1]
home_bed_entitled = _MADE["home_bed"][1]
bathing_entitled = _MADE["bathing"][1]
voucher_listed = _MADE["voucher"][1]


@rule(PERSON, REPORT, zh="每餐补贴", since=SINCE, only_where=canteen_entitled, unit=Unit.FEN_ONCE)
def canteen_discount(meal_discount: Fen) -> Fen:
    """The sum that the city pays toward a meal; `civaffairs.schemes.meals` works it out meal by meal."""
    return meal_discount


@rule(PERSON, REPORT, zh="每日补贴餐数", since=SINCE, only_where=canteen_entitled)
def canteen_meals_a_day(meals_a_day: Count) -> Count:
    """How many meals a day the city pays toward."""
    return meals_a_day


@rule(PERSON, CARE, zh="非特困老年人", since=SINCE)
def not_old_on_tekun(old_on_tekun: Flags) -> Flags:
    """Is not an old person in extreme hardship."""
    return ~old_on_tekun


voucher_not_barred = either(
    "voucher_not_barred",
    PERSON,
    not_old_on_tekun,
    "voucher_beside_tekun",
    cites=(CARE,),
    zh="未因特困供养排除",
    meaning="Does not draw extreme-hardship support, or the city gives vouchers beside its care.",
    since=SINCE,
)
voucher_entitled = every(
    "voucher_entitled",
    PERSON,
    voucher_listed,
    voucher_not_barred,
    cites=(CARE,),
    zh="养老服务消费券对象",
    meaning="Is of a group that the city gives vouchers to.",
    since=SINCE,
)


@rule(
    PERSON, CARE, zh="养老服务消费券抵扣", since=SINCE,
    only_where=voucher_entitled, unit=Unit.FEN_MONTH, conventions=("rounding",),
)  # fmt: skip
def home_service_voucher(home_service_bill: Fen, voucher_rate: Rate, voucher_cap: Fen, day: Day) -> Fen:
    """The part of the month's bill that a voucher covers, up to its cap.

    >>> from fractions import Fraction
    >>> half = Rate.stacked([Fraction(1, 2)]).pick(0)
    >>> home_service_voucher(np.array([50_000, 200_000]), half, 80_000, Day(date(2026, 8, 1)))
    array([25000, 80000])
    """
    return np.minimum(voucher_rate.of(home_service_bill, day.conventions.rounding), voucher_cap)


home_bed_household = any_of(
    "home_bed_household",
    home_bed_entitled,
    CARE,
    REPORT,
    zh="家庭养老床位和适老化改造对象家庭",
    meaning="A household with an old person whom home-care beds and adaptations are for; it counts once.",
    since=SINCE,
)
home_beds = count(
    "home_beds",
    home_bed_entitled,
    CARE,
    REPORT,
    zh="家庭养老床位数",
    meaning="How many home-care beds the household has: one for each such person.",
    since=SINCE,
)


adapted_once_is_enough = every(
    "adapted_once_is_enough",
    HOUSEHOLD,
    "already_adapted",
    "adaptation_once_only",
    cites=(REPORT,),
    zh="只改造一次",
    meaning="The dwelling was adapted before, and the city pays for it once only.",
    since=SINCE,
)


@rule(HOUSEHOLD, REPORT, zh="可以改造", since=SINCE)
def may_be_adapted(adapted_once_is_enough: Flags) -> Flags:
    """Nothing paid before stands in the way."""
    return ~adapted_once_is_enough


adaptation_entitled = every(
    "adaptation_entitled",
    HOUSEHOLD,
    home_bed_household,
    "adaptation_consent",
    may_be_adapted,
    cites=(CARE, REPORT),
    zh="适老化改造对象",
    meaning="Such a household, where the dwelling's owner consents and it may be adapted.",
    since=SINCE,
)


@rule(HOUSEHOLD, REPORT, zh="适老化改造补助", since=SINCE, only_where=adaptation_entitled, unit=Unit.FEN_ONCE)
def adaptation_grant(adaptation_quote: Fen, adaptation_cap: Fen) -> Fen:
    """The quote for the works, up to the cap; paid once.

    >>> adaptation_grant(np.array([420_000, 250_000]), np.int64(300_000))
    array([300000, 250000])
    """
    return np.minimum(adaptation_quote, adaptation_cap)


RULES = (
    reached_80,
    assessed_unable,
    unable_or_demented,
    not_unable,
    assessed_partly,
    care_ability,
    rigid_member,
    low_income,
    low_income_from_2025,
    of_grade_1_or_2,
    *(flag for status, flag in STATUSES.items() if status is not ElderStatus.EVERYBODY),
    *(made for routes, entitled in _MADE.values() for made in (*routes, entitled)),
    canteen_discount,
    canteen_meals_a_day,
    not_old_on_tekun,
    voucher_not_barred,
    voucher_entitled,
    home_service_voucher,
    home_bed_household,
    home_beds,
    adapted_once_is_enough,
    may_be_adapted,
    adaptation_entitled,
    adaptation_grant,
)
