"""Dibao when facts change: the grace after taking work, refusal of work, checks of means, supplements for the frail."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from civaffairs.calendar import add_months, add_months_to, days
from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.rules.rule import Unit, any_of, either, every, first_stated, rule
from civaffairs.rules.values import Classes, Codes, Count, Day, Days, Flags, Rate
from civaffairs.schemes.dibao import dibao_assets_met, in_dibao_family
from civaffairs.schemes.members import counted_member, elderly, minor
from civaffairs.schemes.severity import has_certificate
from civaffairs.schemes.single_person import on_dibao

MEASURES = document("dibao-review-measures")
INTERIM = document("social-assistance-measures")
NOTICE = document("backstop-notice")
ELDERLY = document("elderly-rights-law")
ACT = document("social-assistance-law")

SINCE, ACT_SINCE = date(2021, 7, 1), date(2026, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
grace_months = PARAMETERS["grace_months"]
grace_share = PARAMETERS["grace_share"]
refusal_share_kept = PARAMETERS["refusal_share_kept"]
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
GRACE = MEASURES.article(33)
REVIEW = MEASURES.article(31, paragraph=2)
REFUSAL = MEASURES.article(34)
SUPPLEMENT = INTERIM.article(12, paragraph=2)
REFUSALS = 3
NEVER = np.int64(2**30)
MONTHS_AFTER_DEATH = 3


def death_review_due(death: date) -> date:
    """Find the last day on which dibao must be adjusted after the death of a member: three months after it.

    >>> death_review_due(date(2025, 11, 30))
    datetime.date(2026, 2, 28)
    """
    return add_months(death, MONTHS_AFTER_DEATH)


# The grace: dibao goes on for a while after a member took work and lifted the income above the standard.


@rule(HOUSEHOLD, GRACE, zh="无渐退期", since=SINCE)
def no_grace_stated() -> Days:
    """A grace is granted by a decision; where none is stated there is none."""
    return NEVER  # type: ignore[return-value]


grace_begins = first_stated(
    "grace_begins",
    HOUSEHOLD,
    "grace_from",
    no_grace_stated,
    cites=(GRACE,),
    zh="渐退期起始日",
    meaning="The first day of the grace, in days from 1970-01-01; a day far off where none is stated.",
    since=SINCE,
    gives="Days",
)


@rule(HOUSEHOLD, GRACE, zh="人均收入超过标准", since=SINCE)
def above_standard(household_income: Fen, standard: Fen, household_size: Count) -> Flags:
    """Income per head is above the standard (超过: strictly); on it there is no dibao, and by the letter no grace.

    >>> above_standard(np.array([242_999, 243_000, 243_001]), 81_000, 3)
    array([False, False,  True])
    """
    return household_income > standard * household_size


@rule(HOUSEHOLD, GRACE, zh="渐退期已开始", since=SINCE)
def grace_begun(grace_begins: Days, day: Day) -> Flags:
    """The grace has begun."""
    return grace_begins <= days(day.on)


@rule(HOUSEHOLD, GRACE, NOTICE.section("一(三)"), zh="渐退期未满", since=SINCE, only_where=grace_begun)
def grace_not_over(grace_begins: Days, grace_months: Count, day: Day) -> Flags:
    """The months of grace are not over; six months from 1 May end with 31 October.

    >>> first = np.array([days(date(2025, 5, 1))])
    >>> [bool(grace_not_over(first, np.int64(6), Day(on))[0]) for on in (date(2025, 10, 31), date(2025, 11, 1))]
    [True, False]
    """
    return days(day.on) < add_months_to(grace_begins, grace_months)


in_grace = every(
    "in_grace",
    HOUSEHOLD,
    grace_begun,
    above_standard,
    dibao_assets_met,
    grace_not_over,
    cites=(GRACE, NOTICE.section("一(三)")),
    zh="渐退期内",
    meaning="Work has lifted the family above the standard, its assets still pass, and the grace is not over.",
    since=SINCE,
)


@rule(
    HOUSEHOLD, GRACE, zh="渐退期低保金", since=SINCE,
    only_where=in_grace, unit=Unit.FEN_MONTH, conventions=("rounding",),
)  # fmt: skip
def grace_amount(dibao_before_grace: Fen, grace_share: Rate, day: Day) -> Fen:
    """The place's share of what the family drew a month before the grace."""
    return grace_share.of(dibao_before_grace, day.conventions.rounding)


