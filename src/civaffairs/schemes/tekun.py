"""Support of persons in extreme hardship (特困人员救助供养, tekun): the tier of care, the amount, and who draws it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen, portion
from civaffairs.people.columns import Level
from civaffairs.people.person import BenefitChoice, SupportMode
from civaffairs.rules.rule import AnyRule, Unit, either, every, first_stated, rule
from civaffairs.rules.values import COMMON_MONTHS, Codes, Count, Day, Flags
from civaffairs.schemes.dibao import A_MONTH, COMMON_YEARS, rural, urban
from civaffairs.schemes.tekun_tests import not_recorded_tekun, tekun_eligible

MEASURES = document("tekun-recognition-measures")
INTERIM = document("social-assistance-measures")
ACT = document("social-assistance-law")

SINCE, ACT_SINCE = date(2021, 7, 1), date(2026, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
tekun_urban_base = PARAMETERS["tekun_urban_base"]
tekun_rural_base = PARAMETERS["tekun_rural_base"]
PERSON = Level.PERSON
BASIC, CARE = INTERIM.article(15, item=1), INTERIM.article(15, item=2)

# How far a person can look after themselves, and what is owed.


@rule(PERSON, MEASURES.article(21), zh="不能达到的自理指标数", since=SINCE)
def failed_items(
    eats_unaided: Flags,
    dresses_unaided: Flags,
    gets_up_unaided: Flags,
    toilets_unaided: Flags,
    walks_unaided: Flags,
    bathes_unaided: Flags,
) -> Count:
    """How many of the six everyday things the person cannot do alone."""
    at_rest = np.int64(0) + ~eats_unaided + ~dresses_unaided + ~gets_up_unaided
    return at_rest + ~toilets_unaided + ~walks_unaided + ~bathes_unaided


TIERS = {
    "able": "具备生活自理能力",
    "partial": "部分丧失生活自理能力",
    "complete": "完全丧失生活自理能力",
}
"""The tiers of care by their codes 0, 1 and 2."""


@rule(PERSON, MEASURES.article(22), zh="生活自理能力档次", since=SINCE)
def care_tier(failed_items: Count) -> Codes:
    """Able (0) with nothing failed, partial loss (1) with one to three failed, complete loss (2) with four or more.

    >>> care_tier(np.array([0, 1, 3, 4, 6]))
    array([0, 1, 1, 2, 2], dtype=int8)
    """
    return np.add(failed_items >= 1, failed_items >= 4, dtype=np.int8)


tekun_reckoned = either(
    "tekun_reckoned",
    PERSON,
    tekun_eligible,
    "recorded_tekun",
    cites=(MEASURES.article(20),),
    zh="按标准计算供养金的人员",
    meaning="Meets the tests, or is on record, which goes on until a decision ends it.",
    since=SINCE,
)
tekun_by_urban_base = every(
    "tekun_by_urban_base",
    PERSON,
    tekun_reckoned,
    urban,
    cites=(MEASURES.article(19),),
    zh="适用城市特困标准",
    meaning="Supported by the urban standard, as the office decides.",
    since=SINCE,
)
tekun_by_rural_base = every(
    "tekun_by_rural_base",
    PERSON,
    tekun_reckoned,
    rural,
    cites=(MEASURES.article(19),),
    zh="适用农村特困标准",
    meaning="Supported by the rural standard, as the office decides.",
    since=SINCE,
)


@rule(
    PERSON,
    INTERIM.article(15),
    zh="城市基本生活标准",
    since=SINCE,
    only_where=tekun_by_urban_base,
    unit=Unit.FEN_COMMON,
)
def tekun_urban_line(tekun_urban_base: Fen) -> Fen:
    """The urban basic living standard, which is published by the month."""
    return tekun_urban_base * COMMON_MONTHS


@rule(
    PERSON,
    INTERIM.article(15),
    zh="农村基本生活标准",
    since=SINCE,
    only_where=tekun_by_rural_base,
    unit=Unit.FEN_COMMON,
)
def tekun_rural_line(tekun_rural_base: Fen) -> Fen:
    """The rural basic living standard, which is published by the year."""
    return tekun_rural_base * COMMON_YEARS


def _care_rules(tier: str, mode: SupportMode) -> tuple[AnyRule, AnyRule]:
    """Who is of a tier and form of support, and the care standard of that cell: no other need be known."""
    number, zh = list(TIERS).index(tier), f"{mode.label_zh}，{TIERS[tier]}"

    def flag(care_tier: Codes, support_mode: Codes) -> Flags:
        return (care_tier == number) & (support_mode == mode.number)

    def amount(standard: Fen) -> Fen:
        return standard * COMMON_MONTHS

    flag.__doc__ = f"In the cell of care {tier!r} with {mode.value} support."
    amount.__doc__ = f"The care standard of tier {tier!r} with {mode.value} support."
    cell = rule(
        PERSON,
        MEASURES.article(20),
        zh=zh,
        since=SINCE,
        name=f"cared_{tier}_{mode.value}",
        only_where=tekun_reckoned,
    )(flag)
    standard = f"tekun_care_{tier}_{mode.value}"
    money = rule(
        PERSON,
        CARE,
        zh=f"照料护理标准（{zh}）",
        since=SINCE,
        name=f"care_{tier}_{mode.value}",
        only_where=cell,
        unit=Unit.FEN_COMMON,
        arguments=(standard,),
    )(amount)
    return cell, money


CARE_BY_CELL = tuple(made for tier in TIERS for mode in SupportMode for made in _care_rules(tier, mode))


@rule(PERSON, CARE, zh="照料护理标准", since=SINCE, unit=Unit.FEN_COMMON)
def care_standard(
    care_able_concentrated: Fen,
    care_able_scattered: Fen,
    care_partial_concentrated: Fen,
    care_partial_scattered: Fen,
    care_complete_concentrated: Fen,
    care_complete_scattered: Fen,
) -> Fen:
    """The care standard of the person's tier and form of support."""
    able = care_able_concentrated + care_able_scattered
    partial = care_partial_concentrated + care_partial_scattered
    return able + partial + care_complete_concentrated + care_complete_scattered


