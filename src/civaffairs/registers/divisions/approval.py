"""Who approves a change of a division (行政区划变更): the table of arts. 6 to 10 of the regulation, and the papers."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document

REGULATION = document("divisions-regulation")


class ChangeKind(Labelled):
    """What changes. What makes a change of boundary major the regulation does not say: the caller does."""

    ESTABLISH = ("establish", "设立")
    ABOLISH = ("abolish", "撤销")
    RENAME = ("rename", "更名")
    AFFILIATION = ("affiliation", "隶属关系变更")
    BOUNDARY_MAJOR = ("boundary_major", "行政区域界线重大变更")
    BOUNDARY_MINOR = ("boundary_minor", "部分行政区域界线变更")
    SEAT = ("seat", "人民政府驻地迁移")
    SHORT_NAME_OR_ORDER = ("short_name_or_order", "简称、排列顺序变更")


class ChangeLevel(Labelled):
    """What sort of division changes, as arts. 6 to 10 tell them apart."""

    PROVINCE = ("province", "省、自治区、直辖市")
    AUTONOMOUS_PREFECTURE = ("autonomous_prefecture", "自治州")
    CITY_WITH_DISTRICTS = ("city_with_districts", "设区的市")
    CITY_WITHOUT_DISTRICTS = ("city_without_districts", "不设区的市")
    DISTRICT = ("district", "市辖区")
    COUNTY = ("county", "县")
    AUTONOMOUS_COUNTY = ("autonomous_county", "自治县")
    TOWNSHIP = ("township", "乡、民族乡、镇")
    BRANCH_OFFICE = ("branch_office", "派出机关")
    """A street office and the like (街道)."""


class Authority(Labelled):
    """Who approves."""

    NATIONAL_CONGRESS = ("national_congress", "全国人民代表大会")
    STATE_COUNCIL = ("state_council", "国务院")
    PROVINCE = ("province", "省、自治区、直辖市人民政府")
    WHO_ESTABLISHED_IT = ("who_established_it", "批准设立该派出机关的人民政府")


class Paper(Labelled):
    """The papers of an application (art. 13), in its order."""

    APPLICATION = ("application", "申请书")
    BACKGROUND = ("background", "基本情况")
    RISK_ASSESSMENT = ("risk_assessment", "风险评估报告")
    EXPERT_REPORT = ("expert_report", "专家论证报告")
    OPINIONS = ("opinions", "征求社会公众等意见的情况")
    MAPS = ("maps", "变更前的行政区划图和变更方案示意图")
    OTHER = ("other", "国务院民政部门规定应当提交的其他材料")


@attrs.frozen(kw_only=True)
class Approval:
    """Who approves a change.

    Attributes
    ----------
    authority
        Who; ``None`` where the regulation does not say.
    cite
        The article and item, or the regulation as a whole.
    filed
        Whether the approval is filed (备案) with the State Council at once (art. 8), at the ministry (art. 12).
    """

    authority: Authority | None
    cite: Citation
    filed: bool = False


def approving_authority(kind: ChangeKind, level: ChangeLevel, *, sensitive: bool = False) -> Approval:
    """Say who approves a change.

    Parameters
    ----------
    kind, level
        What changes, and of what sort of division.
    sensitive
        Whether it touches a coastline, an island, an important border place, a lake, a place of important resources
        or one of a special situation: then changes of affiliation and boundary are the State Council's (art. 7(4)).

    Returns
    -------
    Approval
        Without an authority where the regulation names none, as for the establishment of a street office.

    Examples
    --------
    >>> found = approving_authority(ChangeKind.ESTABLISH, ChangeLevel.CITY_WITHOUT_DISTRICTS)
    >>> found.authority.label_zh, found.cite.zh
    ('国务院', '《行政区划管理条例》第七条第二项')
    >>> approving_authority(ChangeKind.SEAT, ChangeLevel.COUNTY).filed
    True
    """
    if sensitive and kind in _TERRITORY:
        return Approval(authority=Authority.STATE_COUNCIL, cite=REGULATION.article(7, item=4))
    for kinds, levels, approval in _TABLE:
        if kind in kinds and level in levels:
            return approval
    return Approval(authority=None, cite=Citation(REGULATION))


def missing_papers(handed_in: Collection[Paper]) -> tuple[Paper, ...]:
    """List the papers of art. 13 that are not there, in its order.

    What else the ministry asks for (item 7) is not known here: who has made sure that there is nothing counts it as
    handed in.

    Examples
    --------
    >>> [paper.label_zh for paper in missing_papers(set(Paper) - {Paper.EXPERT_REPORT, Paper.MAPS})]
    ['专家论证报告', '变更前的行政区划图和变更方案示意图']
    """
    return tuple(paper for paper in Paper if paper not in handed_in)


_EXISTENCE = {ChangeKind.ESTABLISH, ChangeKind.ABOLISH, ChangeKind.RENAME}
_BOUNDARY = {ChangeKind.BOUNDARY_MAJOR, ChangeKind.BOUNDARY_MINOR}
_TERRITORY = {ChangeKind.AFFILIATION, *_BOUNDARY}
_AUTONOMOUS = {ChangeLevel.AUTONOMOUS_PREFECTURE, ChangeLevel.AUTONOMOUS_COUNTY}
_CITIES = {ChangeLevel.CITY_WITH_DISTRICTS, ChangeLevel.CITY_WITHOUT_DISTRICTS}
_PLAIN = {ChangeLevel.COUNTY, ChangeLevel.DISTRICT, *_CITIES}


def _approval(authority: Authority, article: int, item: int | None = None, *, filed: bool = False) -> Approval:
    return Approval(authority=authority, cite=REGULATION.article(article, item=item), filed=filed)


_TABLE: tuple[tuple[set[ChangeKind], set[ChangeLevel], Approval], ...] = (
    (_EXISTENCE, {ChangeLevel.PROVINCE}, _approval(Authority.NATIONAL_CONGRESS, 6)),
    (
        {*_BOUNDARY, ChangeKind.SEAT, ChangeKind.SHORT_NAME_OR_ORDER},
        {ChangeLevel.PROVINCE},
        _approval(Authority.STATE_COUNCIL, 7, 1),
    ),
    ({*_EXISTENCE, ChangeKind.AFFILIATION}, {*_AUTONOMOUS, *_PLAIN}, _approval(Authority.STATE_COUNCIL, 7, 2)),
    (
        {ChangeKind.SEAT},
        {*_AUTONOMOUS, ChangeLevel.CITY_WITH_DISTRICTS},
        _approval(Authority.STATE_COUNCIL, 7, 2),
    ),
    (_BOUNDARY, _AUTONOMOUS, _approval(Authority.STATE_COUNCIL, 7, 3)),
    ({ChangeKind.BOUNDARY_MAJOR}, _PLAIN, _approval(Authority.STATE_COUNCIL, 7, 3)),
    ({ChangeKind.BOUNDARY_MINOR}, _PLAIN, _approval(Authority.PROVINCE, 8, filed=True)),
    (
        {ChangeKind.SEAT},
        {ChangeLevel.COUNTY, ChangeLevel.DISTRICT, ChangeLevel.CITY_WITHOUT_DISTRICTS},
        _approval(Authority.PROVINCE, 8, filed=True),
    ),
    ({*_EXISTENCE, *_BOUNDARY, ChangeKind.SEAT}, {ChangeLevel.TOWNSHIP}, _approval(Authority.PROVINCE, 9)),
    (
        {ChangeKind.ABOLISH, ChangeKind.RENAME, ChangeKind.SEAT, *_BOUNDARY},
        {ChangeLevel.BRANCH_OFFICE},
        _approval(Authority.WHO_ESTABLISHED_IT, 10),
    ),
)