# Refusal of work: three times in a row costs the person's own part, not the family's.


@rule(PERSON, REFUSAL, INTERIM.article(45), zh="未就业", since=SINCE)
def without_work(employed: Flags) -> Flags:
    """Is not employed."""
    return ~employed


@rule(PERSON, REFUSAL, INTERIM.article(45), zh="连续3次拒绝", since=SINCE)
def refused_often(work_refusals: Count) -> Flags:
    """Refused suitable work three times in a row or more, without good reason.

    >>> refused_often(np.array([2, 3, 4]))
    array([False,  True,  True])
    """
    return work_refusals >= REFUSALS


@rule(PERSON, document("minors-law").article(61), zh="已满十六周岁", since=SINCE)
def of_working_age(under_16: Flags) -> Flags:
    """Has reached 16, before which nobody may be employed."""
    return ~under_16


refused_work_three_times = every(
    "refused_work_three_times",
    PERSON,
    of_working_age,
    "able_to_work",
    without_work,
    refused_often,
    cites=(REFUSAL, INTERIM.article(45)),
    zh="有劳动能力未就业、连续3次拒绝就业",
    meaning="Able to work, without work, and refused suitable work three times in a row.",
    since=SINCE,
)
share_cut = every(
    "share_cut",
    PERSON,
    in_dibao_family,
    refused_work_three_times,
    cites=(REFUSAL, INTERIM.article(45)),
    zh="减发或停发本人低保金",
    meaning="Has a part in the family's dibao that is to be reduced or stopped.",
    since=SINCE,
)


@rule(
    PERSON, REFUSAL, zh="拒绝就业后保留的份额", since=SINCE,
    only_where=share_cut, unit=Unit.FEN_MONTH, conventions=("rounding",),
)  # fmt: skip
def share_kept(dibao_share: Fen, refusal_share_kept: Rate, day: Day) -> Fen:
    """What the place leaves of the person's own part; how much, or nothing, is for it to say."""
    return refusal_share_kept.of(dibao_share, day.conventions.rounding)


@rule(PERSON, REFUSAL, INTERIM.article(45), zh="本人低保金份额（拒绝就业后）", since=SINCE, unit=Unit.FEN_MONTH)
def dibao_share_after_refusal(dibao_share: Fen, share_cut: Flags, share_kept: Fen) -> Fen:
    """The person's own part of the family's dibao after refusals of work; the other parts stay as they are."""
    return dibao_share * ~share_cut + share_kept


# Checks of means: once a year, or every half year.

able_member = every(
    "able_member",
    PERSON,
    counted_member,
    "able_to_work",
    cites=(REVIEW,),
    zh="有劳动能力的家庭成员",
    meaning="A member who counts and is able to work.",
    since=SINCE,
)
has_able_member = any_of(
    "has_able_member",
    able_member,
    REVIEW,
    zh="家庭成员有劳动能力",
    meaning="Some member who counts is able to work.",
    since=SINCE,
)
checked_half_yearly = every(
    "checked_half_yearly",
    HOUSEHOLD,
    "irregular_income",
    has_able_member,
    cites=(REVIEW,),
    zh="每半年核查",
    meaning="Income has no fixed source and a member is able to work: the means are checked every half year.",
    since=SINCE,
)


@rule(HOUSEHOLD, REVIEW, zh="核查间隔月数", since=SINCE)
def review_months(checked_half_yearly: Flags, yearly_review_months: Count, half_yearly_review_months: Count) -> Count:
    """Months between two checks of the family's means."""
    return np.where(checked_half_yearly, half_yearly_review_months, yearly_review_months)


