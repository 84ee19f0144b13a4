"""Dibao for one person alone (单人保): who may apply apart from the family, and what they get."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen, portion
from civaffairs.people.columns import Level
from civaffairs.rules.rule import Unit, either, every, rule
from civaffairs.rules.values import COMMON_MONTHS, Codes, Count, Day, Flags, Scale
from civaffairs.schemes.dibao import A_MONTH, COMMON_YEARS, in_dibao_family, tier_amount
from civaffairs.schemes.edge_family import edge_member
from civaffairs.schemes.income import unemployed_severe_adult
from civaffairs.schemes.members import not_kept_away, not_on_tekun
from civaffairs.schemes.severity import severe_for_single_person, severe_in_edge_by_act, severe_in_edge_by_notice

MEASURES = document("dibao-review-measures")
NOTICE = document("backstop-notice")
ACT = document("social-assistance-law")

SINCE, NOTICE_SINCE, ACT_SINCE = date(2021, 7, 1), date(2022, 10, 20), date(2026, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
single_person_basis = PARAMETERS["single_person_basis"]
BASES = single_person_basis.choices
PERSON = Level.PERSON
ALONE = MEASURES.article(8, paragraph=1)

disabled_in_edge = every(
    "disabled_in_edge",
    PERSON,
    edge_member,
    severe_for_single_person,
    cites=(MEASURES.article(8, paragraph=1, item=1),),
    zh="低保边缘家庭中的重度残疾人",
    meaning="Of an edge family, with a certificate of grade 1 or 2, or of grade 3 intellectual or mental.",
    since=SINCE,
)
ill_in_edge = every(
    "ill_in_edge",
    PERSON,
    edge_member,
    "serious_illness_recognised",
    cites=(MEASURES.article(8, paragraph=1, item=2),),
    zh="低保边缘家庭中的重特大疾病患者",
    meaning="Of an edge family, recognised as seriously ill.",
    since=SINCE,
)


@rule(PERSON, MEASURES.article(8, paragraph=1, item=3), zh="脱离家庭三年以上的宗教教职人员", since=SINCE)
def clergy_apart(clergy_months: Count) -> Flags:
    """Clergy who have lived in a religious place apart from the family for three years, three years included.

    >>> clergy_apart(np.array([35, 36]))
    array([False,  True])
    """
    return clergy_months >= 36


severe_in_edge_under_notice = every(
    "severe_in_edge_under_notice",
    PERSON,
    edge_member,
    severe_in_edge_by_notice,
    cites=(NOTICE.section("一(四)"),),
    zh="低保边缘家庭中的重残人员",
    meaning="Of an edge family, severely disabled as the notice means it.",
    since=NOTICE_SINCE,
)
in_hardship_in_edge = every(
    "in_hardship_in_edge",
    PERSON,
    edge_member,
    "special_hardship_recognised",
    cites=(NOTICE.section("一(四)"),),
    zh="低保边缘家庭中的其他特殊困难人员",
    meaning="Of an edge family, recognised as in special hardship.",
    since=NOTICE_SINCE,
)
in_hardship_in_edge_by_act = every(
    "in_hardship_in_edge",
    PERSON,
    edge_member,
    "special_hardship_recognised",
    cites=(ACT.article(21, paragraph=2),),
    zh="低保边缘家庭中确有特殊困难人员",
    meaning="Of an edge family, recognised as in special hardship: the Act's residual group, a recorded decision.",
    since=ACT_SINCE,
)
severe_in_edge_under_act = every(
    "severe_in_edge_under_act",
    PERSON,
    edge_member,
    severe_in_edge_by_act,
    cites=(ACT.article(21, paragraph=2),),
    zh="低保边缘家庭中的重度残疾人",
    meaning="Of an edge family, severely disabled as the Act means it.",
    since=ACT_SINCE,
)

_ROUTE = "May apply alone, by one of the routes that the law opens."
_FIRST_ROUTES = (disabled_in_edge, ill_in_edge, clergy_apart, "single_person_by_local_rule")
_NOTICE_ROUTES = (unemployed_severe_adult, severe_in_edge_under_notice, in_hardship_in_edge)
may_apply_alone = either(
    "may_apply_alone", PERSON, *_FIRST_ROUTES, cites=(ALONE,), zh="可以单独提出申请", meaning=_ROUTE, since=SINCE
)
may_apply_alone_by_notice = either(
    "may_apply_alone",
    PERSON,
    *_FIRST_ROUTES,
    *_NOTICE_ROUTES,
    cites=(ALONE, NOTICE.section("一(一)"), NOTICE.section("一(四)")),
    zh="可以单独提出申请",
    meaning=_ROUTE,
    since=NOTICE_SINCE,
)
may_apply_alone_by_act = either(
    "may_apply_alone",
    PERSON,
    *_FIRST_ROUTES,
    *_NOTICE_ROUTES,
    severe_in_edge_under_act,
    cites=(ALONE, NOTICE.section("一(一)"), NOTICE.section("一(四)"), ACT.article(21, paragraph=2)),
    zh="可以单独提出申请",
    meaning=_ROUTE,
    since=ACT_SINCE,
)


@rule(PERSON, ALONE, zh="未随家庭享受低保", since=SINCE)
def not_in_dibao_family(in_dibao_family: Flags) -> Flags:
    """Does not already draw dibao with the family."""
    return ~in_dibao_family


@rule(PERSON, ALONE, zh="本人收入低于标准", since=SINCE)
def own_income_met(own_income: Fen, standard: Fen) -> Flags:
    """The person's own income, taken as a household of one, is below the standard."""
    return own_income < standard


