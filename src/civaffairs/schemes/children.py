"""Orphans (孤儿) and de facto unattended children (事实无人抚养儿童): recognition, and the amounts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from civaffairs.law.citation import document
from civaffairs.law.parameters import load_parameters
from civaffairs.money import Fen
from civaffairs.people.columns import Level
from civaffairs.people.person import ParentState, Placement
from civaffairs.rules.rule import Unit, either, every, rule
from civaffairs.rules.values import Codes, Flags
from civaffairs.schemes.members import adult, in_full_time_school, minor

ORPHANS = document("orphan-opinions")
UNATTENDED = document("de-facto-children-opinions")
TEKUN = document("tekun-recognition-measures")

SINCE = date(2021, 7, 1)
PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
institution_orphan_standard = PARAMETERS["institution_orphan_standard"]
scattered_orphan_standard = PARAMETERS["scattered_orphan_standard"]
de_facto_standard = PARAMETERS["de_facto_standard"]
PERSON = Level.PERSON
WHO, HOW_MUCH = UNATTENDED.section("一"), UNATTENDED.section("三(一)")
ORPHAN = ORPHANS.section("一")


def _dead(state: Codes) -> Flags:
    return (state == ParentState.DEAD.number) | (state == ParentState.DECLARED_DEAD.number)


@rule(PERSON, ORPHAN, document("civil-code").article(48), zh="父母均死亡或均查找不到", since=SINCE)
def both_parents_lost(mother_state: Codes, father_state: Codes) -> Flags:
    """Both parents are dead, a court's declaration counting as death, or neither can be found."""
    neither = (mother_state == ParentState.NOT_FOUND.number) & (father_state == ParentState.NOT_FOUND.number)
    return (_dead(mother_state) & _dead(father_state)) | neither


@rule(PERSON, ORPHAN, zh="一方死亡、一方查找不到", since=SINCE)
def one_dead_one_not_found(mother_state: Codes, father_state: Codes) -> Flags:
    """One parent is dead and the other cannot be found: the opinions name the two cases apart."""
    mother = _dead(mother_state) & (father_state == ParentState.NOT_FOUND.number)
    return mother | (_dead(father_state) & (mother_state == ParentState.NOT_FOUND.number))


@rule(PERSON, ORPHAN, zh="一方死亡、一方查找不到按孤儿认定", since=SINCE, only_where=one_dead_one_not_found)
def mixed_loss_counts(mixed_loss_is_orphan: Flags) -> Flags:
    """The place recognises a child in the mixed case as an orphan."""
    return mixed_loss_is_orphan


parents_lost = either(
    "parents_lost",
    PERSON,
    both_parents_lost,
    mixed_loss_counts,
    cites=(ORPHAN,),
    zh="失去父母或查找不到生父母",
    meaning="Has lost both parents, or they cannot be found.",
    since=SINCE,
)


@rule(PERSON, ORPHANS.section("一(四)"), zh="未被收养", since=SINCE)
def not_adopted(placement: Codes) -> Flags:
    """Has not been adopted; adoption ends an orphan's support."""
    return placement != Placement.ADOPTED.number


orphan = every(
    "orphan",
    PERSON,
    minor,
    parents_lost,
    not_adopted,
    cites=(ORPHAN,),
    zh="孤儿",
    meaning="A minor who has lost both parents or whose parents cannot be found.",
    since=SINCE,
)


@rule(PERSON, ORPHANS.section("二(三)"), zh="无父母抚养", since=SINCE)
def raised_without_parents(placement: Codes) -> Flags:
    """Was brought up outside the parents' family."""
    return (placement != Placement.FAMILY.number) & (placement != Placement.ADOPTED.number)


orphan_grown_in_school = every(
    "orphan_grown_in_school",
    PERSON,
    adult,
    in_full_time_school,
    raised_without_parents,
    parents_lost,
    cites=(ORPHANS.section("二(三)"),),
    zh="成年后仍在校就读的孤儿",
    meaning="An orphan who has come of age and is still at school.",
    since=SINCE,
)


@rule(PERSON, ORPHANS.section("二(三)"), zh="成年在校继续享有", since=SINCE, only_where=orphan_grown_in_school)
def continues_in_school(orphan_money_after_18_in_school: Flags) -> Flags:
    """The place goes on paying an orphan's money after 18 while at school."""
    return orphan_money_after_18_in_school