@rule(HOUSEHOLD, REVIEW, zh="超过一年未核查", since=SINCE)
def a_year_unchecked(last_review: Days, yearly_review_months: Count, day: Day) -> Flags:
    """The yearly term is over; the corresponding day is still in time (民法典 arts. 201, 202)."""
    return add_months_to(last_review, yearly_review_months) < days(day.on)


@rule(HOUSEHOLD, REVIEW, zh="超过半年未核查", since=SINCE)
def half_a_year_unchecked(last_review: Days, half_yearly_review_months: Count, day: Day) -> Flags:
    """The half-yearly term is over."""
    return add_months_to(last_review, half_yearly_review_months) < days(day.on)


half_yearly_check_missed = every(
    "half_yearly_check_missed",
    HOUSEHOLD,
    half_a_year_unchecked,
    checked_half_yearly,
    cites=(REVIEW,),
    zh="半年核查逾期",
    meaning="To be checked every half year, and was not.",
    since=SINCE,
)
review_overdue = either(
    "review_overdue",
    HOUSEHOLD,
    a_year_unchecked,
    half_yearly_check_missed,
    cites=(REVIEW,),
    zh="核查逾期",
    meaning="The term of the last check is over: a year for every family on record, half a year for some.",
    since=SINCE,
)


# Supplements for persons on dibao whose life stays hard: the texts name four groups, and leave the sums to the place.


@rule(PERSON, MEASURES.article(8, paragraph=1, item=1), MEASURES.article(27), zh="重度残疾人（一、二级）", since=SINCE)
def severe_for_supplement(disability_grade: Count) -> Flags:
    """Severely disabled as the Measures use the word of whoever holds grade 1 or 2."""
    return (disability_grade == 1) | (disability_grade == 2)


@rule(
    PERSON, ACT.article(20), zh="社会救助法所称重度残疾人", since=ACT_SINCE,
    name="severe_for_supplement", only_where=has_certificate,
)  # fmt: skip
def severe_for_supplement_by_act(
    disability_kind: Codes, disability_grade: Count, severe_by_assistance_law: Classes
) -> Flags:
    """Severely disabled in the sense of the Act, which leaves the word open."""
    return severe_by_assistance_law.contain(disability_kind, disability_grade)


elderly_on_dibao = every(
    "elderly_on_dibao",
    PERSON,
    on_dibao,
    elderly,
    cites=(SUPPLEMENT, ELDERLY.article(2)),
    zh="低保老年人",
    meaning="Draws dibao, and is 60 or over.",
    since=SINCE,
)
minor_on_dibao = every(
    "minor_on_dibao",
    PERSON,
    on_dibao,
    minor,
    cites=(SUPPLEMENT,),
    zh="低保未成年人",
    meaning="Draws dibao, and is a minor.",
    since=SINCE,
)
disabled_on_dibao = every(
    "disabled_on_dibao",
    PERSON,
    on_dibao,
    severe_for_supplement,
    cites=(SUPPLEMENT,),
    zh="低保重度残疾人",
    meaning="Draws dibao, and is severely disabled.",
    since=SINCE,
)
ill_on_dibao = every(
    "ill_on_dibao",
    PERSON,
    on_dibao,
    "serious_illness_recognised",
    cites=(SUPPLEMENT,),
    zh="低保重病患者",
    meaning="Draws dibao, and is recognised as seriously ill.",
    since=SINCE,
)
_GROUPS = (elderly_on_dibao, minor_on_dibao, disabled_on_dibao, ill_on_dibao)
_ENTITLED = "Draws dibao, and is old, a minor, severely disabled or seriously ill."
supplement_entitled = either(
    "supplement_entitled",
    PERSON,
    *_GROUPS,
    cites=(SUPPLEMENT,),
    zh="特殊困难补助对象",
    meaning=_ENTITLED,
    since=SINCE,
)
supplement_entitled_by_act = either(
    "supplement_entitled",
    PERSON,
    *_GROUPS,
    cites=(ACT.article(20),),
    zh="特殊困难补助对象",
    meaning=_ENTITLED,
    since=ACT_SINCE,
)


