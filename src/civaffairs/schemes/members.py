"""Who counts as a member of a family that applies (共同生活的家庭成员)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.people.columns import Level
from civaffairs.people.person import Absence, Relation, Schooling
from civaffairs.rules.rule import any_of, count, either, every, rule
from civaffairs.rules.values import Codes, Count, Day, Days, Flags

MEASURES = document("dibao-review-measures")
CIVIL_CODE = document("civil-code")
TEKUN = document("tekun-recognition-measures")
ELDERLY = document("elderly-rights-law")
ORPHANS = document("orphan-opinions").section("一(一)")

SINCE: Final = date(2021, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
PERSON, HOUSEHOLD = Level.PERSON, Level.HOUSEHOLD
AGES = ("age_attained", "leap_day")
MEMBERS = MEASURES.article(7, paragraph=1)


@rule(PERSON, ELDERLY.article(2), zh="六十周岁以上", since=SINCE, conventions=AGES)
def elderly(birth_date: Days, day: Day) -> Flags:
    """Has reached 60, from which the law calls a person old."""
    return day.reached(birth_date, 60)


@rule(PERSON, TEKUN.article(5, item=2), zh="未满十六周岁", since=SINCE, conventions=AGES)
def under_16(birth_date: Days, day: Day) -> Flags:
    """Has not reached 16."""
    return ~day.reached(birth_date, 16)


@rule(PERSON, CIVIL_CODE.article(17), zh="未成年人", since=SINCE, conventions=AGES)
def minor(birth_date: Days, day: Day) -> Flags:
    """Has not completed 18 years."""
    return ~day.reached(birth_date, 18)


@rule(PERSON, CIVIL_CODE.article(17), zh="成年人", since=SINCE, conventions=AGES)
def adult(minor: Flags) -> Flags:
    """Has completed 18 years."""
    return ~minor


@rule(
    PERSON,
    MEASURES.article(7, paragraph=1, item=1),
    MEASURES.article(7, paragraph=1, item=2),
    zh="申请人、配偶、未成年子女",
    since=SINCE,
)
def nearest_family(relation: Codes, minor: Flags) -> Flags:
    """The applicant, the spouse and minor children."""
    couple = (relation == Relation.APPLICANT.number) | (relation == Relation.SPOUSE.number)
    return couple | ((relation == Relation.CHILD.number) & minor)


@rule(PERSON, MEASURES.article(7, paragraph=1, item=3), zh="成年子女", since=SINCE)
def adult_child(relation: Codes, minor: Flags) -> Flags:
    """A child of the applicant who is of age."""
    return (relation == Relation.CHILD.number) & ~minor


@rule(PERSON, MEASURES.article(7, paragraph=1, item=3), zh="全日制本科及以下在校生", since=SINCE)
def in_full_time_school(schooling: Codes) -> Flags:
    """In full-time schooling up to the undergraduate level; postgraduates are outside the words of the clause."""
    return (schooling >= Schooling.COMPULSORY.number) & (schooling <= Schooling.UNDERGRADUATE.number)


@rule(
    PERSON,
    MEASURES.article(7, paragraph=1, item=3),
    zh="已成年但不能独立生活的子女",
    since=SINCE,
    only_where=adult_child,
)
def dependent_adult_child(can_live_independently: Flags, in_full_time_school: Flags) -> Flags:
    """A grown child who cannot live independently, students among them."""
    return ~can_live_independently | in_full_time_school


@rule(PERSON, MEASURES.article(7, paragraph=1, item=4), zh="有法定赡养、扶养、抚养义务关系", since=SINCE)
def under_statutory_duty(relation: Codes) -> Flags:
    """Children, parents and others to whom the law ties a duty of maintenance."""
    own = (relation == Relation.CHILD.number) | (relation == Relation.PARENT.number)
    return own | (relation == Relation.OTHER_OBLIGED.number)


@rule(
    PERSON,
    MEASURES.article(7, paragraph=1, item=4),
    zh="有义务关系并长期共同居住",
    since=SINCE,
    only_where=under_statutory_duty,
)
def obliged_and_living_together(lives_together: Flags) -> Flags:
    """Under a duty of maintenance and living together for the long term."""
    return lives_together


one_of_the_family = either(
    "one_of_the_family",
    PERSON,
    nearest_family,
    dependent_adult_child,
    obliged_and_living_together,
    cites=(MEMBERS,),
    zh="共同生活的家庭成员（排除前）",
    meaning="One of the four kinds of family member of art. 7.",
    since=SINCE,
)


@rule(PERSON, MEASURES.article(7, paragraph=2, item=1), zh="非脱离家庭的宗教教职人员", since=SINCE)
def not_clergy_apart(clergy_months: Count) -> Flags:
    """Not clergy who have lived apart from the family for three years, three years included."""
    return clergy_months < 36


@rule(PERSON, MEASURES.article(7, paragraph=2, item=2), zh="未在监、未强制戒毒、未宣告失踪", since=SINCE)
def not_kept_away(absence: Codes) -> Flags:
    """Not in prison, in compulsory detoxification or declared missing."""
    return absence == Absence.NONE.number


family_member = every(
    "family_member",
    PERSON,
    one_of_the_family,
    not_clergy_apart,
    not_kept_away,
    cites=(MEASURES.article(7),),
    zh="共同生活的家庭成员",
    meaning="A family member living together, as art. 7 counts them.",
    since=SINCE,
)


@rule(PERSON, TEKUN.article(4), zh="非特困人员", since=SINCE)
def not_on_tekun(on_tekun: Flags) -> Flags:
    """Does not draw extreme-hardship support, which is another kind (特困人员)."""
    return ~on_tekun


@rule(PERSON, ORPHANS, zh="由亲属抚养的未成年人", since=SINCE)
def child_of_others(relation: Codes, minor: Flags) -> Flags:
    """A minor neither applying nor the applicant's child, and so perhaps an orphan with relatives."""
    return minor & ((relation == Relation.OTHER_OBLIGED.number) | (relation == Relation.OTHER.number))


