"""Children left behind (农村留守儿童) and in distress (困境儿童): who they are, and the duties owed to them."""

from __future__ import annotations

from datetime import date

from civaffairs.law.citation import Citation, document
from civaffairs.people.columns import Level
from civaffairs.people.person import HukouKind, ParentState
from civaffairs.rules.rule import AnyRule, Rule, either, every, rule
from civaffairs.rules.values import Codes, Count, Day, Days, Flags
from civaffairs.schemes.members import minor, under_16
from civaffairs.schemes.severity import has_certificate

MINORS = document("minors-law")
LEFT_BEHIND = document("left-behind-children-opinions")
DISTRESS = Citation(document("children-in-distress-opinions"))

SINCE = date(2021, 7, 1)
PERSON = Level.PERSON
WHO, AT_HOME, REPORT = LEFT_BEHIND.section("一"), LEFT_BEHIND.section("三(一)"), LEFT_BEHIND.section("四(一)")
A_WEEK = 7


@rule(PERSON, MINORS.article(21, paragraph=1), zh="未满八周岁", since=SINCE, conventions=("age_attained", "leap_day"))
def under_8(birth_date: Days, day: Day) -> Flags:
    """Has not reached 8."""
    return ~day.reached(birth_date, 8)


@rule(PERSON, WHO, zh="农村户籍", since=SINCE)
def rural_hukou(hukou_kind: Codes) -> Flags:
    """The household registration is of the country, as the title of the opinions says."""
    return hukou_kind == HukouKind.RURAL.number


def _cannot_guard(parent: str, zh: str) -> tuple[Rule[..., Flags], Rule[..., Flags], AnyRule]:
    """Say of one parent whether the child has no guardian in them: dead, or found unable."""

    def dead(state: Codes) -> Flags:
        return (state == ParentState.DEAD.number) | (state == ParentState.DECLARED_DEAD.number)

    def unable(able_guardian: Flags) -> Flags:
        return ~able_guardian

    dead.__doc__ = f"The {parent} is dead, or declared dead."
    unable.__doc__ = f"The {parent} was found unable to act as guardian."
    is_dead = rule(PERSON, WHO, zh=f"{zh}死亡", since=SINCE, name=f"{parent}_dead", arguments=(f"{parent}_state",))(
        dead
    )
    is_unable = rule(
        PERSON,
        WHO,
        zh=f"{zh}无监护能力（经认定）",
        since=SINCE,
        name=f"{parent}_unable_guardian",
        arguments=(f"{parent}_able_guardian",),
    )(unable)
    without = either(
        f"{parent}_cannot_guard",
        PERSON,
        is_dead,
        is_unable,
        cites=(WHO,),
        zh=f"{zh}无监护能力",
        meaning=f"The {parent} cannot act as guardian.",
        since=SINCE,
    )
    return is_dead, is_unable, without


_MOTHER, _FATHER = _cannot_guard("mother", "母亲"), _cannot_guard("father", "父亲")

both_parents_away = every(
    "both_parents_away",
    PERSON,
    "mother_away",
    "father_away",
    cites=(WHO,),
    zh="父母双方外出务工",
    meaning="Both parents are away for work.",
    since=SINCE,
)
mother_away_alone = every(
    "mother_away_alone",
    PERSON,
    "mother_away",
    "father_cannot_guard",
    cites=(WHO,),
    zh="母亲外出、父亲无监护能力",
    meaning="The mother is away for work and the father cannot act as guardian.",
    since=SINCE,
)
father_away_alone = every(
    "father_away_alone",
    PERSON,
    "father_away",
    "mother_cannot_guard",
    cites=(WHO,),
    zh="父亲外出、母亲无监护能力",
    meaning="The father is away for work and the mother cannot act as guardian.",
    since=SINCE,
)
parents_away = either(
    "parents_away",
    PERSON,
    both_parents_away,
    mother_away_alone,
    father_away_alone,
    cites=(WHO,),
    zh="父母外出",
    meaning="Both parents are away, or one is and the other cannot act as guardian.",
    since=SINCE,
)
left_behind_child = every(
    "left_behind_child",
    PERSON,
    under_16,
    rural_hukou,
    parents_away,
    cites=(WHO,),
    zh="农村留守儿童",
    meaning="A child of the country under 16 whose parents are away for work.",
    since=SINCE,
)