@rule(PERSON, SUPPLEMENT, zh="老年人增发金额", since=SINCE, only_where=elderly_on_dibao, unit=Unit.FEN_MONTH)
def more_for_elderly(supplement_elderly: Fen) -> Fen:
    """The supplement for the old."""
    return supplement_elderly


@rule(PERSON, SUPPLEMENT, zh="未成年人增发金额", since=SINCE, only_where=minor_on_dibao, unit=Unit.FEN_MONTH)
def more_for_minor(supplement_minor: Fen) -> Fen:
    """The supplement for minors."""
    return supplement_minor


@rule(PERSON, SUPPLEMENT, zh="重度残疾人增发金额", since=SINCE, only_where=disabled_on_dibao, unit=Unit.FEN_MONTH)
def more_for_disabled(supplement_disabled: Fen) -> Fen:
    """The supplement for the severely disabled."""
    return supplement_disabled


@rule(PERSON, SUPPLEMENT, zh="重病患者增发金额", since=SINCE, only_where=ill_on_dibao, unit=Unit.FEN_MONTH)
def more_for_ill(supplement_ill: Fen) -> Fen:
    """The supplement for the seriously ill."""
    return supplement_ill


@rule(PERSON, SUPPLEMENT, zh="兼有多类身份", since=SINCE)
def of_several_groups(
    elderly_on_dibao: Flags, minor_on_dibao: Flags, disabled_on_dibao: Flags, ill_on_dibao: Flags
) -> Flags:
    """Is of more than one of the groups; nobody is both old and a minor."""
    by_age = elderly_on_dibao | minor_on_dibao
    return (by_age & disabled_on_dibao) | (by_age & ill_on_dibao) | (disabled_on_dibao & ill_on_dibao)


@rule(PERSON, SUPPLEMENT, zh="增发金额累加", since=SINCE, only_where=of_several_groups)
def supplements_added(supplements_add_up: Flags) -> Flags:
    """Of several groups, in a place where the supplements add up."""
    return supplements_add_up


@rule(PERSON, SUPPLEMENT, zh="特殊困难补助", since=SINCE, only_where=supplement_entitled, unit=Unit.FEN_MONTH)
def supplement_due(
    more_for_elderly: Fen, more_for_minor: Fen, more_for_disabled: Fen, more_for_ill: Fen, supplements_added: Flags
) -> Fen:
    """What is paid a month beside dibao: the sum of the supplements, or the highest of them."""
    added = more_for_elderly + more_for_minor + more_for_disabled + more_for_ill
    by_age, by_health = np.maximum(more_for_elderly, more_for_minor), np.maximum(more_for_disabled, more_for_ill)
    return np.where(supplements_added, added, np.maximum(by_age, by_health))


RULES = (
    no_grace_stated,
    grace_begins,
    above_standard,
    grace_begun,
    grace_not_over,
    in_grace,
    grace_amount,
    without_work,
    refused_often,
    of_working_age,
    refused_work_three_times,
    share_cut,
    share_kept,
    dibao_share_after_refusal,
    able_member,
    has_able_member,
    checked_half_yearly,
    review_months,
    a_year_unchecked,
    half_a_year_unchecked,
    half_yearly_check_missed,
    review_overdue,
    severe_for_supplement,
    severe_for_supplement_by_act,
    elderly_on_dibao,
    minor_on_dibao,
    disabled_on_dibao,
    ill_on_dibao,
    supplement_entitled,
    supplement_entitled_by_act,
    more_for_elderly,
    more_for_minor,
    more_for_disabled,
    more_for_ill,
    of_several_groups,
    supplements_added,
    supplement_due,
)