@rule(
    PERSON, INTERIM.article(15), zh="特困供养标准合计", since=SINCE,
    only_where=tekun_reckoned, unit=Unit.FEN_MONTH, conventions=("rounding",),
)  # fmt: skip
def tekun_by_standards(tekun_urban_line: Fen, tekun_rural_line: Fen, care_standard: Fen, day: Day) -> Fen:
    """The basic living standard and the care standard a month; the rural base is of a year, divided once, at the end.

    >>> from datetime import date
    >>> day = Day(date(2026, 8, 1))
    >>> tekun_by_standards(np.array([0]), np.array([884_000]) * COMMON_YEARS, np.array([20_050]) * COMMON_MONTHS, day)
    array([93717])
    """
    return portion(tekun_urban_line + tekun_rural_line + care_standard, A_MONTH, day.conventions.rounding)


@rule(PERSON, INTERIM.article(15), zh="特困供养金", since=SINCE, only_where=tekun_eligible, unit=Unit.FEN_MONTH)
def tekun_due(tekun_by_standards: Fen) -> Fen:
    """What a person who meets the tests is due a month, by the standards alone."""
    return tekun_by_standards


@rule(
    PERSON, ACT.article(17), zh="特困供养金", since=ACT_SINCE, name="tekun_due",
    only_where=tekun_eligible, unit=Unit.FEN_MONTH,
)  # fmt: skip
def tekun_due_by_act(tekun_by_standards: Fen) -> Fen:
    """What a person who meets the tests is due a month, by the standards alone."""
    return tekun_by_standards


# Who draws it: those on record, and those who come new and choose it.


@rule(PERSON, MEASURES.article(10), zh="未申请特困供养", since=SINCE)
def no_choice_told() -> Codes:
    """Nothing is told of a choice: nobody draws this support without having applied for it."""
    return np.int8(BenefitChoice.DIBAO.number)  # type: ignore[return-value]


choice_told = first_stated(
    "choice_told",
    PERSON,
    "benefit_choice",
    no_choice_told,
    cites=(MEASURES.article(10),),
    zh="申请选择",
    meaning="The benefit that the person chose, where several are open.",
    since=SINCE,
    gives="Codes",
)


@rule(PERSON, MEASURES.article(10), zh="选择申请特困供养", since=SINCE)
def applies_for_tekun(choice_told: Codes) -> Flags:
    """Applies for this support; it is given on application, and no choice is made here for anybody."""
    return choice_told == BenefitChoice.TEKUN.number