@rule(PERSON, MEASURES.article(33), zh="非渐退期低保成员", since=SINCE)
def not_drawing_in_grace(in_grace: Flags, counted_member: Flags) -> Flags:
    """Does not draw the family's dibao in its grace."""
    return ~(in_grace & counted_member)


single_person_eligible = every(
    "single_person_eligible",
    PERSON,
    may_apply_alone,
    own_income_met,
    "own_assets_within_limits",
    not_in_dibao_family,
    not_drawing_in_grace,
    not_on_tekun,
    not_kept_away,
    cites=(ALONE, MEASURES.article(7, paragraph=2, item=2)),
    zh="单人保",
    meaning="May apply alone, and meets the tests of means as a household of one.",
    since=SINCE,
)
on_dibao = either(
    "on_dibao",
    PERSON,
    in_dibao_family,
    single_person_eligible,
    cites=(MEASURES.article(8),),
    zh="低保对象",
    meaning="Draws dibao, with the family or alone.",
    since=SINCE,
)


@rule(PERSON, MEASURES.article(23), zh="单人保按本人差额", since=SINCE, only_where=single_person_eligible)
def single_by_difference(single_person_basis: Codes) -> Flags:
    """The place pays the gap between the person's own income and the standard."""
    return single_person_basis == BASES.index("own_income_difference")


@rule(PERSON, MEASURES.article(23), zh="单人保按全额", since=SINCE, only_where=single_person_eligible)
def single_in_full(single_person_basis: Codes) -> Flags:
    """The place pays the whole standard."""
    return single_person_basis == BASES.index("full_standard")


@rule(PERSON, MEASURES.article(23), zh="单人保按城市分档", since=SINCE, only_where=single_person_eligible)
def single_by_urban_tiers(single_person_basis: Codes, urban: Flags) -> Flags:
    """The place pays by its urban tiers."""
    return urban & (single_person_basis == BASES.index("tiers"))


@rule(PERSON, MEASURES.article(23), zh="单人保按农村分档", since=SINCE, only_where=single_person_eligible)
def single_by_rural_tiers(single_person_basis: Codes, rural: Flags) -> Flags:
    """The place pays by its rural tiers."""
    return rural & (single_person_basis == BASES.index("tiers"))


@rule(
    PERSON, MEASURES.article(23), zh="本人差额", since=SINCE,
    only_where=single_by_difference, unit=Unit.FEN_MONTH, conventions=("rounding",),
)  # fmt: skip
def single_difference(own_income: Fen, standard: Fen, day: Day) -> Fen:
    """The gap between the person's own income and the standard, a month."""
    return portion(np.maximum(standard - own_income, 0), A_MONTH, day.conventions.rounding)


@rule(
    PERSON, MEASURES.article(23), zh="全额标准", since=SINCE,
    only_where=single_in_full, unit=Unit.FEN_MONTH, conventions=("rounding",),
)  # fmt: skip
def single_full_standard(standard: Fen, day: Day) -> Fen:
    """The whole standard, a month."""
    return portion(standard, A_MONTH, day.conventions.rounding)


@rule(
    PERSON,
    MEASURES.article(23),
    zh="城市分档金额（单人）",
    since=SINCE,
    only_where=single_by_urban_tiers,
    unit=Unit.FEN_MONTH,
)
def single_urban_tier(urban_tiers: Scale, own_income: Fen) -> Fen:
    """The amount of the urban tier that the person's own income falls in."""
    return tier_amount(urban_tiers, own_income, np.int64(1), COMMON_MONTHS)  # type: ignore[arg-type]


@rule(
    PERSON,
    MEASURES.article(23),
    zh="农村分档金额（单人）",
    since=SINCE,
    only_where=single_by_rural_tiers,
    unit=Unit.FEN_MONTH,
)
def single_rural_tier(rural_tiers: Scale, own_income: Fen) -> Fen:
    """The amount of the rural tier that the person's own income falls in."""
    return tier_amount(rural_tiers, own_income, np.int64(1), COMMON_YEARS)  # type: ignore[arg-type]


@rule(
    PERSON, MEASURES.article(23), zh="单人保金额", since=SINCE, only_where=single_person_eligible, unit=Unit.FEN_MONTH
)
def single_person_amount(
    single_difference: Fen, single_full_standard: Fen, single_urban_tier: Fen, single_rural_tier: Fen
) -> Fen:
    """What the person is owed a month, on the basis that the place has chosen."""
    return single_difference + single_full_standard + single_urban_tier + single_rural_tier


RULES = (
    disabled_in_edge,
    ill_in_edge,
    clergy_apart,
    severe_in_edge_under_notice,
    in_hardship_in_edge,
    in_hardship_in_edge_by_act,
    severe_in_edge_under_act,
    may_apply_alone,
    may_apply_alone_by_notice,
    may_apply_alone_by_act,
    not_in_dibao_family,
    not_drawing_in_grace,
    own_income_met,
    single_person_eligible,
    on_dibao,
    single_by_difference,
    single_in_full,
    single_by_urban_tiers,
    single_by_rural_tiers,
    single_difference,
    single_full_standard,
    single_urban_tier,
    single_rural_tier,
    single_person_amount,
)
