"""Severe disability: five tests that the law defines, each its own, and three places where it leaves the word open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from civaffairs.law.citation import Citation, document
from civaffairs.law.parameters import load_parameters
from civaffairs.people.columns import Level
from civaffairs.people.person import DisabilityKind
from civaffairs.rules.rule import Rule, either, rule
from civaffairs.rules.values import Classes, Codes, Count, Flags

MEASURES = document("dibao-review-measures")
NOTICE = document("backstop-notice")
ACT = document("social-assistance-law")
UNATTENDED = document("de-facto-children-opinions")
TEKUN = document("tekun-recognition-measures")
GUANGXI = Citation(document("guangxi-disability-subsidies-2022"))

SINCE = date(2021, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
PERSON = Level.PERSON


def intellectual_or_mental(kind: Codes) -> Flags:
    """Say whose certificate is of the intellectual or the mental kind (智力、精神残疾)."""
    return (kind == DisabilityKind.INTELLECTUAL.number) | (kind == DisabilityKind.MENTAL.number)


@rule(PERSON, MEASURES.article(8, paragraph=1, item=1), zh="持有残疾人证", since=SINCE)
def has_certificate(disability_kind: Codes) -> Flags:
    """The person holds a disability certificate."""
    return disability_kind != DisabilityKind.NONE.number


@rule(PERSON, MEASURES.article(8, paragraph=1, item=1), zh="多重残疾三、四级", since=SINCE)
def multiple_at_3_or_4(disability_kind: Codes, disability_grade: Count) -> Flags:
    """The certificate is of multiple disability at grade 3 or 4, and does not show which kinds are in it."""
    return (disability_kind == DisabilityKind.MULTIPLE.number) & (disability_grade >= 3)


@rule(
    PERSON,
    MEASURES.article(8, paragraph=1, item=1),
    zh="多重残疾三级按智力、精神残疾认定",
    since=SINCE,
    only_where=multiple_at_3_or_4,
)
def multiple_counts(multiple_disability_qualifies: Flags) -> Flags:
    """A multiple disability at grade 3 or 4 is taken as an intellectual or mental one."""
    return multiple_disability_qualifies


@rule(PERSON, MEASURES.article(8, paragraph=1, item=1), zh="残疾三级", since=SINCE)
def of_grade_3(disability_grade: Count) -> Flags:
    """The certificate is of grade 3."""
    return disability_grade == 3


@rule(PERSON, MEASURES.article(8, paragraph=1, item=1), zh="多重残疾三级", since=SINCE, only_where=of_grade_3)
def multiple_at_3(multiple_counts: Flags) -> Flags:
    """A multiple disability at grade 3 that is taken as an intellectual or mental one."""
    return multiple_counts


@rule(PERSON, MEASURES.article(8, paragraph=1, item=1), zh="单人保重度残疾（一、二级，智力、精神三级）", since=SINCE)
def plainly_severe_for_single_person(disability_kind: Codes, disability_grade: Count) -> Flags:
    """Grades 1 and 2 of any kind, grade 3 of the intellectual and mental kinds.

    >>> import numpy as np
    >>> physical, mental = DisabilityKind.PHYSICAL.number, DisabilityKind.MENTAL.number
    >>> plainly_severe_for_single_person(np.array([physical, physical, mental, mental]), np.array([2, 3, 3, 4]))
    array([ True, False,  True, False])
    """
    grade_1_or_2 = (disability_grade == 1) | (disability_grade == 2)
    return grade_1_or_2 | (intellectual_or_mental(disability_kind) & (disability_grade == 3))


severe_for_single_person = either(
    "severe_for_single_person",
    PERSON,
    plainly_severe_for_single_person,
    multiple_at_3,
    cites=(MEASURES.article(8, paragraph=1, item=1),),
    zh="单人保所称重度残疾人",
    meaning="Severely disabled in the sense of art. 8(1): may apply alone from an edge family.",
    since=SINCE,
)


def plainly_severe_parent(disability_kind: Codes, disability_grade: Count) -> Flags:
    """Grades 1 and 2 of any kind, grades 3 and 4 of the intellectual and mental kinds.

    >>> import numpy as np
    >>> physical, mental = DisabilityKind.PHYSICAL.number, DisabilityKind.MENTAL.number
    >>> plainly_severe_parent(np.array([physical, physical, mental]), np.array([2, 3, 4]))
    array([ True, False,  True])
    """
    return ((disability_grade >= 1) & (disability_grade <= 2)) | (
        intellectual_or_mental(disability_kind) & (disability_grade >= 3)
    )


@rule(PERSON, TEKUN.article(5, item=3), zh="无劳动能力的残疾等级", since=SINCE)
def unable_to_work_by_disability(disability_kind: Codes, disability_grade: Count) -> Flags:
    """Without ability to work: intellectual or mental of grades 1 to 3, physical of 1 and 2, visual of 1.

    >>> import numpy as np
    >>> visual, physical = DisabilityKind.VISUAL.number, DisabilityKind.PHYSICAL.number
    >>> unable_to_work_by_disability(np.array([visual, visual, physical]), np.array([1, 2, 2]))
    array([ True, False,  True])
    """
    graded = disability_grade >= 1
    mind = intellectual_or_mental(disability_kind) & (disability_grade <= 3)
    limbs = (disability_kind == DisabilityKind.PHYSICAL.number) & (disability_grade <= 2)
    sight = (disability_kind == DisabilityKind.VISUAL.number) & (disability_grade <= 1)
    return graded & (mind | limbs | sight)


@rule(PERSON, TEKUN.article(8, item=4), zh="无履行义务能力的残疾等级", since=SINCE)
def disabled_obligor(disability_kind: Codes, disability_grade: Count) -> Flags:
    """An obligor whose disability may excuse: grades 1 and 2 of any kind, grade 3 intellectual or mental.

    The article says 重度残疾人 (read as grades 1 and 2, as in the review measures of dibao of the same day) and
    names grade 3 of the two kinds.
    """
    return ((disability_grade >= 1) & (disability_grade <= 2)) | (
        intellectual_or_mental(disability_kind) & (disability_grade == 3)
    )


@rule(PERSON, GUANGXI, zh="护理补贴所列残疾类别和等级", since=date(2022, 10, 1))
def of_nursing_class(disability_kind: Codes, disability_grade: Count, nursing_classes: Classes) -> Flags:
    """The certificate is of a kind and grade that the region names for the nursing subsidy."""
    return nursing_classes.contain(disability_kind, disability_grade)


@rule(PERSON, GUANGXI, zh="三、四级智力残疾", since=date(2022, 10, 1))
def intellectual_at_3_or_4(disability_kind: Codes, disability_grade: Count) -> Flags:
    """Intellectual disability of grade 3 or 4, to which a city may extend the nursing subsidy."""
    return (disability_kind == DisabilityKind.INTELLECTUAL.number) & (disability_grade >= 3)


@rule(
    PERSON,
    GUANGXI,
    zh="护理补贴扩大到三、四级智力残疾",
    since=date(2022, 10, 1),
    only_where=intellectual_at_3_or_4,
)
def intellectual_by_extension(nursing_for_intellectual_3_4: Flags) -> Flags:
    """The city has extended the nursing subsidy to intellectual disability of grades 3 and 4."""
    return nursing_for_intellectual_3_4


@rule(PERSON, GUANGXI, zh="多重残疾三、四级按精神残疾认定", since=date(2022, 10, 1), only_where=multiple_at_3_or_4)
def multiple_counts_for_nursing(multiple_disability_for_nursing: Flags) -> Flags:
    """A multiple disability at grade 3 or 4 is taken as a mental one for the nursing subsidy."""
    return multiple_disability_for_nursing


severe_for_nursing = either(
    "severe_for_nursing",
    PERSON,
    of_nursing_class,
    intellectual_by_extension,
    multiple_counts_for_nursing,
    cites=(GUANGXI,),
    zh="护理补贴所称重度残疾人",
    meaning="Severely disabled in the sense of the nursing subsidy.",
    since=date(2022, 10, 1),
)


def _left_open(name: str, values: str, cite: object, since: date, zh: str, meaning: str) -> Rule[..., Flags]:
    """Test a certificate by a list that the text leaves to be given."""

    def by_list(disability_kind: Codes, disability_grade: Count, classes: Classes) -> Flags:
        return classes.contain(disability_kind, disability_grade)

    by_list.__doc__ = meaning
    return rule(
        PERSON,
        cite,  # type: ignore[arg-type]
        zh=zh,
        since=since,
        name=name,
        only_where=has_certificate,
        arguments=("disability_kind", "disability_grade", values),
    )(by_list)


severe_unemployed = _left_open(
    "severe_unemployed",
    "severe_by_2022_notice_unemployed",
    NOTICE.section("一(一)"),
    date(2022, 10, 20),
    "成年无业重度残疾人的残疾",
    "Severely disabled in the sense of the notice's clause on unemployed adults, which leaves the word open.",
)
severe_in_edge_by_notice = _left_open(
    "severe_in_edge_by_notice",
    "severe_by_2022_notice_edge",
    NOTICE.section("一(四)"),
    date(2022, 10, 20),
    "低保边缘家庭重残人员的残疾",
    "Severely disabled in the sense of the notice's clause on edge families, which leaves the word open.",
)
severe_in_edge_by_act = _left_open(
    "severe_in_edge_by_act",
    "severe_by_assistance_law",
    ACT.article(21, paragraph=2),
    date(2026, 7, 1),
    "社会救助法所称重度残疾人",
    "Severely disabled in the sense of the Act's article on edge families, which leaves the word open.",
)

RULES = (
    has_certificate,
    multiple_at_3_or_4,
    multiple_counts,
    of_grade_3,
    multiple_at_3,
    plainly_severe_for_single_person,
    severe_for_single_person,
    unable_to_work_by_disability,
    disabled_obligor,
    of_nursing_class,
    intellectual_at_3_or_4,
    intellectual_by_extension,
    multiple_counts_for_nursing,
    severe_for_nursing,
    severe_unemployed,
    severe_in_edge_by_notice,
    severe_in_edge_by_act,
)