newly_on_tekun = every(
    "newly_on_tekun",
    PERSON,
    applies_for_tekun,
    not_recorded_tekun,
    tekun_eligible,
    cites=(MEASURES.article(9), MEASURES.article(10)),
    zh="新纳入特困供养",
    meaning="Meets the tests, is not on record, and applies.",
    since=SINCE,
)


@rule(PERSON, MEASURES.article(9), zh="选择儿童保障", since=SINCE)
def applies_for_childrens_support(choice_told: Codes) -> Flags:
    """Chose a children's benefit."""
    return choice_told == BenefitChoice.CHILDREN.number


left_for_childrens_support = every(
    "left_for_childrens_support",
    PERSON,
    "recorded_tekun",
    applies_for_childrens_support,
    "childrens_support_open",
    cites=(MEASURES.article(9),),
    zh="改选儿童保障",
    meaning="On record, but chose the children's benefit that is open, and so is in extreme hardship no more.",
    since=SINCE,
)


@rule(PERSON, MEASURES.article(9), zh="在册特困人员", since=SINCE)
def still_on_record(recorded_tekun: Flags, left_for_childrens_support: Flags) -> Flags:
    """On record, and not gone over to a children's benefit."""
    return recorded_tekun & ~left_for_childrens_support


on_tekun = either(
    "on_tekun",
    PERSON,
    still_on_record,
    newly_on_tekun,
    cites=(MEASURES.article(4), MEASURES.article(17)),
    zh="特困人员",
    meaning="Supported as a person in extreme hardship, on record or coming new.",
    since=SINCE,
)


@rule(PERSON, MEASURES.article(24), zh="不再符合条件", since=SINCE)
def not_tekun_eligible(tekun_eligible: Flags) -> Flags:
    """Does not meet the tests."""
    return ~tekun_eligible


tekun_to_end = every(
    "tekun_to_end",
    PERSON,
    "recorded_tekun",
    not_tekun_eligible,
    cites=(MEASURES.article(24),),
    zh="应当终止供养",
    meaning="On record, but known to meet the tests no more: the office has to look at the case.",
    since=SINCE,
)
decided_or_due = first_stated(
    "decided_or_due",
    PERSON,
    "recorded_tekun_amount",
    tekun_by_standards,
    cites=(MEASURES.article(17),),
    zh="决定的或应发的特困供养金",
    meaning="The amount of the decision, or else what the standards give until the support is ended.",
    since=SINCE,
    gives="Fen",
)


@rule(PERSON, MEASURES.article(17), zh="在册特困供养金", since=SINCE, only_where=still_on_record, unit=Unit.FEN_MONTH)
def tekun_amount_on_record(decided_or_due: Fen) -> Fen:
    """What a person on record is owed a month."""
    return decided_or_due


@rule(PERSON, MEASURES.article(17), zh="新纳入特困供养金", since=SINCE, only_where=newly_on_tekun, unit=Unit.FEN_MONTH)
def tekun_amount_of_new(tekun_due: Fen) -> Fen:
    """What a person who comes new is owed a month."""
    return tekun_due


@rule(PERSON, MEASURES.article(17), zh="特困供养金", since=SINCE, only_where=on_tekun, unit=Unit.FEN_MONTH)
def tekun_amount(tekun_amount_on_record: Fen, tekun_amount_of_new: Fen) -> Fen:
    """What a person in extreme hardship is owed a month."""
    return tekun_amount_on_record + tekun_amount_of_new


RULES = (
    failed_items,
    care_tier,
    tekun_reckoned,
    tekun_by_urban_base,
    tekun_by_rural_base,
    tekun_urban_line,
    tekun_rural_line,
    *CARE_BY_CELL,
    care_standard,
    tekun_by_standards,
    tekun_due,
    tekun_due_by_act,
    no_choice_told,
    choice_told,
    applies_for_tekun,
    newly_on_tekun,
    applies_for_childrens_support,
    left_for_childrens_support,
    still_on_record,
    on_tekun,
    not_tekun_eligible,
    tekun_to_end,
    decided_or_due,
    tekun_amount_on_record,
    tekun_amount_of_new,
    tekun_amount,
)