orphan_entitled = either(
    "orphan_entitled",
    PERSON,
    orphan,
    continues_in_school,
    cites=(ORPHANS.section("二(一)"),),
    zh="孤儿基本生活保障对象",
    meaning="Entitled to an orphan's support.",
    since=SINCE,
)


childrens_support_open = either(
    "childrens_support_open",
    PERSON,
    orphan_entitled,
    "de_facto_entitled",
    cites=(TEKUN.article(9),),
    zh="可享受孤儿或事实无人抚养儿童保障",
    meaning="An orphan's support or a de facto unattended child's subsidy is open to the person.",
    since=SINCE,
)
chose_tekun = every(
    "chose_tekun",
    PERSON,
    childrens_support_open,
    "on_tekun",
    cites=(TEKUN.article(9),),
    zh="选择特困供养",
    meaning="Draws extreme-hardship support, on record or newly, where a children's benefit is open as well.",
    since=SINCE,
)


@rule(PERSON, TEKUN.article(9), zh="选择儿童保障或无需选择", since=SINCE)
def keeps_childrens_support(chose_tekun: Flags) -> Flags:
    """Has not given the children's benefits up for extreme-hardship support."""
    return ~chose_tekun


orphan_paid = every(
    "orphan_paid",
    PERSON,
    orphan_entitled,
    keeps_childrens_support,
    cites=(TEKUN.article(9),),
    zh="发放孤儿养育金",
    meaning="Entitled to an orphan's support and has not chosen another.",
    since=SINCE,
)


@rule(PERSON, ORPHANS.section("二(一)"), zh="机构养育", since=SINCE, only_where=orphan_entitled)
def in_institution(placement: Codes) -> Flags:
    """An orphan raised in an institution."""
    return placement == Placement.INSTITUTION.number


@rule(PERSON, ORPHANS.section("一(三)"), zh="家庭寄养", since=SINCE, only_where=orphan_entitled)
def in_foster_care(placement: Codes) -> Flags:
    """An orphan in foster care."""
    return placement == Placement.FOSTER.number


@rule(PERSON, ORPHANS.section("二(一)"), zh="散居", since=SINCE, only_where=orphan_entitled)
def with_relatives(placement: Codes) -> Flags:
    """An orphan raised outside an institution, not in foster care."""
    return (placement == Placement.RELATIVES.number) | (placement == Placement.FAMILY.number)


@rule(
    PERSON,
    ORPHANS.section("二(一)"),
    zh="机构抚养孤儿养育金",
    since=SINCE,
    only_where=in_institution,
    unit=Unit.FEN_MONTH,
)
def institution_orphan_amount(institution_orphan_standard: Fen) -> Fen:
    """The standard of an institution."""
    return institution_orphan_standard


@rule(
    PERSON, ORPHANS.section("一(三)"), zh="寄养孤儿养育金", since=SINCE, only_where=in_foster_care, unit=Unit.FEN_MONTH
)
def foster_orphan_amount(foster_orphan_standard: Fen) -> Fen:
    """The standard of foster care."""
    return foster_orphan_standard


@rule(
    PERSON, ORPHANS.section("二(一)"), zh="散居孤儿养育金", since=SINCE, only_where=with_relatives, unit=Unit.FEN_MONTH
)
def scattered_orphan_amount(scattered_orphan_standard: Fen) -> Fen:
    """The standard of an orphan with relatives, which is below an institution's."""
    return scattered_orphan_standard


@rule(PERSON, ORPHANS.section("二(一)"), zh="孤儿养育金", since=SINCE, unit=Unit.FEN_MONTH)
def orphan_allowance_due(
    institution_orphan_amount: Fen, foster_orphan_amount: Fen, scattered_orphan_amount: Fen
) -> Fen:
    """An orphan's support a month, by where the child is raised, before overlaps."""
    return institution_orphan_amount + foster_orphan_amount + scattered_orphan_amount


@rule(PERSON, WHO, zh="非孤儿", since=SINCE)
def not_orphan(orphan: Flags) -> Flags:
    """Not an orphan, whose benefit is another."""
    return ~orphan


@rule(PERSON, WHO, zh="未失去父母", since=SINCE)
def parents_not_lost(parents_lost: Flags) -> Flags:
    """Has not lost both parents, whose loss makes an orphan."""
    return ~parents_lost


