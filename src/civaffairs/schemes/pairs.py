"""The table of pairs (待遇叠加): whether any two benefits may both be drawn, by which paper, and what sees to it."""

from __future__ import annotations

from civaffairs.law.citation import Citation, document
from civaffairs.rules.matrix import Pair, Together

GUANGXI = Citation(document("guangxi-disability-subsidies-2022"))
DISABLED = document("disabled-persons-law").article(48)
UNATTENDED = document("de-facto-children-opinions")
ORPHANS = document("orphan-opinions").section("二(一)")
TEKUN = document("tekun-recognition-measures")
INTERIM = document("social-assistance-measures")
MEASURES = document("dibao-review-measures")
ACT = document("social-assistance-law")
ELDERLY = document("elderly-rights-law").article(33, paragraph=2)
SUDDEN = document("temporary-assistance-opinions")

BOTH, NOT_BOTH, CHOOSE, TOP_UP, BY_VALUE, NEVER, OPEN = Together
_ASSISTED = "of those on dibao or in extreme hardship only the spending is looked at"
_NOBODY = "the opinions ask for the hardship and keep nobody out for what else they draw"
_GUIDED = "a reading of the secondary account of Guangxi's rules"
_AGES = "by the ages: one ends at 18 or with school, the other begins at 80"


def _pair(
    first: str,
    second: str,
    how: Together,
    *cites: Citation,
    by: str | tuple[str, ...] = (),
    value: str = "",
    note: str = "",
) -> Pair:
    carried_by = (by,) if isinstance(by, str) else by
    return Pair(first=first, second=second, how=how, cites=cites, carried_by=carried_by, value=value, note=note)


SETTLED = (
    _pair("living_subsidy", "tekun", BY_VALUE, GUANGXI, value="living_with_tekun"),
    _pair("nursing_subsidy", "tekun", BY_VALUE, GUANGXI, value="nursing_with_tekun"),
    _pair("nursing_subsidy", "other_nursing_allowance", BY_VALUE, GUANGXI, value="nursing_with_other_allowance"),
    _pair("living_subsidy", "orphan", BY_VALUE, ORPHANS, value="living_with_orphan"),
    _pair("living_subsidy", "work_injury_care", BY_VALUE, DISABLED, value="living_with_work_injury_care"),
    _pair("nursing_subsidy", "orphan", BY_VALUE, ORPHANS, value="nursing_with_orphan"),
    _pair("nursing_subsidy", "work_injury_care", BY_VALUE, DISABLED, value="nursing_with_work_injury_care"),
    _pair("living_subsidy", "other_living_allowance", BY_VALUE, DISABLED, value="living_with_other_allowance"),
    _pair(
        "old_age",
        "tekun",
        BY_VALUE,
        TEKUN.article(6),
        value="old_age_with_tekun",
        note="it is no income for extreme hardship",
    ),
    _pair("old_age", "living_subsidy", BY_VALUE, ELDERLY, value="old_age_with_living"),
    _pair("old_age", "nursing_subsidy", BY_VALUE, ELDERLY, value="old_age_with_nursing"),
    _pair("dibao", "orphan", BY_VALUE, ORPHANS, value="dibao_with_orphan"),
)
"""Pairs settled amount against amount, in this order; a benefit lost to one is not held against the next."""

