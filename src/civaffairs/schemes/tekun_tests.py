"""Who is in extreme hardship (特困人员认定): of the groups, unable to work, with nothing to live on, nobody able."""

from __future__ import annotations

from datetime import date

import numpy as np

from civaffairs.law.citation import document
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.people.person import Absence, Schooling
from civaffairs.rules.rule import Unit, either, every, rule
from civaffairs.rules.values import Codes, Count, Flags
from civaffairs.schemes.income import per_common_months
from civaffairs.schemes.members import adult, elderly, minor, under_16
from civaffairs.schemes.severity import has_certificate, unable_to_work_by_disability

MEASURES = document("tekun-recognition-measures")
INTERIM = document("social-assistance-measures")
ACT = document("social-assistance-law")

SINCE, ACT_SINCE = date(2021, 7, 1), date(2026, 7, 1)
PERSON = Level.PERSON
WHO, WHO_BY_ACT = INTERIM.article(14), ACT.article(16, paragraph=1)
AT_SCHOOL = ACT.article(16, paragraph=3)
INCOME = MEASURES.article(6)

# Whom it is for: the old, the disabled, minors.


@rule(PERSON, MEASURES.article(5, item=2), zh="16、17周岁", since=SINCE)
def of_16_or_17(minor: Flags, under_16: Flags) -> Flags:
    """A minor who has completed 16 years."""
    return minor & ~under_16


@rule(PERSON, MEASURES.article(4), zh="义务教育或高中阶段在校", since=SINCE)
def in_school_before_university(schooling: Codes) -> Flags:
    """In compulsory or senior secondary schooling, vocational schools included."""
    return (schooling == Schooling.COMPULSORY.number) | (schooling == Schooling.SENIOR_SECONDARY.number)


on_record_at_16 = every(
    "on_record_at_16",
    PERSON,
    of_16_or_17,
    "recorded_tekun",
    cites=(MEASURES.article(4),),
    zh="在册的16、17周岁未成年人",
    meaning="A minor of 16 or 17 who is on record.",
    since=SINCE,
)
on_record_at_school = every(
    "on_record_at_school",
    PERSON,
    adult,
    "recorded_tekun",
    in_school_before_university,
    cites=(MEASURES.article(4),),
    zh="在册且年满18周岁后仍在校",
    meaning="Of age, on record, and still at school below the university.",
    since=SINCE,
)
grown_on_record = either(
    "grown_on_record",
    PERSON,
    on_record_at_16,
    on_record_at_school,
    cites=(MEASURES.article(4),),
    zh="在册的未成年人（已满16周岁）",
    meaning="A child on record who has grown past 16, or past 18 while at school.",
    since=SINCE,
)


@rule(
    PERSON, MEASURES.article(4), zh="在册未成年人继续供养", since=SINCE,
    name="kept_though_grown", only_where=grown_on_record,
)  # fmt: skip
def kept_as_the_place_reads_it(tekun_minor_kept_on_record: Flags) -> Flags:
    """Kept on, as the place reads the measures: the copy read says nothing of children who grow up on record."""
    return tekun_minor_kept_on_record


@rule(PERSON, AT_SCHOOL, zh="在册未成年人继续供养", since=ACT_SINCE)
def kept_though_grown(grown_on_record: Flags) -> Flags:
    """Kept on: the Act goes on to 18, and beyond while at school below the university."""
    return grown_on_record


_GROUP = "Old, disabled or a minor: one of those whom the support is for."
tekun_group = either(
    "tekun_group",
    PERSON,
    elderly,
    under_16,
    has_certificate,
    kept_as_the_place_reads_it,
    cites=(WHO, MEASURES.article(4)),
    zh="老年人、残疾人、未满16周岁的未成年人",
    meaning=_GROUP,
    since=SINCE,
)
tekun_group_by_act = either(
    "tekun_group",
    PERSON,
    elderly,
    minor,
    has_certificate,
    kept_though_grown,
    cites=(ACT.article(16), MEASURES.article(4)),
    zh="老年人、未成年人、残疾人",
    meaning=_GROUP,
    since=ACT_SINCE,
)

# The first test: no ability to work (无劳动能力).


@rule(PERSON, MEASURES.article(4), zh="非在册特困人员", since=SINCE)
def not_recorded_tekun(recorded_tekun: Flags) -> Flags:
    """Not on record as in extreme hardship."""
    return ~recorded_tekun


@rule(PERSON, MEASURES.article(5, item=3), zh="非无劳动能力的残疾等级", since=SINCE)
def not_unable_by_disability(unable_to_work_by_disability: Flags) -> Flags:
    """No disability by which the measures take a person to be unable to work."""
    return ~unable_to_work_by_disability


new_at_16 = every(
    "new_at_16",
    PERSON,
    of_16_or_17,
    not_recorded_tekun,
    not_unable_by_disability,
    cites=(WHO_BY_ACT, MEASURES.article(5)),
    zh="新申请的16、17周岁未成年人",
    meaning="A minor of 16 or 17 who comes new: of the Act's group, but not of the measures' list.",
    since=ACT_SINCE,
)


@rule(
    PERSON,
    WHO_BY_ACT,
    MEASURES.article(5),
    zh="新申请的16、17周岁未成年人视为无劳动能力",
    since=ACT_SINCE,
    only_where=new_at_16,
)
def taken_as_unable_at_16(tekun_at_16_unable_to_work: Flags) -> Flags:
    """Taken to be unable to work at 16 or 17, where the place reads the Act so."""
    return tekun_at_16_unable_to_work