_BOTH = "Both parents live and cannot bring the child up."
both_parents_unable = every(
    "both_parents_unable",
    PERSON,
    "mother_unable",
    "father_unable",
    cites=(WHO,),
    zh="父母双方均符合情形",
    meaning=_BOTH,
    since=SINCE,
)
mother_gone_father_unable = every(
    "mother_gone_father_unable",
    PERSON,
    "mother_gone",
    "father_unable",
    cites=(WHO,),
    zh="母亲死亡或失踪，父亲符合情形",
    meaning="The mother is dead or missing and the father cannot bring the child up.",
    since=SINCE,
)
father_gone_mother_unable = every(
    "father_gone_mother_unable",
    PERSON,
    "father_gone",
    "mother_unable",
    cites=(WHO,),
    zh="父亲死亡或失踪，母亲符合情形",
    meaning="The father is dead or missing and the mother cannot bring the child up.",
    since=SINCE,
)
unattended = either(
    "unattended",
    PERSON,
    both_parents_unable,
    mother_gone_father_unable,
    father_gone_mother_unable,
    cites=(WHO,),
    zh="事实无人抚养情形",
    meaning="Neither parent can bring the child up.",
    since=SINCE,
)
de_facto_child = every(
    "de_facto_child",
    PERSON,
    minor,
    unattended,
    not_orphan,
    not_adopted,
    cites=(WHO,),
    zh="事实无人抚养儿童",
    meaning="A minor whom neither parent can bring up, and who is not an orphan.",
    since=SINCE,
)


de_facto_grown_in_school = every(
    "de_facto_grown_in_school",
    PERSON,
    adult,
    in_full_time_school,
    raised_without_parents,
    unattended,
    parents_not_lost,
    cites=(UNATTENDED.section("三(三)"),),
    zh="成年后仍在校就读的事实无人抚养儿童",
    meaning="A de facto unattended child who has come of age and is still at school.",
    since=SINCE,
)


@rule(PERSON, UNATTENDED.section("三(三)"), zh="成年在校继续享有", since=SINCE, only_where=de_facto_grown_in_school)
def de_facto_continues_in_school(de_facto_money_after_18_in_school: Flags) -> Flags:
    """The place goes on paying a de facto unattended child's subsidy after 18 while at school."""
    return de_facto_money_after_18_in_school


de_facto_entitled = either(
    "de_facto_entitled",
    PERSON,
    de_facto_child,
    de_facto_continues_in_school,
    cites=(HOW_MUCH,),
    zh="事实无人抚养儿童基本生活补贴对象",
    meaning="Entitled to a de facto unattended child's subsidy.",
    since=SINCE,
)


@rule(PERSON, HOW_MUCH, zh="已领特困供养金", since=SINCE, only_where=chose_tekun, unit=Unit.FEN_MONTH)
def tekun_money(tekun_amount: Fen) -> Fen:
    """Extreme-hardship support a month of a child who chose it."""
    return tekun_amount


@rule(
    PERSON,
    HOW_MUCH,
    zh="事实无人抚养儿童基本生活补贴",
    since=date(2022, 10, 1),
    only_where=de_facto_entitled,
    unit=Unit.FEN_MONTH,
)
def de_facto_allowance_due(
    de_facto_standard: Fen,
    dibao_share_after_refusal: Fen,
    single_person_amount: Fen,
    tekun_money: Fen,
    living_subsidy_payable: Fen,
) -> Fen:
    """The standard, topped up from what the child already draws of dibao, extreme hardship and the living subsidy.

    >>> de_facto_allowance_due(np.array([102_200]), 40_500, 0, 0, 0)
    array([61700])
    """
    drawn = dibao_share_after_refusal + single_person_amount + tekun_money + living_subsidy_payable
    return np.maximum(de_facto_standard - drawn, 0)


RULES = (
    both_parents_lost,
    one_dead_one_not_found,
    mixed_loss_counts,
    parents_lost,
    not_adopted,
    orphan,
    raised_without_parents,
    orphan_grown_in_school,
    continues_in_school,
    orphan_entitled,
    childrens_support_open,
    chose_tekun,
    keeps_childrens_support,
    orphan_paid,
    in_institution,
    in_foster_care,
    with_relatives,
    institution_orphan_amount,
    foster_orphan_amount,
    scattered_orphan_amount,
    orphan_allowance_due,
    not_orphan,
    parents_not_lost,
    both_parents_unable,
    mother_gone_father_unable,
    father_gone_mother_unable,
    unattended,
    de_facto_child,
    de_facto_grown_in_school,
    de_facto_continues_in_school,
    de_facto_entitled,
    tekun_money,
    de_facto_allowance_due,
)