RULED = (
    _pair("dibao", "single_person", NOT_BOTH, MEASURES.article(8, paragraph=1), by="not_in_dibao_family"),
    _pair(
        "dibao",
        "tekun",
        NOT_BOTH,
        ACT.article(15, paragraph=2),
        TEKUN.article(27),
        by="not_on_tekun",
        note="a person who meets both chooses",
    ),
    _pair("dibao", "living_subsidy", BOTH, GUANGXI, by="living_by_dibao"),
    _pair("dibao", "nursing_subsidy", BOTH, GUANGXI, note="means are not asked"),
    _pair("dibao", "de_facto_child", TOP_UP, UNATTENDED.section("三(一)"), by="de_facto_allowance_due"),
    _pair(
        "dibao",
        "old_age",
        BY_VALUE,
        MEASURES.article(13),
        by="excluded_old_age_allowance",
        value="old_age_allowance_counted",
        note="both are drawn; whether the allowance is income is not said",
    ),
    _pair(
        "single_person",
        "tekun",
        NOT_BOTH,
        ACT.article(15, paragraph=2),
        TEKUN.article(27),
        by="not_on_tekun",
        note="a person who meets both chooses",
    ),
    _pair("single_person", "living_subsidy", BOTH, GUANGXI, by="living_by_dibao"),
    _pair("single_person", "nursing_subsidy", BOTH, GUANGXI, note="means are not asked"),
    _pair("single_person", "orphan", BY_VALUE, ORPHANS, by="single_person_payable", value="dibao_with_orphan"),
    _pair("single_person", "de_facto_child", TOP_UP, UNATTENDED.section("三(一)"), by="de_facto_allowance_due"),
    _pair(
        "single_person",
        "old_age",
        BY_VALUE,
        MEASURES.article(13),
        by="excluded_old_age_allowance",
        value="old_age_allowance_counted",
        note="both are drawn; whether the allowance is income is not said",
    ),
    _pair("tekun", "orphan", CHOOSE, TEKUN.article(9), by=("chose_tekun", "orphan_paid")),
    _pair(
        "tekun",
        "de_facto_child",
        CHOOSE,
        TEKUN.article(9),
        UNATTENDED.section("三(一)"),
        by=("chose_tekun", "de_facto_allowance_due"),
        note="extreme-hardship support that was chosen and is below the standard is topped up",
    ),
    _pair("living_subsidy", "nursing_subsidy", BOTH, GUANGXI, note=_GUIDED),
    _pair(
        "living_subsidy",
        "de_facto_child",
        TOP_UP,
        UNATTENDED.section("三(一)"),
        by=("living_subsidy_unless_full_recipient", "de_facto_allowance_due"),
        note="who draws the whole of the children's subsidy gets no living subsidy",
    ),
    _pair("nursing_subsidy", "de_facto_child", BOTH, UNATTENDED.section("三(二)")),
    _pair("orphan", "de_facto_child", NOT_BOTH, UNATTENDED.section("一"), by=("not_orphan", "parents_not_lost")),
    _pair("orphan", "old_age", NEVER, ORPHANS, ELDERLY, note=_AGES),
    _pair("de_facto_child", "old_age", NEVER, UNATTENDED.section("一"), ELDERLY, note=_AGES),
    _pair("temporary", "dibao", BOTH, SUDDEN.section("二(二)"), by="temporary_spending_route", note=_ASSISTED),
    _pair(
        "temporary",
        "single_person",
        BOTH,
        SUDDEN.section("二(二)"),
        note="only of a family on dibao are means not asked; that of a person on it alone is looked at as any other",
    ),
    _pair("temporary", "tekun", BOTH, SUDDEN.section("二(二)"), by="temporary_spending_route", note=_ASSISTED),
    *(
        _pair("temporary", other, BOTH, SUDDEN.section("二(一)"), note=_NOBODY)
        for other in ("living_subsidy", "nursing_subsidy", "orphan", "de_facto_child", "old_age")
    ),
)
"""Pairs that a rule of one of the two carries out, or that need nothing done."""

_MORE = (INTERIM.article(12, paragraph=2), ACT.article(20))
_CARE = document("elderly-rights-law").article(37)
_GRACE = MEASURES.article(33)
_TOTAL = ("tekun", "living_subsidy", "nursing_subsidy", "orphan", "de_facto_child", "old_age")
TOLD_APART = (
    _pair("grace", "dibao", NOT_BOTH, _GRACE, by="above_standard"),
    _pair("grace", "single_person", NOT_BOTH, _GRACE, by="not_drawing_in_grace"),
    _pair("supplement", "dibao", BOTH, *_MORE, by="elderly_on_dibao", note="it is paid on top of dibao"),
    _pair("supplement", "single_person", BOTH, *_MORE, by="elderly_on_dibao", note="it is paid on top of dibao"),
    _pair("voucher", "tekun", BY_VALUE, _CARE, by="voucher_not_barred", value="voucher_beside_tekun"),
    *(_pair("grace", other, OPEN, _GRACE) for other in (*_TOTAL, "supplement", "voucher")),
    *(_pair("supplement", other, OPEN, *_MORE) for other in (*_TOTAL, "voucher")),
    *(_pair("voucher", other, OPEN, _CARE) for other in ("dibao", "single_person", *_TOTAL[1:])),
)
"""Pairs with money that stays outside the total, because how it goes with the rest has not been read anywhere."""

PAIRS = (*SETTLED, *RULED, *TOLD_APART)
"""Every row of the table."""