poverty_distress = every(
    "poverty_distress",
    PERSON,
    minor,
    "poverty_hardship",
    cites=(DISTRESS,),
    zh="因家庭贫困的困境儿童",
    meaning="A minor in difficulty in living, medicine or schooling because the family is poor.",
    since=SINCE,
)
disability_distress = every(
    "disability_distress",
    PERSON,
    minor,
    has_certificate,
    cites=(DISTRESS,),
    zh="因自身残疾的困境儿童",
    meaning="A minor with a disability of their own.",
    since=SINCE,
)
guardianship_distress = every(
    "guardianship_distress",
    PERSON,
    minor,
    "guardianship_failing",
    "safety_harmed",
    cites=(DISTRESS,),
    zh="因监护缺失或不当的困境儿童",
    meaning="A minor whose safety is threatened or harmed for want of a guardian, or of a fit one.",
    since=SINCE,
)
distressed_child = either(
    "distressed_child",
    PERSON,
    poverty_distress,
    disability_distress,
    guardianship_distress,
    cites=(DISTRESS,),
    zh="困境儿童",
    meaning="A minor in distress through poverty, disability or guardianship.",
    since=SINCE,
)


@rule(PERSON, MINORS.article(22, paragraph=1), zh="未委托照护", since=SINCE)
def not_entrusted(entrusted_carer: Flags) -> Flags:
    """The parents have not entrusted an adult who is able to care."""
    return ~entrusted_carer


entrustment_missing = every(
    "entrustment_missing",
    PERSON,
    minor,
    parents_away,
    not_entrusted,
    cites=(MINORS.article(22, paragraph=1), AT_HOME),
    zh="应委托而未委托照护",
    meaning="The parents are away and have not entrusted a capable adult, as they must.",
    since=SINCE,
)


@rule(PERSON, MINORS.article(23, paragraph=1), zh="一周以上未联系", since=SINCE)
def out_of_touch(days_since_contact: Count) -> Flags:
    """More than a week has passed since the parents last spoke with the child or the carer."""
    return days_since_contact > A_WEEK


weekly_contact_missed = every(
    "weekly_contact_missed",
    PERSON,
    minor,
    parents_away,
    out_of_touch,
    cites=(MINORS.article(23, paragraph=1),),
    zh="未做到每周联系",
    meaning="The parents are away and have not kept in touch at least once a week.",
    since=SINCE,
)
unattended_under_8 = every(
    "unattended_under_8",
    PERSON,
    under_8,
    "left_unattended",
    cites=(MINORS.article(21, paragraph=1),),
    zh="未满八周岁无人看护",
    meaning="A child under 8 was left without anybody looking after it.",
    since=SINCE,
)
unattended_needing_care = every(
    "unattended_needing_care",
    PERSON,
    minor,
    "needs_long_term_care",
    "left_unattended",
    cites=(MINORS.article(21, paragraph=1),),
    zh="需要特别照顾的未成年人无人看护",
    meaning="A minor of any age who needs special care was left without anybody looking after them.",
    since=SINCE,
)
alone_under_16 = every(
    "alone_under_16",
    PERSON,
    under_16,
    "lives_alone",
    cites=(MINORS.article(21, paragraph=2),),
    zh="未满十六周岁脱离监护单独生活",
    meaning="A child under 16 lives alone, apart from every guardian.",
    since=SINCE,
)
guardian_failing = every(
    "guardian_failing",
    PERSON,
    minor,
    "guardianship_failing",
    cites=(REPORT,),
    zh="监护人丧失监护能力或不履行监护责任",
    meaning="The guardian of a minor is unable or does not act.",
    since=SINCE,
)
minor_harmed = every(
    "minor_harmed",
    PERSON,
    minor,
    "safety_harmed",
    cites=(REPORT,),
    zh="疑似遭受侵害",
    meaning="A minor is suspected to suffer violence, injury or infringement.",
    since=SINCE,
)
report_due = either(
    "report_due",
    PERSON,
    unattended_under_8,
    unattended_needing_care,
    alone_under_16,
    guardian_failing,
    minor_harmed,
    cites=(MINORS.article(11, paragraph=2), REPORT),
    zh="应当强制报告",
    meaning="Schools, hospitals, village committees and others who learn of it must report it at once.",
    since=SINCE,
)

RULES = (
    under_8,
    rural_hukou,
    *_MOTHER,
    *_FATHER,
    both_parents_away,
    mother_away_alone,
    father_away_alone,
    parents_away,
    left_behind_child,
    poverty_distress,
    disability_distress,
    guardianship_distress,
    distressed_child,
    not_entrusted,
    entrustment_missing,
    out_of_touch,
    weekly_contact_missed,
    unattended_under_8,
    unattended_needing_care,
    alone_under_16,
    guardian_failing,
    minor_harmed,
    report_due,
)