orphan_in_family = every(
    "orphan_in_family",
    PERSON,
    child_of_others,
    "orphan_paid",
    cites=(ORPHANS,),
    zh="家庭抚养的孤儿",
    meaning="An orphan with an orphan's support, brought up by the family.",
    since=SINCE,
)


@rule(PERSON, ORPHANS, zh="孤儿不计入家庭人口", since=SINCE, only_where=orphan_in_family)
def orphan_left_out(orphan_member_counted: Flags) -> Flags:
    """The place does not count an orphan in the relatives' family; no national text says."""
    return ~orphan_member_counted


@rule(PERSON, ORPHANS, zh="非不计入的孤儿", since=SINCE)
def not_left_out_orphan(orphan_left_out: Flags) -> Flags:
    """Not an orphan whom the place leaves out of the relatives' family."""
    return ~orphan_left_out


counted_member = every(
    "counted_member",
    PERSON,
    family_member,
    not_on_tekun,
    not_left_out_orphan,
    cites=(MEASURES.article(7),),
    zh="计入人口的家庭成员",
    meaning="A member who counts when income is divided by heads.",
    since=SINCE,
)
household_size = count(
    "household_size", counted_member, MEASURES.article(7), zh="家庭人口", meaning="How many members count.", since=SINCE
)

tekun_member = every(
    "tekun_member",
    PERSON,
    family_member,
    "on_tekun",
    cites=(TEKUN.article(4),),
    zh="家庭中的特困人员",
    meaning="A family member who draws extreme-hardship support.",
    since=SINCE,
)
has_tekun_member = any_of(
    "has_tekun_member",
    tekun_member,
    TEKUN.article(4),
    zh="家庭有特困人员",
    meaning="The family has such a member.",
    since=SINCE,
)


@rule(HOUSEHOLD, TEKUN.article(27), zh="除特困人员外有其他成员", since=SINCE)
def tekun_and_others(has_tekun_member: Flags, household_size: Count) -> Flags:
    """The family has a member in extreme hardship and others besides."""
    return has_tekun_member & (household_size > 0)


@rule(HOUSEHOLD, TEKUN.article(27), zh="因特困成员不能申请", since=SINCE, only_where=tekun_and_others)
def barred_by_tekun_member(tekun_member_left_out: Flags) -> Flags:
    """A family with a member in extreme hardship cannot be assessed without that member."""
    return ~tekun_member_left_out


@rule(HOUSEHOLD, MEASURES.article(7), zh="可作为一个家庭申请", since=SINCE)
def can_apply(household_size: Count, barred_by_tekun_member: Flags) -> Flags:
    """There is a member who counts, and nothing keeps the family from applying as one."""
    return (household_size > 0) & ~barred_by_tekun_member


RULES = (
    elderly,
    under_16,
    minor,
    adult,
    nearest_family,
    adult_child,
    in_full_time_school,
    dependent_adult_child,
    under_statutory_duty,
    obliged_and_living_together,
    one_of_the_family,
    not_clergy_apart,
    not_kept_away,
    family_member,
    not_on_tekun,
    child_of_others,
    orphan_in_family,
    orphan_left_out,
    not_left_out_orphan,
    counted_member,
    household_size,
    tekun_member,
    has_tekun_member,
    tekun_and_others,
    barred_by_tekun_member,
    can_apply,
)