_UNABLE = "Without ability to work: old, young, disabled, or as the region adds."
_UNABLE_ROUTES = (elderly, under_16, unable_to_work_by_disability, "unable_to_work_by_local_rule")
tekun_unable_to_work = either(
    "tekun_unable_to_work",
    PERSON,
    *_UNABLE_ROUTES,
    kept_as_the_place_reads_it,
    cites=(MEASURES.article(5),),
    zh="无劳动能力",
    meaning=_UNABLE,
    since=SINCE,
)
tekun_unable_to_work_by_act = either(
    "tekun_unable_to_work",
    PERSON,
    *_UNABLE_ROUTES,
    kept_though_grown,
    taken_as_unable_at_16,
    cites=(MEASURES.article(5), ACT.article(16)),
    zh="无劳动能力",
    meaning=_UNABLE,
    since=ACT_SINCE,
)

# The second test: nothing to live on (无生活来源).


@rule(PERSON, INCOME, zh="领有社会救助款物", since=SINCE)
def receives_assistance(assistance_income: Fen) -> Flags:
    """Some of the transfers received is social assistance."""
    return assistance_income > 0


@rule(PERSON, INCOME, zh="不计入的社会救助款物", since=SINCE, only_where=receives_assistance)
def assistance_left_out(assistance_income: Fen, assistance_counted_for_tekun: Flags) -> Fen:
    """Social assistance received, where the place does not count it; art. 6 is silent on it."""
    return assistance_income * ~assistance_counted_for_tekun


@rule(PERSON, INCOME, zh="转移净收入（特困）", since=SINCE, unit=Unit.FEN_COMMON)
def tekun_transfers(
    transfer_income: Fen,
    basic_pension: Fen,
    medical_insurance_income: Fen,
    honour_pension_income: Fen,
    old_age_allowance_income: Fen,
    assistance_left_out: Fen,
    transfer_paid: Fen,
    transfer_months: Count,
) -> Fen:
    """Transfers less those that art. 6 leaves out, the basic pension without limit of time, and less what is paid.

    >>> from civaffairs.rules.values import COMMON_MONTHS
    >>> tekun_transfers(np.array([100_000]), 12_000, 0, 0, 5_000, 0, 3_000, np.array([1])) // COMMON_MONTHS
    array([80000])
    """
    left_out = basic_pension + medical_insurance_income + honour_pension_income + old_age_allowance_income
    return per_common_months(transfer_income - left_out - assistance_left_out - transfer_paid, transfer_months)


@rule(PERSON, INCOME, zh="本人收入（特困）", since=SINCE, unit=Unit.FEN_COMMON)
def tekun_income(net_wages: Fen, net_business_income: Fen, net_property_income: Fen, tekun_transfers: Fen) -> Fen:
    """The person's own income of all four kinds, never below nought; nothing is deducted for illness here."""
    return np.maximum(net_wages + net_business_income + net_property_income + tekun_transfers, 0)


@rule(PERSON, INCOME, zh="本人收入低于低保标准", since=SINCE)
def tekun_income_met(tekun_income: Fen, standard: Fen) -> Flags:
    """The own income is below the local minimum living standard (低于: strictly).

    >>> tekun_income_met(np.array([80_999, 81_000]), 81_000)
    array([ True, False])
    """
    return tekun_income < standard


# The third test, that nobody bound to support them can, is found by the office: see `civaffairs.schemes.obligors`.


@rule(PERSON, MEASURES.article(24, item=1), MEASURES.article(24, item=3), zh="未在监、未被宣告失踪", since=SINCE)
def not_away_from_support(absence: Codes) -> Flags:
    """Not in prison or declared missing, which end the support, nor in compulsory detoxification.

    Art. 24 does not name detoxification. The State keeps a person there as in prison, so it is read alike.
    """
    return absence == Absence.NONE.number


_ELIGIBLE = "One of the groups, unable to work, with nothing to live on and nobody able to support them."
_TESTS = (
    tekun_group,
    tekun_unable_to_work,
    tekun_income_met,
    "tekun_assets_within_limits",
    "no_able_obligor",
    not_away_from_support,
)
tekun_eligible = every(
    "tekun_eligible",
    PERSON,
    *_TESTS,
    cites=(WHO, MEASURES.article(4)),
    zh="符合特困供养条件",
    meaning=_ELIGIBLE,
    since=SINCE,
)
tekun_eligible_by_act = every(
    "tekun_eligible",
    PERSON,
    *_TESTS,
    cites=(WHO_BY_ACT, MEASURES.article(4)),
    zh="符合特困供养条件",
    meaning=_ELIGIBLE,
    since=ACT_SINCE,
)

RULES = (
    of_16_or_17,
    in_school_before_university,
    on_record_at_16,
    on_record_at_school,
    grown_on_record,
    kept_as_the_place_reads_it,
    kept_though_grown,
    tekun_group,
    tekun_group_by_act,
    not_recorded_tekun,
    not_unable_by_disability,
    new_at_16,
    taken_as_unable_at_16,
    tekun_unable_to_work,
    tekun_unable_to_work_by_act,
    receives_assistance,
    assistance_left_out,
    tekun_transfers,
    tekun_income,
    tekun_income_met,
    not_away_from_support,
    tekun_eligible,
    tekun_eligible_by_act,
)
